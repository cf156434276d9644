#include "server/rpc/user_service.h"

#include <algorithm>
#include <chrono>
#include <optional>
#include <string>
#include <utility>

#include "dsl/support/text.h"
#include "runtime/engine/view.h"
#include "runtime/explain/describe.h"
#include "runtime/model/contact.h"
#include "runtime/model/reasons.h"
#include "server/rpc/blocking_call.h"
#include "server/rpc/limits.h"
#include "server/rpc/names.h"
#include "server/rpc/paging.h"
#include "server/rpc/status_map.h"
#include "server/rpc/time_convert.h"
#include "server/rpc/user_list.h"

namespace stagecraft::server {
namespace {

runtime::Status NoSuchUser(std::string_view name) {
  return {runtime::StatusCode::kNotFound,
          "USER_NOT_FOUND",
          "there is no user `" + std::string(name) +
              "`: no script names them, and they own nothing; check the spelling, or say `allow_missing`",
          {}};
}

// `users/{user}` or the bare name. INVALID_ARGUMENT when it is empty.
runtime::Result<std::string> UserNameOf(const std::string& name) {
  const std::string_view user = IdOf(kUsers, name);
  if (user.empty())
    return tl::unexpected(InvalidField("name", runtime::reasons::kInvalidUser, "the user is not said; expected `users/{user}`"));
  if (user.find('/') == std::string_view::npos) return std::string(user);
  return tl::unexpected(InvalidField("name", runtime::reasons::kInvalidUser, "`" + name + "` names no user; expected `users/{user}`"));
}

grpc::Status ReadUser(runtime::Engine& engine, const grpc::CallbackServerContext& call, const std::string& name, v1::User& out) {
  UserMap users;
  if (grpc::Status status = ReadUsers(engine, call, users); !status.ok()) return status;
  const auto found = users.find(FoldCase(name));
  if (found == users.end()) return ToGrpcStatus(NoSuchUser(name));
  out.Swap(&found->second);
  return grpc::Status::OK;
}

grpc::Status List(runtime::Engine& engine, const grpc::CallbackServerContext& call, const v1::ListUsersRequest& request,
                  v1::ListUsersResponse& response) {
  const auto page = PageOf(request);
  if (!page) return ToGrpcStatus(page.error());
  UserMap users;
  if (grpc::Status status = ReadUsers(engine, call, users); !status.ok()) return status;
  const std::string team = FoldCase(request.team());
  const auto is_in_team = [&team](const v1::User& user) {
    return team.empty() || std::any_of(user.teams().begin(), user.teams().end(), [&](const auto& each) { return FoldCase(each) == team; });
  };
  std::string last;
  for (auto user = users.upper_bound(page->resume); user != users.end(); ++user) {
    if (!is_in_team(user->second)) continue;
    if (static_cast<std::size_t>(response.users_size()) == page->size) {
      response.set_next_page_token(MakeToken(*page, last));
      break;
    }
    last = user->first;
    response.add_users()->Swap(&user->second);
  }
  return grpc::Status::OK;
}

runtime::Result<std::vector<runtime::Absence>> AbsencesOf(const v1::User& user) {
  std::vector<runtime::Absence> absences;
  for (const v1::Absence& each : user.absences()) {
    const std::optional<runtime::Micros> from = ToMicros(each.start_time());
    const std::optional<runtime::Micros> until = ToMicros(each.end_time());
    if (!each.has_start_time() || !each.has_end_time() || !from || !until) {
      return tl::unexpected(InvalidField("user.absences", runtime::reasons::kInvalidAbsence,
                                         "an absence has a `start_time` and an `end_time`, in the years 1 to 9999"));
    }
    absences.push_back({*from, *until, each.note()});
  }
  return absences;
}

runtime::Result<runtime::UserChange> ChangeOf(const v1::UpdateUserRequest& request) {
  auto name = UserNameOf(request.user().name());
  if (!name) return tl::unexpected(std::move(name.error()));
  runtime::UserChange change;
  change.user = std::move(*name);
  change.actor = request.actor();
  bool all = request.update_mask().paths().empty();
  bool absences = false;
  for (const std::string& path : request.update_mask().paths()) {
    all = all || path == "*";
    absences = absences || path == "absences";
    if (path == "deactivated") change.deactivated = request.user().deactivated();
    if (path != "*" && path != "absences" && path != "deactivated") {
      return tl::unexpected(InvalidField("update_mask", "INVALID_MASK",
                                         "`" + path + "` of a user cannot be changed; expected `deactivated`, `absences` or `*`"));
    }
  }
  if (all) change.deactivated = request.user().deactivated();
  if (!all && !absences) return change;
  auto read = AbsencesOf(request.user());
  if (!read) return tl::unexpected(std::move(read.error()));
  change.absences = std::move(*read);
  return change;
}

grpc::Status Update(runtime::Engine& engine, const grpc::CallbackServerContext& call, const v1::UpdateUserRequest& request, v1::User& out) {
  const auto change = ChangeOf(request);
  if (!change) return ToGrpcStatus(change.error());
  if (!request.allow_missing()) {
    v1::User known;
    if (grpc::Status status = ReadUser(engine, call, change->user, known); !status.ok()) return status;
  }
  if (const runtime::Status status = engine.ChangeUser(*change); !status.ok()) return ToGrpcStatus(status);
  grpc::Status status = ReadUser(engine, call, change->user, out);
  if (status.error_code() != grpc::StatusCode::NOT_FOUND) return status;
  // There was nothing to keep of somebody whom nobody knows.
  out.set_name(NameOf(kUsers, change->user));
  return grpc::Status::OK;
}

v1::AssignmentMethod ToProto(runtime::AssignedBy by) {
  switch (by) {
    case runtime::AssignedBy::kTurn:
      return v1::ASSIGNMENT_METHOD_ROTATION;
    case runtime::AssignedBy::kLoad:
      return v1::ASSIGNMENT_METHOD_LOAD;
    case runtime::AssignedBy::kAccount:
      return v1::ASSIGNMENT_METHOD_ACCOUNT_OWNER;
    case runtime::AssignedBy::kTurnLost:
      return v1::ASSIGNMENT_METHOD_TURN_LOST;
    case runtime::AssignedBy::kJoined:
      break;  // no line of the ledger
  }
  return v1::ASSIGNMENT_METHOD_UNSPECIFIED;
}

// The ledger, read back from the journal.
class Ledger {
 public:
  Ledger(runtime::Engine& engine, const v1::ListAssignmentsRequest& request, v1::ListAssignmentsResponse& response)
      : engine_(engine), request_(request), response_(response), user_(FoldCase(std::string(IdOf(kUsers, request.user())))) {}

  grpc::Status List(const grpc::CallbackServerContext& call) {
    const auto page = PageOf(request_);
    if (!page) return ToGrpcStatus(page.error());
    const auto from = ResumeNumber(*page, 0);
    if (!from) return ToGrpcStatus(from.error());
    if (const runtime::Status status = FindTeam(); !status.ok()) return ToGrpcStatus(status);
    const auto deadline = std::chrono::steady_clock::now() + limits::kListTimeMax;
    runtime::Sequence next = 0;
    const runtime::Status status = engine_.ReadBack(*from, [&](const runtime::Record& record) {
      // All lines of a record stand on one page.
      const bool is_full = static_cast<std::size_t>(response_.assignments_size()) >= page->size;
      if (is_full || std::chrono::steady_clock::now() >= deadline || Abandoned(call)) {
        next = record.sequence;
        return false;
      }
      Add(record);
      return true;
    });
    if (!status.ok()) return ToGrpcStatus(status);
    if (Abandoned(call)) return NobodyWaits(call);
    if (next != 0) response_.set_next_page_token(MakeToken(*page, std::to_string(next)));
    return NameContacts();
  }

 private:
  runtime::Status FindTeam() {
    if (request_.team().empty()) return {};
    const std::string wanted = FoldCase(request_.team());
    runtime::Status status = engine_.Read([&](const runtime::View& view) {
      const std::vector<std::string>& names = view.program().layout.teams.names();
      for (std::uint32_t i = 0; i < names.size(); ++i) {
        if (FoldCase(names[i]) == wanted) team_ = i;
      }
    });
    if (status.ok() && !team_)
      status = {runtime::StatusCode::kNotFound, "TEAM_NOT_FOUND", "there is no team `" + request_.team() + "`", {}};
    return status;
  }

  void Add(const runtime::Record& record) {
    for (const runtime::Effect& effect : record.effects) {
      if (effect.kind != runtime::EffectKind::kAssigned || (team_ && effect.target != *team_)) continue;
      const auto by = static_cast<runtime::AssignedBy>(effect.detail);
      if (by == runtime::AssignedBy::kJoined || (by == runtime::AssignedBy::kTurnLost && !request_.show_lost_turns())) continue;
      if (!user_.empty() && FoldCase(effect.text) != user_) continue;
      v1::Assignment& out = *response_.add_assignments();
      out.set_user(NameOf(kUsers, effect.text));
      out.set_method(ToProto(by));
      if (effect.before.set) out.set_load(effect.before.number);
      FillTimestamp(record.occurred_at, *out.mutable_assign_time());
      out.set_sequence(record.sequence);
      effects_.push_back(effect);
      contacts_.push_back(record.contact);
    }
  }

  // What only the running program and the contacts can tell.
  grpc::Status NameContacts() {
    return ToGrpcStatus(engine_.Read([this](const runtime::View& view) {
      for (std::size_t i = 0; i < effects_.size(); ++i) {
        v1::Assignment& out = *response_.mutable_assignments(static_cast<int>(i));
        out.set_team(view.program().layout.teams.Name(effects_[i].target));
        out.set_reason(runtime::AssignmentText(view.program(), effects_[i]));
        if (const runtime::Contact* contact = view.ContactAt(contacts_[i])) out.set_contact(NameOf(kContacts, contact->id()));
      }
    }));
  }

  runtime::Engine& engine_;
  const v1::ListAssignmentsRequest& request_;
  v1::ListAssignmentsResponse& response_;
  const std::string user_;
  std::optional<std::uint32_t> team_;
  std::vector<runtime::Effect> effects_;  // by line of the response
  std::vector<std::uint32_t> contacts_;
};

}  // namespace

grpc::ServerUnaryReactor* UserService::ListUsers(grpc::CallbackServerContext* call, const v1::ListUsersRequest* request,
                                                 v1::ListUsersResponse* response) {
  return RunOnWorker(context_, call, "ListUsers",
                     [this, call, request, response] { return List(context_.engine, *call, *request, *response); });
}

grpc::ServerUnaryReactor* UserService::GetUser(grpc::CallbackServerContext* call, const v1::GetUserRequest* request,
                                               v1::GetUserResponse* response) {
  return RunOnWorker(context_, call, "GetUser", [this, call, request, response] {
    const auto name = UserNameOf(request->name());
    return name ? ReadUser(context_.engine, *call, *name, *response->mutable_user()) : ToGrpcStatus(name.error());
  });
}

grpc::ServerUnaryReactor* UserService::UpdateUser(grpc::CallbackServerContext* call, const v1::UpdateUserRequest* request,
                                                  v1::UpdateUserResponse* response) {
  return RunChangeOnWorker(context_, call, "UpdateUser", *request,
                           [this, call, request, response] { return Update(context_.engine, *call, *request, *response->mutable_user()); });
}

grpc::ServerUnaryReactor* UserService::ListAssignments(grpc::CallbackServerContext* call, const v1::ListAssignmentsRequest* request,
                                                       v1::ListAssignmentsResponse* response) {
  return RunOnWorker(context_, call, "ListAssignments",
                     [this, call, request, response] { return Ledger(context_.engine, *request, *response).List(*call); });
}

}  // namespace stagecraft::server
