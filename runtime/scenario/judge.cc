#include "runtime/scenario/judge.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "dsl/support/text.h"
#include "runtime/exec/format.h"
#include "runtime/exec/machine.h"
#include "runtime/exec/text_match.h"

namespace stagecraft::runtime {
namespace {

using sema::TestExpectation;

// Of things that are there instead of the expected one.
constexpr std::size_t kThingsShown = 4;

std::string Quoted(std::string_view text) { return "\"" + std::string(text) + "\""; }

// Texts of a script do not tell letter cases apart.
bool Begins(std::string_view text, std::string_view beginning) {
  if (text.starts_with(beginning)) return true;
  return FoldCase(text).starts_with(FoldCase(beginning));
}

std::string Times(std::size_t count) { return count == 1 ? "once" : std::to_string(count) + " times"; }

// True iff `count` of what is expected are as many as they should be.
bool IsEnough(const TestExpectation& expectation, std::size_t count) {
  if (expectation.negated) return expectation.times ? count != *expectation.times : count == 0;
  return expectation.times ? count == *expectation.times : count > 0;
}

std::string JoinShown(const std::vector<std::string>& things) {
  std::string joined;
  for (std::size_t i = 0; i < things.size() && i < kThingsShown; ++i) joined += (i == 0 ? "" : "; ") + things[i];
  if (things.size() > kThingsShown) joined += "; and " + std::to_string(things.size() - kThingsShown) + " more";
  return joined;
}

}  // namespace

std::string Judge::Shown(Micros at) const { return FormatTime(at, prepared_.calendar.zone()); }

bool Judge::IsNamed(std::uint32_t rule, const std::string& name) const { return SameName(program_.rules[rule].name, name); }

std::optional<std::string> Judge::Contradict(const TestExpectation& expectation) {
  switch (expectation.kind) {
    case TestExpectation::Kind::kCondition:
      return Condition(expectation);
    case TestExpectation::Kind::kTask:
      return Tasks(expectation);
    case TestExpectation::Kind::kNotification:
      return Notifications(expectation);
    case TestExpectation::Kind::kEmail:
      return Deliveries(expectation, DeliveryKind::kEmail);
    case TestExpectation::Kind::kWebhook:
      return Deliveries(expectation, DeliveryKind::kWebhook);
    case TestExpectation::Kind::kDeal:
      return Deals(expectation);
    case TestExpectation::Kind::kSequence:
      return Sequence(expectation);
    case TestExpectation::Kind::kRule:
      return Fired(expectation);
    case TestExpectation::Kind::kSla:
      return Sla(expectation);
    case TestExpectation::Kind::kPromise: {
      const std::optional<std::string> broken = BrokenPromise();
      if (broken.has_value() != expectation.negated) return std::nullopt;
      return broken ? "the promise " + Quoted(*broken) + " is broken" : "every promise is kept";
    }
  }
  return std::nullopt;
}

// ---- the contact's state ------------------------------------------------------------------------------------------------

std::optional<std::string> Judge::Condition(const TestExpectation& expectation) {
  const ir::TestCondition& condition = prepared_.suite.conditions[expectation.condition_number];
  const runtime::Contact& contact = world_.contact();
  if (world_.view().Meets(contact, condition.compiled)) return expectation.because ? Reason(expectation) : std::nullopt;
  std::string is;
  for (const ir::TestCondition::Read& read : condition.reads) is += (is.empty() ? "" : ", ") + ShownReading(contact, read);
  return is.empty() ? "that does not hold" : is;
}

std::string Judge::ShownReading(const runtime::Contact& contact, const ir::TestCondition::Read& read) const {
  Scene scene;
  scene.program = &program_;
  scene.calendar = &prepared_.calendar;
  scene.contact = &contact;
  const Reading reading = Read(scene, read.operand);
  if (read.is_list) return (reading.number != 0 ? "the contact is in the list " : "the contact is not in the list ") + Quoted(read.name);
  if (!reading.set) return read.name + " is not set";
  std::string shown = read.name + " is ";
  AppendReading(scene, read.operand, reading, shown);
  return shown;
}

std::optional<std::string> Judge::Reason(const TestExpectation& expectation) {
  const auto slot = prepared_.SlotOf(expectation.property);
  const std::vector<Record>& records = world_.records();
  for (std::size_t i = records.size(); i > world_.given_records(); --i) {
    const std::vector<Effect>& effects = records[i - 1].effects;
    const auto change = std::find_if(effects.rbegin(), effects.rend(), [&](const Effect& effect) {
      return effect.kind == EffectKind::kPropertySet && effect.target == slot;
    });
    if (change == effects.rend()) continue;
    if (Begins(change->text, *expectation.because)) return std::nullopt;
    if (change->text.empty()) return expectation.property + " was changed without a reason";
    return "the reason for " + expectation.property + " is " + Quoted(change->text);
  }
  return "nothing has changed " + expectation.property + " since the test began";
}

// ---- rules and runs --------------------------------------------------------------------------------------------------------

std::optional<std::string> Judge::Fired(const TestExpectation& expectation) {
  std::size_t count = 0;
  for (const Record& record : world_.records()) {
    count += static_cast<std::size_t>(std::count_if(record.effects.begin(), record.effects.end(), [&](const Effect& effect) {
      return effect.kind == EffectKind::kRuleFired && IsNamed(effect.target, *expectation.text);
    }));
  }
  if (IsEnough(expectation, count)) return std::nullopt;
  return count == 0 ? "the rule did not fire" : "the rule fired " + Times(count);
}

std::optional<std::string> Judge::Sequence(const TestExpectation& expectation) {
  std::string running;
  bool found = false;
  for (const Run& run : world_.contact().runs()) {
    const ir::Rule& rule = program_.rules[run.rule];
    if (rule.kind != ir::RuleKind::kSequence) continue;
    found = found || SameName(rule.name, *expectation.text);
    running += (running.empty() ? "" : ", ") + Quoted(rule.name);
  }
  if (found != expectation.negated) return std::nullopt;
  return running.empty() ? "no sequence is running" : "running: " + running;
}

std::optional<std::string> Judge::Sla(const TestExpectation& expectation) {
  const auto is_meant = [&](std::uint32_t rule) {
    return program_.rules[rule].kind == ir::RuleKind::kSla && (!expectation.text || IsNamed(rule, *expectation.text));
  };
  std::vector<std::string> states;
  bool found = false;
  const auto note = [&](std::uint32_t rule, sema::SlaState state, std::string_view word) {
    found = found || state == expectation.state;
    states.push_back(program_.rules[rule].name + ": " + std::string(word));
  };
  for (const Record& record : world_.records()) {
    for (const Effect& effect : record.effects) {
      if (effect.kind != EffectKind::kRunEnded || !is_meant(effect.target)) continue;
      if (effect.detail == static_cast<std::uint8_t>(RunEnd::kMet)) note(effect.target, sema::SlaState::kMet, "met");
      if (effect.detail == static_cast<std::uint8_t>(RunEnd::kMissed)) note(effect.target, sema::SlaState::kMissed, "missed");
    }
  }
  for (const Run& run : world_.contact().runs()) {
    // What is done about a miss is no SLA that runs.
    if (is_meant(run.rule) && (run.at == 0 || !run.HasBegun()))
      note(run.rule, sema::SlaState::kRunning, "running until " + Shown(run.WakesAt()));
  }
  if (found != expectation.negated) return std::nullopt;
  return states.empty() ? "there is no SLA under way, nor was there one" : JoinShown(states);
}

std::optional<std::string> Judge::BrokenPromise() {
  const std::vector<Record>& records = world_.records();
  for (std::size_t i = world_.given_records(); i < records.size(); ++i) {
    for (const Effect& effect : records[i].effects) {
      if (effect.kind == EffectKind::kPromiseBroken) return program_.promises[effect.target].text;
    }
  }
  return std::nullopt;
}

// ---- tasks, notifications, deals, deliveries -----------------------------------------------------------------------------

bool Judge::IsFor(const std::optional<sema::TestRecipient>& recipient, std::string_view user) const {
  if (!recipient) return true;
  using Kind = sema::Recipient::Kind;
  if (recipient->kind == Kind::kUser) return SameName(user, recipient->name);
  if (recipient->kind == Kind::kTeam) {
    return std::any_of(program_.teams.begin(), program_.teams.end(), [&](const ir::Team& team) {
      const auto is_user = [&](const std::string& member) { return SameName(member, user); };
      return team.declared && SameName(team.name, recipient->name) && std::any_of(team.members.begin(), team.members.end(), is_user);
    });
  }
  const auto slot = prepared_.SlotOf(recipient->name);
  const std::string_view holder = slot ? world_.contact().Text(*slot) : std::string_view();
  const std::string_view wanted = recipient->kind == Kind::kManagerOfProperty ? world_.view().ManagerOf(holder) : holder;
  return !wanted.empty() && SameName(user, wanted);
}

template <typename Thing, typename Matches, typename Describe>
std::optional<std::string> Judge::Things(const TestExpectation& expectation, std::vector<Thing> Record::*things, std::string_view word,
                                         Matches matches, Describe describe) {
  std::vector<std::string> matching;
  std::vector<std::string> others;
  for (const Record& record : world_.records()) {
    for (const Thing& thing : record.*things) (matches(thing) ? matching : others).push_back(describe(thing));
  }
  if (IsEnough(expectation, matching.size())) return std::nullopt;
  if (!matching.empty()) {
    if (matching.size() == 1) return "there is one: " + JoinShown(matching);
    return "there are " + std::to_string(matching.size()) + ": " + JoinShown(matching);
  }
  return others.empty() ? "there is no " + std::string(word) : "there is only " + JoinShown(others);
}

std::optional<std::string> Judge::Tasks(const TestExpectation& expectation) {
  return Things(
      expectation, &Record::tasks, "task",
      [&](const Task& task) {
        const bool due =
            !expectation.due_in ||
            (task.due_at && *task.due_at == prepared_.calendar.Add(task.created_at, {expectation.due_in->micros, expectation.due_in->months,
                                                                                     expectation.due_in->business}));
        return Begins(task.title, expectation.text.value_or("")) && due && IsFor(expectation.recipient, task.assignee);
      },
      [&](const Task& task) {
        return "task " + Quoted(task.title) + " for " + (task.assignee.empty() ? "nobody" : task.assignee) +
               (task.due_at ? ", due " + Shown(*task.due_at) : "");
      });
}

std::optional<std::string> Judge::Notifications(const TestExpectation& expectation) {
  return Things(
      expectation, &Record::notifications, "notification",
      [&](const Notification& notification) {
        return Begins(notification.text, expectation.text.value_or("")) && IsFor(expectation.recipient, notification.recipient);
      },
      [&](const Notification& notification) { return "notification " + Quoted(notification.text) + " to " + notification.recipient; });
}

// The deal is in the stage, or was.
bool Judge::HasBeenAt(const Deal& made, std::string_view stage) const {
  const std::vector<Deal>& deals = world_.view().deals();
  const auto deal = std::lower_bound(deals.begin(), deals.end(), made.id, [](const Deal& each, std::int64_t id) { return each.id < id; });
  return std::any_of(deal->stages.begin(), deal->stages.end(), [&](const DealStage& each) { return SameName(each.stage, stage); });
}

std::optional<std::string> Judge::Deals(const TestExpectation& expectation) {
  return Things(
      expectation, &Record::deals, "deal",
      [&](const Deal& deal) {
        return Begins(deal.name, expectation.text.value_or("")) && (!expectation.stage || HasBeenAt(deal, *expectation.stage));
      },
      [&](const Deal& deal) { return "deal " + Quoted(deal.name) + " at " + Quoted(deal.stage); });
}

std::optional<std::string> Judge::Deliveries(const TestExpectation& expectation, DeliveryKind kind) {
  const bool email = kind == DeliveryKind::kEmail;
  return Things(
      expectation, &Record::deliveries, email ? "e-mail" : "call of a webhook",
      [&](const Delivery& delivery) { return delivery.kind == kind && (!expectation.text || SameName(delivery.name, *expectation.text)); },
      [](const Delivery& delivery) { return (delivery.kind == DeliveryKind::kEmail ? "e-mail " : "webhook ") + Quoted(delivery.name); });
}

}  // namespace stagecraft::runtime
