// The kind history: a script, and what it does as time goes by.
#include <algorithm>
#include <charconv>
#include <optional>
#include <sstream>
#include <stdexcept>

#include "dsl/compile.h"
#include "dsl/support/text.h"
#include "runtime/exec/calendar.h"
#include "tests/language/cases.h"
#include "tests/support/simulation.h"

namespace stagecraft::tests {
namespace {

using namespace runtime;  // NOLINT(google-build-using-namespace): a player is made of its types

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
      if (records[i].kind == RecordKind::kCompany) lines.push_back(simulation_.contacts()[records[i].contact].id() + ":");
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

// The steps with what each really does. A script with errors gives these instead. Throws for what is no step, and when the state after
// a step is not what the journal says (FindFlaw).
std::string Replay(const std::string& script, const std::string& steps) {
  std::vector<Source> sources;
  sources.emplace_back("script.stage", script);
  const CompileResult compiled = Compile(std::move(sources));
  if (compiled.program == nullptr) return Describe(compiled.diagnostics, compiled.sources);
  Player player(compiled.program);
  std::string out;
  std::istringstream lines{steps};
  for (std::string line; std::getline(lines, line);) {
    if (line.empty() || line.starts_with("  ")) continue;
    if (!line.starts_with("> ")) throw std::invalid_argument("not a line of a history: " + line);
    out += line + "\n";
    for (const std::string& effect : player.Play(std::string_view(line).substr(2))) out += "  " + effect + "\n";
    if (const std::string flaw = player.Flaw(); !flaw.empty()) throw std::logic_error("after `" + line + "`: " + flaw);
  }
  return out;
}

}  // namespace

void AddHistoryKind(Kinds& kinds) {
  kinds["history"] = [](const LanguageCase& one) { return Replay(one.script, one.expected); };
}

}  // namespace stagecraft::tests
