// What each rule of the grammar does when it matches. Included by parser.cc and, through apart_read.h, by the read_….cc only.
#ifndef STAGECRAFT_DSL_SYNTAX_ACTIONS_H_
#define STAGECRAFT_DSL_SYNTAX_ACTIONS_H_

#include "dsl/syntax/build.h"
#include "dsl/syntax/grammar_declaration.h"

namespace stagecraft::grammar {

// Runs a rule, and afterwards `Finish(builder, mark)` when it matched or a roll-back when it did not.
template <typename Finish>
struct atomic : pegtl::maybe_nothing {
  template <typename Rule, apply_mode A, rewind_mode M, template <typename...> class Action, template <typename...> class Control,
            typename Input>
  static bool match(Input& in, Builder& builder) {
    if constexpr (A == apply_mode::nothing) {
      return pegtl::match<Rule, A, M, Action, Control>(in, builder);
    } else {
      const Builder::Mark mark = builder.SetMark(in.byte());
      if (!pegtl::match<Rule, A, M, Action, Control>(in, builder)) {
        builder.RollBack(mark);
        return false;
      }
      Finish::Apply(builder, mark);
      return true;
    }
  }
};

inline void Replace(Builder& builder, const Builder::Mark& mark, syntax::Part part) {
  builder.parts().resize(mark.parts);
  builder.parts().push_back(std::move(part));
}

// The parts become the one that `Build` makes of them.
template <auto Build>
struct building {
  static void Apply(Builder& builder, const Builder::Mark& mark) {
    const Span span = builder.SpanFrom(mark);
    syntax::Children children(builder, mark.parts, span);
    auto value = Build(children);
    Replace(builder, mark, {Role::kNone, span, std::move(value)});
  }
};

// The parts become this value.
template <auto Value>
struct constant {
  static void Apply(Builder& builder, const Builder::Mark& mark) { Replace(builder, mark, {Role::kNone, builder.SpanFrom(mark), Value}); }
};

// The parts get a role; if there are none, a flag stands for them.
template <Role R>
struct tagging {
  static void Apply(Builder& builder, const Builder::Mark& mark) {
    if (builder.parts().size() == mark.parts) {
      builder.parts().push_back({R, builder.SpanFrom(mark), syntax::Flag{}});
      return;
    }
    for (std::size_t i = mark.parts; i < builder.parts().size(); ++i) builder.parts()[i].role = R;
  }
};

// The parts stay as they are; only the roll-back is wanted.
struct keeping {
  static void Apply(Builder&, const Builder::Mark&) {}
};

template <auto Build>
using node = atomic<building<Build>>;

// What recurses, parentheses and blocks, is counted; `Opening` is what each begins with.
template <auto Build, typename Opening>
struct counted_node : pegtl::maybe_nothing {
  template <typename Rule, apply_mode A, rewind_mode M, template <typename...> class Action, template <typename...> class Control,
            typename Input>
  static bool match(Input& in, Builder& builder) {
    if (!pegtl::match<pegtl::at<Opening>, apply_mode::nothing, rewind_mode::required, pegtl::nothing, pegtl::normal>(in, builder))
      return false;
    if (!builder.EnterNesting(in.byte())) return false;
    const bool matched = node<Build>::template match<Rule, A, M, Action, Control>(in, builder);
    builder.LeaveNesting();
    return matched;
  }
};

template <typename Rule>
struct action : pegtl::nothing<Rule> {};

template <Role R, typename... Rules>
std::integral_constant<Role, R> RoleOf(const as<R, Rules...>*);

// Rules that are an `as<…>` under a name of their own.
template <typename Rule>
concept Tagged = requires(const Rule* rule) {
  RoleOf(rule);
};

template <Tagged Rule>
struct action<Rule> : atomic<tagging<decltype(RoleOf(static_cast<const Rule*>(nullptr)))::value>> {};

template <Comparator C, typename... Rules>
struct action<compare<C, Rules...>> : atomic<constant<C>> {};
template <StatusGroupKind K, typename... Rules>
struct action<group_kind<K, Rules...>> : atomic<constant<K>> {};
template <ArithmeticOp Op, typename... Rules>
struct action<arithmetic<Op, Rules...>> : atomic<constant<Op>> {};
template <Modifier::Kind K, typename... Rules>
struct action<modifying<K, Rules...>> : node<syntax::BuildModifier<K>> {};
template <Expectation::Kind K, typename... Rules>
struct action<expecting<K, Rules...>> : node<syntax::BuildExpectation<K>> {};
template <typename Stop, typename Term>
struct action<phrase<Stop, Term>> : node<syntax::BuildPhrase> {};
template <typename Term>
struct action<single_term<Term>> : node<syntax::BuildPhrase> {};

// clang-format off
template <> struct action<word> : node<syntax::BuildWord> {};
template <> struct action<day> : node<syntax::BuildWord> {};
template <> struct action<text> : node<syntax::BuildText> {};
template <> struct action<number> : node<syntax::BuildNumber> {};
template <> struct action<signed_number> : node<syntax::BuildNumber> {};
template <> struct action<points> : node<syntax::BuildNumber> {};
template <> struct action<percent> : node<syntax::BuildPercent> {};
template <> struct action<date> : node<syntax::BuildDate> {};
template <> struct action<clock_time> : node<syntax::BuildClockTime> {};
template <> struct action<column_name> : node<syntax::BuildPlaceholder> {};
template <> struct action<moment> : atomic<keeping> {};
template <> struct action<duration> : node<syntax::BuildDuration> {};
template <> struct action<known_duration> : node<syntax::BuildDuration> {};
template <> struct action<added_duration> : node<syntax::BuildDuration> {};
template <> struct action<day_phrase> : node<syntax::BuildPhrase> {};
template <> struct action<moves_phrase> : node<syntax::BuildPhrase> {};
template <> struct action<days> : node<syntax::BuildDays> {};
template <> struct action<month_day> : atomic<keeping> {};
template <> struct action<range> : node<syntax::BuildRange> {};

template <> struct action<value_list> : node<syntax::BuildValueList> {};
template <> struct action<value> : node<syntax::BuildOperand> {};
template <> struct action<values> : node<syntax::BuildOperand> {};
template <typename S> struct action<predicate<S>> : node<syntax::BuildPredicate> {};
template <typename S> struct action<nested<S>> : counted_node<syntax::BuildNested, open_paren> {};
template <typename S> struct action<operand<S>> : node<syntax::BuildNegation> {};
template <typename S> struct action<condition<S>> : node<syntax::BuildJoined> {};
template <typename S> struct action<joined<S>> : atomic<keeping> {};
template <> struct action<comparison> : atomic<keeping> {};
template <> struct action<within_part> : atomic<keeping> {};
template <> struct action<event_suffix> : atomic<keeping> {};

template <> struct action<list_trigger> : node<syntax::BuildListTrigger> {};
template <> struct action<any_change_trigger> : node<syntax::BuildAnyChangeTrigger> {};
template <> struct action<on_trigger> : node<syntax::BuildOnTrigger> {};
template <> struct action<stay_without> : atomic<keeping> {};
template <> struct action<stay_trigger> : node<syntax::BuildStayTrigger> {};
template <> struct action<timed_trigger> : node<syntax::BuildTimedTrigger> {};
template <> struct action<schedule_trigger> : node<syntax::BuildScheduleTrigger> {};
template <> struct action<by_hand_trigger> : node<syntax::BuildByHandTrigger> {};
template <> struct action<turns_true_trigger> : node<syntax::BuildTurnsTrueTrigger> {};
template <> struct action<any_trigger> : node<syntax::BuildTrigger> {};
template <> struct action<sla_trigger> : node<syntax::BuildSlaTrigger> {};
template <> struct action<sla_rule> : atomic<keeping> {};
template <> struct action<finally_part> : atomic<keeping> {};
template <> struct action<rule> : node<syntax::BuildRule> {};
template <> struct action<sequence_declaration> : node<syntax::BuildSequence> {};

template <> struct action<recipient> : node<syntax::BuildRecipient> {};
template <> struct action<arithmetic_step> : node<syntax::BuildArithmeticStep> {};
template <> struct action<set_action> : node<syntax::BuildSet> {};
template <> struct action<clear_action> : node<syntax::BuildClear> {};
template <> struct action<copy_action> : node<syntax::BuildCopy> {};
template <> struct action<add_action> : node<syntax::BuildAdd> {};
template <> struct action<subtract_action> : node<syntax::BuildAdd> {};
template <> struct action<append_action> : node<syntax::BuildAppend> {};
template <> struct action<assign_action> : node<syntax::BuildAssign> {};
template <> struct action<notify_action> : node<syntax::BuildNotify> {};
template <> struct action<create_task_action> : node<syntax::BuildCreateTask> {};
template <> struct action<create_deal_action> : node<syntax::BuildCreateDeal> {};
template <> struct action<move_deal_action> : node<syntax::BuildMoveDeal> {};
template <> struct action<create_action> : node<syntax::BuildCreate> {};
template <> struct action<add_to_list_action> : node<syntax::BuildAddToList> {};
template <> struct action<remove_from_list_action> : node<syntax::BuildRemoveFromList> {};
template <> struct action<send_email_action> : node<syntax::BuildSendEmail> {};
template <> struct action<call_webhook_action> : node<syntax::BuildCallWebhook> {};
template <> struct action<enrol_action> : node<syntax::BuildEnrol> {};
template <> struct action<leave_action> : node<syntax::BuildLeave> {};
template <> struct action<otherwise_do> : atomic<keeping> {};
template <> struct action<otherwise> : counted_node<syntax::BuildOtherwise, kw_otherwise> {};
template <> struct action<wait_action> : node<syntax::BuildWait> {};
template <> struct action<if_branch> : node<syntax::BuildBranch> {};
template <> struct action<else_if_branch> : node<syntax::BuildBranch> {};
template <> struct action<else_part> : atomic<keeping> {};
template <> struct action<if_action> : counted_node<syntax::BuildIf, kw_if> {};
template <> struct action<split_part> : node<syntax::BuildSplitPart> {};
template <> struct action<split_action> : counted_node<syntax::BuildSplit, kw_split> {};

template <> struct action<list_fact> : atomic<keeping> {};
template <> struct action<fact> : node<syntax::BuildFact> {};
template <> struct action<given_contact> : node<syntax::BuildGivenContact> {};
template <> struct action<given_clock> : node<syntax::BuildGivenClock> {};
template <> struct action<given_event> : node<syntax::BuildGivenEvent> {};
template <> struct action<when_step> : node<syntax::BuildWhenStep> {};
template <> struct action<wait_step> : node<syntax::BuildTestWait> {};
template <> struct action<no_thing> : node<syntax::BuildNoThing> {};
template <> struct action<expect_step> : node<syntax::BuildExpectStep> {};
template <> struct action<step> : node<syntax::BuildStep> {};
template <> struct action<row> : node<syntax::BuildRow> {};
template <> struct action<table> : node<syntax::BuildTable> {};
template <> struct action<test_declaration> : node<syntax::BuildTest> {};

template <> struct action<use_declaration> : node<syntax::BuildUse> {};
template <> struct action<import_declaration> : node<syntax::BuildImport> {};
template <> struct action<business_hours> : node<syntax::BuildBusinessHours> {};
template <> struct action<holiday> : node<syntax::BuildHoliday> {};
template <> struct action<workspace_declaration> : node<syntax::BuildWorkspace> {};
template <> struct action<sub_option> : node<syntax::BuildOption> {};
template <> struct action<option> : node<syntax::BuildOption> {};
template <> struct action<option_label> : node<syntax::BuildOptionLabel> {};
template <> struct action<option_labels> : node<syntax::BuildOptionLabels> {};
template <> struct action<option_probability> : node<syntax::BuildOptionProbability> {};
template <> struct action<status_group> : node<syntax::BuildStatusGroup> {};
template <> struct action<status_declaration> : node<syntax::BuildStatus> {};
template <> struct action<property_declaration> : node<syntax::BuildProperty> {};
template <> struct action<field> : node<syntax::BuildField> {};
template <> struct action<event_declaration> : node<syntax::BuildEvent> {};
template <> struct action<form_declaration> : node<syntax::BuildForm> {};
template <> struct action<pipeline_stage> : node<syntax::BuildPipelineStage> {};
template <> struct action<pipeline_declaration> : node<syntax::BuildPipeline> {};
template <> struct action<template_declaration> : node<syntax::BuildTemplate> {};
template <> struct action<member> : node<syntax::BuildMember> {};
template <> struct action<team_declaration> : node<syntax::BuildTeam> {};
template <> struct action<define_declaration> : node<syntax::BuildDefine> {};
template <> struct action<score_line> : node<syntax::BuildScoreLine> {};
template <> struct action<score_declaration> : node<syntax::BuildScore> {};
template <> struct action<counted_event> : node<syntax::BuildCounterEvent> {};
template <> struct action<counter_declaration> : node<syntax::BuildCounter> {};
template <> struct action<list_declaration> : node<syntax::BuildList> {};
template <> struct action<sort_key> : node<syntax::BuildSortKey> {};
template <> struct action<view_declaration> : node<syntax::BuildView> {};
template <> struct action<promise_declaration> : node<syntax::BuildPromise> {};
template <> struct action<later_than> : atomic<keeping> {};
template <> struct action<move_from> : node<syntax::BuildMoveTarget> {};
template <> struct action<move_to> : node<syntax::BuildMoveTarget> {};
template <> struct action<moves_line> : node<syntax::BuildMovesLine> {};
template <> struct action<moves_declaration> : node<syntax::BuildMoves> {};
// clang-format on

}  // namespace stagecraft::grammar

#endif  // STAGECRAFT_DSL_SYNTAX_ACTIONS_H_
