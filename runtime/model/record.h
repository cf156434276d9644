// One entry of the journal: an event, a timer, a deployment …, and its effects. The packed form is in record.cc.
#ifndef STAGECRAFT_RUNTIME_MODEL_RECORD_H_
#define STAGECRAFT_RUNTIME_MODEL_RECORD_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "runtime/model/effect.h"

namespace stagecraft::runtime {

enum class RecordKind : std::uint8_t {
  kEvent = 1,
  kTimer = 2,            // a rule's timer or the closing of a window
  kDeployment = 3,       // a new revision became the running one; of a contact: what that did to the contact's runs
  kUser = 4,             // somebody said of a user when they are away, or whether they are deactivated; belongs to no contact
  kCompany = 5,          // people or a service changed a company; of a contact: what it takes over from its company
  kRetry = 6,            // an action that had failed is done again
  kDeliveryOutcome = 7,  // of no contact: what came of sending some deliveries, or that one is to be tried once more
  kStanding = 8,         // the contact was deleted, restored, merged or erased (E12). Of no contact: what was erased is scrubbed
  kScrubbed = 9,         // was a record of a contact that is erased: what others depend on is all that is left
  kSwitch = 10,          // a rule was switched on or off; of no contact
  kStop = 11,            // somebody ended runs of the contact
  kEnrolment = 12,       // a contact that was there when a rule was deployed starts it; of no contact: how far that is
  kForgotten = 13,       // was a record of a contact, too old to be kept: its place and its times are left, and that it made the contact
  kReading = 14,         // of no contact: somebody has read notifications, or says that they have not
};
inline constexpr RecordKind kRecordKindLast = RecordKind::kReading;

inline constexpr std::uint32_t kNoRule = 0xFFFF'FFFF;
inline constexpr std::uint32_t kReminderRule = 0xFFFF'FFFE;  // from here on there is no rule

struct Record {
  RecordKind kind = RecordKind::kEvent;
  Sequence sequence = 0;
  Sequence previous = 0;       // the contact's record before this one: a contact's history is a chain
  std::uint32_t revision = 0;  // the revision that decided it; 0: before the first deployment
  std::uint32_t contact = 0;   // dense number of the contact
  Micros received_at = 0;      // by the engine's clock
  Micros occurred_at = 0;      // the event's own time; a timer's due time
  std::string event_id;        // kEvent, kCompany: of the event, of the request; kCompany of a contact: the company's id
  // kEvent, kCompany: hash of what came in; the same id with another hash is an error (language.md E5). kCompany of a contact: the record
  // whose change it brings.
  std::uint64_t content = 0;
  std::uint32_t event = 0;  // kEvent: Layout::events; kRetry: of the event whose rule failed, or kNoEvent
  // kTimer: the rule; kNoRule: the closing of a window; kReminderRule: the reminder of a task. kEnrolment: the rule that starts
  std::uint32_t rule = 0;
  std::uint32_t run = 0;      // kTimer: the run of the rule whose time has come; 0: none
  std::uint32_t padding = 0;  // kScrubbed: bytes of nothing, so that it is packed into as many as what it replaces
  std::int64_t failure = 0;   // the failure (model/failure.h) that the record is another attempt at; 0: none
  std::string actor;
  std::vector<RecordedField> fields;
  std::vector<Effect> effects;
  std::vector<Task> tasks;                  // what kTaskCreated effects point to
  std::vector<Notification> notifications;  // what kNotified effects point to
  std::vector<Deal> deals;                  // what kDealCreated effects point to
  std::vector<Delivery> deliveries;         // what kSent effects point to

  // Whether rules may read the fields of `event`.
  bool HasEvent() const { return kind == RecordKind::kEvent || (kind == RecordKind::kRetry && event != kNoEvent); }

  friend bool operator==(const Record&, const Record&) = default;

  // Forgets what the record did, keeping the memory.
  void ClearEffects() {
    effects.clear();
    tasks.clear();
    notifications.clear();
    deals.clear();
    deliveries.clear();
  }
};

// Appends the packed form of `record` to `out`. `sequence` is not packed: a journal row's first sequence and the
// place within the row give it.
void EncodeRecord(const Record& record, std::string& out);
// Reads one record at `bytes[offset]` into `out`, whose memory is reused, and moves `offset` behind it. False when the bytes
// are damaged: `offset` is unchanged then and `out` is not meaningful. Does not touch `out.sequence`.
bool DecodeRecord(std::string_view bytes, std::size_t& offset, Record& out);

}  // namespace stagecraft::runtime

#endif  // STAGECRAFT_RUNTIME_MODEL_RECORD_H_
