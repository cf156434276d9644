#include <algorithm>

#include "dsl/mutation/mutator.h"
#include "dsl/support/overloaded.h"

namespace stagecraft {
namespace {

bool IsDisabled(const std::vector<syntax::Modifier>& modifiers) {
  return std::any_of(modifiers.begin(), modifiers.end(),
                     [](const syntax::Modifier& modifier) { return modifier.kind == syntax::Modifier::Kind::kDisabled; });
}

}  // namespace

void Mutator::Rule(const syntax::RuleDecl& rule, const Span& span) {
  // What does not run has nothing to be noticed.
  if (IsDisabled(rule.modifiers)) return;
  Trigger(rule.trigger);
  Modifiers(rule.modifiers);
  Actions(rule.actions, span);
}

void Mutator::Sequence(const syntax::SequenceDecl& sequence, const Span& span) {
  if (IsDisabled(sequence.modifiers)) return;
  Modifiers(sequence.modifiers);
  Condition(sequence.stop_when);
  Actions(sequence.steps, span);
  if (sequence.finally.has_value()) Actions(*sequence.finally, std::nullopt);
}

void Mutator::Modifiers(const std::vector<syntax::Modifier>& modifiers) {
  using Kind = syntax::Modifier::Kind;
  for (const syntax::Modifier& modifier : modifiers) {
    switch (modifier.kind) {
      case Kind::kWhen:
      case Kind::kUntil:
        LeaveOut(modifier.span);
        Condition(modifier.condition);
        break;
      case Kind::kOncePerContact:
      case Kind::kEveryTime:
        LeaveOut(modifier.span);
        break;
      case Kind::kAtMostOncePer:
        Lengthen(modifier.duration);
        break;
      default:
        break;
    }
  }
}

void Mutator::Trigger(const syntax::Trigger& trigger) {
  const auto on = [&](const syntax::OnTrigger& node) {
    SwapOption(node.phrase);
    Condition(node.with);
  };
  const auto change = [&](const syntax::ChangeTrigger& node) {
    SwapOption(node.from);
    SwapOption(node.to);
  };
  std::visit(Overloaded{on, change, [](const syntax::AnyChangeTrigger&) {}, [](const syntax::ListTrigger&) {},
                        [&](const syntax::TurnsTrueTrigger& node) { Condition(node.condition); },
                        [&](const syntax::StayTrigger& node) {
                          Lengthen(node.duration);
                          SwapOption(node.state);
                        },
                        [&](const syntax::WithoutTrigger& node) {
                          Lengthen(node.duration);
                          Condition(node.with);
                        },
                        [&](const syntax::TimedTrigger& node) {
                          Lengthen(node.duration);
                          Condition(node.with);
                        },
                        [](const syntax::ScheduleTrigger&) {},
                        [&](const syntax::SlaTrigger& node) {
                          Lengthen(node.duration);
                          std::visit(Overloaded{on, change, [](const syntax::ListTrigger&) {}}, node.of);
                          Condition(node.expected);
                        },
                        [](const syntax::ByHandTrigger&) {}},
             trigger.node);
}

void Mutator::Score(const syntax::ScoreDecl& score) {
  Lengthen(score.halving);
  for (const syntax::ScoreLine& line : score.lines) {
    MoveWhole(line.points_span, line.points, 1, true);
    Condition(line.condition);
  }
}

void Mutator::Counter(const syntax::CounterDecl& counter) {
  std::vector<Span> spans;
  for (const syntax::CounterEvent& event : counter.events) {
    spans.push_back(event.phrase.span);
    Condition(event.with);
  }
  LeaveOutEach(spans);
  Lengthen(counter.within);
  if (counter.since.has_value()) LeaveOutFrom("since", counter.since->span);
}

}  // namespace stagecraft
