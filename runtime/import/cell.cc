#include "runtime/import/cell.h"

#include <algorithm>

#include "dsl/support/text.h"

namespace stagecraft::runtime {

std::optional<OwnedValue> ReadCell(ir::Type type, std::string_view text, const MomentReader& moments) {
  if (type != ir::Type::kDate && type != ir::Type::kTime) return OwnedValue(std::string(text));
  const auto moment = moments.Read(text);
  if (!moment) return std::nullopt;
  if (type == ir::Type::kDate) return OwnedValue(FormatDate(*moment));
  return OwnedValue(moment->at);
}

std::string ReadOption(const ir::Property& property, std::string_view text) {
  const auto folded = FoldCase(text);
  std::string squeezed;
  std::copy_if(folded.begin(), folded.end(), std::back_inserter(squeezed), [](char c) { return c != ' '; });
  const ir::Option* like = nullptr;
  for (const auto& option : property.options) {
    if (!option.declared) continue;
    if (folded == FoldCase(option.label) || folded == FoldCase(option.internal_name)) return std::string(text);
    if (squeezed == FoldCase(option.internal_name)) like = &option;
  }
  return like != nullptr ? like->internal_name : std::string(text);
}

std::string_view ExpectedMoment(ir::Type type) {
  return type == ir::Type::kDate ? "expected a date, such as `2024-03-12` or `3/12/2024`"
                                 : "expected a date and time, such as `2024-03-12 09:14` or `3/12/2024 9:14 AM`";
}

}  // namespace stagecraft::runtime
