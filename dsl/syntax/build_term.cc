#include <chrono>
#include <limits>

#include "dsl/support/text.h"
#include "dsl/syntax/build.h"

namespace stagecraft::syntax {

namespace {

constexpr std::int64_t kScale = 1'000'000;  // millionths, as ir::kNumberScale
constexpr int kDecimalPlaces = 6;
constexpr std::int64_t kWholeMax = 9'200'000'000'000;

// Digits and perhaps a point and a sign, in millionths; nothing when that cannot be kept exactly.
std::optional<std::int64_t> Millionths(std::string_view text) {
  const bool negative = !text.empty() && text.front() == '-';
  if (!text.empty() && (text.front() == '-' || text.front() == '+')) text.remove_prefix(1);
  const std::size_t point = text.find('.');
  std::int64_t whole = 0;
  for (const char digit : text.substr(0, point)) {
    whole = whole * 10 + (digit - '0');
    if (whole > kWholeMax) return std::nullopt;
  }
  std::int64_t millionths = 0;
  std::int64_t unit = kScale;
  if (point != std::string_view::npos) {
    for (const char digit : text.substr(point + 1)) {
      unit /= 10;
      if (unit == 0 && digit != '0') return std::nullopt;
      millionths += (digit - '0') * unit;
    }
  }
  if (whole == kWholeMax && millionths > 0) return std::nullopt;
  const std::int64_t value = whole * kScale + millionths;
  return negative ? -value : value;
}

Term NumberTerm(Children& children, Term::Kind kind, std::string_view digits) {
  Term term{kind, std::string(children.builder().TextOf(children.span())), 0, children.span()};
  if (const auto number = Millionths(digits)) {
    term.number = *number;
  } else {
    term.number = kScale;  // stands in for it: a small number of which there is nothing more to say
    children.builder().Report(
        Code::kInvalidNumber, children.span(), "`" + term.text + "` cannot be kept exactly", "too long",
        {"a number has up to " + std::to_string(kDecimalPlaces) + " decimal places and is at most 9 200 000 000 000"});
  }
  return term;
}

int TwoDigits(std::string_view text, std::size_t at) { return (text[at] - '0') * 10 + (text[at + 1] - '0'); }

}  // namespace

Term BuildWord(Children& children) { return {Term::Kind::kWord, Nfc(children.builder().TextOf(children.span())), 0, children.span()}; }

Term BuildText(Children& children) {
  const Span span = children.span();
  std::string_view raw = children.builder().TextOf(span);
  raw = raw.substr(1, raw.size() - 2);
  std::string content;
  content.reserve(raw.size());
  for (std::size_t i = 0; i < raw.size(); ++i) {
    if (raw[i] != '\\') {
      content += raw[i];
      continue;
    }
    const std::size_t escape = i++;
    switch (raw[i]) {
      case '"':
      case '\\':
        content += raw[i];
        break;
      case 'n':
        content += '\n';
        break;
      case 't':
        content += '\t';
        break;
      default: {
        const std::size_t bytes = DecodeFirst(raw.substr(i)).bytes;
        const Span place = children.builder().SpanOf(span.begin + 1 + escape, span.begin + 1 + i + bytes);
        children.builder().Report(Code::kUnknownEscape, place,
                                  "unknown escape `" + std::string(children.builder().TextOf(place)) + "` in a text", "not an escape",
                                  {"the escapes are `\\\"`, `\\\\`, `\\n` and `\\t`"});
        i += bytes - 1;
      }
    }
  }
  return {Term::Kind::kText, Nfc(content), 0, span};
}

Term BuildNumber(Children& children) { return NumberTerm(children, Term::Kind::kNumber, children.builder().TextOf(children.span())); }

Term BuildPercent(Children& children) {
  std::string_view digits = children.builder().TextOf(children.span());
  digits.remove_suffix(1);
  return NumberTerm(children, Term::Kind::kPercent, digits);
}

Term BuildDate(Children& children) {
  const std::string_view text = children.builder().TextOf(children.span());
  const std::chrono::year_month_day day{std::chrono::year{TwoDigits(text, 0) * 100 + TwoDigits(text, 2)},
                                        std::chrono::month{static_cast<unsigned>(TwoDigits(text, 5))},
                                        std::chrono::day{static_cast<unsigned>(TwoDigits(text, 8))}};
  if (!day.ok() || day.year() == std::chrono::year{0}) {
    children.builder().Report(Code::kInvalidDate, children.span(), "there is no date `" + std::string(text) + "`", "not in the calendar",
                              {"dates are written year-month-day"});
  }
  return {Term::Kind::kDate, std::string(text), 0, children.span()};
}

Term BuildClockTime(Children& children) {
  const std::string_view text = children.builder().TextOf(children.span());
  const std::size_t colon = text.find(':');
  const int hour = colon == 1 ? text[0] - '0' : TwoDigits(text, 0);
  const int minute = TwoDigits(text, colon + 1);
  if (minute > 59 || hour > 24 || (hour == 24 && minute > 0)) {
    children.builder().Report(Code::kInvalidDate, children.span(), "there is no time of day `" + std::string(text) + "`",
                              "not on the clock", {"times of day go from `00:00` to `24:00`"});
  }
  return {Term::Kind::kClock, std::string(text), (hour * 60 + minute) * kScale, children.span()};
}

Term BuildPlaceholder(Children& children) {
  std::string_view name = children.builder().TextOf(children.span());
  name = name.substr(1, name.size() - 2);
  name = name.substr(0, name.find_last_not_of(" \t") + 1);
  return {Term::Kind::kPlaceholder, Nfc(name), 0, children.span()};
}

Phrase BuildPhrase(Children& children) { return {children.TakeAll<Term>(), children.span()}; }

Duration BuildDuration(Children& children) {
  const Term amount = children.Need<Term>();
  const Term unit = children.Need<Term>(Role::kUnit);
  return {amount.number, children.Has(Role::kBusiness), unit.text, children.span(), unit.span};
}

Days BuildDays(Children& children) { return {children.TakeAll<Phrase>(), children.Take<Term>(Role::kDayOfMonth), children.span()}; }

Range BuildRange(Children& children) {
  std::vector<Term> ends = children.TakeAll<Term>();
  return {std::move(ends.at(0)), std::move(ends.at(1))};
}

}  // namespace stagecraft::syntax
