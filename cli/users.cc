#include <fmt/format.h>
#include <fmt/ranges.h>
#include <google/protobuf/util/time_util.h>
#include <stagecraft/v1/user_service.grpc.pb.h>

#include <algorithm>
#include <chrono>
#include <string>

#include "cli/client.h"
#include "cli/paged.h"
#include "cli/table.h"
#include "cli/times.h"
#include "cli/verbs.h"

namespace stagecraft::cli {
namespace {

namespace wire = ::stagecraft::v1;
using google::protobuf::Timestamp;
using google::protobuf::util::TimeUtil;

// What there is to know of when a user is there: the absence that lasts, else the next one.
std::string StateText(const wire::User& user, const Timestamp& now) {
  if (user.deactivated()) return "deactivated";
  for (const wire::Absence& absence : user.absences()) {
    if (absence.end_time() <= now) continue;
    const std::string note = absence.note().empty() ? std::string() : " (" + absence.note() + ")";
    if (absence.start_time() <= now) return "away until " + TimeText(absence.end_time()) + note;
    return "away from " + TimeText(absence.start_time()) + " until " + TimeText(absence.end_time()) + note;
  }
  return "";
}

Table TableOf(const google::protobuf::RepeatedPtrField<wire::User>& users) {
  const Timestamp now = TimeUtil::GetCurrentTime();
  Table table({"user", "teams", "contacts", "state"});
  for (const wire::User& user : users) {
    table.Add(
        {BareId(user.name()), fmt::format("{}", fmt::join(user.teams(), ", ")), std::int64_t{user.contacts_owned()}, StateText(user, now)});
  }
  return table;
}

// Ends what lasts now, and leaves out what begins later.
void ComeBack(wire::User& user) {
  const Timestamp now = TimeUtil::GetCurrentTime();
  google::protobuf::RepeatedPtrField<wire::Absence> kept;
  for (wire::Absence& absence : *user.mutable_absences()) {
    if (absence.start_time() < now && now < absence.end_time()) *absence.mutable_end_time() = now;
    *kept.Add() = absence;
  }
  user.mutable_absences()->Swap(&kept);
}

// Makes of the user as it is what is to be. False when a time was none.
bool Change(const UserChangeOptions& options, wire::User& user) {
  switch (options.kind) {
    case UserChangeOptions::Kind::kAway: {
      wire::Absence& absence = *user.add_absences();
      *absence.mutable_start_time() = TimeUtil::GetCurrentTime();
      absence.set_note(options.note);
      if (!options.from.empty() && !ReadTime("--from", options.from, *absence.mutable_start_time())) return false;
      return ReadTime("--until", options.until, *absence.mutable_end_time());
    }
    case UserChangeOptions::Kind::kBack:
      ComeBack(user);
      return true;
    case UserChangeOptions::Kind::kDeactivate:
    case UserChangeOptions::Kind::kActivate:
      user.set_deactivated(options.kind == UserChangeOptions::Kind::kDeactivate);
      return true;
  }
  return false;
}

}  // namespace

int UsersList(const UsersListOptions& options) {
  wire::ListUsersRequest request;
  request.set_team(options.team);
  const auto stub = wire::UserService::NewStub(Connect(options.remote));
  wire::ListUsersResponse response;
  const auto status =
      ReadPages(*stub, &wire::UserService::Stub::ListUsers, request, &wire::ListUsersResponse::mutable_users, options.limit, response);
  if (!status.ok()) return ReportCall(status, options.remote);
  if (options.json) {
    fmt::print("{}", ToJson(response));
    return kDone;
  }
  PrintPage(TableOf(response.users()), "there are no such users", response.next_page_token());
  return kDone;
}

int ChangeUser(const UserChangeOptions& options) {
  const auto stub = wire::UserService::NewStub(Connect(options.remote));
  wire::GetUserRequest get;
  get.set_name(options.user);
  wire::GetUserResponse known;
  const auto found = stub->GetUser(CallContext().get(), get, &known);
  const bool is_new = options.is_new && found.error_code() == grpc::StatusCode::NOT_FOUND;
  if (!found.ok() && !is_new) return ReportCall(found, options.remote);
  wire::UpdateUserRequest request;
  if (is_new) known.mutable_user()->set_name(options.user);
  request.mutable_user()->Swap(known.mutable_user());
  if (!Change(options, *request.mutable_user())) return kFailed;
  const bool about_absence = options.kind == UserChangeOptions::Kind::kAway || options.kind == UserChangeOptions::Kind::kBack;
  request.mutable_update_mask()->add_paths(about_absence ? "absences" : "deactivated");
  request.set_allow_missing(options.is_new);
  request.set_actor(options.actor);
  wire::UpdateUserResponse response;
  if (const auto status = stub->UpdateUser(CallContext().get(), request, &response); !status.ok())
    return ReportCall(status, options.remote);
  if (options.json) {
    fmt::print("{}", ToJson(response));
    return kDone;
  }
  google::protobuf::RepeatedPtrField<wire::User> users;
  users.Add()->Swap(response.mutable_user());
  PrintPage(TableOf(users), "", "");
  return kDone;
}

int Assignments(const AssignmentsOptions& options) {
  wire::ListAssignmentsRequest request;
  request.set_team(options.team);
  request.set_user(options.user);
  request.set_show_lost_turns(options.lost);
  const auto stub = wire::UserService::NewStub(Connect(options.remote));
  wire::ListAssignmentsResponse response;
  const auto status = ReadPages(*stub, &wire::UserService::Stub::ListAssignments, request,
                                &wire::ListAssignmentsResponse::mutable_assignments, options.limit, response);
  if (!status.ok()) return ReportCall(status, options.remote);
  if (options.json) {
    fmt::print("{}", ToJson(response));
    return kDone;
  }
  Table table({"when", "contact", "user", "load", "why"});
  for (const wire::Assignment& each : response.assignments()) {
    table.Add({TimeText(each.assign_time()), BareId(each.contact()), BareId(each.user()),
               each.has_load() ? std::to_string(each.load()) : std::string(), each.reason()});
  }
  PrintPage(table, options.team.empty() && options.user.empty() ? "nobody has been assigned yet" : "there are no such assignments",
            response.next_page_token());
  return kDone;
}

}  // namespace stagecraft::cli
