#include <algorithm>
#include <cstdint>
#include <limits>
#include <optional>
#include <vector>

#include "dsl/sema/rules.h"

namespace stagecraft::sema {
namespace {

// The lowest rank that `property` is known to have when the rule fires; nothing when anything is possible.
std::optional<std::int32_t> LowestRank(const PropertySymbol& property, const std::vector<std::uint32_t>& options) {
  std::int32_t lowest = std::numeric_limits<std::int32_t>::max();
  for (const std::uint32_t option : options) {
    if (!property.options.options[option].forward_only) return std::nullopt;
    lowest = std::min(lowest, property.options.options[option].rank);
  }
  if (options.empty()) return std::nullopt;
  return lowest;
}

std::optional<std::int32_t> KnownRank(const Rule& rule, Symbol property, const Vocabulary& vocabulary) {
  const PropertySymbol& symbol = vocabulary.property(property);
  const auto rank_in = [&](const Condition& condition) -> std::optional<std::int32_t> {
    if (condition.kind != Condition::Kind::kOptionIn || condition.reference.space != Reference::Space::kProperty) return std::nullopt;
    if (condition.reference.symbol != property) return std::nullopt;
    return LowestRank(symbol, condition.options);
  };
  if (rule.trigger.kind == Trigger::Kind::kBecomes && rule.trigger.symbol == property) return LowestRank(symbol, rule.trigger.options);
  if (rule.guard.kind != Condition::Kind::kAnd) return rank_in(rule.guard);
  for (const Condition& operand : rule.guard.operands) {
    if (const auto rank = rank_in(operand); rank.has_value()) return rank;
  }
  return std::nullopt;
}

}  // namespace

// E9: a rule that surely moves a stage back without saying so.
void WarnOfBackwardMoves(const Rule& rule, Names& names) {
  std::vector<Symbol> cleared;
  for (const Action& action : rule.actions) {
    // From a wait on, nothing is sure any more.
    if (std::holds_alternative<Wait>(action.node)) return;
    if (const auto* clear = std::get_if<ClearValue>(&action.node)) cleared.push_back(clear->property);
    const auto* set = std::get_if<SetValue>(&action.node);
    if (set == nullptr || set->back_to || std::count(cleared.begin(), cleared.end(), set->property) != 0) continue;
    const PropertySymbol& property = names.vocabulary().property(set->property);
    const auto* option = std::get_if<std::int64_t>(&set->value);
    if (!property.forward_only || option == nullptr) continue;
    const OptionSymbol& target = property.options.options[static_cast<std::size_t>(*option)];
    const std::optional<std::int32_t> rank = KnownRank(rule, set->property, names.vocabulary());
    if (!rank.has_value() || !target.forward_only || target.rank >= *rank) continue;
    Diagnostic& diagnostic = names.reporter().Report(
        Code::kBackwardMove, set->value_span,
        Tick(property.name) + " only moves forward: setting it to \"" + target.label + "\" here will be refused", "an earlier stage");
    diagnostic.help.push_back("say so: " + Tick("set " + property.name + " back to " + AsWritten(target.label)));
    // Not safe: as it stands the move is refused.
    diagnostic.fixes = {Replace(set->value_span, "back to " + AsWritten(target.label))};
    diagnostic.fixes.front().safe = false;
  }
}

}  // namespace stagecraft::sema
