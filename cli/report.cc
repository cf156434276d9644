#include "cli/report.h"

#include <absl/time/civil_time.h>
#include <absl/time/time.h>
#include <fmt/format.h>

#include <map>
#include <optional>
#include <tuple>

#include "cli/terminal.h"
#include "dsl/support/render.h"
#include "dsl/support/text.h"
#include "runtime/exec/calendar.h"
#include "runtime/exec/resolve.h"
#include "runtime/model/contact.h"
#include "runtime/model/reasons.h"

namespace stagecraft::cli {
namespace {

using runtime::Contact;
using runtime::Fail;
using runtime::Micros;
using runtime::Result;
using runtime::Status;
using runtime::StatusCode;
using runtime::View;

// A row of a table: how it is sorted and how it is called. Unset comes last.
struct Group {
  bool unset = false;
  std::int64_t number = 0;
  std::string text;
  std::string label;

  friend bool operator<(const Group& a, const Group& b) {
    return std::tie(a.unset, a.number, a.text) < std::tie(b.unset, b.number, b.text);
  }
};

enum class Unit { kNone, kDay, kWeek, kMonth, kYear };

// What a table's `by` says.
struct Grouping {
  Unit unit = Unit::kNone;
  std::optional<std::uint32_t> slot;  // absent: the contact's creation
};

Result<Grouping> ParseGrouping(const ir::Program& program, const std::string& by) {
  constexpr std::pair<std::string_view, Unit> kUnits[] = {
      {"day of ", Unit::kDay}, {"week of ", Unit::kWeek}, {"month of ", Unit::kMonth}, {"year of ", Unit::kYear}};
  Grouping grouping;
  auto name = FoldCase(by);
  for (const auto& [words, unit] : kUnits) {
    if (name.compare(0, words.size(), words) != 0) continue;
    grouping.unit = unit;
    name.erase(0, words.size());
    break;
  }
  if (const auto found = program.property_names.find(name); found != program.property_names.end()) {
    grouping.slot = found->second;
  } else if (name != "created") {
    return Fail(StatusCode::kInvalidArgument, runtime::reasons::kUnknownProperty,
                fmt::format("a table is by `{}`, but there is no property `{}`", by, name));
  }
  const auto type = grouping.slot ? program.properties[*grouping.slot].type : ir::Type::kTime;
  const bool is_date = type == ir::Type::kDate || type == ir::Type::kTime;
  if (is_date != (grouping.unit != Unit::kNone)) {
    return Fail(StatusCode::kInvalidArgument, runtime::reasons::kInvalidConfig,
                is_date ? fmt::format("a table is by `{0}`, which is a date; write `month of {0}`, or day, week or year", name)
                        : fmt::format("a table is by `{}`, but `{}` is no date", by, name));
  }
  return grouping;
}

Group DateGroup(Unit unit, const absl::CivilDay& day) {
  Group group;
  switch (unit) {
    case Unit::kYear:
      group.label = fmt::format("{:04}", day.year());
      break;
    case Unit::kMonth:
      group.label = fmt::format("{:04}-{:02}", day.year(), day.month());
      break;
    case Unit::kWeek: {
      const auto monday = absl::PrevWeekday(day + 1, absl::Weekday::monday);
      group.label = fmt::format("{:04}-{:02}-{:02}", monday.year(), monday.month(), monday.day());
      break;
    }
    case Unit::kDay:
    case Unit::kNone:
      group.label = fmt::format("{:04}-{:02}-{:02}", day.year(), day.month(), day.day());
      break;
  }
  group.text = group.label;
  return group;
}

Group GroupOf(const View& view, const Contact& contact, const Grouping& grouping, const absl::TimeZone& zone) {
  const auto& program = view.program();
  if (!grouping.slot) return DateGroup(grouping.unit, absl::ToCivilDay(absl::FromUnixMicros(contact.created_at()), zone));
  const auto value = view.PropertyOf(contact, *grouping.slot);
  if (!value || !value->set) return {true, 0, "", "(not set)"};
  const auto& property = program.properties[*grouping.slot];
  switch (property.type) {
    case ir::Type::kDate:
      return DateGroup(grouping.unit, absl::CivilDay(1970, 1, 1) + value->number);
    case ir::Type::kTime:
      return DateGroup(grouping.unit, absl::ToCivilDay(absl::FromUnixMicros(value->number), zone));
    default:
      break;
  }
  Group group;
  group.label = runtime::FormatValue(program, property.type, *grouping.slot, *value);
  if (property.type == ir::Type::kOption) {
    group.number = property.options[static_cast<std::size_t>(value->number)].rank;
    group.text = group.label;
  } else if (ir::IsText(property.type)) {
    group.text = FoldCase(value->text);
  } else {
    group.number = value->number;
  }
  return group;
}

Result<CompiledCondition> Condition(const View& view, const std::string& table, const std::string& text) {
  auto result = CompileCondition(text, view.program());
  if (result.condition) return std::move(*result.condition);
  fmt::print(stderr, "{}", Render(result.diagnostics, result.sources, FindingsOn(stderr)));
  return Fail(StatusCode::kInvalidArgument, runtime::reasons::kInvalidConfig,
              fmt::format("a condition of the table `{}` has an error", table));
}

std::string TimeText(const ir::Program& program, Micros at) {
  return runtime::FormatValue(program, ir::Type::kTime, 0, runtime::Value{true, at, ""});
}

std::string NameOf(const View& view, std::uint32_t contact) { return view.ContactAt(contact)->id(); }

}  // namespace

Result<Table> CountContacts(const View& view, const runtime::TableSpec& spec) {
  const auto& program = view.program();
  const auto grouping = ParseGrouping(program, spec.by);
  if (!grouping) return tl::unexpected<Status>(grouping.error());
  std::optional<CompiledCondition> only;
  if (!spec.when.empty()) {
    auto condition = Condition(view, spec.title, spec.when);
    if (!condition) return tl::unexpected<Status>(condition.error());
    only = std::move(*condition);
  }
  std::vector<std::string> headings = {spec.by};
  std::vector<std::optional<CompiledCondition>> conditions;
  for (const auto& column : spec.columns) {
    headings.push_back(column.heading);
    auto& condition = conditions.emplace_back();
    if (column.when.empty()) continue;
    auto compiled = Condition(view, spec.title, column.when);
    if (!compiled) return tl::unexpected<Status>(compiled.error());
    condition = std::move(*compiled);
  }

  const auto zone = runtime::ZoneOf(program.calendar);
  std::map<Group, std::vector<std::uint64_t>> groups;
  std::vector<std::uint64_t> totals(conditions.size());
  for (std::uint32_t i = 0; i < view.stats().contacts; ++i) {
    const Contact& contact = *view.ContactAt(i);
    if (only && !view.Meets(contact, *only)) continue;
    auto& counts = groups[GroupOf(view, contact, *grouping, zone)];
    counts.resize(conditions.size());
    for (std::size_t c = 0; c < conditions.size(); ++c) {
      if (conditions[c] && !view.Meets(contact, *conditions[c])) continue;
      ++counts[c];
      ++totals[c];
    }
  }

  Table table(std::move(headings));
  const auto row = [](std::string_view label, const std::vector<std::uint64_t>& counts) {
    std::vector<Cell> cells = {label};
    cells.insert(cells.end(), counts.begin(), counts.end());
    return cells;
  };
  for (const auto& [group, counts] : groups) table.Add(row(group.label, counts));
  if (spec.total) table.SetTotal(row("total", totals));
  return table;
}

Table AllContacts(const View& view) {
  const auto& program = view.program();
  std::vector<bool> used(program.properties.size());
  for (std::uint32_t i = 0; i < view.stats().contacts; ++i) {
    for (std::uint32_t slot = 0; slot < used.size(); ++slot) used[slot] = used[slot] || view.ContactAt(i)->IsSet(slot);
  }
  std::vector<std::string> headings = {"contact"};
  std::vector<std::uint32_t> slots, nodes;
  for (std::uint32_t slot = 0; slot < used.size(); ++slot) {
    if (!used[slot] || program.properties[slot].hidden || !program.properties[slot].declared) continue;
    slots.push_back(slot);
    headings.push_back(program.properties[slot].name);
  }
  for (std::uint32_t node = 0; node < program.nodes.size(); ++node) {
    if (program.nodes[node].kind != ir::NodeKind::kScore && program.nodes[node].kind != ir::NodeKind::kCounter) continue;
    nodes.push_back(node);
    headings.push_back(program.nodes[node].name);
  }
  Table table(std::move(headings));
  for (std::uint32_t i = 0; i < view.stats().contacts; ++i) {
    const Contact& contact = *view.ContactAt(i);
    std::vector<Cell> row = {contact.id()};
    for (const auto slot : slots) {
      const auto value = view.PropertyOf(contact, slot);
      row.emplace_back(value && value->set ? runtime::FormatValue(program, program.properties[slot].type, slot, *value) : std::string());
    }
    for (const auto node : nodes) row.emplace_back(view.NodeOf(contact, node));
    table.Add(std::move(row));
  }
  return table;
}

Table AllTasks(const View& view) {
  Table table({"created", "contact", "task", "for", "due", "priority"});
  constexpr std::string_view kPriorities[] = {"normal", "low", "high"};
  for (const auto& task : view.tasks()) {
    table.Add({TimeText(view.program(), task.created_at), NameOf(view, task.contact), task.title, task.assignee,
               task.due_at ? TimeText(view.program(), *task.due_at) : std::string(), kPriorities[task.priority]});
  }
  return table;
}

Table AllNotifications(const View& view) {
  Table table({"when", "contact", "to", "text"});
  for (const auto& notification : view.notifications()) {
    table.Add(
        {TimeText(view.program(), notification.created_at), NameOf(view, notification.contact), notification.recipient, notification.text});
  }
  return table;
}

}  // namespace stagecraft::cli
