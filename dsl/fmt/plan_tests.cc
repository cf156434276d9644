// Tests: one step a line; the rows of a table in columns.
#include <variant>

#include "dsl/fmt/planner.h"

namespace stagecraft::layout {

void Planner::AddNode(const syntax::TestDecl& test) {
  if (test.table) AddTable(*test.table);
  for (const syntax::TestStep& step : test.steps) {
    const std::size_t first = First(step);
    const std::size_t end = tokens_.Last(step.span);
    Line(first, kIndent);
    if (const auto* expect = std::get_if<syntax::ExpectStep>(&step.node)) {
      AddExpectations(expect->expectations);
    } else {
      WrapCommas(first, end, 0);
    }
  }
}

void Planner::AddTable(const syntax::TestTable& table) {
  if (!table.columns.empty()) Line(Before(First(table.columns.front()), {"for", "each", "row", "of"}), kIndent);
  for (const auto& row : table.rows) {
    const std::size_t first = First(row);
    Line(first, kIndent);
    plan_.kinds[first] = "row";
    for (std::size_t i = 0; i < row.cells.size(); ++i) AddColumn(First(row.cells[i]), static_cast<int>(i), 1);
  }
}

void Planner::AddExpectations(const std::vector<syntax::Expectation>& expectations) {
  for (std::size_t i = 0; i < expectations.size(); ++i) {
    const syntax::Expectation& one = expectations[i];
    if (i > 0) WrapAt(Before(First(one), {"and"}), 0, false);
    AddCondition(one.condition, 1);
    if (one.because) WrapAt(Before(First(*one.because), {"because"}), 1, true);
  }
}

}  // namespace stagecraft::layout
