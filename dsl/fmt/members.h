// The members of each part of the syntax tree, for functions that go through all of it.
#ifndef STAGECRAFT_DSL_FMT_MEMBERS_H_
#define STAGECRAFT_DSL_FMT_MEMBERS_H_

#include <cstddef>
#include <string>
#include <tuple>
#include <type_traits>
#include <variant>

#include "dsl/syntax/tree.h"

namespace stagecraft::layout {

namespace members {

using namespace syntax;  // NOLINT: all of it is listed here

// How many members the parts of the tree have. A wrong number does not compile, so a new member cannot be forgotten.
template <typename Part, typename... Parts>
constexpr bool kIsOneOf = (std::is_same_v<Part, Parts> || ...);

template <typename Part>
constexpr std::size_t Count() {
  if constexpr (kIsOneOf<Part, std::monostate, ByHandTrigger>) return 0;
  if constexpr (kIsOneOf<Part, AndCondition, OrCondition, NotCondition, ParenCondition, Use, ImportDecl, AnyChangeTrigger, TurnsTrueTrigger,
                         ClearAction, AddToListAction, RemoveFromListAction, SendEmailAction, EnrolAction, LeaveAction, SplitAction,
                         GivenStep, GivenStep::ContactFacts, ExpectStep>)
    return 1;
  if constexpr (kIsOneOf<Part, Phrase, Range, Operand, Condition, Holiday, OptionLabels::Label, OptionProbability, FormDecl, PipelineDecl,
                         PipelineDecl::Stage, CounterEvent, ListDecl, ViewDecl::SortKey, ChangeTrigger, ListTrigger, StayTrigger, Trigger,
                         CopyAction, AppendAction, NotifyAction, MoveDealAction, CallWebhookAction, SplitAction::Part, Action, MovesDecl,
                         MovesDecl::Target, Fact, GivenStep::Clock, TestStep, TestTable, TestTable::Row, Declaration>)
    return 2;
  if constexpr (kIsOneOf<Part, Days, OptionDecl, OptionLabels, TemplateDecl, TeamDecl, TeamDecl::Member, DefineDecl, OnTrigger,
                         WithoutTrigger, ScheduleTrigger, ArithmeticStep, AddAction, Recipient, Otherwise, IfAction, IfAction::Branch,
                         PromiseDecl, MovesDecl::Line, TestDecl>)
    return 3;
  if constexpr (kIsOneOf<Part, Term, Comparison, WorkspaceDecl, StatusGroup, StatusDecl, FieldDecl, EventDecl, ScoreDecl, CounterDecl,
                         ViewDecl, SlaTrigger, Modifier, RuleDecl, CreateDealAction, GivenStep::Happened, TestWaitStep>)
    return 4;
  if constexpr (kIsOneOf<Part, Duration, BareCondition, BusinessHours, PropertyDecl, ScoreLine, TimedTrigger, SetAction, AssignAction>)
    return 5;
  if constexpr (kIsOneOf<Part, SequenceDecl, WhenStep>) return 6;
  if constexpr (kIsOneOf<Part, WaitAction, CreateTaskAction>) return 7;
  if constexpr (kIsOneOf<Part, Expectation>) return 11;
}

}  // namespace members

// Whether it is a part of the tree, with members, and not a value.
template <typename Part>
constexpr bool kHasMembers = std::is_class_v<Part> && !std::is_same_v<Part, std::string>;

// References to all the members.
template <typename Part>
auto MembersOf(const Part& part) {
  constexpr std::size_t kCount = members::Count<Part>();
  if constexpr (kCount == 0) {
    return std::tie();
  } else if constexpr (kCount == 1) {
    const auto& [a] = part;
    return std::tie(a);
  } else if constexpr (kCount == 2) {
    const auto& [a, b] = part;
    return std::tie(a, b);
  } else if constexpr (kCount == 3) {
    const auto& [a, b, c] = part;
    return std::tie(a, b, c);
  } else if constexpr (kCount == 4) {
    const auto& [a, b, c, d] = part;
    return std::tie(a, b, c, d);
  } else if constexpr (kCount == 5) {
    const auto& [a, b, c, d, e] = part;
    return std::tie(a, b, c, d, e);
  } else if constexpr (kCount == 6) {
    const auto& [a, b, c, d, e, f] = part;
    return std::tie(a, b, c, d, e, f);
  } else if constexpr (kCount == 7) {
    const auto& [a, b, c, d, e, f, g] = part;
    return std::tie(a, b, c, d, e, f, g);
  } else if constexpr (kCount == 11) {
    const auto& [a, b, c, d, e, f, g, h, i, j, k] = part;
    return std::tie(a, b, c, d, e, f, g, h, i, j, k);
  }
}

}  // namespace stagecraft::layout

#endif  // STAGECRAFT_DSL_FMT_MEMBERS_H_
