#include "dsl/syntax/build.h"

namespace stagecraft::syntax {

Trigger BuildListTrigger(Children& children) {
  return {ListTrigger{children.Need<Term>(), !children.Has(Role::kLeaving)}, children.span()};
}

Trigger BuildAnyChangeTrigger(Children& children) { return {AnyChangeTrigger{children.Need<Phrase>()}, children.span()}; }

Trigger BuildOnTrigger(Children& children) {
  Phrase phrase = children.Need<Phrase>();
  if (auto to = children.Take<Phrase>(Role::kTo)) return {ChangeTrigger{std::move(phrase), std::move(*to)}, children.span()};
  return {OnTrigger{std::move(phrase), children.Need<ConditionPtr>(Role::kWith)}, children.span()};
}

Trigger BuildStayTrigger(Children& children) { return {StayTrigger{children.Need<Duration>(), children.Need<Phrase>()}, children.span()}; }

Trigger BuildTurnsTrueTrigger(Children& children) { return {TurnsTrueTrigger{children.Need<ConditionPtr>()}, children.span()}; }

// The whole sentence part, with its `on`.
Trigger BuildTrigger(Children& children) {
  Trigger trigger = children.Need<Trigger>();
  trigger.span = children.span();
  return trigger;
}

Recipient BuildRecipient(Children& children) { return {children.Has(Role::kManagerOf), children.Need<Phrase>(), children.span()}; }

Action BuildSet(Children& children) {
  SetAction action;
  action.phrase = children.Need<Phrase>();
  action.back_to = children.Has(Role::kBackTo);
  action.value = children.Take<Phrase>(Role::kBackTo);
  action.because = children.Take<Term>(Role::kBecause);
  if (!action.back_to && action.phrase.terms.size() == 1) {
    const Term& only = action.phrase.terms.front();
    children.builder().Report(Code::kMissingValue, only.span, "`set` without a value for `" + only.text + "`", "set to what?",
                              {"write `set " + only.text + " VALUE`, or `clear " + only.text + "` to unset it"});
  }
  return {std::move(action), children.span()};
}

Action BuildClear(Children& children) { return {ClearAction{children.Need<Phrase>()}, children.span()}; }

Action BuildAssign(Children& children) {
  AssignAction action;
  action.property = children.Need<Phrase>();
  action.team = children.Take<Term>(Role::kFrom);
  action.method = children.Take<Phrase>(Role::kMethod);
  action.to = children.Take<Phrase>(Role::kTo);
  return {std::move(action), children.span()};
}

Action BuildNotify(Children& children) { return {NotifyAction{children.Need<Recipient>(), children.Take<Term>()}, children.span()}; }

Action BuildCreateTask(Children& children) {
  CreateTaskAction action;
  action.title = children.Need<Term>();
  action.assignee = children.Take<Recipient>(Role::kFor);
  action.due_in = children.Take<Duration>(Role::kDueIn);
  action.priority = children.Take<Term>(Role::kPriority);
  return {std::move(action), children.span()};
}

Action BuildAddToList(Children& children) { return {AddToListAction{children.Need<Term>()}, children.span()}; }

Action BuildRemoveFromList(Children& children) { return {RemoveFromListAction{children.Need<Term>()}, children.span()}; }

Declaration BuildRule(Children& children) {
  RuleDecl rule;
  rule.name = children.Take<Term>();
  rule.trigger = children.Need<Trigger>();
  rule.guards = children.TakeAll<ConditionPtr>(Role::kGuard);
  rule.disabled = children.Has(Role::kDisabled);
  rule.actions = children.TakeAll<Action>();
  return {std::move(rule), children.span()};
}

}  // namespace stagecraft::syntax
