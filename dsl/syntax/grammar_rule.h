// Rules: trigger, modifiers, actions. Included by parser.cc only.
#ifndef STAGECRAFT_DSL_SYNTAX_GRAMMAR_RULE_H_
#define STAGECRAFT_DSL_SYNTAX_GRAMMAR_RULE_H_

#include "dsl/syntax/grammar_condition.h"

namespace stagecraft::grammar {

// clang-format off

// ---- triggers --------------------------------------------------------------------------------------------------------
struct with_fields : as<Role::kWith, kw_with, expect<Label::kCondition, field_condition>> {};
struct joining_trigger : pegtl::seq<kw_joining, expect<Label::kName, name>> {};
struct leaving_trigger : pegtl::seq<as<Role::kLeaving, kw_leaving>, expect<Label::kName, name>> {};
struct list_trigger : pegtl::seq<pegtl::sor<joining_trigger, leaving_trigger>> {};
struct any_change_trigger : pegtl::seq<kw_change, kw_of, expect<Label::kActionPhrase, state_phrase>> {};
// `on SQL`, `on MQL -> SQL`, `on "webinar attended" with minutes > 20`: one rule, since only what follows tells them apart.
struct change_to : as<Role::kTo, arrow, expect<Label::kChangeTo, state_phrase>> {};
struct on_trigger : pegtl::seq<expect<Label::kTriggerPhrase, trigger_phrase>, pegtl::opt<pegtl::sor<change_to, with_fields>>> {};
struct stay_in : pegtl::seq<kw_in, expect<Label::kTriggerPhrase, state_phrase>> {};
struct stay_trigger : pegtl::seq<duration, expect<Label::kStayIn, stay_in>> {};
struct turns_true_trigger : pegtl::seq<when_part> {};
struct after_trigger : pegtl::seq<kw_after, pegtl::if_then_else<pegtl::at<pegtl::digit>, stay_trigger, on_trigger>> {};
struct any_on_trigger : pegtl::seq<kw_on, pegtl::sor<list_trigger, any_change_trigger, on_trigger>> {};
struct trigger : pegtl::sor<any_on_trigger, after_trigger, turns_true_trigger> {};

// ---- actions ---------------------------------------------------------------------------------------------------------
struct because : as<Role::kBecause, kw_because, expect<Label::kText, text>> {};
struct back_to : as<Role::kBackTo, kw_back, kw_to, expect<Label::kValue, set_phrase>> {};
struct set_action : pegtl::seq<kw_set, expect<Label::kSetPhrase, set_phrase>, pegtl::opt<back_to>, pegtl::opt<because>> {};
struct clear_action : pegtl::seq<kw_clear, expect<Label::kActionPhrase, action_phrase>> {};
struct assign_method : as<Role::kMethod, kw_by, expect<Label::kWord, action_phrase>> {};
struct assign_from : pegtl::seq<kw_from, as<Role::kFrom, expect<Label::kName, name>>, pegtl::opt<assign_method>> {};
struct assign_to : as<Role::kTo, kw_to, expect<Label::kRecipient, action_phrase>> {};
struct assign_action : pegtl::seq<kw_assign, expect<Label::kActionPhrase, action_phrase>,
                                  expect<Label::kFromOrTo, pegtl::sor<assign_from, assign_to>>> {};
struct recipient : pegtl::seq<pegtl::opt<as<Role::kManagerOf, kw_manager, kw_of>>, recipient_phrase> {};
struct notify_action : pegtl::seq<kw_notify, expect<Label::kRecipient, recipient>, pegtl::opt<text>> {};
struct task_for : as<Role::kFor, kw_for, expect<Label::kRecipient, recipient>> {};
struct task_due : as<Role::kDueIn, kw_due, kw_in, expect<Label::kDuration, duration>> {};
struct task_priority : as<Role::kPriority, kw_priority, expect<Label::kPriority, word>> {};
struct create_task_action : pegtl::seq<kw_create, expect<Label::kTask, kw_task, expect<Label::kText, text>>,
                                       pegtl::star<pegtl::sor<task_for, task_due, task_priority>>> {};
struct add_to_list_action : pegtl::seq<kw_add, expect<Label::kToList, kw_to, kw_list, expect<Label::kName, name>>> {};
struct remove_from_list_action : pegtl::seq<kw_remove, expect<Label::kFromList, kw_from, kw_list, expect<Label::kName, name>>> {};
struct some_action : pegtl::sor<set_action, clear_action, assign_action, notify_action, create_task_action, add_to_list_action,
                                remove_from_list_action> {};

// ---- rules -----------------------------------------------------------------------------------------------------------
struct guard : as<Role::kGuard, when_part> {};
struct disabled : as<Role::kDisabled, kw_disabled> {};
struct modifiers : pegtl::star<pegtl::sor<guard, disabled>> {};
struct actions : pegtl::seq<expect<Label::kAction, some_action>, pegtl::star<some_action>> {};
struct named_rule : pegtl::seq<kw_rule, expect<Label::kText, text>, pegtl::opt<disabled>, expect<Label::kTrigger, trigger>, modifiers,
                               actions> {};
struct short_rule : pegtl::seq<trigger, modifiers, actions> {};
struct rule : pegtl::sor<named_rule, short_rule> {};
// clang-format on

}  // namespace stagecraft::grammar

#endif  // STAGECRAFT_DSL_SYNTAX_GRAMMAR_RULE_H_
