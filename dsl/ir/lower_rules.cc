#include <string>
#include <type_traits>
#include <utility>
#include <variant>

#include "dsl/ir/lowering.h"

namespace stagecraft::ir {
namespace {

Priority LowerPriority(sema::Priority priority) {
  switch (priority) {
    case sema::Priority::kNormal:
      return Priority::kNormal;
    case sema::Priority::kLow:
      return Priority::kLow;
    case sema::Priority::kHigh:
      return Priority::kHigh;
  }
  return Priority::kNormal;
}

}  // namespace

// Rules by number; those that no script declares any more keep their number and their key as a name.
void Lowering::LowerRules() {
  for (std::uint32_t order = 0; order < script_.rules.size(); ++order) LowerRule(script_.rules[order], order);
  program_->rules.resize(program_->layout.rules.size());
  for (std::uint32_t number = 0; number < program_->rules.size(); ++number) {
    Rule& rule = program_->rules[number];
    if (!rule.declared) rule.name = program_->layout.rules.Name(number);
  }
}

std::uint32_t Lowering::RuleNumber(const sema::Rule& rule) {
  std::string key = "rule \"" + rule.name + "\"";
  if (rule.name.empty()) key = rule.text + " #" + std::to_string(++equal_triggers_[rule.text]);
  return program_->layout.rules.Intern(key);
}

void Lowering::LowerRule(const sema::Rule& source, std::uint32_t order) {
  const std::uint32_t number = RuleNumber(source);
  if (program_->rules.size() <= number) program_->rules.resize(number + 1);
  Rule rule;
  rule.name = source.name.empty() ? source.text : source.name;
  rule.order = order;
  rule.place = PlaceOf(source.span);
  rule.declared = true;
  rule.disabled = source.disabled;
  LowerTrigger(source.trigger, rule);
  std::vector<sema::Condition> guards = {source.trigger.kind == sema::Trigger::Kind::kChanges ? source.trigger.condition : sema::Always(),
                                         source.guard};
  rule.condition = graph_.BuildAll(guards);
  for (const sema::Action& action : source.actions) rule.actions.push_back(LowerAction(action));
  program_->rules[number] = std::move(rule);
  rules_in_order_.push_back(number);
}

void Lowering::LowerTrigger(const sema::Trigger& trigger, Rule& rule) {
  const auto mask = [&](const std::vector<std::uint32_t>& options) {
    sema::Reference property;
    property.symbol = trigger.symbol;
    return graph_.OptionMask(property, options);
  };
  switch (trigger.kind) {
    case sema::Trigger::Kind::kEvent:
      rule.trigger = TriggerKind::kEvent;
      for (const sema::EventMatch& match : trigger.events) rule.events.push_back(numbering_.events[match.event]);
      // Only a single event can have conditions on its fields.
      rule.event_condition = graph_.BuildAll(trigger.events.front().conditions);
      break;
    case sema::Trigger::Kind::kBecomes:
    case sema::Trigger::Kind::kStays:
      rule.trigger = trigger.kind == sema::Trigger::Kind::kBecomes ? TriggerKind::kBecomes : TriggerKind::kStays;
      rule.slot = numbering_.slots[trigger.symbol];
      rule.mask = mask(trigger.options);
      if (trigger.from.has_value()) rule.from_mask = mask(*trigger.from);
      rule.delay_us = trigger.delay_us;
      break;
    case sema::Trigger::Kind::kChanges:
      rule.trigger = TriggerKind::kChanges;
      rule.slot = numbering_.slots[trigger.symbol];
      break;
    case sema::Trigger::Kind::kRises:
    case sema::Trigger::Kind::kFalls:
      rule.trigger = trigger.kind == sema::Trigger::Kind::kRises ? TriggerKind::kNodeRises : TriggerKind::kNodeFalls;
      rule.node = numbering_.nodes[trigger.symbol];
      break;
    case sema::Trigger::Kind::kTurnsTrue:
      rule.trigger = TriggerKind::kNodeRises;
      rule.node = WatchOf(trigger.condition, rule.place);
      break;
  }
}

std::uint32_t Lowering::TemplateOf(const sema::Text& text) {
  std::string key;
  Template parts;
  for (const sema::TextPart& part : text) {
    TextPart lowered;
    if (part.reference.has_value()) {
      lowered.operand = graph_.LowerReference(*part.reference);
      key += "{" + sema::CanonicalText(*part.reference, script_.vocabulary) + "}";
    } else {
      lowered.literal = part.literal;
      key += std::to_string(part.literal.size()) + ":" + part.literal;
    }
    parts.push_back(std::move(lowered));
  }
  const auto [it, added] = templates_.emplace(std::move(key), static_cast<std::uint32_t>(program_->templates.size()));
  if (added) program_->templates.push_back(std::move(parts));
  return it->second;
}

std::optional<std::uint32_t> Lowering::OptionalTemplate(const std::optional<sema::Text>& text) {
  if (!text.has_value()) return std::nullopt;
  return TemplateOf(*text);
}

ValueExpr Lowering::LowerValue(const sema::SetValue& set) {
  ValueExpr value;
  if (const auto* constant = std::get_if<std::int64_t>(&set.value)) {
    const bool option = script_.vocabulary.property(set.property).type == Type::kOption;
    value.constant = option ? std::int64_t{numbering_.options[set.property][static_cast<std::size_t>(*constant)]} : *constant;
  } else if (const auto* reference = std::get_if<sema::Reference>(&set.value)) {
    value.kind = ValueExpr::Kind::kCopy;
    value.copy = graph_.LowerReference(*reference);
  } else {
    value.kind = ValueExpr::Kind::kTemplate;
    value.template_index = TemplateOf(std::get<sema::Text>(set.value));
  }
  return value;
}

Recipient Lowering::LowerRecipient(const sema::Recipient& recipient) const {
  Recipient result;
  switch (recipient.kind) {
    case sema::Recipient::Kind::kProperty:
      result.kind = RecipientKind::kUserProperty;
      result.slot = numbering_.slots[recipient.symbol];
      break;
    case sema::Recipient::Kind::kManagerOfProperty:
      result.kind = RecipientKind::kManagerOfUserProperty;
      result.slot = numbering_.slots[recipient.symbol];
      break;
    case sema::Recipient::Kind::kUser:
      result.kind = RecipientKind::kUser;
      result.user = recipient.user;
      break;
    case sema::Recipient::Kind::kTeam:
      result.kind = RecipientKind::kTeam;
      result.team = numbering_.teams[recipient.symbol];
      break;
  }
  return result;
}

Action Lowering::LowerAction(const sema::Action& source) {
  Action action;
  action.place = PlaceOf(source.span);
  if (const auto* set = std::get_if<sema::SetValue>(&source.node)) {
    action.kind = ActionKind::kSet;
    action.slot = numbering_.slots[set->property];
    action.value = LowerValue(*set);
    action.back_to = set->back_to;
    action.because = OptionalTemplate(set->because);
  } else if (const auto* clear = std::get_if<sema::ClearValue>(&source.node)) {
    action.kind = ActionKind::kClear;
    action.slot = numbering_.slots[clear->property];
  } else if (const auto* assign = std::get_if<sema::AssignRotation>(&source.node)) {
    action.kind = ActionKind::kAssignRotation;
    action.slot = numbering_.slots[assign->property];
    action.team = numbering_.teams[assign->team];
  } else if (const auto* notify = std::get_if<sema::Notify>(&source.node)) {
    action.kind = ActionKind::kNotify;
    action.recipient = LowerRecipient(notify->recipient);
    action.has_recipient = true;
    action.text = OptionalTemplate(notify->text);
  } else {
    const auto& task = std::get<sema::CreateTask>(source.node);
    action.kind = ActionKind::kCreateTask;
    action.text = TemplateOf(task.title);
    action.has_recipient = task.assignee.has_value();
    if (task.assignee.has_value()) action.recipient = LowerRecipient(*task.assignee);
    if (task.due_in.has_value()) action.due_in = Duration{task.due_in->micros, task.due_in->business};
    action.priority = LowerPriority(task.priority);
  }
  return action;
}

}  // namespace stagecraft::ir
