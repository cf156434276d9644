#include <algorithm>
#include <future>
#include <string>
#include <string_view>
#include <utility>

#define XXH_INLINE_ALL
#include <xxhash.h>

#include "dsl/ir/lowering.h"
#include "dsl/ir/rule_text.h"
#include "dsl/support/beside.h"

namespace stagecraft::ir {
namespace {

// How the keys of rules with a name begin, in front of it and a quotation mark.
constexpr std::string_view kRuleKey = "rule \"";
constexpr std::string_view kSequenceKey = "sequence \"";

RuleKind LowerKind(sema::Rule::Kind kind) {
  switch (kind) {
    case sema::Rule::Kind::kRule:
      return RuleKind::kRule;
    case sema::Rule::Kind::kSequence:
      return RuleKind::kSequence;
    case sema::Rule::Kind::kSla:
      return RuleKind::kSla;
  }
  return RuleKind::kRule;
}

Rule::Once LowerOnce(sema::Rule::Once once) {
  switch (once) {
    case sema::Rule::Once::kAlways:
      return Rule::Once::kAlways;
    case sema::Rule::Once::kPerContact:
      return Rule::Once::kPerContact;
    case sema::Rule::Once::kPerPeriod:
      return Rule::Once::kPerPeriod;
  }
  return Rule::Once::kAlways;
}

// What people called the rule of this key (Lowering::NumberRules, RetiredKey).
std::string NameIn(std::string_view key) {
  constexpr std::string_view kRetired = " of revision ";
  const std::size_t retired = key.rfind(kRetired);
  const bool is_retired =
      retired != std::string_view::npos && key.find_first_not_of("0123456789", retired + kRetired.size()) == std::string_view::npos;
  if (is_retired) key = key.substr(0, retired);
  for (const std::string_view kind : {kRuleKey, kSequenceKey}) {
    if (key.starts_with(kind)) return std::string(key.substr(kind.size(), key.size() - kind.size() - 1));
  }
  return std::string(key.substr(0, key.rfind(" #")));
}

}  // namespace

// Before any rule is lowered: a rule may start a sequence that stands below it.
void Lowering::NumberRules() {
  for (const sema::Rule& rule : script_.rules) {
    std::string key(rule.kind == sema::Rule::Kind::kSequence ? kSequenceKey : kRuleKey);
    key += rule.name + "\"";
    if (rule.name.empty()) key = rule.text + " #" + std::to_string(++equal_triggers_[rule.text]);
    rule_numbers_.push_back(program_->layout.rules.Intern(key));
  }
}

// Rules by number; those that no script declares any more keep their number and their name.
void Lowering::LowerRules() {
  NumberRules();
  program_->rules.resize(program_->layout.rules.size());
  // No other part of a rule comes from its hash, nor the hash from another part.
  std::future<void> hashing = Beside(script_.rules.size() >= kManyRules, [this] { HashRules(); });
  for (std::uint32_t order = 0; order < script_.rules.size(); ++order) LowerRule(script_.rules[order], order);
  hashing.get();
  LowerRetired();
  for (std::uint32_t number = 0; number < program_->rules.size(); ++number) {
    Rule& rule = program_->rules[number];
    if (rule.of_revision != 0) continue;
    rule.family = number;
    if (rule.declared) continue;
    rule.name = NameIn(program_->layout.rules.Name(number));
    if (program_->layout.rules.Name(number).starts_with(kSequenceKey)) rule.kind = RuleKind::kSequence;
  }
}

// Behind the rules of the scripts, in their own order (E2).
void Lowering::LowerRetired() {
  auto order = static_cast<std::uint32_t>(script_.rules.size());
  for (std::size_t i = 0; i < retired_.size(); ++i) {
    if (!script_.retired[i].problem.empty()) continue;
    const sema::Rule& source = script_.retired[i].rule;
    const Rule& today = program_->rules[retired_[i].family];
    const std::string text = CanonicalText(source, script_);
    const std::uint64_t hash = XXH3_64bits(text.data(), text.size());
    if (today.declared && today.code_hash == hash) {
      settled_.push_back({retired_[i].family, retired_[i].revision, {}});
      continue;
    }
    RetiredRule& retired = program_->layout.retired.emplace_back(retired_[i]);
    retired.rule = program_->layout.rules.Intern(RetiredKey(program_->layout.rules.Name(retired.family), retired.revision));
    if (program_->rules.size() <= retired.rule) program_->rules.resize(retired.rule + std::size_t{1});
    Rule& rule = program_->rules[retired.rule];
    LowerBody(source, order++, rule);
    rule.of_revision = retired.revision;
    rule.family = retired.family;
    rule.code_hash = hash;
    rule.disabled = program_->rules[retired.family].disabled;
    rule.trigger = TriggerKind::kNone;
  }
}

void Lowering::LowerRule(const sema::Rule& source, std::uint32_t order) {
  Rule& rule = program_->rules[rule_numbers_[order]];
  rule.declared = true;
  rule.disabled = source.disabled;
  rule.migrate = source.migrate;
  LowerBody(source, order, rule);
  LowerTrigger(source.trigger, rule);
  const bool with_trigger = source.trigger.kind == sema::Trigger::Kind::kChanges;
  rule.condition = with_trigger ? graph_.BuildAll({source.trigger.condition, source.guard}) : graph_.Build(source.guard);
}

// All but what sets it off, and when.
void Lowering::LowerBody(const sema::Rule& source, std::uint32_t order, Rule& rule) {
  rule.name = source.name.empty() ? source.text : source.name;
  rule.kind = LowerKind(source.kind);
  rule.order = order;
  rule.place = PlaceOf(source.span);
  rule.once = LowerOnce(source.once);
  rule.period = LowerDuration(source.period);
  rule.every_time = source.every_time;
  if (source.until.has_value()) rule.until = graph_.Build(*source.until);
  LowerActions(source, rule);
}

void Lowering::HashRules() {
  for (std::size_t order = 0; order < script_.rules.size(); ++order) {
    const std::string text = CanonicalText(script_.rules[order], script_);
    program_->rules[rule_numbers_[order]].code_hash = XXH3_64bits(text.data(), text.size());
  }
}

void Lowering::LowerEventTrigger(const sema::Trigger& trigger, Rule& rule) {
  rule.trigger = TriggerKind::kEvent;
  std::vector<Entry> conditions;
  for (const sema::EventMatch& match : trigger.events) {
    rule.events.push_back(numbering_.events[match.event]);
    conditions.push_back(graph_.BuildAll(match.conditions));
  }
  const bool same = std::all_of(conditions.begin(), conditions.end(), [&](Entry entry) { return entry == conditions.front(); });
  if (same) {
    rule.event_condition = conditions.empty() ? kHolds : conditions.front();
  } else {
    rule.event_conditions = std::move(conditions);
  }
}

void Lowering::LowerTimings(const sema::Trigger& trigger, Rule& rule) {
  rule.trigger = TriggerKind::kEventTimed;
  rule.before = trigger.kind == sema::Trigger::Kind::kBeforeEvent;
  const auto add = [&](const sema::EventMatch& match, std::optional<std::uint32_t> field) {
    rule.timings.push_back({numbering_.events[match.event], graph_.BuildAll(match.conditions), field});
  };
  if (!rule.before) {
    for (const sema::EventMatch& match : trigger.events) add(match, std::nullopt);
    return;
  }
  for (const sema::Trigger::Announcement& announcement : trigger.announcements) {
    add(announcement.match, numbering_.fields[announcement.match.event][announcement.field]);
  }
  for (const sema::Symbol event : trigger.withdrawals) rule.withdrawals.push_back(numbering_.events[event]);
}

void Lowering::LowerSchedule(const sema::Trigger& trigger, Rule& rule) {
  rule.trigger = TriggerKind::kSchedule;
  rule.recurrence = LowerRecurrence(trigger.recurrence);
  rule.slot = kNoList;
  rule.node = kNoList;
  if (trigger.on_everybody) return;
  const sema::ListSymbol& list = script_.vocabulary.lists()[trigger.symbol];
  if (list.by_hand) {
    rule.slot = numbering_.slots[list.member];
  } else {
    rule.node = numbering_.nodes[list.member];
  }
}

void Lowering::LowerTrigger(const sema::Trigger& trigger, Rule& rule) {
  using Kind = sema::Trigger::Kind;
  const auto mask = [&](const std::vector<std::uint32_t>& options) {
    sema::Reference property;
    property.symbol = trigger.symbol;
    return graph_.OptionMask(property, options);
  };
  rule.delay = LowerDuration(trigger.delay);
  switch (trigger.kind) {
    case Kind::kEvent:
      LowerEventTrigger(trigger, rule);
      break;
    case Kind::kBecomes:
    case Kind::kStays:
      rule.trigger = trigger.kind == Kind::kBecomes ? TriggerKind::kBecomes : TriggerKind::kStays;
      rule.slot = numbering_.slots[trigger.symbol];
      rule.mask = mask(trigger.options);
      if (trigger.from.has_value()) rule.from_mask = mask(*trigger.from);
      break;
    case Kind::kChanges:
      rule.trigger = TriggerKind::kChanges;
      rule.slot = numbering_.slots[trigger.symbol];
      break;
    case Kind::kRises:
    case Kind::kFalls:
      rule.trigger = trigger.kind == Kind::kRises ? TriggerKind::kNodeRises : TriggerKind::kNodeFalls;
      rule.node = numbering_.nodes[trigger.symbol];
      break;
    case Kind::kTurnsTrue:
      rule.trigger = TriggerKind::kNodeRises;
      rule.node = WatchOf(trigger.condition, rule.place);
      break;
    case Kind::kWithout:
      rule.trigger = TriggerKind::kWithout;
      rule.tracker = TrackerOf(trigger.events, 0, false, trigger.span);
      break;
    case Kind::kAfterEvent:
    case Kind::kBeforeEvent:
      LowerTimings(trigger, rule);
      break;
    case Kind::kDate:
      rule.trigger = TriggerKind::kDate;
      rule.date = graph_.LowerReference(trigger.reference);
      rule.before = trigger.before;
      rule.minute = trigger.minute;
      break;
    case Kind::kSchedule:
      LowerSchedule(trigger, rule);
      break;
    case Kind::kNone:
      rule.trigger = TriggerKind::kNone;
      break;
  }
}

}  // namespace stagecraft::ir
