#include <fmt/format.h>
#include <stagecraft/v1/script_service.grpc.pb.h>

#include <algorithm>
#include <string_view>
#include <utility>
#include <vector>

#include "cli/client.h"
#include "cli/config.h"
#include "cli/deployed.h"
#include "cli/files.h"
#include "cli/scripts_sent.h"
#include "cli/terminal.h"
#include "cli/verbs.h"
#include "dsl/compile.h"
#include "dsl/support/render.h"
#include "dsl/support/show.h"
#include "dsl/support/text.h"

namespace stagecraft::cli {

namespace wire = ::stagecraft::v1;

namespace {

constexpr std::string_view kNothingDeployed = "nothing was deployed: the running revision stays until the errors above are mended";

// A message carries text only. What is none is reported as `check` does; false when there is such a file.
bool AreText(const std::vector<TextFile>& files) {
  std::vector<Source> broken;
  for (const auto& file : files) {
    if (InvalidUtf8(file.text)) broken.emplace_back(file.name, file.text);
  }
  if (broken.empty()) return true;
  const auto result = Compile(std::move(broken));
  fmt::print(stderr, "{}", Render(result.diagnostics, result.sources, FindingsOn(stderr)));
  return false;
}

wire::Severity WireSeverity(Severity severity) {
  if (severity == Severity::kError) return wire::SEVERITY_ERROR;
  return severity == Severity::kWarning ? wire::SEVERITY_WARNING : wire::SEVERITY_HINT;
}

// What the team has decided about findings; the server does not know it.
void ApplySeverities(const SeverityRules& rules, wire::DeployScriptsResponse& response) {
  auto& findings = *response.mutable_diagnostics();
  const auto is_off = [&rules](wire::Diagnostic& finding) {
    const auto code = FindCode(finding.code());
    const auto rule = code ? rules.by_code.find(*code) : rules.by_code.end();
    if (rule == rules.by_code.end() || !CanLower(*code)) return false;
    if (rule->second) finding.set_severity(WireSeverity(*rule->second));
    return !rule->second.has_value();
  };
  findings.erase(std::remove_if(findings.begin(), findings.end(), is_off), findings.end());
}

// True where the team refuses scripts that the server would take.
bool RefusesMore(const Config& config) {
  const auto& rules = config.severities.by_code;
  return config.warnings_as_errors ||
         std::any_of(rules.begin(), rules.end(), [](const auto& rule) { return rule.second == Severity::kError; });
}

bool IsRefused(const Config& config, const wire::DeployScriptsResponse& response) {
  return std::any_of(response.diagnostics().begin(), response.diagnostics().end(), [&config](const wire::Diagnostic& finding) {
    return finding.severity() == wire::SEVERITY_ERROR || (config.warnings_as_errors && finding.severity() == wire::SEVERITY_WARNING);
  });
}

// Deploys what neither the server nor the team refuses. Where the team refuses more than the server, the server's check is asked for first:
// what it finds does not depend on which version this is.
grpc::Status DeployAs(const Config& config, wire::ScriptService::Stub& stub, wire::DeployScriptsRequest& request,
                      wire::DeployScriptsResponse& response, bool& refused) {
  const auto call = [&] {
    auto status = stub.DeployScripts(CallContext().get(), request, &response);
    refused = IsRefused({}, response);
    ApplySeverities(config.severities, response);
    return status;
  };
  if (request.validate_only() || RefusesMore(config)) {
    const bool deploys = !request.validate_only();
    request.set_validate_only(true);
    const auto status = call();
    refused = refused || IsRefused(config, response);
    if (!status.ok() || refused || !deploys) return status;
    request.set_validate_only(false);
  }
  return call();
}

}  // namespace

int Deploy(const DeployOptions& options) {
  auto files = ReadProgram(options.paths);
  if (!files) {
    PrintError(files.error().message);
    return kFailed;
  }
  const auto config = ReadConfig(options.paths);
  if (!config) {
    PrintError(config.error().message);
    return kFailed;
  }
  if (!AreText(*files)) {
    PrintError(kNothingDeployed);
    return kFound;
  }
  wire::DeployScriptsRequest request;
  for (auto& file : *files) {
    auto* sent = request.add_files();
    sent->set_name(std::move(file.name));
    sent->set_text(std::move(file.text));
  }
  request.set_author(AuthorOf(options.author, options.remote));
  request.set_note(options.note);
  request.set_validate_only(options.dry_run);
  request.set_enroll_existing(options.enroll_existing);

  const auto stub = wire::ScriptService::NewStub(Connect(options.remote));
  wire::DeployScriptsResponse response;
  bool refused = false;
  if (const auto status = DeployAs(*config, *stub, request, response, refused); !status.ok()) return ReportCall(status, options.remote);

  if (options.json) {
    fmt::print("{}", ToJson(response));
    return refused ? kFound : kDone;
  }
  PrintFindings(response.diagnostics());
  if (refused) {
    PrintError(kNothingDeployed);
    return kFound;
  }
  const auto count = Counted(static_cast<std::uint64_t>(request.files_size()), "file");
  if (options.dry_run) {
    fmt::print("the scripts can be deployed: {}, no errors\n", count);
  } else {
    fmt::print("deployed revision {}: {}\n", response.deployment().revision(), count);
  }
  PrintEndedRuns(response.ended_runs(), options.dry_run);
  PrintEnrolment(response.deployment(), response.operation());
  return kDone;
}

}  // namespace stagecraft::cli
