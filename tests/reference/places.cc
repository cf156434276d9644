#include "tests/reference/places.h"

#include <algorithm>
#include <cstddef>
#include <optional>
#include <vector>

namespace stagecraft::reference {
namespace {

void FindSplits(const sema::Block& block, std::vector<const sema::Split*>& splits);

void FindSplits(const sema::Action& action, std::vector<const sema::Split*>& splits) {
  if (const auto* split = std::get_if<sema::Split>(&action.node)) {
    splits.push_back(split);
    for (const sema::Split::Part& part : split->parts) FindSplits(part.actions, splits);
  } else if (const auto* choice = std::get_if<sema::If>(&action.node)) {
    for (const sema::If::Branch& branch : choice->branches) FindSplits(branch.actions, splits);
    FindSplits(choice->otherwise, splits);
  } else if (const auto* wait = std::get_if<sema::Wait>(&action.node); wait != nullptr && wait->otherwise.has_value()) {
    FindSplits(*wait->otherwise, splits);
  }
}

void FindSplits(const sema::Block& block, std::vector<const sema::Split*>& splits) {
  for (const sema::Action& action : block) FindSplits(action, splits);
}

// The rule of the program that is the rule `number` of the script; nothing: it no longer fits.
std::optional<std::uint32_t> RuleOf(const ir::Program& program, const Script& script, std::size_t number) {
  const std::uint32_t revision = number < script.rules() ? 0 : script.old_rule(number).revision;
  for (std::uint32_t rule = 0; rule < program.rules.size(); ++rule) {
    const bool is_there = revision != 0 || program.rules[rule].declared;
    if (is_there && program.rules[rule].of_revision == revision && program.rules[rule].name == script.RuleName(number)) return rule;
  }
  return std::nullopt;
}

}  // namespace

void TakePlaces(const ir::Program& program, Script& script) {
  for (std::size_t number = 0; number < script.all_rules(); ++number) {
    const std::optional<std::uint32_t> found = RuleOf(program, script, number);
    if (!found.has_value()) continue;
    const ir::Rule& rule = program.rules[*found];
    std::vector<const sema::Split*> splits;
    FindSplits(script.rule(number).actions, splits);
    FindSplits(script.rule(number).finally, splits);
    const std::vector<WaitingPlace> waits = script.WaitsOf(number);
    auto split = splits.begin();
    auto wait = waits.begin();
    const bool sla = script.rule(number).kind == sema::Rule::Kind::kSla;
    for (std::uint32_t action = 0; action < rule.actions.size(); ++action) {
      if (rule.actions[action].kind == ir::ActionKind::kSplit) {
        script.SetPlace(*split++, {program.layout.rules.Name(rule.family), action});
      } else if (rule.actions[action].kind == ir::ActionKind::kWait && !(sla && action == 0)) {
        script.SetNumber((wait++)->wait, action);
      }
    }
  }
}

}  // namespace stagecraft::reference
