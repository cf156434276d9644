// What a program is looked up by.
#ifndef STAGECRAFT_DSL_IR_INDEX_H_
#define STAGECRAFT_DSL_IR_INDEX_H_

#include "dsl/ir/program.h"

namespace stagecraft::ir {

// Fills Program::index and Program::windows, which are empty, from the rest of the program.
void IndexProgram(Program& program);

}  // namespace stagecraft::ir

#endif  // STAGECRAFT_DSL_IR_INDEX_H_
