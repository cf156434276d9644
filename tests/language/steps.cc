#include "tests/language/steps.h"

#include <charconv>
#include <sstream>
#include <stdexcept>

#include "dsl/support/text.h"
#include "runtime/exec/calendar.h"
#include "runtime/exec/resolve.h"

namespace stagecraft::tests {

namespace {

using namespace runtime;  // NOLINT(google-build-using-namespace): a step is made of its types

InputValue ReadValue(std::string_view text) {
  if (text == "unset") return std::monostate{};
  return text;
}

std::string ValueOf(const ir::Program& program, const Contact& contact, std::string_view name) {
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

}  // namespace

std::string_view TrimBlanks(std::string_view text) {
  const std::size_t begin = text.find_first_not_of(' ');
  return begin == std::string_view::npos ? std::string_view() : text.substr(begin, text.find_last_not_of(' ') - begin + 1);
}

std::vector<std::string_view> SplitAt(std::string_view text, char separator) {
  std::vector<std::string_view> parts;
  for (std::size_t end = text.find(separator); end != std::string_view::npos; end = text.find(separator)) {
    parts.push_back(TrimBlanks(text.substr(0, end)));
    text.remove_prefix(end + 1);
  }
  parts.push_back(TrimBlanks(text));
  return parts;
}

Micros ReadDuration(std::string_view text) {
  Micros count = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), count);
  const std::string_view unit = TrimBlanks(text.substr(static_cast<std::size_t>(end - text.data())));
  constexpr std::pair<std::string_view, Micros> kUnits[] = {
      {"second", 1}, {"minute", 60}, {"hour", 3600}, {"day", 86'400}, {"week", 604'800}};
  for (const auto& [name, seconds] : kUnits) {
    if (error == std::errc() && (unit == name || unit == std::string(name) + "s")) return count * seconds * 1'000'000;
  }
  throw std::invalid_argument("not a duration: " + std::string(text));
}

Micros ReadTime(const ir::Program& program, std::string_view text) {
  absl::Time time;
  if (!absl::ParseTime("%Y-%m-%d %H:%M", std::string(text), ZoneOf(program.calendar), &time, nullptr)) {
    throw std::invalid_argument("not a time: " + std::string(text));
  }
  return absl::ToUnixMicros(time);
}

EventStep ReadEvent(const ir::Program& program, Micros now, std::string_view step) {
  const std::vector<std::string_view> parts = SplitAt(step, '|');
  const std::size_t space = parts[0].find(' ');
  if (space == std::string_view::npos) throw std::invalid_argument("not a step: " + std::string(step));
  EventStep event{parts[0].substr(0, space), TrimBlanks(parts[0].substr(space)), {}, now, {}, {}};
  for (std::size_t i = 1; i < parts.size(); ++i) {
    const std::string_view part = parts[i];
    if (part.starts_with("at ")) {
      event.occurred_at = ReadTime(program, part.substr(3));
    } else if (part.starts_with("as ")) {
      event.id = part.substr(3);
    } else if (part.ends_with(" late")) {
      event.occurred_at = now - ReadDuration(part.substr(0, part.size() - 5));
    } else if (const std::size_t equals = part.find(" = "); equals != std::string_view::npos) {
      event.properties.push_back({part.substr(0, equals), ReadValue(part.substr(equals + 3))});
    } else if (const std::size_t colon = part.find(": "); colon != std::string_view::npos) {
      event.fields.push_back({part.substr(0, colon), ReadValue(part.substr(colon + 2))});
    } else {
      throw std::invalid_argument("not a part of an event: " + std::string(part));
    }
  }
  return event;
}

std::string ShowTime(const ir::Program& program, Micros at) { return FormatValue(program, ir::Type::kTime, 0, {true, at, {}}); }

std::string ShowContact(const ir::Program& program, const Contact* contact, std::string_view names) {
  if (contact == nullptr) return "no such contact";
  std::string line;
  for (const std::string_view name : SplitAt(names, ',')) {
    if (!line.empty()) line += ", ";
    line.append(name).append(" ").append(ValueOf(program, *contact, name));
  }
  return line;
}

std::string PlaySteps(const std::string& steps, const std::function<std::vector<std::string>(std::string_view step)>& play) {
  std::string out;
  std::istringstream lines{steps};
  for (std::string line; std::getline(lines, line);) {
    if (line.empty() || line.starts_with("  ")) continue;
    if (!line.starts_with("> ")) throw std::invalid_argument("not a line of a history: " + line);
    out += line + "\n";
    for (const std::string& below : play(std::string_view(line).substr(2))) out += "  " + below + "\n";
  }
  return out;
}

}  // namespace stagecraft::tests
