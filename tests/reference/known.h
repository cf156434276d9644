// Where the engine does something else than docs/semantics.md says, or where the page leaves it open and the engine has decided. The
// reference goes with the engine as long as the switch is on, so that other differences are seen; off, it goes by the page.
#ifndef STAGECRAFT_TESTS_REFERENCE_KNOWN_H_
#define STAGECRAFT_TESTS_REFERENCE_KNOWN_H_

namespace stagecraft::reference::known {

// E3: `append` of an empty text adds nothing. The page says that who sets what is there already has the property for the round.
inline constexpr bool kEmptyAppendHoldsNothing = true;

// E6, E8: a window closes and nothing changes by it. The engine makes it a record, empty, and the contact's now moves to that moment, so
// that windows look at a later event from there. The page does not say whether such a closing is something "applied" to the contact.
inline constexpr bool kIdleClosingsMoveNow = true;

// E10: `until` ends a run at the start of a round in which its rule would fire anew. The page does not say whether that run has ended by
// then; for the engine it still goes on, and the rule does not fire.
inline constexpr bool kEndedRunsStillBlock = true;

// E8: points halve "twenty times at most; then it is gone". Read word for word there are 21 stretches of time, in the last of which 2^-20
// is left; for the engine nothing is left from the twentieth halving on. Seen with negative points, whose rest counts as -1.
inline constexpr bool kGoneWithTheLastHalving = true;

}  // namespace stagecraft::reference::known

#endif  // STAGECRAFT_TESTS_REFERENCE_KNOWN_H_
