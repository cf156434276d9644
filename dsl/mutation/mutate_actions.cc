#include "dsl/mutation/mutator.h"
#include "dsl/support/overloaded.h"

namespace stagecraft {

void Mutator::Actions(const syntax::Block& actions, const std::optional<Span>& whole) {
  for (const syntax::Action& action : actions) {
    if (actions.size() > 1 || !whole.has_value()) {
      LeaveOut(action.span);
    } else {
      LeaveOut(*whole, "leaves out the whole rule");
    }
    Action(action);
  }
}

void Mutator::Reason(const std::optional<syntax::Term>& because) {
  if (because.has_value()) LeaveOutFrom("because", because->span);
}

void Mutator::Recipient(const syntax::Recipient& recipient) {
  if (!recipient.manager_of) return;
  const Span& who = recipient.who.span;
  Add({who.source, recipient.span.begin, who.begin}, {}, "leaves out `manager of`");
}

void Mutator::Wait(const syntax::WaitAction& wait) {
  Lengthen(wait.duration);
  Condition(wait.until);
  Lengthen(wait.at_most);
  if (wait.otherwise.has_value()) Actions(wait.otherwise->actions, std::nullopt);
}

void Mutator::Action(const syntax::Action& action) {
  std::visit(Overloaded{[&](const syntax::SetAction& node) {
                          if (node.value.has_value()) {
                            SwapOption(*node.value);
                          } else {
                            SwapOption(node.phrase);
                            MoveNumber(node.phrase.terms.back(), 1);
                          }
                          Reason(node.because);
                        },
                        [&](const syntax::AddAction& node) { MoveNumber(node.amount.terms.back(), 1); },
                        [&](const syntax::NotifyAction& node) { Recipient(node.recipient); },
                        [&](const syntax::CreateTaskAction& node) {
                          if (node.assignee.has_value()) Recipient(*node.assignee);
                          Lengthen(node.due_in);
                        },
                        [&](const syntax::WaitAction& node) { Wait(node); },
                        [&](const syntax::IfAction& node) {
                          for (const syntax::IfAction::Branch& branch : node.branches) {
                            Condition(branch.condition);
                            Actions(branch.actions, std::nullopt);
                          }
                          if (node.otherwise.has_value()) Actions(*node.otherwise, std::nullopt);
                        },
                        [&](const syntax::SplitAction& node) {
                          for (const syntax::SplitAction::Part& part : node.parts) Actions(part.actions, std::nullopt);
                        },
                        [](const auto&) {}},
             action.node);
}

}  // namespace stagecraft
