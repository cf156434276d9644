#include "runtime/scenario/coverage.h"

#include <algorithm>
#include <map>
#include <utility>

#include "runtime/model/run.h"

namespace stagecraft::runtime {
namespace {

void AddEach(std::vector<std::uint64_t>& sums, const std::vector<std::uint64_t>& counts) {
  for (std::size_t i = 0; i < sums.size() && i < counts.size(); ++i) sums[i] += counts[i];
}

// Collects the items of each file of the program.
class Collector {
 public:
  Collector(const ir::Program& program, const CoverageCounts& counts) : program_(program), counts_(counts) {}

  std::map<std::uint32_t, std::vector<CoverageItem>> Collect() {
    for (std::uint32_t number = 0; number < program_.rules.size(); ++number) {
      if (program_.rules[number].declared && !program_.rules[number].disabled) AddRule(number);
    }
    for (std::uint32_t number = 0; number < program_.nodes.size(); ++number) AddNode(number);
    return std::move(files_);
  }

 private:
  void Add(const ir::Place& place, CoverageKind kind, std::string name, std::uint64_t count, std::uint32_t block = 0,
           std::uint32_t branch = 0) {
    if (place.line != 0) files_[place.file].push_back({kind, std::move(name), place.line, block, branch, count});
  }

  void AddRule(std::uint32_t number) {
    const ir::Rule& rule = program_.rules[number];
    Add(rule.place, CoverageKind::kRule, rule.name, counts_.rules[number]);
    for (std::uint32_t i = 0; i < rule.actions.size(); ++i) {
      const ir::Action& action = rule.actions[i];
      const auto way = [&](std::uint32_t branch, const std::string& word, std::uint32_t next) {
        Add(action.place, CoverageKind::kBranch, rule.name + ": " + word, counts_.paths.Of(number, i, next), i, branch);
      };
      if (action.kind == ir::ActionKind::kBranch) {
        way(0, "the condition holds", i + 1);
        way(1, "it does not hold", action.target);
      } else if (action.kind == ir::ActionKind::kSplit) {
        for (std::uint32_t part = 0; part < action.shares.size(); ++part) {
          way(part, "part " + std::to_string(part + 1) + " of the split", action.shares[part].target);
        }
      } else if (action.kind == ir::ActionKind::kWait && action.wait->timeout != ir::kNoAction) {
        way(0, rule.kind == ir::RuleKind::kSla ? "met" : "in time", i + 1);
        way(1, rule.kind == ir::RuleKind::kSla ? "missed" : "too late", action.wait->timeout);
      }
    }
  }

  void AddNode(std::uint32_t number) {
    const ir::Node& node = program_.nodes[number];
    if (node.name.empty()) return;
    switch (node.kind) {
      case ir::NodeKind::kCriterion:
        return Add(node.place, CoverageKind::kScoreLine, node.name, counts_.nodes[number]);
      case ir::NodeKind::kList:
        return Add(node.place, CoverageKind::kList, node.name, counts_.nodes[number]);
      case ir::NodeKind::kWatch:
        return Add(node.place, CoverageKind::kDefinition, node.name, counts_.nodes[number]);
      default:
        return;
    }
  }

  const ir::Program& program_;
  const CoverageCounts& counts_;
  std::map<std::uint32_t, std::vector<CoverageItem>> files_;
};

}  // namespace

void CoverageCounts::Add(const Record& record) {
  for (const Effect& effect : record.effects) {
    if (effect.kind == EffectKind::kRuleFired) ++rules[effect.target];
  }
}

void CoverageCounts::Add(const std::vector<std::int64_t>& derived) {
  for (std::size_t i = 0; i < nodes.size() && i < derived.size(); ++i) nodes[i] += derived[i] != 0 ? 1 : 0;
}

void CoverageCounts::Add(const CoverageCounts& other) {
  AddEach(rules, other.rules);
  AddEach(nodes, other.nodes);
  for (const auto& [step, count] : other.paths.steps) paths.steps[step] += count;
}

std::vector<FileCoverage> CoverageOf(const ir::Program& program, const CoverageCounts& counts) {
  std::vector<FileCoverage> files;
  // The last file is the standard vocabulary: what it may set off is nobody's to test.
  const auto users = static_cast<std::uint32_t>(program.files.empty() ? 0 : program.files.size() - 1);
  for (auto& [file, items] : Collector(program, counts).Collect()) {
    if (file >= users) continue;
    std::stable_sort(items.begin(), items.end(), [](const CoverageItem& a, const CoverageItem& b) { return a.line < b.line; });
    files.push_back({program.files[file], std::move(items)});
  }
  return files;
}

CoverageTotals TotalsOf(const std::vector<CoverageItem>& items, CoverageKind kind) {
  CoverageTotals totals;
  for (const CoverageItem& item : items) {
    if (item.kind != kind) continue;
    ++totals.all;
    totals.seen += item.count != 0 ? 1 : 0;
  }
  return totals;
}

CoverageTotals TotalsOf(const std::vector<CoverageItem>& items) {
  CoverageTotals totals;
  for (const CoverageItem& item : items) {
    ++totals.all;
    totals.seen += item.count != 0 ? 1 : 0;
  }
  return totals;
}

std::string_view CoverageKindName(CoverageKind kind) {
  switch (kind) {
    case CoverageKind::kRule:
      return "rule";
    case CoverageKind::kBranch:
      return "branch";
    case CoverageKind::kScoreLine:
      return "score line";
    case CoverageKind::kList:
      return "list";
    case CoverageKind::kDefinition:
      return "definition";
  }
  return "";
}

}  // namespace stagecraft::runtime
