#include "dsl/sema/analysis/analysis.h"

#include <cstddef>
#include <future>
#include <iterator>
#include <string>
#include <string_view>
#include <utility>

#include "dsl/sema/analysis/cascades.h"
#include "dsl/sema/analysis/conflicts.h"
#include "dsl/sema/analysis/facts.h"
#include "dsl/sema/analysis/findings.h"
#include "dsl/sema/analysis/lint.h"
#include "dsl/sema/analysis/moves.h"
#include "dsl/sema/analysis/promises.h"
#include "dsl/sema/analysis/reach.h"
#include "dsl/sema/analysis/status_design.h"
#include "dsl/support/beside.h"

namespace stagecraft::sema {

namespace {

// Runs a pass; questions to the guards that stay open in it are remembered by its name.
template <typename Pass>
void Look(const Facts& facts, Findings& findings, std::string_view name, Pass pass) {
  const int unanswered = facts.guards().unanswered();
  pass(facts, findings);
  if (facts.guards().unanswered() != unanswered) findings.GiveUp(name);
}

struct Apart {
  std::vector<Diagnostic> diagnostics;
  std::vector<std::string> gave_up;
};

// Lint with nothing that others change: for a thread of its own. Whether it has one makes no difference to what it finds.
Apart LintApart(const CheckedScript& script, const SourceSet& sources) {
  Apart result;
  const Facts facts(script);
  Findings findings(facts, sources, result.diagnostics);
  if (!facts.too_large()) Look(facts, findings, "writes", CheckLint);
  result.gave_up = findings.gave_up();
  return result;
}

// `lint`: what LintApart finds.
void Run(const Facts& facts, Findings& findings, std::future<Apart> lint, std::vector<Diagnostic>& diagnostics) {
  Look(facts, findings, "rules that never fire", CheckRulesReach);
  Look(facts, findings, "lists and views that nobody matches", CheckDerivedReach);
  Look(facts, findings, "cascades", CheckCascades);
  // Rules that cannot fire, or that never come to rest, have no other mistakes worth telling but moves that are refused.
  const bool sound = !HasErrors(diagnostics);
  if (sound) Look(facts, findings, "conflicts", CheckConflicts);
  Look(facts, findings, "moves", CheckMoves);
  if (!sound) return;
  Look(facts, findings, "promises", CheckPromises);
  Look(facts, findings, "statuses", CheckStatusDesign);
  CheckWebhooks(facts, findings);
  Apart apart = lint.get();
  std::move(apart.diagnostics.begin(), apart.diagnostics.end(), std::back_inserter(diagnostics));
  for (const std::string& analysis : apart.gave_up) findings.GiveUp(analysis);
}

std::string Joined(const std::vector<std::string>& names) {
  std::string text;
  for (const std::string& name : names) text += (text.empty() ? "" : ", ") + name;
  return text;
}

}  // namespace

void Analyse(const CheckedScript& script, const SourceSet& sources, std::vector<Diagnostic>& diagnostics) {
  std::future<Apart> lint = Beside(script.rules.size() >= kManyRules, [&] { return LintApart(script, sources); });
  const Facts facts(script);
  Findings findings(facts, sources, diagnostics);
  if (!facts.too_large()) Run(facts, findings, std::move(lint), diagnostics);
  if (!facts.too_large() && findings.gave_up().empty()) return;
  Diagnostic* found = findings.Report(Code::kNotAnalysed, Span{0, 0, 0},
                                      "the script asks for more than can be looked into: some mistakes may not have been found");
  if (found != nullptr && !findings.gave_up().empty()) found->help.push_back("not looked into in full: " + Joined(findings.gave_up()));
}

}  // namespace stagecraft::sema
