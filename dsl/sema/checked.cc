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

// Appends to one text: a program has one for every condition, and a rule has several.
class CanonicalWriter {
 public:
  explicit CanonicalWriter(const Vocabulary& vocabulary) : vocabulary_(vocabulary) {}

  std::string Take() && { return std::move(out_); }

  void Write(const Reference& reference) {
    switch (reference.space) {
      case Reference::Space::kProperty:
        out_ += FoldCase(vocabulary_.property(reference.symbol).name);
        break;
      case Reference::Space::kPrevious:
        out_ += "previous " + FoldCase(vocabulary_.property(reference.symbol).name);
        break;
      case Reference::Space::kEntered: {
        const PropertySymbol& property = vocabulary_.property(reference.symbol);
        out_ += "became " + FoldCase(property.name) + " ";
        Quoted(property.options.options[reference.option].internal_name);
        break;
      }
      case Reference::Space::kField: {
        const EventSymbol& event = vocabulary_.event(reference.event);
        out_ += "field " + FoldCase(event.name) + "." + FoldCase(event.fields[reference.symbol].name);
        break;
      }
      case Reference::Space::kDerived: {
        const DerivedSymbol& derived = vocabulary_.derived()[reference.symbol];
        if (derived.kind == DerivedKind::kList) out_ += "list ";
        return Quoted(FoldCase(derived.name));
      }
      case Reference::Space::kFact:
        out_ += "fact " + std::to_string(reference.symbol);
        break;
    }
    // A moment read as a date is another value than the moment itself.
    if (reference.type == Type::kDate) out_ += " date";
  }

  void Write(const EventMatches& events) {
    if (events.size() == 1) return Write(events.front());
    std::vector<std::string> parts;
    for (const EventMatch& match : events) {
      CanonicalWriter part(vocabulary_);
      part.Write(match);
      parts.push_back(std::move(part.out_));
    }
    AppendSorted(std::move(parts));
  }

  void Write(const Condition& condition) {
    switch (condition.kind) {
      case Condition::Kind::kAlways:
        out_ += "always";
        break;
      case Condition::Kind::kNever:
        out_ += "never";
        break;
      case Condition::Kind::kAnd:
        WriteJoined(condition.operands, " and ");
        break;
      case Condition::Kind::kOr:
        WriteJoined(condition.operands, " or ");
        break;
      case Condition::Kind::kNot:
        out_ += "not ";
        Write(condition.operands.front());
        break;
      case Condition::Kind::kSeen:
      case Condition::Kind::kSeenSince:
      case Condition::Kind::kSeenSinceRun:
        WriteSeen(condition);
        break;
      default:
        Write(condition.reference);
        WriteQuestion(condition);
    }
  }

 private:
  void Quoted(std::string_view text) {
    out_ += '"';
    for (const char c : text) {
      if (c == '"' || c == '\\') out_ += '\\';
      out_ += c;
    }
    out_ += '"';
  }

  void AppendSorted(std::vector<std::string> parts) {
    std::sort(parts.begin(), parts.end());
    for (std::size_t i = 0; i < parts.size(); ++i) {
      if (i != 0) out_ += ", ";
      out_ += parts[i];
    }
  }

  void Write(const EventMatch& match) {
    out_ += FoldCase(vocabulary_.event(match.event).name);
    if (match.conditions.empty()) return;
    out_ += " with ";
    WriteJoined(match.conditions, " and ");
  }

  void WriteJoined(const std::vector<Condition>& operands, std::string_view separator) {
    out_ += '(';
    for (std::size_t i = 0; i < operands.size(); ++i) {
      if (i != 0) out_ += separator;
      Write(operands[i]);
    }
    out_ += ')';
  }

  void WriteSeen(const Condition& condition) {
    out_ += "seen [";
    Write(condition.events);
    out_ += "] ";
    if (condition.kind == Condition::Kind::kSeen) {
      out_ += "within " + std::to_string(condition.within_us);
    } else if (condition.kind == Condition::Kind::kSeenSince) {
      out_ += "since ";
      Write(condition.since);
    } else {
      out_ += "since the run began";
    }
  }

  void WriteOptions(const Condition& condition) {
    const OptionSet& set = OptionsOf(condition.reference, vocabulary_);
    out_ += '{';
    if (condition.options.size() == 1) {
      Quoted(set.options[condition.options.front()].internal_name);
    } else {
      std::vector<std::string> names;
      for (const std::uint32_t option : condition.options) {
        CanonicalWriter name(vocabulary_);
        name.Quoted(set.options[option].internal_name);
        names.push_back(std::move(name.out_));
      }
      AppendSorted(std::move(names));
    }
    out_ += '}';
  }

  // What is asked of the reference that stands before.
  void WriteQuestion(const Condition& condition) {
    switch (condition.kind) {
      case Condition::Kind::kIsSet:
        out_ += " is set";
        break;
      case Condition::Kind::kOptionIn:
        out_ += " in ";
        WriteOptions(condition);
        break;
      case Condition::Kind::kCompare:
        out_ += ' ';
        out_ += RelationText(condition.relation);
        out_ += ' ';
        out_ += std::to_string(condition.number);
        break;
      case Condition::Kind::kText:
        out_ += ' ';
        out_ += TextRelationText(condition.text_relation);
        out_ += ' ';
        Quoted(condition.text);
        break;
      case Condition::Kind::kLately:
        out_ += " lies within the last " + std::to_string(condition.within_us);
        break;
      case Condition::Kind::kSoon:
        out_ += " lies within the next " + std::to_string(condition.within_us);
        break;
      case Condition::Kind::kInTeam:
        out_ += " in team ";
        Quoted(FoldCase(vocabulary_.teams()[condition.team].name));
        break;
      case Condition::Kind::kIsMe:
        out_ += " is me";
        break;
      default:
        break;  // nothing is asked of a reference
    }
  }

  const Vocabulary& vocabulary_;
  std::string out_;
};

template <typename T>
std::string CanonicalTextOf(const T& value, const Vocabulary& vocabulary) {
  CanonicalWriter writer(vocabulary);
  writer.Write(value);
  return std::move(writer).Take();
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

const OptionSet& OptionsOf(const Reference& reference, const Vocabulary& vocabulary) {
  if (reference.space == Reference::Space::kField) return vocabulary.event(reference.event).fields[reference.symbol].options;
  return vocabulary.property(reference.symbol).options;
}

std::string CanonicalText(const Reference& reference, const Vocabulary& vocabulary) { return CanonicalTextOf(reference, vocabulary); }
std::string CanonicalText(const EventMatches& events, const Vocabulary& vocabulary) { return CanonicalTextOf(events, vocabulary); }
std::string CanonicalText(const Condition& condition, const Vocabulary& vocabulary) { return CanonicalTextOf(condition, vocabulary); }

}  // namespace stagecraft::sema
