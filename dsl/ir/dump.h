// A program as readable text, for tests: declared things only, names instead of numbers, one fact a line.
#ifndef STAGECRAFT_DSL_IR_DUMP_H_
#define STAGECRAFT_DSL_IR_DUMP_H_

#include <string>

#include "dsl/ir/program.h"

namespace stagecraft::ir {

// What the scripts add to the standard vocabulary's own: trackers, nodes, windows, rules.
std::string Dump(const Program& program);

}  // namespace stagecraft::ir

#endif  // STAGECRAFT_DSL_IR_DUMP_H_
