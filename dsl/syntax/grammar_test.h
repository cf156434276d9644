// Tests: given, when, wait, expect. Included by parser.cc and, through apart_read.h, by the read_….cc only.
#ifndef STAGECRAFT_DSL_SYNTAX_GRAMMAR_TEST_H_
#define STAGECRAFT_DSL_SYNTAX_GRAMMAR_TEST_H_

#include "dsl/syntax/grammar_rule.h"

namespace stagecraft::grammar {

using syntax::Expectation;

template <Expectation::Kind K, typename... Rules>
struct expecting : pegtl::seq<Rules...> {};

// clang-format off

// ---- facts ---------------------------------------------------------------------------------------------------------
struct count : pegtl::sor<number, placeholder> {};
struct any_times : pegtl::sor<kw_times, kw_time> {};  // `1 time`
struct times_shape : pegtl::seq<count, any_times> {};
struct long_shape : pegtl::seq<unit_shape, pegtl::sor<kw_apart, kw_ago>> {};
struct change_shape : pegtl::sor<kw_becomes, pegtl::seq<kw_is, kw_cleared>> {};
struct stops_fact : pegtl::sor<stops_anywhere, step_ahead, times_shape, long_shape> {};
struct stops_event : pegtl::sor<stops_fact, kw_with, change_shape> {};
using fact_phrase = phrase<stops_fact, value_term>;
using event_phrase = phrase<stops_event, term>;

struct list_fact : pegtl::seq<as<Role::kInList, kw_in>, single_term<name>> {};
struct fact : pegtl::sor<list_fact, fact_phrase> {};
struct another_fact : pegtl::sor<pegtl::seq<comma, pegtl::not_at<pegtl::sor<pegtl::digit, pegtl::one<'{'>>>>, kw_and> {};
struct facts : pegtl::seq<expect<Label::kFact, fact>, pegtl::star<another_fact, expect<Label::kFact, fact>>> {};
struct with_facts : pegtl::seq<kw_with, facts> {};

struct times_part : as<Role::kTimes, count, any_times> {};
struct ago_part : as<Role::kAgo, duration, kw_ago> {};
struct apart_part : as<Role::kApart, duration, kw_apart> {};
struct given_count : pegtl::sor<times_part, ago_part> {};
struct when_count : pegtl::sor<times_part, apart_part> {};
struct given_counts : pegtl::star<pegtl::sor<pegtl::seq<comma, expect<Label::kTimesOrAgo, given_count>>, given_count>> {};
struct when_counts : pegtl::star<pegtl::sor<pegtl::seq<comma, expect<Label::kTimesOrApart, when_count>>, when_count>> {};

// ---- given, when, wait -----------------------------------------------------------------------------------------------
struct in_lists : pegtl::seq<pegtl::at<kw_in>, facts> {};
struct given_contact : pegtl::seq<kw_a, expect<Label::kContact, kw_contact>, pegtl::opt<pegtl::sor<with_facts, in_lists>>> {};
struct given_clock : pegtl::seq<kw_it, kw_is, expect<Label::kDate, date>, pegtl::opt<kw_at>, pegtl::opt<clock_time>> {};
// `given contact with …`, where the `a` is missing; `contact created` is an event.
struct bare_contact : pegtl::seq<kw_contact, pegtl::sor<kw_with, kw_in, pegtl::eof, line_start>> {};
struct given_event : pegtl::seq<pegtl::not_at<pegtl::sor<kw_a, pegtl::seq<kw_it, kw_is>, bare_contact>>, event_phrase,
                                pegtl::opt<with_facts>,
                                given_counts> {};
struct given_step : pegtl::seq<kw_given, expect<Label::kGiven, pegtl::sor<given_contact, given_clock, given_event>>> {};

struct rule_started : pegtl::seq<kw_rule, expect<Label::kText, single_term<text>>,
                                 as<Role::kStarted, words<Label::kIsStarted, kw_is, kw_started>>> {};
struct becomes_value : as<Role::kBecomes, kw_becomes, expect<Label::kValue, phrase<stops_event, value_term>>> {};
struct is_cleared : as<Role::kCleared, kw_is, kw_cleared> {};
struct happening : pegtl::seq<event_phrase, pegtl::opt<pegtl::sor<becomes_value, is_cleared>>, pegtl::opt<with_facts>, when_counts> {};
struct when_step : pegtl::seq<kw_when, expect<Label::kHappening, pegtl::sor<rule_started, happening>>> {};

struct until_date : pegtl::seq<date, pegtl::opt<kw_at>, pegtl::opt<clock_time>> {};
struct until_day : pegtl::seq<days, expect<Label::kAtClock, at_clock>> {};
struct wait_until_step : pegtl::seq<kw_until, expect<Label::kDateOrDay, pegtl::sor<until_date, until_day>>> {};
struct wait_step : pegtl::seq<kw_wait, expect<Label::kTestWait, pegtl::sor<wait_until_step, duration>>> {};

// ---- expect ----------------------------------------------------------------------------------------------------------
struct negation : as<Role::kNot, kw_not> {};
struct no : as<Role::kNo, kw_no> {};
struct to_recipient : as<Role::kFor, kw_to, expect<Label::kRecipient, recipient>> {};
struct expected_end : pegtl::sor<pegtl::eof, line_start, reserved, times_shape, step_ahead, comma> {};
struct counted : pegtl::sor<pegtl::seq<comma, expect<Label::kTimes, times_part>>, times_part> {};
struct task_shape : pegtl::seq<kw_task, pegtl::sor<quoted_shape, kw_for, kw_due, expected_end>> {};
struct expected_task : pegtl::seq<pegtl::at<task_shape>, kw_task, pegtl::opt<text>, pegtl::star<pegtl::sor<task_for, task_due>>,
                                  pegtl::opt<counted>> {};
struct notification_shape : pegtl::seq<kw_notification, pegtl::sor<quoted_shape, kw_to, expected_end>> {};
struct expected_notification : pegtl::seq<pegtl::at<notification_shape>, kw_notification, pegtl::opt<text>, pegtl::opt<to_recipient>,
                                          pegtl::opt<counted>> {};
struct sent_shape : pegtl::sor<quoted_shape, expected_end> {};
struct expected_email : pegtl::seq<pegtl::at<kw_email, sent_shape>, kw_email, pegtl::opt<text>, pegtl::opt<counted>> {};
struct expected_webhook : pegtl::seq<pegtl::at<kw_webhook, sent_shape>, kw_webhook, pegtl::opt<text>, pegtl::opt<counted>> {};
struct deal_shape : pegtl::seq<kw_deal, pegtl::sor<quoted_shape, kw_at, expected_end>> {};
struct expected_deal : pegtl::seq<pegtl::at<deal_shape>, kw_deal, pegtl::opt<text>, pegtl::opt<deal_stage>, pegtl::opt<counted>> {};
struct broken_promise : pegtl::seq<kw_broken, kw_promise> {};
struct thing : pegtl::sor<expecting<Expectation::Kind::kTask, expected_task>,
                          expecting<Expectation::Kind::kNotification, expected_notification>,
                          expecting<Expectation::Kind::kEmail, expected_email>, expecting<Expectation::Kind::kWebhook, expected_webhook>,
                          expecting<Expectation::Kind::kDeal, expected_deal>, expecting<Expectation::Kind::kPromise, broken_promise>> {};
struct no_thing : pegtl::seq<no, expect<Label::kExpectedThing, thing>> {};

struct in_sequence : pegtl::seq<pegtl::opt<negation>, kw_in, kw_sequence, expect<Label::kText, text>> {};
struct rule_fired : pegtl::seq<kw_rule, expect<Label::kText, text>, pegtl::opt<negation>, expect<Label::kFired, kw_fired>,
                               pegtl::opt<counted>> {};
struct sla_word : pegtl::sor<kw_met, kw_missed, kw_running> {};
struct sla_state : pegtl::seq<kw_sla, pegtl::opt<text>, pegtl::opt<negation>,
                              expect<Label::kSlaState, pegtl::at<sla_word>, as<Role::kStage, word>>> {};
struct expected_condition : pegtl::seq<pegtl::not_at<pegtl::sor<kw_no, kw_sla, pegtl::digit>>, apart<operand<expected_suffix>>,
                                       pegtl::opt<because>> {};
struct expectation : pegtl::sor<no_thing, thing, expecting<Expectation::Kind::kSequence, in_sequence>,
                                expecting<Expectation::Kind::kRule, rule_fired>, expecting<Expectation::Kind::kSla, sla_state>,
                                expecting<Expectation::Kind::kCondition, expected_condition>> {};
struct expect_step : pegtl::seq<kw_expect, expect<Label::kExpectation, expectation>,
                                pegtl::star<kw_and, expect<Label::kExpectation, expectation>>,
                                expect<Label::kEndOfExpectation, pegtl::not_at<kw_or>>> {};

// ---- the whole -------------------------------------------------------------------------------------------------------
struct step : pegtl::sor<given_step, when_step, wait_step, expect_step> {};
struct cell : pegtl::sor<text, signed_quantity, plain_word> {};
struct row : pegtl::seq<kw_row, expect<Label::kCell, cell>, pegtl::star<comma, expect<Label::kCell, cell>>> {};
struct columns : pegtl::seq<kw_of, expect<Label::kColumn, as<Role::kColumn, name>>,
                            pegtl::star<comma, expect<Label::kColumn, as<Role::kColumn, name>>>> {};
struct table : pegtl::seq<kw_for, kw_each, kw_row, expect<Label::kColumns, columns>, expect<Label::kRow, row>, pegtl::star<row>> {};
struct test_body : pegtl::seq<pegtl::opt<table>, expect<Label::kTestStep, step>, pegtl::star<pegtl::sor<step, table>>> {};
struct test_declaration : pegtl::seq<kw_test, expect<Label::kText, text>, inside<Context::kTest, test_body>> {};
// clang-format on

}  // namespace stagecraft::grammar

#endif  // STAGECRAFT_DSL_SYNTAX_GRAMMAR_TEST_H_
