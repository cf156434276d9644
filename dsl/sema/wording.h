// What other tools and plain English call the things that the language has one way to say. It is only help: nothing here is accepted.
#ifndef STAGECRAFT_DSL_SEMA_WORDING_H_
#define STAGECRAFT_DSL_SEMA_WORDING_H_

#include <string>
#include <string_view>

#include "dsl/sema/names.h"

namespace stagecraft::sema {

// The finding offers `meant` in place of `span`, instead of what it suggested so far. Whole words come and go, so nobody applies it
// unasked.
void Offer(Diagnostic& diagnostic, const Span& span, const std::string& meant);

// Where the words behind the value `left` are a comparison in other words, as in `score more than 5`, the finding offers the language's own
// in place of `span`. False: they are none. `negated`: behind `is not`.
bool OfferComparison(Diagnostic& diagnostic, const Span& span, std::string_view left, bool negated, Terms behind);

// True where the words ask for a value to be gone: `null`, `none`, `unassigned`.
bool MeansNothing(Terms value);

// Where `terms` begin with what HubSpot calls a property, as in `lead status`, the finding is of those words and offers the property.
// False: they do not.
bool OfferOwnName(Diagnostic& diagnostic, Terms terms, const Vocabulary& vocabulary);

// What to write for `the owner`, and for words that belong elsewhere, as in `owner due tomorrow`; the finding stays as it is where there is
// nothing to say.
void HelpWithWordsAround(Diagnostic& diagnostic, Terms terms, const Names& names);

// What may be meant by the word behind a trigger or behind a value, as in `on SQL unless …`; empty: nobody knows.
std::string HelpWithModifier(Terms behind);

}  // namespace stagecraft::sema

#endif  // STAGECRAFT_DSL_SEMA_WORDING_H_
