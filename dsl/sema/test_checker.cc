#include "dsl/sema/test_checker.h"

#include <algorithm>
#include <unordered_map>
#include <utility>

#include "dsl/support/limits.h"
#include "dsl/support/show.h"
#include "dsl/support/text.h"

namespace stagecraft::sema {
namespace {

// Of all scripts together, rows counted: beyond it a mistake is likelier than a purpose.
constexpr std::size_t kCasesMax = 20'000;

const syntax::TestDecl* TestOf(const syntax::Declaration& declaration) { return std::get_if<syntax::TestDecl>(&declaration.node); }

std::string CellsOf(const syntax::TestTable::Row& row) {
  std::string cells;
  for (const syntax::Term& cell : row.cells) cells += (cells.empty() ? "" : ", ") + cell.text;
  return cells;
}

// How many steps it takes to check and keep, rows counted; a long one, of many facts or conditions, is as many as fill its bytes.
std::size_t StepsOf(const syntax::TestDecl& decl) {
  constexpr std::size_t kStepBytes = 64;
  std::size_t steps = 0;
  for (const syntax::TestStep& step : decl.steps) steps += 1 + (step.span.end - step.span.begin) / kStepBytes;
  return steps * (decl.table.has_value() ? decl.table->rows.size() : 1);
}

bool IsGiven(const syntax::TestStep& step) { return std::holds_alternative<syntax::GivenStep>(step.node); }

bool IsClock(const syntax::TestStep& step) {
  const auto* given = std::get_if<syntax::GivenStep>(&step.node);
  return given != nullptr && std::holds_alternative<syntax::GivenStep::Clock>(given->node);
}

}  // namespace

TestSet TestChecker::Check(const std::vector<syntax::Script>& scripts) {
  std::unordered_map<std::string, Span> names;
  std::size_t cases = 0;
  std::size_t steps = 0;
  for (const syntax::Script& script : scripts) {
    for (const syntax::Declaration& declaration : script.declarations) {
      const syntax::TestDecl* decl = TestOf(declaration);
      if (decl == nullptr) continue;
      const auto [first, is_new] = names.emplace(FoldCase(decl->name.text), decl->name.span);
      if (!is_new) {
        Diagnostic& diagnostic = names_.reporter().Report(Code::kDuplicateName, decl->name.span,
                                                          "there is already a test \"" + decl->name.text + "\"", "the same name again");
        diagnostic.notes.push_back({first->second, "the first test of this name"});
        continue;
      }
      cases += decl->table.has_value() ? decl->table->rows.size() : 1;
      if (cases > kCasesMax) {
        names_.reporter().Report(Code::kTooManyCases, decl->name.span,
                                 "with this test there are " + std::to_string(cases) + "; at most " + std::to_string(kCasesMax) +
                                     " can be run, each row of a table counted",
                                 "one too many");
        return std::move(result_);
      }
      if (decl->name.text.find_first_not_of(" \t") == std::string::npos) {
        names_.reporter().Report(Code::kEmptyName, decl->name.span, "a name was expected, and this is empty", "expected a name");
      }
      steps += StepsOf(*decl);
      if (steps > kTestStepsMax) {
        ReportTooLarge(names_.reporter(), decl->name.span,
                       "with this test there are more than " + std::to_string(kTestStepsMax) +
                           " steps, those of a table once for each row and long ones as several",
                       "leave out rows that show nothing new");
        return std::move(result_);
      }
      CheckTest(*decl, declaration.span);
    }
  }
  return std::move(result_);
}

void TestChecker::CheckTest(const syntax::TestDecl& decl, Span span) {
  CheckShape(decl);
  if (!decl.table.has_value()) {
    RowFiller filler(nullptr, nullptr, names_.reporter());
    CheckRow(decl, span, std::nullopt, filler);
    return;
  }
  const syntax::TestTable& table = *decl.table;
  CheckTable(table);
  std::unordered_set<std::string> used;
  for (std::uint32_t row = 0; row < table.rows.size(); ++row) {
    if (table.rows[row].cells.size() != table.columns.size()) return;
    RowFiller filler(&table, &table.rows[row], names_.reporter());
    // The rows are alike: a mistake in one is not told again for the next.
    if (!CheckRow(decl, span, row, filler)) return;
    used = filler.used();
  }
  for (const syntax::Term& column : table.columns) {
    if (IsCutShort(decl) || table.rows.empty() || used.count(FoldCase(column.text)) != 0) continue;
    names_.reporter().Report(Code::kUnusedColumn, column.span, "no step of the test uses " + Tick("{" + column.text + "}"), "not used");
  }
}

// Whether a step of it could not be read (Script::lost_names), so that what is missing in it may be there.
bool TestChecker::IsCutShort(const syntax::TestDecl& decl) const { return names_.reporter().IsSpoiled("test " + decl.name.text); }

// What a test must be like apart from its names.
void TestChecker::CheckShape(const syntax::TestDecl& decl) {
  bool happened = false;
  bool expects = false;
  for (std::size_t i = 0; i < decl.steps.size(); ++i) {
    const syntax::TestStep& step = decl.steps[i];
    expects = expects || std::holds_alternative<syntax::ExpectStep>(step.node);
    if (!IsGiven(step)) {
      happened = true;
    } else if (happened) {
      names_.reporter()
          .Report(Code::kGivenTooLate, step.span, "`given` says how things are before anything happens", "too late for `given`")
          .help.emplace_back("put it before the first `when`, or say how it comes about: `when lifecycle becomes SQL`");
    } else if (IsClock(step) && i != 0) {
      names_.reporter()
          .Report(Code::kGivenTooLate, step.span, "the test's clock is set before everything else", "too late for the clock")
          .help.emplace_back("put `given it is …` first");
    }
  }
  if (expects || IsCutShort(decl)) return;
  names_.reporter()
      .Report(Code::kNoExpectation, decl.name.span, "the test \"" + decl.name.text + "\" expects nothing, so it cannot fail",
              "no `expect` in it")
      .help.emplace_back("say what must have come of it: `expect status New`");
}

void TestChecker::CheckTable(const syntax::TestTable& table) {
  std::unordered_set<std::string> names;
  for (const syntax::Term& column : table.columns) {
    if (names.insert(FoldCase(column.text)).second) continue;
    names_.reporter().Report(Code::kTableShape, column.span, "there are two columns " + Tick(column.text), "the same name again");
  }
  for (const syntax::TestTable::Row& row : table.rows) {
    if (row.cells.size() == table.columns.size()) continue;
    names_.reporter().Report(
        Code::kTableShape, row.span,
        "the row has " + Counted(row.cells.size(), "cell") + ", and the table " + Counted(table.columns.size(), "column"),
        "expected " + std::to_string(table.columns.size()));
  }
}

bool TestChecker::CheckRow(const syntax::TestDecl& decl, Span span, std::optional<std::uint32_t> row, RowFiller& filler) {
  const std::size_t found_before = names_.reporter().count();
  Test test;
  test.name = CaseName(decl, row);
  test.row = row;
  test.span = span;
  test.name_span = decl.name.span;
  bool good = true;
  for (const syntax::TestStep& step : decl.steps) {
    const syntax::TestStep filled = filler.Fill(step);
    std::optional<TestStep> checked = filler.ok() ? CheckStep(filled, filler) : std::nullopt;
    good = good && checked.has_value();
    if (good) test.steps.push_back(std::move(*checked));
  }
  if (row.has_value()) names_.reporter().AddNote(found_before, {decl.table->rows[*row].span, "with this row"});
  if (good) result_.tests.push_back(std::move(test));
  return good;
}

std::string TestChecker::CaseName(const syntax::TestDecl& decl, std::optional<std::uint32_t> row) const {
  if (!row.has_value()) return decl.name.text;
  return decl.name.text + " (row " + std::to_string(*row + 1) + ": " + CellsOf(decl.table->rows[*row]) + ")";
}

}  // namespace stagecraft::sema
