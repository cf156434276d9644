// What rules and sequences do. Included by parser.cc and, through apart_read.h, by the read_….cc only.
//
// Blocks recurse through `if`, `split` and `otherwise` only, and these are counted.
#ifndef STAGECRAFT_DSL_SYNTAX_GRAMMAR_ACTION_H_
#define STAGECRAFT_DSL_SYNTAX_GRAMMAR_ACTION_H_

#include "dsl/syntax/grammar_condition.h"

namespace stagecraft::grammar {

using syntax::ArithmeticOp;

template <ArithmeticOp Op, typename... Rules>
struct arithmetic : pegtl::seq<Rules...> {};

// Reads the parts of a `split`; the place of the first says how the next are told from the percentages in its actions.
template <typename... Rules>
struct splitting {
  using rule_t = splitting;
  using subs_t = pegtl::type_list<Rules...>;
  template <apply_mode A, rewind_mode M, template <typename...> class Action, template <typename...> class Control, typename Input>
  static bool match(Input& in, Builder& builder) {
    const SplitStyle outside = builder.split_style();
    builder.set_split_style(line_start::match(in) ? SplitStyle::kLines : SplitStyle::kInline);
    const bool matched = Control<pegtl::seq<Rules...>>::template match<A, M, Action, Control>(in, builder);
    builder.set_split_style(outside);
    return matched;
  }
};

// clang-format off
struct any_action;
struct some_action : apart<any_action> {};
struct actions : pegtl::seq<expect<Label::kAction, some_action>, pegtl::star<some_action>> {};

// ---- values of properties ----------------------------------------------------------------------------------------
struct because : as<Role::kBecause, kw_because, expect<Label::kText, text>> {};
struct back_to : as<Role::kBackTo, kw_back, kw_to, expect<Label::kValue, set_phrase>> {};
struct arithmetic_operator : pegtl::sor<arithmetic<ArithmeticOp::kPlus, arithmetic_sign<'+'>>,
                                        arithmetic<ArithmeticOp::kMinus, arithmetic_sign<'-'>>,
                                        arithmetic<ArithmeticOp::kTimes, arithmetic_sign<'*'>>,
                                        arithmetic<ArithmeticOp::kDividedBy, arithmetic_sign<'/'>>> {};
struct added_duration : pegtl::seq<number, pegtl::opt<as<Role::kBusiness, kw_business>>, go_on<stops_action>, unit> {};
struct arithmetic_operand : pegtl::sor<added_duration, set_phrase> {};
struct arithmetic_step : pegtl::seq<arithmetic_operator, expect<Label::kValue, arithmetic_operand>> {};
struct set_action : pegtl::seq<kw_set, expect<Label::kSetPhrase, set_phrase>, pegtl::star<arithmetic_step>, pegtl::opt<back_to>,
                               pegtl::opt<because>> {};
struct clear_action : pegtl::seq<kw_clear, expect<Label::kProperty, target_phrase>> {};
struct to_property : as<Role::kTo, expect<Label::kToProperty, kw_to>, expect<Label::kProperty, target_phrase>> {};
struct from_property : as<Role::kTo, expect<Label::kFromProperty, kw_from>, expect<Label::kProperty, target_phrase>> {};
struct copy_action : pegtl::seq<kw_copy, expect<Label::kProperty, action_phrase>, to_property> {};
struct add_action : pegtl::seq<kw_add, amount_phrase, to_property> {};
struct subtract_action : pegtl::seq<as<Role::kSubtract, kw_subtract>, expect<Label::kValue, amount_phrase>, from_property> {};
struct append_action : pegtl::seq<kw_append, expect<Label::kValue, amount_phrase>, to_property> {};

// ---- people ------------------------------------------------------------------------------------------------------
struct assign_method : as<Role::kMethod, kw_by, expect<Label::kWord, method_phrase>> {};
struct assign_keeping : as<Role::kKeeping, kw_keeping, expect<Label::kWord, action_phrase>> {};
struct assign_from : pegtl::seq<kw_from, as<Role::kFrom, expect<Label::kName, name>>, pegtl::opt<assign_method>,
                                pegtl::opt<assign_keeping>> {};
struct assign_to : as<Role::kTo, kw_to, expect<Label::kRecipient, action_phrase>> {};
struct assign_action : pegtl::seq<kw_assign, expect<Label::kProperty, action_phrase>,
                                  expect<Label::kFromOrTo, pegtl::sor<assign_from, assign_to>>> {};
struct recipient : pegtl::seq<pegtl::opt<as<Role::kManagerOf, kw_manager, kw_of>>, recipient_phrase> {};
struct notify_action : pegtl::seq<kw_notify, expect<Label::kRecipient, recipient>, pegtl::opt<text>> {};

// ---- tasks, deals, lists -----------------------------------------------------------------------------------------
struct task_for : as<Role::kFor, kw_for, expect<Label::kRecipient, recipient>> {};
struct task_due : as<Role::kDueIn, kw_due, expect<Label::kDueIn, kw_in>, expect<Label::kDuration, duration>> {};
struct task_priority : as<Role::kPriority, kw_priority, expect<Label::kPriority, word>> {};
struct remind_when_due : pegtl::seq<kw_when, kw_due> {};
struct remind_before : pegtl::seq<duration, expect<Label::kRemindBefore, kw_before>> {};
struct task_remind : as<Role::kRemind, kw_remind, expect<Label::kRemind, pegtl::sor<remind_when_due, remind_before>>> {};
struct task : pegtl::seq<kw_task, expect<Label::kText, text>,
                         pegtl::star<pegtl::sor<task_for, task_due, task_priority, task_remind>>> {};
struct deal_pipeline : as<Role::kPipeline, words<Label::kPipeline, kw_in, kw_pipeline>, expect<Label::kName, name>> {};
struct deal_stage : as<Role::kStage, kw_at, expect<Label::kName, name>> {};
struct deal_amount : as<Role::kAmount, kw_amount, expect<Label::kValue, deal_amount_phrase>> {};
struct deal : pegtl::seq<kw_deal, expect<Label::kText, text>, deal_pipeline,
                         pegtl::star<pegtl::sor<deal_stage, deal_amount>>> {};
struct moved_to : as<Role::kStage, expect<Label::kToStage, kw_to>, expect<Label::kName, name>> {};
struct move_deal_action : pegtl::seq<kw_move, expect<Label::kDeal, kw_deal>, pegtl::opt<deal_pipeline>, moved_to> {};
struct create_task_action : pegtl::seq<task> {};
struct create_deal_action : pegtl::seq<deal> {};
struct create_action : pegtl::seq<kw_create, expect<Label::kTaskOrDeal, pegtl::sor<create_task_action, create_deal_action>>> {};
struct add_to_list_action : pegtl::seq<kw_add, kw_to, expect<Label::kList, kw_list, expect<Label::kName, name>>> {};
struct remove_from_list_action : pegtl::seq<kw_remove, words<Label::kFromList, kw_from, kw_list>, expect<Label::kName, name>> {};
struct any_add_action : pegtl::sor<add_to_list_action, add_action> {};

// ---- the world outside, sequences ----------------------------------------------------------------------------------
struct send_email_action : pegtl::seq<kw_send, expect<Label::kEmail, kw_email, expect<Label::kText, text>>> {};
struct sent_value : expect<Label::kProperty, sent_phrase> {};
struct webhook_values : as<Role::kWith, kw_with, sent_value, pegtl::star<comma, sent_value>> {};
struct call_webhook_action : pegtl::seq<kw_call, expect<Label::kWebhook, kw_webhook, expect<Label::kText, text>>,
                                        pegtl::opt<webhook_values>> {};
struct start_sequence : pegtl::seq<kw_start, expect<Label::kSequence, kw_sequence, expect<Label::kText, text>>> {};
struct enrol_in : pegtl::seq<any_enrol, expect<Label::kIn, kw_in>, pegtl::opt<kw_sequence>, expect<Label::kText, text>> {};
struct enrol_action : pegtl::sor<start_sequence, enrol_in> {};
struct stop_sequence : pegtl::seq<kw_stop, expect<Label::kSequence, kw_sequence, expect<Label::kText, text>>> {};
struct leave : pegtl::seq<kw_leave, pegtl::opt<kw_sequence>, expect<Label::kText, text>> {};
struct leave_action : pegtl::sor<stop_sequence, leave> {};

// ---- waiting -------------------------------------------------------------------------------------------------------
struct otherwise_do : pegtl::seq<as<Role::kDo, kw_do>, actions, expect<Label::kEnd, kw_end>> {};
struct otherwise_one : pegtl::seq<expect<Label::kActionOrDo, some_action>> {};
struct otherwise : pegtl::seq<kw_otherwise, pegtl::sor<otherwise_do, otherwise_one>> {};

struct at_clock : as<Role::kAt, kw_at, expect<Label::kClock, clock_time>> {};
// `month` before `mon`: the first that fits is taken.
struct known_day_name : pegtl::sor<TAO_PEGTL_ISTRING("monday"), TAO_PEGTL_ISTRING("tuesday"), TAO_PEGTL_ISTRING("wednesday"),
                                   TAO_PEGTL_ISTRING("thursday"), TAO_PEGTL_ISTRING("friday"), TAO_PEGTL_ISTRING("saturday"),
                                   TAO_PEGTL_ISTRING("sunday"), TAO_PEGTL_ISTRING("weekday"), TAO_PEGTL_ISTRING("month"),
                                   TAO_PEGTL_ISTRING("mon"), TAO_PEGTL_ISTRING("tue"), TAO_PEGTL_ISTRING("wed"), TAO_PEGTL_ISTRING("thu"),
                                   TAO_PEGTL_ISTRING("fri"), TAO_PEGTL_ISTRING("sat"), TAO_PEGTL_ISTRING("sun"),
                                   TAO_PEGTL_ISTRING("day")> {};
struct known_day : pegtl::seq<pegtl::opt<kw_business>, token<known_day_name, pegtl::not_at<word_goes_on>>> {};
struct another_day : pegtl::sor<comma, kw_and> {};
struct days_end : pegtl::sor<kw_at, kw_on, pegtl::eof, line_start, stops_in_rule> {};
struct days_shape : pegtl::seq<pegtl::list<known_day, another_day>, pegtl::at<days_end>> {};
struct day_phrase : pegtl::sor<pegtl::seq<pegtl::at<kw_business>, word, plain_word>, plain_word> {};
struct day_of_month : as<Role::kDayOfMonth, kw_on, expect<Label::kDayOfMonth, number>> {};
struct month_day : pegtl::seq<pegtl::at<kw_month>, day_phrase, day_of_month> {};
struct week_days : pegtl::seq<day_phrase, pegtl::star<another_day, expect<Label::kDays, day_phrase>>> {};
struct days : pegtl::sor<month_day, week_days> {};

struct for_at_most : as<Role::kAtMost, kw_for, kw_at, kw_most, expect<Label::kDuration, duration>> {};
struct awaited_day : pegtl::seq<pegtl::at<days_shape>, days> {};
struct awaited_condition : pegtl::seq<pegtl::not_at<clock_ahead>, full_condition> {};
struct awaited : pegtl::sor<awaited_day, awaited_condition> {};
struct wait_until : pegtl::seq<kw_until, expect<Label::kAwaited, awaited>, pegtl::star<pegtl::sor<since_part, at_clock, for_at_most>>,
                               pegtl::opt<otherwise>> {};
struct wait_action : pegtl::seq<kw_wait, expect<Label::kWait, pegtl::sor<wait_until, duration>>> {};

// ---- branches ------------------------------------------------------------------------------------------------------
struct branch_rest : pegtl::seq<expect<Label::kCondition, full_condition>, pegtl::opt<kw_then>, actions> {};
struct if_branch : pegtl::seq<kw_if, branch_rest> {};
struct else_if_branch : pegtl::seq<kw_else, kw_if, branch_rest> {};
struct else_actions : as<Role::kElse, actions> {};
// An `else if` that cannot be read is not tried again as an `if` behind `else`: each level of nesting would double the time.
struct else_part : pegtl::seq<pegtl::not_at<kw_else, kw_if>, as<Role::kElseKeyword, kw_else>, else_actions> {};
struct if_action : pegtl::seq<if_branch, pegtl::star<else_if_branch>, pegtl::sor<pegtl::seq<else_part, expect<Label::kEnd, kw_end>>,
                              expect<Label::kEndOrElse, kw_end>>> {};
struct split_part : pegtl::seq<percent, actions> {};
struct split_parts : splitting<expect<Label::kPercent, split_part>, pegtl::star<split_part>> {};
struct split_action : pegtl::seq<kw_split, split_parts, expect<Label::kEndOfSplit, kw_end>> {};

struct block_action : pegtl::sor<wait_action, if_action, split_action> {};
struct any_action : pegtl::sor<set_action, clear_action, assign_action, notify_action, create_action, move_deal_action, any_add_action,
                                remove_from_list_action, copy_action, subtract_action, append_action, send_email_action,
                                call_webhook_action, enrol_action, leave_action, apart<block_action>> {};
// clang-format on

}  // namespace stagecraft::grammar

namespace tao::pegtl {

template <typename Name, typename... Rules>
struct analyze_traits<Name, stagecraft::grammar::splitting<Rules...>> : analyze_traits<Name, typename seq<Rules...>::rule_t> {};

}  // namespace tao::pegtl

#endif  // STAGECRAFT_DSL_SYNTAX_GRAMMAR_ACTION_H_
