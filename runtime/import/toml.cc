#include "runtime/import/toml.h"

#include <fmt/format.h>

#include <cctype>
#include <cstdint>
#include <optional>
#include <string>

#include "runtime/model/reasons.h"

namespace stagecraft::runtime {
namespace {

// Each dot of a key is a table in a table. They are taken down one in the other, and the stack has an end; the library bounds the other
// ways to nest.
constexpr std::uint32_t kDotsMax = 100;

std::optional<toml::source_region> LineWithManyDots(std::string_view text) {
  toml::source_position at{1, 1};
  std::uint32_t dots = 0;
  for (const char c : text) {
    if (c == '.' && ++dots > kDotsMax) return toml::source_region{at, at, nullptr};
    ++at.column;
    if (c != '\n') continue;
    at = {at.line + 1, 1};
    dots = 0;
  }
  return std::nullopt;
}

}  // namespace

Status WrongToml(std::string_view name, const toml::source_region& at, std::string_view message) {
  return {StatusCode::kInvalidArgument,
          reasons::kInvalidConfig,
          fmt::format("{}:{}:{}: {}", name, at.begin.line, at.begin.column, message),
          {}};
}

Result<toml::table> ParseToml(std::string_view name, std::string_view text) {
  if (text.size() > kTomlBytesMax) {
    return Fail(StatusCode::kInvalidArgument, reasons::kInvalidConfig,
                fmt::format("`{}` is larger than {} KiB, the most that is read", name, kTomlBytesMax >> 10U));
  }
  if (const auto at = LineWithManyDots(text)) {
    return tl::unexpected<Status>(WrongToml(name, *at, fmt::format("a line has more than {} dots; break it in two", kDotsMax)));
  }
  try {
    return toml::parse(text);
  } catch (const toml::parse_error& error) {
    std::string description(error.description());
    if (!description.empty()) description[0] = static_cast<char>(std::tolower(static_cast<unsigned char>(description[0])));
    return tl::unexpected<Status>(WrongToml(name, error.source(), "this is no TOML: " + description));
  }
}

}  // namespace stagecraft::runtime
