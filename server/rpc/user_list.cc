#include "server/rpc/user_list.h"

#include <algorithm>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "dsl/support/text.h"
#include "runtime/engine/view.h"
#include "runtime/model/contact.h"
#include "server/rpc/blocking_call.h"
#include "server/rpc/limits.h"
#include "server/rpc/names.h"
#include "server/rpc/status_map.h"
#include "server/rpc/time_convert.h"

namespace stagecraft::server {
namespace {

v1::User& UserOf(UserMap& users, std::string_view name) {
  v1::User& user = users[FoldCase(name)];
  if (user.name().empty()) user.set_name(NameOf(kUsers, name));
  return user;
}

void AddTeam(UserMap& users, std::string_view user, const std::string& team) {
  if (user.empty()) return;
  v1::User& out = UserOf(users, user);
  if (std::find(out.teams().begin(), out.teams().end(), team) == out.teams().end()) out.add_teams(team);
}

void AddOfScripts(const ir::Program& program, UserMap& users) {
  for (const ir::Team& team : program.teams) {
    if (!team.declared) continue;
    for (const std::string& member : team.members) AddTeam(users, member, team.name);
    AddTeam(users, team.manager, team.name);
  }
  for (const ir::Rule& rule : program.rules) {
    for (const ir::Action& action : rule.actions) {
      if (action.has_recipient && action.recipient.kind == ir::RecipientKind::kUser) UserOf(users, action.recipient.user);
    }
  }
}

void AddSaid(const runtime::View& view, UserMap& users) {
  for (const runtime::User& user : view.users()) {
    v1::User& out = UserOf(users, user.name);
    out.set_deactivated(user.deactivated);
    out.set_away(user.AwayAt(view.now()) != nullptr);
    for (const runtime::Absence& absence : user.absences) {
      v1::Absence& each = *out.add_absences();
      FillTimestamp(absence.from, *each.mutable_start_time());
      FillTimestamp(absence.until, *each.mutable_end_time());
      each.set_note(absence.note);
    }
  }
}

std::vector<std::uint32_t> UserSlots(const ir::Program& program) {
  std::vector<std::uint32_t> slots;
  for (std::uint32_t slot = 0; slot < program.properties.size(); ++slot) {
    if (program.properties[slot].declared && program.properties[slot].type == ir::Type::kUser) slots.push_back(slot);
  }
  return slots;
}

// How many contacts each has as owner; 0 for those who stand in other properties of users only.
using Owned = std::unordered_map<std::string, std::int64_t>;

void CountOwners(const runtime::View& view, std::uint32_t first, std::uint32_t end, Owned& owned) {
  const std::vector<std::uint32_t> slots = UserSlots(view.program());
  for (std::uint32_t number = first; number < end; ++number) {
    const runtime::Contact& contact = *view.ContactAt(number);
    for (const std::uint32_t slot : slots) {
      const std::string_view user = contact.Text(slot);
      if (!user.empty()) owned[std::string(user)] += slot == view.program().well_known.owner ? 1 : 0;
    }
  }
}

}  // namespace

grpc::Status ReadUsers(runtime::Engine& engine, const grpc::CallbackServerContext& call, UserMap& users) {
  Owned owned;
  std::uint32_t next = 0;
  bool at_end = false;
  while (!at_end) {
    if (Abandoned(call)) return NobodyWaits(call);
    const runtime::Status status = engine.Read([&](const runtime::View& view) {
      const auto contacts = static_cast<std::uint32_t>(view.stats().contacts);
      const std::uint32_t end = std::min(contacts, next + limits::kSliceMax);
      CountOwners(view, next, end, owned);
      next = end;
      at_end = end == contacts;
      if (!at_end) return;
      AddOfScripts(view.program(), users);
      AddSaid(view, users);
    });
    if (!status.ok()) return ToGrpcStatus(status);
  }
  for (const auto& [name, count] : owned) {
    v1::User& user = UserOf(users, name);
    user.set_contacts_owned(user.contacts_owned() + count);
  }
  return grpc::Status::OK;
}

}  // namespace stagecraft::server
