#include "dsl/syntax/builder.h"

namespace stagecraft::syntax {

void Builder::Report(Code code, const Span& span, std::string message, std::string label, std::vector<std::string> help,
                     std::vector<Fix> fixes) {
  diagnostics_.push_back({code, CodeSeverity(code), span, std::move(message), std::move(label), std::move(help), {}, std::move(fixes)});
}

void Builder::Expect(std::size_t offset, Label label, std::size_t labels) {
  const auto place = static_cast<std::uint32_t>(offset);
  if (place < furthest_) return;
  if (place > furthest_) {
    furthest_ = place;
    furthest_token_end_ = last_end_;
    expected_.clear();
  }
  expected_.resize(std::min(expected_.size(), labels));
  if (std::find(expected_.begin(), expected_.end(), label) == expected_.end()) expected_.push_back(label);
}

bool Builder::EnterNesting(std::size_t offset) {
  if (depth_ >= limits_.nesting_max) {
    if (!too_deep_at_) too_deep_at_ = static_cast<std::uint32_t>(offset);
    return false;
  }
  ++depth_;
  return true;
}

}  // namespace stagecraft::syntax
