#include "runtime/exec/resolve.h"

#include <algorithm>
#include <array>
#include <charconv>

#include "dsl/support/nearest.h"
#include "dsl/support/show.h"
#include "dsl/support/text.h"
#include "runtime/exec/read_value.h"
#include "runtime/exec/text_match.h"
#include "runtime/model/reasons.h"

namespace stagecraft::runtime {
namespace {

constexpr std::size_t kIdBytesMax = 128;

// What is wrong with an event, as it is found: the first reason leads, every place is listed.
class Findings {
 public:
  void Add(Reason reason, std::string field, std::string description) {
    if (status_.ok()) {
      status_.code = StatusCode::kInvalidArgument;
      status_.reason = reason.text();
      status_.message = description;
    }
    status_.violations.push_back({std::move(field), std::move(description)});
  }
  Status Take() { return std::move(status_); }

 private:
  Status status_;
};

std::optional<std::uint32_t> Lookup(const std::unordered_map<std::string, std::uint32_t>& names, std::string_view name) {
  thread_local std::string key;
  key = Folded(name);
  const auto found = names.find(key);
  if (found == names.end()) return std::nullopt;
  return found->second;
}

// "; did you mean `X`?", or `otherwise` when nothing is near.
std::string Suggest(std::string_view name, const std::vector<std::string_view>& known, std::string_view otherwise) {
  const auto nearest = Nearest(name, known);
  return nearest ? "; did you mean `" + *nearest + "`?" : std::string(otherwise);
}

std::string Quoted(std::string_view text) {
  return !IsUtf8(text) ? std::string("that is not UTF-8") : "`" + CutBytes(text, kIdBytesMax) + "`";
}

void CheckEventId(std::string_view id, Findings& findings) {
  if (!id.empty() && id.size() <= kIdBytesMax && IsUtf8(id)) return;
  findings.Add(reasons::kInvalidEventId, "id", "an event's id is 1 to 128 bytes of UTF-8, found " + std::to_string(id.size()) + " bytes");
}

void CheckIds(const EventInput& input, Findings& findings) {
  CheckEventId(input.id, findings);
  const auto allowed = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || kContactIdMarks.find(c) != std::string_view::npos;
  };
  if (input.contact.empty() || input.contact.size() > kIdBytesMax) {
    findings.Add(reasons::kInvalidContactId, "contact",
                 "a contact's id is 1 to 128 characters, found " + std::to_string(input.contact.size()));
  } else if (!std::all_of(input.contact.begin(), input.contact.end(), allowed)) {
    findings.Add(reasons::kInvalidContactId, "contact",
                 "a contact's id has Latin letters, digits and the marks of an e-mail address (" + std::string(kContactIdMarks) +
                     ") only, found " + Quoted(input.contact));
  }
}

std::string DescribeUnknownEvent(const ir::Program& program, std::string_view type) {
  std::vector<std::string_view> known;
  for (const ir::Event& event : program.events) {
    if (!event.declared) continue;
    known.push_back(event.name);
    known.insert(known.end(), event.synonyms.begin(), event.synonyms.end());
  }
  return "there is no event " + Quoted(type) + Suggest(type, known, "; declare it with `event` in a script");
}

void ResolveField(const ir::Program& program, const ir::Event& event, const NamedInput& input, std::vector<RecordedField>& out,
                  Findings& findings) {
  std::uint32_t number = 0;
  while (number < event.fields.size() && !(event.fields[number].declared && SameName(event.fields[number].name, input.name))) ++number;
  const auto path = [&] { return "fields." + std::string(input.name); };
  if (number == event.fields.size()) {
    std::vector<std::string_view> known;
    for (const ir::Field& field : event.fields) {
      if (field.declared) known.push_back(field.name);
    }
    findings.Add(reasons::kUnknownField, path(),
                 "`" + event.name + "` has no field " + Quoted(input.name) + Suggest(input.name, known, ""));
    return;
  }
  const ir::Field& field = event.fields[number];
  Value value;
  std::string problem;
  if (!ReadValue({field.name, field.type, &field.options, &program.calendar}, input.value, value, problem)) {
    findings.Add(reasons::kInvalidValue, path(), std::move(problem));
    return;
  }
  const auto twice = [&](const RecordedField& other) { return other.field == number; };
  if (std::any_of(out.begin(), out.end(), twice)) findings.Add(reasons::kInvalidValue, path(), "`" + field.name + "` is given twice");
  if (value.set) out.push_back({number, std::move(value)});
}

std::string DescribeUnknownProperty(const ir::Program& program, std::string_view name) {
  std::vector<std::string_view> known;
  for (const ir::Property& property : program.properties) {
    if (!property.declared || property.hidden) continue;
    known.push_back(property.name);
    if (!property.internal_name.empty()) known.push_back(property.internal_name);
  }
  return "there is no property " + Quoted(name) + Suggest(name, known, "; declare it with `property` in a script");
}

bool ReadSlot(const ir::Program& program, std::uint32_t slot, const InputValue& input, Value& out, std::string& problem) {
  const ir::Property& property = program.properties[slot];
  return ReadValue({property.name, property.type, &property.options, &program.calendar}, input, out, problem);
}

bool IsKept(const ir::Program& program, std::uint32_t slot) {
  const ir::WellKnown& known = program.well_known;
  return slot == known.deal_stage || slot == known.deal_amount || slot == known.open_deals;
}

void AddChange(const ir::Program& program, const NamedInput& input, std::uint32_t slot, std::vector<ResolvedChange>& out,
               Findings& findings) {
  ResolvedChange& change = out.emplace_back();
  change.slot = slot;
  std::string problem;
  if (!ReadSlot(program, slot, input.value, change.value, problem)) {
    findings.Add(reasons::kInvalidValue, "properties." + std::string(input.name), std::move(problem));
  }
  const auto twice = [&](const ResolvedChange& other) { return other.slot == slot; };
  if (std::any_of(out.begin(), out.end() - 1, twice)) {
    findings.Add(reasons::kInvalidValue, "properties." + std::string(input.name), "`" + program.properties[slot].name + "` is given twice");
  }
}

// The name of the list whose membership is the property; nothing when it is another property.
std::optional<std::string_view> ListOf(std::string_view property) {
  const bool is_list = property.size() > ir::kListPrefix.size() && SameName(property.substr(0, ir::kListPrefix.size()), ir::kListPrefix);
  return is_list ? std::optional(property.substr(ir::kListPrefix.size())) : std::nullopt;
}

void ResolveMembership(const ir::Program& program, const NamedInput& input, std::string_view name, std::vector<ResolvedChange>& out,
                       Findings& findings) {
  std::vector<std::string_view> known;
  for (const ir::List& list : program.lists) {
    if (SameName(list.name, name) && list.by_hand) {
      AddChange(program, input, list.number, out, findings);
      // Who is out is in no list by hand, as if never added.
      if (out.back().value.number == 0) out.back().value = {};
      return;
    }
    if (list.by_hand) known.push_back(list.name);
    if (!SameName(list.name, name)) continue;
    findings.Add(reasons::kListByCondition, "properties." + std::string(input.name),
                 "who is in list " + Quoted(name) + " follows its condition; only lists `by hand` can be joined and left");
    return;
  }
  findings.Add(reasons::kListNotFound, "properties." + std::string(input.name),
               "there is no list " + Quoted(name) + Suggest(name, known, "; declare it with `list` in a script"));
}

void ResolveProperty(const ir::Program& program, const NamedInput& input, std::vector<ResolvedChange>& out, Findings& findings) {
  if (const std::optional<std::string_view> list = ListOf(input.name)) {
    ResolveMembership(program, input, *list, out, findings);
    return;
  }
  const std::optional<std::uint32_t> slot = Lookup(program.property_names, input.name);
  if (!slot || program.properties[*slot].hidden) {
    findings.Add(reasons::kUnknownProperty, "properties." + std::string(input.name), DescribeUnknownProperty(program, input.name));
    return;
  }
  if (IsKept(program, *slot)) {
    findings.Add(
        reasons::kUnknownProperty, "properties." + std::string(input.name),
        "`" + program.properties[*slot].name + "` follows the contact's deals and cannot be set; send `deal moved` or `deal updated`");
    return;
  }
  AddChange(program, input, *slot, out, findings);
}

// The priority by its word; nothing when it is none.
std::optional<std::uint8_t> PriorityOf(std::string_view word) {
  constexpr std::array<std::pair<std::string_view, ir::Priority>, 3> kPriorities = {
      {{"low", ir::Priority::kLow}, {"normal", ir::Priority::kNormal}, {"high", ir::Priority::kHigh}}};
  for (const auto& [name, priority] : kPriorities) {
    if (SameName(name, word)) return static_cast<std::uint8_t>(priority);
  }
  return std::nullopt;
}

// `tasks/4711`, `4711`
std::optional<std::int64_t> TaskIdOf(std::string_view text) {
  constexpr std::string_view kPrefix = "tasks/";
  if (text.starts_with(kPrefix)) text.remove_prefix(kPrefix.size());
  std::int64_t id = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), id);
  if (error != std::errc() || end != text.data() + text.size() || id <= 0) return std::nullopt;
  return id;
}

void ResolveTaskEvent(const ir::WellKnown::TaskEvent& known, const ir::Event& event, ResolvedEvent& out, Findings& findings) {
  using Kind = ir::WellKnown::TaskEvent::Kind;
  const auto find = [&](const std::optional<std::uint32_t>& number) -> const Value* {
    const auto found =
        std::find_if(out.fields.begin(), out.fields.end(), [&](const RecordedField& field) { return field.field == number; });
    return number && found != out.fields.end() ? &found->value : nullptr;
  };
  TaskRequest& request = out.task.emplace();
  request.kind = known.kind;
  if (known.kind == Kind::kCreated) {
    if (find(known.title) == nullptr)
      findings.Add(reasons::kInvalidValue, "fields.title", "`" + event.name + "` says what is to be done in `title`, which is missing");
  } else {
    const Value* task = find(known.task);
    const auto id = task == nullptr ? std::nullopt : TaskIdOf(task->text);
    if (!id) {
      findings.Add(reasons::kInvalidValue, "fields.task",
                   "`" + event.name + "` says which task in `task`, by its number (`tasks` lists them)" +
                       (task == nullptr ? std::string(", which is missing") : ", found " + Quoted(task->text)));
    }
    request.task.id = id.value_or(0);
  }
  if (known.kind != Kind::kCreated && known.kind != Kind::kChanged) return;
  if (const Value* title = find(known.title)) request.title = title->text;
  if (const Value* assignee = find(known.assignee)) request.assignee = assignee->text;
  if (const Value* due = find(known.due)) request.due_at = due->number;
  if (const Value* priority = find(known.priority)) {
    request.priority = PriorityOf(priority->text);
    if (!request.priority)
      findings.Add(reasons::kInvalidValue, "fields.priority", "a priority is `low`, `normal` or `high`, found " + Quoted(priority->text));
  }
  if (known.kind == Kind::kChanged) return;
  request.task.title = request.title.value_or(std::string());
  request.task.assignee = request.assignee.value_or(std::string());
  request.task.due_at = request.due_at;
  request.task.priority = request.priority.value_or(static_cast<std::uint8_t>(ir::Priority::kNormal));
}

void ResolveTask(const ir::Program& program, ResolvedEvent& out, Findings& findings) {
  out.task.reset();
  for (const ir::WellKnown::TaskEvent& known : program.well_known.task_events) {
    if (known.event == out.event) ResolveTaskEvent(known, program.events[out.event], out, findings);
  }
}

}  // namespace

Status ResolveTask(const ir::Program& program, ResolvedEvent& out) {
  Findings findings;
  ResolveTask(program, out, findings);
  return findings.Take();
}

Result<Value> ResolveValue(const ir::Program& program, std::uint32_t slot, const InputValue& input) {
  Value value;
  std::string problem;
  if (ReadSlot(program, slot, input, value, problem)) return value;
  const std::string field = "properties." + program.properties[slot].name;
  return Fail(StatusCode::kInvalidArgument, reasons::kInvalidValue, problem, {{field, problem}});
}

Status ResolveEvent(const ir::Program& program, const EventInput& input, Micros now, ResolvedEvent& out) {
  Findings findings;
  out.fields.clear();
  out.changes.clear();
  out.task.reset();
  out.occurred_at = input.occurred_at == 0 ? now : input.occurred_at;
  CheckIds(input, findings);
  const std::optional<std::uint32_t> event = Lookup(program.event_names, input.type);
  if (event) {
    out.event = *event;
    for (const NamedInput& field : input.fields) ResolveField(program, program.events[*event], field, out.fields, findings);
    ResolveTask(program, out, findings);
  } else {
    findings.Add(reasons::kUnknownEventType, "type", DescribeUnknownEvent(program, input.type));
  }
  for (const NamedInput& property : input.properties) ResolveProperty(program, property, out.changes, findings);
  return findings.Take();
}

Status ResolveCompany(const ir::Program& program, const EventInput& input, Micros now, ResolvedEvent& out) {
  Findings findings;
  out.fields.clear();
  out.changes.clear();
  out.occurred_at = input.occurred_at == 0 ? now : input.occurred_at;
  CheckEventId(input.id, findings);
  if (input.contact.empty() || input.contact.size() > kIdBytesMax || !IsUtf8(input.contact) ||
      input.contact.find('/') != std::string_view::npos) {
    findings.Add(reasons::kInvalidCompanyId, "company",
                 "a company's id is 1 to 128 bytes of UTF-8 without `/`, found " + Quoted(input.contact));
  }
  for (const NamedInput& property : input.properties) {
    if (ListOf(property.name)) {
      findings.Add(reasons::kUnknownProperty, "properties." + std::string(property.name), "contacts are in lists; companies are in none");
    } else {
      ResolveProperty(program, property, out.changes, findings);
    }
  }
  for (const ResolvedChange& change : out.changes) {
    const ir::Property& property = program.properties[change.slot];
    if (property.of_company) continue;
    findings.Add(reasons::kUnknownProperty, "properties." + property.name,
                 "`" + property.name + "` is a contact's own; companies have the properties that begin with `company`");
  }
  return findings.Take();
}

}  // namespace stagecraft::runtime
