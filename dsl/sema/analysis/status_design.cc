#include "dsl/sema/analysis/status_design.h"

#include <algorithm>
#include <array>
#include <string>
#include <vector>

#include "dsl/sema/analysis/moves.h"
#include "dsl/sema/analysis/stage_words.h"
#include "dsl/sema/analysis/walk.h"
#include "dsl/support/nearest.h"
#include "dsl/support/text.h"

namespace stagecraft::sema {

namespace {

constexpr std::size_t kStatusesMax = 9;
constexpr std::size_t kLongName = 5;  // letters from which on one slip makes a near-duplicate
constexpr std::size_t kLongestName = 64;
constexpr std::size_t kComparedMax = 400;  // all the countries, and more

bool IsStatus(const PropertySymbol& property) {
  return property.type == Type::kOption && std::any_of(property.options.options.begin(), property.options.options.end(),
                                                       [](const auto& one) { return one.group != OptionGroup::kNone; });
}

// What is put into a name in order to tell it from others: its digits, and the letters that are words of their own.
std::u32string MarksOf(std::string_view name) {
  std::u32string marks;
  std::u32string word;
  const auto end_word = [&] {
    if (word.size() == 1) marks += word;
    word.clear();
  };
  const std::string folded = FoldCase(name);
  for (std::string_view rest = folded; !rest.empty();) {
    const CodePoint letter = DecodeFirst(rest);
    rest.remove_prefix(letter.bytes);
    const bool digit = letter.value >= U'0' && letter.value <= U'9';
    if (digit || !IsWordPart(letter.value) || letter.value == U'_') end_word();
    if (digit) {
      marks += letter.value;
    } else if (IsWordPart(letter.value) && letter.value != U'_') {
      word += letter.value;
    }
  }
  end_word();
  return marks;
}

struct ComparedName {
  std::u32string letters;
  std::u32string marks;
};

// The same but for case, blanks, signs, a plural or one slip. `Step 1` and `Step 2`, `Tier A` and `Tier B` are meant to differ.
bool NearlySame(const ComparedName& left_name, const ComparedName& right_name) {
  const std::u32string& left = left_name.letters;
  const std::u32string& right = right_name.letters;
  if (left.empty() || right.empty()) return false;
  if (left == right) return true;
  const auto [shorter, longer] = std::minmax({left.size(), right.size()});
  if (left_name.marks != right_name.marks || longer - shorter > 1) return false;
  if (left + U"s" == right || right + U"s" == left) return true;
  return longer <= kLongestName && shorter >= kLongName && EditDistance(left, right) <= 1;
}

class StatusDesign {
 public:
  StatusDesign(const Facts& facts, Findings& findings) : facts_(facts), findings_(findings) {}

  void Run() {
    for (Symbol symbol = 0; symbol < facts_.vocabulary().properties().size(); ++symbol) {
      const PropertySymbol& property = facts_.vocabulary().property(symbol);
      if (property.type != Type::kOption || !property.IsOurs()) continue;
      CheckNames(property);
      if (!IsStatus(property)) continue;
      CheckCount(property);
      CheckStages(property);
      CheckDeadEnds(symbol, property);
    }
    for (const RuleFacts& rule : facts_.rules()) {
      for (const Write& write : rule.writes) CheckWrite(*rule.rule, write);
    }
  }

 private:
  static Span PlaceOf(const PropertySymbol& property, const OptionSymbol& option) {
    return IsWritten(option.span) ? option.span : property.span;
  }

  void CheckCount(const PropertySymbol& property) {
    std::size_t count = 0;
    for (const OptionSymbol& option : property.options.options) count += option.declared && option.parent < 0 ? 1 : 0;
    if (count <= kStatusesMax) return;
    Diagnostic* found = findings_.Report(
        Code::kTooManyStatuses, property.span,
        Tick(property.name) + " has " + std::to_string(count) + " statuses: more than nine are hard to keep apart", "too many");
    if (found != nullptr)
      found->help.emplace_back("keep those that ask for an action of their own; the rest can be sub-values or properties");
  }

  void CheckStages(const PropertySymbol& property) {
    for (const OptionSymbol& option : property.options.options) {
      if (!option.declared || option.parent >= 0) continue;
      if (IsBeforeSales(option.label)) {
        Diagnostic* found =
            findings_.Report(Code::kEarlyStatus, PlaceOf(property, option),
                             Tick(option.label) + " comes before sales: a status tells how far sales has got", "not a status");
        if (found != nullptr) found->help.emplace_back("keep it as an event, or let the lifecycle stage tell it");
      } else if (IsAfterDeal(option.label)) {
        Diagnostic* found =
            findings_.Report(Code::kLateStatus, PlaceOf(property, option),
                             Tick(option.label) + " comes after the deal is opened: the deal's own stages tell it", "not a status");
        if (found != nullptr) found->help.emplace_back("end the statuses with an open deal, and put it into a `pipeline`");
      }
    }
  }

  void CheckNames(const PropertySymbol& property) {
    const std::vector<OptionSymbol>& options = property.options.options;
    // So many come from elsewhere, and nobody chooses among them by eye: no mistake is missed that is worth a word.
    if (options.size() > kComparedMax) return;
    std::vector<ComparedName> names;
    for (const OptionSymbol& option : options) names.push_back({LettersOf(option.label), MarksOf(option.label)});
    for (std::size_t i = 0; i < options.size(); ++i) {
      for (std::size_t j = 0; j < i; ++j) {
        if (!options[i].declared || !options[j].declared || !NearlySame(names[i], names[j])) continue;
        Diagnostic* found =
            findings_.Report(Code::kNearDuplicateOption, PlaceOf(property, options[i]),
                             Tick(options[i].label) + " and " + Tick(options[j].label) + " are nearly the same name", "easily mixed up");
        if (found != nullptr && IsWritten(options[j].span)) findings_.Note(*found, options[j].span, "the other one");
        break;
      }
    }
  }

  // ---- what the scripts do with each option --------------------------------------------------------------------------

  // Whether somebody is asked, or something is done, about contacts that are in an option.
  static bool Acts(const Rule& rule, Symbol property) {
    bool acts = false;
    ForEachAction(rule, [&](const Action& action) {
      const auto* set = std::get_if<SetValue>(&action.node);
      const auto* clear = std::get_if<ClearValue>(&action.node);
      const bool other = set == nullptr && clear == nullptr && !std::holds_alternative<If>(action.node);
      acts = acts || other || (set != nullptr && set->property == property) || (clear != nullptr && clear->property == property);
    });
    return acts;
  }

  // True when the rule speaks of the property, or is set off by what people do and by time, whatever the property is.
  bool IsAbout(const RuleFacts& rule, Symbol property) const {
    if (std::binary_search(rule.trigger.properties.begin(), rule.trigger.properties.end(), property)) return true;
    switch (rule.rule->trigger.kind) {
      case Trigger::Kind::kEvent:
      case Trigger::Kind::kWithout:
      case Trigger::Kind::kAfterEvent:
      case Trigger::Kind::kBeforeEvent:
      case Trigger::Kind::kTurnsTrue:
        return true;
      default:
        break;
    }
    Reads reads;
    facts_.Collect(rule.rule->guard, reads);
    return std::count(reads.properties.begin(), reads.properties.end(), property) != 0;
  }

  static bool IsSetOffBy(const Trigger& trigger, Symbol property) {
    return (trigger.kind == Trigger::Kind::kBecomes || trigger.kind == Trigger::Kind::kStays) && trigger.symbol == property;
  }

  // What the rule asks once it has begun.
  void UseQuestions(const Rule& rule, Symbol property) {
    ForEachCondition(rule, [&](const Condition& condition) {
      if (&condition != &rule.trigger.condition && &condition != &rule.guard) UseCondition(condition, property);
    });
  }

  void CollectUses(Symbol property) {
    const std::size_t options = facts_.vocabulary().property(property).options.options.size();
    used_.assign(options, false);
    for (const RuleFacts& rule : facts_.rules()) {
      if (rule.rule->disabled) continue;
      UseQuestions(*rule.rule, property);
      if (rule.rule->trigger.kind == Trigger::Kind::kNone) continue;
      if (!IsSetOffBy(rule.rule->trigger, property) && (!IsAbout(rule, property) || !Acts(*rule.rule, property))) continue;
      if (std::count(used_.begin(), used_.end(), false) == 0) return;
      const Known known = FiringOf(facts_, *rule.rule, true);
      for (std::uint32_t option = 0; option < options; ++option) {
        if (used_[option]) continue;
        used_[option] = std::any_of(known.begin(), known.end(), [&](Query query) {
          query.pins.push_back({Guards::Of(property), IntervalSet::Between(option, option), std::nullopt, false, true});
          return !facts_.guards().Impossible(query);
        });
      }
    }
    for (const Derived& derived : facts_.script().derived) UseCondition(derived.condition, property);
    for (const View& view : facts_.script().views) UseCondition(view.condition, property);
  }

  // `wanted`: whether the condition is to hold, or to fail.
  void UseCondition(const Condition& condition, Symbol property, bool wanted = true) {
    const bool inside = wanted != (condition.kind == Condition::Kind::kNot);
    for (const Condition& operand : condition.operands) UseCondition(operand, property, inside);
    if (condition.kind != Condition::Kind::kOptionIn || condition.reference.symbol != property) return;
    if (condition.reference.space != Reference::Space::kProperty) return;
    for (std::uint32_t option = 0; option < used_.size(); ++option) {
      if (std::binary_search(condition.options.begin(), condition.options.end(), option) == wanted) used_[option] = true;
    }
  }

  // Of the process only: a start is left by whoever begins, and an outcome is where it ends. Without any rule on statuses there is
  // nothing to compare with.
  void CheckDeadEnds(Symbol symbol, const PropertySymbol& property) {
    CollectUses(symbol);
    if (std::count(used_.begin(), used_.end(), true) == 0) return;
    for (std::uint32_t i = 0; i < property.options.options.size(); ++i) {
      const OptionSymbol& option = property.options.options[i];
      if (option.group != OptionGroup::kProcess || !option.declared || used_[i]) continue;
      Diagnostic* found = findings_.Report(
          Code::kDeadEndStatus, PlaceOf(property, option),
          "nothing acts on " + Tick(property.name + " " + AsWritten(option.label)) + ": no rule, list or view asks for it", "a dead end");
      if (found != nullptr) {
        found->help.push_back("find those that stay there: " +
                              Tick("after 3 days in " + property.name + " " + AsWritten(option.label) + " notify owner"));
      }
    }
  }

  // ---- what rules set ---------------------------------------------------------------------------------------------------

  void CheckWrite(const Rule& rule, const Write& write) {
    const PropertySymbol& property = facts_.vocabulary().property(write.property);
    if (write.set == nullptr || write.kind != Write::Kind::kConstant || !IsStatus(property) || rule.disabled) return;
    const OptionSymbol& target = property.options.options[static_cast<std::size_t>(write.constant)];
    if (target.group == OptionGroup::kProcess) CheckBackward(write, property, target);
    if (target.group == OptionGroup::kOutcome) CheckOutcome(rule, write, property, target);
  }

  // Only where the rule surely comes from later in the process.
  void CheckBackward(const Write& write, const PropertySymbol& property, const OptionSymbol& target) {
    if (write.set->back_to || write.earlier.has_value() || target.forward_only || !facts_.SaysSomething(write)) return;
    const Known known = KnownAt(facts_, write);
    // From these it is no way back, or one that the team has agreed on.
    std::vector<std::uint32_t> not_later;
    for (std::uint32_t i = 0; i < property.options.options.size(); ++i) {
      const OptionSymbol& option = property.options.options[i];
      if (option.group != OptionGroup::kProcess || option.rank <= target.rank || IsAllowed(write, i)) not_later.push_back(i);
    }
    const bool later = std::all_of(known.begin(), known.end(), [&](Query query) {
      query.pins.push_back({Guards::Of(write.property), IntervalSet::Of(not_later), std::nullopt, true, true});
      return facts_.guards().Impossible(query);
    });
    if (!later) return;
    Diagnostic* found = findings_.Report(
        Code::kBackwardProcess, write.span,
        Tick(property.name) + " goes back to " + Tick(target.label) + " here: the process is meant to go forward", "an earlier step");
    if (found != nullptr) found->help.push_back("if it is meant, say so in " + Tick("moves of " + property.name));
  }

  bool IsAllowed(const Write& write, std::uint32_t from) const {
    return std::any_of(facts_.script().moves.begin(), facts_.script().moves.end(), [&](const Moves& moves) {
      return moves.property == write.property &&
             std::binary_search(moves.allowed[from].begin(), moves.allowed[from].end(), static_cast<std::uint32_t>(write.constant));
    });
  }

  // Where a person, or another system's decision, stands behind it: a deal's end, another property's value, a reason that is given.
  bool IsDecided(const Rule& rule, const Write& write) const {
    if (write.set->because.has_value()) return true;
    const Trigger& trigger = rule.trigger;
    if (trigger.kind == Trigger::Kind::kBecomes || trigger.kind == Trigger::Kind::kChanges || trigger.kind == Trigger::Kind::kNone)
      return true;
    return trigger.kind == Trigger::Kind::kEvent && std::all_of(trigger.events.begin(), trigger.events.end(), [&](const EventMatch& match) {
             const std::string& family = facts_.vocabulary().event(match.event).family;
             return family != "email" && family != "call" && family != "meeting" && family != "form" && family != "page";
           });
  }

  void CheckOutcome(const Rule& rule, const Write& write, const PropertySymbol& property, const OptionSymbol& target) {
    if (IsDecided(rule, write)) return;
    Diagnostic* found = findings_.Report(Code::kAutomaticOutcome, write.span,
                                         "a rule decides the outcome " + Tick(target.label) + ": people should", "decided by a rule");
    if (found == nullptr) return;
    found->help.push_back("ask for it: " + Tick("notify owner \"Set the " + property.name + " of {name}\"") +
                          ", or say why: " + Tick("because \"…\""));
  }

  const Facts& facts_;
  Findings& findings_;
  std::vector<bool> used_;  // by option of the property that is looked at
};

constexpr std::array<std::string_view, 7> kPersonal = {"email", "first name", "last name", "phone", "mobile phone", "name", "address"};

bool IsPersonal(const Reference& reference, const Vocabulary& vocabulary) {
  if (reference.space == Reference::Space::kFact) return static_cast<Fact>(reference.symbol) == Fact::kName;
  if (reference.space != Reference::Space::kProperty) return false;
  const std::string name = FoldCase(vocabulary.property(reference.symbol).name);
  return std::count(kPersonal.begin(), kPersonal.end(), name) != 0;
}

}  // namespace

void CheckStatusDesign(const Facts& facts, Findings& findings) { StatusDesign(facts, findings).Run(); }

void CheckWebhooks(const Facts& facts, Findings& findings) {
  for (const Rule& rule : facts.script().rules) {
    ForEachAction(rule, [&](const Action& action) {
      const auto* call = std::get_if<CallWebhook>(&action.node);
      if (call == nullptr) return;
      std::vector<std::string> personal;
      for (const auto& [name, reference] : call->with) {
        if (IsPersonal(reference, facts.vocabulary())) personal.push_back(Tick(name));
      }
      if (personal.empty()) return;
      std::string list;
      for (std::size_t i = 0; i < personal.size(); ++i) list += (i == 0 ? "" : ", ") + personal[i];
      Diagnostic* found =
          findings.Report(Code::kPersonalDataOut, action.span,
                          "the webhook " + Tick("\"" + call->name + "\"") + " is sent personal data: " + list, "personal data");
      if (found != nullptr) found->help.emplace_back("send the contact's `id`: who may see more can ask for it over the API");
    });
  }
}

}  // namespace stagecraft::sema
