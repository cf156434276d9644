// Texts of contacts and events against the texts of a script, without regard to letter case. The script's side comes
// case-folded (ir::Program::texts).
#ifndef STAGECRAFT_RUNTIME_EXEC_TEXT_MATCH_H_
#define STAGECRAFT_RUNTIME_EXEC_TEXT_MATCH_H_

#include <string_view>

#include "dsl/ir/test_graph.h"

namespace stagecraft::runtime {

// True iff `text` passes the test `op`, one of ir::Op::kText…, against `folded`.
bool MatchText(ir::Op op, std::string_view text, std::string_view folded);

// True iff `a` and `b` are the same name: equal without regard to letter case.
bool SameName(std::string_view a, std::string_view b);

// True iff `text` is valid UTF-8; quick for ASCII.
bool IsUtf8(std::string_view text);

// The case-folded form of `text`. The view is good until the next call on this thread, or as long as `text`.
std::string_view Folded(std::string_view text);

}  // namespace stagecraft::runtime

#endif  // STAGECRAFT_RUNTIME_EXEC_TEXT_MATCH_H_
