// Tests: names and values of given, when, wait and expect, against the finished vocabulary.
#ifndef STAGECRAFT_DSL_SEMA_TEST_CHECKER_H_
#define STAGECRAFT_DSL_SEMA_TEST_CHECKER_H_

#include <optional>
#include <string>
#include <unordered_set>
#include <vector>

#include "dsl/sema/context.h"
#include "dsl/sema/test_checked.h"
#include "dsl/sema/test_rows.h"

namespace stagecraft::sema {

class TestChecker {
 public:
  // `script` has all but its tests. Both must outlive the checker.
  TestChecker(const Context& context, const CheckedScript& script)
      : context_(context), script_(script), names_(context.names), conditions_(context.conditions) {}

  // All tests of the scripts; what has errors is left out of the result.
  TestSet Check(const std::vector<syntax::Script>& scripts);

 private:
  // ---- test_checker.cc: a test as a whole ----
  void CheckTest(const syntax::TestDecl& decl, Span span);
  void CheckShape(const syntax::TestDecl& decl);
  bool IsCutShort(const syntax::TestDecl& decl) const;
  void CheckTable(const syntax::TestTable& table);
  bool CheckRow(const syntax::TestDecl& decl, Span span, std::optional<std::uint32_t> row, RowFiller& filler);
  std::string CaseName(const syntax::TestDecl& decl, std::optional<std::uint32_t> row) const;

  // ---- test_steps.cc: what is given and what happens. Nothing when an error was reported ----
  std::optional<TestStep> CheckStep(const syntax::TestStep& step, RowFiller& filler);
  std::optional<TestStep> CheckGiven(const syntax::GivenStep& given, Span span);
  std::optional<TestFacts> CheckFacts(const std::vector<syntax::Fact>& facts);
  std::optional<TestValue> CheckFact(const syntax::Fact& fact);
  std::optional<TestValue> CheckListFact(const syntax::Fact& fact);
  std::optional<TestValue> ValueOfProperty(Symbol property, Terms terms, Span place);
  std::optional<TestHappened> CheckHappened(const syntax::GivenStep::Happened& happened);
  // `"aya@acme.example" is away`; nothing when the phrase says no such thing.
  std::optional<TestUser> CheckUser(const syntax::Phrase& phrase);
  // `task "Call" is completed`; nothing when the phrase says no such thing.
  static std::optional<TestEvent> CheckTask(const syntax::Phrase& phrase);
  std::optional<TestHappens> CheckWhen(const syntax::WhenStep& when);
  std::optional<TestEvent> CheckEvent(const syntax::Phrase& phrase, const std::vector<syntax::Fact>& fields);
  bool AddFieldsOfPhrase(const syntax::Phrase& phrase, const EventMatch& match, TestEvent& event);
  bool AddField(const EventSymbol& event, const syntax::Fact& fact, TestEvent& out);
  bool ReportState(const syntax::Phrase& phrase);
  std::optional<TestEvent> CheckChange(const syntax::WhenStep& when);
  std::optional<TestWait> CheckWait(const syntax::TestWaitStep& wait);
  void ReportComputed(Terms terms, const ValueName& value);

  // ---- test_expectations.cc ----
  std::optional<TestExpects> CheckExpects(const syntax::ExpectStep& expect, RowFiller& filler);
  std::optional<TestExpectation> CheckExpectation(const syntax::Expectation& expectation);
  bool CheckCondition(const syntax::Condition& condition, TestExpectation& out);
  bool CheckReason(const syntax::Expectation& expectation, TestExpectation& out);
  bool CheckNames(const syntax::Expectation& expectation);
  bool CheckTemplate(const syntax::Expectation& expectation);
  bool CheckDealStage(const syntax::Term& stage);
  bool CheckRuleName(const syntax::Term& name);
  std::optional<TestRecipient> CheckRecipient(const syntax::Recipient& recipient);

  // Names that expectations may ask for.
  struct KnownNames {
    std::unordered_set<std::string> folded;
    std::vector<std::string> written;

    void Add(const std::string& name);
  };
  const KnownNames& RuleNames();
  const KnownNames& StageNames();

  const Context& context_;
  const CheckedScript& script_;
  Names& names_;
  ConditionChecker& conditions_;
  std::optional<KnownNames> rule_names_;   // once somebody asks
  std::optional<KnownNames> stage_names_;  // of deals
  TestSet result_;
};

}  // namespace stagecraft::sema

#endif  // STAGECRAFT_DSL_SEMA_TEST_CHECKER_H_
