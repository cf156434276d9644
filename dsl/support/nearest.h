// "did you mean": the known name that a misspelt one was probably meant to be.
#ifndef STAGECRAFT_DSL_SUPPORT_NEAREST_H_
#define STAGECRAFT_DSL_SUPPORT_NEAREST_H_

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace stagecraft {

// How many letters must be put in, left out, changed or swapped with their neighbour to make `right` of `left`.
std::size_t EditDistance(std::u32string_view left, std::u32string_view right);

// The candidate that `text` is closest to, without regard to letter case; the first among equals. Nothing when none is close:
// one slip in up to five letters (none in one or two), one more for each further three, and never a change of half the word. Where both
// have as many words, each word must be near its own: `email delivered` is not `email clicked`.
std::optional<std::string> Nearest(std::string_view text, const std::vector<std::string>& candidates);
std::optional<std::string> Nearest(std::string_view text, const std::vector<std::string_view>& candidates);

struct Suggestion {
  std::string name;
  // Only a slip of the pen lies between, and no other candidate is as near: two neighbours have changed places, or one letter in a word of
  // five or more (two in nine or more) is too many, missing or another. The first letter is the same, no digit is another one, and there
  // are as many words. Everything else is a question, not a correction.
  bool sure = false;
};
// As Nearest, and says how sure it is.
std::optional<Suggestion> Suggest(std::string_view text, const std::vector<std::string>& candidates);
std::optional<Suggestion> Suggest(std::string_view text, const std::vector<std::string_view>& candidates);

}  // namespace stagecraft

#endif  // STAGECRAFT_DSL_SUPPORT_NEAREST_H_
