// The user's words for what the grammar expects at a place, and the keywords that may stand there.
#ifndef STAGECRAFT_DSL_SYNTAX_LABELS_H_
#define STAGECRAFT_DSL_SYNTAX_LABELS_H_

#include <cstdint>
#include <string_view>
#include <vector>

namespace stagecraft::syntax {

enum class Label : std::uint8_t {
  kDeclaration,
  kEndOfCondition,
  kTrigger,
  kTriggerPhrase,
  kAction,
  kActionPhrase,
  kSetPhrase,
  kRecipient,
  kTask,
  kToList,
  kFromList,
  kFromOrTo,
  kChangeTo,
  kStayIn,
  kCondition,
  kValue,
  kListOfValues,
  kOption,
  kOptionOrComma,
  kClosingParen,
  kClosingQuote,
  kText,
  kName,
  kWord,
  kType,
  kGroup,
  kForwardOnly,
  kWhen,
  kWhenOrHand,
  kWhenOrEach,
  kPoints,
  kOf,
  kEvent,
  kDuration,
  kUnit,
  kDate,
  kDay,
  kHours,
  kPriority,
  kTeamMember,
  kWorkspacePart,
};

// `an action, like `set status New``: completes "expected …".
std::string_view LabelText(Label label);
// The keywords that can begin what the label stands for; empty where a name or a value does.
const std::vector<std::string_view>& LabelKeywords(Label label);

// The keywords that begin an action.
const std::vector<std::string_view>& ActionKeywords();

// Sentences of the whole language that this version does not read. `keyword` as it begins the sentence.
bool IsLaterDeclaration(std::string_view keyword);
bool IsLaterInRule(std::string_view keyword);

}  // namespace stagecraft::syntax

#endif  // STAGECRAFT_DSL_SYNTAX_LABELS_H_
