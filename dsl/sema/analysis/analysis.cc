#include "dsl/sema/analysis/analysis.h"

#include <string>
#include <string_view>

#include "dsl/sema/analysis/cascades.h"
#include "dsl/sema/analysis/conflicts.h"
#include "dsl/sema/analysis/facts.h"
#include "dsl/sema/analysis/findings.h"
#include "dsl/sema/analysis/lint.h"
#include "dsl/sema/analysis/moves.h"
#include "dsl/sema/analysis/promises.h"
#include "dsl/sema/analysis/reach.h"
#include "dsl/sema/analysis/status_design.h"

namespace stagecraft::sema {

namespace {

// Runs a pass; questions to the guards that stay open in it are remembered by its name.
template <typename Pass>
void Look(const Facts& facts, Findings& findings, std::string_view name, Pass pass) {
  const int unanswered = facts.guards().unanswered();
  pass(facts, findings);
  if (facts.guards().unanswered() != unanswered) findings.GiveUp(name);
}

void Run(const Facts& facts, Findings& findings, const std::vector<Diagnostic>& diagnostics) {
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
  Look(facts, findings, "writes", CheckLint);
}

std::string Joined(const std::vector<std::string>& names) {
  std::string text;
  for (const std::string& name : names) text += (text.empty() ? "" : ", ") + name;
  return text;
}

}  // namespace

void Analyse(const CheckedScript& script, const SourceSet& sources, std::vector<Diagnostic>& diagnostics) {
  const Facts facts(script);
  Findings findings(facts, sources, diagnostics);
  if (!facts.too_large()) Run(facts, findings, diagnostics);
  if (!facts.too_large() && findings.gave_up().empty()) return;
  Diagnostic* found = findings.Report(Code::kNotAnalysed, Span{0, 0, 0},
                                      "the script asks for more than can be looked into: some mistakes may not have been found");
  if (found != nullptr && !findings.gave_up().empty()) found->help.push_back("not looked into in full: " + Joined(findings.gave_up()));
}

}  // namespace stagecraft::sema
