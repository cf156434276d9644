#include "dsl/sema/analysis/guards.h"

#include <algorithm>

#include "dsl/support/text.h"

namespace stagecraft::sema {

namespace {

// More than any condition that people write needs; a bound for those that nobody wrote.
constexpr int kStepsMax = 2000;

bool Holds(const std::vector<Symbol>& ascending, Symbol symbol) { return std::binary_search(ascending.begin(), ascending.end(), symbol); }

std::int64_t SaturatingAdd(std::int64_t left, std::int64_t right) {
  std::int64_t sum = 0;
  if (!__builtin_add_overflow(left, right, &sum)) return sum;
  return right > 0 ? IntervalSet::kHighest : IntervalSet::kLowest;
}

std::int64_t SaturatingSubtract(std::int64_t left, std::int64_t right) {
  std::int64_t difference = 0;
  if (!__builtin_sub_overflow(left, right, &difference)) return difference;
  return right < 0 ? IntervalSet::kHighest : IntervalSet::kLowest;
}

}  // namespace

IntervalSet ScoreRange(const std::vector<Criterion>& criteria) {
  std::int64_t low = 0;
  std::int64_t high = 0;
  for (const Criterion& line : criteria) {
    if (line.each) {
      // Any number of events: no bound on that side.
      if (line.points < 0) low = IntervalSet::kLowest;
      if (line.points > 0) high = IntervalSet::kHighest;
    } else {
      if (line.points < 0 && low != IntervalSet::kLowest) low = SaturatingAdd(low, line.points);
      if (line.points > 0 && high != IntervalSet::kHighest) high = SaturatingAdd(high, line.points);
    }
  }
  return IntervalSet::Between(low, high);
}

bool Changes::Touches(Reference::Space space, Symbol symbol) const {
  switch (space) {
    case Reference::Space::kProperty:
    case Reference::Space::kEntered:
      return Holds(properties, symbol);
    case Reference::Space::kDerived:
      return Holds(derived, symbol);
    case Reference::Space::kPrevious:
    case Reference::Space::kField:
    case Reference::Space::kFact:
      break;
  }
  return false;
}

std::uint32_t Changes::VersionOf(Reference::Space space, Symbol symbol) const {
  if (Touches(space, symbol)) return version;
  return base != nullptr ? base->VersionOf(space, symbol) : 0;
}

Variable Guards::Of(Symbol property, std::uint32_t version) {
  Variable variable;
  variable.symbol = property;
  variable.version = version;
  return variable;
}

Guards::Guards(const CheckedScript& script) : script_(script) {
  const std::vector<DerivedSymbol>& symbols = script.vocabulary.derived();
  ranges_.reserve(symbols.size());
  for (Symbol symbol = 0; symbol < symbols.size(); ++symbol) {
    const bool score = symbols[symbol].kind == DerivedKind::kScore;
    const bool known = symbol < script.derived.size();
    if (!score) {
      ranges_.push_back(IntervalSet::Between(0, IntervalSet::kHighest));
    } else {
      // Without lines it is 0, and the lines are still to be written.
      const bool lines = known && !script.derived[symbol].criteria.empty();
      ranges_.push_back(lines ? ScoreRange(script.derived[symbol].criteria) : IntervalSet::All());
    }
  }
}

std::uint32_t Guards::Intern(std::string text, const EventMatches& events) const {
  const auto [place, added] = texts_.emplace(std::move(text), static_cast<std::uint32_t>(events_of_text_.size()));
  if (added) events_of_text_.push_back(events);
  return place->second;
}

bool Guards::Covers(const EventMatches& wide, const EventMatches& narrow) const {
  const auto covered = [&](const EventMatch& one) {
    return std::any_of(wide.begin(), wide.end(), [&](const EventMatch& other) {
      if (one.event != other.event) return false;
      return other.conditions.empty() || CanonicalText({one}, script_.vocabulary) == CanonicalText({other}, script_.vocabulary);
    });
  };
  return std::all_of(narrow.begin(), narrow.end(), covered);
}

Domain Guards::InitialOf(Type type, const OptionSet* options) const {
  Domain domain;
  domain.is_text = IsText(type);
  if (type == Type::kTruth) domain.numbers = IntervalSet::Between(0, 1);
  if (type == Type::kOption && options != nullptr) {
    domain.numbers = IntervalSet::Between(0, static_cast<std::int64_t>(options->options.size()) - 1);
    domain.may_be_set = !domain.numbers.empty();
  }
  return domain;
}

Domain Guards::Initial(const Variable& variable, bool closed) const {
  Domain domain;
  const Vocabulary& vocabulary = script_.vocabulary;
  if (variable.kind == Variable::Kind::kSeen) {
    domain.numbers = IntervalSet::Between(0, IntervalSet::kHighest);
  } else if (variable.kind != Variable::Kind::kValue && variable.kind != Variable::Kind::kAge) {
    domain.numbers = IntervalSet::Between(0, 1);
    domain.may_be_unset = false;
  } else if (variable.space == Reference::Space::kProperty || variable.space == Reference::Space::kPrevious) {
    const PropertySymbol& property = vocabulary.property(variable.symbol);
    if (variable.kind == Variable::Kind::kValue) domain = InitialOf(property.type, &property.options);
  } else if (variable.space == Reference::Space::kField) {
    const FieldSymbol& field = vocabulary.event(variable.event).fields[variable.symbol];
    if (variable.kind == Variable::Kind::kValue) domain = InitialOf(field.type, &field.options);
  } else if (variable.space == Reference::Space::kDerived) {
    domain.numbers = ranges_[variable.symbol];
    domain.may_be_unset = false;
  } else if (variable.space == Reference::Space::kFact) {
    const auto fact = static_cast<Fact>(variable.symbol);
    domain.is_text = fact == Fact::kId || fact == Fact::kName;
    domain.may_be_unset = fact == Fact::kLastContacted;
  }
  if (!closed) return domain;
  if (domain.may_be_unset) {
    domain.may_be_set = false;
  } else if (!domain.is_text) {
    const std::int64_t nearest = domain.numbers.Nearest();
    domain.numbers = IntervalSet::Between(nearest, nearest);
  }
  return domain;
}

struct Guards::Entry {
  Variable variable;
  Domain domain;
  Type type = Type::kNumber;
  const Condition* source = nullptr;
};

// One search: a cube of what is known so far, and what is still to be made true.
struct Guards::Search {
  using Cube = std::vector<Entry>;

  const Guards& guards;
  bool closed = false;
  bool previous_is_first = false;
  std::vector<const Changes*> changes;  // of the goals, each once
  int steps = 0;
  bool gave_up = false;
  Cube found;

  void CollectChanges(const Query& query) {
    for (const Goal& goal : query.goals) {
      const bool counts = goal.after != nullptr && goal.after->version == 1 && !goal.after->deltas.empty();
      if (counts && std::find(changes.begin(), changes.end(), goal.after) == changes.end()) changes.push_back(goal.after);
    }
  }

  // A score or counter moves by no more than the changes can move it.
  bool AgreesWithDeltas(const Cube& cube) const {
    for (const Changes* one : changes) {
      for (const Entry& after : cube) {
        if (after.variable.space != Reference::Space::kDerived || after.variable.version != one->version) continue;
        const auto place = std::lower_bound(one->derived.begin(), one->derived.end(), after.variable.symbol);
        if (place == one->derived.end() || *place != after.variable.symbol) continue;
        Variable first = after.variable;
        first.version = 0;
        const auto before = std::find_if(cube.begin(), cube.end(), [&](const Entry& entry) { return entry.variable == first; });
        if (before == cube.end()) continue;
        if (!CanDiffer(before->domain.numbers, after.domain.numbers, one->deltas[static_cast<std::size_t>(place - one->derived.begin())]))
          return false;
      }
    }
    return true;
  }

  static bool CanDiffer(const IntervalSet& before, const IntervalSet& after, const IntervalSet& deltas) {
    for (const IntervalSet::Interval& from : before.intervals()) {
      for (const IntervalSet::Interval& to : after.intervals()) {
        const std::int64_t least = SaturatingSubtract(to.low, from.high);
        const std::int64_t most = SaturatingSubtract(to.high, from.low);
        if (deltas.Meets(IntervalSet::Between(least, most))) return true;
      }
    }
    return false;
  }

  // What one branch has still to do.
  struct Work {
    std::vector<Goal> now;
    std::vector<Goal> choices;  // an `or` that must hold, or an `and` that must not
  };

  Domain& DomainOf(Cube& cube, const Variable& variable, Type type, const Condition* source) {
    for (Entry& entry : cube) {
      if (!(entry.variable == variable)) continue;
      if (entry.source == nullptr) {
        entry.source = source;
        entry.type = type;
      }
      return entry.domain;
    }
    steps += static_cast<int>(cube.size() / 16);
    cube.push_back({variable, guards.Initial(variable, closed), type, source});
    return cube.back().domain;
  }

  Variable VariableOf(const Reference& reference, Variable::Kind kind, const Changes* after) const {
    Variable variable;
    variable.kind = kind;
    variable.space = reference.space;
    variable.symbol = reference.symbol;
    if (reference.space == Reference::Space::kEntered) variable.option = reference.option;
    if (reference.space == Reference::Space::kField) variable.event = reference.event;
    if (previous_is_first && reference.space == Reference::Space::kPrevious) {
      variable.space = Reference::Space::kProperty;
    } else if (after != nullptr) {
      variable.version = after->VersionOf(reference.space, reference.symbol);
    }
    return variable;
  }

  static bool Mentions(const EventMatches& events, Symbol event) {
    return std::any_of(events.begin(), events.end(), [&](const EventMatch& match) { return match.event == event; });
  }
  static bool MentionsAny(const EventMatches& events, Symbol event) {
    return std::any_of(events.begin(), events.end(),
                       [&](const EventMatch& match) { return match.event == event && match.conditions.empty(); });
  }

  bool NarrowSeen(Cube& cube, const Goal& goal) {
    const Condition& condition = *goal.condition;
    const Vocabulary& vocabulary = guards.script_.vocabulary;
    Variable variable;
    std::string text = CanonicalText(condition.events, vocabulary);
    if (condition.kind == Condition::Kind::kSeen) variable.kind = Variable::Kind::kSeen;
    if (condition.kind == Condition::Kind::kSeenSinceRun) variable.kind = Variable::Kind::kSeenSinceRun;
    if (condition.kind == Condition::Kind::kSeenSince) {
      variable.kind = Variable::Kind::kSeenSince;
      text += " since " + CanonicalText(condition.since, vocabulary);
    }
    variable.text = guards.Intern(std::move(text), condition.events);
    if (goal.after != nullptr && goal.after->event.has_value() && Mentions(condition.events, *goal.after->event)) {
      // The event itself is the last of its kind.
      if (condition.kind == Condition::Kind::kSeen && MentionsAny(condition.events, *goal.after->event)) return goal.holds;
      variable.version = goal.after->version;
    }
    if (condition.kind == Condition::Kind::kSeenSince && goal.after != nullptr) {
      variable.version = std::max(variable.version, goal.after->VersionOf(condition.since.space, condition.since.symbol));
    }
    Domain& domain = DomainOf(cube, variable, Type::kTruth, &condition);
    if (condition.kind != Condition::Kind::kSeen) return domain.NarrowTo(IntervalSet::Between(1, 1), goal.holds);
    if (condition.within_us == 0) return domain.Set(goal.holds);
    return domain.NarrowTo(IntervalSet::Between(0, condition.within_us - 1), goal.holds);
  }

  bool NarrowText(Cube& cube, const Goal& goal) {
    const Condition& condition = *goal.condition;
    Domain& domain =
        DomainOf(cube, VariableOf(condition.reference, Variable::Kind::kValue, goal.after), condition.reference.type, &condition);
    if (goal.holds) domain.may_be_unset = false;
    if (domain.may_be_set) {
      if (condition.kind == Condition::Kind::kInTeam) {
        std::vector<std::string> members;
        for (const std::string& member : guards.script_.vocabulary.teams()[condition.team].members) members.push_back(FoldCase(member));
        domain.may_be_set = domain.texts.NarrowToAny(members, goal.holds);
      } else {
        domain.may_be_set = domain.texts.Narrow(condition.text_relation, condition.text, goal.holds);
      }
    }
    return !domain.empty();
  }

  // A definition or a list stands for its condition.
  bool Expands(const Condition& condition) const {
    if (condition.reference.space != Reference::Space::kDerived) return false;
    const DerivedKind kind = guards.script_.vocabulary.derived()[condition.reference.symbol].kind;
    return kind == DerivedKind::kDefinition || kind == DerivedKind::kList;
  }

  // False when the literal contradicts what is known.
  bool Narrow(Cube& cube, const Goal& goal) {
    const Condition& condition = *goal.condition;
    const auto domain_of = [&](Variable::Kind kind) -> Domain& {
      return DomainOf(cube, VariableOf(condition.reference, kind, goal.after), condition.reference.type, &condition);
    };
    switch (condition.kind) {
      case Condition::Kind::kIsSet:
        return domain_of(Variable::Kind::kValue).Set(goal.holds);
      case Condition::Kind::kOptionIn:
        return domain_of(Variable::Kind::kValue).NarrowTo(IntervalSet::Of(condition.options), goal.holds);
      case Condition::Kind::kCompare:
        return domain_of(Variable::Kind::kValue).NarrowTo(IntervalSet::Of(condition.relation, condition.number), goal.holds);
      case Condition::Kind::kLately:
        return domain_of(Variable::Kind::kAge).NarrowTo(IntervalSet::Between(0, condition.within_us), goal.holds);
      case Condition::Kind::kSoon:
        return domain_of(Variable::Kind::kAge).NarrowTo(IntervalSet::Between(-condition.within_us, 0), goal.holds);
      case Condition::Kind::kIsMe:
        return domain_of(Variable::Kind::kMe).NarrowTo(IntervalSet::Between(1, 1), goal.holds);
      case Condition::Kind::kText:
      case Condition::Kind::kInTeam:
        return NarrowText(cube, goal);
      case Condition::Kind::kSeen:
      case Condition::Kind::kSeenSince:
      case Condition::Kind::kSeenSinceRun:
        return NarrowSeen(cube, goal);
      default:
        return true;
    }
  }

  // Does all that leaves no choice. False when it cannot be done.
  bool Settle(Cube& cube, Work& work) {
    while (!work.now.empty()) {
      if (++steps > kStepsMax) {
        gave_up = true;
        return false;
      }
      const Goal goal = work.now.back();
      work.now.pop_back();
      const Condition& condition = *goal.condition;
      const auto all_operands = [&] {
        for (const Condition& operand : condition.operands) work.now.push_back({&operand, goal.holds, goal.after});
      };
      switch (condition.kind) {
        case Condition::Kind::kAlways:
          if (!goal.holds) return false;
          break;
        case Condition::Kind::kNever:
          if (goal.holds) return false;
          break;
        case Condition::Kind::kNot:
          work.now.push_back({&condition.operands.front(), !goal.holds, goal.after});
          break;
        case Condition::Kind::kAnd:
        case Condition::Kind::kOr:
          if ((condition.kind == Condition::Kind::kAnd) == goal.holds) {
            all_operands();
          } else {
            work.choices.push_back(goal);
          }
          break;
        default:
          if (condition.kind == Condition::Kind::kCompare && Expands(condition)) {
            work.now.push_back(
                {&guards.script_.derived[condition.reference.symbol].condition, goal.holds == (condition.number != 0), goal.after});
          } else if (!Narrow(cube, goal)) {
            return false;
          }
      }
    }
    return Agrees(cube) && AgreesWithDeltas(cube);
  }

  // What holds between variables: a value and its age are unset together, and an event that was seen is one of every wider kind.
  bool Agrees(const Cube& cube) const {
    for (const Entry& left : cube) {
      if (left.variable.kind == Variable::Kind::kAge) {
        Variable base = left.variable;
        base.kind = Variable::Kind::kValue;
        for (const Entry& right : cube) {
          if (!(right.variable == base)) continue;
          const bool set = left.domain.may_be_set && right.domain.may_be_set;
          const bool unset = left.domain.may_be_unset && right.domain.may_be_unset;
          if (!set && !unset) return false;
        }
      }
      if (left.variable.kind != Variable::Kind::kSeen || left.domain.may_be_unset) continue;
      for (const Entry& right : cube) {
        if (right.variable.kind != Variable::Kind::kSeen || right.variable == left.variable) continue;
        if (right.variable.version != left.variable.version) continue;
        const bool late =
            !right.domain.may_be_set || right.domain.numbers.intervals().front().low > left.domain.numbers.intervals().back().high;
        if (late && guards.Covers(guards.events_of_text_[right.variable.text], guards.events_of_text_[left.variable.text])) return false;
      }
    }
    return true;
  }

  bool Run(Cube cube, Work work) {
    if (!Settle(cube, work)) return false;
    if (work.choices.empty()) {
      found = std::move(cube);
      return true;
    }
    const Goal choice = work.choices.back();
    work.choices.pop_back();
    for (const Condition& operand : choice.condition->operands) {
      Work branch;
      branch.now.push_back({&operand, choice.holds, choice.after});
      branch.choices = work.choices;
      steps += static_cast<int>((cube.size() + work.choices.size()) / 4);
      if (Run(cube, std::move(branch))) return true;
      if (gave_up) return false;
    }
    return false;
  }
};

Answer Guards::Solve(const Query& query) const {
  if (exhausted()) return {};
  Search search{*this, query.closed, query.previous_is_first, {}, 0, false, {}};
  search.CollectChanges(query);
  Search::Cube cube;
  cube.reserve(query.pins.size() + query.goals.size());
  Answer answer;
  for (const Pin& pin : query.pins) {
    const std::size_t known = cube.size();
    Domain& domain = search.DomainOf(cube, pin.variable, Type::kOption, nullptr);
    if (query.closed && cube.size() > known) domain = Initial(pin.variable, false);
    if (!pin.may_be_unset) domain.may_be_unset = false;
    if (!pin.may_be_set) domain.may_be_set = false;
    if (domain.is_text) {
      if (pin.text.has_value() && domain.may_be_set) domain.may_be_set = domain.texts.Narrow(TextRelation::kEqual, *pin.text, true);
    } else {
      domain.numbers.IntersectWith(pin.values);
      if (domain.numbers.empty()) domain.may_be_set = false;
    }
    if (domain.empty()) {
      answer.verdict = Verdict::kNo;
      return answer;
    }
  }
  Search::Work work;
  work.now = query.goals;
  const bool holds = search.Run(std::move(cube), std::move(work));
  work_ += search.steps + 1;
  if (!holds) {
    answer.verdict = search.gave_up ? Verdict::kCannotTell : Verdict::kNo;
    return answer;
  }
  answer.verdict = Verdict::kYes;
  for (const Entry& entry : search.found) {
    Binding binding;
    binding.variable = entry.variable;
    binding.type = entry.type;
    binding.source = entry.source;
    binding.needed = !entry.domain.may_be_set || !entry.domain.may_be_unset;
    // Of a text that may be missing, missing is the plainest.
    binding.unset = !entry.domain.may_be_set || (entry.domain.is_text && entry.domain.may_be_unset);
    if (!binding.unset && entry.domain.is_text) {
      std::optional<std::string> text = entry.domain.texts.restricted() ? entry.domain.texts.Example() : std::string();
      binding.text_known = text.has_value();
      if (text.has_value()) binding.text = std::move(*text);
    } else if (!binding.unset) {
      binding.number = entry.domain.numbers.Nearest();
    }
    answer.witness.push_back(std::move(binding));
  }
  return answer;
}

}  // namespace stagecraft::sema
