#include "dsl/support/nearest.h"

#include <algorithm>

#include "dsl/support/text.h"

namespace stagecraft {

namespace {

// Nobody misspells a longer name in a way worth guessing, and the distance costs the product of the lengths.
constexpr std::size_t kLettersMax = 120;

std::u32string Letters(std::string_view text) {
  const std::string folded = FoldCase(text);
  std::u32string letters;
  std::string_view rest = folded;
  while (!rest.empty()) {
    const CodePoint point = DecodeFirst(rest);
    letters.push_back(point.value);
    rest.remove_prefix(point.bytes);
  }
  return letters;
}

std::size_t DistanceMax(std::size_t letters) {
  if (letters <= 2) return 0;
  if (letters <= 5) return 1;
  return 2 + (letters - 6) / 3;
}

template <typename Text>
std::optional<std::string> NearestOf(std::string_view text, const std::vector<Text>& candidates) {
  const std::u32string wanted = Letters(text);
  if (wanted.size() > kLettersMax) return std::nullopt;
  std::optional<std::string> best;
  std::size_t best_distance = 0;
  for (const Text& candidate : candidates) {
    const std::u32string letters = Letters(candidate);
    if (letters.size() > kLettersMax) continue;
    const std::size_t longer = std::max(wanted.size(), letters.size());
    const std::size_t distance_max = std::min(DistanceMax(longer), longer / 2);
    const std::size_t distance = EditDistance(wanted, letters);
    if (distance > distance_max || (best && distance >= best_distance)) continue;
    best = std::string(candidate);
    best_distance = distance;
  }
  return best;
}

}  // namespace

std::size_t EditDistance(std::u32string_view left, std::u32string_view right) {
  const std::size_t columns = right.size() + 1;
  std::vector<std::size_t> before_last(columns);
  std::vector<std::size_t> last(columns);
  std::vector<std::size_t> row(columns);
  for (std::size_t j = 0; j < columns; ++j) last[j] = j;
  for (std::size_t i = 1; i <= left.size(); ++i) {
    row[0] = i;
    for (std::size_t j = 1; j < columns; ++j) {
      const bool same = left[i - 1] == right[j - 1];
      row[j] = std::min({last[j] + 1, row[j - 1] + 1, last[j - 1] + (same ? 0 : 1)});
      const bool swapped = i > 1 && j > 1 && left[i - 1] == right[j - 2] && left[i - 2] == right[j - 1];
      if (swapped) row[j] = std::min(row[j], before_last[j - 2] + 1);
    }
    std::swap(before_last, last);
    std::swap(last, row);
  }
  return last[columns - 1];
}

std::optional<std::string> Nearest(std::string_view text, const std::vector<std::string>& candidates) {
  return NearestOf(text, candidates);
}

std::optional<std::string> Nearest(std::string_view text, const std::vector<std::string_view>& candidates) {
  return NearestOf(text, candidates);
}

}  // namespace stagecraft
