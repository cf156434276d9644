// Users and teams: who is out, and who gets it.
#include <algorithm>

#include "dsl/support/text.h"
#include "tests/reference/decision.h"

namespace stagecraft::reference {

const Person* House::Find(const std::string& name) const {
  const auto found = people.find(FoldCase(name));
  return found == people.end() ? nullptr : &found->second;
}

bool House::IsDeactivated(const std::string& name) const {
  const Person* person = Find(name);
  return person != nullptr && person->deactivated;
}

void House::Say(const std::string& name, std::optional<bool> deactivated, const std::optional<std::vector<Absence>>& absences) {
  Person& person = people[FoldCase(name)];
  person.deactivated = deactivated.value_or(person.deactivated);
  person.absences = absences.value_or(person.absences);
  std::stable_sort(person.absences.begin(), person.absences.end(), [](const Absence& a, const Absence& b) { return a.from < b.from; });
}

// Of the other contacts.
std::int64_t Decision::OwnedBy(const std::string& user, Symbol property, const std::string& domain) const {
  const std::optional<Symbol> company_domain = script_.vocabulary().FindProperty("company domain");
  std::int64_t owned = 0;
  for (const Contact& other : contacts_) {
    if (!other.IsHere() || other.number == contact_.number || FoldCase(other.Get(property).text) != FoldCase(user)) continue;
    owned += domain.empty() || FoldCase(other.Get(*company_domain).text) == domain ? 1 : 0;
  }
  return owned;
}

std::string Decision::WhyOut(const sema::TeamSymbol& team, std::size_t member, Symbol property) const {
  const std::string& name = team.members[member];
  if (house_.IsDeactivated(name)) return name + " is deactivated";
  if (const Person* person = house_.Find(name); person != nullptr) {
    for (const Absence& absence : person->absences) {
      if (at_ < absence.from || at_ >= absence.until) continue;
      return name + " is away until " + script_.ShowTime(absence.until) + (absence.note.empty() ? "" : " (" + absence.note + ")");
    }
  }
  const std::optional<std::uint32_t> capacity = team.capacities[member];
  const std::int64_t owned = OwnedBy(name, property, "");
  if (!capacity.has_value() || owned < *capacity) return {};
  return name + " has " + std::to_string(owned) + " of " + std::to_string(*capacity);
}

void Decision::Do(const sema::AssignRotation& assign, const Firing& firing) {
  const sema::TeamSymbol& team = script_.vocabulary().teams()[assign.team];
  if (team.members.empty()) {
    SayRefused("nobody there", assign.property);
    return;
  }
  std::vector<std::string> out;  // by member: why; empty: the member can take it
  std::string all_out;
  for (std::size_t member = 0; member < team.members.size(); ++member) {
    out.push_back(WhyOut(team, member, assign.property));
    all_out += (member == 0 ? "" : ", ") + out.back();
  }
  if (std::none_of(out.begin(), out.end(), [](const std::string& why) { return why.empty(); })) {
    SayRefused("nobody free", assign.property, {}, ": " + all_out);
    return;
  }
  const std::optional<std::size_t> of_account = assign.keeping_account ? OwnerOfAccount(assign, out) : std::nullopt;
  if (of_account.has_value()) {
    const std::string& member = team.members[*of_account];
    Give(assign.property, member, {"account of " + member}, firing);
  } else if (assign.by_load) {
    const std::string& member = team.members[LeastLoaded(assign, out)];
    Give(assign.property, member, {"least has " + member}, firing);
  } else {
    TakeTurn(assign, out, firing);
  }
}

// How it was decided stands before what it did. False: it was refused.
bool Decision::Give(Symbol property, const std::string& member, const std::vector<std::string>& how, const Firing& firing) {
  const std::size_t place = lines_.size();
  if (!Put(property, TextValue(member), firing, false, {})) return false;
  lines_.insert(lines_.begin() + static_cast<std::ptrdiff_t>(place), how.begin(), how.end());
  return true;
}

std::optional<std::size_t> Decision::OwnerOfAccount(const sema::AssignRotation& assign, const std::vector<std::string>& out) const {
  const std::optional<Symbol> property = script_.vocabulary().FindProperty("company domain");
  const std::string domain = FoldCase(contact_.Get(*property).text);
  if (domain.empty()) return std::nullopt;
  const sema::TeamSymbol& team = script_.vocabulary().teams()[assign.team];
  std::optional<std::size_t> owner;
  std::int64_t most = 0;
  for (std::size_t member = 0; member < team.members.size(); ++member) {
    const std::int64_t owned = OwnedBy(team.members[member], assign.property, domain);
    if (!out[member].empty() || owned <= most) continue;
    owner = member;
    most = owned;
  }
  return owner;
}

std::size_t Decision::LeastLoaded(const sema::AssignRotation& assign, const std::vector<std::string>& out) const {
  const sema::TeamSymbol& team = script_.vocabulary().teams()[assign.team];
  std::optional<std::size_t> least;
  const auto owned = [&](std::size_t member) { return OwnedBy(team.members[member], assign.property, ""); };
  for (std::size_t member = 0; member < team.members.size(); ++member) {
    if (!out[member].empty()) continue;
    if (!least.has_value() || owned(member) * team.weights[*least] < owned(*least) * team.weights[member]) least = member;
  }
  return *least;
}

void Decision::TakeTurn(const sema::AssignRotation& assign, const std::vector<std::string>& out, const Firing& firing) {
  const sema::TeamSymbol& team = script_.vocabulary().teams()[assign.team];
  Turns turns = house_.turns[team.name];
  std::map<std::string, std::int64_t> next;
  for (std::size_t member = 0; member < team.members.size(); ++member) {
    const std::string name = FoldCase(team.members[member]);
    const std::int64_t half = kTurn / (2 * team.weights[member]);
    if (kTurn % (2 * team.weights[member]) != 0 || next.contains(name)) throw Unsupported("turns of such a team");
    next[name] = turns.next.contains(name) ? turns.next[name] : turns.now + half;
  }
  turns.next = next;
  std::vector<bool> lost(team.members.size());
  for (;;) {
    std::size_t first = 0;
    const auto turn_of = [&](std::size_t member) -> std::int64_t& { return turns.next[FoldCase(team.members[member])]; };
    for (std::size_t member = 1; member < team.members.size(); ++member) {
      if (turn_of(member) < turn_of(first)) first = member;
    }
    turns.now = turn_of(first);
    turn_of(first) += kTurn / team.weights[first];
    if (!out[first].empty()) {
      lost[first] = true;
      continue;
    }
    std::vector<std::string> how;
    for (std::size_t member = 0; member < team.members.size(); ++member) {
      if (lost[member]) how.push_back("turn lost by " + team.members[member] + ": " + out[member]);
    }
    how.push_back("turn of " + team.members[first]);
    if (!Give(assign.property, team.members[first], how, firing)) return;
    house_.turns[team.name] = turns;
    return;
  }
}

}  // namespace stagecraft::reference
