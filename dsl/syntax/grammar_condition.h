// Conditions. Included by parser.cc and, through apart_read.h, by the read_….cc only.
//
// The ladder has two steps: operands joined by `and` or by `or`, and a `not` before an operand. It reads nothing twice: an operand is
// a parenthesis (told by its bracket) or a phrase, and the phrase is read once before what follows it decides what it was. Nesting is
// by brackets only and is counted; `not not not …` is a loop, not a recursion.
#ifndef STAGECRAFT_DSL_SYNTAX_GRAMMAR_CONDITION_H_
#define STAGECRAFT_DSL_SYNTAX_GRAMMAR_CONDITION_H_

#include "dsl/syntax/grammar_phrase.h"

namespace stagecraft::grammar {

using syntax::Comparator;

// The words or the sign of a comparison.
template <Comparator C, typename... Rules>
struct compare : pegtl::seq<Rules...> {};

// clang-format off
struct no_suffix : pegtl::failure {};

template <typename Suffix> struct condition;

// ---- right sides -------------------------------------------------------------------------------------------------
struct range_end : pegtl::sor<date, signed_number> {};
struct range : pegtl::seq<range_end, dots, expect<Label::kValue, range_end>> {};
struct listed_value : expect<Label::kValue, value_phrase> {};
struct value_list : pegtl::seq<open_paren, listed_value, pegtl::star<comma, listed_value>,
                               expect<Label::kClosingParen, close_paren>> {};
struct known_unit : pegtl::sor<kw_minute, kw_minutes, kw_hour, kw_hours, kw_day, kw_days, kw_week, kw_weeks, kw_month, kw_months,
                               kw_year, kw_years> {};
// `3 days` is a value, `3 notfy` is a number and a mistake.
struct known_duration : pegtl::seq<number, pegtl::opt<as<Role::kBusiness, kw_business>>, pegtl::at<known_unit>, unit> {};
struct value : pegtl::sor<range, known_duration, value_phrase> {};
struct values : pegtl::sor<value_list, range, value_phrase> {};

// ---- comparisons -------------------------------------------------------------------------------------------------
// Longer before shorter: `is not set` before `is not` before `is`.
struct set_comparison : pegtl::sor<compare<Comparator::kIsNotSet, kw_is, kw_not, kw_set>, compare<Comparator::kIsSet, kw_is, kw_set>> {};
struct in_operator : pegtl::sor<compare<Comparator::kNotIn, kw_is, kw_not, kw_in, pegtl::at<set_shape>>,
                                compare<Comparator::kNotIn, kw_not, kw_in>,
                                compare<Comparator::kIn, kw_is, kw_in, pegtl::at<set_shape>>,
                                compare<Comparator::kIn, kw_in>> {};
struct word_operator : pegtl::sor<compare<Comparator::kIsNot, kw_is, kw_not>, compare<Comparator::kIs, kw_is>,
                                  compare<Comparator::kBefore, kw_before>, compare<Comparator::kAfter, kw_after>,
                                  compare<Comparator::kAtLeast, kw_at, kw_least>, compare<Comparator::kAtMost, kw_at, kw_most>,
                                  compare<Comparator::kContains, kw_contains>, compare<Comparator::kStartsWith, kw_starts, kw_with>,
                                  compare<Comparator::kEndsWith, kw_ends, kw_with>, compare<Comparator::kWas, kw_was>,
                                  compare<Comparator::kReaches, kw_reaches>, compare<Comparator::kMatches, kw_matches>> {};
struct sign_operator : pegtl::sor<compare<Comparator::kLessEqual, token<pegtl::string<'<', '='>>>,
                                  compare<Comparator::kLess, token<pegtl::one<'<'>>>,
                                  compare<Comparator::kGreaterEqual, token<pegtl::string<'>', '='>>>,
                                  compare<Comparator::kGreater, token<pegtl::one<'>'>>>> {};
struct in_comparison : pegtl::seq<in_operator, expect<Label::kListOfValues, values>> {};
struct value_comparison : pegtl::seq<pegtl::sor<word_operator, sign_operator>, expect<Label::kValue, value>> {};
// A line that begins with `after` is a new rule, not the rest of a comparison; `at most once` is a modifier.
struct comparison : pegtl::seq<pegtl::not_at<declaration_ahead>, pegtl::not_at<long_modifier_ahead>,
                               pegtl::sor<set_comparison, in_comparison, value_comparison>> {};

// ---- events in conditions ------------------------------------------------------------------------------------------
// `with` takes one comparison here, or several in parentheses: a following `and` goes on with the condition outside.
template <typename Suffix> struct operand;
struct with_one : as<Role::kWith, kw_with, expect<Label::kCondition, apart<operand<no_suffix>>>> {};
struct within_length : as<Role::kWithin, expect<Label::kDuration, duration>> {};
struct within_part : pegtl::seq<kw_within, pegtl::opt<kw_the>, pegtl::opt<pegtl::sor<as<Role::kLast, kw_last>, as<Role::kNext, kw_next>>>,
                                within_length> {};
struct since_part : as<Role::kSince, kw_since, expect<Label::kValue, since_phrase>> {};
struct event_suffix : pegtl::plus<pegtl::not_at<declaration_ahead>, pegtl::sor<with_one, within_part, since_part>> {};

// ---- the ladder ------------------------------------------------------------------------------------------------------
template <typename Suffix> struct nested : pegtl::seq<open_paren, expect<Label::kCondition, apart<condition<Suffix>>>,
                                                      expect<Label::kClosingParen, close_paren>> {};
// What is expected may be a property and its value at once (`expect score -20`): there a number may have a sign.
struct expected_suffix : pegtl::seq<event_suffix> {};
template <typename Suffix> struct left_of { using type = left_phrase; };
template <> struct left_of<expected_suffix> { using type = phrase<stops_left, value_term>; };
template <typename Suffix> struct predicate : pegtl::seq<typename left_of<Suffix>::type, pegtl::opt<pegtl::sor<comparison, Suffix>>> {};
template <typename Suffix> struct operand : pegtl::seq<pegtl::star<as<Role::kNot, kw_not>>,
                                                       expect<Label::kCondition, pegtl::sor<nested<Suffix>, predicate<Suffix>>>> {};
struct connective : pegtl::sor<as<Role::kAnd, kw_and>, as<Role::kOr, kw_or>> {};
template <typename Suffix> struct joined : pegtl::seq<connective, expect<Label::kCondition, operand<Suffix>>> {};
template <typename Suffix> struct condition : pegtl::seq<operand<Suffix>, pegtl::star<joined<Suffix>>> {};

using full_condition = apart<condition<event_suffix>>;
using field_condition = apart<condition<no_suffix>>;
struct when_part : pegtl::seq<kw_when, expect<Label::kCondition, full_condition>> {};
struct only_condition : pegtl::seq<white_space, expect<Label::kCondition, full_condition>,
                                   expect<Label::kEndOfCondition, pegtl::eof>> {};
// clang-format on

}  // namespace stagecraft::grammar

#endif  // STAGECRAFT_DSL_SYNTAX_GRAMMAR_CONDITION_H_
