// Design hints: scripts that work, and could be plainer, safer or better kept (SC06xx).
//
// One function a hint, listed in lint.cc. To add one: a code with its page, a function in the lint_*.cc file of its subject, a line in the
// table. A hint must be sure of what it says; where it depends on taste it is not for this place.
#ifndef STAGECRAFT_DSL_SEMA_ANALYSIS_LINT_H_
#define STAGECRAFT_DSL_SEMA_ANALYSIS_LINT_H_

#include "dsl/sema/analysis/facts.h"
#include "dsl/sema/analysis/findings.h"

namespace stagecraft::sema {

void CheckLint(const Facts& facts, Findings& findings);

namespace lint {

// Offers a fix that changes what the script does.
void OfferUnsafe(Diagnostic& found, Fix fix);

// lint_rules.cc
void DuplicateRules(const Facts& facts, Findings& findings);
void SameTriggerTwice(const Facts& facts, Findings& findings);
void LongRules(const Facts& facts, Findings& findings);
void DeepBranches(const Facts& facts, Findings& findings);
void IdenticalBranches(const Facts& facts, Findings& findings);
void WaitsForNothing(const Facts& facts, Findings& findings);
void LongWaits(const Facts& facts, Findings& findings);
void SelfStartingSequences(const Facts& facts, Findings& findings);
void SequencesWithoutStop(const Facts& facts, Findings& findings);
void SchedulesOffHours(const Facts& facts, Findings& findings);
void Floods(const Facts& facts, Findings& findings);
void EndlessWaits(const Facts& facts, Findings& findings);

// lint_writes.cc
void WritesOfSameValue(const Facts& facts, Findings& findings);
void LostWrites(const Facts& facts, Findings& findings);
void ClearedAndSet(const Facts& facts, Findings& findings);

// lint_people.cc
void TasksForNobody(const Facts& facts, Findings& findings);
void RotationsOfOne(const Facts& facts, Findings& findings);
void NamedPeople(const Facts& facts, Findings& findings);
void NoManagers(const Facts& facts, Findings& findings);
void TwoManagers(const Facts& facts, Findings& findings);

// lint_scores.cc
void LinesOfNoPoints(const Facts& facts, Findings& findings);
void SameLineTwice(const Facts& facts, Findings& findings);
void OverlappingTiers(const Facts& facts, Findings& findings);
void ThresholdGaps(const Facts& facts, Findings& findings);
void ThresholdOverlaps(const Facts& facts, Findings& findings);
void RepeatedThresholds(const Facts& facts, Findings& findings);

// lint_names.cc
void IncompleteLabels(const Facts& facts, Findings& findings);
void NamesWithoutLetters(const Facts& facts, Findings& findings);
void SameConditionTwice(const Facts& facts, Findings& findings);
void PromisesOfNothing(const Facts& facts, Findings& findings);
void TemplatesNotSent(const Facts& facts, Findings& findings);
void SimilarNames(const Facts& facts, Findings& findings);

// lint_conditions.cc
void RepeatedValues(const Facts& facts, Findings& findings);
void NegatedComparisons(const Facts& facts, Findings& findings);

}  // namespace lint

}  // namespace stagecraft::sema

#endif  // STAGECRAFT_DSL_SEMA_ANALYSIS_LINT_H_
