#include "dsl/sema/analysis/moves.h"

#include <algorithm>

namespace stagecraft::sema {

namespace {

Known WaysTo(const Facts& facts, const Write& write) {
  const Rule& rule = *facts.rules()[write.rule].rule;
  Known known = write.first ? FiringOf(facts, rule, true) : Known{Query{}};
  for (Query& query : known) {
    query.goals.insert(query.goals.end(), write.path.begin(), write.path.end());
    if (!write.first && rule.until.has_value()) query.goals.push_back({&*rule.until, false, nullptr});
  }
  return known;
}

std::vector<std::uint32_t> AllowedFrom(const PropertySymbol& property, std::uint32_t target) {
  std::vector<std::uint32_t> allowed;
  for (std::uint32_t option = 0; option < property.options.options.size(); ++option) {
    if (!IsRefusedBackward(property, option, target)) allowed.push_back(option);
  }
  return allowed;
}

}  // namespace

Known KnownAt(const Facts& facts, const Write& write) {
  Known known = WaysTo(facts, write);
  std::erase_if(known, [&](const Query& way) { return facts.guards().Impossible(way); });
  return known.empty() ? Known{Query{}} : known;
}

void AddNotRefused(const Facts& facts, const Write& write, std::uint32_t version, Query& query) {
  const PropertySymbol& property = facts.vocabulary().property(write.property);
  if (write.set == nullptr || write.set->back_to || write.earlier.has_value()) return;
  if (write.kind != Write::Kind::kConstant || property.type != Type::kOption) return;
  const auto target = static_cast<std::uint32_t>(write.constant);
  if (!property.options.options[target].forward_only) return;
  query.pins.push_back({Guards::Of(write.property, version), IntervalSet::Of(AllowedFrom(property, target)), std::nullopt, true, true});
}

bool IsRefusedBackward(const PropertySymbol& property, std::uint32_t from, std::uint32_t to) {
  return LeadsBack(property.options.options[from], property.options.options[to]);
}

std::optional<std::vector<std::uint32_t>> OptionsBefore(const Facts& facts, const Write& write,
                                                        const std::vector<std::uint32_t>& candidates) {
  if (write.earlier.has_value()) {
    const Write& earlier = facts.rules()[write.rule].writes[*write.earlier];
    if (!write.earlier_sure) return std::nullopt;
    if (earlier.kind == Write::Kind::kClear) return std::vector<std::uint32_t>{};
    if (earlier.kind != Write::Kind::kConstant) return std::nullopt;
    const auto value = static_cast<std::uint32_t>(earlier.constant);
    if (std::count(candidates.begin(), candidates.end(), value) == 0) return std::vector<std::uint32_t>{};
    return std::vector<std::uint32_t>{value};
  }
  const Known known = WaysTo(facts, write);
  std::vector<std::uint32_t> possible;
  for (const std::uint32_t option : candidates) {
    const bool some = std::any_of(known.begin(), known.end(), [&](Query query) {
      query.pins.push_back({Guards::Of(write.property), IntervalSet::Between(option, option), std::nullopt, false, true});
      return facts.guards().Possible(query);
    });
    if (some) possible.push_back(option);
  }
  return possible;
}

namespace {

// Nothing where the property can be unset then, or in an option from which the move is none backward.
bool SurelyRefused(const Facts& facts, const Write& write, const PropertySymbol& property) {
  const auto target = static_cast<std::uint32_t>(write.constant);
  if (write.earlier.has_value()) {
    const Write& earlier = facts.rules()[write.rule].writes[*write.earlier];
    return write.earlier_sure && earlier.kind == Write::Kind::kConstant &&
           IsRefusedBackward(property, static_cast<std::uint32_t>(earlier.constant), target);
  }
  const std::vector<std::uint32_t> allowed = AllowedFrom(property, target);
  const Known known = KnownAt(facts, write);
  return std::all_of(known.begin(), known.end(), [&](Query query) {
    query.pins.push_back({Guards::Of(write.property), IntervalSet::Of(allowed), std::nullopt, true, true});
    return facts.guards().Impossible(query);
  });
}

void CheckBackward(const Facts& facts, const Write& write, const PropertySymbol& property, Findings& findings) {
  const OptionSymbol& target = property.options.options[static_cast<std::size_t>(write.constant)];
  if (!target.forward_only || write.set->back_to || (!write.earlier.has_value() && !facts.SaysSomething(write)) ||
      !SurelyRefused(facts, write, property))
    return;
  Diagnostic* found = findings.Report(
      Code::kBackwardMove, write.span,
      Tick(property.name) + " only moves forward: setting it to \"" + target.label + "\" here will be refused", "an earlier stage");
  if (found == nullptr) return;
  found->help.push_back("say so: " + Tick("set " + property.name + " back to " + AsWritten(target.label)));
  // A move that is refused becomes one that happens: nobody but the author may say so.
  found->fixes = {Replace(write.span, "back to " + AsWritten(target.label))};
  found->fixes.front().safe = false;
}

void CheckAllowed(const Facts& facts, const Write& write, const Moves& moves, Findings& findings) {
  const PropertySymbol& property = facts.vocabulary().property(write.property);
  const auto target = static_cast<std::uint32_t>(write.constant);
  std::vector<std::uint32_t> outside;
  for (std::uint32_t from = 0; from < moves.allowed.size(); ++from) {
    if (from == target || std::binary_search(moves.allowed[from].begin(), moves.allowed[from].end(), target)) continue;
    // A backward move is refused anyway, and warned of by its own name.
    if (!write.set->back_to && IsRefusedBackward(property, from, target)) continue;
    outside.push_back(from);
  }
  const std::optional<std::vector<std::uint32_t>> possible = OptionsBefore(facts, write, outside);
  if (!possible.has_value() || possible->empty()) return;
  const std::string to = AsWritten(property.options.options[target].label);
  std::vector<std::string> names;
  for (const std::uint32_t from : *possible) names.push_back(AsWritten(property.options.options[from].label));
  Diagnostic* found = findings.Report(
      Code::kOutsideMoves, write.span,
      Tick(property.name) + " can be " + Tick(names.front()) + " here, from where it may not become " + Tick(to), "outside the moves");
  if (found == nullptr) return;
  if (names.size() > 1) Reporter::AddChoices(*found, "the same from", {names.begin() + 1, names.end()});
  found->help.push_back("say in `when` where it comes from, or allow the move");
  findings.Note(*found, moves.span, "the moves that are allowed");
}

}  // namespace

void CheckMoves(const Facts& facts, Findings& findings) {
  for (const RuleFacts& rule : facts.rules()) {
    for (const Write& write : rule.writes) {
      if (write.set == nullptr || write.kind != Write::Kind::kConstant) continue;
      const PropertySymbol& property = facts.vocabulary().property(write.property);
      if (property.type != Type::kOption) continue;
      CheckBackward(facts, write, property, findings);
      for (const Moves& moves : facts.script().moves) {
        if (moves.property == write.property) CheckAllowed(facts, write, moves, findings);
      }
    }
  }
}

}  // namespace stagecraft::sema
