// From one script to the next: names, runs and timers.
#ifndef STAGECRAFT_TESTS_REFERENCE_DEPLOYMENTS_H_
#define STAGECRAFT_TESTS_REFERENCE_DEPLOYMENTS_H_

#include <map>
#include <string>
#include <vector>

#include "tests/reference/contact.h"

namespace stagecraft::reference {

// Whether both do the same, whatever they are called and however they are written.
bool DoTheSame(const std::string& rule, const std::string& other);

// What the contact's runs go on with (Runs and waits, "Deployment"), and with what names its values and events. Gives what happens to runs,
// a line each.
std::vector<std::string> MoveTo(const Script& before, const Script& after, Contact& contact);

// Its timers after a deployment at `now` (E7, "Deployment"). `before`: as it was under the script before.
void Rearm(const Script& before, const Script& after, const std::map<std::size_t, Timer>& timers, Micros now, Contact& contact);

// Rules in which contacts that are there already can be enrolled.
std::vector<std::size_t> RulesToEnrol(const Script& before, const Script& after);
// Whether the contact is in the state that sets off the rule.
bool IsInStateOf(const Script& script, std::size_t rule, const Contact& contact);

}  // namespace stagecraft::reference

#endif  // STAGECRAFT_TESTS_REFERENCE_DEPLOYMENTS_H_
