// Events that own their texts, as the readers of files make them.
#ifndef STAGECRAFT_RUNTIME_IMPORT_OWNED_EVENT_H_
#define STAGECRAFT_RUNTIME_IMPORT_OWNED_EVENT_H_

#include <cstdint>
#include <span>
#include <string>
#include <variant>
#include <vector>

#include "runtime/model/event.h"

namespace stagecraft::runtime {

// As InputValue.
using OwnedValue = std::variant<std::monostate, std::string, double, bool, Micros>;

struct OwnedInput {
  std::string name;
  OwnedValue value;

  friend bool operator==(const OwnedInput&, const OwnedInput&) = default;
};

// As EventInput.
struct OwnedEvent {
  std::string id, contact, type, actor;
  Micros occurred_at = 0;
  Micros created_at = 0;
  std::vector<OwnedInput> fields, properties;
  CreateMode create = CreateMode::kMustExist;
  std::uint32_t line = 0;  // of the file it was read from
};

// Something in a file that could not be taken in; the rest of the file goes on.
struct ImportProblem {
  std::uint32_t line = 0;           // 1-based
  std::uint32_t column_number = 0;  // 1-based; 0: none in particular
  std::string column;               // heading of the column, or the part of the event; empty: the line as a whole
  std::string value;                // as it was written; empty: none in particular
  std::string reason;               // what was found and what was expected

  friend bool operator==(const ImportProblem&, const ImportProblem&) = default;
};

// "line 12, column `Lead Status`, value `Nwe`: reason" of a table; "line 12, contact `ana`: reason" of events.
std::string Describe(const ImportProblem& problem);

// The events as the engine takes them: views into `events`, which must outlive this and stay as it is.
class EventViews {
 public:
  explicit EventViews(std::span<const OwnedEvent> events);
  EventViews(const EventViews&) = delete;
  EventViews& operator=(const EventViews&) = delete;

  std::span<const EventInput> inputs() const { return inputs_; }

 private:
  std::vector<NamedInput> named_;  // fields and properties of all events, one after the other
  std::vector<EventInput> inputs_;
};

// An id made of what is given: the same parts give the same id. `prefix` + 32 hexadecimal digits.
std::string HashedId(std::string_view prefix, std::span<const std::string_view> parts);

}  // namespace stagecraft::runtime

#endif  // STAGECRAFT_RUNTIME_IMPORT_OWNED_EVENT_H_
