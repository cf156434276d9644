// What conditions and texts read, and whether a condition holds.
#ifndef STAGECRAFT_TESTS_REFERENCE_CONDITIONS_H_
#define STAGECRAFT_TESTS_REFERENCE_CONDITIONS_H_

#include <functional>
#include <string>

#include "tests/reference/contact.h"

namespace stagecraft::reference {

struct Scene {
  const Script& script;
  const Contact& contact;
  const Contact* previous = nullptr;          // as it was before the record
  const Happening* event = nullptr;           // whose fields are read
  Micros at = 0;                              // own time of the record
  std::optional<Micros> run_started_at = {};  // of the run that asks
  int run_cause = 0;
};

Value Read(const Scene& scene, const sema::Reference& reference);
std::string Show(const Scene& scene, const sema::Reference& reference);
std::string ShowForPrograms(const Scene& scene, const sema::Reference& reference);
std::string Fill(const Scene& scene, const sema::Text& text);
bool Holds(const Scene& scene, const sema::Condition& condition);
bool Matches(const Script& script, const sema::EventMatch& match, const Happening& event);
bool MatchesAny(const Script& script, const sema::EventMatches& matches, const Happening& event);
// A date's midnight, or the moment itself.
std::optional<Micros> MomentOf(const Scene& scene, const sema::Reference& reference);

// When a test that a date or moment is near holds.
struct Span {
  Micros first = kNever;
  Micros end = kNever;
};
Span NearSpan(const Scene& scene, const sema::Condition& condition);

// Calls `look` for the condition and everything in it.
void Walk(const sema::Condition& condition, const std::function<void(const sema::Condition&)>& look);
// The same for all conditions of the rule: of its trigger, `when`, `until`, waits and branches.
void WalkConditions(const sema::Rule& rule, const std::function<void(const sema::Condition&)>& look);

}  // namespace stagecraft::reference

#endif  // STAGECRAFT_TESTS_REFERENCE_CONDITIONS_H_
