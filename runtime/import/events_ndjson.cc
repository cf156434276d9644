#include "runtime/import/events_ndjson.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>
#include <optional>
#include <utility>

#include "dsl/support/show.h"
#include "runtime/exec/read_value.h"
#include "runtime/import/moment.h"

namespace stagecraft::runtime {
namespace {

using Json = nlohmann::json;

// An event of 1000 fields is some tens of kilobytes.
constexpr std::size_t kLineBytesMax = 4U << 20;

struct Fault {
  std::string path, value, reason;
};

constexpr std::size_t kShownBytesMax = 60;

// Says what is wrong with a line before anything is made of it: what is not JSON, and a key that stands twice in its object, of which a
// reader would take one and lose the other. Nothing is thrown, since a file may hold millions of such lines.
class LineCheck final : public nlohmann::json_sax<Json> {
 public:
  static std::optional<Fault> Check(std::string_view line) {
    LineCheck check;
    Json::sax_parse(line, &check);
    return std::move(check.fault_);
  }

  bool null() override { return true; }
  bool boolean(bool /*value*/) override { return true; }
  bool number_integer(number_integer_t /*value*/) override { return true; }
  bool number_unsigned(number_unsigned_t /*value*/) override { return true; }
  bool number_float(number_float_t /*value*/, const string_t& /*text*/) override { return true; }
  bool string(string_t& /*value*/) override { return true; }
  bool binary(binary_t& /*value*/) override { return true; }
  bool start_array(std::size_t /*elements*/) override { return true; }
  bool end_array() override { return true; }

  bool start_object(std::size_t /*elements*/) override {
    objects_.push_back(keys_.size());
    return true;
  }

  bool key(string_t& name) override {
    keys_.push_back(std::move(name));
    return true;
  }

  bool end_object() override {
    const auto begin = keys_.begin() + static_cast<std::ptrdiff_t>(objects_.back());
    std::sort(begin, keys_.end());
    const auto twice = std::adjacent_find(begin, keys_.end());
    if (twice != keys_.end()) {
      fault_ = Fault{CutBytes(*twice, kShownBytesMax), "", "this key stands twice in the same object; say it once"};
      return false;
    }
    keys_.erase(begin, keys_.end());
    objects_.pop_back();
    return true;
  }

  bool parse_error(std::size_t column, const std::string& /*token*/, const nlohmann::detail::exception& error) override {
    constexpr int kNumberTooLarge = 406;
    fault_ =
        Fault{"", "",
              error.id == kNumberTooLarge ? "a number in it is too large; expected one below 10^308"
                                          : fmt::format("not JSON: something is wrong at column {}; expected one object a line", column)};
    return false;
  }

 private:
  std::optional<Fault> fault_;
  std::vector<std::string> keys_;     // of the objects that are open
  std::vector<std::size_t> objects_;  // those that are open: where their keys begin
};

std::string Shown(const Json& value) {
  // Printing descends into what is nested, however deep.
  const bool nested =
      value.is_structured() && std::any_of(value.begin(), value.end(), [](const Json& held) { return held.is_structured(); });
  if (nested) return value.is_array() ? "[…]" : "{…}";
  const auto text = value.is_string() ? value.get<std::string>() : value.dump(-1, ' ', false, Json::error_handler_t::replace);
  return CutBytes(text, kShownBytesMax);
}

std::optional<Fault> ReadText(const std::string& key, const Json& value, std::string& out) {
  if (!value.is_string()) return Fault{key, Shown(value), "expected a text in quotes"};
  out = value.get<std::string>();
  return std::nullopt;
}

std::optional<Fault> ReadTime(const std::string& key, const Json& value, Micros& out) {
  constexpr std::string_view kExpected = "expected a time with its offset, such as `2026-10-05T09:14:00Z`";
  std::string text;
  if (auto fault = ReadText(key, value, text)) return Fault{key, fault->value, std::string(kExpected)};
  const auto moment = MomentReader().Read(text);
  const bool has_offset = !text.empty() && text.size() > 10 && text.find_first_of("Zz+-", 10) != std::string::npos;
  if (!moment || !moment->has_time || !has_offset) return Fault{key, text, std::string(kExpected)};
  out = moment->at;
  return std::nullopt;
}

std::optional<Fault> ReadInputs(const std::string& key, const Json& value, std::vector<OwnedInput>& out) {
  if (!value.is_object()) return Fault{key, Shown(value), "expected an object, such as `{\"status\": \"New\"}`"};
  for (const auto& [name, held] : value.items()) {
    OwnedInput input{name, std::monostate()};
    if (held.is_string()) {
      input.value = held.get<std::string>();
    } else if (held.is_boolean()) {
      input.value = held.get<bool>();
    } else if (held.is_number()) {
      input.value = held.get<double>();
    } else if (!held.is_null()) {
      return Fault{key + "." + name, Shown(held), "expected a text, a number, true, false or null"};
    }
    out.push_back(std::move(input));
  }
  return std::nullopt;
}

constexpr std::array<std::string_view, 9> kKeys = {"id",         "contact",           "type",      "occurred_at", "actor", "fields",
                                                   "properties", "create_if_missing", "created_at"};

std::optional<Fault> ReadKey(const std::string& key, const Json& value, OwnedEvent& event) {
  if (key == "id") return ReadText(key, value, event.id);
  if (key == "contact") return ReadText(key, value, event.contact);
  if (key == "type") return ReadText(key, value, event.type);
  if (key == "actor") return ReadText(key, value, event.actor);
  if (key == "occurred_at") return ReadTime(key, value, event.occurred_at);
  if (key == "created_at") return ReadTime(key, value, event.created_at);
  if (key == "fields") return ReadInputs(key, value, event.fields);
  if (key == "properties") return ReadInputs(key, value, event.properties);
  if (key == "create_if_missing") {
    if (!value.is_boolean()) return Fault{key, Shown(value), "expected true or false"};
    event.create = value.get<bool>() ? CreateMode::kCreateIfMissing : CreateMode::kMustExist;
    return std::nullopt;
  }
  return Fault{key, "", fmt::format("unknown key; the keys are {}", fmt::join(kKeys, ", "))};
}

std::optional<Fault> ReadEvent(const Json& object, OwnedEvent& event) {
  if (!object.is_object())
    return Fault{"", Shown(object), "expected an object, such as `{\"contact\": …, \"type\": …, \"occurred_at\": …}`"};
  for (const auto& [key, value] : object.items()) {
    if (auto fault = ReadKey(key, value, event)) return fault;
  }
  constexpr std::pair<const char*, const char*> kNeeded[] = {{"contact", "whose it is, by the contact's id"},
                                                             {"type", "what happened, such as `email sent`"},
                                                             {"occurred_at", "when it happened, such as `2026-10-01T09:00:00Z`"}};
  for (const auto& [key, what] : kNeeded) {
    if (!object.contains(key)) return Fault{key, "", fmt::format("the event has no `{}`; say {}", key, what)};
  }
  return std::nullopt;
}

}  // namespace

void EventsNdjson::Feed(std::string_view bytes) {
  for (auto end = bytes.find('\n'); end != std::string_view::npos; end = bytes.find('\n')) {
    if (rest_.empty()) {
      Line(bytes.substr(0, end));
    } else {
      rest_.append(bytes.substr(0, end));
      Line(std::exchange(rest_, {}));
    }
    bytes.remove_prefix(end + 1);
  }
  // One byte too many is enough to tell later that the line was too long.
  rest_.append(bytes.substr(0, kLineBytesMax + 1 - std::min(rest_.size(), kLineBytesMax + 1)));
}

void EventsNdjson::Finish() {
  if (!rest_.empty()) Line(std::exchange(rest_, {}));
}

void EventsNdjson::Line(std::string_view line) {
  ++line_;
  if (line_ == 1 && line.substr(0, 3) == "\xEF\xBB\xBF") line.remove_prefix(3);
  if (line.find_first_not_of(" \t\r") == std::string_view::npos) return;
  if (line.size() > kLineBytesMax) {
    problems_.push_back({line_, 0, "", "", "the line is longer than 4 MiB; expected one event a line"});
    return;
  }
  OwnedEvent event;
  std::optional<Fault> fault = LineCheck::Check(line);
  if (!fault) fault = ReadEvent(Json::parse(line), event);
  if (fault) {
    problems_.push_back({line_, 0, std::move(fault->path), std::move(fault->value), std::move(fault->reason)});
    return;
  }
  if (event.id.empty()) event.id = HashedId("line-", std::array<std::string_view, 1>{line});
  event.line = line_;
  events_.push_back(std::move(event));
}

std::vector<OwnedEvent> EventsNdjson::TakeEvents() { return std::exchange(events_, {}); }
std::vector<ImportProblem> EventsNdjson::TakeProblems() { return std::exchange(problems_, {}); }

}  // namespace stagecraft::runtime
