#include "dsl/sema/values.h"

#include <algorithm>
#include <utility>

#include "dsl/sema/rules.h"
#include "dsl/sema/texts.h"
#include "dsl/sema/units.h"
#include "dsl/sema/wording.h"
#include "dsl/support/text.h"

namespace stagecraft::sema {
namespace {

using syntax::Term;

// `from` may be copied to a property of type `to` as it is.
bool CanCopy(Type from, Type to) {
  if (IsNumber(from) && IsNumber(to)) return true;
  if (IsText(from) && IsText(to)) return true;
  return from == to && from != Type::kOption;
}

// A day that there is not: the parser has reported it.
bool HasBadDate(Terms terms) {
  return std::any_of(terms.begin(), terms.end(),
                     [](const Term& term) { return term.kind == Term::Kind::kDate && !ParseDate(term.text).has_value(); });
}

// `a-b`, `seats -1`: a calculation without its spaces.
bool HasTightSign(Terms terms) {
  for (std::size_t i = 0; i < terms.size(); ++i) {
    const std::size_t sign = terms[i].text.find_first_of("+-*/");
    if (terms[i].kind != Term::Kind::kText && sign != std::string::npos && (i > 0 || sign > 0)) return true;
  }
  return false;
}

}  // namespace

std::optional<Value> ValueChecker::Check(const PropertySymbol& target, Terms terms, const std::vector<syntax::ArithmeticStep>& rest) {
  return rest.empty() ? CheckAlone(target, terms) : Reckon(target, terms, rest);
}

std::optional<Value> ValueChecker::Constant(const PropertySymbol& target, Terms terms) const {
  const Term& term = terms.front();
  if (terms.size() > 1) return std::nullopt;
  switch (target.type) {
    case Type::kTruth:
      if (IsWord(term, "yes") || IsWord(term, "no")) return Value{std::int64_t{IsWord(term, "yes") ? 1 : 0}};
      return std::nullopt;
    case Type::kNumber:
    case Type::kMoney:
      if (term.kind == Term::Kind::kNumber) return Value{term.number};
      return std::nullopt;
    case Type::kDate:
      if (term.kind != Term::Kind::kDate) return std::nullopt;
      if (const auto days = ParseDate(term.text); days.has_value()) return Value{std::int64_t{*days}};
      return std::nullopt;
    default:
      return std::nullopt;
  }
}

std::optional<ValueChecker::Op> ValueChecker::Clock(Terms terms) const {
  if (terms.size() != 1 || names_.FindReference(terms, scope_).has_value()) return std::nullopt;
  if (IsWord(terms.front(), "today")) return Op::kToday;
  if (IsWord(terms.front(), "now")) return Op::kNow;
  return std::nullopt;
}

std::optional<Value> ValueChecker::Fit(const PropertySymbol& target, Reference from) const {
  if (target.type == Type::kDate && from.type == Type::kTime) from.type = Type::kDate;
  if (CanCopy(from.type, target.type)) return Value{from};
  if (target.type == Type::kText) return Value{Text{TextPart{{}, from}}};
  return std::nullopt;
}

std::nullopt_t ValueChecker::ReportTarget(const PropertySymbol& target, Span span, const std::string& shown) {
  const std::string type(TypeWithArticle(target.type));
  Diagnostic& diagnostic = context_.reporter().Report(
      Code::kTypeMismatch, span, Tick(target.name) + " is " + type + " and cannot be set to " + Tick(shown), "expected " + type);
  if (target.type == Type::kDate) diagnostic.help.emplace_back("a date is written as `2026-12-31`");
  if (target.type == Type::kTime) diagnostic.help.emplace_back("a moment is `now`, another moment, or reckoned from one: `now + 2 days`");
  return std::nullopt;
}

void ValueChecker::HelpWithValue(const PropertySymbol& target, Terms terms) {
  Diagnostic& diagnostic = context_.reporter().last();
  const std::string written = Written(terms);
  if (MeansNothing(terms)) {
    diagnostic.help = {"to take its value away: " + Tick("clear " + target.name)};
    diagnostic.fixes.clear();
  } else if (target.type == Type::kOption) {
    if (terms.size() > 1 && IsWord(terms.front(), "back")) {
      diagnostic.help.push_back("did you mean " + Tick("back to " + Shown(terms.subspan(1))) + "?");
    }
    for (std::size_t count = terms.size() - 1; count > 0; --count) {
      if (!target.options.Find(Folded(terms.first(count))).has_value()) continue;
      if (std::string help = HelpWithModifier(terms.subspan(count)); !help.empty()) diagnostic.help.push_back(std::move(help));
      break;
    }
  } else if (target.type == Type::kUser) {
    const bool from = terms.size() == 2 && IsWord(terms.front(), "from") && terms.back().kind == Term::Kind::kText;
    diagnostic.help.push_back(from ? "did you mean " + Tick("assign " + target.name + " " + Shown(terms) + " by rotation") + "?"
                                   : "a user is an e-mail address in quotation marks, or a property that holds one");
  } else if (IsText(target.type) && terms.front().kind == Term::Kind::kWord) {
    const std::string quoted = "\"" + written + "\"";
    diagnostic.help.push_back("a text stands in quotation marks: " + Tick(quoted));
    diagnostic.fixes = {Replace(SpanOf(terms), quoted)};
    // It may as well be a name that is misspelt.
    diagnostic.fixes.front().safe = false;
  } else if (HasTightSign(terms) && terms.front().kind == Term::Kind::kWord) {
    diagnostic.help.emplace_back("a calculation has a space on both sides of its sign");
  }
}

// What `{…}` brings is known when the rule runs; a text that stands there as it is can be looked at now.
bool ValueChecker::CheckUserText(const PropertySymbol& target, const Term& term, const Text& text) {
  const bool fixed = std::none_of(text.begin(), text.end(), [](const TextPart& part) { return part.reference.has_value(); });
  if (target.type != Type::kUser || !fixed || term.text.empty()) return true;
  return names_.CheckUser(term, target.name,
                          "for one of them in turn: " + Tick("assign " + target.name + " from \"" + term.text + "\" by rotation"));
}

std::optional<Value> ValueChecker::CheckAlone(const PropertySymbol& target, Terms terms) {
  if (target.type == Type::kOption) {
    const std::size_t found_before = context_.reporter().count();
    const auto option = names_.ResolveOption(target.options, target.name, terms);
    if (!option.has_value() && context_.reporter().count() != found_before) HelpWithValue(target, terms);
    if (!option.has_value()) return std::nullopt;
    return Value{std::int64_t{*option}};
  }
  if (IsText(target.type) && terms.size() == 1 && terms.front().kind == Term::Kind::kText) {
    std::optional<Text> text = CheckText(terms.front(), scope_, context_.sources, names_);
    if (!text.has_value() || !CheckUserText(target, terms.front(), *text)) return std::nullopt;
    return Value{std::move(*text)};
  }
  if (auto constant = Constant(target, terms); constant.has_value()) return constant;
  if (Clock(terms).has_value() && (target.type == Type::kDate || target.type == Type::kTime)) return Reckon(target, terms, {});
  if (const auto from = names_.FindReference(terms, scope_); from.has_value()) {
    if (auto value = Fit(target, *from); value.has_value()) return value;
  }
  const std::string written = Written(terms);
  if (HasBadDate(terms) || scope_.event_unknown || names_.reporter().IsSpoiled(written)) return std::nullopt;
  if (names_.ReportPastField(terms, scope_)) return std::nullopt;
  ReportTarget(target, SpanOf(terms), terms.size() == 1 ? written : OneLine(context_.sources, SpanOf(terms)));
  HelpWithValue(target, terms);
  return std::nullopt;
}

std::optional<Value> ValueChecker::Copy(const PropertySymbol& target, Terms terms) {
  const std::optional<Reference> from = names_.ResolveReference(terms, scope_);
  if (!from.has_value()) return std::nullopt;
  if (auto value = Fit(target, *from); value.has_value()) return value;
  const std::string written = Written(terms);
  if (target.type == Type::kOption && from->type == Type::kOption) {
    context_.reporter()
        .Report(Code::kTypeMismatch, SpanOf(terms),
                "the options of " + Tick(written) + " are not those of " + Tick(target.name) + ", so they cannot be copied",
                "other options")
        .help.push_back("options are set by their names, such as in " + Tick("if … then set …"));
    return std::nullopt;
  }
  Diagnostic& diagnostic = context_.reporter().Report(Code::kTypeMismatch, SpanOf(terms),
                                                      Tick(written) + " is " + std::string(TypeWithArticle(from->type)) + " and " +
                                                          Tick(target.name) + " is " + std::string(TypeWithArticle(target.type)),
                                                      "expected " + std::string(TypeWithArticle(target.type)));
  if (target.type == Type::kOption) diagnostic.help.push_back("options are set by their names, such as in " + Tick("if … then set …"));
  return std::nullopt;
}

std::optional<Value> ValueChecker::Amount(Terms terms) {
  PropertySymbol money;
  money.name = "amount";
  money.type = Type::kMoney;
  return Check(money, terms);
}

// ---- arithmetic -------------------------------------------------------------------------------------------------------

std::optional<ValueChecker::Part> ValueChecker::Operand(Terms terms, Type wanted) {
  Part part;
  part.span = SpanOf(terms);
  part.shown = Shown(terms);
  Step step;
  if (HasBadDate(terms)) return std::nullopt;
  const Term& term = terms.front();
  if (terms.size() > 1 && term.kind == Term::Kind::kNumber) {
    context_.reporter()
        .Report(Code::kNoSuchArithmetic, part.span, Tick(part.shown) + " is no value of its own", "not a number or a date")
        .help.push_back("a length of time moves a date: " + Tick("today + " + part.shown));
    return std::nullopt;
  }
  if (terms.size() == 1 && term.kind == Term::Kind::kNumber) {
    step.constant = term.number;
  } else if (const auto days = terms.size() == 1 && term.kind == Term::Kind::kDate ? ParseDate(term.text) : std::nullopt;
             days.has_value()) {
    step.constant = *days;
    part.type = Type::kDate;
  } else if (const auto clock = Clock(terms); clock.has_value()) {
    // Where no moment is wanted, moments are read as their dates.
    step.op = wanted == Type::kTime ? *clock : Op::kToday;
    part.type = step.op == Op::kNow ? Type::kTime : Type::kDate;
  } else {
    const std::optional<Reference> from =
        terms.size() == 1 && term.kind == Term::Kind::kText ? std::nullopt : names_.ResolveReference(terms, scope_);
    const bool is_text = terms.size() == 1 && term.kind == Term::Kind::kText;
    if (!from.has_value() && !is_text) return std::nullopt;
    step.op = Op::kReference;
    if (from.has_value()) step.reference = *from;
    part.type = is_text ? Type::kText : from->type;
    if (part.type == Type::kTime && wanted != Type::kTime) part.type = step.reference.type = Type::kDate;
    if (IsText(part.type) || part.type == Type::kOption || part.type == Type::kTruth) {
      const std::string name = is_text ? "…" : "{" + Written(terms) + "}";
      context_.reporter()
          .Report(Code::kNoSuchArithmetic, part.span,
                  Tick(part.shown) + " is " + std::string(TypeWithArticle(part.type)) + ", and only numbers and dates are reckoned with",
                  "not a number or a date")
          .help.push_back("texts are put together in one text: " + Tick("\"" + name + " {…}\""));
      return std::nullopt;
    }
  }
  part.steps.push_back(std::move(step));
  return part;
}

std::nullopt_t ValueChecker::ReportArithmetic(const Part& left, const syntax::ArithmeticStep& step, const std::string& right,
                                              std::string help) {
  static constexpr std::string_view kSigns[] = {"+", "-", "*", "/"};
  const Span span{left.span.source, left.span.begin, std::visit([](const auto& node) { return node.span.end; }, step.operand)};
  Diagnostic& diagnostic = context_.reporter().Report(Code::kNoSuchArithmetic, span,
                                                      Tick(left.shown) + " is " + std::string(TypeWithArticle(left.type)) + "; it has no " +
                                                          Tick(std::string(kSigns[static_cast<std::size_t>(step.op)])) + " with " + right,
                                                      "no such arithmetic");
  if (!help.empty()) diagnostic.help.push_back(std::move(help));
  return std::nullopt;
}

std::optional<ValueChecker::Part> ValueChecker::Shifted(Part left, const syntax::ArithmeticStep& step, const syntax::Duration& duration) {
  const bool moment = left.type == Type::kDate || left.type == Type::kTime;
  if (!moment || (step.op != syntax::ArithmeticOp::kPlus && step.op != syntax::ArithmeticOp::kMinus)) {
    return ReportArithmetic(left, step, "a length of time", "dates and moments move by a length of time: `contract_end + 1 year`");
  }
  const std::optional<Duration> length = AnyDuration(duration, context_.calendar, context_.reporter());
  if (!length.has_value()) return std::nullopt;
  if (left.type == Type::kDate && !IsWholeDays(duration)) {
    context_.reporter().Report(Code::kUnitNotPossible, duration.span, Tick(left.shown) + " is a date and moves by whole days only",
                               "not whole days");
    return std::nullopt;
  }
  Step shift;
  shift.op = Op::kShift;
  shift.duration = *length;
  shift.back = step.op == syntax::ArithmeticOp::kMinus;
  left.steps.push_back(std::move(shift));
  return left;
}

std::optional<ValueChecker::Part> ValueChecker::Combine(Part left, const syntax::ArithmeticStep& step, Part right) {
  const auto right_is = [&] { return std::string(TypeWithArticle(right.type)); };
  const bool money = left.type == Type::kMoney || right.type == Type::kMoney;
  const bool both_money = left.type == Type::kMoney && right.type == Type::kMoney;
  const auto join = [&](Op op, Type type) {
    left.steps.insert(left.steps.end(), std::make_move_iterator(right.steps.begin()), std::make_move_iterator(right.steps.end()));
    left.steps.emplace_back().op = op;
    left.type = type;
    left.span.end = right.span.end;
    left.shown += " … " + right.shown;
    return std::move(left);
  };
  if (!IsNumber(left.type) || !IsNumber(right.type)) {
    if (left.type == Type::kDate && right.type == Type::kDate && step.op == syntax::ArithmeticOp::kMinus) {
      return join(Op::kDaysBetween, Type::kNumber);
    }
    const bool shift = step.op == syntax::ArithmeticOp::kPlus || step.op == syntax::ArithmeticOp::kMinus;
    const bool day_count = shift && !IsNumber(left.type) && IsNumber(right.type);
    return ReportArithmetic(left, step, right_is(), day_count ? "say which unit: " + Tick(left.shown + " + 30 days") : "");
  }
  switch (step.op) {
    case syntax::ArithmeticOp::kPlus:
      return join(Op::kAdd, money ? Type::kMoney : Type::kNumber);
    case syntax::ArithmeticOp::kMinus:
      return join(Op::kSubtract, money ? Type::kMoney : Type::kNumber);
    case syntax::ArithmeticOp::kTimes:
      if (both_money) return ReportArithmetic(left, step, right_is(), "multiply it by a number");
      return join(Op::kMultiply, money ? Type::kMoney : Type::kNumber);
    case syntax::ArithmeticOp::kDividedBy:
      if (right.type == Type::kMoney && !both_money) return ReportArithmetic(left, step, right_is(), "divide it by a number");
      return join(Op::kDivide, money && !both_money ? Type::kMoney : Type::kNumber);
  }
  return std::nullopt;
}

std::optional<ValueChecker::Part> ValueChecker::Apply(Part left, const syntax::ArithmeticStep& step, Type wanted) {
  if (const auto* duration = std::get_if<syntax::Duration>(&step.operand)) return Shifted(std::move(left), step, *duration);
  std::optional<Part> right = Operand(TermsOf(std::get<syntax::Phrase>(step.operand)), wanted);
  if (!right.has_value()) return std::nullopt;
  return Combine(std::move(left), step, std::move(*right));
}

std::optional<Value> ValueChecker::Reckon(const PropertySymbol& target, Terms terms, const std::vector<syntax::ArithmeticStep>& rest) {
  std::optional<Part> sum = Operand(terms, target.type);
  if (!sum.has_value()) return std::nullopt;
  const auto binds_closely = [](const syntax::ArithmeticStep& step) {
    return step.op == syntax::ArithmeticOp::kTimes || step.op == syntax::ArithmeticOp::kDividedBy;
  };
  std::size_t at = 0;
  while (at < rest.size() && binds_closely(rest[at])) {
    sum = Apply(std::move(*sum), rest[at++], target.type);
    if (!sum.has_value()) return std::nullopt;
  }
  while (at < rest.size()) {
    const syntax::ArithmeticStep& step = rest[at++];
    if (std::holds_alternative<syntax::Duration>(step.operand)) {
      sum = Apply(std::move(*sum), step, target.type);
      if (!sum.has_value()) return std::nullopt;
      continue;
    }
    std::optional<Part> product = Operand(TermsOf(std::get<syntax::Phrase>(step.operand)), target.type);
    while (product.has_value() && at < rest.size() && binds_closely(rest[at])) {
      product = Apply(std::move(*product), rest[at++], target.type);
    }
    if (!product.has_value()) return std::nullopt;
    sum = Combine(std::move(*sum), step, std::move(*product));
    if (!sum.has_value()) return std::nullopt;
  }
  return Finish(target, std::move(*sum));
}

std::optional<Value> ValueChecker::Finish(const PropertySymbol& target, Part part) {
  if (part.type != target.type && !(IsNumber(part.type) && IsNumber(target.type))) {
    const std::string type(TypeWithArticle(target.type));
    context_.reporter().Report(Code::kTypeMismatch, part.span,
                               Tick(target.name) + " is " + type + ", and this is " + std::string(TypeWithArticle(part.type)),
                               "expected " + type);
    if (part.steps.size() == 1 && part.steps.front().op == Op::kToday) {
      context_.reporter().last().help.push_back("for the present moment: `now`");
    }
    return std::nullopt;
  }
  return Value{Computation{std::move(part.steps), target.type}};
}

std::optional<Value> ValueChecker::Changed(const PropertySymbol& target, const Reference& itself, Terms terms, bool subtract) {
  Part sum;
  sum.type = target.type;
  sum.span = SpanOf(terms);
  sum.shown = target.name;
  Step own;
  own.op = Op::kReference;
  own.reference = itself;
  sum.steps.push_back(std::move(own));
  syntax::ArithmeticStep step;
  step.op = subtract ? syntax::ArithmeticOp::kMinus : syntax::ArithmeticOp::kPlus;
  step.op_span = sum.span;
  // `add 30 days to contract_end`
  const bool business = terms.size() == 3 && IsWord(terms[1], "business");
  if (terms.front().kind == Term::Kind::kNumber && (terms.size() == 2 || business)) {
    step.operand = syntax::Duration{terms.front().number, business, terms.back().text, sum.span, terms.back().span};
  } else {
    step.operand = syntax::Phrase{{terms.begin(), terms.end()}, sum.span};
    if (IsNumber(target.type)) sum.steps.emplace_back().op = Op::kOrZero;
  }
  std::optional<Part> changed = Apply(std::move(sum), step, target.type);
  if (!changed.has_value()) return std::nullopt;
  return Finish(target, std::move(*changed));
}

}  // namespace stagecraft::sema
