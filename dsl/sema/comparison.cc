#include "dsl/sema/comparison.h"

#include <algorithm>
#include <string_view>
#include <utility>
#include <vector>

#include "dsl/sema/units.h"
#include "dsl/sema/wording.h"

namespace stagecraft::sema {
namespace {

using syntax::Comparator;
using syntax::Term;

constexpr std::int64_t kNumberScale = 1'000'000;

std::string ShownTerm(const Term& term) { return Tick(Shown(Terms(&term, 1))); }

// The relation that an operator of order stands for; nothing for others.
std::optional<Relation> RelationOf(Comparator op) {
  switch (op) {
    case Comparator::kIs:
    case Comparator::kIsNot:
    case Comparator::kWas:
      return Relation::kEqual;
    case Comparator::kLess:
    case Comparator::kBefore:
      return Relation::kLess;
    case Comparator::kLessEqual:
    case Comparator::kAtMost:
      return Relation::kLessEqual;
    case Comparator::kGreater:
    case Comparator::kAfter:
      return Relation::kGreater;
    case Comparator::kGreaterEqual:
    case Comparator::kAtLeast:
    case Comparator::kReaches:
      return Relation::kGreaterEqual;
    default:
      return std::nullopt;
  }
}

bool Stands(std::int32_t rank, Relation relation, std::int32_t pivot) {
  switch (relation) {
    case Relation::kEqual:
      return rank == pivot;
    case Relation::kLess:
      return rank < pivot;
    case Relation::kLessEqual:
      return rank <= pivot;
    case Relation::kGreater:
      return rank > pivot;
    case Relation::kGreaterEqual:
      return rank >= pivot;
  }
  return false;
}

}  // namespace

const OptionSet& ComparisonChecker::Options() const { return OptionsOf(left_, names_.vocabulary()); }

Condition ComparisonChecker::Base(Condition::Kind kind) const {
  Condition condition;
  condition.kind = kind;
  condition.reference = left_;
  return condition;
}

Condition ComparisonChecker::SetAndNot(Condition condition) const {
  std::vector<Condition> both;
  if (left_.space != Reference::Space::kDerived) both.push_back(Base(Condition::Kind::kIsSet));
  both.push_back(Negate(std::move(condition)));
  return AllOf(std::move(both));
}

bool ComparisonChecker::IsNegated() const { return comparison_.op == Comparator::kIsNot || comparison_.op == Comparator::kNotIn; }

std::string ComparisonChecker::LeftIs() const {
  if (by_day_) return Tick(left_name_) + " is a moment, which is compared by its day,";
  return Tick(left_name_) + (left_.type == Type::kOption ? " has options" : " is " + std::string(TypeWithArticle(left_.type)));
}

std::nullopt_t ComparisonChecker::ReportOperator(std::string_view expected) {
  names_.reporter().Report(Code::kTypeMismatch, comparison_.op_span, LeftIs() + " and cannot be compared like this",
                           "expected " + std::string(expected));
  return std::nullopt;
}

std::nullopt_t ComparisonChecker::ReportOperand(Span span, std::string_view found) {
  Diagnostic& diagnostic =
      names_.reporter().Report(Code::kTypeMismatch, span, LeftIs() + " and cannot be compared with " + std::string(found),
                               "expected " + std::string(TypeWithArticle(left_.type)));
  OfferOtherWords(diagnostic);
  return std::nullopt;
}

// True where the right side is a comparison in other words: `is more than 5`, `is empty`.
bool ComparisonChecker::OfferOtherWords(Diagnostic& diagnostic) const {
  const auto* phrase = std::get_if<syntax::Phrase>(&comparison_.right.value);
  if (phrase == nullptr || (comparison_.op != Comparator::kIs && comparison_.op != Comparator::kIsNot)) return false;
  const Span whole{comparison_.left.span.source, comparison_.left.span.begin, phrase->span.end};
  return OfferComparison(diagnostic, whole, left_name_, comparison_.op == Comparator::kIsNot, TermsOf(*phrase));
}

std::optional<Condition> ComparisonChecker::Check() {
  if (comparison_.op == Comparator::kIsSet || comparison_.op == Comparator::kIsNotSet) {
    // Scores, counters and definitions always have a value.
    Condition is_set = left_.space == Reference::Space::kDerived ? Always() : Base(Condition::Kind::kIsSet);
    return comparison_.op == Comparator::kIsSet ? std::move(is_set) : Negate(std::move(is_set));
  }
  if (comparison_.op == Comparator::kReaches && !IsNumber(left_.type)) {
    ReportOperator("a number before `reaches`");
    const auto* phrase = std::get_if<syntax::Phrase>(&comparison_.right.value);
    if (left_.type == Type::kOption && Options().ordered() && phrase != nullptr) {
      names_.reporter().last().help.push_back("did you mean " + Tick(left_name_ + " at least " + Shown(TermsOf(*phrase))) + "?");
    }
    return std::nullopt;
  }
  switch (left_.type) {
    case Type::kOption:
      return CheckOption();
    case Type::kTruth:
      return CheckTruth();
    case Type::kNumber:
    case Type::kMoney:
      return CheckNumber();
    case Type::kText:
    case Type::kUser:
      return CheckText();
    case Type::kDate:
    case Type::kTime:
      return CheckDate();
  }
  return std::nullopt;
}

// ---- options ------------------------------------------------------------------------------------------------------

std::optional<std::vector<bool>> ComparisonChecker::NamedOptions() {
  const OptionSet& set = Options();
  std::vector<bool> in(set.options.size(), false);
  const auto add = [&](const syntax::Phrase& phrase) {
    const std::size_t found_before = names_.reporter().count();
    const std::optional<std::uint32_t> option = names_.ResolveOption(set, left_name_, TermsOf(phrase));
    if (!option.has_value() && names_.reporter().count() != found_before) OfferOtherWords(names_.reporter().last());
    if (!option.has_value()) return false;
    for (const std::uint32_t member : set.WithSubValues(*option)) in[member] = true;
    return true;
  };
  bool good = true;
  if (const auto* phrase = std::get_if<syntax::Phrase>(&comparison_.right.value)) {
    good = add(*phrase);
  } else if (const auto* list = std::get_if<std::vector<syntax::Phrase>>(&comparison_.right.value)) {
    for (const syntax::Phrase& one : *list) good = add(one) && good;
  } else {
    return ReportOperand(comparison_.right.span, "this");
  }
  if (!good) return std::nullopt;
  return in;
}

std::optional<std::vector<bool>> ComparisonChecker::OptionsInOrder(Relation relation) {
  const OptionSet& set = Options();
  const auto* phrase = std::get_if<syntax::Phrase>(&comparison_.right.value);
  if (phrase == nullptr) return ReportOperand(comparison_.right.span, "this");
  const std::optional<std::uint32_t> pivot = names_.ResolveOption(set, left_name_, TermsOf(*phrase));
  if (!pivot.has_value()) return std::nullopt;
  if (!set.ordered()) {
    names_.reporter()
        .Report(Code::kNotOrdered, comparison_.op_span, "the options of " + Tick(left_name_) + " have no order", "needs ordered options")
        .help.emplace_back("list the options that are meant: `in (…)`");
    return std::nullopt;
  }
  const std::int32_t rank = set.options[*pivot].rank;
  std::vector<bool> in;
  bool any = false;
  for (const OptionSymbol& option : set.options) {
    in.push_back(option.rank >= 0 && Stands(option.rank, relation, rank));
    any = any || in.back();
  }
  if (any) return in;
  names_.reporter()
      .Report(Code::kNeverTrue, comparison_.right.span, "no option of " + Tick(left_name_) + " stands there in the order", "never true")
      .help.emplace_back("the order is that of the declaration; outcomes are one rank");
  return std::nullopt;
}

std::optional<Condition> ComparisonChecker::CheckOption() {
  std::optional<std::vector<bool>> in;
  switch (comparison_.op) {
    case Comparator::kIs:
    case Comparator::kIsNot:
    case Comparator::kWas:
    case Comparator::kIn:
    case Comparator::kNotIn:
      in = NamedOptions();
      break;
    case Comparator::kBefore:
    case Comparator::kAfter:
    case Comparator::kAtLeast:
    case Comparator::kAtMost:
      in = OptionsInOrder(*RelationOf(comparison_.op));
      break;
    default:
      return ReportOperator(Options().ordered() ? "`is`, `in`, `before` or `at least`" : "`is` or `in`");
  }
  if (!in.has_value()) return std::nullopt;
  Condition result = Base(Condition::Kind::kOptionIn);
  for (std::uint32_t i = 0; i < in->size(); ++i) {
    if ((*in)[i]) result.options.push_back(i);
  }
  if (!names_.budget().Take(Budget::Of::kOptions, result.options.size(), comparison_.right.span)) return std::nullopt;
  return IsNegated() ? SetAndNot(std::move(result)) : std::move(result);
}

// ---- yes or no ------------------------------------------------------------------------------------------------------

std::optional<Condition> ComparisonChecker::CheckTruth() {
  const bool equality = comparison_.op == Comparator::kIs || comparison_.op == Comparator::kIsNot || comparison_.op == Comparator::kWas;
  if (!equality) return ReportOperator("`is yes` or `is no`");
  const auto* phrase = std::get_if<syntax::Phrase>(&comparison_.right.value);
  const bool yes = phrase != nullptr && phrase->terms.size() == 1 && IsWord(phrase->terms.front(), "yes");
  const bool no = phrase != nullptr && phrase->terms.size() == 1 && IsWord(phrase->terms.front(), "no");
  if (!yes && !no) return ReportOperand(comparison_.right.span, "this");
  Condition result = Base(Condition::Kind::kCompare);
  result.number = yes ? 1 : 0;
  return IsNegated() ? SetAndNot(std::move(result)) : std::move(result);
}

// ---- numbers, dates ---------------------------------------------------------------------------------------------------

std::optional<std::int64_t> ComparisonChecker::ReadNumber(const Term& term) {
  if (term.kind != Term::Kind::kNumber) {
    ReportOperand(term.span, ShownTerm(term));
    return std::nullopt;
  }
  if (left_.space != Reference::Space::kDerived) return term.number;
  if (term.number % kNumberScale != 0) {
    names_.reporter().Report(Code::kTypeMismatch, term.span, Tick(left_name_) + " is a whole number and never " + Tick(term.text),
                             "expected a whole number");
    return std::nullopt;
  }
  return term.number / kNumberScale;
}

std::optional<std::int64_t> ComparisonChecker::ReadDate(const Term& term) {
  const std::optional<std::int32_t> days = term.kind == Term::Kind::kDate ? ParseDate(term.text) : std::nullopt;
  if (days.has_value()) return *days;
  // The parser has reported a day that there is not.
  if (term.kind == Term::Kind::kDate) return std::nullopt;
  if (IsWord(term, "today") || IsWord(term, "now")) {
    names_.reporter()
        .Report(Code::kTypeMismatch, term.span, "a date is compared with another that does not move, not with " + ShownTerm(term),
                "this moves on every day")
        .help.push_back("ask for a stretch of time: " + Tick(left_name_ + " within the last 30 days") + ", or `the next`");
    return std::nullopt;
  }
  ReportOperand(term.span, ShownTerm(term));
  return std::nullopt;
}

std::optional<Condition> ComparisonChecker::Ordered(Relation relation, std::optional<std::int64_t> number) const {
  if (!number.has_value()) return std::nullopt;
  Condition result = Base(Condition::Kind::kCompare);
  result.relation = relation;
  result.number = *number;
  return result;
}

std::optional<Condition> ComparisonChecker::AnyOfPhrases(const ReadPhrase& read) {
  std::vector<Condition> alternatives;
  bool good = true;
  for (const syntax::Phrase& phrase : std::get<std::vector<syntax::Phrase>>(comparison_.right.value)) {
    std::optional<Condition> one = read(phrase);
    good = good && one.has_value();
    if (one.has_value()) alternatives.push_back(std::move(*one));
  }
  if (!good) return std::nullopt;
  return AnyOf(std::move(alternatives));
}

template <typename ReadTerm>
std::optional<Condition> ComparisonChecker::CheckOrder(ReadTerm read) {
  const auto equal_to = [&](const syntax::Phrase& phrase) -> std::optional<Condition> {
    if (phrase.terms.size() != 1) return ReportOperand(phrase.span, Tick(Shown(TermsOf(phrase))));
    return Ordered(Relation::kEqual, read(phrase.terms.front()));
  };
  if (const auto* phrase = std::get_if<syntax::Phrase>(&comparison_.right.value)) {
    const std::optional<Relation> relation = RelationOf(comparison_.op);
    if (!relation.has_value()) {
      return ReportOperator(comparison_.op == Comparator::kIn || comparison_.op == Comparator::kNotIn
                                ? "a range such as `2..5` or a list after `in`"
                                : "`is`, `<`, `>`, `at least` or `in`");
    }
    if (phrase->terms.size() != 1) return ReportOperand(phrase->span, Tick(Shown(TermsOf(*phrase))));
    std::optional<Condition> result = Ordered(*relation, read(phrase->terms.front()));
    if (!result.has_value() || !IsNegated()) return result;
    return SetAndNot(std::move(*result));
  }
  if (comparison_.op != Comparator::kIn && comparison_.op != Comparator::kNotIn) return ReportOperator("one value");
  std::optional<Condition> result;
  if (const auto* range = std::get_if<syntax::Range>(&comparison_.right.value)) {
    const std::optional<std::int64_t> low = read(range->low);
    const std::optional<std::int64_t> high = read(range->high);
    if (!low.has_value() || !high.has_value()) return std::nullopt;
    if (*low > *high) {
      Diagnostic& diagnostic = names_.reporter().Report(Code::kEmptyRange, comparison_.right.span,
                                                        "the range " + Tick(range->low.text + ".." + range->high.text) + " holds nothing",
                                                        "the lower end comes first");
      const std::string turned = range->high.text + ".." + range->low.text;
      diagnostic.help.push_back("did you mean " + Tick(turned) + "?");
      diagnostic.fixes = {Replace(comparison_.right.span, turned)};
      return std::nullopt;
    }
    std::vector<Condition> both;
    both.push_back(*Ordered(Relation::kGreaterEqual, low));
    both.push_back(*Ordered(Relation::kLessEqual, high));
    result = AllOf(std::move(both));
  } else if (std::holds_alternative<std::vector<syntax::Phrase>>(comparison_.right.value)) {
    result = AnyOfPhrases(equal_to);
  } else {
    return ReportOperand(comparison_.right.span, "this");
  }
  if (!result.has_value() || !IsNegated()) return result;
  return SetAndNot(std::move(*result));
}

std::optional<Condition> ComparisonChecker::CheckNumber() {
  if (comparison_.op == Comparator::kBefore || comparison_.op == Comparator::kAfter) return ReportOperator("`<` or `>`");
  return CheckOrder([this](const Term& term) { return ReadNumber(term); });
}

std::optional<Condition> ComparisonChecker::CheckDate() {
  // A moment is compared by its date in the workspace's time zone: dates are all that can be written.
  by_day_ = left_.type == Type::kTime;
  left_.type = Type::kDate;
  return CheckOrder([this](const Term& term) { return ReadDate(term); });
}

}  // namespace stagecraft::sema
