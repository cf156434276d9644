#include "dsl/sema/test_values.h"

#include <utility>

#include "dsl/sema/days.h"
#include "dsl/sema/units.h"

namespace stagecraft::sema {
namespace {

using syntax::Term;

constexpr std::int64_t kMillion = 1'000'000;
constexpr std::int32_t kNineOClock = 9 * 60;

std::string ExampleOf(Type type) {
  switch (type) {
    case Type::kTruth:
      return "`yes` or `no`";
    case Type::kNumber:
    case Type::kMoney:
      return "a number such as `1200.5`";
    case Type::kDate:
      return "a date such as `2026-12-31`";
    case Type::kTime:
      return "a time such as `2026-12-31 09:00`";
    case Type::kUser:
      return "a user's e-mail address, in quotation marks";
    case Type::kText:
      return "a text, in quotation marks";
    case Type::kOption:
      return "one of its options";
  }
  return {};
}

// What a single term, or a date with a time behind it, gives to the type; nothing when it is of another one.
std::optional<std::string> Literal(Type type, Terms terms) {
  const Term& first = terms.front();
  const bool alone = terms.size() == 1;
  switch (type) {
    case Type::kTruth:
      if (alone && (IsWord(first, "yes") || IsWord(first, "no"))) return IsWord(first, "yes") ? "yes" : "no";
      return std::nullopt;
    case Type::kNumber:
    case Type::kMoney:
      if (alone && first.kind == Term::Kind::kNumber) return first.text;
      return std::nullopt;
    case Type::kText:
    case Type::kUser:
      if (alone && first.kind == Term::Kind::kText) return first.text;
      return std::nullopt;
    case Type::kDate:
      if (alone && first.kind == Term::Kind::kDate && ParseDate(first.text).has_value()) return first.text;
      return std::nullopt;
    case Type::kTime:
      if (first.kind != Term::Kind::kDate || !ParseDate(first.text).has_value() || terms.size() > 2) return std::nullopt;
      if (alone) return first.text;
      if (terms.back().kind == Term::Kind::kClock) return first.text + " " + terms.back().text;
      return std::nullopt;
    case Type::kOption:
      return std::nullopt;
  }
  return std::nullopt;
}

}  // namespace

std::optional<std::string> ReadTestValue(const Holder& holder, Terms terms, Span place, Names& names) {
  const std::string name(holder.name);
  if (terms.empty()) {
    if (holder.type == Type::kTruth) return "yes";
    Diagnostic& diagnostic = names.reporter().Report(Code::kNotAFact, place, Tick(name) + " is given without a value", "which value?");
    diagnostic.help.push_back("expected " + ExampleOf(holder.type) + " behind it");
    if (holder.options != nullptr) Reporter::AddChoices(diagnostic, "the options are", holder.options->Labels());
    return std::nullopt;
  }
  if (holder.type == Type::kOption) {
    const auto number = names.ResolveOption(*holder.options, holder.name, terms);
    if (!number.has_value()) return std::nullopt;
    const OptionSymbol& option = holder.options->options[*number];
    return option.internal_name.empty() ? option.label : option.internal_name;
  }
  if (auto literal = Literal(holder.type, terms); literal.has_value()) {
    const bool user = holder.type != Type::kUser || names.CheckUser(terms.front(), holder.name, "name the person, by an e-mail address");
    return user ? literal : std::nullopt;
  }
  // The parser has reported a day that there is not.
  if (terms.front().kind == Term::Kind::kDate && !ParseDate(terms.front().text).has_value()) return std::nullopt;
  const Span span = SpanOf(terms);
  Diagnostic& diagnostic =
      names.reporter().Report(Code::kTypeMismatch, span, Tick(name) + " wants " + ExampleOf(holder.type) + ", found " + Tick(Shown(terms)),
                              "expected " + std::string(TypeWithArticle(holder.type)));
  if (holder.type == Type::kText && terms.front().kind == Term::Kind::kWord) {
    diagnostic.fixes = {Replace(span, "\"" + Written(terms) + "\"")};
    diagnostic.fixes.front().safe = false;
  }
  return std::nullopt;
}

std::optional<std::uint32_t> ReadTimes(const Term& term, std::uint32_t max, Reporter& reporter) {
  const std::int64_t times = term.number / kMillion;
  const bool whole = term.kind == Term::Kind::kNumber && term.number % kMillion == 0;
  if (whole && times >= 1 && times <= max) return static_cast<std::uint32_t>(times);
  reporter.Report(Code::kBadCount, term.span,
                  "`times` wants a whole number from 1 to " + std::to_string(max) + ", found " + Tick(term.text), "not a number of times");
  return std::nullopt;
}

std::optional<TestMoment> ReadMoment(const Term& date, const std::optional<Term>& time, Reporter& reporter) {
  const auto days = date.kind == Term::Kind::kDate ? ParseDate(date.text) : std::nullopt;
  // The parser has reported a day that there is not.
  if (!days.has_value() && date.kind == Term::Kind::kDate) return std::nullopt;
  if (!days.has_value()) {
    reporter.Report(Code::kTypeMismatch, date.span, "expected a date such as `2026-12-31`, found " + Tick(date.text), "not a date");
    return std::nullopt;
  }
  if (!time.has_value()) return TestMoment{*days, kNineOClock};
  if (time->kind != Term::Kind::kClock) {
    reporter.Report(Code::kTypeMismatch, time->span, "expected a time of day such as `09:00`, found " + Tick(time->text),
                    "not a time of day");
    return std::nullopt;
  }
  return TestMoment{*days, MinuteOf(*time)};
}

}  // namespace stagecraft::sema
