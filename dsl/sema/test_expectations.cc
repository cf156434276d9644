// What a test expects.
#include <algorithm>
#include <iterator>
#include <utility>

#include "dsl/sema/rules.h"
#include "dsl/sema/test_checker.h"
#include "dsl/sema/test_values.h"
#include "dsl/sema/units.h"
#include "dsl/support/text.h"

namespace stagecraft::sema {
namespace {

using syntax::Expectation;

constexpr std::uint32_t kTimesMax = 100'000;

// The words of `terms` are an event's name; texts stand for its fields.
bool IsWordsOfEvent(Terms terms, const Vocabulary& vocabulary) {
  std::vector<syntax::Term> words;
  std::copy_if(terms.begin(), terms.end(), std::back_inserter(words),
               [](const syntax::Term& term) { return term.kind != syntax::Term::Kind::kText; });
  return vocabulary.FindEvent(Folded(words)).has_value();
}

// `score 65`, `email "x@acme.example"`: a value and what it is, without a word between. Nothing: something else.
std::optional<syntax::Comparison> AsComparison(const syntax::Condition& condition, const Names& names) {
  const auto* bare = std::get_if<syntax::BareCondition>(&condition.node);
  if (bare == nullptr || bare->with != nullptr || bare->within.has_value() || bare->since.has_value()) return std::nullopt;
  const Terms terms = TermsOf(bare->phrase);
  const std::optional<Names::Found> found = names.LongestValue(terms);
  if (!found.has_value() || found->count == terms.size()) return std::nullopt;
  // `email opened` has happened; it is not the e-mail address `opened`.
  if (IsWordsOfEvent(terms, names.vocabulary())) return std::nullopt;
  if (found->value.kind == ValueName::Kind::kProperty) {
    const Type type = names.vocabulary().property(found->value.symbol).type;
    if (type == Type::kOption || type == Type::kTruth) return std::nullopt;
  }
  const auto phrase_of = [](Terms part) { return syntax::Phrase{{part.begin(), part.end()}, SpanOf(part)}; };
  syntax::Comparison comparison;
  comparison.left = phrase_of(terms.first(found->count));
  comparison.op_span = SpanOf(terms.subspan(found->count));
  comparison.right = {phrase_of(terms.subspan(found->count)), comparison.op_span};
  return comparison;
}

// The property that a condition without `and`, `or` and `not` is about.
std::optional<Symbol> PropertyIn(const Condition& condition) {
  switch (condition.kind) {
    case Condition::Kind::kIsSet:
    case Condition::Kind::kOptionIn:
    case Condition::Kind::kCompare:
    case Condition::Kind::kText:
    case Condition::Kind::kLately:
    case Condition::Kind::kSoon:
    case Condition::Kind::kInTeam:
      if (condition.reference.space == Reference::Space::kProperty) return condition.reference.symbol;
      return std::nullopt;
    case Condition::Kind::kAnd:
    case Condition::Kind::kOr:
    case Condition::Kind::kNot: {
      std::optional<Symbol> property;
      for (const Condition& operand : condition.operands) {
        const std::optional<Symbol> one = PropertyIn(operand);
        if (!one.has_value() || (property.has_value() && *property != *one)) return std::nullopt;
        property = one;
      }
      return property;
    }
    default:
      return std::nullopt;
  }
}

}  // namespace

std::optional<TestExpects> TestChecker::CheckExpects(const syntax::ExpectStep& expect, RowFiller& filler) {
  TestExpects result;
  bool good = true;
  for (const Expectation& expectation : expect.expectations) {
    std::optional<TestExpectation> checked = CheckExpectation(expectation);
    good = good && checked.has_value();
    if (!good) continue;
    checked->written = filler.FillText(OneLine(context_.sources, expectation.span));
    result.expectations.push_back(std::move(*checked));
  }
  if (!good) return std::nullopt;
  return result;
}

std::optional<TestExpectation> TestChecker::CheckExpectation(const Expectation& expectation) {
  TestExpectation result;
  result.kind = expectation.kind;
  result.negated = expectation.negated;
  result.span = expectation.span;
  bool good = CheckNames(expectation);
  if (expectation.text.has_value()) result.text = expectation.text->text;
  if (expectation.condition != nullptr) good = CheckCondition(*expectation.condition, result) && good;
  if (expectation.because.has_value()) good = good && CheckReason(expectation, result);
  if (expectation.recipient.has_value()) {
    result.recipient = CheckRecipient(*expectation.recipient);
    good = good && result.recipient.has_value();
  }
  if (expectation.due_in.has_value()) {
    result.due_in = AnyDuration(*expectation.due_in, context_.calendar, names_.reporter());
    good = good && result.due_in.has_value();
  }
  if (expectation.times.has_value()) {
    result.times = ReadTimes(*expectation.times, kTimesMax, names_.reporter());
    good = good && result.times.has_value();
  }
  if (expectation.stage.has_value()) result.stage = expectation.stage->text;
  if (expectation.state.has_value()) {
    result.state = IsWord(*expectation.state, "met")      ? SlaState::kMet
                   : IsWord(*expectation.state, "missed") ? SlaState::kMissed
                                                          : SlaState::kRunning;
  }
  if (!good) return std::nullopt;
  if (result.kind == TestExpectation::Kind::kCondition) result.condition_number = result_.conditions++;
  return result;
}

bool TestChecker::CheckCondition(const syntax::Condition& condition, TestExpectation& out) {
  const std::size_t found_before = names_.reporter().count();
  if (std::optional<syntax::Comparison> comparison = AsComparison(condition, names_)) {
    out.condition = conditions_.Check(syntax::Condition{std::move(*comparison), condition.span}, Scope{});
  } else {
    out.condition = conditions_.Check(condition, Scope{});
  }
  return names_.reporter().count() == found_before;
}

bool TestChecker::CheckReason(const Expectation& expectation, TestExpectation& out) {
  const std::optional<Symbol> property = PropertyIn(out.condition);
  if (property.has_value()) {
    out.property = names_.vocabulary().property(*property).name;
    out.because = expectation.because->text;
    return true;
  }
  names_.reporter()
      .Report(Code::kReasonOfNothing, expectation.because->span, "a reason stands with the change of a property, and this is about none",
              "no change that could have a reason")
      .help.emplace_back("such as `expect status Recycle because \"No answer\"`");
  return false;
}

void TestChecker::KnownNames::Add(const std::string& name) {
  folded.insert(FoldCase(name));
  written.push_back(name);
}

const TestChecker::KnownNames& TestChecker::RuleNames() {
  if (rule_names_.has_value()) return *rule_names_;
  rule_names_.emplace();
  for (const Rule& rule : script_.rules) {
    if (rule.kind != Rule::Kind::kSequence) rule_names_->Add(rule.name.empty() ? rule.text : rule.name);
  }
  return *rule_names_;
}

const TestChecker::KnownNames& TestChecker::StageNames() {
  if (stage_names_.has_value()) return *stage_names_;
  stage_names_.emplace();
  for (const Pipeline& pipeline : context_.pipelines) {
    for (const Pipeline::Stage& stage : pipeline.stages) stage_names_->Add(stage.name);
  }
  return *stage_names_;
}

bool TestChecker::CheckRuleName(const syntax::Term& name) {
  const KnownNames& known = RuleNames();
  if (known.folded.contains(FoldCase(name.text))) return true;
  Diagnostic* diagnostic = names_.reporter().ReportUnknown(
      Code::kUnknownRule, name.span, name.text, "there is no rule \"" + name.text + "\"", "not a known rule", known.written, '"');
  if (diagnostic != nullptr) diagnostic->help.emplace_back("a rule without a name goes by its trigger, such as \"on SQL\"");
  return false;
}

bool TestChecker::CheckDealStage(const syntax::Term& stage) {
  const KnownNames& known = StageNames();
  if (known.folded.contains(FoldCase(stage.text))) return true;
  names_.reporter().ReportUnknown(Code::kUnknownDealStage, stage.span, stage.text, "no pipeline has a stage \"" + stage.text + "\"",
                                  "not a known stage", known.written, '"');
  return false;
}

// `email "intro"` is a mail that was sent, not the contact's address.
bool TestChecker::CheckTemplate(const Expectation& expectation) {
  if (!expectation.text.has_value()) return true;
  const std::size_t found_before = names_.reporter().count();
  if (context_.catalog.Resolve(Catalog::Kind::kTemplate, *expectation.text, names_.reporter()).has_value()) return true;
  const bool is_address = expectation.text->text.find('@') != std::string::npos;
  if (is_address && names_.reporter().count() != found_before) {
    names_.reporter().last().help.insert(names_.reporter().last().help.begin(),
                                         "for the contact's address: " + Tick("expect email is \"" + expectation.text->text + "\""));
  }
  return false;
}

// Rules, sequences, templates and stages of deals that an expectation names.
bool TestChecker::CheckNames(const Expectation& expectation) {
  const auto in_catalog = [&](Catalog::Kind kind) {
    return !expectation.text.has_value() || context_.catalog.Resolve(kind, *expectation.text, names_.reporter()).has_value();
  };
  switch (expectation.kind) {
    case Expectation::Kind::kRule:
    case Expectation::Kind::kSla:
      return !expectation.text.has_value() || CheckRuleName(*expectation.text);
    case Expectation::Kind::kSequence:
      return in_catalog(Catalog::Kind::kSequence);
    case Expectation::Kind::kEmail:
      return CheckTemplate(expectation);
    case Expectation::Kind::kDeal:
      return !expectation.stage.has_value() || CheckDealStage(*expectation.stage);
    default:
      return true;
  }
}

std::optional<TestRecipient> TestChecker::CheckRecipient(const syntax::Recipient& recipient) {
  syntax::NotifyAction notify;
  notify.recipient = recipient;
  const Scope scope;
  const auto checked = ActionChecker(context_, scope)(notify);
  if (!checked.has_value()) return std::nullopt;
  const Recipient& resolved = std::get<Notify>(*checked).recipient;
  switch (resolved.kind) {
    case Recipient::Kind::kProperty:
    case Recipient::Kind::kManagerOfProperty:
      return TestRecipient{resolved.kind, names_.vocabulary().property(resolved.symbol).name};
    case Recipient::Kind::kTeam:
      return TestRecipient{resolved.kind, names_.vocabulary().teams()[resolved.symbol].name};
    case Recipient::Kind::kUser:
      return TestRecipient{resolved.kind, resolved.user};
  }
  return std::nullopt;
}

}  // namespace stagecraft::sema
