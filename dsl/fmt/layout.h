// From a plan to text: measures, chooses, aligns and puts the comments where they belong.
#ifndef STAGECRAFT_DSL_FMT_LAYOUT_H_
#define STAGECRAFT_DSL_FMT_LAYOUT_H_

#include <cstddef>
#include <string>
#include <vector>

#include "dsl/fmt/plan.h"
#include "dsl/fmt/tokens.h"

namespace stagecraft::layout {

// Tokens that belong together: a declaration, or lines that are left as they are.
struct Item {
  std::size_t first = 0;  // tokens [first, end)
  std::size_t end = 0;
  bool kept = false;  // byte for byte, with the lines that it stands in
};

// The whole file. The items hold all tokens, in their order; `plan` speaks of those that are not kept.
std::string LayOut(const Tokens& tokens, const std::vector<Item>& items, Plan plan);

}  // namespace stagecraft::layout

#endif  // STAGECRAFT_DSL_FMT_LAYOUT_H_
