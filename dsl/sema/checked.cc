#include "dsl/sema/checked.h"

#include <algorithm>
#include <utility>

#include "dsl/support/text.h"

namespace stagecraft::sema {
namespace {

Condition Combine(Condition::Kind kind, std::vector<Condition> conditions) {
  if (conditions.size() == 1) return std::move(conditions.front());
  Condition result;
  result.kind = kind;
  result.operands = std::move(conditions);
  return result;
}

std::string Quoted(std::string_view text) {
  std::string result = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') result += '\\';
    result += c;
  }
  return result + '"';
}

std::string_view RelationText(Relation relation) {
  switch (relation) {
    case Relation::kEqual:
      return "=";
    case Relation::kLess:
      return "<";
    case Relation::kLessEqual:
      return "<=";
    case Relation::kGreater:
      return ">";
    case Relation::kGreaterEqual:
      return ">=";
  }
  return "";
}

std::string_view TextRelationText(TextRelation relation) {
  switch (relation) {
    case TextRelation::kEqual:
      return "is";
    case TextRelation::kContains:
      return "contains";
    case TextRelation::kStarts:
      return "starts with";
    case TextRelation::kEnds:
      return "ends with";
    case TextRelation::kGlob:
      return "like";
    case TextRelation::kMatches:
      return "matches";
  }
  return "";
}

const OptionSet& OptionsOf(const Reference& reference, const Vocabulary& vocabulary) {
  if (reference.space == Reference::Space::kField) return vocabulary.event(reference.event).fields[reference.symbol].options;
  return vocabulary.property(reference.symbol).options;
}

std::string JoinCanonical(const std::vector<Condition>& operands, const Vocabulary& vocabulary, std::string_view separator) {
  std::string result = "(";
  for (std::size_t i = 0; i < operands.size(); ++i) {
    if (i != 0) result += separator;
    result += CanonicalText(operands[i], vocabulary);
  }
  return result + ")";
}

std::string OptionListText(const Condition& condition, const Vocabulary& vocabulary) {
  const OptionSet& set = OptionsOf(condition.reference, vocabulary);
  std::vector<std::string> names;
  for (const std::uint32_t option : condition.options) names.push_back(Quoted(set.options[option].internal_name));
  std::sort(names.begin(), names.end());
  std::string result = "{";
  for (const std::string& name : names) result += (result.size() == 1 ? "" : ", ") + name;
  return result + "}";
}

}  // namespace

Condition Always() { return Condition{}; }

Condition Never() {
  Condition result;
  result.kind = Condition::Kind::kNever;
  return result;
}

Condition Negate(Condition condition) {
  Condition result;
  result.kind = Condition::Kind::kNot;
  result.operands.push_back(std::move(condition));
  return result;
}

Condition AllOf(std::vector<Condition> conditions) {
  if (conditions.empty()) return Always();
  return Combine(Condition::Kind::kAnd, std::move(conditions));
}

Condition AnyOf(std::vector<Condition> conditions) {
  if (conditions.empty()) return Never();
  return Combine(Condition::Kind::kOr, std::move(conditions));
}

std::string CanonicalText(const Reference& reference, const Vocabulary& vocabulary) {
  // A moment read as a date is another value than the moment itself.
  const std::string as_date = reference.type == Type::kDate ? " date" : "";
  switch (reference.space) {
    case Reference::Space::kProperty:
      return FoldCase(vocabulary.property(reference.symbol).name) + as_date;
    case Reference::Space::kPrevious:
      return "previous " + FoldCase(vocabulary.property(reference.symbol).name) + as_date;
    case Reference::Space::kEntered: {
      const PropertySymbol& property = vocabulary.property(reference.symbol);
      return "became " + FoldCase(property.name) + " " + Quoted(property.options.options[reference.option].internal_name) + as_date;
    }
    case Reference::Space::kField: {
      const EventSymbol& event = vocabulary.event(reference.event);
      return "field " + FoldCase(event.name) + "." + FoldCase(event.fields[reference.symbol].name) + as_date;
    }
    case Reference::Space::kDerived: {
      const DerivedSymbol& derived = vocabulary.derived()[reference.symbol];
      return (derived.kind == DerivedKind::kList ? "list " : "") + Quoted(FoldCase(derived.name));
    }
    case Reference::Space::kFact:
      return "fact " + std::to_string(reference.symbol) + as_date;
  }
  return {};
}

std::string CanonicalText(const EventMatches& events, const Vocabulary& vocabulary) {
  std::vector<std::string> parts;
  for (const EventMatch& match : events) {
    std::string part = FoldCase(vocabulary.event(match.event).name);
    if (!match.conditions.empty()) part += " with " + JoinCanonical(match.conditions, vocabulary, " and ");
    parts.push_back(std::move(part));
  }
  std::sort(parts.begin(), parts.end());
  std::string result;
  for (const std::string& part : parts) result += (result.empty() ? "" : ", ") + part;
  return result;
}

std::string CanonicalText(const Condition& condition, const Vocabulary& vocabulary) {
  const auto left = [&] { return CanonicalText(condition.reference, vocabulary); };
  switch (condition.kind) {
    case Condition::Kind::kAlways:
      return "always";
    case Condition::Kind::kNever:
      return "never";
    case Condition::Kind::kAnd:
      return JoinCanonical(condition.operands, vocabulary, " and ");
    case Condition::Kind::kOr:
      return JoinCanonical(condition.operands, vocabulary, " or ");
    case Condition::Kind::kNot:
      return "not " + CanonicalText(condition.operands.front(), vocabulary);
    case Condition::Kind::kIsSet:
      return left() + " is set";
    case Condition::Kind::kOptionIn:
      return left() + " in " + OptionListText(condition, vocabulary);
    case Condition::Kind::kCompare:
      return left() + " " + std::string(RelationText(condition.relation)) + " " + std::to_string(condition.number);
    case Condition::Kind::kText:
      return left() + " " + std::string(TextRelationText(condition.text_relation)) + " " + Quoted(condition.text);
    case Condition::Kind::kSeen:
      return "seen [" + CanonicalText(condition.events, vocabulary) + "] within " + std::to_string(condition.within_us);
    case Condition::Kind::kSeenSince:
      return "seen [" + CanonicalText(condition.events, vocabulary) + "] since " + CanonicalText(condition.since, vocabulary);
    case Condition::Kind::kSeenSinceRun:
      return "seen [" + CanonicalText(condition.events, vocabulary) + "] since the run began";
    case Condition::Kind::kLately:
      return left() + " lies within the last " + std::to_string(condition.within_us);
    case Condition::Kind::kSoon:
      return left() + " lies within the next " + std::to_string(condition.within_us);
    case Condition::Kind::kInTeam:
      return left() + " in team " + Quoted(FoldCase(vocabulary.teams()[condition.team].name));
    case Condition::Kind::kIsMe:
      return left() + " is me";
  }
  return {};
}

}  // namespace stagecraft::sema
