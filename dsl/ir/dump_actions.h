// The actions of a rule in a dump.
#ifndef STAGECRAFT_DSL_IR_DUMP_ACTIONS_H_
#define STAGECRAFT_DSL_IR_DUMP_ACTIONS_H_

#include <string>

#include "dsl/ir/dump_text.h"

namespace stagecraft::ir {

// One line each, indented; numbered where one of them names another.
std::string DumpActions(const Program& program, const Rule& rule);

}  // namespace stagecraft::ir

#endif  // STAGECRAFT_DSL_IR_DUMP_ACTIONS_H_
