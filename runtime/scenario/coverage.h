// What of a script its tests have seen happen: rules, branches, lines of scores, lists, definitions.
#ifndef STAGECRAFT_RUNTIME_SCENARIO_COVERAGE_H_
#define STAGECRAFT_RUNTIME_SCENARIO_COVERAGE_H_

#include <cstdint>
#include <map>
#include <string>
#include <tuple>
#include <vector>

#include "dsl/ir/program.h"
#include "runtime/exec/path_counts.h"
#include "runtime/model/record.h"

namespace stagecraft::runtime {

// Counts, by the numbers of one program.
struct CoverageCounts {
  explicit CoverageCounts(const ir::Program& program) : rules(program.rules.size()), nodes(program.nodes.size()) {}

  void Add(const Record& record);
  // The values that a contact's derived values have at some moment.
  void Add(const std::vector<std::int64_t>& derived);
  void Add(const CoverageCounts& other);

  std::vector<std::uint64_t> rules;  // by rule: how often it fired
  std::vector<std::uint64_t> nodes;  // by node: at how many moments it was not 0
  PathCounts paths;                  // which way the rules with branches went
};

enum class CoverageKind : std::uint8_t { kRule, kBranch, kScoreLine, kList, kDefinition };

// One thing of the script that tests can see happen, or not.
struct CoverageItem {
  CoverageKind kind = CoverageKind::kRule;
  std::string name;  // of the rule, the list …; of a branch: `Hand-off: if`, `Hand-off: else`
  std::uint32_t line = 0;
  std::uint32_t block = 0;   // kBranch: the number of its action within the rule
  std::uint32_t branch = 0;  // kBranch: which way, from 0 on
  std::uint64_t count = 0;
};

struct FileCoverage {
  std::string file;
  std::vector<CoverageItem> items;  // by line
};

// By file, in the order of the program's; files of which nothing can be seen happen are left out, and so is the standard vocabulary.
std::vector<FileCoverage> CoverageOf(const ir::Program& program, const CoverageCounts& counts);

struct CoverageTotals {
  std::uint32_t seen = 0;
  std::uint32_t all = 0;
};
CoverageTotals TotalsOf(const std::vector<CoverageItem>& items, CoverageKind kind);
CoverageTotals TotalsOf(const std::vector<CoverageItem>& items);

// `rule`, `branch`, `score line`, `list`, `definition`.
std::string_view CoverageKindName(CoverageKind kind);

}  // namespace stagecraft::runtime

#endif  // STAGECRAFT_RUNTIME_SCENARIO_COVERAGE_H_
