// The user's words for what the grammar expects at a place, and the keywords that may stand there.
#ifndef STAGECRAFT_DSL_SYNTAX_LABELS_H_
#define STAGECRAFT_DSL_SYNTAX_LABELS_H_

#include <cstdint>
#include <string_view>
#include <vector>

namespace stagecraft::syntax {

// The members are listed in labels.inc (one table: label, text, keywords).
enum class Label : std::uint8_t {
#define STAGECRAFT_LABEL(name, ...) name,
#include "dsl/syntax/labels.inc"
#undef STAGECRAFT_LABEL
};

// `an action, like `set status New``: completes "expected …".
std::string_view LabelText(Label label);
// The keywords that can begin what the label stands for; empty where a name or a value does.
const std::vector<std::string_view>& LabelKeywords(Label label);

}  // namespace stagecraft::syntax

#endif  // STAGECRAFT_DSL_SYNTAX_LABELS_H_
