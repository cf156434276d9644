#include <algorithm>

#include "dsl/support/text.h"
#include "tests/reference/compute.h"
#include "tests/reference/decision.h"

namespace stagecraft::reference {

bool Decision::Do(const sema::Action& action, const Firing& firing) {
  const auto& node = action.node;
  if (const auto* set = std::get_if<sema::SetValue>(&node)) Do(*set, firing);
  if (const auto* clear = std::get_if<sema::ClearValue>(&node)) Put(clear->property, {}, firing, false, {});
  if (const auto* assign = std::get_if<sema::AssignRotation>(&node)) Do(*assign, firing);
  if (const auto* notify = std::get_if<sema::Notify>(&node)) Do(*notify, firing);
  if (const auto* task = std::get_if<sema::CreateTask>(&node)) Do(*task, firing);
  if (const auto* deal = std::get_if<sema::CreateDeal>(&node)) Do(*deal, firing);
  if (const auto* move = std::get_if<sema::MoveDeal>(&node)) Do(*move, firing);
  if (const auto* send = std::get_if<sema::SendEmail>(&node)) Do(*send, firing);
  if (const auto* call = std::get_if<sema::CallWebhook>(&node)) Do(*call, firing);
  if (const auto* enrol = std::get_if<sema::Enrol>(&node)) Do(*enrol);
  if (const auto* leave = std::get_if<sema::Leave>(&node)) return Do(*leave, firing);
  return true;
}

void Decision::Do(const sema::SetValue& set, const Firing& firing) {
  const Scene scene = SceneOf(contact_, firing);
  Computed computed = Compute(scene, set.value, script_.vocabulary().property(set.property).type);
  if (!computed.refused.empty()) {
    SayRefused(computed.refused, set.property, {}, computed.missing.empty() ? "" : ": " + computed.missing);
    return;
  }
  const bool user = script_.vocabulary().property(set.property).type == sema::Type::kUser;
  if (user && computed.value != contact_.Get(set.property) && house_.IsDeactivated(computed.value.text)) {
    SayRefused("deactivated", set.property, computed.value, ": " + computed.value.text);
    return;
  }
  if (set.append) {
    const Value before = contact_.Get(set.property);
    if (!computed.value.set) return;
    if (before.set) computed.value.text = before.text + ", " + computed.value.text;
  }
  const std::string because = set.because.has_value() ? Fill(scene, *set.because) : std::string();
  Put(set.property, computed.value, firing, set.back_to, because);
}

bool Decision::Put(Symbol property, const Value& value, const Firing& firing, bool back_to, const std::string& because) {
  Slot& slot = contact_.slots[property];
  if (slot.value == value) {
    holders_.try_emplace(property, firing.rule);
    written_.insert(property);
    return true;
  }
  const auto holder = holders_.find(property);
  if (holder != holders_.end() && holder->second != firing.rule) {
    SayRefused("overruled", property, value, ", overruled by " + Quoted(holder->second));
    return false;
  }
  if (people_first_.contains(property) && !(round_ == 1 && firing.set_off_by == property)) {
    SayRefused("a person set it", property, value);
    return false;
  }
  if (at_ < LastWordOn(property)) {
    SayRefused("late", property, value);
    return false;
  }
  if (!back_to && IsBackward(property, slot.value, value)) {
    SayRefused("backward", property, value);
    return false;
  }
  std::string line = script_.vocabulary().property(property).name + ": " + Show(property, slot.value) + " → " + Show(property, value);
  if (!because.empty()) line += " because \"" + because + "\"";
  Say(line);
  slot = {value, at_};
  moved_ = moved_ || script_.vocabulary().FindProperty("company id") == property;
  holders_[property] = firing.rule;
  written_.insert(property);
  touched_.insert(property);
  people_first_.erase(property);
  return true;
}

bool Decision::IsBackward(Symbol property, const Value& before, const Value& after) const {
  const sema::PropertySymbol& declared = script_.vocabulary().property(property);
  if (declared.type != sema::Type::kOption || !before.set || !after.set) return false;
  const sema::OptionSymbol& from = declared.options.options[static_cast<std::size_t>(before.number)];
  const sema::OptionSymbol& to = declared.options.options[static_cast<std::size_t>(after.number)];
  return from.forward_only && to.forward_only && to.rank < from.rank;
}

std::string Decision::ManagerOf(const std::string& user) const {
  for (const sema::TeamSymbol& team : script_.vocabulary().teams()) {
    const bool member =
        std::any_of(team.members.begin(), team.members.end(), [&](const std::string& each) { return FoldCase(each) == FoldCase(user); });
    if (member && !team.manager.empty()) return team.manager;
  }
  return {};
}

std::vector<std::string> Decision::People(const sema::Recipient& recipient) const {
  switch (recipient.kind) {
    case sema::Recipient::Kind::kTeam:
      return script_.vocabulary().teams()[recipient.symbol].members;
    case sema::Recipient::Kind::kUser:
      return {recipient.user};
    default:
      break;
  }
  const Value owner = contact_.Get(recipient.symbol);
  if (!owner.set) return {};
  if (recipient.kind == sema::Recipient::Kind::kProperty) return {owner.text};
  const std::string manager = ManagerOf(owner.text);
  return manager.empty() ? std::vector<std::string>() : std::vector<std::string>{manager};
}

void Decision::SayNobody(const sema::Recipient& recipient, const std::vector<std::string>& people) {
  const bool property = recipient.kind == sema::Recipient::Kind::kProperty || recipient.kind == sema::Recipient::Kind::kManagerOfProperty;
  const std::optional<Symbol> to_blame = property ? std::optional(recipient.symbol) : std::nullopt;
  if (people.empty()) {
    SayRefused("nobody there", to_blame);
    return;
  }
  std::string names;
  for (const std::string& one : people) names += (names.empty() ? ": " : ", ") + one;
  SayRefused("deactivated", to_blame, {}, names);
}

void Decision::Do(const sema::Notify& notify, const Firing& firing) {
  const std::string text = notify.text.has_value() ? Fill(SceneOf(contact_, firing), *notify.text) : std::string();
  const std::vector<std::string> people = People(notify.recipient);
  bool told = false;
  for (const std::string& one : people) {
    if (house_.IsDeactivated(one)) continue;
    Tell(one, text);
    told = true;
  }
  if (!told) SayNobody(notify.recipient, people);
}

void Decision::Do(const sema::SendEmail& send, const Firing& firing) {
  const std::optional<Symbol> email = script_.vocabulary().FindProperty("email");
  const Value address = email.has_value() ? contact_.Get(*email) : Value();
  if (address.text.empty()) {
    SayRefused("nobody there", email);
    return;
  }
  const sema::Email& mail = script_.checked().emails[send.email];
  const Scene scene = SceneOf(contact_, firing);
  Say("e-mail \"" + mail.name + "\" to " + address.text + ": \"" + Fill(scene, mail.subject) + "\", \"" + Fill(scene, mail.body) + "\"");
  outgoing_.push_back({lines_.back(), false});
}

void Decision::Do(const sema::CallWebhook& call, const Firing& firing) {
  const Scene scene = SceneOf(contact_, firing);
  std::string line = "webhook \"" + call.name + "\"";
  for (const auto& [name, reference] : call.with) {
    line += " " + name + "=" + (Read(scene, reference).set ? ShowForPrograms(scene, reference) : "unset");
  }
  Say(line);
  outgoing_.push_back({line, false});
}

void Decision::Do(const sema::Enrol& enrol) { Enrol(enrol.sequence); }

void Decision::Enrol(std::size_t sequence) {
  const std::string end = ": " + Quoted(sequence);
  if (script_.IsDisabled(sequence)) {
    SayRefused("disabled", std::nullopt, {}, end);
  } else if (IsInProgress(sequence, contact_) || std::find(enrolled_.begin(), enrolled_.end(), sequence) != enrolled_.end()) {
    SayRefused("already running", std::nullopt, {}, end);
  } else {
    enrolled_.push_back(sequence);
    Say("starts " + Quoted(sequence));
  }
}

bool Decision::Do(const sema::Leave& leave, const Firing& firing) {
  if (std::erase(enrolled_, leave.sequence) != 0) Say("run of " + Quoted(leave.sequence) + " ends (left)");
  std::vector<std::uint32_t> runs;
  for (const Run& run : contact_.runs) {
    if (IsOf(run, leave.sequence)) runs.push_back(run.id);
  }
  for (const std::uint32_t run : runs) EndRun(run, "left");
  return script_.KeyOf(leave.sequence) != script_.KeyOf(firing.rule);
}

}  // namespace stagecraft::reference
