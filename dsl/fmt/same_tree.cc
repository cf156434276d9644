#include "dsl/fmt/same_tree.h"

#include <algorithm>
#include <memory>
#include <optional>
#include <tuple>
#include <type_traits>
#include <variant>
#include <vector>

#include "dsl/fmt/members.h"

namespace stagecraft::layout {

namespace {

class Comparer {
 public:
  Comparer(const Tokens& left, const Tokens& right) : left_(left), right_(right) {}

  bool Same(const Span& left, const Span& right) const {
    return left_.First(left) == right_.First(right) && left_.Last(left) == right_.Last(right);
  }

  template <typename Part>
  bool Same(const std::vector<Part>& left, const std::vector<Part>& right) const {
    return std::equal(left.begin(), left.end(), right.begin(), right.end(),
                      [&](const Part& one, const Part& other) { return Same(one, other); });
  }

  template <typename Part>
  bool Same(const std::optional<Part>& left, const std::optional<Part>& right) const {
    return left.has_value() == right.has_value() && (!left || Same(*left, *right));
  }

  template <typename Part>
  bool Same(const std::unique_ptr<Part>& left, const std::unique_ptr<Part>& right) const {
    return (left == nullptr) == (right == nullptr) && (left == nullptr || Same(*left, *right));
  }

  template <typename... Parts>
  bool Same(const std::variant<Parts...>& left, const std::variant<Parts...>& right) const {
    return left.index() == right.index() &&
           std::visit([&](const auto& one) { return Same(one, std::get<std::decay_t<decltype(one)>>(right)); }, left);
  }

  template <typename Part>
  bool Same(const Part& left, const Part& right) const {
    if constexpr (kHasMembers<Part>) {
      return std::apply(
          [&](const auto&... one) { return std::apply([&](const auto&... other) { return (Same(one, other) && ...); }, MembersOf(right)); },
          MembersOf(left));
    } else {
      return left == right;
    }
  }

 private:
  const Tokens& left_;
  const Tokens& right_;
};

}  // namespace

bool SameTree(const syntax::Declaration& left, const Tokens& left_tokens, const syntax::Declaration& right, const Tokens& right_tokens) {
  return Comparer(left_tokens, right_tokens).Same(left, right);
}

}  // namespace stagecraft::layout
