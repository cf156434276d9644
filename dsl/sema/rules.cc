#include "dsl/sema/rules.h"

#include <algorithm>
#include <iterator>
#include <map>
#include <utility>

#include "dsl/sema/units.h"
#include "dsl/syntax/scan.h"

namespace stagecraft::sema {
namespace {

using syntax::Modifier;

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

// The modifiers of a rule or sequence.
class ModifierReader {
 public:
  // `scope`: of the guards.
  ModifierReader(const Context& context, const Scope& scope, Rule& rule)
      : context_(context), scope_(scope), rule_(rule), possible_(context.names) {}

  void Read(const std::vector<Modifier>& modifiers, bool trigger_is_known) {
    if (trigger_is_known) possible_.Start(rule_.trigger);
    for (const Modifier& modifier : modifiers) ReadOne(modifier);
    rule_.guard = AllOf(std::move(guards_));
  }

  void ReadUntil(const syntax::Condition& condition) {
    Condition checked = context_.conditions.Check(condition, RunScope(scope_));
    if (!rule_.until.has_value()) {
      rule_.until = std::move(checked);
      return;
    }
    std::vector<Condition> both;
    both.push_back(std::move(*rule_.until));
    both.push_back(std::move(checked));
    rule_.until = AnyOf(std::move(both));
  }

  // Of a condition that is asked while a rule runs: the event that began the run is past.
  static Scope RunScope(const Scope& scope) {
    Scope result = scope;
    result.past_event = scope.event;
    result.event.reset();
    result.in_rule = false;
    result.in_run = true;
    return result;
  }

 private:
  void ReadOne(const Modifier& modifier) {
    switch (modifier.kind) {
      case Modifier::Kind::kWhen:
        ReadGuard(*modifier.condition);
        break;
      case Modifier::Kind::kUntil:
        ReadUntil(*modifier.condition);
        break;
      case Modifier::Kind::kOncePerContact:
        SetOnce(Rule::Once::kPerContact, modifier);
        break;
      case Modifier::Kind::kAtMostOncePer:
        SetOnce(Rule::Once::kPerPeriod, modifier);
        if (modifier.duration.has_value()) {
          rule_.period = AnyDuration(*modifier.duration, context_.calendar, context_.reporter()).value_or(Duration{});
        }
        break;
      case Modifier::Kind::kEveryTime:
        SetFlag(rule_.every_time, modifier);
        break;
      case Modifier::Kind::kDisabled:
        SetFlag(rule_.disabled, modifier);
        break;
      case Modifier::Kind::kMigrate:
        SetFlag(rule_.migrate, modifier);
        break;
    }
  }

  void ReadGuard(const syntax::Condition& condition) {
    Condition checked = context_.conditions.Check(condition, scope_);
    possible_.Narrow(checked, condition.span);
    if (checked.kind == Condition::Kind::kAnd) {
      std::move(checked.operands.begin(), checked.operands.end(), std::back_inserter(guards_));
    } else {
      guards_.push_back(std::move(checked));
    }
  }

  void SetFlag(bool& flag, const Modifier& modifier) {
    if (flag) context_.reporter().Report(Code::kRepeatedPart, modifier.span, "this is said of the rule already", "said twice");
    flag = true;
  }

  void SetOnce(Rule::Once once, const Modifier& modifier) {
    if (rule_.once != Rule::Once::kAlways) {
      context_.reporter().Report(Code::kRepeatedPart, modifier.span, "how often the rule may run is said already", "said twice");
      return;
    }
    rule_.once = once;
  }

  const Context& context_;
  const Scope& scope_;
  Rule& rule_;
  PossibleOptions possible_;
  std::vector<Condition> guards_;
};

void CheckSlaParts(const syntax::SlaTrigger& sla, const Context& context, const Scope& scope, Rule& rule) {
  rule.kind = Rule::Kind::kSla;
  rule.within = AnyDuration(sla.duration, context.calendar, context.reporter()).value_or(Duration{});
  if (sla.expected != nullptr) rule.expected = context.conditions.Check(*sla.expected, ModifierReader::RunScope(scope));
}

// Where the trigger has an error, names of fields are unknown because of it.
bool MayBeUnknownEvent(const syntax::Trigger& trigger) {
  const auto* on = std::get_if<syntax::OnTrigger>(&trigger.node);
  if (const auto* sla = std::get_if<syntax::SlaTrigger>(&trigger.node)) on = std::get_if<syntax::OnTrigger>(&sla->of);
  // Events have two words or more; a single one is more likely a misspelt option.
  return on != nullptr && (on->phrase.terms.size() > 1 || on->with != nullptr);
}

}  // namespace

std::string OneLine(const SourceSet& sources, Span span) { return syntax::OneLine(sources[span.source].At(span)); }

namespace {

// Holds for ever once it holds: something has happened, whenever that was.
bool IsForEver(const Condition& condition) {
  if (condition.kind == Condition::Kind::kSeen) return condition.within_us == 0;
  const bool joined = condition.kind == Condition::Kind::kAnd || condition.kind == Condition::Kind::kOr;
  return joined && !condition.operands.empty() && std::all_of(condition.operands.begin(), condition.operands.end(), IsForEver);
}

// `when meeting canceled` fires at the first meeting and never again.
void HintFiresOnce(const Rule& rule, const syntax::Trigger& trigger, Reporter& reporter) {
  const auto* when = std::get_if<syntax::TurnsTrueTrigger>(&trigger.node);
  if (when == nullptr || rule.once == Rule::Once::kPerContact || !IsForEver(rule.trigger.condition)) return;
  Diagnostic& diagnostic = reporter.Report(Code::kFiresOnce, trigger.span, "this fires once for each contact: what has happened stays so",
                                           "never turns true again");
  diagnostic.help.emplace_back("for the first time only, say so: `once per contact`");
  const auto* bare = std::get_if<syntax::BareCondition>(&when->condition->node);
  if (bare == nullptr) return;
  diagnostic.help.insert(diagnostic.help.begin(), "for each time: " + Tick("on " + Shown(TermsOf(bare->phrase))));
  const Span before{trigger.span.source, trigger.span.begin, bare->phrase.span.begin};
  diagnostic.fixes = {{{{before, "on "}}, "write `on`", false}};
}

// The one event whose fields a rule of this trigger may name.
std::optional<Symbol> EventOf(const Trigger& trigger) {
  const bool by_event = trigger.kind == Trigger::Kind::kEvent || trigger.kind == Trigger::Kind::kAfterEvent;
  if (by_event && trigger.events.size() == 1) return trigger.events.front().event;
  if (trigger.kind == Trigger::Kind::kBeforeEvent && trigger.announcements.size() == 1) return trigger.announcements.front().match.event;
  return std::nullopt;
}

}  // namespace

Rule CheckRule(const syntax::RuleDecl& decl, Span span, const Context& context, std::vector<Symbol>& reads) {
  Rule rule;
  rule.span = span;
  if (decl.name.has_value()) {
    rule.name = decl.name->text;
    rule.name_span = decl.name->span;
  }
  rule.text = OneLine(context.sources, decl.trigger.span);

  Scope scope;
  scope.in_rule = true;
  scope.reads = &reads;
  const syntax::Term* name = decl.name.has_value() ? &*decl.name : nullptr;
  std::optional<Trigger> trigger = TriggerChecker(context, name, reads).Check(decl.trigger);
  if (trigger.has_value()) {
    rule.trigger = std::move(*trigger);
    scope.event = EventOf(rule.trigger);
  } else {
    scope.event_unknown = MayBeUnknownEvent(decl.trigger);
  }
  ModifierReader(context, scope, rule).Read(decl.modifiers, trigger.has_value());
  if (trigger.has_value()) HintFiresOnce(rule, decl.trigger, context.reporter());
  if (const auto* sla = std::get_if<syntax::SlaTrigger>(&decl.trigger.node)) {
    CheckSlaParts(*sla, context, scope, rule);
    // What stands after `otherwise` happens when the time has passed.
    scope.in_rule = false;
  }
  rule.actions = ActionChecker(context, scope).Check(decl.actions);
  return rule;
}

Rule CheckSequence(const syntax::SequenceDecl& decl, Span span, const Context& context, std::vector<Symbol>& reads) {
  Rule rule;
  rule.kind = Rule::Kind::kSequence;
  rule.span = span;
  rule.name = decl.name.text;
  rule.name_span = decl.name.span;
  rule.text = "sequence \"" + decl.name.text + "\"";
  rule.trigger.kind = Trigger::Kind::kNone;
  Scope scope;
  scope.reads = &reads;
  ModifierReader modifiers(context, scope, rule);
  modifiers.Read(decl.modifiers, true);
  if (decl.stop_when != nullptr) modifiers.ReadUntil(*decl.stop_when);
  ActionChecker actions(context, scope);
  rule.actions = actions.Check(decl.steps);
  if (decl.finally.has_value()) rule.finally = actions.Check(*decl.finally);
  return rule;
}

}  // namespace stagecraft::sema
