#include "tests/reference/script.h"

#include <absl/time/time.h>
#define XXH_INLINE_ALL
#include <xxhash.h>

#include <algorithm>
#include <utility>
#include <vector>

#include "dsl/compile.h"
#include "dsl/sema/checker.h"
#include "dsl/support/severity.h"
#include "dsl/support/text.h"
#include "dsl/syntax/parser.h"

namespace stagecraft::reference {
namespace {

ir::Calendar ToIr(const sema::Calendar& calendar) {
  ir::Calendar out;
  out.time_zone = calendar.time_zone;
  out.business_days = calendar.business_days;
  out.business_from_minute = calendar.business_from_minute;
  out.business_to_minute = calendar.business_to_minute;
  out.holidays = calendar.holidays;
  return out;
}

std::string ShowNumber(std::int64_t millionths) {
  const bool negative = millionths < 0;
  const auto all = negative ? 0 - static_cast<std::uint64_t>(millionths) : static_cast<std::uint64_t>(millionths);
  std::string text = (negative ? "-" : "") + std::to_string(all / kScale);
  std::string digits = std::to_string(all % kScale + kScale).substr(1);
  while (!digits.empty() && digits.back() == '0') digits.pop_back();
  return digits.empty() ? text : text + "." + digits;
}

}  // namespace

Value NumberValue(std::int64_t number) { return {true, number, {}}; }

Value TextValue(std::string text) {
  if (text.empty()) return {};
  return {true, 0, std::move(text)};
}

Script::Script(sema::CheckedScript checked) : checked_(std::move(checked)), calendar_(ToIr(checked_.calendar)) {}

std::optional<Script> Script::Read(std::vector<std::pair<std::string, std::string>> files) {
  std::sort(files.begin(), files.end());
  SourceSet sources;
  for (const auto& [name, text] : files) sources.emplace_back(name, text);
  const auto own = static_cast<std::uint32_t>(sources.size());
  sources.emplace_back("<hubspot>", std::string(StandardVocabulary("hubspot")));
  std::vector<Diagnostic> diagnostics;
  std::vector<syntax::Script> trees;
  for (std::uint32_t i = 0; i < sources.size(); ++i) {
    syntax::ParseResult parsed = syntax::Parse(sources[i], i, {});
    trees.push_back(std::move(parsed.script));
    std::move(parsed.diagnostics.begin(), parsed.diagnostics.end(), std::back_inserter(diagnostics));
  }
  sema::CheckedScript checked = sema::Check(trees, own, sources, diagnostics);
  if (HasErrors(diagnostics)) return std::nullopt;
  return Script(std::move(checked));
}

const std::string& Script::RuleName(std::size_t number) const {
  const sema::Rule& rule = checked_.rules[number];
  return rule.name.empty() ? rule.text : rule.name;
}

bool Script::IsOfFamily(Symbol event, std::string_view family) const {
  const std::vector<Symbol>& members = vocabulary().FindFamily(FoldCase(family));
  return std::find(members.begin(), members.end(), event) != members.end();
}

bool Script::IsEvent(Symbol event, std::string_view name) const { return vocabulary().FindEvent(FoldCase(name)) == event; }

const sema::Block& Script::Choose(const sema::Split& split, const std::string& contact) const {
  const auto place = places_.find(&split);
  if (place == places_.end()) throw Unsupported("a split in a rule without a name");
  std::string text = contact;
  text.append(1, '\0').append(place->second.rule).append(1, '\0').append(std::to_string(place->second.number));
  auto rest = static_cast<std::int64_t>(XXH3_64bits(text.data(), text.size()) % kScale);
  for (const sema::Split::Part& part : split.parts) {
    if (rest < part.share) return part.actions;
    rest -= part.share;
  }
  return split.parts.back().actions;
}

std::string Script::ShowTime(Micros at) const { return runtime::FormatTime(at, calendar_.zone()); }

std::string Script::Show(sema::Type type, const sema::OptionSet* options, const Value& value) const {
  if (!value.set) return {};
  switch (type) {
    case sema::Type::kOption:
      return options->options[static_cast<std::size_t>(value.number)].label;
    case sema::Type::kTruth:
      return value.number != 0 ? "yes" : "no";
    case sema::Type::kNumber:
    case sema::Type::kMoney:
      return ShowNumber(value.number);
    case sema::Type::kDate:
      return runtime::FormatDate(value.number);
    case sema::Type::kTime:
      return ShowTime(value.number);
    default:
      return value.text;
  }
}

std::string Script::ShowForPrograms(sema::Type type, const sema::OptionSet* options, const Value& value) const {
  if (type == sema::Type::kOption && value.set) {
    const sema::OptionSymbol& option = options->options[static_cast<std::size_t>(value.number)];
    return option.internal_name.empty() ? option.label : option.internal_name;
  }
  if (type == sema::Type::kTime && value.set) {
    return absl::FormatTime("%Y-%m-%dT%H:%M:%E*S%Ez", absl::FromUnixMicros(value.number), calendar_.zone());
  }
  return Show(type, options, value);
}

ir::Duration ToIr(const sema::Duration& duration) { return {duration.micros, duration.months, duration.business}; }

ir::Recurrence ToIr(const sema::Recurrence& recurrence) {
  return {recurrence.days, recurrence.business_days, recurrence.day_of_month, recurrence.minute};
}

}  // namespace stagecraft::reference
