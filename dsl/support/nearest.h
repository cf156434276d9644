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
// one slip in up to five letters (none in one or two), one more for each further three, and never a change of half the word.
std::optional<std::string> Nearest(std::string_view text, const std::vector<std::string>& candidates);
std::optional<std::string> Nearest(std::string_view text, const std::vector<std::string_view>& candidates);

}  // namespace stagecraft

#endif  // STAGECRAFT_DSL_SUPPORT_NEAREST_H_
