#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <vector>

#include "cli/doctor_checks.h"
#include "cli/terminal.h"
#include "cli/verbs.h"

namespace stagecraft::cli {
namespace {

const char* NameOf(Health health) {
  switch (health) {
    case Health::kGood:
      return "ok";
    case Health::kAdvice:
      return "advice";
    case Health::kWrong:
      return "wrong";
  }
  return "";
}

void PrintText(const std::vector<Finding>& findings) {
  const bool colour = HasColour(stdout);
  for (const Finding& finding : findings) {
    const std::string mark = fmt::format("{:<8}", NameOf(finding.health));
    const Style style = finding.health == Health::kWrong ? Style::kBold : Style::kDim;
    PrintLine(stdout, fmt::format("{}{:<14}{}", finding.health == Health::kAdvice ? mark : Styled(mark, style, colour), finding.what,
                                  finding.found));
    if (!finding.remedy.empty()) PrintLine(stdout, fmt::format("{:<22}{}", "", finding.remedy));
  }
}

void PrintJson(const std::vector<Finding>& findings) {
  auto out = nlohmann::ordered_json::array();
  for (const Finding& finding : findings) {
    out.push_back({{"health", NameOf(finding.health)}, {"what", finding.what}, {"found", finding.found}, {"remedy", finding.remedy}});
  }
  fmt::print("{}\n", out.dump(2, ' ', false, nlohmann::ordered_json::error_handler_t::replace));
}

}  // namespace

int Doctor(const DoctorOptions& options) {
  std::vector<Finding> findings;
  CheckMachine(findings);
  if (!options.data.empty()) CheckFolder(options.data, findings);
  CheckServer(options.remote, findings);
  options.json ? PrintJson(findings) : PrintText(findings);
  constexpr int kSomethingWrong = 1;
  const bool is_wrong = std::any_of(findings.begin(), findings.end(), [](const Finding& each) { return each.health == Health::kWrong; });
  return is_wrong ? kSomethingWrong : kDone;
}

}  // namespace stagecraft::cli
