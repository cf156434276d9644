// The names of stages and properties: their letters, and the words by which people name what comes before sales and after the deal
// (product.md S9), in the languages of our sources.
#ifndef STAGECRAFT_DSL_SEMA_ANALYSIS_STAGE_WORDS_H_
#define STAGECRAFT_DSL_SEMA_ANALYSIS_STAGE_WORDS_H_

#include <string>
#include <string_view>

namespace stagecraft::sema {

// The letters and digits of a name, folded: what is left of it without blanks and signs.
std::u32string LettersOf(std::string_view name);

// True when the name speaks of marketing's part: forms, webinars, downloads, visits.
bool IsBeforeSales(std::string_view name);
// True when it speaks of what the deal's own stages are for: contracts, customers, onboarding.
bool IsAfterDeal(std::string_view name);

}  // namespace stagecraft::sema

#endif  // STAGECRAFT_DSL_SEMA_ANALYSIS_STAGE_WORDS_H_
