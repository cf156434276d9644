#include "dsl/syntax/build.h"

namespace stagecraft::syntax {

namespace {

// The place of the `since` that a wait's last event says of the whole wait (`wait until call connected or email replied since SQL`);
// null when that event has none or another says one of its own.
std::optional<Phrase>* SinceOfWait(Condition& condition) {
  if (auto* bare = std::get_if<BareCondition>(&condition.node)) return bare->since ? &bare->since : nullptr;
  std::vector<ConditionPtr>* operands = nullptr;
  if (auto* all = std::get_if<AndCondition>(&condition.node)) operands = &all->operands;
  if (auto* any = std::get_if<OrCondition>(&condition.node)) operands = &any->operands;
  if (operands == nullptr) return nullptr;
  for (std::size_t i = 0; i + 1 < operands->size(); ++i) {
    const auto* bare = std::get_if<BareCondition>(&(*operands)[i]->node);
    if (bare != nullptr && bare->since) return nullptr;
  }
  auto* last = std::get_if<BareCondition>(&operands->back()->node);
  return last != nullptr && last->since ? &last->since : nullptr;
}

}  // namespace

Recipient BuildRecipient(Children& children) { return {children.Has(Role::kManagerOf), children.Need<Phrase>(), children.span()}; }

ArithmeticStep BuildArithmeticStep(Children& children) {
  ArithmeticStep step;
  step.op = children.Need<ArithmeticOp>();
  step.op_span = children.FindOf<ArithmeticOp>()->span;
  if (auto duration = children.Take<Duration>()) {
    step.operand = std::move(*duration);
  } else {
    step.operand = children.Need<Phrase>();
  }
  return step;
}

Action BuildSet(Children& children) {
  SetAction action;
  action.phrase = children.Need<Phrase>();
  action.rest = children.TakeAll<ArithmeticStep>();
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

Action BuildCopy(Children& children) { return {CopyAction{children.Need<Phrase>(), children.Need<Phrase>(Role::kTo)}, children.span()}; }

Action BuildAdd(Children& children) {
  return {AddAction{children.Has(Role::kSubtract), children.Need<Phrase>(), children.Need<Phrase>(Role::kTo)}, children.span()};
}

Action BuildAppend(Children& children) {
  return {AppendAction{children.Need<Phrase>(), children.Need<Phrase>(Role::kTo)}, children.span()};
}

Action BuildAssign(Children& children) {
  AssignAction action;
  action.property = children.Need<Phrase>();
  action.team = children.Take<Term>(Role::kFrom);
  action.method = children.Take<Phrase>(Role::kMethod);
  action.keeping = children.Take<Phrase>(Role::kKeeping);
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
  if (const Part* remind = children.Find(Role::kRemind)) {
    action.remind = true;
    action.remind_span = remind->span;
    action.remind_before = children.Take<Duration>(Role::kRemind);
  }
  return {std::move(action), children.span()};
}

Action BuildCreateDeal(Children& children) {
  CreateDealAction action;
  action.title = children.Need<Term>();
  action.pipeline = children.Need<Term>(Role::kPipeline);
  action.stage = children.Take<Term>(Role::kStage);
  action.amount = children.Take<Phrase>(Role::kAmount);
  return {std::move(action), children.span()};
}

Action BuildMoveDeal(Children& children) {
  return {MoveDealAction{children.Take<Term>(Role::kPipeline), children.Need<Term>(Role::kStage)}, children.span()};
}

// The whole sentence, with its `create`.
Action BuildCreate(Children& children) {
  Action action = children.Need<Action>();
  action.span = children.span();
  return action;
}

Action BuildAddToList(Children& children) { return {AddToListAction{children.Need<Term>()}, children.span()}; }

Action BuildRemoveFromList(Children& children) { return {RemoveFromListAction{children.Need<Term>()}, children.span()}; }

Action BuildSendEmail(Children& children) { return {SendEmailAction{children.Need<Term>()}, children.span()}; }

Action BuildCallWebhook(Children& children) {
  return {CallWebhookAction{children.Need<Term>(), children.TakeAll<Phrase>(Role::kWith)}, children.span()};
}

Action BuildEnrol(Children& children) { return {EnrolAction{children.Need<Term>()}, children.span()}; }

Action BuildLeave(Children& children) { return {LeaveAction{children.Need<Term>()}, children.span()}; }

Otherwise BuildOtherwise(Children& children) { return {children.TakeAll<Action>(), children.Has(Role::kDo), children.span()}; }

Action BuildWait(Children& children) {
  WaitAction wait;
  wait.duration = children.Take<Duration>();
  wait.until = children.Need<ConditionPtr>();
  wait.days = children.Take<Days>();
  wait.at = children.Take<Term>(Role::kAt);
  wait.since = children.Take<Phrase>(Role::kSince);
  wait.at_most = children.Take<Duration>(Role::kAtMost);
  wait.otherwise = children.Take<Otherwise>();
  if (wait.until && !wait.since) {
    if (auto* since = SinceOfWait(*wait.until)) {
      wait.since = std::move(*since);
      since->reset();
    }
  }
  return {std::move(wait), children.span()};
}

IfAction::Branch BuildBranch(Children& children) {
  IfAction::Branch branch{children.Need<ConditionPtr>(), children.TakeAll<Action>(), children.span()};
  branch.span.end = branch.condition->span.end;
  return branch;
}

Action BuildIf(Children& children) {
  IfAction action;
  action.branches = children.TakeAll<IfAction::Branch>();
  if (const Part* keyword = children.Find(Role::kElseKeyword)) {
    action.else_span = keyword->span;
    action.otherwise = children.TakeAll<Action>(Role::kElse);
  }
  return {std::move(action), children.span()};
}

SplitAction::Part BuildSplitPart(Children& children) { return {children.Need<Term>(), children.TakeAll<Action>()}; }

Action BuildSplit(Children& children) { return {SplitAction{children.TakeAll<SplitAction::Part>()}, children.span()}; }

}  // namespace stagecraft::syntax
