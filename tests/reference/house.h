// What contacts share: people, the turns of teams, and how many tasks there have been.
#ifndef STAGECRAFT_TESTS_REFERENCE_HOUSE_H_
#define STAGECRAFT_TESTS_REFERENCE_HOUSE_H_

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "tests/reference/script.h"

namespace stagecraft::reference {

struct Absence {
  Micros from = 0;
  Micros until = 0;
  std::string note;
};

// What was said of a user.
struct Person {
  bool deactivated = false;
  std::vector<Absence> absences;  // ascending by their beginning
};

// The clock of a team, in turns of weight 1, and when each member has the next turn.
struct Turns {
  std::int64_t now = 0;
  std::map<std::string, std::int64_t> next;
};
// The clock counts parts of a turn, so that half a turn of any weight up to 10 is a whole number of them.
constexpr std::int64_t kTurn = 5040;

struct House {
  std::map<std::string, Person> people;  // by name, in small letters
  std::map<std::string, Turns> turns;    // by team
  std::int64_t tasks = 0;

  const Person* Find(const std::string& name) const;
  bool IsDeactivated(const std::string& name) const;
  // What is said replaces what was said.
  void Say(const std::string& name, std::optional<bool> deactivated, const std::optional<std::vector<Absence>>& absences);
};

}  // namespace stagecraft::reference

#endif  // STAGECRAFT_TESTS_REFERENCE_HOUSE_H_
