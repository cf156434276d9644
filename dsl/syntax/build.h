// One function for each part of the tree: it takes the parts that its rule has read and makes one of them.
#ifndef STAGECRAFT_DSL_SYNTAX_BUILD_H_
#define STAGECRAFT_DSL_SYNTAX_BUILD_H_

#include "dsl/syntax/builder.h"

namespace stagecraft::syntax {

// ---- terms (build_term.cc) ----
Term BuildWord(Children& children);
Term BuildText(Children& children);
Term BuildNumber(Children& children);
Term BuildPercent(Children& children);
Term BuildDate(Children& children);
Term BuildClockTime(Children& children);
Term BuildPlaceholder(Children& children);
Phrase BuildPhrase(Children& children);
Duration BuildDuration(Children& children);
Days BuildDays(Children& children);
Range BuildRange(Children& children);

// ---- conditions (build_condition.cc) ----
Operand BuildValueList(Children& children);
Operand BuildOperand(Children& children);
ConditionPtr BuildPredicate(Children& children);
ConditionPtr BuildNested(Children& children);
ConditionPtr BuildNegation(Children& children);
ConditionPtr BuildJoined(Children& children);

// ---- rules (build_rule.cc) ----
Trigger BuildListTrigger(Children& children);
Trigger BuildAnyChangeTrigger(Children& children);
Trigger BuildOnTrigger(Children& children);
Trigger BuildStayTrigger(Children& children);
Trigger BuildTimedTrigger(Children& children);
Trigger BuildScheduleTrigger(Children& children);
Trigger BuildByHandTrigger(Children& children);
Trigger BuildTurnsTrueTrigger(Children& children);
Trigger BuildTrigger(Children& children);
Trigger BuildSlaTrigger(Children& children);
Declaration BuildRule(Children& children);
Declaration BuildSequence(Children& children);

template <Modifier::Kind K>
Modifier BuildModifier(Children& children) {
  return {K, children.Need<ConditionPtr>(), children.Take<Duration>(), children.span()};
}

// ---- actions (build_action.cc) ----
Recipient BuildRecipient(Children& children);
ArithmeticStep BuildArithmeticStep(Children& children);
Action BuildSet(Children& children);
Action BuildClear(Children& children);
Action BuildCopy(Children& children);
Action BuildAdd(Children& children);
Action BuildAppend(Children& children);
Action BuildAssign(Children& children);
Action BuildNotify(Children& children);
Action BuildCreateTask(Children& children);
Action BuildCreateDeal(Children& children);
Action BuildMoveDeal(Children& children);
Action BuildCreate(Children& children);
Action BuildAddToList(Children& children);
Action BuildRemoveFromList(Children& children);
Action BuildSendEmail(Children& children);
Action BuildCallWebhook(Children& children);
Action BuildEnrol(Children& children);
Action BuildLeave(Children& children);
Otherwise BuildOtherwise(Children& children);
Action BuildWait(Children& children);
IfAction::Branch BuildBranch(Children& children);
Action BuildIf(Children& children);
SplitAction::Part BuildSplitPart(Children& children);
Action BuildSplit(Children& children);

// ---- tests (build_test.cc) ----
Fact BuildFact(Children& children);
TestStep BuildGivenContact(Children& children);
TestStep BuildGivenClock(Children& children);
TestStep BuildGivenEvent(Children& children);
TestStep BuildWhenStep(Children& children);
TestStep BuildTestWait(Children& children);
Expectation BuildExpected(Children& children, Expectation::Kind kind);
Expectation BuildNoThing(Children& children);
TestStep BuildExpectStep(Children& children);
TestStep BuildStep(Children& children);
TestTable::Row BuildRow(Children& children);
TestTable BuildTable(Children& children);
Declaration BuildTest(Children& children);

template <Expectation::Kind K>
Expectation BuildExpectation(Children& children) {
  return BuildExpected(children, K);
}

// ---- declarations (build_declaration.cc) ----
Declaration BuildUse(Children& children);
Declaration BuildImport(Children& children);
BusinessHours BuildBusinessHours(Children& children);
Holiday BuildHoliday(Children& children);
Declaration BuildWorkspace(Children& children);
OptionDecl BuildOption(Children& children);
OptionLabels::Label BuildOptionLabel(Children& children);
OptionLabels BuildOptionLabels(Children& children);
OptionProbability BuildOptionProbability(Children& children);
StatusGroup BuildStatusGroup(Children& children);
Declaration BuildStatus(Children& children);
Declaration BuildProperty(Children& children);
FieldDecl BuildField(Children& children);
Declaration BuildEvent(Children& children);
Declaration BuildForm(Children& children);
PipelineDecl::Stage BuildPipelineStage(Children& children);
Declaration BuildPipeline(Children& children);
Declaration BuildTemplate(Children& children);
TeamDecl::Member BuildMember(Children& children);
Declaration BuildTeam(Children& children);
Declaration BuildDefine(Children& children);
ScoreLine BuildScoreLine(Children& children);
Declaration BuildScore(Children& children);
CounterEvent BuildCounterEvent(Children& children);
Declaration BuildCounter(Children& children);
Declaration BuildList(Children& children);
ViewDecl::SortKey BuildSortKey(Children& children);
Declaration BuildView(Children& children);

// ---- promises (build_promise.cc) ----
Declaration BuildPromise(Children& children);
MovesDecl::Target BuildMoveTarget(Children& children);
MovesDecl::Line BuildMovesLine(Children& children);
Declaration BuildMoves(Children& children);

}  // namespace stagecraft::syntax

#endif  // STAGECRAFT_DSL_SYNTAX_BUILD_H_
