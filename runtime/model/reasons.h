// The stable reasons of a Status, and what each means: runtime/model/reasons.inc.
#ifndef STAGECRAFT_RUNTIME_MODEL_REASONS_H_
#define STAGECRAFT_RUNTIME_MODEL_REASONS_H_

#include <cstddef>
#include <span>
#include <string>
#include <string_view>

namespace stagecraft::runtime {

namespace reasons {
#define REASON_CHAPTER(title)
#define REASON(constant, text, codes, meaning, remedy) inline constexpr char constant[] = text;
#include "runtime/model/reasons.inc"
#undef REASON
#undef REASON_CHAPTER

// Whether the table has it.
constexpr bool IsOne(std::string_view name) {
#define REASON_CHAPTER(title)
#define REASON(constant, text, codes, meaning, remedy) \
  if (name == text) return true;
#include "runtime/model/reasons.inc"
#undef REASON
#undef REASON_CHAPTER
  return false;
}
}  // namespace reasons

// One of the table. Another does not compile.
class Reason {
 public:
  template <std::size_t kSize>
  consteval Reason(const char (&text)[kSize]) : text_(text, kSize - 1) {  // NOLINT(google-explicit-constructor): as the text is written
    if (!reasons::IsOne(text_)) throw "runtime/model/reasons.inc has no such reason";
  }
  constexpr std::string_view text() const { return text_; }

 private:
  std::string_view text_;
};

// What the table says of a reason; see reasons.inc.
struct ReasonInfo {
  std::string_view chapter;
  std::string_view text;
  std::string_view codes;
  std::string_view meaning;
  std::string_view remedy;
};

// In the table's order; chapters stand together.
std::span<const ReasonInfo> AllReasons();

// Null when it is none.
const ReasonInfo* FindReason(std::string_view text);

// In a few lines, for people.
std::string Describe(const ReasonInfo& reason);

}  // namespace stagecraft::runtime

#endif  // STAGECRAFT_RUNTIME_MODEL_REASONS_H_
