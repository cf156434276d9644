#include "dsl/syntax/labels.h"

#include <algorithm>

namespace stagecraft::syntax {

namespace {

using Keywords = std::vector<std::string_view>;

bool Contains(const Keywords& keywords, std::string_view keyword) {
  return std::find(keywords.begin(), keywords.end(), keyword) != keywords.end();
}

}  // namespace

std::string_view LabelText(Label label) {
  switch (label) {
    case Label::kDeclaration:
      return "a declaration or a rule, like `on SQL set status New`";
    case Label::kEndOfCondition:
      return "`and`, `or` or the end of the condition";
    case Label::kTrigger:
      return "a trigger, like `on SQL` or `after meeting ends`";
    case Label::kTriggerPhrase:
      return "what the rule waits for, like `SQL` or `email sent`";
    case Label::kAction:
      return "an action, like `set status New`";
    case Label::kActionPhrase:
      return "the name of a property";
    case Label::kSetPhrase:
      return "a property and its value, like `set status New`";
    case Label::kRecipient:
      return "somebody, like `owner` or `manager of owner`";
    case Label::kTask:
      return "`task` and its title, like `create task \"Call {name}\"`";
    case Label::kToList:
      return "`to list` and the name of a list";
    case Label::kFromList:
      return "`from list` and the name of a list";
    case Label::kFromOrTo:
      return "`from` and a team, or `to` and a user";
    case Label::kChangeTo:
      return "the value that it changes to";
    case Label::kStayIn:
      return "`in` and a state, like `after 3 days in status New`";
    case Label::kCondition:
      return "a condition, like `status is New`";
    case Label::kValue:
      return "a value";
    case Label::kListOfValues:
      return "values, like `(New, Open)` or `2..5`";
    case Label::kOption:
      return "an option";
    case Label::kOptionOrComma:
      return "`,` and an option, or `)`";
    case Label::kClosingParen:
      return "`)`";
    case Label::kClosingQuote:
      return "a closing `\"`";
    case Label::kText:
      return "a text in quotation marks";
    case Label::kName:
      return "a name";
    case Label::kWord:
      return "a word";
    case Label::kType:
      return "a type at the end of the line, like `number`, `text` or `one of A, B`";
    case Label::kGroup:
      return "`start`, `process` or `outcome`, and its options";
    case Label::kForwardOnly:
      return "`only`, as in `forward only`";
    case Label::kWhen:
      return "`when` and a condition";
    case Label::kWhenOrHand:
      return "`when` and a condition, or `by hand`";
    case Label::kWhenOrEach:
      return "`when` and a condition, or `each` and an event";
    case Label::kPoints:
      return "points, like `+5 when opted_out`";
    case Label::kOf:
      return "`of` and the events to count";
    case Label::kEvent:
      return "an event, like `email sent`";
    case Label::kDuration:
      return "a length of time, like `3 days`";
    case Label::kUnit:
      return "a unit of time, like `days`";
    case Label::kDate:
      return "a date, like `2026-12-29`";
    case Label::kDay:
      return "days of the week, like `Mon-Fri`";
    case Label::kHours:
      return "hours, like `09:00-18:00`";
    case Label::kPriority:
      return "`low`, `medium` or `high`";
    case Label::kTeamMember:
      return "a member of the team, like `\"aya@acme.example\"`";
    case Label::kWorkspacePart:
      return "`time zone`, `business hours` or `holidays`";
  }
  return "something else";
}

const std::vector<std::string_view>& ActionKeywords() {
  static const Keywords kKeywords = {"set", "clear", "assign", "notify", "create", "add", "remove"};
  return kKeywords;
}

const std::vector<std::string_view>& LabelKeywords(Label label) {
  static const Keywords kNone;
  static const Keywords kDeclarations = {"use",   "workspace", "status", "property", "event",  "team",  "define",
                                         "score", "counter",   "list",   "rule",     "on",     "after", "when",
                                         "set",   "clear",     "assign", "notify",   "create", "add",   "remove"};
  static const Keywords kTriggers = {"on", "after", "when"};
  static const Keywords kAfterTrigger = {"set", "clear", "assign", "notify", "create", "add", "remove", "when", "disabled"};
  static const Keywords kConnectives = {"and", "or"};
  static const Keywords kGroups = {"start", "process", "outcome"};
  static const Keywords kTypes = {"number", "money", "text", "date", "time", "user", "yes or no", "one of", "stages"};
  static const Keywords kWhenOrHand = {"when", "by hand"};
  static const Keywords kWhenOrEach = {"when", "each"};
  static const Keywords kFromOrTo = {"from", "to"};
  static const Keywords kWorkspace = {"time zone", "business hours", "holidays"};
  static const Keywords kOf = {"of"};
  static const Keywords kIn = {"in"};
  static const Keywords kTask = {"task"};
  static const Keywords kList = {"list"};
  static const Keywords kWhen = {"when"};
  static const Keywords kPriority = {"low", "medium", "high"};
  switch (label) {
    case Label::kDeclaration:
      return kDeclarations;
    case Label::kEndOfCondition:
      return kConnectives;
    case Label::kTrigger:
      return kTriggers;
    case Label::kAction:
      return kAfterTrigger;
    case Label::kTask:
      return kTask;
    case Label::kToList:
    case Label::kFromList:
      return kList;
    case Label::kFromOrTo:
      return kFromOrTo;
    case Label::kStayIn:
      return kIn;
    case Label::kType:
      return kTypes;
    case Label::kGroup:
      return kGroups;
    case Label::kWhen:
      return kWhen;
    case Label::kWhenOrHand:
      return kWhenOrHand;
    case Label::kWhenOrEach:
      return kWhenOrEach;
    case Label::kOf:
      return kOf;
    case Label::kPriority:
      return kPriority;
    case Label::kWorkspacePart:
      return kWorkspace;
    default:
      return kNone;
  }
}

bool IsLaterDeclaration(std::string_view keyword) {
  static const Keywords kLater = {"form", "pipeline", "template", "sequence", "view",    "always", "never", "moves",
                                  "test", "every",    "within",   "import",   "migrate", "labels", "by",    "probability"};
  return Contains(kLater, keyword);
}

bool IsLaterInRule(std::string_view keyword) {
  static const Keywords kLater = {"if",      "split", "send",    "start",       "wait",    "copy",   "append",
                                  "call",    "enrol", "leave",   "until",       "once",    "every",  "otherwise",
                                  "finally", "at",    "matches", "probability", "without", "labels", "halving"};
  return Contains(kLater, keyword);
}

}  // namespace stagecraft::syntax
