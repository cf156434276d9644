#include "dsl/support/nearest.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "dsl/support/text.h"

namespace stagecraft {

namespace {

// Nobody misspells a longer name in a way worth guessing, and the distance costs the product of the lengths.
constexpr std::size_t kLettersMax = 120;

std::u32string Letters(std::string_view text) {
  const std::string folded = FoldCase(text);
  std::u32string letters;
  if (IsAscii(folded)) return {folded.begin(), folded.end()};
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

// The most slips that a text of this length may have.
std::size_t SlipsMax(std::size_t letters) { return std::min(DistanceMax(letters), letters / 2); }

std::vector<std::u32string_view> Words(std::u32string_view letters) {
  std::vector<std::u32string_view> words;
  while (true) {
    const std::size_t space = letters.find(U' ');
    words.push_back(letters.substr(0, space));
    if (space == std::u32string_view::npos) return words;
    letters.remove_prefix(space + 1);
  }
}

// True where both have as many words and `holds` of each word and its counterpart; `otherwise` where they have not.
template <typename Holds>
bool WordByWord(std::u32string_view left, std::u32string_view right, bool otherwise, Holds holds) {
  const std::vector<std::u32string_view> left_words = Words(left);
  const std::vector<std::u32string_view> right_words = Words(right);
  if (left_words.size() != right_words.size()) return otherwise;
  return std::equal(left_words.begin(), left_words.end(), right_words.begin(), holds);
}

// A word within a phrase may have one slip more than one that stands alone: `meeting ended` is near `meeting ends`. Where one has more
// words, only the blanks between them may be amiss, and little else: `form submitted` is not near `form demo submitted`.
bool NearWordByWord(std::u32string_view left, std::u32string_view right) {
  const auto letters_of = [](std::u32string_view words) {
    std::u32string letters(words);
    std::erase_if(letters, [](char32_t letter) { return letter == U' ' || letter == U'_'; });
    return letters;
  };
  const bool same_letters = EditDistance(letters_of(left), letters_of(right)) <= 1;
  return WordByWord(left, right, same_letters, [](std::u32string_view one, std::u32string_view other) {
    return EditDistance(one, other) <= SlipsMax(std::max(one.size(), other.size())) + 1;
  });
}

std::u32string DigitsOf(std::u32string_view letters) {
  std::u32string digits;
  std::copy_if(letters.begin(), letters.end(), std::back_inserter(digits),
               [](char32_t letter) { return letter >= U'0' && letter <= U'9'; });
  return digits;
}

// See Suggestion::sure.
bool IsSlipOfWord(std::u32string_view written, std::u32string_view meant) {
  constexpr std::size_t kLettersForOne = 5;
  constexpr std::size_t kLettersForTwo = 9;
  if (written == meant) return true;
  if (written.empty() || meant.empty() || written.front() != meant.front()) return false;
  const std::size_t distance = EditDistance(written, meant);
  const std::size_t letters = std::min(written.size(), meant.size());
  const bool swapped =
      distance == 1 && written.size() == meant.size() && std::is_permutation(written.begin(), written.end(), meant.begin());
  return swapped || letters >= (distance == 1 ? kLettersForOne : kLettersForTwo);
}

bool IsSlip(std::u32string_view written, std::u32string_view meant) {
  return EditDistance(written, meant) <= 2 && DigitsOf(written) == DigitsOf(meant) && WordByWord(written, meant, false, IsSlipOfWord);
}

template <typename Text>
std::optional<Suggestion> SuggestOf(std::string_view text, const std::vector<Text>& candidates) {
  const std::u32string wanted = Letters(text);
  if (wanted.size() > kLettersMax) return std::nullopt;
  std::optional<Suggestion> best;
  std::u32string best_letters;
  std::size_t best_distance = 0;
  for (const Text& candidate : candidates) {
    // So many letters must be put in or left out at least; of other alphabets the bytes do not tell how many there are.
    const std::size_t bytes = candidate.size();
    const std::size_t apart = bytes > wanted.size() ? bytes - wanted.size() : wanted.size() - bytes;
    if (apart > DistanceMax(std::max(bytes, wanted.size())) && IsAscii(candidate)) continue;
    const std::u32string letters = Letters(candidate);
    if (letters.size() > kLettersMax) continue;
    const std::size_t distance = EditDistance(wanted, letters);
    if (distance > SlipsMax(std::max(wanted.size(), letters.size())) || (best && distance > best_distance)) continue;
    if (!NearWordByWord(wanted, letters)) continue;
    if (best && distance == best_distance) {
      best->sure = best->sure && letters == best_letters;
      continue;
    }
    best = Suggestion{std::string(candidate), IsSlip(wanted, letters)};
    best_letters = letters;
    best_distance = distance;
  }
  return best;
}

template <typename Text>
std::optional<std::string> NearestOf(std::string_view text, const std::vector<Text>& candidates) {
  std::optional<Suggestion> suggestion = SuggestOf(text, candidates);
  if (!suggestion) return std::nullopt;
  return std::move(suggestion->name);
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

std::optional<Suggestion> Suggest(std::string_view text, const std::vector<std::string>& candidates) { return SuggestOf(text, candidates); }

std::optional<Suggestion> Suggest(std::string_view text, const std::vector<std::string_view>& candidates) {
  return SuggestOf(text, candidates);
}

}  // namespace stagecraft
