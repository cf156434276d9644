#include "runtime/import/moment.h"

#include <absl/time/civil_time.h>
#include <fmt/format.h>

#include <array>

namespace stagecraft::runtime {
namespace {

constexpr Micros kMicrosPerMinute = 60'000'000;

bool IsDigit(char c) { return c >= '0' && c <= '9'; }

// Reads from the left of a text, piece by piece.
class Scanner {
 public:
  explicit Scanner(std::string_view text) : rest_(text) {}

  bool done() const { return rest_.empty(); }
  char peek() const { return rest_.empty() ? '\0' : rest_.front(); }
  bool Take(char c) {
    if (peek() != c) return false;
    rest_.remove_prefix(1);
    return true;
  }
  // A number of `digits_min` to `digits_max` digits.
  std::optional<std::int64_t> Number(std::size_t digits_min, std::size_t digits_max, std::size_t* digits = nullptr) {
    std::size_t count = 0;
    std::int64_t number = 0;
    for (; count < rest_.size() && count < digits_max && IsDigit(rest_[count]); ++count) number = number * 10 + (rest_[count] - '0');
    if (count < digits_min || (count < rest_.size() && IsDigit(rest_[count]))) return std::nullopt;
    rest_.remove_prefix(count);
    if (digits != nullptr) *digits = count;
    return number;
  }

 private:
  std::string_view rest_;
};

struct Clock12 {
  std::int64_t hour = 0, minute = 0;
  Micros rest = 0;
};

// `09:14[:30[.5]]`, `2:30 PM`.
std::optional<Clock12> ReadClock(Scanner& in) {
  Clock12 clock;
  const auto hour = in.Number(1, 2);
  if (!hour || !in.Take(':')) return std::nullopt;
  const auto minute = in.Number(2, 2);
  if (!minute) return std::nullopt;
  if (in.Take(':')) {
    const auto second = in.Number(2, 2);
    if (!second || *second > 59) return std::nullopt;
    clock.rest = *second * 1'000'000;
    std::size_t digits = 0;
    if (in.Take('.')) {
      auto fraction = in.Number(1, 6, &digits);
      if (!fraction) return std::nullopt;
      for (; digits < 6; ++digits) *fraction *= 10;
      clock.rest += *fraction;
    }
  }
  clock.hour = *hour;
  clock.minute = *minute;
  while (in.Take(' ')) {}
  const char half = static_cast<char>(in.peek() | 0x20);
  if (half == 'a' || half == 'p') {
    if (clock.hour < 1 || clock.hour > 12) return std::nullopt;
    in.Take(in.peek());
    if (!in.Take('m') && !in.Take('M')) return std::nullopt;
    clock.hour = clock.hour % 12 + (half == 'p' ? 12 : 0);
  }
  if (clock.hour > 23 || clock.minute > 59) return std::nullopt;
  return clock;
}

// `Z`, `+09:00`, `-0530`; the offset east of UTC in minutes.
std::optional<std::int64_t> ReadOffset(Scanner& in) {
  if (in.Take('Z') || in.Take('z')) return 0;
  const bool west = in.peek() == '-';
  if (!in.Take('+') && !in.Take('-')) return std::nullopt;
  std::size_t digits = 0;
  auto hours = in.Number(2, 4, &digits);
  if (!hours || digits == 3) return std::nullopt;
  std::int64_t minutes = 0;
  if (digits == 4) {
    minutes = *hours % 100;
    *hours /= 100;
  } else if (in.Take(':')) {
    const auto read = in.Number(2, 2);
    if (!read) return std::nullopt;
    minutes = *read;
  }
  if (*hours > 14 || minutes > 59) return std::nullopt;
  const std::int64_t offset = *hours * 60 + minutes;
  return west ? -offset : offset;
}

}  // namespace

std::optional<DateOrder> ParseDateOrder(std::string_view pattern) {
  std::string letters;
  for (const char c : pattern) {
    const char upper = static_cast<char>(c >= 'a' && c <= 'z' ? c - 32 : c);
    if (upper == '-' || upper == '/' || upper == '.') continue;
    if (upper != 'D' && upper != 'M' && upper != 'Y') return std::nullopt;
    if (letters.empty() || letters.back() != upper) letters.push_back(upper);
  }
  if (letters == "DMY") return DateOrder::kDayMonthYear;
  if (letters == "MDY" || letters == "YMD") return DateOrder::kMonthDayYear;
  return std::nullopt;
}

std::optional<Moment> MomentReader::Read(std::string_view text) const {
  constexpr std::size_t kDigitsOfMillis = 11;  // from 1973 on; shorter numbers are years or something else
  Scanner whole(text);
  if (text.size() >= kDigitsOfMillis) {
    if (const auto millis = whole.Number(kDigitsOfMillis, 15); millis && whole.done()) {
      const auto civil = absl::ToCivilDay(absl::FromUnixMillis(*millis), absl::UTCTimeZone());
      return Moment{*millis * 1000, true, static_cast<std::int32_t>(civil.year()), civil.month(), civil.day()};
    }
  }
  Scanner in(text);
  std::size_t digits = 0;
  const auto first = in.Number(1, 4, &digits);
  const char separator = in.peek();
  if (!first || (separator != '-' && separator != '/' && separator != '.')) return std::nullopt;
  in.Take(separator);
  const auto second = in.Number(1, 2);
  if (!second || !in.Take(separator)) return std::nullopt;
  const bool year_first = digits == 4;
  const auto third = year_first ? in.Number(1, 2) : in.Number(4, 4);
  if (!third || (!year_first && digits > 2)) return std::nullopt;
  std::array<std::int64_t, 3> date{};
  if (year_first) {
    date = {*first, *second, *third};
  } else if (order_ == DateOrder::kDayMonthYear) {
    date = {*third, *second, *first};
  } else {
    date = {*third, *first, *second};
  }
  const absl::CivilDay day(date[0], date[1], date[2]);
  if (date[0] < 1 || day.month() != date[1] || day.day() != date[2]) return std::nullopt;
  Moment moment{0, false, static_cast<std::int32_t>(date[0]), static_cast<std::int32_t>(date[1]), static_cast<std::int32_t>(date[2])};
  if (in.done()) {
    moment.at = absl::ToUnixMicros(absl::FromCivil(day, zone_));
    return moment;
  }
  if (!in.Take('T') && !in.Take(' ')) return std::nullopt;
  while (in.Take(' ')) {}
  const auto clock = ReadClock(in);
  if (!clock) return std::nullopt;
  moment.has_time = true;
  const absl::CivilMinute minute(date[0], date[1], date[2], clock->hour, clock->minute);
  if (in.done()) {
    moment.at = absl::ToUnixMicros(absl::FromCivil(minute, zone_)) + clock->rest;
    return moment;
  }
  const auto offset = ReadOffset(in);
  if (!offset || !in.done()) return std::nullopt;
  moment.at = absl::ToUnixMicros(absl::FromCivil(minute, absl::UTCTimeZone())) + clock->rest - *offset * kMicrosPerMinute;
  return moment;
}

std::string FormatDate(const Moment& moment) { return fmt::format("{:04}-{:02}-{:02}", moment.year, moment.month, moment.day); }

}  // namespace stagecraft::runtime
