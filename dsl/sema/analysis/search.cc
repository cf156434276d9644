#include "dsl/sema/analysis/search.h"

#include <algorithm>
#include <string>
#include <utility>

#include "dsl/support/text.h"

namespace stagecraft::sema {

namespace {

// More than any condition that people write needs; a bound for those that nobody wrote.
constexpr int kStepsMax = 20'000;
// Ways of a choice that are counted: which choice has the fewest needs no more.
constexpr std::size_t kWaysMax = 4;
// How deep a look ahead goes; what lies deeper may hold.
constexpr int kLookMax = 16;

constexpr std::int64_t kMicrosPerDay = std::int64_t{86'400} * 1'000'000;
// On the day on which the clocks go back.
constexpr std::int64_t kLongestDay = kMicrosPerDay / 24 * 25;

std::int64_t SaturatingSubtract(std::int64_t left, std::int64_t right) {
  std::int64_t difference = 0;
  if (!__builtin_sub_overflow(left, right, &difference)) return difference;
  return right < 0 ? IntervalSet::kHighest : IntervalSet::kLowest;
}

bool CanDiffer(const IntervalSet& before, const IntervalSet& after, const IntervalSet& deltas) {
  for (const IntervalSet::Interval& from : before.intervals()) {
    for (const IntervalSet::Interval& to : after.intervals()) {
      const std::int64_t least = SaturatingSubtract(to.low, from.high);
      const std::int64_t most = SaturatingSubtract(to.high, from.low);
      if (deltas.Meets(IntervalSet::Between(least, most))) return true;
    }
  }
  return false;
}

bool Mentions(const EventMatches& events, Symbol event) {
  return std::any_of(events.begin(), events.end(), [&](const EventMatch& match) { return match.event == event; });
}

bool MentionsAny(const EventMatches& events, Symbol event) {
  return std::any_of(events.begin(), events.end(),
                     [&](const EventMatch& match) { return match.event == event && match.conditions.empty(); });
}

bool IsChoice(const Goal& goal) {
  const Condition::Kind kind = goal.condition->kind;
  return (kind == Condition::Kind::kAnd || kind == Condition::Kind::kOr) && (kind == Condition::Kind::kAnd) != goal.holds;
}

// The ages at which a date or moment is `within the last` and `within the next`. A date stands for its midnight, and is near on both sides
// until its day ends.
IntervalSet LatelyAges(const Condition& condition) { return IntervalSet::Between(0, condition.within_us - 1); }
IntervalSet SoonAges(const Condition& condition) {
  return IntervalSet::Between(-condition.within_us, condition.reference.type == Type::kDate ? kLongestDay - 1 : -1);
}

}  // namespace

Guards::Search::Search(const Guards& owner, const Query& query)
    : guards_(owner), closed_(query.closed), previous_is_first_(query.previous_is_first) {
  for (const Goal& goal : query.goals) {
    const bool counts = goal.after != nullptr && goal.after->version == 1 && !goal.after->deltas.empty();
    if (counts && std::find(changes_.begin(), changes_.end(), goal.after) == changes_.end()) changes_.push_back(goal.after);
  }
}

// ---- variables ----------------------------------------------------------------------------------------------------

Domain& Guards::Search::DomainOf(Cube& in, const Subject& subject) {
  for (Entry& entry : in) {
    if (!(entry.subject.variable == subject.variable)) continue;
    if (entry.subject.source == nullptr) {
      entry.subject.source = subject.source;
      entry.subject.type = subject.type;
    }
    return entry.domain;
  }
  steps += static_cast<int>(in.size() / 16);
  in.push_back({subject, guards_.Initial(subject.variable, closed_)});
  return in.back().domain;
}

Variable Guards::Search::VariableOf(const Reference& reference, Variable::Kind kind, const Changes* after) const {
  Variable variable;
  variable.kind = kind;
  variable.space = reference.space;
  variable.symbol = reference.symbol;
  if (reference.space == Reference::Space::kEntered) variable.option = reference.option;
  if (reference.space == Reference::Space::kField) variable.event = reference.event;
  if (previous_is_first_ && reference.space == Reference::Space::kPrevious) {
    variable.space = Reference::Space::kProperty;
  } else if (after != nullptr) {
    variable.version = after->VersionOf(reference.space, reference.symbol);
  }
  return variable;
}

std::optional<Guards::Search::Subject> Guards::Search::SeenSubject(const Goal& goal) const {
  const Condition& condition = *goal.condition;
  const Vocabulary& vocabulary = guards_.script_.vocabulary;
  Variable variable;
  std::string text = CanonicalText(condition.events, vocabulary);
  if (condition.kind == Condition::Kind::kSeen) variable.kind = Variable::Kind::kSeen;
  if (condition.kind == Condition::Kind::kSeenSinceRun) variable.kind = Variable::Kind::kSeenSinceRun;
  if (condition.kind == Condition::Kind::kSeenSince) {
    variable.kind = Variable::Kind::kSeenSince;
    text += " since " + CanonicalText(condition.since, vocabulary);
  }
  variable.text = guards_.Intern(std::move(text), condition.events);
  if (goal.after != nullptr && goal.after->event.has_value() && Mentions(condition.events, *goal.after->event)) {
    // The event itself is the last of its kind.
    if (condition.kind == Condition::Kind::kSeen && MentionsAny(condition.events, *goal.after->event)) return std::nullopt;
    variable.version = goal.after->version;
  }
  if (condition.kind == Condition::Kind::kSeenSince && goal.after != nullptr) {
    variable.version = std::max(variable.version, goal.after->VersionOf(condition.since.space, condition.since.symbol));
  }
  return Subject{variable, Type::kTruth, &condition};
}

std::optional<Guards::Search::Subject> Guards::Search::SubjectOf(const Goal& goal) const {
  const Condition& condition = *goal.condition;
  const auto of = [&](Variable::Kind kind) {
    return Subject{VariableOf(condition.reference, kind, goal.after), condition.reference.type, &condition};
  };
  switch (condition.kind) {
    case Condition::Kind::kLately:
    case Condition::Kind::kSoon:
      return of(Variable::Kind::kAge);
    case Condition::Kind::kIsMe:
      return of(Variable::Kind::kMe);
    case Condition::Kind::kSeen:
    case Condition::Kind::kSeenSince:
    case Condition::Kind::kSeenSinceRun:
      return SeenSubject(goal);
    default:
      return of(Variable::Kind::kValue);
  }
}

// ---- literals -----------------------------------------------------------------------------------------------------

bool Guards::Search::NarrowText(Domain& domain, const Goal& goal) const {
  const Condition& condition = *goal.condition;
  if (goal.holds) domain.may_be_unset = false;
  if (domain.may_be_set) {
    if (condition.kind == Condition::Kind::kInTeam) {
      std::vector<std::string> members;
      for (const std::string& member : guards_.script_.vocabulary.teams()[condition.team].members) members.push_back(FoldCase(member));
      domain.may_be_set = domain.texts.NarrowToAny(members, goal.holds);
    } else {
      domain.may_be_set = domain.texts.Narrow(condition.text_relation, condition.text, goal.holds);
    }
  }
  return !domain.empty();
}

bool Guards::Search::NarrowDomain(Domain& domain, const Goal& goal) const {
  const Condition& condition = *goal.condition;
  switch (condition.kind) {
    case Condition::Kind::kIsSet:
      return domain.Set(goal.holds);
    case Condition::Kind::kOptionIn:
      return domain.NarrowTo(IntervalSet::Of(condition.options), goal.holds);
    case Condition::Kind::kCompare:
      return domain.NarrowTo(IntervalSet::Of(condition.relation, condition.number), goal.holds);
    case Condition::Kind::kLately:
      return domain.NarrowTo(LatelyAges(condition), goal.holds);
    case Condition::Kind::kSoon:
      return domain.NarrowTo(SoonAges(condition), goal.holds);
    case Condition::Kind::kText:
    case Condition::Kind::kInTeam:
      return NarrowText(domain, goal);
    case Condition::Kind::kSeen:
      if (condition.within_us == 0) return domain.Set(goal.holds);
      return domain.NarrowTo(IntervalSet::Between(0, condition.within_us - 1), goal.holds);
    case Condition::Kind::kIsMe:
    case Condition::Kind::kSeenSince:
    case Condition::Kind::kSeenSinceRun:
      return domain.NarrowTo(IntervalSet::Between(1, 1), goal.holds);
    default:
      return true;
  }
}

bool Guards::Search::Narrow(Cube& known, const Goal& goal) {
  const std::optional<Subject> subject = SubjectOf(goal);
  return subject.has_value() ? NarrowDomain(DomainOf(known, *subject), goal) : goal.holds;
}

// A definition or a list stands for its condition.
bool Guards::Search::Expands(const Condition& condition) const {
  if (condition.kind != Condition::Kind::kCompare || condition.reference.space != Reference::Space::kDerived) return false;
  const DerivedKind kind = guards_.script_.vocabulary.derived()[condition.reference.symbol].kind;
  return kind == DerivedKind::kDefinition || kind == DerivedKind::kList;
}

// ---- the search ---------------------------------------------------------------------------------------------------

bool Guards::Search::SettleOne(Cube& known, Work& work) {
  const Goal goal = work.now.back();
  work.now.pop_back();
  const Condition& condition = *goal.condition;
  switch (condition.kind) {
    case Condition::Kind::kAlways:
      return goal.holds;
    case Condition::Kind::kNever:
      return !goal.holds;
    case Condition::Kind::kNot:
      work.now.push_back({&condition.operands.front(), !goal.holds, goal.after});
      return true;
    case Condition::Kind::kAnd:
    case Condition::Kind::kOr:
      if (IsChoice(goal)) {
        work.choices.push_back(goal);
      } else {
        for (const Condition& operand : condition.operands) work.now.push_back({&operand, goal.holds, goal.after});
      }
      return true;
    default:
      break;
  }
  if (!Expands(condition)) return Narrow(known, goal);
  const Condition& meaning = guards_.script_.derived[condition.reference.symbol].condition;
  work.now.push_back({&meaning, goal.holds == (condition.number != 0), goal.after});
  return true;
}

bool Guards::Search::Settle(Cube& known, Work& work) {
  while (!work.now.empty()) {
    if (++steps > kStepsMax) {
      gave_up = true;
      return false;
    }
    if (!SettleOne(known, work)) return false;
  }
  return Agrees(known) && AgreesWithDeltas(known);
}

bool Guards::Search::MayHold(const Cube& known, const Goal& goal, int depth) {
  if (depth > kLookMax || ++steps > kStepsMax) return true;
  const Condition& condition = *goal.condition;
  const auto operand_may = [&](const Condition& operand) { return MayHold(known, {&operand, goal.holds, goal.after}, depth + 1); };
  switch (condition.kind) {
    case Condition::Kind::kAlways:
      return goal.holds;
    case Condition::Kind::kNever:
      return !goal.holds;
    case Condition::Kind::kNot:
      return MayHold(known, {&condition.operands.front(), !goal.holds, goal.after}, depth + 1);
    case Condition::Kind::kAnd:
    case Condition::Kind::kOr:
      return IsChoice(goal) ? std::any_of(condition.operands.begin(), condition.operands.end(), operand_may)
                            : std::all_of(condition.operands.begin(), condition.operands.end(), operand_may);
    default:
      break;
  }
  if (Expands(condition)) {
    const Condition& meaning = guards_.script_.derived[condition.reference.symbol].condition;
    return MayHold(known, {&meaning, goal.holds == (condition.number != 0), goal.after}, depth + 1);
  }
  const std::optional<Subject> subject = SubjectOf(goal);
  if (!subject.has_value()) return goal.holds;
  const auto entry = std::find_if(known.begin(), known.end(), [&](const Entry& one) { return one.subject.variable == subject->variable; });
  Domain domain = entry != known.end() ? entry->domain : guards_.Initial(subject->variable, closed_);
  return NarrowDomain(domain, goal);
}

std::vector<const Condition*> Guards::Search::FirstWays(const Cube& known, const Goal& choice) {
  std::vector<const Condition*> ways;
  for (const Condition& operand : choice.condition->operands) {
    if (ways.size() < kWaysMax && MayHold(known, {&operand, choice.holds, choice.after}, 0)) ways.push_back(&operand);
  }
  return ways;
}

bool Guards::Search::Propagate(Cube& known, Work& work) {
  for (bool grown = true; grown;) {
    grown = false;
    for (std::size_t i = work.choices.size(); i-- > 0;) {
      const Goal choice = work.choices[i];
      const std::vector<const Condition*> ways = FirstWays(known, choice);
      if (ways.empty()) return false;
      if (ways.size() > 1) continue;
      work.choices.erase(work.choices.begin() + static_cast<std::ptrdiff_t>(i));
      work.now.push_back({ways.front(), choice.holds, choice.after});
      if (!Settle(known, work)) return false;
      grown = true;
      break;
    }
  }
  return true;
}

bool Guards::Search::RunFrom(Cube known, Work work) {
  if (!Settle(known, work) || !Propagate(known, work)) return false;
  if (work.choices.empty()) {
    cube = std::move(known);
    return true;
  }
  // The one with the fewest ways first: what fails, fails early.
  std::size_t best = 0;
  std::size_t fewest = kWaysMax + 1;
  for (std::size_t i = work.choices.size(); i-- > 0 && fewest > 2;) {
    const std::size_t ways = FirstWays(known, work.choices[i]).size();
    if (ways >= fewest) continue;
    best = i;
    fewest = ways;
  }
  const Goal choice = work.choices[best];
  work.choices.erase(work.choices.begin() + static_cast<std::ptrdiff_t>(best));
  for (const Condition& way : choice.condition->operands) {
    Work branch;
    branch.now.push_back({&way, choice.holds, choice.after});
    branch.choices = work.choices;
    steps += static_cast<int>((known.size() + work.choices.size()) / 4);
    if (RunFrom(known, std::move(branch))) return true;
    if (gave_up) return false;
  }
  return false;
}

bool Guards::Search::Run(const std::vector<Goal>& goals) {
  Work work;
  work.now = goals;
  return RunFrom(std::move(cube), std::move(work));
}

// ---- what holds between variables -----------------------------------------------------------------------------------

// A value and its age are unset together, and an event that was seen is one of every wider kind.
bool Guards::Search::Agrees(const Cube& known) const {
  for (const Entry& left : known) {
    const Variable& one = left.subject.variable;
    if (one.kind == Variable::Kind::kAge) {
      Variable base = one;
      base.kind = Variable::Kind::kValue;
      for (const Entry& right : known) {
        if (!(right.subject.variable == base)) continue;
        const bool set = left.domain.may_be_set && right.domain.may_be_set;
        const bool unset = left.domain.may_be_unset && right.domain.may_be_unset;
        if (!set && !unset) return false;
      }
    }
    if (one.kind != Variable::Kind::kSeen || left.domain.may_be_unset) continue;
    for (const Entry& right : known) {
      const Variable& other = right.subject.variable;
      if (other.kind != Variable::Kind::kSeen || other == one || other.version != one.version) continue;
      const bool late =
          !right.domain.may_be_set || right.domain.numbers.intervals().front().low > left.domain.numbers.intervals().back().high;
      if (late && guards_.Covers(guards_.events_of_text_[other.text], guards_.events_of_text_[one.text])) return false;
    }
  }
  return true;
}

// A score or counter moves by no more than the changes can move it.
bool Guards::Search::AgreesWithDeltas(const Cube& known) const {
  for (const Changes* one : changes_) {
    for (const Entry& after : known) {
      const Variable& variable = after.subject.variable;
      if (variable.space != Reference::Space::kDerived || variable.version != one->version) continue;
      const auto place = std::lower_bound(one->derived.begin(), one->derived.end(), variable.symbol);
      if (place == one->derived.end() || *place != variable.symbol) continue;
      Variable first = variable;
      first.version = 0;
      const auto before = std::find_if(known.begin(), known.end(), [&](const Entry& entry) { return entry.subject.variable == first; });
      if (before == known.end()) continue;
      const IntervalSet& deltas = one->deltas[static_cast<std::size_t>(place - one->derived.begin())];
      if (!CanDiffer(before->domain.numbers, after.domain.numbers, deltas)) return false;
    }
  }
  return true;
}

std::vector<Binding> Guards::Search::Witness() const {
  std::vector<Binding> witness;
  for (const Entry& entry : cube) {
    Binding binding;
    binding.variable = entry.subject.variable;
    binding.type = entry.subject.type;
    binding.source = entry.subject.source;
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
    witness.push_back(std::move(binding));
  }
  return witness;
}

}  // namespace stagecraft::sema
