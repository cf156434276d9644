#include "runtime/model/reasons.h"

#include <algorithm>
#include <vector>

namespace stagecraft::runtime {
namespace {

std::vector<ReasonInfo> Table() {
  std::vector<ReasonInfo> table;
  std::string_view chapter;
#define REASON_CHAPTER(title) chapter = title;
#define REASON(constant, text, codes, meaning, remedy) table.push_back({chapter, text, codes, meaning, remedy});
#include "runtime/model/reasons.inc"
#undef REASON
#undef REASON_CHAPTER
  return table;
}

}  // namespace

std::span<const ReasonInfo> AllReasons() {
  static const std::vector<ReasonInfo> table = Table();
  return table;
}

const ReasonInfo* FindReason(std::string_view text) {
  const auto all = AllReasons();
  const auto found = std::find_if(all.begin(), all.end(), [&](const ReasonInfo& each) { return each.text == text; });
  return found == all.end() ? nullptr : &*found;
}

std::string Describe(const ReasonInfo& reason) {
  std::string text;
  for (const std::string_view part : {reason.text, std::string_view(": "), reason.codes, std::string_view("\n\n"), reason.meaning,
                                      std::string_view("\n"), reason.remedy, std::string_view("\n")}) {
    text += part;
  }
  return text;
}

}  // namespace stagecraft::runtime
