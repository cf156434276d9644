// Tries the mutants of a script: is there a test that notices?
#ifndef STAGECRAFT_RUNTIME_SCENARIO_MUTATION_H_
#define STAGECRAFT_RUNTIME_SCENARIO_MUTATION_H_

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "dsl/compile.h"
#include "dsl/mutation/mutants.h"

namespace stagecraft::runtime {

enum class MutantFate : std::uint8_t {
  kNotTried,  // there was no time for it
  kKilled,    // a test fails
  kSurvived,  // no test notices
  kRefused,   // `check` finds it: it could not be deployed
  kSame,      // it means the same as the script
};

struct TriedMutant {
  Mutant mutant;
  MutantFate fate = MutantFate::kNotTried;
  std::string killed_by;  // the test that failed
};

struct MutationOptions {
  std::uint32_t jobs = 0;                      // threads; 0: as many as the machine has
  std::function<bool()> cancelled = {};        // asked between mutants, from several threads: true ends the run
  std::function<void(std::size_t)> done = {};  // called with the number of mutants tried so far, from several threads
};

struct MutationReport {
  std::vector<TriedMutant> mutants;  // in the order of the text
  std::uint32_t killed = 0;
  std::uint32_t survived = 0;
  std::uint32_t not_tried = 0;

  // How many of those that a test could have noticed one did, in whole percent, rounded down; 100 without any.
  std::uint32_t Percent() const { return killed + survived == 0 ? 100 : killed * 100 / (killed + survived); }
};

// `result` has a program, and its tests pass; of its sources the first `files` are the user's.
MutationReport TryMutants(const CompileResult& result, std::size_t files, const MutationOptions& options);

}  // namespace stagecraft::runtime

#endif  // STAGECRAFT_RUNTIME_SCENARIO_MUTATION_H_
