#include "dsl/sema/analysis/walk.h"

namespace stagecraft::sema {

namespace {

void VisitBlock(const Block& block, const ActionVisitor& visit) {
  for (const Action& action : block) {
    visit(action);
    if (const auto* wait = std::get_if<Wait>(&action.node)) {
      if (wait->otherwise.has_value()) VisitBlock(*wait->otherwise, visit);
    } else if (const auto* branches = std::get_if<If>(&action.node)) {
      for (const If::Branch& branch : branches->branches) VisitBlock(branch.actions, visit);
      VisitBlock(branches->otherwise, visit);
    } else if (const auto* split = std::get_if<Split>(&action.node)) {
      for (const Split::Part& part : split->parts) VisitBlock(part.actions, visit);
    }
  }
}

}  // namespace

void ForEachAction(const Rule& rule, const ActionVisitor& visit) {
  VisitBlock(rule.actions, visit);
  VisitBlock(rule.finally, visit);
}

void ForEachCondition(const Rule& rule, const ConditionVisitor& visit) {
  visit(rule.trigger.condition);
  visit(rule.guard);
  if (rule.until.has_value()) visit(*rule.until);
  if (rule.expected.has_value()) visit(*rule.expected);
  ForEachAction(rule, [&](const Action& action) {
    if (const auto* branches = std::get_if<If>(&action.node)) {
      for (const If::Branch& branch : branches->branches) visit(branch.condition);
    } else if (const auto* wait = std::get_if<Wait>(&action.node)) {
      if (wait->kind == Wait::Kind::kCondition) visit(wait->condition);
    }
  });
}

}  // namespace stagecraft::sema
