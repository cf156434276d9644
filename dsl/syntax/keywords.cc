#include "dsl/syntax/keywords.h"

#include <algorithm>
namespace stagecraft::syntax {

const std::vector<std::string_view>& Keywords() {
  static const std::vector<std::string_view> kAll = [] {
    std::vector<std::string_view> words(kKeywords.begin(), kKeywords.end());
    words.insert(words.end(), {"a", "SLA"});  // no phrase ends before them, so the grammar's table has them not
    std::sort(words.begin(), words.end(), [](std::string_view a, std::string_view b) {
      return std::lexicographical_compare(a.begin(), a.end(), b.begin(), b.end(), [](char x, char y) { return (x | 0x20) < (y | 0x20); });
    });
    return words;
  }();
  return kAll;
}

}  // namespace stagecraft::syntax
