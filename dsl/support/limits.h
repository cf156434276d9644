// Bounds on what a script may ask of the compiler; beyond them: a diagnostic, never a crash, and never minutes or gigabytes.
#ifndef STAGECRAFT_DSL_SUPPORT_LIMITS_H_
#define STAGECRAFT_DSL_SUPPORT_LIMITS_H_

#include <cstddef>
#include <cstdint>

namespace stagecraft {

struct Limits {
  std::uint32_t source_bytes_max = 4U << 20;   // one file; 10 000 rules are about 1 MB
  std::uint32_t sources_bytes_max = 8U << 20;  // all files together
  std::uint32_t files_max = 1'000;
  std::uint32_t nesting_max = 64;       // parentheses; keeps the recursive parser off the end of the stack
  std::uint32_t diagnostics_max = 200;  // nobody reads more; the last says how many were left out
};

// Of all scripts together.
inline constexpr std::size_t kRulesMax = 50'000;
inline constexpr std::size_t kTestStepsMax = 200'000;       // those of a table once for each row
inline constexpr std::size_t kEventsNamedMax = 1'000'000;   // `on call` names every event of the family
inline constexpr std::size_t kFormsNamedMax = 250'000;      // `form level BOFU` names every form of the level
inline constexpr std::size_t kOptionsNamedMax = 2'000'000;  // `on region EMEA` names every sub-value
// Of one rule, its branches counted, of one event, of one name, of one phrase.
inline constexpr std::size_t kActionsMax = 1'000;
inline constexpr std::size_t kFieldsMax = 1'000;
inline constexpr std::size_t kNameWordsMax = 16;
inline constexpr std::size_t kPhraseTermsMax = 1'000;  // words that follow one another without a keyword

}  // namespace stagecraft

#endif  // STAGECRAFT_DSL_SUPPORT_LIMITS_H_
