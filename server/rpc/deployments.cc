// ScriptService: what is deployed, what was, and the way from one to the other.
#include <algorithm>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "dsl/support/diff_lines.h"
#include "runtime/engine/view.h"
#include "runtime/model/reasons.h"
#include "server/rpc/blocking_call.h"
#include "server/rpc/diagnostic_convert.h"
#include "server/rpc/enrolment_convert.h"
#include "server/rpc/limits.h"
#include "server/rpc/names.h"
#include "server/rpc/operations.h"
#include "server/rpc/paging.h"
#include "server/rpc/script_files.h"
#include "server/rpc/script_service.h"
#include "server/rpc/status_map.h"
#include "server/rpc/time_convert.h"

namespace stagecraft::server {
namespace {

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
    const runtime::Enrolment* enrolment = FindEnrolment(view, static_cast<std::uint32_t>(out.revision()));
    if (enrolment != nullptr) FillEnrolment(view, *enrolment, *out.mutable_enrolment());
    for (const std::uint32_t rule : view.rule_states().switched_off) {
      if (out.running() && rules[rule].declared) out.add_switched_off_rules(rules[rule].name);
    }
  });
}

template <typename Response>
void FillEndedRuns(const std::vector<runtime::EndedRuns>& ended, Response& response) {
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

// What DeployScripts and RollbackDeployment have in common: all but the files.
template <typename Request>
runtime::Result<runtime::DeployRequest> ToDeployRequest(const Request& request, const Caller& caller) {
  if (runtime::Status status = CheckLength("", "author", request.author(), limits::kActorBytesMax); !status.ok())
    return tl::unexpected(std::move(status));
  if (runtime::Status status = CheckLength("", "note", request.note(), limits::kNoteBytesMax); !status.ok())
    return tl::unexpected(std::move(status));
  auto expected = RevisionOfEtag(request.etag());
  if (!expected) return tl::unexpected(std::move(expected.error()));
  runtime::DeployRequest deploy;
  deploy.author = request.author();
  if (runtime::Status status = TakeActor(caller, deploy.author); !status.ok()) return tl::unexpected(std::move(status));
  deploy.note = request.note();
  deploy.expected_revision = *expected;
  deploy.enrol_existing = request.enroll_existing();
  deploy.dry_run = request.validate_only();
  return deploy;
}

template <typename Response>
grpc::Status Deploy(runtime::Engine& engine, const runtime::DeployRequest& deploy, AdmittedCall& admitted, Response& response) {
  const auto result = engine.Deploy(deploy);
  if (!result) return ToGrpcStatus(result.error());
  FillDiagnostics(result->diagnostics, result->sources, *response.mutable_diagnostics());
  FillEndedRuns(result->ended, response);
  if (result->revision == 0) return grpc::Status::OK;
  admitted.resource = NameOf(kDeployments, std::to_string(result->revision));
  for (const runtime::Revision& revision : engine.Revisions()) {
    if (revision.number == result->revision) FillDeployment(revision, true, false, *response.mutable_deployment());
  }
  const runtime::Status status = FillState(engine, *response.mutable_deployment());
  if (response.deployment().has_enrolment()) response.set_operation(EnrolmentOperation(result->revision));
  return ToGrpcStatus(status);
}

grpc::Status DeployFiles(runtime::Engine& engine, const v1::DeployScriptsRequest& request, AdmittedCall& admitted,
                         v1::DeployScriptsResponse& response) {
  if (const runtime::Status status = CheckFiles(request.files()); !status.ok()) return ToGrpcStatus(status);
  auto deploy = ToDeployRequest(request, *admitted.caller);
  if (!deploy) return ToGrpcStatus(deploy.error());
  for (const v1::ScriptFile& file : request.files()) deploy->files.push_back({file.name(), file.text()});
  return Deploy(engine, *deploy, admitted, response);
}

// The revision that `name` means, out of those there are, ascending. `field`: the path of the name.
runtime::Result<const runtime::Revision*> FindRevision(const std::vector<runtime::Revision>& revisions, const std::string& field,
                                                       const std::string& name) {
  const std::string_view id = IdOf(kDeployments, name);
  const auto number = NumberIn<std::uint32_t>(id);
  const bool current = id == "current";
  if ((!number || *number == 0) && !current) {
    return tl::unexpected(
        InvalidField(field, "INVALID_NAME", "`" + name + "` is no deployment; expected `deployments/current` or `deployments/{revision}`"));
  }
  for (const runtime::Revision& revision : revisions) {
    if (current ? revision.number == revisions.back().number : revision.number == *number) return &revision;
  }
  return runtime::Fail(runtime::StatusCode::kNotFound, runtime::reasons::kRevisionNotFound,
                       current ? "nothing has been deployed yet" : "there is no revision " + std::to_string(*number));
}

grpc::Status Get(runtime::Engine& engine, const v1::GetDeploymentRequest& request, v1::GetDeploymentResponse& response) {
  const std::vector<runtime::Revision> revisions = engine.Revisions();
  const auto revision = FindRevision(revisions, "name", request.name());
  if (!revision) return ToGrpcStatus(revision.error());
  FillDeployment(**revision, *revision == &revisions.back(), request.view() != v1::DEPLOYMENT_VIEW_BASIC, *response.mutable_deployment());
  return ToGrpcStatus(FillState(engine, *response.mutable_deployment()));
}

grpc::Status List(runtime::Engine& engine, const v1::ListDeploymentsRequest& request, v1::ListDeploymentsResponse& response) {
  const auto page = PageOf(request);
  if (!page) return ToGrpcStatus(page.error());
  const std::vector<runtime::Revision> revisions = engine.Revisions();
  const auto first = ResumeNumber(*page, static_cast<std::int64_t>(revisions.size()));
  if (!first) return ToGrpcStatus(first.error());
  // They are numbered from 1 without gaps.
  auto left = std::clamp<std::int64_t>(*first, 0, static_cast<std::int64_t>(revisions.size()));
  for (; left > 0 && response.deployments_size() < static_cast<int>(page->size); --left) {
    const runtime::Revision& revision = revisions[static_cast<std::size_t>(left - 1)];
    v1::Deployment& out = *response.add_deployments();
    FillDeployment(revision, &revision == &revisions.back(), false, out);
    if (const runtime::Status status = FillState(engine, out); !status.ok()) return ToGrpcStatus(status);
  }
  if (left > 0) response.set_next_page_token(MakeToken(*page, std::to_string(left)));
  return grpc::Status::OK;
}

void FillDiff(const std::string& name, const std::string* before, const std::string* after, v1::DiffDeploymentsResponse& response) {
  const std::string nothing;
  if (before != nullptr && after != nullptr && *before == *after) return;
  v1::FileDiff& out = *response.add_files();
  out.set_file(name);
  out.set_change(before == nullptr ? v1::FILE_CHANGE_ADDED : after == nullptr ? v1::FILE_CHANGE_REMOVED : v1::FILE_CHANGE_CHANGED);
  const std::vector<DiffLine> lines = DiffLines(name, before == nullptr ? nothing : *before, after == nullptr ? nothing : *after);
  const auto count = [&lines](DiffLine::Kind kind) {
    return static_cast<std::int32_t>(std::count_if(lines.begin(), lines.end(), [kind](const DiffLine& line) { return line.kind == kind; }));
  };
  out.set_added_line_count(count(DiffLine::Kind::kAdded));
  out.set_removed_line_count(count(DiffLine::Kind::kRemoved));
  for (const DiffLine& line : lines) out.mutable_patch()->append(MarkOf(line.kind)).append(line.text).append("\n");
}

grpc::Status Diff(runtime::Engine& engine, const v1::DiffDeploymentsRequest& request, v1::DiffDeploymentsResponse& response) {
  const std::vector<runtime::Revision> revisions = engine.Revisions();
  const auto from = FindRevision(revisions, "from", request.from());
  if (!from) return ToGrpcStatus(from.error());
  const auto to = FindRevision(revisions, "to", request.to());
  if (!to) return ToGrpcStatus(to.error());
  std::map<std::string, std::pair<const std::string*, const std::string*>> texts;
  for (const runtime::Revision::File& file : (*from)->files) texts[file.name].first = &file.text;
  for (const runtime::Revision::File& file : (*to)->files) texts[file.name].second = &file.text;
  for (const auto& [name, both] : texts) FillDiff(name, both.first, both.second, response);
  return grpc::Status::OK;
}

grpc::Status Rollback(runtime::Engine& engine, const v1::RollbackDeploymentRequest& request, AdmittedCall& admitted,
                      v1::RollbackDeploymentResponse& response) {
  auto deploy = ToDeployRequest(request, *admitted.caller);
  if (!deploy) return ToGrpcStatus(deploy.error());
  const std::vector<runtime::Revision> revisions = engine.Revisions();
  const auto revision = FindRevision(revisions, "name", request.name());
  if (!revision) return ToGrpcStatus(revision.error());
  if (*revision == &revisions.back()) {
    return ToGrpcStatus({runtime::StatusCode::kFailedPrecondition,
                         runtime::reasons::kDeploymentRunning,
                         "revision " + std::to_string((*revision)->number) + " is the running one already",
                         {}});
  }
  deploy->files = (*revision)->files;
  if (deploy->note.empty()) deploy->note = "back to revision " + std::to_string((*revision)->number);
  return Deploy(engine, *deploy, admitted, response);
}

}  // namespace

grpc::ServerUnaryReactor* ScriptService::DeployScripts(grpc::CallbackServerContext* call, const v1::DeployScriptsRequest* request,
                                                       v1::DeployScriptsResponse* response) {
  return RunAdmitted(heavy_, call, "DeployScripts", [this, request, response](AdmittedCall& admitted) {
    return DeployFiles(context_.engine, *request, admitted, *response);
  });
}

grpc::ServerUnaryReactor* ScriptService::GetDeployment(grpc::CallbackServerContext* call, const v1::GetDeploymentRequest* request,
                                                       v1::GetDeploymentResponse* response) {
  return RunOnWorker(context_, call, "GetDeployment", [this, request, response] { return Get(context_.engine, *request, *response); });
}

grpc::ServerUnaryReactor* ScriptService::ListDeployments(grpc::CallbackServerContext* call, const v1::ListDeploymentsRequest* request,
                                                         v1::ListDeploymentsResponse* response) {
  return RunOnWorker(context_, call, "ListDeployments", [this, request, response] { return List(context_.engine, *request, *response); });
}

grpc::ServerUnaryReactor* ScriptService::DiffDeployments(grpc::CallbackServerContext* call, const v1::DiffDeploymentsRequest* request,
                                                         v1::DiffDeploymentsResponse* response) {
  return RunOnWorker(heavy_, call, "DiffDeployments", [this, request, response] { return Diff(context_.engine, *request, *response); });
}

grpc::ServerUnaryReactor* ScriptService::RollbackDeployment(grpc::CallbackServerContext* call, const v1::RollbackDeploymentRequest* request,
                                                            v1::RollbackDeploymentResponse* response) {
  return RunAdmitted(heavy_, call, "RollbackDeployment", [this, request, response](AdmittedCall& admitted) {
    return Rollback(context_.engine, *request, admitted, *response);
  });
}

}  // namespace stagecraft::server
