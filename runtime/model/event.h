// An event as it comes in, before any name in it is resolved, and what is answered to it.
#ifndef STAGECRAFT_RUNTIME_MODEL_EVENT_H_
#define STAGECRAFT_RUNTIME_MODEL_EVENT_H_

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "runtime/model/status.h"

namespace stagecraft::runtime {

// Microseconds since 1970-01-01T00:00:00Z.
using Micros = std::int64_t;
// Place of a record in the journal: 1, 2, 3 … without gaps. 0: none.
using Sequence = std::int64_t;

// A value as the caller gave it. Texts are read as the type of the property or field wants them ("yes", "2026-10-01",
// "1 200.50", an option's label or internal name). std::monostate clears a property. double must be finite.
using InputValue = std::variant<std::monostate, std::string_view, double, bool, Micros>;

// `name`: any name the vocabulary knows the property or field by, in any letter case.
struct NamedInput {
  std::string_view name;
  InputValue value;
};

enum class CreateMode : std::uint8_t {
  kMustExist,  // a contact that is not there is an error
  kCreateIfMissing,
  kMustCreate,  // a contact that is there is an error (ALREADY_EXISTS)
};

// Besides letters and digits, what a contact's id may hold: the marks of an e-mail address but for `/`, which parts resource names.
inline constexpr std::string_view kContactIdMarks = ".@-_+~'!#$%&*=?^{|}";

// Views into memory of the caller, which must live until the submission is answered.
struct EventInput {
  std::string_view id;        // 1 … 128 bytes; the same id twice changes nothing the second time (E5)
  std::string_view contact;   // 1 … 128 bytes of Latin letters, digits and kContactIdMarks
  std::string_view type;      // "email sent", "contact updated"
  Micros occurred_at = 0;     // 0: now
  std::string_view actor;     // who caused it ("ana@acme.example", "import"); may be empty
  bool actor_is_said = true;  // false: it is assumed of who sends the event, and the same event sent by another one is the same
  std::span<const NamedInput> fields;
  std::span<const NamedInput> properties;  // changes of the contact that come with the event, made by a person or another system
  CreateMode create = CreateMode::kMustExist;
  Sequence expected_sequence =
      0;                   // when not 0: ABORTED (CONTACT_CHANGED) unless the contact's last record is this one; duplicates come first
  Micros created_at = 0;   // the contact's time of creation, when the event creates it; not after `occurred_at`; 0: `occurred_at`
  std::string_view trace;  // the `traceparent` (W3C Trace Context) that it came with; empty: none
};

// A change of a company, made by a person or another system: `contact` is the company's id, `type` is not looked at, there are no fields,
// and the properties are those that companies have (`company …`).
struct CompanyInput {
  EventInput change;
  bool remove = false;  // the company is deleted: its members lose it
};

enum class EventState : std::uint8_t {
  kApplied,
  kDuplicate,  // the id was there already with the same content; sequence and counts are the first one's
  kRejected,   // bad input: see status; nothing was kept, the id is free
  kFailed,     // kept as failed: its cascade passed the bound on rounds (E4); see status
};

struct EventResult {
  EventState state = EventState::kApplied;
  Status status;  // kRejected and kFailed
  Sequence sequence = 0;
  std::uint32_t changes = 0;  // property changes, by the event and by rules
  std::uint32_t rules_fired = 0;
  bool created = false;  // the event made its contact; false for a duplicate
};

}  // namespace stagecraft::runtime

#endif  // STAGECRAFT_RUNTIME_MODEL_EVENT_H_
