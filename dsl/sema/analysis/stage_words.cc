#include "dsl/sema/analysis/stage_words.h"

#include <algorithm>
#include <array>
#include <string>

#include "dsl/support/text.h"

namespace stagecraft::sema {

namespace {

// English words are looked for as whole words; Japanese and Hebrew ones anywhere, since they are not set apart by blanks.
constexpr std::array<std::string_view, 28> kBeforeSales = {
    "form",        "form submitted", "form filled",  "webinar",     "download",      "downloaded", "whitepaper",
    "white paper", "ebook",          "visit",        "visited",     "page viewed",   "page view",  "website",
    "subscribed",  "newsletter",     "email opened", "mail opened", "email clicked", "clicked",    "フォーム",
    "ウェビナー",  "セミナー",       "ダウンロード", "資料請求",    "טופס",          "וובינר",     "הורדה"};
constexpr std::array<std::string_view, 27> kAfterDeal = {
    "won",         "lost",       "closed won",    "closed lost", "contract",   "contract sent", "contract signed",
    "negotiation", "proposal",   "proposal sent", "quote",       "quote sent", "invoice",       "invoiced",
    "customer",    "onboarding", "onboarded",     "renewal",     "churned",    "upsell",        "受注",
    "失注",        "契約",       "導入",          "חוזה",        "לקוח",       "הצעת מחיר"};

// The letters and digits of a name, words apart by one blank, blanks around: `[Form] submitted!` is " form submitted ".
std::string Words(std::string_view name) {
  std::string words = " ";
  const std::string folded = FoldCase(name);
  for (std::string_view rest = folded; !rest.empty();) {
    const CodePoint letter = DecodeFirst(rest);
    if (IsWordPart(letter.value)) {
      words += rest.substr(0, letter.bytes);
    } else if (words.back() != ' ') {
      words += ' ';
    }
    rest.remove_prefix(letter.bytes);
  }
  if (words.back() != ' ') words += ' ';
  return words;
}

template <std::size_t kCount>
bool HasAny(std::string_view name, const std::array<std::string_view, kCount>& list) {
  const std::string words = Words(name);
  return std::any_of(list.begin(), list.end(), [&](std::string_view word) {
    if (!IsAscii(word)) return words.find(FoldCase(word)) != std::string::npos;
    return words.find(" " + std::string(word) + " ") != std::string::npos;
  });
}

}  // namespace

std::u32string LettersOf(std::string_view name) {
  std::u32string letters;
  const std::string folded = FoldCase(name);
  for (std::string_view rest = folded; !rest.empty();) {
    const CodePoint letter = DecodeFirst(rest);
    if (IsWordPart(letter.value) && letter.value != U'_') letters += letter.value;
    rest.remove_prefix(letter.bytes);
  }
  return letters;
}

bool IsBeforeSales(std::string_view name) { return HasAny(name, kBeforeSales); }
bool IsAfterDeal(std::string_view name) { return HasAny(name, kAfterDeal); }

}  // namespace stagecraft::sema
