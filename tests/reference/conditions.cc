#include "tests/reference/conditions.h"

#include <algorithm>
#include <regex>
#include <string_view>

#include "dsl/support/text.h"

namespace stagecraft::reference {
namespace {

constexpr Micros kDay = 86'400'000'000;

Value Named(const Scene& scene, std::string_view property) {
  const std::optional<Symbol> symbol = scene.script.vocabulary().FindProperty(property);
  return symbol.has_value() ? scene.contact.Get(*symbol) : Value();
}

Value ReadFact(const Scene& scene, sema::Fact fact) {
  const Contact& contact = scene.contact;
  switch (fact) {
    case sema::Fact::kId:
      return TextValue(contact.id);
    case sema::Fact::kCreated:
      return contact.exists ? NumberValue(contact.created_at) : Value();
    case sema::Fact::kLastContacted:
      return contact.last_contacted.has_value() ? NumberValue(*contact.last_contacted) : Value();
    default:
      break;
  }
  const std::string first = Named(scene, "first name").text;
  const std::string last = Named(scene, "last name").text;
  if (!first.empty() || !last.empty()) return TextValue(first.empty() || last.empty() ? first + last : first + " " + last);
  const Value email = Named(scene, "email");
  return email.set ? email : TextValue(contact.id);
}

Value ReadField(const Scene& scene, const sema::Reference& reference) {
  if (scene.event == nullptr) return {};
  // Of a family's event: the field of the same name, where that has one.
  const sema::Vocabulary& vocabulary = scene.script.vocabulary();
  const std::string name = FoldCase(vocabulary.event(reference.event).fields[reference.symbol].name);
  const std::optional<std::uint32_t> field = vocabulary.event(scene.event->event).FindField(name);
  if (!field.has_value()) return {};
  const auto found = scene.event->fields.find(*field);
  return found == scene.event->fields.end() ? Value() : found->second;
}

Value ReadRaw(const Scene& scene, const sema::Reference& reference) {
  switch (reference.space) {
    case sema::Reference::Space::kProperty:
      return scene.contact.Get(reference.symbol);
    case sema::Reference::Space::kPrevious:
      return scene.previous == nullptr ? scene.contact.Get(reference.symbol) : scene.previous->Get(reference.symbol);
    case sema::Reference::Space::kEntered: {
      const auto found = scene.contact.entered.find({reference.symbol, reference.option});
      return found == scene.contact.entered.end() ? Value() : NumberValue(found->second);
    }
    case sema::Reference::Space::kField:
      return ReadField(scene, reference);
    case sema::Reference::Space::kDerived:
      return NumberValue(scene.contact.derived.at(reference.symbol));
    case sema::Reference::Space::kFact:
      break;
  }
  return ReadFact(scene, static_cast<sema::Fact>(reference.symbol));
}

// What the reference's value is before it is taken for a date.
bool IsMoment(const Scene& scene, const sema::Reference& reference) {
  switch (reference.space) {
    case sema::Reference::Space::kProperty:
    case sema::Reference::Space::kPrevious:
      return scene.script.vocabulary().property(reference.symbol).type == sema::Type::kTime;
    case sema::Reference::Space::kField:
      return scene.script.vocabulary().event(reference.event).fields[reference.symbol].type == sema::Type::kTime;
    case sema::Reference::Space::kEntered:
      return true;
    case sema::Reference::Space::kFact:
      return reference.type == sema::Type::kDate;
    case sema::Reference::Space::kDerived:
      break;
  }
  return false;
}

const sema::OptionSet* OptionsOf(const Scene& scene, const sema::Reference& reference) {
  const sema::Vocabulary& vocabulary = scene.script.vocabulary();
  if (reference.type != sema::Type::kOption) return nullptr;
  if (reference.space == sema::Reference::Space::kField) return &vocabulary.event(reference.event).fields[reference.symbol].options;
  return &vocabulary.property(reference.symbol).options;
}

bool Compare(std::int64_t a, sema::Relation relation, std::int64_t b) {
  switch (relation) {
    case sema::Relation::kEqual:
      return a == b;
    case sema::Relation::kLess:
      return a < b;
    case sema::Relation::kLessEqual:
      return a <= b;
    case sema::Relation::kGreater:
      return a > b;
    default:
      return a >= b;
  }
}

bool MatchesGlob(std::string_view text, std::string_view pattern) {
  if (pattern.empty()) return text.empty();
  if (pattern.front() != '*') {
    return !text.empty() && text.front() == pattern.front() && MatchesGlob(text.substr(1), pattern.substr(1));
  }
  for (std::size_t skipped = 0; skipped <= text.size(); ++skipped) {
    if (MatchesGlob(text.substr(skipped), pattern.substr(1))) return true;
  }
  return false;
}

bool MatchesText(const std::string& text, sema::TextRelation relation, const std::string& folded) {
  const std::string own = FoldCase(text);
  switch (relation) {
    case sema::TextRelation::kEqual:
      return own == folded;
    case sema::TextRelation::kContains:
      return own.find(folded) != std::string::npos;
    case sema::TextRelation::kStarts:
      return own.starts_with(folded);
    case sema::TextRelation::kEnds:
      return own.ends_with(folded);
    case sema::TextRelation::kGlob:
      return MatchesGlob(own, folded);
    case sema::TextRelation::kMatches:
      return std::regex_search(text, std::regex(folded, std::regex::ECMAScript | std::regex::icase));
  }
  return false;
}

bool HappenedSince(const Scene& scene, const sema::EventMatches& matches, Micros since, int but_record) {
  for (const Happening& event : scene.contact.happened) {
    if (event.at >= since && event.record != but_record && MatchesAny(scene.script, matches, event)) return true;
  }
  return false;
}

bool HappenedWithin(const Scene& scene, const sema::Condition& condition) {
  for (const Happening& event : scene.contact.happened) {
    const bool inside = condition.within_us == 0 || scene.contact.now - event.at < condition.within_us;
    if (inside && MatchesAny(scene.script, condition.events, event)) return true;
  }
  return false;
}

bool IsInTeam(const Scene& scene, const sema::Condition& condition) {
  const Value user = Read(scene, condition.reference);
  const std::vector<std::string>& members = scene.script.vocabulary().teams()[condition.team].members;
  return user.set &&
         std::any_of(members.begin(), members.end(), [&](const std::string& member) { return FoldCase(member) == FoldCase(user.text); });
}

bool HoldsOfValue(const Scene& scene, const sema::Condition& condition) {
  const Value value = Read(scene, condition.reference);
  if (!value.set) return false;
  switch (condition.kind) {
    case sema::Condition::Kind::kIsSet:
      return true;
    case sema::Condition::Kind::kOptionIn:
      return std::find(condition.options.begin(), condition.options.end(), static_cast<std::uint32_t>(value.number)) !=
             condition.options.end();
    case sema::Condition::Kind::kCompare:
      return Compare(value.number, condition.relation, condition.number);
    default:
      return MatchesText(value.text, condition.text_relation, condition.text);
  }
}

}  // namespace

Value Read(const Scene& scene, const sema::Reference& reference) {
  Value value = ReadRaw(scene, reference);
  if (value.set && reference.type == sema::Type::kDate && IsMoment(scene, reference)) {
    value.number = scene.script.calendar().DateOf(value.number);
  }
  return value;
}

std::string Show(const Scene& scene, const sema::Reference& reference) {
  if (reference.space != sema::Reference::Space::kDerived)
    return scene.script.Show(reference.type, OptionsOf(scene, reference), Read(scene, reference));
  const sema::DerivedKind kind = scene.script.vocabulary().derived()[reference.symbol].kind;
  const std::int64_t number = Read(scene, reference).number;
  const bool truth = kind == sema::DerivedKind::kDefinition || kind == sema::DerivedKind::kList;
  return truth ? (number != 0 ? "yes" : "no") : std::to_string(number);
}

std::string ShowForPrograms(const Scene& scene, const sema::Reference& reference) {
  if (reference.space == sema::Reference::Space::kDerived) return Show(scene, reference);
  return scene.script.ShowForPrograms(reference.type, OptionsOf(scene, reference), Read(scene, reference));
}

std::string Fill(const Scene& scene, const sema::Text& text) {
  std::string filled;
  for (const sema::TextPart& part : text) filled += part.reference.has_value() ? Show(scene, *part.reference) : part.literal;
  return filled;
}

bool Matches(const Script& script, const sema::EventMatch& match, const Happening& event) {
  if (match.event != event.event) return false;
  const Contact nobody;
  const Scene scene{script, nobody, nullptr, &event};
  return std::all_of(match.conditions.begin(), match.conditions.end(),
                     [&](const sema::Condition& condition) { return Holds(scene, condition); });
}

bool MatchesAny(const Script& script, const sema::EventMatches& matches, const Happening& event) {
  return std::any_of(matches.begin(), matches.end(), [&](const sema::EventMatch& match) { return Matches(script, match, event); });
}

std::optional<Micros> MomentOf(const Scene& scene, const sema::Reference& reference) {
  const Value value = Read(scene, reference);
  if (!value.set) return std::nullopt;
  return reference.type == sema::Type::kDate ? scene.script.calendar().StartOf(value.number) : value.number;
}

Span NearSpan(const Scene& scene, const sema::Condition& condition) {
  const Value value = Read(scene, condition.reference);
  if (!value.set) return {};
  const bool lately = condition.kind == sema::Condition::Kind::kLately;
  const Micros within = condition.within_us;
  if (condition.reference.type != sema::Type::kDate) {
    return lately ? Span{value.number, value.number + within} : Span{value.number - within, value.number};
  }
  const runtime::Calendar& calendar = scene.script.calendar();
  const std::int64_t days = within / kDay;
  if (lately) return {calendar.StartOf(value.number), calendar.StartOf(value.number + days)};
  return {calendar.StartOf(value.number - days), calendar.StartOf(value.number + 1)};
}

bool Holds(const Scene& scene, const sema::Condition& condition) {
  using Kind = sema::Condition::Kind;
  const auto holds = [&](const sema::Condition& operand) { return Holds(scene, operand); };
  const auto& operands = condition.operands;
  switch (condition.kind) {
    case Kind::kAlways:
      return true;
    case Kind::kAnd:
      return std::all_of(operands.begin(), operands.end(), holds);
    case Kind::kOr:
      return std::any_of(operands.begin(), operands.end(), holds);
    case Kind::kNot:
      return !holds(operands.front());
    case Kind::kSeen:
      return HappenedWithin(scene, condition);
    case Kind::kSeenSince: {
      const std::optional<Micros> since = MomentOf(scene, condition.since);
      return since.has_value() && HappenedSince(scene, condition.events, *since, -1);
    }
    case Kind::kSeenSinceRun:
      return scene.run_started_at.has_value() && HappenedSince(scene, condition.events, *scene.run_started_at, scene.run_cause);
    case Kind::kLately:
    case Kind::kSoon: {
      const Span span = NearSpan(scene, condition);
      return span.first != kNever && span.first <= scene.contact.now && scene.contact.now < span.end;
    }
    case Kind::kInTeam:
      return IsInTeam(scene, condition);
    case Kind::kNever:
    case Kind::kIsMe:
      return false;
    default:
      return HoldsOfValue(scene, condition);
  }
}

void Walk(const sema::Condition& condition, const std::function<void(const sema::Condition&)>& look) {
  look(condition);
  for (const sema::Condition& operand : condition.operands) Walk(operand, look);
}

void WalkConditions(const sema::Rule& rule, const std::function<void(const sema::Condition&)>& look) {
  const std::function<void(const sema::Block&)> look_into = [&](const sema::Block& block) {
    for (const sema::Action& action : block) {
      if (const auto* wait = std::get_if<sema::Wait>(&action.node)) {
        Walk(wait->condition, look);
        if (wait->otherwise.has_value()) look_into(*wait->otherwise);
      } else if (const auto* choice = std::get_if<sema::If>(&action.node)) {
        for (const sema::If::Branch& branch : choice->branches) {
          Walk(branch.condition, look);
          look_into(branch.actions);
        }
        look_into(choice->otherwise);
      } else if (const auto* split = std::get_if<sema::Split>(&action.node)) {
        for (const sema::Split::Part& part : split->parts) look_into(part.actions);
      }
    }
  };
  Walk(rule.trigger.condition, look);
  Walk(rule.guard, look);
  if (rule.until.has_value()) Walk(*rule.until, look);
  look_into(rule.actions);
  look_into(rule.finally);
}

}  // namespace stagecraft::reference
