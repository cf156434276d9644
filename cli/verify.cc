#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "cli/terminal.h"
#include "cli/verbs.h"
#include "cli/verify_folder.h"

namespace stagecraft::cli {
namespace {

using runtime::Report;

std::string Counted(std::uint64_t count, const char* what) { return fmt::format("{} {}{}", count, what, count == 1 ? "" : "s"); }

std::string Looked(const Report& report) {
  return fmt::format("{}, {}, {}", Counted(static_cast<std::uint64_t>(report.records), "record"), Counted(report.contacts, "contact"),
                     Counted(report.revisions, "revision"));
}

void PrintText(const Report& report) {
  for (const runtime::Finding& finding : report.findings())
    PrintLine(stdout, fmt::format("{}: {}", NameOf(finding.invariant), finding.what));
  const std::size_t left_out = report.count() - report.findings().size();
  if (left_out != 0) PrintLine(stdout, fmt::format("and {} more", left_out));
  for (const std::string& note : report.notes()) PrintNote(note);
  if (report.IsClean()) {
    PrintLine(stdout, "clean: " + Looked(report));
  } else {
    PrintError(fmt::format("{} in {}", Counted(report.count(), "finding"), Looked(report)),
               "stop using the folder, keep a copy of it as it is, and restore the newest backup that is clean");
  }
}

void PrintJson(const Report& report) {
  auto findings = nlohmann::ordered_json::array();
  for (const runtime::Finding& finding : report.findings()) {
    findings.push_back({{"invariant", NameOf(finding.invariant)}, {"message", finding.what}});
  }
  const nlohmann::ordered_json out = {{"clean", report.IsClean()},    {"findings", findings},      {"findingCount", report.count()},
                                      {"notes", report.notes()},      {"records", report.records}, {"contacts", report.contacts},
                                      {"revisions", report.revisions}};
  fmt::print("{}\n", out.dump(2, ' ', false, nlohmann::ordered_json::error_handler_t::replace));
}

}  // namespace

int Verify(const VerifyOptions& options) {
  const auto report = VerifyFolder(options.data);
  if (!report) {
    PrintError(report.error().message);
    return kFailed;
  }
  options.json ? PrintJson(*report) : PrintText(*report);
  return report->IsClean() ? kDone : kFound;
}

}  // namespace stagecraft::cli
