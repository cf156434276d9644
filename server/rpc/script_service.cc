#include "server/rpc/script_service.h"

#include <optional>
#include <string>
#include <string_view>
#include <unordered_set>
#include <utility>
#include <vector>

#include "dsl/compile.h"
#include "dsl/fmt/format.h"
#include "dsl/graph/choose.h"
#include "dsl/support/text.h"
#include "runtime/engine/view.h"
#include "runtime/model/reasons.h"
#include "server/rpc/blocking_call.h"
#include "server/rpc/diagnostic_convert.h"
#include "server/rpc/limits.h"
#include "server/rpc/names.h"
#include "server/rpc/rule_graph_convert.h"
#include "server/rpc/script_tests.h"
#include "server/rpc/status_map.h"
#include "server/rpc/time_convert.h"

namespace stagecraft::server {
namespace {

using Files = google::protobuf::RepeatedPtrField<v1::ScriptFile>;

runtime::Status CheckFileName(const std::string& name, const std::string& field, const std::string& which) {
  if (!name.empty() && name.size() <= limits::kScriptNameBytesMax && !InvalidUtf8(name)) return {};
  return InvalidField(
      field, "INVALID_FILE_NAME",
      which + " has no name, or none of at most " + std::to_string(limits::kScriptNameBytesMax) + " bytes; give each file its own");
}

runtime::Status CheckFiles(const Files& files) {
  if (files.empty()) return InvalidField("files", "NO_FILES", "there is no file; expected at least one");
  if (files.size() > limits::kScriptFilesMax) {
    return InvalidField("files", "TOO_MANY_FILES",
                        std::to_string(files.size()) + " files; expected at most " + std::to_string(limits::kScriptFilesMax));
  }
  std::unordered_set<std::string_view> names;
  for (int i = 0; i < files.size(); ++i) {
    const std::string& name = files[i].name();
    const std::string path = "files[" + std::to_string(i) + "].name";
    if (runtime::Status status = CheckFileName(name, path, "file " + std::to_string(i + 1)); !status.ok()) return status;
    if (!names.insert(name).second) {
      return InvalidField(path, "DUPLICATE_FILE_NAME", "two files are called `" + name + "`; give each file its own name");
    }
  }
  return {};
}

std::string EtagOf(std::uint32_t revision) { return "r" + std::to_string(revision); }

// 0: any revision will do.
runtime::Result<std::uint32_t> RevisionOfEtag(const std::string& etag) {
  if (etag.empty()) return 0U;
  if (etag[0] == 'r') {
    if (const auto number = NumberIn<std::uint32_t>(std::string_view(etag).substr(1)); number && *number != 0) return *number;
  }
  return tl::unexpected(InvalidField("etag", "INVALID_ETAG", "`etag` is not one of a deployment; expected the `etag` of an answer"));
}

void FillDeployment(const runtime::Revision& revision, bool running, bool full, v1::Deployment& out) {
  out.set_name(NameOf(kDeployments, std::to_string(revision.number)));
  out.set_revision(static_cast<std::int32_t>(revision.number));
  FillTimestamp(revision.deployed_at, *out.mutable_create_time());
  out.set_author(revision.author);
  out.set_note(revision.note);
  out.set_running(running);
  out.set_etag(EtagOf(revision.number));
  if (!full) return;
  for (const runtime::Revision::File& file : revision.files) {
    v1::ScriptFile* added = out.add_files();
    added->set_name(file.name);
    added->set_text(file.text);
  }
}

// What the state knows of a deployment: how far its enrolment is, which rules are switched off.
runtime::Status FillState(runtime::Engine& engine, v1::Deployment& out) {
  return engine.Read([&out](const runtime::View& view) {
    const std::vector<ir::Rule>& rules = view.program().rules;
    for (const runtime::Enrolment& each : view.rule_states().enrolments) {
      if (static_cast<int>(each.revision) != out.revision()) continue;
      v1::Enrolment& enrolment = *out.mutable_enrolment();
      for (const std::uint32_t rule : each.rules) enrolment.add_rules(rules[rule].name);
      enrolment.set_contact_count(each.end);
      enrolment.set_looked_at_count(each.next);
      enrolment.set_started_count(static_cast<std::int64_t>(each.enrolled));
      enrolment.set_done(each.IsDone());
    }
    for (const std::uint32_t rule : view.rule_states().switched_off) {
      if (out.running() && rules[rule].declared) out.add_switched_off_rules(rules[rule].name);
    }
  });
}

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
  if (Abandoned(call)) return NobodyWaits();
  const auto graph = graph::MakeGraph(*program, request.of().empty() ? "status" : request.of());
  if (!graph) return ToGrpcStatus(InvalidField("of", "UNKNOWN_PROPERTY", graph.error()));
  auto rendering = RenderRuleGraph(*graph, request.format());
  if (!rendering) return ToGrpcStatus(rendering.error());
  FillRuleGraph(*graph, *response.mutable_graph());
  response.set_rendering(std::move(*rendering));
  return grpc::Status::OK;
}

void FillEndedRuns(const std::vector<runtime::EndedRuns>& ended, v1::DeployScriptsResponse& response) {
  for (const runtime::EndedRuns& each : ended) {
    v1::EndedRuns& out = *response.add_ended_runs();
    out.set_rule(each.rule);
    out.set_file(each.file);
    out.set_line(static_cast<std::int32_t>(each.line));
    out.set_revision(static_cast<std::int32_t>(each.revision));
    out.set_run_count(static_cast<std::int64_t>(each.count));
    out.set_reason(each.reason);
    out.set_failed(each.is_failure);
  }
}

grpc::Status Deploy(runtime::Engine& engine, const v1::DeployScriptsRequest& request, AdmittedCall& admitted,
                    v1::DeployScriptsResponse& response) {
  if (const runtime::Status status = CheckFiles(request.files()); !status.ok()) return ToGrpcStatus(status);
  if (const runtime::Status status = CheckLength("", "author", request.author(), limits::kActorBytesMax); !status.ok())
    return ToGrpcStatus(status);
  if (const runtime::Status status = CheckLength("", "note", request.note(), limits::kNoteBytesMax); !status.ok())
    return ToGrpcStatus(status);
  const auto expected = RevisionOfEtag(request.etag());
  if (!expected) return ToGrpcStatus(expected.error());

  runtime::DeployRequest deploy;
  for (const v1::ScriptFile& file : request.files()) deploy.files.push_back({file.name(), file.text()});
  deploy.author = request.author();
  if (runtime::Status status = TakeActor(*admitted.caller, deploy.author); !status.ok()) return ToGrpcStatus(status);
  deploy.note = request.note();
  deploy.expected_revision = *expected;
  deploy.enrol_existing = request.enroll_existing();
  deploy.dry_run = request.validate_only();
  const auto result = engine.Deploy(deploy);
  if (!result) return ToGrpcStatus(result.error());
  FillDiagnostics(result->diagnostics, result->sources, *response.mutable_diagnostics());
  FillEndedRuns(result->ended, response);
  if (result->revision == 0) return grpc::Status::OK;
  admitted.resource = NameOf(kDeployments, std::to_string(result->revision));
  for (const runtime::Revision& revision : engine.Revisions()) {
    if (revision.number == result->revision) FillDeployment(revision, true, false, *response.mutable_deployment());
  }
  return ToGrpcStatus(FillState(engine, *response.mutable_deployment()));
}

grpc::Status Get(runtime::Engine& engine, const v1::GetDeploymentRequest& request, v1::GetDeploymentResponse& response) {
  const std::string_view id = IdOf(kDeployments, request.name());
  const auto number = NumberIn<std::uint32_t>(id);
  const bool current = id == "current";
  if ((!number || *number == 0) && !current) {
    return ToGrpcStatus(InvalidField(
        "name", "INVALID_NAME", "`" + request.name() + "` is no deployment; expected `deployments/current` or `deployments/{revision}`"));
  }
  const std::vector<runtime::Revision> revisions = engine.Revisions();
  for (const runtime::Revision& revision : revisions) {
    const bool running = revision.number == revisions.back().number;
    if (current ? !running : revision.number != *number) continue;
    FillDeployment(revision, running, request.view() != v1::DEPLOYMENT_VIEW_BASIC, *response.mutable_deployment());
    return ToGrpcStatus(FillState(engine, *response.mutable_deployment()));
  }
  const std::string message = current ? "nothing has been deployed yet" : "there is no revision " + std::to_string(*number);
  return ToGrpcStatus({runtime::StatusCode::kNotFound, runtime::reasons::kRevisionNotFound, message, {}});
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

grpc::ServerUnaryReactor* ScriptService::DeployScripts(grpc::CallbackServerContext* call, const v1::DeployScriptsRequest* request,
                                                       v1::DeployScriptsResponse* response) {
  return RunAdmitted(heavy_, call, "DeployScripts",
                     [this, request, response](AdmittedCall& admitted) { return Deploy(context_.engine, *request, admitted, *response); });
}

grpc::ServerUnaryReactor* ScriptService::GetDeployment(grpc::CallbackServerContext* call, const v1::GetDeploymentRequest* request,
                                                       v1::GetDeploymentResponse* response) {
  return RunOnWorker(context_, call, "GetDeployment", [this, request, response] { return Get(context_.engine, *request, *response); });
}

}  // namespace stagecraft::server
