// A condition that stands alone, beside a program: what filters of the API and tables of a run are made of.
#ifndef STAGECRAFT_DSL_IR_CONDITION_H_
#define STAGECRAFT_DSL_IR_CONDITION_H_

#include <string>
#include <vector>

#include "dsl/ir/test_graph.h"

namespace stagecraft {

// A condition on contacts, in the language (`status is New and score >= 35`), checked against `program`. This is what
// filters of the API are written in.
struct CompiledCondition {
  ir::Entry entry = ir::kFails;
  std::vector<ir::Test> tests;  // self-contained: entries, masks, texts and sinces index into the members here
  std::vector<ir::Mask> masks;
  std::vector<std::string> texts;
  std::vector<ir::Since> sinces;
};

}  // namespace stagecraft

#endif  // STAGECRAFT_DSL_IR_CONDITION_H_
