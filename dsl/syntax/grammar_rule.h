// Rules and sequences: trigger, modifiers, actions. Included by parser.cc and, through apart_read.h, by the read_….cc only.
#ifndef STAGECRAFT_DSL_SYNTAX_GRAMMAR_RULE_H_
#define STAGECRAFT_DSL_SYNTAX_GRAMMAR_RULE_H_

#include "dsl/syntax/grammar_action.h"

namespace stagecraft::grammar {

using syntax::Modifier;

template <Modifier::Kind K, typename... Rules>
struct modifying : pegtl::seq<Rules...> {};

// clang-format off

// ---- triggers --------------------------------------------------------------------------------------------------------
struct with_fields : as<Role::kWith, kw_with, expect<Label::kCondition, field_condition>> {};
struct joining_trigger : pegtl::seq<kw_joining, expect<Label::kName, name>> {};
struct leaving_trigger : pegtl::seq<as<Role::kLeaving, kw_leaving>, expect<Label::kName, name>> {};
struct list_trigger : pegtl::seq<pegtl::sor<joining_trigger, leaving_trigger>> {};
struct any_change_trigger : pegtl::seq<kw_change, kw_of, expect<Label::kProperty, state_phrase>> {};
// `on SQL`, `on MQL -> SQL`, `on "webinar attended" with minutes > 20`: one rule, since only what follows tells them apart.
struct change_to : as<Role::kTo, arrow, expect<Label::kChangeTo, state_phrase>> {};
struct on_trigger : pegtl::seq<expect<Label::kTriggerPhrase, trigger_phrase>,
                               pegtl::opt<pegtl::sor<change_to, at_clock, with_fields>>> {};
struct stay_in : pegtl::seq<kw_in, expect<Label::kTriggerPhrase, state_phrase>> {};
struct stay_without : pegtl::seq<as<Role::kWithout, kw_without>, expect<Label::kEvent, trigger_phrase>, pegtl::opt<with_fields>> {};
struct length_ahead : pegtl::sor<pegtl::digit, pegtl::seq<number_word, known_unit>> {};
struct stay_trigger : pegtl::seq<expect<Label::kDuration, duration>, expect<Label::kStayIn, pegtl::sor<stay_in, stay_without>>> {};
struct turns_true_trigger : pegtl::seq<when_part> {};
struct after_trigger : pegtl::seq<kw_after, pegtl::if_then_else<pegtl::at<length_ahead>, stay_trigger, on_trigger>> {};
struct any_on_trigger : pegtl::seq<kw_on, pegtl::sor<list_trigger, any_change_trigger, on_trigger>> {};
struct before_or_after : pegtl::sor<as<Role::kBefore, kw_before>, kw_after> {};
// `10 when …` is not one of these, but points without their sign.
struct length_shape : pegtl::seq<number, pegtl::opt<kw_business>, word_unreserved> {};
struct timed_trigger : pegtl::seq<pegtl::at<length_shape>, duration, expect<Label::kBeforeOrAfter, before_or_after>,
                                  expect<Label::kTimedPhrase, trigger_phrase>,
                                  pegtl::opt<pegtl::sor<at_clock, with_fields>>> {};
struct schedule_list : pegtl::seq<kw_in, expect<Label::kName, name>> {};
struct for_each_contact : words<Label::kForEach, kw_for, kw_each, kw_contact> {};
struct schedule_trigger : pegtl::seq<kw_every, pegtl::not_at<kw_time>, expect<Label::kDays, days>, expect<Label::kAtClock, at_clock>,
                                     for_each_contact, pegtl::opt<schedule_list>> {};
struct by_hand_trigger : pegtl::seq<kw_by, expect<Label::kHand, kw_hand>> {};
struct any_trigger : pegtl::sor<any_on_trigger, after_trigger, turns_true_trigger, timed_trigger, schedule_trigger> {};
struct trigger : pegtl::seq<any_trigger> {};
struct named_trigger : pegtl::sor<any_trigger, by_hand_trigger> {};

// ---- modifiers ---------------------------------------------------------------------------------------------------------
struct until_part : pegtl::seq<kw_until, expect<Label::kCondition, full_condition>> {};
struct at_most_once : pegtl::seq<kw_at, kw_most, kw_once, expect<Label::kPerDuration, kw_per>, expect<Label::kDuration, duration>> {};
struct plain_modifier : pegtl::sor<modifying<Modifier::Kind::kOncePerContact, kw_once, words<Label::kPerContact, kw_per, kw_contact>>,
                                   modifying<Modifier::Kind::kAtMostOncePer, at_most_once>,
                                   modifying<Modifier::Kind::kEveryTime, kw_every, kw_time>,
                                   modifying<Modifier::Kind::kDisabled, kw_disabled>, modifying<Modifier::Kind::kMigrate, kw_migrate>> {};
struct modifier : pegtl::sor<modifying<Modifier::Kind::kWhen, when_part>, modifying<Modifier::Kind::kUntil, until_part>, plain_modifier> {};
struct modifiers : pegtl::star<modifier> {};

// ---- rules -----------------------------------------------------------------------------------------------------------
struct sla_of : pegtl::seq<kw_of, pegtl::opt<kw_on>, pegtl::sor<list_trigger, on_trigger>> {};
struct sla_trigger : pegtl::seq<kw_within, expect<Label::kDuration, duration>, expect<Label::kOfTrigger, sla_of>> {};
struct sla_expected : as<Role::kExpected, kw_expect, expect<Label::kCondition, full_condition>> {};
struct sla_rule : pegtl::seq<sla_trigger, modifiers, expect<Label::kExpect, sla_expected>, pegtl::opt<otherwise>> {};
struct named_rule_rest : pegtl::sor<sla_rule, pegtl::seq<expect<Label::kTrigger, named_trigger>, modifiers, actions>> {};
struct named_rule : pegtl::seq<kw_rule, expect<Label::kText, text>, pegtl::star<plain_modifier>, named_rule_rest> {};
struct short_rule : pegtl::sor<sla_rule, pegtl::seq<trigger, modifiers, actions>> {};
struct rule : pegtl::sor<named_rule, short_rule> {};

// ---- sequences -------------------------------------------------------------------------------------------------------
struct stop_when : as<Role::kStopWhen, kw_stop, when_part> {};
struct finally_actions : as<Role::kFinally, actions> {};
struct finally_part : pegtl::seq<as<Role::kFinallyKeyword, kw_finally>, finally_actions> {};
struct sequence_declaration : pegtl::seq<kw_sequence, expect<Label::kText, text>, pegtl::star<pegtl::sor<stop_when, modifier>>,
                                         expect<Label::kStep, some_action>, pegtl::star<some_action>, pegtl::opt<finally_part>> {};
// clang-format on

}  // namespace stagecraft::grammar

#endif  // STAGECRAFT_DSL_SYNTAX_GRAMMAR_RULE_H_
