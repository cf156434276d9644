#include "server/rpc/script_service.h"

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "dsl/compile.h"
#include "dsl/fmt/format.h"
#include "dsl/graph/choose.h"
#include "runtime/engine/view.h"
#include "runtime/model/reasons.h"
#include "server/rpc/blocking_call.h"
#include "server/rpc/diagnostic_convert.h"
#include "server/rpc/limits.h"
#include "server/rpc/names.h"
#include "server/rpc/rule_graph_convert.h"
#include "server/rpc/script_files.h"
#include "server/rpc/script_tests.h"
#include "server/rpc/status_map.h"

namespace stagecraft::server {
namespace {

CompileResult CompileFiles(const Files& files, const ir::Layout& layout) {
  std::vector<Source> sources;
  sources.reserve(static_cast<std::size_t>(files.size()));
  for (const v1::ScriptFile& file : files) sources.emplace_back(file.name(), file.text());
  return Compile(std::move(sources), layout);
}

grpc::Status Check(const v1::CheckScriptsRequest& request, v1::CheckScriptsResponse& response) {
  if (const runtime::Status status = CheckFiles(request.files()); !status.ok()) return ToGrpcStatus(status);
  const CompileResult result = CompileFiles(request.files(), {});
  FillDiagnostics(result.diagnostics, result.sources, *response.mutable_diagnostics());
  response.set_deployable(result.program != nullptr);
  return grpc::Status::OK;
}

grpc::Status FormatOne(const v1::FormatScriptRequest& request, v1::FormatScriptResponse& response) {
  const runtime::Status status = CheckFileName(request.file().name(), "file.name", "the file");
  if (!status.ok()) return ToGrpcStatus(status);
  const SourceSet sources = {Source(request.file().name(), request.file().text())};
  FormatResult result = Format(sources.front());
  response.set_text(std::move(result.text));
  response.set_changed(result.changed);
  FillDiagnostics(result.diagnostics, sources, *response.mutable_diagnostics());
  return grpc::Status::OK;
}

// The program of the running deployment.
runtime::Result<std::shared_ptr<const ir::Program>> RunningProgram(runtime::Engine& engine) {
  std::uint32_t revision = 0;
  runtime::RuleStates states;
  runtime::Status read = engine.Read([&](const runtime::View& view) {
    revision = view.revision();
    states = view.rule_states();
  });
  if (!read.ok()) return tl::unexpected(std::move(read));
  if (revision != 0) return runtime::WithSwitches(engine.ProgramOf(revision), states);
  return runtime::Fail(runtime::StatusCode::kNotFound, runtime::reasons::kRevisionNotFound, "nothing has been deployed yet");
}

grpc::Status DrawRuleGraph(const grpc::CallbackServerContext& call, runtime::Engine& engine, const v1::GetRuleGraphRequest& request,
                           v1::GetRuleGraphResponse& response) {
  std::shared_ptr<const ir::Program> program;
  if (request.files().empty()) {
    auto running = RunningProgram(engine);
    if (!running) return ToGrpcStatus(running.error());
    program = std::move(*running);
  } else {
    if (const runtime::Status status = CheckFiles(request.files()); !status.ok()) return ToGrpcStatus(status);
    CompileResult result = CompileFiles(request.files(), {});
    FillDiagnostics(result.diagnostics, result.sources, *response.mutable_diagnostics());
    program = std::move(result.program);
  }
  if (program == nullptr) return grpc::Status::OK;
  if (Abandoned(call)) return NobodyWaits(call);
  const auto graph = graph::MakeGraph(*program, request.of().empty() ? "status" : request.of());
  if (!graph) return ToGrpcStatus(InvalidField("of", "UNKNOWN_PROPERTY", graph.error()));
  auto rendering = RenderRuleGraph(*graph, request.format());
  if (!rendering) return ToGrpcStatus(rendering.error());
  FillRuleGraph(*graph, *response.mutable_graph());
  response.set_rendering(std::move(*rendering));
  return grpc::Status::OK;
}

}  // namespace

grpc::ServerUnaryReactor* ScriptService::CheckScripts(grpc::CallbackServerContext* call, const v1::CheckScriptsRequest* request,
                                                      v1::CheckScriptsResponse* response) {
  return RunOnWorker(heavy_, call, "CheckScripts", [request, response] { return Check(*request, *response); });
}

grpc::ServerUnaryReactor* ScriptService::TestScripts(grpc::CallbackServerContext* call, const v1::TestScriptsRequest* request,
                                                     v1::TestScriptsResponse* response) {
  return RunOnWorker(heavy_, call, "TestScripts", [call, request, response] {
    if (const runtime::Status status = CheckFiles(request->files()); !status.ok()) return ToGrpcStatus(status);
    const CompileResult scripts = CompileFiles(request->files(), {});
    return ToGrpcStatus(RunScriptTests(
        scripts, *request, [call] { return Abandoned(*call); }, *response));
  });
}

grpc::ServerUnaryReactor* ScriptService::FormatScript(grpc::CallbackServerContext* call, const v1::FormatScriptRequest* request,
                                                      v1::FormatScriptResponse* response) {
  return RunOnWorker(heavy_, call, "FormatScript", [request, response] { return FormatOne(*request, *response); });
}

grpc::ServerUnaryReactor* ScriptService::GetRuleGraph(grpc::CallbackServerContext* call, const v1::GetRuleGraphRequest* request,
                                                      v1::GetRuleGraphResponse* response) {
  return RunOnWorker(heavy_, call, "GetRuleGraph",
                     [this, call, request, response] { return DrawRuleGraph(*call, heavy_.engine, *request, *response); });
}

}  // namespace stagecraft::server
