#include "dsl/fmt/run_on.h"

#include <algorithm>
#include <memory>
#include <optional>
#include <string_view>
#include <tuple>
#include <variant>
#include <vector>

#include "dsl/fmt/members.h"
#include "dsl/syntax/failure.h"

namespace stagecraft::layout {

namespace {

class Search {
 public:
  explicit Search(const Source& source) : source_(source) {}

  bool Found(const syntax::Phrase& phrase) const {
    const std::string_view text = source_.At(phrase.span);
    return text.find('\n') != std::string_view::npos && syntax::MisspeltKeywordIn(phrase.span, source_);
  }

  template <typename Part>
  bool Found(const std::vector<Part>& parts) const {
    return std::any_of(parts.begin(), parts.end(), [this](const Part& part) { return Found(part); });
  }

  template <typename Part>
  bool Found(const std::optional<Part>& part) const {
    return part && Found(*part);
  }

  template <typename Part>
  bool Found(const std::unique_ptr<Part>& part) const {
    return part != nullptr && Found(*part);
  }

  template <typename... Parts>
  bool Found(const std::variant<Parts...>& part) const {
    return std::visit([&](const auto& one) { return Found(one); }, part);
  }

  bool Found(const Span&) const { return false; }

  template <typename Part>
  bool Found(const Part& part) const {
    if constexpr (kHasMembers<Part>) {
      return std::apply([&](const auto&... member) { return (Found(member) || ...); }, MembersOf(part));
    } else {
      return false;
    }
  }

 private:
  const Source& source_;
};

}  // namespace

bool RunsOn(const syntax::Declaration& declaration, const Source& source) { return Search(source).Found(declaration); }

}  // namespace stagecraft::layout
