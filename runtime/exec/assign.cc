// Who of a team gets a contact: in turn, by load, or who owns others of the same company; and who is out of the question, and why.
#include <algorithm>
#include <limits>

#include "dsl/support/text.h"
#include "runtime/exec/calendar.h"
#include "runtime/exec/decision.h"

namespace stagecraft::runtime {
namespace {

// How many members a text names: people read it.
constexpr std::size_t kNamedMax = 10;

void AddTo(std::string& list, std::string_view item) {
  if (!list.empty()) list += ", ";
  list += item;
}

}  // namespace

bool Decision::IsDeactivated(std::string_view user) const {
  if (shared_->users.empty()) return false;
  const User* known = shared_->users.Find(user);
  return known != nullptr && known->deactivated;
}

std::int64_t Decision::OwnedBy(const Assignment& assignment, std::uint32_t member) const {
  const std::string user = FoldCase(assignment.team->members[member]);
  const bool is_own = FoldCase(contact_->Text(assignment.action->slot)) == user;
  return shared_->holdings.Of(*assignment.held, user) - (is_own ? 1 : 0);
}

std::string Decision::WhyOut(const Assignment& assignment, std::uint32_t member) const {
  const std::string& name = assignment.team->members[member];
  const User* user = shared_->users.Find(name);
  if (user != nullptr && user->deactivated) return name + " is deactivated";
  if (const Absence* absence = user == nullptr ? nullptr : user->AwayAt(record_->occurred_at)) {
    return name + " is away until " + FormatTime(absence->until, plan_.calendar.zone()) +
           (absence->note.empty() ? std::string() : " (" + absence->note + ")");
  }
  const std::optional<std::uint32_t>& capacity = assignment.team->capacities[member];
  return name + " has " + std::to_string(OwnedBy(assignment, member)) + " of " + std::to_string(capacity.value_or(0));
}

void Decision::FindOut(const Assignment& assignment) {
  const ir::Team& team = *assignment.team;
  out_.assign(team.members.size(), false);
  for (std::uint32_t i = 0; i < team.members.size(); ++i) {
    const User* user = shared_->users.Find(team.members[i]);
    out_[i] = user != nullptr && (user->deactivated || user->AwayAt(record_->occurred_at) != nullptr);
    if (!out_[i] && team.capacities[i]) out_[i] = OwnedBy(assignment, i) >= *team.capacities[i];
  }
}

std::string Decision::DescribeOut(const Assignment& assignment) const {
  std::string text;
  std::size_t named = 0;
  for (std::uint32_t i = 0; i < out_.size() && named < kNamedMax; ++i) {
    if (!out_[i]) continue;
    AddTo(text, WhyOut(assignment, i));
    ++named;
  }
  return text;
}

// Where the member's turn stands in the team's, which is most often the place that the member has in the team.
std::size_t Decision::PlaceOfTurn(const TeamTurns& turns, const std::string& key, std::size_t hint) {
  if (hint < turns.turns.size() && turns.turns[hint].member == key) return hint;
  const auto found = std::find_if(turns.turns.begin(), turns.turns.end(), [&](const Turn& turn) { return turn.member == key; });
  return static_cast<std::size_t>(found - turns.turns.begin());
}

std::int64_t Decision::TurnOf(const Assignment& assignment, std::uint32_t member) const {
  const TeamTurns& turns = shared_->teams[assignment.action->team];
  const std::size_t place = PlaceOfTurn(turns, plan_.turn_keys[assignment.action->team][member], member);
  const std::int64_t half = kTurnLength / assignment.team->weights[member] / 2;
  const std::int64_t at = place == turns.turns.size() ? half : turns.turns[place].at;
  return at < turns.time ? turns.time + half : at;
}

bool Decision::HasJoined(const Assignment& assignment, std::uint32_t member) const {
  const TeamTurns& turns = shared_->teams[assignment.action->team];
  const std::size_t place = PlaceOfTurn(turns, plan_.turn_keys[assignment.action->team][member], member);
  if (place < turns.turns.size()) return turns.turns[place].at < turns.time;
  return kTurnLength / assignment.team->weights[member] / 2 < turns.time;
}

void Decision::FindTurn(Assignment& assignment) {
  std::int64_t first = std::numeric_limits<std::int64_t>::max();
  for (std::uint32_t i = 0; i < assignment.team->members.size(); ++i) {
    if (!out_.empty() && out_[i]) continue;
    const std::int64_t at = TurnOf(assignment, i);
    if (at >= first) continue;
    first = at;
    assignment.member = i;
  }
  assignment.turn = first;
}

void Decision::FindLeast(Assignment& assignment) {
  const ir::Team& team = *assignment.team;
  std::int64_t least = 0;
  for (std::uint32_t i = 0; i < team.members.size(); ++i) {
    const std::int64_t owned = OwnedBy(assignment, i);
    if (i < kNamedMax)
      AddTo(assignment.why, team.members[i] + " has " + std::to_string(owned) +
                                (team.weights[i] == 1 ? std::string() : " by weight " + std::to_string(team.weights[i])));
    if (!out_.empty() && out_[i]) continue;
    // Shares are compared by cross products, in whole numbers.
    const bool is_less = assignment.member == kNone || owned * team.weights[assignment.member] < least * team.weights[i];
    if (!is_less) continue;
    least = owned;
    assignment.member = i;
  }
  if (const std::string out = DescribeOut(assignment); !out.empty()) AddTo(assignment.why, out);
}

void Decision::FindAccountOwner(Assignment& assignment) {
  if (!plan_.holdings.account) return;
  const std::string domain = FoldCase(contact_->Text(*plan_.holdings.account));
  const Holdings::Account* account = domain.empty() ? nullptr : shared_->holdings.AccountOf(*assignment.held, domain);
  if (account == nullptr) return;
  const std::string own = FoldCase(contact_->Text(assignment.action->slot));
  std::int64_t most = 0;
  for (std::uint32_t i = 0; i < assignment.team->members.size(); ++i) {
    if (!out_.empty() && out_[i]) continue;
    const std::string user = FoldCase(assignment.team->members[i]);
    const auto found = std::find_if(account->begin(), account->end(), [&](const auto& each) { return each.first == user; });
    const std::int64_t others = found == account->end() ? 0 : found->second - (own == user ? 1 : 0);
    if (others <= most) continue;
    most = others;
    assignment.member = i;
  }
  if (assignment.member == kNone) return;
  assignment.by = AssignedBy::kAccount;
  assignment.why = assignment.team->members[assignment.member] + " has " + std::to_string(most) + " more of " + domain;
}

void Decision::RunAssign(const ir::Action& action) {
  Assignment assignment;
  assignment.action = &action;
  assignment.team = &program_.teams[action.team];
  if (assignment.team->members.empty()) {
    Refuse(action.slot, RefusalReason::kNoRecipient, {});
    return;
  }
  assignment.held = plan_.holdings.PlaceOf(action.slot);
  // Nobody is out of the question without a word of it: most teams need not be looked through.
  out_.clear();
  if (!shared_->users.empty() || assignment.held) FindOut(assignment);
  if (!out_.empty() && std::find(out_.begin(), out_.end(), false) == out_.end()) {
    Effect& refused = Refuse(action.slot, RefusalReason::kNobodyFree, {});
    refused.text = DescribeOut(assignment);
    return;
  }
  if (action.keeping_account) FindAccountOwner(assignment);
  if (assignment.member == kNone) {
    assignment.by = action.by_load ? AssignedBy::kLoad : AssignedBy::kTurn;
    action.by_load ? FindLeast(assignment) : FindTurn(assignment);
  }
  const Value member{true, 0, assignment.team->members[assignment.member]};
  if (const auto refusal = RefusalOf(action, member)) {
    Refuse(action.slot, *refusal, member);
    return;
  }
  NoteAssignment(assignment);
  SetTo(action, member);
}

// What the assignment is in the record, the turns that others lose by it before it.
void Decision::NoteAssignment(Assignment& assignment) {
  if (assignment.by == AssignedBy::kTurn) {
    for (std::uint32_t i = 0; i < assignment.team->members.size(); ++i) {
      // From now on the turn stands where it is.
      if (i != assignment.member && HasJoined(assignment, i)) NoteTurn(assignment, i, AssignedBy::kJoined, TurnOf(assignment, i), {});
      if (!out_.empty() && out_[i]) LoseTurns(assignment, i);
    }
  }
  Effect& effect = Emit(EffectKind::kAssigned, assignment.action->team);
  effect.text = assignment.team->members[assignment.member];
  effect.detail = static_cast<std::uint8_t>(assignment.by);
  if (assignment.held) effect.before = Value{true, OwnedBy(assignment, assignment.member), {}};
  effect.after.text = assignment.why;
  if (assignment.by != AssignedBy::kTurn) return;
  TakeTurn(assignment, assignment.member, assignment.turn + kTurnLength / assignment.team->weights[assignment.member], effect);
  shared_->teams[assignment.action->team].time = assignment.turn;
  effect.number_before = assignment.turn;
}

// All turns of the member that come before the one that is taken.
void Decision::LoseTurns(Assignment& assignment, std::uint32_t member) {
  const std::int64_t stride = kTurnLength / assignment.team->weights[member];
  const std::int64_t at = TurnOf(assignment, member);
  // Of turns at one time that of the first in the team comes first.
  const std::int64_t end = assignment.turn + (member < assignment.member ? 1 : 0);
  if (at >= end) return;
  const std::string why = WhyOut(assignment, member);
  AddTo(assignment.why, why);
  NoteTurn(assignment, member, AssignedBy::kTurnLost, at + (end - at + stride - 1) / stride * stride, why);
}

void Decision::NoteTurn(const Assignment& assignment, std::uint32_t member, AssignedBy by, std::int64_t next, const std::string& why) {
  Effect& effect = Emit(EffectKind::kAssigned, assignment.action->team);
  effect.text = assignment.team->members[member];
  effect.detail = static_cast<std::uint8_t>(by);
  effect.after.text = why;
  TakeTurn(assignment, member, next, effect);
}

void Decision::TakeTurn(const Assignment& assignment, std::uint32_t member, std::int64_t next, Effect& effect) {
  const std::string& key = plan_.turn_keys[assignment.action->team][member];
  TeamTurns& turns = shared_->teams[assignment.action->team];
  const std::size_t place = PlaceOfTurn(turns, key, member);
  const bool is_new = place == turns.turns.size();
  turns_before_.push_back({assignment.action->team, place, is_new ? 0 : turns.turns[place].at, turns.time, is_new});
  if (is_new) turns.turns.push_back({key, 0});
  turns.turns[place].at = next;
  effect.number = next;
  effect.number_before = turns.time;
  // Members who stand in a team twice are told apart by their place among themselves.
  const std::vector<std::string>& keys = plan_.turn_keys[assignment.action->team];
  const std::string first = FoldCase(assignment.team->members[member]);
  if (key != first) effect.after.number = std::stoll(keys[member].substr(first.size() + 1));
}

void Decision::UndoTurns() {
  for (auto before = turns_before_.rbegin(); before != turns_before_.rend(); ++before) {
    TeamTurns& turns = shared_->teams[before->team];
    turns.time = before->time;
    if (before->is_new) {
      turns.turns.pop_back();
    } else {
      turns.turns[before->place].at = before->at;
    }
  }
}

}  // namespace stagecraft::runtime
