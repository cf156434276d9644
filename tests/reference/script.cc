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

Script::Script(sema::CheckedScript checked, std::vector<OldRule> old_rules, std::vector<std::string> texts)
    : checked_(std::move(checked)), calendar_(ToIr(checked_.calendar)), old_rules_(std::move(old_rules)), texts_(std::move(texts)) {}

std::optional<Script> Script::Read(std::vector<std::pair<std::string, std::string>> files, const std::vector<OldRule>& old_rules) {
  std::sort(files.begin(), files.end());
  SourceSet sources;
  for (const auto& [name, text] : files) sources.emplace_back(name, text);
  const auto own = static_cast<std::uint32_t>(sources.size());
  sources.emplace_back("<hubspot>", std::string(StandardVocabulary("hubspot")));
  for (const OldRule& rule : old_rules) sources.emplace_back("<old>", rule.text);
  std::vector<Diagnostic> diagnostics;
  std::vector<syntax::Script> trees;
  std::vector<syntax::Script> old_trees;
  for (std::uint32_t i = 0; i < sources.size(); ++i) {
    syntax::ParseResult parsed = syntax::Parse(sources[i], i, {});
    (i <= own ? trees : old_trees).push_back(std::move(parsed.script));
    std::move(parsed.diagnostics.begin(), parsed.diagnostics.end(), std::back_inserter(diagnostics));
  }
  std::vector<sema::RuleToCheck> old;
  for (const syntax::Script& tree : old_trees) {
    const syntax::Declaration& declaration = tree.declarations.front();
    old.push_back(
        {std::get_if<syntax::RuleDecl>(&declaration.node), std::get_if<syntax::SequenceDecl>(&declaration.node), declaration.span});
  }
  sema::CheckedScript checked = sema::Check(trees, own, sources, diagnostics, old);
  if (HasErrors(diagnostics)) return std::nullopt;
  std::vector<std::string> texts;
  for (const sema::Rule& rule : checked.rules) {
    texts.emplace_back(sources[rule.span.source].text().substr(rule.span.begin, rule.span.end - rule.span.begin));
  }
  for (const OldRule& rule : old_rules) texts.push_back(rule.text);
  return Script(std::move(checked), old_rules, std::move(texts));
}

const sema::Rule& Script::rule(std::size_t number) const {
  return number < rules() ? checked_.rules[number] : checked_.retired[number - rules()].rule;
}

const std::string& Script::RuleName(std::size_t number) const {
  const sema::Rule& declared = rule(number);
  return declared.name.empty() ? declared.text : declared.name;
}

std::string Script::KeyOf(std::size_t number) const {
  return (rule(number).kind == sema::Rule::Kind::kSequence ? "sequence " : "rule ") + RuleName(number);
}

std::optional<std::size_t> Script::FindRule(const std::string& key) const {
  for (std::size_t number = 0; number < rules(); ++number) {
    if (KeyOf(number) == key) return number;
  }
  return std::nullopt;
}

bool Script::IsDisabled(std::size_t number) const {
  const std::optional<std::size_t> today = FindRule(KeyOf(number));
  return off_.contains(KeyOf(number)) || (today.has_value() && rule(*today).disabled);
}

namespace {

// `frames`: the last is of the block to be looked at.
void FindWaits(std::vector<Frame> frames, std::vector<WaitingPlace>& places) {
  const sema::Block& block = *frames.back().block;
  const auto look_into = [&](const sema::Block& inner) {
    frames.push_back({&inner, 0});
    FindWaits(frames, places);
    frames.pop_back();
  };
  for (const sema::Action& action : block) {
    ++frames.back().next;
    if (const auto* wait = std::get_if<sema::Wait>(&action.node)) {
      places.push_back({wait, frames});
      if (wait->otherwise.has_value()) look_into(*wait->otherwise);
    } else if (const auto* choice = std::get_if<sema::If>(&action.node)) {
      for (const sema::If::Branch& branch : choice->branches) look_into(branch.actions);
      look_into(choice->otherwise);
    } else if (const auto* split = std::get_if<sema::Split>(&action.node)) {
      for (const sema::Split::Part& part : split->parts) look_into(part.actions);
    }
  }
}

}  // namespace

std::vector<WaitingPlace> Script::WaitsOf(std::size_t number) const {
  const sema::Rule& declared = rule(number);
  const bool sla = declared.kind == sema::Rule::Kind::kSla;
  std::vector<WaitingPlace> places;
  FindWaits(sla ? std::vector<Frame>{{&declared.actions, 0}} : std::vector<Frame>{{&declared.finally, 0}, {&declared.actions, 0}}, places);
  FindWaits({{&declared.finally, 0}}, places);
  return places;
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
