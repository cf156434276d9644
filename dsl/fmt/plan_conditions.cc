// Conditions: a long one is broken before its outermost `and` or `or`, then before those inside.
#include <variant>

#include "dsl/fmt/planner.h"
#include "dsl/support/overloaded.h"

namespace stagecraft::layout {

void Planner::AddOperands(const std::vector<syntax::ConditionPtr>& operands, std::string_view word, int level) {
  for (std::size_t i = 0; i < operands.size(); ++i) {
    if (i > 0) WrapAt(Before(First(*operands[i]), {word}), level, false);
    AddCondition(operands[i], level + 1);
  }
}

void Planner::AddCondition(const syntax::ConditionPtr& condition, int level) {
  if (condition == nullptr) return;
  std::visit(
      Overloaded{
          [&](const syntax::Comparison& comparison) { WrapCommas(First(comparison.right), tokens_.Last(comparison.right.span), level); },
          [&](const syntax::BareCondition& bare) { AddWith(bare.with, level); },
          [&](const syntax::AndCondition& all) { AddOperands(all.operands, "and", level); },
          [&](const syntax::OrCondition& any) { AddOperands(any.operands, "or", level); },
          [&](const syntax::NotCondition& none) { AddCondition(none.operand, level); },
          [&](const syntax::ParenCondition& nested) { AddCondition(nested.operand, level); },
      },
      condition->node);
}

void Planner::AddWith(const syntax::ConditionPtr& with, int level) {
  if (with == nullptr) return;
  WrapAt(Before(First(*with), {"with"}), level, false);
  AddCondition(with, level + 1);
}

void Planner::AddClause(const syntax::ConditionPtr& condition, std::string_view keyword) {
  if (condition == nullptr) return;
  WrapAt(Before(First(*condition), {keyword}), 0, false);
  AddCondition(condition, 1);
}

}  // namespace stagecraft::layout
