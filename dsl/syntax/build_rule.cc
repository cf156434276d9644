#include "dsl/syntax/build.h"

namespace stagecraft::syntax {

Trigger BuildListTrigger(Children& children) {
  return {ListTrigger{children.Need<Term>(), !children.Has(Role::kLeaving)}, children.span()};
}

Trigger BuildAnyChangeTrigger(Children& children) { return {AnyChangeTrigger{children.Need<Phrase>()}, children.span()}; }

Trigger BuildOnTrigger(Children& children) {
  Phrase phrase = children.Need<Phrase>();
  if (auto to = children.Take<Phrase>(Role::kTo)) return {ChangeTrigger{std::move(phrase), std::move(*to)}, children.span()};
  return {OnTrigger{std::move(phrase), children.Need<ConditionPtr>(Role::kWith), children.Take<Term>(Role::kAt)}, children.span()};
}

Trigger BuildStayTrigger(Children& children) {
  Duration duration = children.Need<Duration>();
  Phrase phrase = children.Need<Phrase>();
  if (!children.Has(Role::kWithout)) return {StayTrigger{std::move(duration), std::move(phrase)}, children.span()};
  return {WithoutTrigger{std::move(duration), std::move(phrase), children.Need<ConditionPtr>(Role::kWith)}, children.span()};
}

Trigger BuildTimedTrigger(Children& children) {
  TimedTrigger timed;
  timed.duration = children.Need<Duration>();
  timed.before = children.Has(Role::kBefore);
  timed.phrase = children.Need<Phrase>();
  timed.with = children.Need<ConditionPtr>(Role::kWith);
  timed.at = children.Take<Term>(Role::kAt);
  return {std::move(timed), children.span()};
}

Trigger BuildScheduleTrigger(Children& children) {
  return {ScheduleTrigger{children.Need<Days>(), children.Need<Term>(Role::kAt), children.Take<Term>()}, children.span()};
}

Trigger BuildByHandTrigger(Children& children) { return {ByHandTrigger{}, children.span()}; }

Trigger BuildTurnsTrueTrigger(Children& children) { return {TurnsTrueTrigger{children.Need<ConditionPtr>()}, children.span()}; }

// The whole sentence part, with its `on`.
Trigger BuildTrigger(Children& children) {
  Trigger trigger = children.Need<Trigger>();
  trigger.span = children.span();
  return trigger;
}

Trigger BuildSlaTrigger(Children& children) {
  SlaTrigger sla;
  sla.duration = children.Need<Duration>();
  Trigger of = children.Need<Trigger>();
  sla.of_span = of.span;
  if (auto* on = std::get_if<OnTrigger>(&of.node)) sla.of = std::move(*on);
  if (auto* change = std::get_if<ChangeTrigger>(&of.node)) sla.of = std::move(*change);
  if (auto* list = std::get_if<ListTrigger>(&of.node)) sla.of = std::move(*list);
  return {std::move(sla), children.span()};
}

Declaration BuildRule(Children& children) {
  RuleDecl rule;
  rule.name = children.Take<Term>();
  rule.trigger = children.Need<Trigger>();
  rule.modifiers = children.TakeAll<Modifier>();
  rule.actions = children.TakeAll<Action>();
  if (auto* sla = std::get_if<SlaTrigger>(&rule.trigger.node)) {
    sla->expected = children.Need<ConditionPtr>(Role::kExpected);
    rule.actions = children.Need<Otherwise>().actions;
  }
  return {std::move(rule), children.span()};
}

Declaration BuildSequence(Children& children) {
  SequenceDecl sequence;
  sequence.name = children.Need<Term>();
  sequence.modifiers = children.TakeAll<Modifier>();
  sequence.stop_when = children.Need<ConditionPtr>(Role::kStopWhen);
  sequence.steps = children.TakeAll<Action>();
  if (const Part* keyword = children.Find(Role::kFinallyKeyword)) {
    sequence.finally_span = keyword->span;
    sequence.finally = children.TakeAll<Action>(Role::kFinally);
  }
  return {std::move(sequence), children.span()};
}

}  // namespace stagecraft::syntax
