#include "dsl/sema/rules.h"

#include <algorithm>
#include <iterator>
#include <limits>
#include <map>
#include <utility>

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

// E9: a rule that surely moves a stage back without saying so.
void WarnOfBackwardMoves(const Rule& rule, Names& names) {
  std::vector<Symbol> cleared;
  for (const Action& action : rule.actions) {
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
    diagnostic.fix = Fix{set->value_span, "back to " + AsWritten(target.label)};
  }
}

// Which options a property can still have when a rule fires; reports the first condition that leaves none.
class PossibleOptions {
 public:
  explicit PossibleOptions(Names& names) : names_(names) {}

  // What the trigger says: the property has just become, or has stayed, one of these.
  void Start(const Trigger& trigger) {
    if (trigger.kind == Trigger::Kind::kBecomes || trigger.kind == Trigger::Kind::kStays) possible_[trigger.symbol] = trigger.options;
  }

  void Narrow(const Condition& guard, Span span) {
    if (reported_) return;
    if (guard.kind == Condition::Kind::kAnd) {
      for (const Condition& operand : guard.operands) Narrow(operand, span);
    }
    if (guard.kind != Condition::Kind::kOptionIn || guard.reference.space != Reference::Space::kProperty) return;
    const auto [known, first] = possible_.emplace(guard.reference.symbol, guard.options);
    if (first) return;
    std::vector<std::uint32_t> both;
    std::set_intersection(known->second.begin(), known->second.end(), guard.options.begin(), guard.options.end(), std::back_inserter(both));
    known->second = std::move(both);
    if (!known->second.empty()) return;
    reported_ = true;
    const std::string& name = names_.vocabulary().property(guard.reference.symbol).name;
    names_.reporter().Report(Code::kNeverTrue, span, "this can never be true: " + Tick(name) + " has another value when the rule gets here",
                             "never true");
  }

 private:
  Names& names_;
  std::map<Symbol, std::vector<std::uint32_t>> possible_;
  bool reported_ = false;
};

}  // namespace

std::string OneLine(const SourceSet& sources, Span span) {
  const std::string_view text = sources[span.source].text().substr(span.begin, span.end - span.begin);
  std::string result;
  bool in_text = false;
  bool in_comment = false;
  bool blank = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (in_comment) {
      in_comment = c != '\n';
      continue;
    }
    if (!in_text && (c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '#')) {
      in_comment = c == '#';
      blank = true;
      continue;
    }
    if (blank && !result.empty()) result += ' ';
    blank = false;
    if (in_text && c == '\\' && i + 1 < text.size()) {
      result += c;
      result += text[++i];
      continue;
    }
    if (c == '"') in_text = !in_text;
    result += c;
  }
  return result;
}

Rule CheckRule(const syntax::RuleDecl& decl, Span span, const SourceSet& sources, const Calendar& calendar, Names& names,
               ConditionChecker& conditions, std::vector<Symbol>& reads) {
  Rule rule;
  rule.span = span;
  rule.disabled = decl.disabled;
  if (decl.name.has_value()) rule.name = decl.name->text;
  rule.text = OneLine(sources, decl.trigger.span);

  Scope scope;
  scope.in_rule = true;
  scope.reads = &reads;
  std::optional<Trigger> trigger = TriggerChecker(names, conditions, reads).Check(decl.trigger);
  if (trigger.has_value()) {
    rule.trigger = std::move(*trigger);
    if (rule.trigger.kind == Trigger::Kind::kEvent && rule.trigger.events.size() == 1) scope.event = rule.trigger.events.front().event;
  } else {
    // Events have two words or more; a single one is more likely a misspelt option.
    const auto* on = std::get_if<syntax::OnTrigger>(&decl.trigger.node);
    scope.event_unknown = on != nullptr && (on->phrase.terms.size() > 1 || on->with != nullptr);
  }

  std::vector<Condition> guards;
  PossibleOptions possible(names);
  if (trigger.has_value()) possible.Start(rule.trigger);
  for (const syntax::ConditionPtr& guard : decl.guards) {
    Condition checked = conditions.Check(*guard, scope);
    possible.Narrow(checked, guard->span);
    if (checked.kind == Condition::Kind::kAnd) {
      std::move(checked.operands.begin(), checked.operands.end(), std::back_inserter(guards));
    } else {
      guards.push_back(std::move(checked));
    }
  }
  rule.guard = AllOf(std::move(guards));

  ActionChecker actions(names, sources, calendar, scope);
  for (const syntax::Action& action : decl.actions) {
    if (std::optional<Action> checked = actions.Check(action); checked.has_value()) rule.actions.push_back(std::move(*checked));
  }
  WarnOfBackwardMoves(rule, names);
  return rule;
}

}  // namespace stagecraft::sema
