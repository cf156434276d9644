#include "dsl/sema/checker.h"

#include <algorithm>
#include <array>
#include <future>
#include <iterator>
#include <span>
#include <utility>

#include "dsl/sema/derived.h"
#include "dsl/sema/designs.h"
#include "dsl/sema/mend.h"
#include "dsl/sema/rules.h"
#include "dsl/sema/test_checker.h"
#include "dsl/support/beside.h"
#include "dsl/syntax/failure.h"

namespace stagecraft::sema {
namespace {

// Names of declarations that could not be read must not be reported as unknown wherever they are used.
void AddSpoiledNames(const std::vector<syntax::Script>& scripts, Reporter& reporter) {
  for (const syntax::Script& script : scripts) {
    for (const syntax::Phrase& name : script.lost_names) {
      // Where the name ends is not known: `budget mony` declares `budget`.
      const Terms terms = TermsOf(name);
      for (std::size_t count = 1; count <= terms.size(); ++count) reporter.AddSpoiled(Folded(terms.first(count)));
    }
  }
}

void MarkRead(const Condition& condition, std::vector<bool>& read) {
  if (condition.reference.space == Reference::Space::kDerived) read[condition.reference.symbol] = true;
  for (const Condition& operand : condition.operands) MarkRead(operand, read);
}

// By derived symbol: whether a test speaks of it.
std::vector<bool> ReadByTests(const TestSet& tests, std::size_t count) {
  std::vector<bool> read(count, false);
  for (const Test& test : tests.tests) {
    for (const TestStep& step : test.steps) {
      const auto* expects = std::get_if<TestExpects>(&step.node);
      if (expects == nullptr) continue;
      for (const TestExpectation& expectation : expects->expectations) MarkRead(expectation.condition, read);
    }
  }
  return read;
}

// `read`: by rules and what else is no derived value.
void HintUnused(const DerivedChecker& derived, const Declarations& declarations, const std::vector<Symbol>& read,
                const CheckedScript& script, const SourceSet& sources, Reporter& reporter) {
  const Vocabulary& vocabulary = script.vocabulary;
  const Mender mender(sources);
  const std::vector<bool> tested = ReadByTests(*script.tests, vocabulary.derived().size());
  std::vector<bool> used(vocabulary.derived().size(), false);
  for (const Symbol symbol : read) used[symbol] = true;
  for (const std::vector<Symbol>& reads : derived.reads()) {
    for (const Symbol symbol : reads) used[symbol] = true;
  }
  for (Symbol symbol = 0; symbol < used.size(); ++symbol) {
    const DerivedSymbol& candidate = vocabulary.derived()[symbol];
    const bool of_interest = candidate.kind == DerivedKind::kDefinition || candidate.kind == DerivedKind::kCounter;
    if (used[symbol] || !of_interest) continue;
    Diagnostic& found =
        reporter.Report(Code::kUnusedName, candidate.span, "nothing in the scripts uses " + Tick(candidate.name), "not used");
    // What a test speaks of is to be used one day.
    if (!tested[symbol]) found.fixes = {mender.TakeOutSentence(declarations.derived[symbol].span, "take " + Tick(candidate.name) + " out")};
  }
}

bool IsRule(const syntax::Declaration& declaration) {
  return std::holds_alternative<syntax::RuleDecl>(declaration.node) || std::holds_alternative<syntax::SequenceDecl>(declaration.node);
}

bool IsBareWhen(const syntax::Declaration& declaration) {
  const auto* rule = std::get_if<syntax::RuleDecl>(&declaration.node);
  return rule != nullptr && !rule->name.has_value() && std::holds_alternative<syntax::TurnsTrueTrigger>(rule->trigger.node);
}

// A `when` behind the actions of a rule is a rule of its own, whatever the layout says: on the same line, or deeper than the rule, it
// was hardly meant so.
void HintStrayWhens(const syntax::Script& script, const SourceSet& sources, Reporter& reporter) {
  const std::string_view text = sources[script.source].text();
  std::size_t line = 0;
  std::size_t column_before = 0;
  std::size_t looked_to = 0;
  for (std::size_t i = 0; i < script.declarations.size(); ++i) {
    const syntax::Declaration& declaration = script.declarations[i];
    const std::size_t begin = declaration.span.begin;
    const std::size_t line_end = text.substr(looked_to, begin - looked_to).rfind('\n');
    if (line_end != std::string_view::npos) line = looked_to + line_end + 1;
    const bool stray = i > 0 && IsBareWhen(declaration) && IsRule(script.declarations[i - 1]) &&
                       (line <= script.declarations[i - 1].span.begin || begin - line > column_before);
    if (stray) {
      reporter
          .Report(Code::kWhenBeginsRule, {script.source, declaration.span.begin, declaration.span.begin + 4},
                  "this `when` begins a rule of its own; the rule before it has ended", "a new rule")
          .help = {"to ask it of the rule before, write it before that rule's first action",
                   "for a rule of its own, begin a line with it, no deeper than the rule before"};
    }
    column_before = begin - line;
    looked_to = begin;
  }
}

bool IsUnresolvedPhrase(Code code) {
  return code == Code::kUnknownName || code == Code::kUnknownProperty || code == Code::kUnknownOption || code == Code::kUnknownEvent ||
         code == Code::kTypeMismatch;
}

// To the grammar a misspelt keyword at the start of a line is one more word of the phrase before it, which then means nothing: the
// keyword is what is to be mended. Looks at `diagnostics` from `from` on.
void BlameMisspeltKeywords(const SourceSet& sources, std::size_t from, std::vector<Diagnostic>& diagnostics) {
  for (std::size_t i = from; i < diagnostics.size(); ++i) {
    if (!IsUnresolvedPhrase(diagnostics[i].code)) continue;
    if (auto misspelt = syntax::MisspeltKeywordIn(diagnostics[i].span, sources[diagnostics[i].span.source])) {
      diagnostics[i] = std::move(*misspelt);
    }
  }
}

// One for each of `decls`, in `rules`.
void CheckRules(std::span<const RuleToCheck> decls, const Context& context, std::vector<Symbol>& read, std::span<Rule> rules) {
  for (std::size_t i = 0; i < decls.size(); ++i) {
    const RuleToCheck& decl = decls[i];
    rules[i] =
        decl.rule != nullptr ? CheckRule(*decl.rule, decl.span, context, read) : CheckSequence(*decl.sequence, decl.span, context, read);
  }
}

// What checking rules gave besides.
struct Apart {
  std::vector<Symbol> read;
  std::vector<Diagnostic> diagnostics;
  Budget::Taken taken = {};
};

// As CheckRules, with nothing that others change: for a thread of its own. `context` has no findings yet.
Apart CheckRulesApart(std::span<const RuleToCheck> decls, const Context& context, std::span<Rule> rules) {
  Apart result;
  Reporter reporter(result.diagnostics);
  Names names(context.vocabulary(), reporter);
  ConditionChecker conditions(names);
  CheckRules(decls, {context.sources, context.calendar, context.pipelines, context.catalog, names, conditions}, result.read, rules);
  result.taken = names.budget().taken();
  return result;
}

// The halves at the same time: no rule needs what another one was found to mean. False, and nothing is done, when they are within the
// bounds only each for itself.
bool CheckInHalves(std::span<const RuleToCheck> decls, const Context& context, std::vector<Symbol>& read, std::span<Rule> rules,
                   std::vector<Diagnostic>& diagnostics) {
  const std::size_t half = decls.size() / 2;
  std::future<Apart> second = Beside(true, [&] { return CheckRulesApart(decls.subspan(half), context, rules.subspan(half)); });
  std::array<Apart, 2> halves = {CheckRulesApart(decls.first(half), context, rules.first(half)), {}};
  halves[1] = second.get();
  if (!context.names.budget().Add(halves[0].taken, halves[1].taken)) return false;
  for (Apart& apart : halves) {
    read.insert(read.end(), apart.read.begin(), apart.read.end());
    std::move(apart.diagnostics.begin(), apart.diagnostics.end(), std::back_inserter(diagnostics));
  }
  return true;
}

// `read` gets the derived symbols that are read.
void CheckAll(const Declarations& declarations, const Context& context, std::vector<Symbol>& read, CheckedScript& out,
              std::vector<Diagnostic>& diagnostics) {
  for (const auto& decl : declarations.templates) out.emails.push_back(CheckTemplate(decl, context, read));
  out.rules.resize(declarations.rules.size());
  // Earlier findings may be where a rule's finding comes from.
  const bool in_halves = declarations.rules.size() >= kManyRules && diagnostics.empty();
  if (!in_halves || !CheckInHalves(declarations.rules, context, read, out.rules, diagnostics)) {
    CheckRules(declarations.rules, context, read, out.rules);
  }
  for (const auto& decl : declarations.views) out.views.push_back(CheckView(decl, context, read));
  for (const auto& decl : declarations.promises) out.promises.push_back(CheckPromise(decl, context, read));
  for (const auto& decl : declarations.moves) {
    if (auto moves = CheckMoves(decl, context); moves.has_value()) out.moves.push_back(std::move(*moves));
  }
}

RetiredRule CheckRetired(const RuleToCheck& decl, const Context& context) {
  RetiredRule retired;
  const Apart apart = CheckRulesApart({&decl, 1}, context, {&retired.rule, 1});
  const auto error = std::find_if(apart.diagnostics.begin(), apart.diagnostics.end(),
                                  [](const Diagnostic& diagnostic) { return diagnostic.severity == Severity::kError; });
  if (error != apart.diagnostics.end()) retired.problem = error->message;
  return retired;
}

}  // namespace

CheckedScript Check(const std::vector<syntax::Script>& scripts, std::size_t standard, const SourceSet& sources,
                    std::vector<Diagnostic>& diagnostics, std::span<const RuleToCheck> retired) {
  CheckedScript out;
  const std::size_t found_before = diagnostics.size();
  Reporter reporter(diagnostics);
  AddSpoiledNames(scripts, reporter);
  const Declarations declarations = Declarer(reporter, sources, out).Declare(scripts, standard);
  Names names(out.vocabulary, reporter);
  ConditionChecker conditions(names);
  DerivedChecker derived(sources, names, conditions);
  derived.Check(declarations.derived, out);
  const Context context{sources, out.calendar, out.pipelines, declarations.catalog, names, conditions};
  std::vector<Symbol> read;
  CheckAll(declarations, context, read, out, diagnostics);
  for (const RuleToCheck& decl : retired) out.retired.push_back(CheckRetired(decl, context));
  for (std::size_t i = 0; i < scripts.size(); ++i) {
    if (i != standard) HintStrayWhens(scripts[i], sources, reporter);
  }
  out.tests = std::make_shared<const TestSet>(TestChecker(context, out).Check(scripts));
  BlameMisspeltKeywords(sources, found_before, diagnostics);
  // What has errors may be what would have used it.
  if (!HasErrors(diagnostics)) HintUnused(derived, declarations, read, out, sources, reporter);
  return out;
}

std::optional<Condition> CheckCondition(const syntax::Condition& condition, const Vocabulary& vocabulary,
                                        std::vector<Diagnostic>& diagnostics) {
  Reporter reporter(diagnostics);
  Names names(vocabulary, reporter);
  Condition checked = ConditionChecker(names).Check(condition, Scope{});
  if (HasErrors(diagnostics)) return std::nullopt;
  return checked;
}

}  // namespace stagecraft::sema
