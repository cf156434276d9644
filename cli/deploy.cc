#include <fmt/format.h>
#include <stagecraft/v1/script_service.grpc.pb.h>

#include <algorithm>
#include <string_view>
#include <utility>
#include <vector>

#include "cli/client.h"
#include "cli/files.h"
#include "cli/scripts_sent.h"
#include "cli/terminal.h"
#include "cli/verbs.h"
#include "dsl/compile.h"
#include "dsl/support/render.h"
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

}  // namespace

int Deploy(const DeployOptions& options) {
  auto files = ReadScripts(options.paths);
  if (!files) {
    PrintError(files.error().message);
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
  request.set_author(options.author);
  request.set_note(options.note);
  request.set_validate_only(options.dry_run);

  const auto stub = wire::ScriptService::NewStub(Connect(options.remote));
  wire::DeployScriptsResponse response;
  if (const auto status = stub->DeployScripts(CallContext().get(), request, &response); !status.ok())
    return ReportCall(status, options.remote);

  const bool refused = std::any_of(response.diagnostics().begin(), response.diagnostics().end(),
                                   [](const wire::Diagnostic& diagnostic) { return diagnostic.severity() == wire::SEVERITY_ERROR; });
  if (options.json) {
    fmt::print("{}", ToJson(response));
    return refused ? kFound : kDone;
  }
  const char* gap = "";
  for (const auto& diagnostic : response.diagnostics()) {
    fmt::print(stderr, "{}{}", gap, RenderReceived(diagnostic, FindingsOn(stderr)));
    gap = "\n";
  }
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
  return kDone;
}

}  // namespace stagecraft::cli
