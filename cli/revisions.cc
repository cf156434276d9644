// revisions, revisions show, diff, rollback: what was deployed.
#include <fmt/format.h>
#include <stagecraft/v1/script_service.grpc.pb.h>

#include <algorithm>
#include <filesystem>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <utility>

#include "cli/client.h"
#include "cli/deployed.h"
#include "cli/failure.h"
#include "cli/files.h"
#include "cli/paged.h"
#include "cli/table.h"
#include "cli/terminal.h"
#include "cli/unified_diff.h"
#include "cli/verbs.h"
#include "cli/write_file.h"
#include "dsl/support/diff_lines.h"
#include "dsl/support/show.h"

namespace stagecraft::cli {

namespace wire = ::stagecraft::v1;

namespace {

constexpr char kCurrent[] = "current";

std::string NameOf(const std::string& revision) { return "deployments/" + revision; }

bool IsRevision(const std::string& name) {
  return name == kCurrent || (!name.empty() && std::all_of(name.begin(), name.end(), [](char c) { return c >= '0' && c <= '9'; }));
}

grpc::Status Read(wire::ScriptService::Stub& stub, const std::string& revision, wire::Deployment& out) {
  wire::GetDeploymentRequest request;
  request.set_name(NameOf(revision));
  wire::GetDeploymentResponse response;
  const auto status = stub.GetDeployment(CallContext().get(), request, &response);
  out.Swap(response.mutable_deployment());
  return status;
}

// What a server may call a file: it goes into the folder, and nowhere else.
bool StaysInside(const std::filesystem::path& name) {
  return !name.empty() && !name.is_absolute() && std::none_of(name.begin(), name.end(), [](const auto& part) { return part == ".."; });
}

int WriteScripts(const wire::Deployment& deployment, const std::string& folder) {
  std::error_code error;
  if (std::filesystem::exists(folder, error) && !std::filesystem::is_empty(folder, error)) {
    PrintError(fmt::format("`{}` is there, and has something in it; name a folder that is not there yet", folder));
    return kFailed;
  }
  for (const auto& file : deployment.files()) {
    if (!StaysInside(file.name())) {
      PrintError(fmt::format("the revision has a file `{}`, which would not be in `{}`", file.name(), folder));
      return kFailed;
    }
    const std::filesystem::path path = std::filesystem::path(folder) / file.name();
    std::filesystem::create_directories(path.parent_path(), error);
    if (const auto status = WriteFile(path.string(), file.text()); !status.ok()) return ReportFailure(status);
  }
  PrintLine(stdout, fmt::format("{}: {}", folder, Counted(static_cast<std::uint64_t>(deployment.files_size()), "file")));
  return kDone;
}

// The texts of two sides by the files' names; absent: it is not there.
using Sides = std::map<std::string, std::pair<std::string, std::string>>;

int PrintDiff(const Sides& files, bool json) {
  bool is_other = false;
  auto all = nlohmann::ordered_json::array();
  for (const auto& [name, both] : files) {
    if (both.first == both.second) continue;
    is_other = true;
    if (json) {
      all.push_back({{"file", name}, {"patch", stagecraft::UnifiedDiff(name, both.first, both.second)}});
    } else {
      fmt::print("{}", UnifiedDiff(name, both.first, both.second, DiffOn(stdout)));
    }
  }
  if (json) {
    const nlohmann::ordered_json out = {{"files", all}};
    fmt::print("{}\n", out.dump(2, ' ', false, nlohmann::ordered_json::error_handler_t::replace));
  } else if (!is_other) {
    PrintNote("the scripts are the same");
  }
  return is_other ? kFound : kDone;
}

// What an answer says of a deployment that was made of an earlier one.
int Tell(const RollbackOptions& options, const wire::RollbackDeploymentResponse& response) {
  const bool refused = std::any_of(response.diagnostics().begin(), response.diagnostics().end(),
                                   [](const wire::Diagnostic& each) { return each.severity() == wire::SEVERITY_ERROR; });
  if (options.json) {
    fmt::print("{}", ToJson(response));
    return refused ? kFound : kDone;
  }
  PrintFindings(response.diagnostics());
  if (refused) {
    PrintError("nothing was deployed: this version of the server does not take those scripts any more",
               fmt::format("`stagecraft revisions show {} --output DIR` writes them, to be mended", options.revision));
    return kFound;
  }
  if (options.dry_run) {
    fmt::print("revision {} can be deployed again\n", options.revision);
  } else {
    fmt::print("deployed revision {}: the scripts of revision {}\n", response.deployment().revision(), options.revision);
  }
  PrintEndedRuns(response.ended_runs(), options.dry_run);
  PrintEnrolment(response.deployment(), response.operation());
  return kDone;
}

}  // namespace

int Revisions(const RevisionsOptions& options) {
  const auto stub = wire::ScriptService::NewStub(Connect(options.remote));
  wire::ListDeploymentsResponse response;
  const auto status = ReadPages(*stub, &wire::ScriptService::Stub::ListDeployments, wire::ListDeploymentsRequest(),
                                &wire::ListDeploymentsResponse::mutable_deployments, options.limit, response);
  if (!status.ok()) return ReportCall(status, options.remote);
  if (options.json) {
    fmt::print("{}", ToJson(response));
    return kDone;
  }
  Table table({"revision", "deployed", "by", "note", "state"});
  for (const auto& each : response.deployments()) {
    table.Add({static_cast<std::int64_t>(each.revision()), TimeText(each.create_time()), each.author(), each.note(),
               each.running() ? "running" : ""});
  }
  PrintPage(table, "nothing has been deployed yet; `stagecraft deploy` does", response.next_page_token(), More::kAll);
  return kDone;
}

int RevisionsShow(const RevisionsShowOptions& options) {
  const auto stub = wire::ScriptService::NewStub(Connect(options.remote));
  wire::Deployment deployment;
  if (const auto status = Read(*stub, options.revision, deployment); !status.ok()) return ReportCall(status, options.remote);
  if (!options.output.empty()) return WriteScripts(deployment, options.output);
  if (options.json) {
    fmt::print("{}", ToJson(deployment));
    return kDone;
  }
  const char* gap = "";
  for (const auto& file : deployment.files()) {
    fmt::print("{}# {}\n{}", gap, OneLine(file.name()), file.text());
    gap = "\n";
  }
  return kDone;
}

int Diff(const DiffOptions& options) {
  const auto stub = wire::ScriptService::NewStub(Connect(options.remote));
  const bool of_revisions = std::all_of(options.names.begin(), options.names.end(), IsRevision);
  if (of_revisions && options.names.size() > 2) {
    PrintError("there are more than two revisions to compare", "see `stagecraft diff --help`");
    return kFailed;
  }
  if (!of_revisions && std::any_of(options.names.begin(), options.names.end(), IsRevision)) {
    PrintError("revisions are compared with revisions, and scripts with the running one", "see `stagecraft diff --help`");
    return kFailed;
  }
  wire::Deployment to;
  const std::string to_name = of_revisions && options.names.size() == 2 ? options.names[1] : kCurrent;
  if (const auto status = Read(*stub, to_name, to); !status.ok()) return ReportCall(status, options.remote);
  Sides files;
  if (!of_revisions) {
    auto scripts = ReadProgram(options.names);
    if (!scripts) return ReportFailure(scripts.error());
    for (const auto& file : to.files()) files[file.name()].first = file.text();
    for (auto& script : *scripts) files[script.name].second = std::move(script.text);
    return PrintDiff(files, options.json);
  }
  if (options.names.empty() && to.revision() == 1) {
    PrintError("there is no revision before the running one");
    return kFailed;
  }
  wire::Deployment from;
  const std::string from_name = options.names.empty() ? std::to_string(to.revision() - 1) : options.names[0];
  if (const auto status = Read(*stub, from_name, from); !status.ok()) return ReportCall(status, options.remote);
  for (const auto& file : from.files()) files[file.name()].first = file.text();
  for (const auto& file : to.files()) files[file.name()].second = file.text();
  return PrintDiff(files, options.json);
}

int Rollback(const RollbackOptions& options) {
  wire::RollbackDeploymentRequest request;
  request.set_name(NameOf(options.revision));
  request.set_author(AuthorOf(options.author, options.remote));
  request.set_note(options.note);
  request.set_validate_only(options.dry_run);
  request.set_enroll_existing(options.enroll_existing);
  const auto stub = wire::ScriptService::NewStub(Connect(options.remote));
  wire::RollbackDeploymentResponse response;
  const auto status = stub->RollbackDeployment(CallContext().get(), request, &response);
  return status.ok() ? Tell(options, response) : ReportCall(status, options.remote);
}

}  // namespace stagecraft::cli
