// Where the engine does something else than docs/semantics.md says, or where the page leaves it open and the engine has decided. The
// reference goes with the engine as long as the switch is on, so that other differences are seen; off, it goes by the page.
#ifndef STAGECRAFT_TESTS_REFERENCE_KNOWN_H_
#define STAGECRAFT_TESTS_REFERENCE_KNOWN_H_

namespace stagecraft::reference::known {

// E6: an event clears a property that has never had a value. By the page nothing older can set it afterwards; the engine forgets the clear.
inline constexpr bool kClearOfNothingIsForgotten = true;

// E3: `append` of an empty text adds nothing. The page says that who sets what is there already has the property for the round.
inline constexpr bool kEmptyAppendHoldsNothing = true;

}  // namespace stagecraft::reference::known

#endif  // STAGECRAFT_TESTS_REFERENCE_KNOWN_H_
