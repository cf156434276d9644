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
Phrase BuildPhrase(Children& children);
Duration BuildDuration(Children& children);
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
Trigger BuildTurnsTrueTrigger(Children& children);
Trigger BuildTrigger(Children& children);
Recipient BuildRecipient(Children& children);
Action BuildSet(Children& children);
Action BuildClear(Children& children);
Action BuildAssign(Children& children);
Action BuildNotify(Children& children);
Action BuildCreateTask(Children& children);
Action BuildAddToList(Children& children);
Action BuildRemoveFromList(Children& children);
Declaration BuildRule(Children& children);

// ---- declarations (build_declaration.cc) ----
Declaration BuildUse(Children& children);
BusinessHours BuildBusinessHours(Children& children);
Holiday BuildHoliday(Children& children);
Declaration BuildWorkspace(Children& children);
OptionDecl BuildOption(Children& children);
StatusGroup BuildStatusGroup(Children& children);
Declaration BuildStatus(Children& children);
Declaration BuildProperty(Children& children);
FieldDecl BuildField(Children& children);
Declaration BuildEvent(Children& children);
Declaration BuildTeam(Children& children);
Declaration BuildDefine(Children& children);
ScoreLine BuildScoreLine(Children& children);
Declaration BuildScore(Children& children);
CounterEvent BuildCounterEvent(Children& children);
Declaration BuildCounter(Children& children);
Declaration BuildList(Children& children);

}  // namespace stagecraft::syntax

#endif  // STAGECRAFT_DSL_SYNTAX_BUILD_H_
