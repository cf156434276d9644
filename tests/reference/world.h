// The reference interpreter: contacts, what falls due, and the record of what happened. Slow and plain, so that what it does can be held
// against docs/semantics.md line by line.
#ifndef STAGECRAFT_TESTS_REFERENCE_WORLD_H_
#define STAGECRAFT_TESTS_REFERENCE_WORLD_H_

#include <deque>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "runtime/model/event.h"
#include "tests/reference/decision.h"

namespace stagecraft::reference {

// What a record did, a line each.
struct Outcome {
  Micros at = 0;
  std::string contact;
  std::vector<std::string> lines;
};

class World {
 public:
  World(const Script& script, Micros start) : script_(script), now_(start) {}

  Micros now() const { return now_; }
  const Contact* Find(std::string_view id) const;
  const std::deque<Contact>& contacts() const { return contacts_; }
  const std::vector<Outcome>& outcomes() const { return outcomes_; }

  // What is answered (E4, E5).
  runtime::EventState Apply(const runtime::EventInput& input);
  void AdvanceTo(Micros to);

  // Values, entry dates, what is derived, timers and runs of a contact, a line each.
  std::vector<std::string> Show(const Contact& contact) const;

 private:
  enum class What : std::uint8_t { kClosing, kTimer, kRun };
  struct Due {
    Micros at = 0;
    std::uint32_t contact = 0;
    What what = What::kClosing;
    std::size_t rule = 0;
    std::uint32_t run = 0;
  };

  std::optional<Due> NextDue(Micros by, const Contact* only) const;
  void Fire(const Due& due);

  bool Decide(const runtime::EventInput& input);

  const Script& script_;
  std::deque<Contact> contacts_;
  std::map<std::string, std::string> taken_;  // by id: the content of the event that has it
  std::vector<Micros> closings_;              // by contact: what NextClosing said of it
  Rotations rotations_;
  std::vector<Outcome> outcomes_;
  Micros now_ = 0;
  int records_ = 0;
};

}  // namespace stagecraft::reference

#endif  // STAGECRAFT_TESTS_REFERENCE_WORLD_H_
