// Tables of tests: a step with `{size}` in it, once for each row.
#ifndef STAGECRAFT_DSL_SEMA_TEST_ROWS_H_
#define STAGECRAFT_DSL_SEMA_TEST_ROWS_H_

#include <cstddef>
#include <optional>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "dsl/sema/reporter.h"
#include "dsl/syntax/tree.h"

namespace stagecraft::sema {

// Puts the cells of one row in place of the placeholders. What it gives has the places of the placeholders, not of the cells: that is
// where the sentence stands that the reader looks at.
class RowFiller {
 public:
  // `row`: null where the test has no table. Both outlive the filler.
  RowFiller(const syntax::TestTable* table, const syntax::TestTable::Row* row, Reporter& reporter);

  syntax::TestStep Fill(const syntax::TestStep& step);
  // `text` with every `{column}` replaced; other braces stay.
  std::string FillText(std::string_view text);

  // False once a placeholder named no column: it was reported.
  bool ok() const { return ok_; }
  // The columns that some step has used; folded.
  const std::unordered_set<std::string>& used() const { return used_; }

 private:
  syntax::Term Fill(const syntax::Term& term);
  std::optional<syntax::Term> Fill(const std::optional<syntax::Term>& term);
  syntax::Phrase Fill(const syntax::Phrase& phrase);
  std::vector<syntax::Fact> Fill(const std::vector<syntax::Fact>& facts);
  syntax::Operand Fill(const syntax::Operand& operand);
  syntax::ConditionPtr Fill(const syntax::ConditionPtr& condition);
  std::vector<syntax::ConditionPtr> Fill(const std::vector<syntax::ConditionPtr>& conditions);
  syntax::Expectation Fill(const syntax::Expectation& expectation);
  syntax::GivenStep Fill(const syntax::GivenStep& given);
  const syntax::Term* Cell(const std::string& column);
  void ReportUnknownColumn(const syntax::Term& placeholder);

  Reporter& reporter_;
  std::vector<std::string> columns_;
  std::unordered_map<std::string, const syntax::Term*> cells_;  // by folded column
  std::unordered_set<std::string> used_;
  bool ok_ = true;
};

}  // namespace stagecraft::sema

#endif  // STAGECRAFT_DSL_SEMA_TEST_ROWS_H_
