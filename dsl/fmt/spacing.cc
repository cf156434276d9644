#include "dsl/fmt/spacing.h"

namespace stagecraft::layout {

bool SpaceBefore(const Tokens& tokens, const Plan& plan, std::size_t i) {
  return !plan.tight.contains(i) && syntax::SpaceBetween(tokens.text(), tokens[i - 1], tokens[i]);
}

}  // namespace stagecraft::layout
