#include "dsl/sema/analysis/analysis.h"

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

void Run(const Facts& facts, Findings& findings, const std::vector<Diagnostic>& diagnostics) {
  CheckRulesReach(facts, findings);
  CheckDerivedReach(facts, findings);
  CheckCascades(facts, findings);
  // Rules that cannot fire, or that never come to rest, have no other mistakes worth telling.
  if (HasErrors(diagnostics)) return;
  CheckConflicts(facts, findings);
  CheckMoves(facts, findings);
  CheckPromises(facts, findings);
  CheckStatusDesign(facts, findings);
  CheckWebhooks(facts, findings);
  CheckLint(facts, findings);
}

}  // namespace

void Analyse(const CheckedScript& script, const SourceSet& sources, std::vector<Diagnostic>& diagnostics) {
  const Facts facts(script);
  Findings findings(facts, sources, diagnostics);
  if (!facts.too_large()) Run(facts, findings, diagnostics);
  if (!facts.too_large() && !facts.guards().exhausted()) return;
  findings.Report(Code::kNotAnalysed, Span{0, 0, 0},
                  "the script asks for more than can be looked into: some mistakes may not have been found");
}

}  // namespace stagecraft::sema
