// Rules and sequences: trigger, modifiers and actions, each on a line; short rules stay on one where they are.
#include <variant>

#include "dsl/fmt/planner.h"
#include "dsl/support/overloaded.h"

namespace stagecraft::layout {

void Planner::AddNode(const syntax::RuleDecl& rule) {
  if (rule.name) {
    Line(First(rule.trigger), kIndent);
    AddRuleParts(rule);
  } else {
    Choose(begin_, end_, [&] { AddRuleParts(rule); });
  }
}

void Planner::AddRuleParts(const syntax::RuleDecl& rule) {
  AddTrigger(rule.trigger);
  AddModifiers(rule.modifiers, First(rule.trigger));
  const auto* sla = std::get_if<syntax::SlaTrigger>(&rule.trigger.node);
  if (sla == nullptr) {
    AddBlock(rule.actions, kIndent);
    return;
  }
  const std::size_t expected = Before(First(*sla->expected), {"expect"});
  const bool has_modifiers = !rule.modifiers.empty() && First(rule.modifiers.back()) > First(rule.trigger);
  if (has_modifiers) {
    Line(expected, kIndent);
    AddCondition(sla->expected, 0);
  } else {
    AddClause(sla->expected, "expect");
  }
  AddOtherwise(rule.actions, kIndent);
}

// Those before token `after` stay on the line of the rule's name.
void Planner::AddModifiers(const std::vector<syntax::Modifier>& modifiers, std::size_t after) {
  for (const syntax::Modifier& modifier : modifiers) {
    if (First(modifier) > after) Line(First(modifier), kIndent);
    AddCondition(modifier.condition, 0);
  }
}

// ---- triggers -----------------------------------------------------------------------------------------------------------

void Planner::AddTrigger(const syntax::Trigger& trigger) {
  std::visit(Overloaded{
                 [&](const syntax::OnTrigger& on) { AddWith(on.with, 0); },
                 [&](const syntax::TurnsTrueTrigger& turns) { AddCondition(turns.condition, 0); },
                 [&](const syntax::WithoutTrigger& without) { AddWith(without.with, 0); },
                 [&](const syntax::TimedTrigger& timed) { AddWith(timed.with, 0); },
                 [&](const syntax::ScheduleTrigger&) { WrapCommas(First(trigger), tokens_.Last(trigger.span), 0); },
                 [](const auto&) {},
             },
             trigger.node);
}

// ---- blocks -------------------------------------------------------------------------------------------------------------

void Planner::AddBlock(const syntax::Block& block, std::size_t indent) {
  for (const syntax::Action& action : block) {
    Line(First(action), indent);
    AddAction(action, indent);
  }
}

void Planner::AddHeaded(const syntax::Block& block, std::size_t head_indent) {
  if (block.size() == 1) {
    AddAction(block.front(), head_indent);
  } else {
    AddBlock(block, head_indent + kIndent);
  }
}

void Planner::AddOtherwise(const syntax::Block& block, std::size_t indent) {
  if (block.empty()) return;
  const std::size_t first = First(block.front());
  const std::size_t with_do = Before(first, {"otherwise", "do"});
  if (with_do == first) {
    Line(Before(first, {"otherwise"}), indent);
    AddHeaded(block, indent);
    return;
  }
  Line(with_do, indent);
  AddBlock(block, indent + kIndent);
  const std::size_t end = tokens_.Last(block.back().span);
  if (Is(end, "end")) Line(end, indent);
}

// ---- actions ------------------------------------------------------------------------------------------------------------

void Planner::AddAction(const syntax::Action& action, std::size_t indent) {
  const std::size_t end = tokens_.Last(action.span);
  std::visit(Overloaded{
                 [&](const syntax::WaitAction& wait) { AddWait(wait, First(action), end, indent); },
                 [&](const syntax::IfAction& branches) { Choose(First(action), end, [&] { AddIf(branches, end, indent); }); },
                 [&](const syntax::SplitAction& split) { Choose(First(action), end, [&] { AddSplit(split, end, indent); }); },
                 [&](const auto& simple) { AddClauses(simple, First(action), end); },
             },
             action.node);
}

void Planner::AddWait(const syntax::WaitAction& wait, std::size_t first, std::size_t end, std::size_t indent) {
  AddCondition(wait.until, 1);
  if (wait.at_most) WrapAt(Before(First(*wait.at_most), {"for", "at", "most"}), 0, true);
  if (wait.otherwise) Choose(first, end, [&] { AddOtherwise(wait.otherwise->actions, indent + kIndent); });
}

void Planner::AddIf(const syntax::IfAction& branches, std::size_t end, std::size_t indent) {
  for (const auto& branch : branches.branches) {
    if (&branch != &branches.branches.front()) Line(Before(First(branch), {"else"}), indent);
    AddCondition(branch.condition, 0);
    AddBlock(branch.actions, indent + kIndent);
  }
  if (branches.otherwise) {
    if (!branches.otherwise->empty()) Line(Before(First(branches.otherwise->front()), {"else"}), indent);
    AddBlock(*branches.otherwise, indent + kIndent);
  }
  if (Is(end - 1, "end")) Line(end - 1, indent);
}

void Planner::AddSplit(const syntax::SplitAction& split, std::size_t end, std::size_t indent) {
  for (const auto& part : split.parts) {
    Line(First(part.percent), indent + kIndent);
    AddHeaded(part.actions, indent + kIndent);
  }
  if (Is(end - 1, "end")) Line(end - 1, indent);
}

// ---- the clauses of an action ---------------------------------------------------------------------------------------------

void Planner::AddClauses(const syntax::SetAction& set, std::size_t, std::size_t) {
  if (set.because) WrapAt(Before(First(*set.because), {"because"}), 0, true);
}

void Planner::AddClauses(const syntax::AssignAction& assign, std::size_t, std::size_t) {
  if (assign.team) WrapAt(Before(First(*assign.team), {"from"}), 0, true);
  if (assign.method) WrapAt(Before(First(*assign.method), {"by"}), 0, true);
  if (assign.keeping) WrapAt(Before(First(*assign.keeping), {"keeping"}), 0, true);
}

void Planner::AddClauses(const syntax::CreateTaskAction& task, std::size_t, std::size_t) {
  if (task.assignee) WrapAt(Before(First(*task.assignee), {"for"}), 0, true);
  if (task.due_in) WrapAt(Before(First(*task.due_in), {"due", "in"}), 0, true);
  if (task.priority) WrapAt(Before(First(*task.priority), {"priority"}), 0, true);
  if (task.remind_before) {
    WrapAt(Before(First(*task.remind_before), {"remind"}), 0, true);
  } else if (task.remind) {
    WrapAt(First(task.remind_span), 0, true);
  }
}

void Planner::AddClauses(const syntax::CreateDealAction& deal, std::size_t, std::size_t) {
  WrapAt(Before(First(deal.pipeline), {"in", "pipeline"}), 0, true);
  if (deal.stage) WrapAt(Before(First(*deal.stage), {"at"}), 0, true);
  if (deal.amount) WrapAt(Before(First(*deal.amount), {"amount"}), 0, true);
}

void Planner::AddClauses(const syntax::CallWebhookAction& webhook, std::size_t first, std::size_t end) {
  if (webhook.with.empty()) return;
  WrapAt(Before(First(webhook.with.front()), {"with"}), 0, false);
  WrapCommas(first, end, 1);
}

// ---- sequences ------------------------------------------------------------------------------------------------------------

void Planner::AddNode(const syntax::SequenceDecl& sequence) {
  AddModifiers(sequence.modifiers, begin_);
  if (sequence.stop_when != nullptr) {
    Line(Before(First(*sequence.stop_when), {"stop", "when"}), kIndent);
    AddCondition(sequence.stop_when, 0);
  }
  AddBlock(sequence.steps, kIndent);
  if (!sequence.finally || sequence.finally->empty()) return;
  Line(First(sequence.finally_span), kIndent);
  AddHeaded(*sequence.finally, kIndent);
}

}  // namespace stagecraft::layout
