#include "dsl/sema/test_rows.h"

#include <algorithm>
#include <memory>
#include <utility>

#include "dsl/support/overloaded.h"
#include "dsl/support/text.h"

namespace stagecraft::sema {

using namespace syntax;

RowFiller::RowFiller(const TestTable* table, const TestTable::Row* row, Reporter& reporter) : reporter_(reporter) {
  if (table == nullptr || row == nullptr) return;
  for (std::size_t i = 0; i < table->columns.size(); ++i) {
    columns_.push_back(table->columns[i].text);
    if (i < row->cells.size()) cells_.emplace(FoldCase(table->columns[i].text), &row->cells[i]);
  }
}

const Term* RowFiller::Cell(const std::string& column) {
  const auto cell = cells_.find(FoldCase(column));
  if (cell == cells_.end()) return nullptr;
  used_.insert(cell->first);
  return cell->second;
}

void RowFiller::ReportUnknownColumn(const Term& placeholder) {
  ok_ = false;
  Diagnostic* diagnostic =
      reporter_.ReportUnknown(Code::kUnknownColumn, placeholder.span, placeholder.text,
                              columns_.empty() ? "this test has no table to take " + Tick("{" + placeholder.text + "}") + " from"
                                               : "the table of this test has no column " + Tick(placeholder.text),
                              "not a column", {});
  if (diagnostic == nullptr) return;
  if (columns_.empty()) {
    diagnostic->help.push_back("begin the test with " + Tick("for each row of " + placeholder.text) + " and its rows");
  } else {
    Reporter::AddChoices(*diagnostic, "the columns are", columns_);
  }
}

std::string RowFiller::FillText(std::string_view text) {
  std::string filled;
  while (!text.empty()) {
    const std::size_t open = std::min(text.find('{'), text.size());
    const std::size_t close = text.find('}', open);
    filled += text.substr(0, open);
    if (close == std::string_view::npos) return filled += text.substr(open);
    const Term* cell = Cell(std::string(text.substr(open + 1, close - open - 1)));
    filled += cell != nullptr ? std::string_view(cell->text) : text.substr(open, close + 1 - open);
    text.remove_prefix(close + 1);
  }
  return filled;
}

Term RowFiller::Fill(const Term& term) {
  if (term.kind == Term::Kind::kText) {
    Term filled = term;
    filled.text = FillText(term.text);
    return filled;
  }
  if (term.kind != Term::Kind::kPlaceholder) return term;
  const syntax::Term* cell = Cell(term.text);
  if (cell == nullptr) {
    ReportUnknownColumn(term);
    return term;
  }
  Term filled = *cell;
  filled.span = term.span;
  return filled;
}

std::optional<Term> RowFiller::Fill(const std::optional<Term>& term) {
  if (!term.has_value()) return std::nullopt;
  return Fill(*term);
}

Phrase RowFiller::Fill(const Phrase& phrase) {
  Phrase filled;
  filled.span = phrase.span;
  for (const Term& term : phrase.terms) filled.terms.push_back(Fill(term));
  return filled;
}

std::vector<Fact> RowFiller::Fill(const std::vector<Fact>& facts) {
  std::vector<Fact> filled;
  for (const Fact& fact : facts) filled.push_back({Fill(fact.phrase), fact.in_list});
  return filled;
}

Operand RowFiller::Fill(const Operand& operand) {
  Operand filled;
  filled.span = operand.span;
  std::visit(Overloaded{[&](std::monostate) {}, [&](const Phrase& phrase) { filled.value = Fill(phrase); },
                        [&](const std::vector<Phrase>& phrases) {
                          std::vector<Phrase> all;
                          for (const Phrase& phrase : phrases) all.push_back(Fill(phrase));
                          filled.value = std::move(all);
                        },
                        [&](const Range& range) {
                          filled.value = Range{Fill(range.low), Fill(range.high)};
                        },
                        [&](const Duration& duration) { filled.value = duration; }},
             operand.value);
  return filled;
}

std::vector<ConditionPtr> RowFiller::Fill(const std::vector<ConditionPtr>& conditions) {
  std::vector<ConditionPtr> filled;
  for (const ConditionPtr& condition : conditions) filled.push_back(Fill(condition));
  return filled;
}

ConditionPtr RowFiller::Fill(const ConditionPtr& condition) {
  if (condition == nullptr) return nullptr;
  auto filled = std::make_unique<Condition>();
  filled->span = condition->span;
  std::visit(Overloaded{[&](const Comparison& node) {
                          filled->node = Comparison{Fill(node.left), node.op, node.op_span, Fill(node.right)};
                        },
                        [&](const BareCondition& node) {
                          BareCondition bare;
                          bare.phrase = Fill(node.phrase);
                          bare.with = Fill(node.with);
                          bare.within = node.within;
                          bare.side = node.side;
                          if (node.since.has_value()) bare.since = Fill(*node.since);
                          filled->node = std::move(bare);
                        },
                        [&](const AndCondition& node) { filled->node = AndCondition{Fill(node.operands)}; },
                        [&](const OrCondition& node) { filled->node = OrCondition{Fill(node.operands)}; },
                        [&](const NotCondition& node) { filled->node = NotCondition{Fill(node.operand)}; },
                        [&](const ParenCondition& node) { filled->node = ParenCondition{Fill(node.operand)}; }},
             condition->node);
  return filled;
}

Expectation RowFiller::Fill(const Expectation& expectation) {
  Expectation filled;
  filled.kind = expectation.kind;
  filled.negated = expectation.negated;
  filled.condition = Fill(expectation.condition);
  filled.because = Fill(expectation.because);
  filled.text = Fill(expectation.text);
  if (expectation.recipient.has_value()) {
    filled.recipient = {expectation.recipient->manager_of, Fill(expectation.recipient->who), expectation.recipient->span};
  }
  filled.due_in = expectation.due_in;
  filled.stage = Fill(expectation.stage);
  filled.times = Fill(expectation.times);
  filled.state = expectation.state;
  filled.span = expectation.span;
  return filled;
}

GivenStep RowFiller::Fill(const GivenStep& given) {
  GivenStep filled;
  std::visit(Overloaded{[&](const GivenStep::ContactFacts& node) { filled.node = GivenStep::ContactFacts{Fill(node.facts)}; },
                        [&](const GivenStep::Clock& node) {
                          filled.node = GivenStep::Clock{Fill(node.date), Fill(node.time)};
                        },
                        [&](const GivenStep::Happened& node) {
                          filled.node = GivenStep::Happened{Fill(node.event), Fill(node.fields), Fill(node.times), node.ago};
                        }},
             given.node);
  return filled;
}

TestStep RowFiller::Fill(const TestStep& step) {
  TestStep filled;
  filled.span = step.span;
  std::visit(Overloaded{[&](const GivenStep& node) { filled.node = Fill(node); },
                        [&](const WhenStep& node) {
                          filled.node =
                              WhenStep{node.kind, Fill(node.phrase), Fill(node.value), Fill(node.fields), Fill(node.times), node.apart};
                        },
                        [&](const TestWaitStep& node) {
                          filled.node = TestWaitStep{node.duration, Fill(node.date), node.days, Fill(node.at)};
                        },
                        [&](const ExpectStep& node) {
                          ExpectStep expect;
                          for (const Expectation& each : node.expectations) expect.expectations.push_back(Fill(each));
                          filled.node = std::move(expect);
                        }},
             step.node);
  return filled;
}

}  // namespace stagecraft::sema
