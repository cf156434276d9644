#include "runtime/exec/read_value.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <optional>

#include "dsl/support/nearest.h"
#include "dsl/support/show.h"
#include "dsl/support/text.h"
#include "runtime/exec/calendar.h"
#include "runtime/exec/text_match.h"

namespace stagecraft::runtime {
namespace {

constexpr std::int64_t kNumberMax = 9'200'000'000'000;  // ir::Type::kNumber
constexpr std::size_t kOptionsListedMax = 12;           // in a message
constexpr std::size_t kFoundBytesMax = 40;              // of the caller's text, in a message
constexpr int kDecimals = 6;

bool IsDigit(char c) { return c >= '0' && c <= '9'; }

std::string_view Trim(std::string_view text) {
  const std::size_t begin = text.find_first_not_of(" \t\r\n");
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(" \t\r\n") - begin + 1);
}

std::string Quote(std::string_view text) { return IsUtf8(text) ? "`" + CutBytes(text, kFoundBytesMax) + "`" : "text that is not UTF-8"; }

std::string Written(double number) {
  std::array<char, 32> text{};  // the shortest form of any double has 24 letters at most
  const auto [end, error] = std::to_chars(text.data(), text.data() + text.size(), number);
  return error == std::errc() ? std::string(text.data(), end) : "?";
}

std::string Found(const InputValue& input) {
  if (const auto* text = std::get_if<std::string_view>(&input)) return Quote(*text);
  if (std::holds_alternative<bool>(input)) return std::get<bool>(input) ? "`yes`" : "`no`";
  if (const auto* number = std::get_if<double>(&input)) return "the number `" + Written(*number) + "`";
  return "a time";
}

// Whatever its size.
bool IsNumber(const InputValue& input) {
  const auto* text = std::get_if<std::string_view>(&input);
  if (text == nullptr) return std::holds_alternative<double>(input);
  const std::string_view digits = Trim(*text);
  double number = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), number, std::chars_format::fixed);
  return end == digits.data() + digits.size() && error != std::errc::invalid_argument && std::isfinite(number);
}

std::string Expected(ir::Type type) {
  switch (type) {
    case ir::Type::kOption:
      return "one of its options";
    case ir::Type::kTruth:
      return "`yes` or `no`";
    case ir::Type::kNumber:
      return "a number, like `1200.5`";
    case ir::Type::kMoney:
      return "an amount, like `1200.50`";
    case ir::Type::kText:
      return "a text";
    case ir::Type::kUser:
      return "a user's e-mail address";
    case ir::Type::kDate:
      return "a date, like `2026-10-01`";
    case ir::Type::kTime:
      return "a time, like `2026-10-01T09:00:00Z`";
  }
  return {};
}

bool Refuse(const Wanted& wanted, const InputValue& input, std::string& problem) {
  std::string expected = Expected(wanted.type);
  const bool amount = wanted.type == ir::Type::kMoney;
  if (IsNumber(input) && (amount || wanted.type == ir::Type::kNumber)) {
    expected = std::string(amount ? "an amount" : "a number") + " from -9 200 000 000 000 to 9 200 000 000 000";
  }
  problem = "`" + std::string(wanted.name) + "` wants " + expected + ", found " + Found(input);
  return false;
}

bool SetNumber(std::int64_t number, Value& out) {
  out.set = true;
  out.number = number;
  out.text.clear();
  return true;
}

bool ReadOption(const Wanted& wanted, std::string_view text, Value& out, std::string& problem) {
  const std::vector<ir::Option>& options = *wanted.options;
  const auto matches = [&](const ir::Option& option) {
    return option.declared && (SameName(option.label, text) || SameName(option.internal_name, text));
  };
  const auto found = std::find_if(options.begin(), options.end(), matches);
  if (found != options.end()) return SetNumber(found - options.begin(), out);

  std::vector<std::string_view> names;
  for (const ir::Option& option : options) {
    if (option.declared) names.push_back(option.label);
  }
  problem = "`" + std::string(wanted.name) + "` has no option " + Quote(text);
  problem += "; the options are ";
  for (std::size_t i = 0; i < names.size() && i < kOptionsListedMax; ++i) problem.append(i == 0 ? "" : ", ").append(names[i]);
  if (names.size() > kOptionsListedMax) problem += ", …";
  if (const auto nearest = Nearest(text, names)) problem += "; did you mean `" + *nearest + "`?";
  return false;
}

std::optional<std::int64_t> ReadTruth(std::string_view text) {
  for (const std::string_view yes : {"yes", "true", "1", "y"}) {
    if (SameName(text, yes)) return 1;
  }
  for (const std::string_view no : {"no", "false", "0", "n"}) {
    if (SameName(text, no)) return 0;
  }
  return std::nullopt;
}

std::optional<std::int64_t> ReadDouble(double number) {
  if (!std::isfinite(number) || std::abs(number) > static_cast<double>(kNumberMax)) return std::nullopt;
  return std::llround(number * static_cast<double>(ir::kNumberScale));
}

// A time with an offset, or a local one (then in `zone`); a date alone is its beginning.
std::optional<Micros> ReadTime(std::string_view text, const absl::TimeZone& zone) {
  const absl::string_view given(text.data(), text.size());
  absl::Time time;
  if (absl::ParseTime(absl::RFC3339_full, given, &time, nullptr)) return absl::ToUnixMicros(time);
  std::string local(text);
  if (local.size() > 10 && local[10] == ' ') local[10] = 'T';
  absl::CivilSecond civil;
  if (!absl::ParseLenientCivilTime(local, &civil) || local.size() < 10) return std::nullopt;
  return MomentIn(zone, civil);
}

bool ReadText(const Wanted& wanted, std::string_view text, Value& out, std::string& problem) {
  const bool ascii = IsAscii(text);
  if (const auto bad = ascii ? std::nullopt : InvalidUtf8(text)) {
    problem = "`" + std::string(wanted.name) + "` wants text in UTF-8, found a byte that is not at position " + std::to_string(*bad + 1);
    return false;
  }
  if (text.size() > kTextBytesMax) {
    problem = "`" + std::string(wanted.name) + "` takes texts of at most " + std::to_string(kTextBytesMax) + " bytes, found " +
              std::to_string(text.size());
    return false;
  }
  out.set = true;
  out.number = 0;
  if (ascii) {
    out.text = text;
  } else {
    out.text = Nfc(text);
  }
  return true;
}

bool ReadGivenText(const Wanted& wanted, std::string_view given, Value& out, std::string& problem) {
  const std::string_view text = Trim(given);
  std::optional<std::int64_t> number;
  switch (wanted.type) {
    case ir::Type::kOption:
      return ReadOption(wanted, text, out, problem);
    case ir::Type::kText:
      return ReadText(wanted, given, out, problem);
    case ir::Type::kUser:
      return ReadText(wanted, text, out, problem);
    case ir::Type::kTruth:
      number = ReadTruth(text);
      break;
    case ir::Type::kNumber:
    case ir::Type::kMoney:
      number = ReadNumber(text);
      break;
    case ir::Type::kTime:
      number = ReadTime(text, ZoneOf(*wanted.calendar));
      break;
    case ir::Type::kDate: {
      const absl::TimeZone zone = ZoneOf(*wanted.calendar);
      if (const auto at = ReadTime(text, zone)) number = DateIn(zone, *at);
      break;
    }
  }
  return number ? SetNumber(*number, out) : Refuse(wanted, given, problem);
}

}  // namespace

std::optional<std::int64_t> ReadNumber(std::string_view text) {
  const bool negative = text.starts_with('-');
  if (negative || text.starts_with('+')) text.remove_prefix(1);
  const std::size_t point = std::min(text.find('.'), text.size());
  std::int64_t whole = 0;
  int digits = 0;
  int since_separator = -1;  // digits since the last thousands separator; -1: there was none
  for (std::size_t i = 0; i < point; ++i) {
    if (IsDigit(text[i])) {
      whole = whole * 10 + (text[i] - '0');
      if (whole > kNumberMax) return std::nullopt;
      ++digits;
      if (since_separator >= 0) ++since_separator;
      continue;
    }
    // Between groups of three digits: a comma, a space, or one of the two no-break spaces.
    const std::string_view rest = text.substr(i, point - i);
    const std::size_t width = rest.starts_with("\u00A0") ? 2 : rest.starts_with("\u202F") ? 3 : rest[0] == ',' || rest[0] == ' ' ? 1 : 0;
    if (width == 0 || digits == 0 || (since_separator >= 0 && since_separator != 3) || (since_separator < 0 && digits > 3))
      return std::nullopt;
    since_separator = 0;
    i += width - 1;
  }
  if (since_separator >= 0 && since_separator != 3) return std::nullopt;
  std::int64_t fraction = 0;
  std::int64_t unit = ir::kNumberScale;
  for (std::size_t i = point + 1; i < text.size(); ++i, ++digits) {
    if (!IsDigit(text[i])) return std::nullopt;
    const int place = static_cast<int>(i - point);
    if (place <= kDecimals) fraction += (text[i] - '0') * (unit /= 10);
    if (place == kDecimals + 1 && text[i] >= '5') ++fraction;
  }
  if (digits == 0) return std::nullopt;
  const std::int64_t millionths = whole * ir::kNumberScale + fraction;
  if (millionths > kNumberMax * ir::kNumberScale) return std::nullopt;
  return negative ? -millionths : millionths;
}

bool ReadValue(const Wanted& wanted, const InputValue& input, Value& out, std::string& problem) {
  if (std::holds_alternative<std::monostate>(input)) {
    out = Value{};
    return true;
  }
  if (const auto* text = std::get_if<std::string_view>(&input)) {
    if (text->empty()) {
      out = Value{};
      return true;
    }
    return ReadGivenText(wanted, *text, out, problem);
  }
  std::optional<std::int64_t> number;
  if (const auto* given = std::get_if<double>(&input);
      given != nullptr && (wanted.type == ir::Type::kNumber || wanted.type == ir::Type::kMoney)) {
    number = ReadDouble(*given);
  } else if (const auto* truth = std::get_if<bool>(&input); truth != nullptr && wanted.type == ir::Type::kTruth) {
    number = *truth ? 1 : 0;
  } else if (const auto* at = std::get_if<Micros>(&input); at != nullptr && wanted.type == ir::Type::kTime) {
    number = *at;
  } else if (at != nullptr && wanted.type == ir::Type::kDate) {
    number = DateIn(ZoneOf(*wanted.calendar), *at);
  }
  return number ? SetNumber(*number, out) : Refuse(wanted, input, problem);
}

}  // namespace stagecraft::runtime
