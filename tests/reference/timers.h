// Timers: stays, silences, dates, schedules (E7).
#ifndef STAGECRAFT_TESTS_REFERENCE_TIMERS_H_
#define STAGECRAFT_TESTS_REFERENCE_TIMERS_H_

#include "tests/reference/contact.h"

namespace stagecraft::reference {

// The contact was made, or the event happened to it: what waits for silence waits anew.
void FollowSilence(const Script& script, const Happening* event, Contact& contact);
// A round has ended that found the contact as `before`: what it entered, left or set arms and drops timers.
void FollowRound(const Script& script, const Contact& before, Micros at, Contact& contact);
// The timer that fires now is used up; a schedule's is armed for the next time.
void UseUp(const Script& script, std::size_t rule, Contact& contact);

bool IsIn(const Contact& contact, Symbol property, const std::vector<std::uint32_t>& options);
// Whether a schedule counts for the contact.
bool IsScheduled(const Script& script, const Contact& contact, const sema::Trigger& trigger);

// `delay` before or after the date or moment that the reference reads; nothing when it is not set.
std::optional<Micros> MomentAround(const Script& script, const Contact& contact, const sema::Trigger& trigger);

}  // namespace stagecraft::reference

#endif  // STAGECRAFT_TESTS_REFERENCE_TIMERS_H_
