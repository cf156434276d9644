#include "server/log/log_format.h"

#include <absl/time/time.h>

#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

#include "dsl/support/show.h"
#include "server/log/log_line.h"

namespace stagecraft::server {
namespace {

constexpr std::string_view kMarks("\x1E\x1D");
static_assert(kMarks[0] == kValueMark && kMarks[1] == kNumberMark);

std::string TimeOf(const spdlog::details::log_msg& line) {
  return absl::FormatTime("%Y-%m-%dT%H:%M:%E3SZ", absl::FromChrono(line.time), absl::UTCTimeZone());
}

std::string LevelOf(const spdlog::details::log_msg& line) {
  const auto name = spdlog::level::to_string_view(line.level);
  return {name.data(), name.size()};
}

// The part up to the next field, which is taken off.
std::string_view TakePart(std::string_view& rest) {
  const std::string_view part = rest.substr(0, rest.find(kFieldMark));
  rest.remove_prefix(part.size() == rest.size() ? part.size() : part.size() + 1);
  return part;
}

class LineFormatter final : public spdlog::formatter {
 public:
  explicit LineFormatter(LogFormat format) : format_(format) {}

  void format(const spdlog::details::log_msg& line, spdlog::memory_buf_t& out) override {
    const std::string text = format_ == LogFormat::kJson ? JsonOf(line) : TextOf(line);
    out.append(text.data(), text.data() + text.size());
    out.push_back('\n');
  }
  std::unique_ptr<spdlog::formatter> clone() const override { return std::make_unique<LineFormatter>(format_); }

 private:
  static std::string TextOf(const spdlog::details::log_msg& line) {
    std::string_view rest(line.payload.data(), line.payload.size());
    std::string text = TimeOf(line) + " " + LevelOf(line) + " " + OneLine(TakePart(rest));
    while (!rest.empty()) {
      std::string field(TakePart(rest));
      if (const auto mark = field.find_first_of(kMarks); mark != std::string::npos) field[mark] = '=';
      text += " " + OneLine(field);
    }
    return text;
  }

  static std::string JsonOf(const spdlog::details::log_msg& line) {
    std::string_view rest(line.payload.data(), line.payload.size());
    nlohmann::ordered_json json = {{"time", TimeOf(line)}, {"level", LevelOf(line)}, {"message", std::string(TakePart(rest))}};
    while (!rest.empty()) {
      const std::string_view field = TakePart(rest);
      const auto mark = field.find_first_of(kMarks);
      if (mark == std::string_view::npos) continue;
      auto& value = json[std::string(field.substr(0, mark))];
      const std::string text(field.substr(mark + 1));
      if (field[mark] == kNumberMark) {
        value = std::stoll(text);  // as LogLine writes them
      } else {
        value = text;
      }
    }
    return json.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace);
  }

  LogFormat format_;
};

}  // namespace

std::unique_ptr<spdlog::formatter> NewLogFormatter(LogFormat format) { return std::make_unique<LineFormatter>(format); }

}  // namespace stagecraft::server
