#include "dsl/sema/analysis/lint.h"

#include <array>
#include <utility>

namespace stagecraft::sema {

namespace {

using Check = void (*)(const Facts&, Findings&);

constexpr std::array<Check, 34> kChecks = {
    lint::DuplicateRules,
    lint::WritesOfSameValue,
    lint::ClearedAndSet,
    lint::LostWrites,
    lint::TasksForNobody,
    lint::LinesOfNoPoints,
    lint::OverlappingTiers,
    lint::ThresholdGaps,
    lint::ThresholdOverlaps,
    lint::RepeatedThresholds,
    lint::SelfStartingSequences,
    lint::SequencesWithoutStop,
    lint::RotationsOfOne,
    lint::LongRules,
    lint::DeepBranches,
    lint::NamedPeople,
    lint::SchedulesOffHours,
    lint::IncompleteLabels,
    lint::NamesWithoutLetters,
    lint::SameTriggerTwice,
    lint::WaitsForNothing,
    lint::IdenticalBranches,
    lint::NoManagers,
    lint::PromisesOfNothing,
    lint::LongWaits,
    lint::SameLineTwice,
    lint::SameConditionTwice,
    lint::RepeatedValues,
    lint::NegatedComparisons,
    lint::SimilarNames,
    lint::TemplatesNotSent,
    lint::Floods,
    lint::EndlessWaits,
    lint::TwoManagers,
};

}  // namespace

void CheckLint(const Facts& facts, Findings& findings) {
  for (const Check check : kChecks) check(facts, findings);
}

void lint::OfferUnsafe(Diagnostic& found, Fix fix) {
  fix.safe = false;
  found.fixes.push_back(std::move(fix));
}

}  // namespace stagecraft::sema
