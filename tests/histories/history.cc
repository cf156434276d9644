#include "tests/histories/history.h"

#include <algorithm>
#include <charconv>
#include <optional>
#include <sstream>
#include <stdexcept>

#include "dsl/compile.h"
#include "dsl/support/text.h"
#include "runtime/exec/calendar.h"
#include "tests/support/simulation.h"

namespace stagecraft::runtime {
namespace {

constexpr Micros kStart = 1'790'845'200'000'000;  // 2026-10-01 09:00 UTC

std::string_view Trim(std::string_view text) {
  const std::size_t begin = text.find_first_not_of(' ');
  return begin == std::string_view::npos ? std::string_view() : text.substr(begin, text.find_last_not_of(' ') - begin + 1);
}

std::vector<std::string_view> Split(std::string_view text, char separator) {
  std::vector<std::string_view> parts;
  for (std::size_t end = text.find(separator); end != std::string_view::npos; end = text.find(separator)) {
    parts.push_back(Trim(text.substr(0, end)));
    text.remove_prefix(end + 1);
  }
  parts.push_back(Trim(text));
  return parts;
}

// "2 hours" in microseconds.
Micros ParseDuration(std::string_view text) {
  Micros count = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), count);
  const std::string_view unit = Trim(text.substr(static_cast<std::size_t>(end - text.data())));
  constexpr std::pair<std::string_view, Micros> kUnits[] = {
      {"second", 1}, {"minute", 60}, {"hour", 3600}, {"day", 86'400}, {"week", 604'800}};
  for (const auto& [name, seconds] : kUnits) {
    if (error == std::errc() && (unit == name || unit == std::string(name) + "s")) return count * seconds * 1'000'000;
  }
  throw std::invalid_argument("not a duration: " + std::string(text));
}

class Player {
 public:
  explicit Player(std::shared_ptr<const ir::Program> program) : simulation_(std::move(program), kStart) {}

  std::string Flaw() const { return FindFlaw(simulation_); }

  std::vector<std::string> Play(std::string_view step) {
    const std::size_t before = simulation_.records().size();
    std::vector<std::string> lines;
    if (step.starts_with("wait until ")) {
      simulation_.AdvanceTo(ParseTime(step.substr(11)));
    } else if (step.starts_with("wait ")) {
      simulation_.AdvanceTo(simulation_.now() + ParseDuration(step.substr(5)));
    } else if (step.starts_with("show ")) {
      return {Show(step.substr(5))};
    } else if (const Status status = Apply(step); !status.ok()) {
      lines.push_back("! " + status.reason + ": " + status.message);
      return lines;
    }
    const std::vector<Record>& records = simulation_.records();
    for (std::size_t i = before; i < records.size(); ++i) {
      if (records[i].kind == RecordKind::kTimer && !records[i].effects.empty())
        lines.push_back("at " + FormatTime(records[i].occurred_at) + ":");
      for (std::string& line : DescribeEffects(simulation_.program(), records[i])) lines.push_back(std::move(line));
    }
    return lines;
  }

 private:
  std::string FormatTime(Micros at) const { return FormatValue(simulation_.program(), ir::Type::kTime, 0, {true, at, {}}); }

  Micros ParseTime(std::string_view text) const {
    const ir::Program& program = simulation_.program();
    absl::Time time;
    if (!absl::ParseTime("%Y-%m-%d %H:%M", std::string(text), ZoneOf(program.calendar), &time, nullptr)) {
      throw std::invalid_argument("not a time: " + std::string(text));
    }
    return absl::ToUnixMicros(time);
  }

  static InputValue ParseValue(std::string_view text) {
    if (text == "unset") return std::monostate{};
    return text;
  }

  Status Apply(std::string_view step) {
    const std::vector<std::string_view> parts = Split(step, '|');
    const std::size_t space = parts[0].find(' ');
    const std::string id = "event " + std::to_string(++events_);
    EventInput input;
    input.id = id;
    input.contact = parts[0].substr(0, space);
    input.type = Trim(parts[0].substr(space));
    input.occurred_at = simulation_.now();
    std::vector<NamedInput> fields, properties;
    for (std::size_t i = 1; i < parts.size(); ++i) {
      const std::string_view part = parts[i];
      if (part.starts_with("at ")) {
        input.occurred_at = ParseTime(part.substr(3));
      } else if (part.ends_with(" late")) {
        input.occurred_at = simulation_.now() - ParseDuration(part.substr(0, part.size() - 5));
      } else if (const std::size_t equals = part.find(" = "); equals != std::string_view::npos) {
        properties.push_back({part.substr(0, equals), ParseValue(part.substr(equals + 3))});
      } else if (const std::size_t colon = part.find(": "); colon != std::string_view::npos) {
        fields.push_back({part.substr(0, colon), ParseValue(part.substr(colon + 2))});
      } else {
        throw std::invalid_argument("not a part of an event: " + std::string(part));
      }
    }
    input.fields = fields;
    input.properties = properties;
    return simulation_.Apply(input);
  }

  std::string Show(std::string_view text) const {
    const std::size_t space = text.find(' ');
    const Contact* contact = simulation_.Find(text.substr(0, space));
    if (contact == nullptr) return "no such contact";
    std::string line;
    for (const std::string_view name : Split(text.substr(space), ',')) {
      if (!line.empty()) line += ", ";
      line.append(name).append(" ").append(ValueOf(*contact, name));
    }
    return line;
  }

  std::string ValueOf(const Contact& contact, std::string_view name) const {
    const ir::Program& program = simulation_.program();
    const std::string key = FoldCase(name);
    if (const auto found = program.property_names.find(key); found != program.property_names.end()) {
      const std::uint32_t slot = found->second;
      return contact.IsSet(slot) ? FormatValue(program, program.properties[slot].type, slot, contact.Get(slot)) : "unset";
    }
    if (const auto found = program.node_names.find(key); found != program.node_names.end()) {
      const bool is_list = program.nodes[found->second].kind == ir::NodeKind::kList;
      const std::int64_t value = contact.derived[found->second];
      return is_list ? (value != 0 ? "in" : "out") : std::to_string(value);
    }
    if (const auto found = program.list_slots.find(key); found != program.list_slots.end())
      return contact.IsSet(found->second) ? "in" : "out";
    return "?";
  }

  Simulation simulation_;
  int events_ = 0;
};

}  // namespace

std::vector<HistoryCase> ParseHistories(std::string_view file) {
  enum class Part { kTitle, kScript, kSteps } part = Part::kSteps;
  std::vector<HistoryCase> cases;
  std::istringstream lines{std::string(file)};
  for (std::string line; std::getline(lines, line);) {
    if (part == Part::kScript) {
      if (line == "----") {
        part = Part::kSteps;
      } else {
        cases.back().script += line + "\n";
      }
    } else if (line.starts_with("#")) {
      if (part == Part::kSteps) cases.emplace_back();
      part = Part::kTitle;
      cases.back().title += line + "\n";
    } else if (part == Part::kTitle && line == "script") {
      part = Part::kScript;
    } else if (part == Part::kSteps && line.starts_with("> ")) {
      cases.back().steps.push_back({line.substr(2), {}});
    } else if (part == Part::kSteps && line.starts_with("  ") && !cases.empty() && !cases.back().steps.empty()) {
      cases.back().steps.back().output.push_back(line.substr(2));
    } else if (!line.empty()) {
      throw std::invalid_argument("not a line of a history: " + line);
    }
  }
  return cases;
}

std::string PrintHistories(const std::vector<HistoryCase>& cases) {
  std::string out;
  for (const HistoryCase& history : cases) {
    if (!out.empty()) out += '\n';
    out += history.title + "script\n" + history.script + "----\n";
    for (const HistoryStep& step : history.steps) {
      out += "> " + step.text + "\n";
      for (const std::string& line : step.output) out += "  " + line + "\n";
    }
  }
  return out;
}

HistoryCase Replay(const HistoryCase& history) {
  HistoryCase replayed = history;
  std::vector<Source> sources;
  sources.emplace_back("test.stage", history.script);
  const CompileResult compiled = Compile(std::move(sources));
  if (compiled.program == nullptr) {
    std::string problems;
    for (const Diagnostic& diagnostic : compiled.diagnostics) problems += CodeName(diagnostic.code) + " " + diagnostic.message + "\n";
    throw std::invalid_argument("the script has errors:\n" + problems);
  }
  Player player(compiled.program);
  for (HistoryStep& step : replayed.steps) {
    step.output = player.Play(step.text);
    if (const std::string flaw = player.Flaw(); !flaw.empty()) throw std::logic_error("after `" + step.text + "`: " + flaw);
  }
  return replayed;
}

}  // namespace stagecraft::runtime
