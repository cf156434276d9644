// All that the reference keeps of a contact: what happened to it, word for word, and what is going on. Nothing here is a sum, a count or an
// index: those are worked out anew whenever somebody asks.
#ifndef STAGECRAFT_TESTS_REFERENCE_CONTACT_H_
#define STAGECRAFT_TESTS_REFERENCE_CONTACT_H_

#include <cstdint>
#include <limits>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "tests/reference/script.h"

namespace stagecraft::reference {

constexpr Micros kNever = std::numeric_limits<Micros>::max();

// An event, by its own time.
struct Happening {
  Symbol event = 0;
  Micros at = 0;
  int record = 0;                         // in which it came in
  std::map<std::uint32_t, Value> fields;  // those that are set
};

// A property's value and the own time of the last word on it.
struct Slot {
  Value value;
  Micros said_at = std::numeric_limits<Micros>::min();
};

struct Timer {
  Micros due = 0;
  Micros since = 0;  // of a stay: when it began
};

struct Run {
  std::uint32_t id = 0;
  std::size_t rule = 0;
  bool begun = true;
  std::vector<Frame> rest;           // behind the wait
  const sema::Wait* wait = nullptr;  // null: of an SLA that waits for what is expected, or not begun
  Micros started_at = 0;
  Micros due = kNever;             // the wait is over by time
  bool over = false;               // the moment that it waits for had passed, or was not set, when it came to wait for it
  Micros limit = kNever;           // `for at most`
  std::optional<Happening> event;  // whose fields may be read
  int cause = 0;                   // the record that set it off

  bool IsSla() const { return begun && wait == nullptr; }
  Micros WakesAt() const { return due < limit ? due : limit; }
};

// What somebody is to do.
struct Task {
  std::int64_t number = 0;  // 1, 2, 3 … over all contacts
  std::string title;
  std::string assignee;  // empty: nobody
  std::optional<Micros> due;
  sema::Priority priority = sema::Priority::kNormal;
  bool completed = false;
  std::optional<Micros> remind_at;
  Micros reminder = kNever;  // the assignee is to be told then
  Micros made_at = 0;
  Micros state_at = 0;   // the last word on whether it is completed
  Micros edited_at = 0;  // the last word on anything else
};

// A deal, as far as the contact's properties tell of it.
struct Deal {
  int record = 0;  // that made it
  std::size_t pipeline = 0;
  std::string stage;
  Value amount;
  bool open = true;
  Micros made_at = 0;
  Micros moved_at = 0;
};

// E12.
enum class Standing : std::uint8_t { kActive, kDeleted, kMerged, kErased };

struct Contact {
  std::string id;
  std::uint32_t number = 0;
  bool exists = false;  // false: the nothing that a new contact comes from
  Standing standing = Standing::kActive;
  std::uint32_t into = 0;  // merged: the number of the one that goes on
  Micros created_at = 0;
  Micros now = std::numeric_limits<Micros>::min();
  std::vector<Happening> happened;  // as they came in
  std::map<Symbol, Slot> slots;
  std::map<std::pair<Symbol, std::uint32_t>, Micros> entered;  // property, option
  std::optional<Micros> last_contacted;
  std::map<std::size_t, Timer> timers;  // by rule
  std::vector<Run> runs;                // ascending by id
  std::uint32_t last_run = 0;
  std::map<std::string, Micros> last_firings;  // by the rule's key
  std::vector<Task> tasks;                     // as they were made
  std::vector<Deal> deals;                     // as they were made
  // As of the end of the last round (E2): by derived symbol.
  std::vector<std::int64_t> derived;

  Value Get(Symbol property) const {
    const auto found = slots.find(property);
    return found == slots.end() ? Value() : found->second.value;
  }
  bool IsHere() const { return exists && standing == Standing::kActive; }
  // nullptr: the contact has no such task.
  Task* FindTask(std::int64_t wanted);
  Run* FindRun(std::uint32_t run) {
    for (Run& each : runs) {
      if (each.id == run) return &each;
    }
    return nullptr;
  }
};

// What the contacts of one company share; who they are is asked of the contacts.
struct Company {
  bool deleted = false;
  std::map<Symbol, Slot> slots;
};
using Companies = std::map<std::string, Company>;  // by id

}  // namespace stagecraft::reference

#endif  // STAGECRAFT_TESTS_REFERENCE_CONTACT_H_
