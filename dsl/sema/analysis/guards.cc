#include "dsl/sema/analysis/guards.h"

#include <algorithm>

#include "dsl/sema/analysis/search.h"

namespace stagecraft::sema {

namespace {

bool Holds(const std::vector<Symbol>& ascending, Symbol symbol) { return std::binary_search(ascending.begin(), ascending.end(), symbol); }

std::int64_t SaturatingAdd(std::int64_t left, std::int64_t right) {
  std::int64_t sum = 0;
  if (!__builtin_add_overflow(left, right, &sum)) return sum;
  return right > 0 ? IntervalSet::kHighest : IntervalSet::kLowest;
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
    case Reference::Space::kFact:
      return name && symbol == static_cast<Symbol>(Fact::kName);
    case Reference::Space::kPrevious:
    case Reference::Space::kField:
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

bool Guards::AddPin(const Pin& pin, bool closed, Search& search) const {
  const std::size_t known = search.cube.size();
  Domain& domain = search.DomainOf(search.cube, {pin.variable, Type::kOption, nullptr});
  if (closed && search.cube.size() > known) domain = Initial(pin.variable, false);
  if (!pin.may_be_unset) domain.may_be_unset = false;
  if (!pin.may_be_set) domain.may_be_set = false;
  if (domain.is_text) {
    if (pin.text.has_value() && domain.may_be_set) domain.may_be_set = domain.texts.Narrow(TextRelation::kEqual, *pin.text, true);
  } else {
    domain.numbers.IntersectWith(pin.values);
    if (domain.numbers.empty()) domain.may_be_set = false;
  }
  return !domain.empty();
}

Answer Guards::Solve(const Query& query) const {
  Answer answer;
  if (exhausted()) {
    ++unanswered_;
    return answer;
  }
  Search search(*this, query);
  search.cube.reserve(query.pins.size() + query.goals.size());
  for (const Pin& pin : query.pins) {
    if (AddPin(pin, query.closed, search)) continue;
    answer.verdict = Verdict::kNo;
    return answer;
  }
  const bool holds = search.Run(query.goals);
  work_ += search.steps + 1;
  if (holds) {
    answer.verdict = Verdict::kYes;
    answer.witness = search.Witness();
  } else {
    answer.verdict = search.gave_up ? Verdict::kCannotTell : Verdict::kNo;
    if (search.gave_up) ++unanswered_;
  }
  return answer;
}

}  // namespace stagecraft::sema
