#include "dsl/syntax/labels.h"

#include <array>

namespace stagecraft::syntax {

namespace {

struct Row {
  std::string_view text;
  std::vector<std::string_view> keywords;
};

const Row& RowOf(Label label) {
  static const auto kRows = std::to_array<Row>({
#define STAGECRAFT_LABEL(name, text, ...) {text, {__VA_ARGS__}},
#include "dsl/syntax/labels.inc"
#undef STAGECRAFT_LABEL
  });
  return kRows.at(static_cast<std::size_t>(label));
}

}  // namespace

std::string_view LabelText(Label label) { return RowOf(label).text; }

const std::vector<std::string_view>& LabelKeywords(Label label) { return RowOf(label).keywords; }

}  // namespace stagecraft::syntax
