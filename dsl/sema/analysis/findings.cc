#include "dsl/sema/analysis/findings.h"

#include <algorithm>
#include <utility>

#include "dsl/sema/analysis/parts.h"
#include "dsl/sema/rules.h"
#include "dsl/support/show.h"

namespace stagecraft::sema {

namespace {

constexpr std::int64_t kNumberScale = 1'000'000;
constexpr std::int64_t kMicrosPerDay = std::int64_t{86'400} * 1'000'000;
constexpr std::int64_t kMicrosPerHour = std::int64_t{3'600} * 1'000'000;
constexpr std::int64_t kMicrosPerMinute = std::int64_t{60} * 1'000'000;
constexpr std::size_t kBindingsMax = 6;
constexpr std::size_t kQuoteMax = 60;

// Howard Hinnant's civil_from_days.
std::string DateText(std::int64_t days) {
  const std::int64_t z = days + 719'468;
  const std::int64_t era = (z >= 0 ? z : z - 146'096) / 146'097;
  const std::int64_t day_of_era = z - era * 146'097;
  const std::int64_t year_of_era = (day_of_era - day_of_era / 1'460 + day_of_era / 36'524 - day_of_era / 146'096) / 365;
  const std::int64_t day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
  const std::int64_t shifted = (5 * day_of_year + 2) / 153;
  const std::int64_t day = day_of_year - (153 * shifted + 2) / 5 + 1;
  const std::int64_t month = shifted < 10 ? shifted + 3 : shifted - 9;
  const std::int64_t year = year_of_era + era * 400 + (month <= 2 ? 1 : 0);
  const auto padded = [](std::int64_t number) { return (number < 10 ? "0" : "") + std::to_string(number); };
  return std::to_string(year) + "-" + padded(month) + "-" + padded(day);
}

std::string NumberText(std::int64_t millionths) {
  const bool negative = millionths < 0;
  const std::uint64_t size = negative ? 0 - static_cast<std::uint64_t>(millionths) : static_cast<std::uint64_t>(millionths);
  std::string text = (negative ? "-" : "") + std::to_string(size / kNumberScale);
  std::string fraction = std::to_string(size % kNumberScale);
  if (fraction == "0") return text;
  fraction.insert(0, 6 - fraction.size(), '0');
  while (fraction.back() == '0') fraction.pop_back();
  return text + "." + fraction;
}

std::string DurationText(std::int64_t micros) {
  const auto many = [](std::int64_t count, std::string_view unit) { return Counted(static_cast<std::uint64_t>(count), unit); };
  if (micros % kMicrosPerDay == 0) return many(micros / kMicrosPerDay, "day");
  if (micros % kMicrosPerHour == 0) return many(micros / kMicrosPerHour, "hour");
  return many(micros / kMicrosPerMinute, "minute");
}

std::string TypedText(Type type, std::int64_t value, const OptionSet& options) {
  switch (type) {
    case Type::kOption:
      return static_cast<std::size_t>(value) < options.options.size() ? AsWritten(options.options[static_cast<std::size_t>(value)].label)
                                                                      : std::to_string(value);
    case Type::kTruth:
      return value != 0 ? "yes" : "no";
    case Type::kNumber:
    case Type::kMoney:
      return NumberText(value);
    case Type::kDate:
    case Type::kTime:
      return DateText(value);
    case Type::kText:
    case Type::kUser:
      break;
  }
  return std::to_string(value);
}

}  // namespace

Findings::Findings(const Facts& facts, const SourceSet& sources, std::vector<Diagnostic>& diagnostics)
    : facts_(facts), sources_(sources), reporter_(diagnostics), mender_(sources) {
  for (const Diagnostic& one : diagnostics) said_.emplace(one.code, one.span.source, one.span.begin);
}

Diagnostic* Findings::Report(Code code, Span span, std::string message, std::string label) {
  if (!said_.emplace(code, span.source, span.begin).second) return nullptr;
  return &reporter_.Report(code, span, std::move(message), std::move(label));
}

void Findings::GiveUp(std::string_view analysis) {
  if (std::find(gave_up_.begin(), gave_up_.end(), analysis) == gave_up_.end()) gave_up_.emplace_back(analysis);
}

std::string Findings::TextAt(Span span) const { return Cut(OneLine(sources_, span), kQuoteMax); }

std::string Findings::NameOf(const Rule& rule) const {
  if (rule.kind == Rule::Kind::kSequence) return "sequence " + Tick(rule.name);
  if (!rule.name.empty()) return "rule " + Tick(rule.name);
  // Without a name its first words tell it from others: trigger and conditions.
  Span words = rule.trigger.span;
  for (const Condition* part : ConjunctsOf(rule.guard)) {
    if (IsWritten(part->span) && part->span.source == words.source && part->span.begin > words.begin)
      words.end = std::max(words.end, part->span.end);
  }
  return "the rule " + Tick(IsWritten(words) ? TextAt(words) : rule.text);
}

Span Findings::PlaceOf(const Rule& rule) {
  if (IsWritten(rule.name_span)) return rule.name_span;
  return IsWritten(rule.trigger.span) ? rule.trigger.span : rule.span;
}

std::string Findings::PropertyName(Symbol property) const {
  const PropertySymbol& symbol = facts_.vocabulary().property(property);
  if (!symbol.hidden) return Tick(symbol.name);
  for (const ListSymbol& list : facts_.vocabulary().lists()) {
    if (list.by_hand && list.member == property) return "membership of " + Tick("\"" + list.name + "\"");
  }
  return Tick(symbol.name);
}

std::string Findings::ValueOf(Symbol property, std::int64_t value) const {
  const PropertySymbol& symbol = facts_.vocabulary().property(property);
  return TypedText(symbol.type, value, symbol.options);
}

std::string Findings::ValueOf(const Write& write) const {
  switch (write.kind) {
    case Write::Kind::kConstant:
      return Tick(ValueOf(write.property, write.constant));
    case Write::Kind::kText:
      return Tick("\"" + write.text + "\"");
    case Write::Kind::kClear:
      return "nothing";
    case Write::Kind::kRotation:
      return "a member of " + Tick(facts_.vocabulary().teams()[write.team].name);
    case Write::Kind::kComputed:
      break;
  }
  return "a computed value";
}

std::string Findings::Describe(const Binding& binding) const {
  const Variable& variable = binding.variable;
  const Vocabulary& vocabulary = facts_.vocabulary();
  if (variable.kind == Variable::Kind::kSeen) {
    const std::string event = vocabulary.event(binding.source->events.front().event).name;
    if (binding.unset) return "no `" + event + "` ever";
    return binding.number == 0 ? "`" + event + "` just now" : "`" + event + "` " + DurationText(binding.number) + " ago";
  }
  if (variable.kind == Variable::Kind::kSeenSince || variable.kind == Variable::Kind::kSeenSinceRun) {
    return (binding.number != 0 ? "`" : "no `") + vocabulary.event(binding.source->events.front().event).name + "` since then";
  }
  if (variable.kind != Variable::Kind::kValue) return {};
  std::string name;
  std::string value;
  const OptionSet none;
  switch (variable.space) {
    case Reference::Space::kProperty:
    case Reference::Space::kPrevious: {
      const PropertySymbol& property = vocabulary.property(variable.symbol);
      if (property.hidden) return {};
      name = property.name + (variable.space == Reference::Space::kPrevious ? " before" : "");
      if (!binding.unset && !IsText(property.type)) value = TypedText(property.type, binding.number, property.options);
      break;
    }
    case Reference::Space::kField: {
      const FieldSymbol& field = vocabulary.event(variable.event).fields[variable.symbol];
      name = "the event's " + field.name;
      if (!binding.unset && !IsText(field.type)) value = TypedText(field.type, binding.number, field.options);
      break;
    }
    case Reference::Space::kDerived:
      name = vocabulary.derived()[variable.symbol].name;
      value = std::to_string(binding.number);
      break;
    case Reference::Space::kEntered: {
      const PropertySymbol& property = vocabulary.property(variable.symbol);
      name = "became " + property.options.options[variable.option].label + " date";
      if (!binding.unset) value = DateText(binding.number);
      break;
    }
    case Reference::Space::kFact:
      return {};
  }
  if (binding.unset) return name + " not set";
  if (!value.empty()) return name + " " + value;
  if (!binding.text_known) return name + " that fits";
  return binding.text.empty() ? name + " set" : name + " \"" + binding.text + "\"";
}

std::string Findings::ContactOf(const std::vector<Binding>& witness, std::uint32_t version) const {
  std::vector<std::string> parts;
  for (const Binding& binding : witness) {
    const bool twin = std::any_of(witness.begin(), witness.end(), [&](const Binding& other) {
      Variable moved = binding.variable;
      moved.version = version;
      return binding.variable.version != version && other.variable == moved;
    });
    const bool later = binding.variable.version != 0 && binding.variable.version != version;
    if (later || twin || !binding.needed || (binding.source == nullptr && binding.variable.kind != Variable::Kind::kValue)) continue;
    std::string part = Describe(binding);
    if (!part.empty() && std::count(parts.begin(), parts.end(), part) == 0) parts.push_back(std::move(part));
  }
  if (parts.empty()) return "any contact";
  std::string result = "a contact with ";
  for (std::size_t i = 0; i < std::min(parts.size(), kBindingsMax); ++i) result += (i == 0 ? "" : ", ") + parts[i];
  return parts.size() > kBindingsMax ? result + ", …" : result;
}

}  // namespace stagecraft::sema
