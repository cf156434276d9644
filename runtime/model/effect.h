// What a record of the journal did. State changes only by effects, when they are decided and when the journal is folded
// after a crash alike, so nothing is decided twice (architecture.md rule 7).
#ifndef STAGECRAFT_RUNTIME_MODEL_EFFECT_H_
#define STAGECRAFT_RUNTIME_MODEL_EFFECT_H_

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "dsl/ir/value.h"
#include "runtime/model/event.h"

namespace stagecraft::runtime {

// A stored value: unset, or an integer (ir/value.h), or a text.
struct Value {
  bool set = false;
  std::int64_t number = 0;
  std::string text;  // types kText and kUser only

  friend bool operator==(const Value&, const Value&) = default;
};

// A field of an event, as it is kept.
struct RecordedField {
  std::uint32_t field = 0;
  Value value;

  friend bool operator==(const RecordedField&, const RecordedField&) = default;
};

// What each member of Effect means for each kind; members that are not named have their default. Times are own times (E6).
enum class EffectKind : std::uint8_t {
  kContactCreated = 1,  // text: the contact's id; number: its creation time
  kPropertySet = 2,     // target: slot; before, after; text: the reason (`because`), if any; number: the own time of the value, or 0: the
                        // record's own. A clear has `after` unset
  kTracked = 3,         // target: tracker; number: the event's time
  kNodeChanged = 4,     // target: score or list, by Layout number; detail: ir::NodeKind; number, number_before: its values (for
                        // the timeline: state is recomputed); trigger: the effect that changed it
  kRuleFired = 5,       // target: rule; number: round; trigger: the effect that set it off; detail: 1 when the rule keeps when it fired
                        // (`once per contact`, `at most once per …`); number_before: the run that begins now and was waiting for it, or 0
  kTimerArmed = 6,      // target: rule; number: due time; detail: 1 when it takes the place of one that was armed; number_before:
                        // ArmedTimer::armed_at, or 0: the record's own time
  kTimerDropped = 7,    // target: rule; the stay has ended, or the timer is firing (then it is the record's first effect)
  kTaskCreated = 8,     // number: index into Record::tasks
  kNotified = 9,        // number: index into Record::notifications; detail: the routes that it takes besides the list (dispatch.h)
  kRotated = 10,        // of older journals: target: team; number: place of the next member. Now kAssigned says it
  kRefused = 11,        // target: slot, or kNoSlot; detail: RefusalReason; after: the value that was not set; number: for
                        // kOverruled the rule that won
  kFailed = 12,         // the cascade passed a bound; text: the chain of rules, for people; after: of an event that would have made its
                        // contact, the contact's id and its creation time
  kEntered = 13,        // target: slot; number: when; number_before: the option that was entered (`became SQL date`)
  kConfirmed = 14,      // target: slot; the event said what was there already: only Slot::changed_at moves
  kContacted = 15,      // number: when sales reached out or spoke to the contact last (`last contacted`)
  kRunWaiting = 16,     // a run waits, from now on or for something else. target: rule; number: run; action: the wait (0 for one that
                        // has not begun); number_before: when it goes on by itself, or Run::kNever; after: the end of `for at most`,
                        // when there is one; detail: kRun… bits
  kRunResumed = 17,     // a run goes on. target: rule; number: round; number_before: run; action: the wait that is over; detail: WaitEnd
  kRunEnded = 18,       // target: rule; number: run, or 0 for a sequence that did not begin and for an SLA that was missed
                        // while what it does about that waits as a run still; detail: RunEnd; of a deployment, action: the wait; with
                        // kNotFitting target: its rule; number_before: the revision of its code; before: the record that set it off
  kEnrolled = 19,       // target: the sequence that begins in the next round
  kDealCreated = 20,    // number: index into Record::deals; detail: DealState
  kSent = 21,           // number: index into Record::deliveries
  kPromiseBroken = 22,  // target: promise, by Layout::promises; trigger: the effect that broke it
  kUserChanged = 23,    // of a record of kind kUser. text: the user; detail: 1 when deactivated. The absences that were there are
                        // gone: those that are there now follow, each a kUserAway
  kUserAway = 24,       // text: the user; number, number_before: from and until when; after: the note
  kAssigned = 25,       // target: team; text: the member; detail: AssignedBy; before: how many the member had, where that is counted;
                        // after: why, for people, where there is more to say than whose turn it was, and in `number` the how many-th
                        // mention of the member in the team it is. All but kLoad and kAccount: number: the member's next turn;
                        // number_before: the team's time (SharedState)
  kTaskChanged = 26,    // number: the task; detail: TaskPart; before, after: its value, where the part has one
  kReminder = 27,       // number: the task; number_before: when its assignee is reminded, or Run::kNever: no more
  // Of a company, which `text` names by its id:
  kCompanyMade = 28,     // number: its creation time
  kCompanySet = 29,      // target: slot; before, after; number: the own time of the word on it (the same value said again: before is after)
  kCompanyDeleted = 30,  // its values are gone, and nobody belongs to it
  // Of a deal, whose id `number` is:
  kDealMoved = 31,   // before, after: the names of its stages; detail: DealState; the stage holds from the record's own time on
  kDealSet = 32,     // detail: DealMember; before, after
  kDeparted = 42,    // the contact is no longer what it was. detail: Standing; for kMerged number: the contact that goes on, text: its id
  kMergedFrom = 43,  // number: the contact that has become part of this one; text: its id; number_before: when it was created; before:
                     // its last record until then; after: its now
  kFiringKept = 44,  // target: rule; number: when it fired last for one of the merged contacts
  kScrubbed = 45,    // number: an erased contact of which the journal keeps nothing any more; or kNoContact, and number_before: a record
                     // of no contact that it kept of one
  kFailureErased = 46,  // with kDeparted, of an erased contact. number: a failed event that is of no contact, and would have made this one
  kDispatched = 38,     // what came of trying to send something. number: the Dispatch; detail: its DispatchState; target: its attempts;
                        // number_before: when it is tried again, with kWaiting; after: when it was tried, if it was; text: what went wrong
  kRunMoved = 33,       // a deployment: the run goes on with the code of another revision of its rule. target: the rule from now on;
                        // number: run; number_before: the rule until now; action: the wait
  kRuleSwitched = 34,   // target: rule; number: 1 when it is switched on, 0 off
  kEnrolExisting = 35,  // a deployment: contacts that are in the state that sets off the rule `target` are enrolled
  kEnrolProgress = 36,  // target: the revision whose enrolment it is; number: how far it is (Enrolment::Place); number_before: how many
                        // were enrolled
  kRetried = 37,        // what was refused is done again. target: rule; number: round; number_before: the failure; action: the action
  kNotificationRead = 47,  // of a record of kind kReading. number: the notification; detail: 1 when it was read, 0 when it was not
};
constexpr bool IsOfCompany(EffectKind kind) {
  return kind == EffectKind::kCompanyMade || kind == EffectKind::kCompanySet || kind == EffectKind::kCompanyDeleted;
}
inline constexpr EffectKind kEffectKindLast = EffectKind::kNotificationRead;

// Effect::detail of kAssigned: how it was decided.
enum class AssignedBy : std::uint8_t {
  kTurn,      // it was the member's turn
  kLoad,      // the member had the least
  kAccount,   // the member has others of the same company
  kTurnLost,  // nothing was assigned: it would have been the member's turn, who could not take it
  kJoined,    // nothing was assigned: the member came in among the others
};

// Effect::detail of kTaskChanged: what is another.
enum class TaskPart : std::uint8_t {
  kCompleted,
  kReopened,
  kTitle,     // text
  kAssignee,  // text; unset: nobody
  kDue,       // number
  kPriority,  // number: ir::Priority
  kRemind,    // number: when its assignee is to be reminded
};

// Effect::detail of kRunWaiting.
inline constexpr std::uint8_t kRunNew = 1;      // the run is made by this effect
inline constexpr std::uint8_t kRunPending = 2;  // it waits for its beginning
inline constexpr std::uint8_t kRunBegan = 4;    // it began in this record
// With kRunNew: it is of the creation that came along with another event, whose fields it does not read.
inline constexpr std::uint8_t kRunOfCreation = 8;

// Why a run goes on.
enum class WaitEnd : std::uint8_t {
  kTime,       // what it waited for has come by itself: time has passed, the moment is there
  kCondition,  // what it waited for holds
  kTimeout,    // `for at most` has passed; an SLA was missed
  kLost,       // the moment that it waits for is not set: it cannot go on
};

// How a run ended.
enum class RunEnd : std::uint8_t {
  kDone,         // all its actions are done
  kStopped,      // `until`, `stop when`
  kLeft,         // `leave`
  kWithdrawn,    // what was announced is taken back
  kNotBegun,     // when its time came, its `when`, `until` or `once …` kept it from beginning
  kMet,          // an SLA: what was expected has happened in time
  kMissed,       // an SLA: it has not
  kRuleChanged,  // a deployment changed the rule
  kRuleGone,     // a deployment removed or disabled the rule
  kFailed,       // what it sets off passed a bound
  kDeparted,     // the contact was deleted, or merged into another
  kNotFitting,   // a deployment changed the rule, and its code of before no longer fits the scripts; the effect's text says why
  kByHand,       // somebody ended it; the effect's text says why
  kLost,         // the moment that it waited for is not set
};

enum class RefusalReason : std::uint8_t {
  kBackward,     // E9: earlier stage without `back to`
  kOverruled,    // E3: a rule that stands earlier set it to another value in the same round
  kPersonFirst,  // E11: a person set it in this very event
  kLate,         // E6: a newer value is there
  kNoRecipient,  // nobody to assign to, to notify or to write to (owner unset, team empty, no e-mail address)
  kOutOfRange,   // the computed value is beyond the range of its type
  kRunning,      // the sequence is running already for the contact (E10); number: the sequence
  kTooManyRuns,  // the contact has kRunsMax runs; number: the rule
  kDisabled,     // the sequence is disabled; number: the sequence
  kEventFailed,  // E4: the event that brought the value has failed
  kNoDeal,       // the contact has no open deal in that pipeline; text: its name; after: the stage
  kDeactivated,  // the user is deactivated; text: the user
  kNobodyFree,   // nobody of the team can take it; text: who is out, and why
  kNotSet,       // what a value is computed from, or what a run waits for, is not set; text: what
  kByZero,       // the computed value divides by zero
  kNotFitting,   // of a Failure: a deployment ended the run, since its code no longer fits the scripts; text: why
};

// Whether the refusal is a failure, that somebody can mend and have done again, and no decision of the rules.
constexpr bool IsFailure(RefusalReason reason) {
  return reason == RefusalReason::kNoRecipient || reason == RefusalReason::kOutOfRange || reason == RefusalReason::kTooManyRuns ||
         reason == RefusalReason::kNoDeal || reason == RefusalReason::kDeactivated || reason == RefusalReason::kNobodyFree ||
         reason == RefusalReason::kNotSet || reason == RefusalReason::kByZero || reason == RefusalReason::kNotFitting;
}

inline constexpr std::uint32_t kNoSlot = 0xFFFF'FFFF;
inline constexpr std::uint32_t kNoEvent = 0xFFFF'FFFF;

// What an effect is owed to is an index into Record::effects, or this: the record itself (its event, timer or deployment).
inline constexpr std::uint32_t kByEvent = 0xFFFF'FFFF;

struct Task {
  std::int64_t id = 0;  // unique for ever: sequence of its record << 16 | ordinal
  std::uint32_t contact = 0;
  std::string title;
  std::string assignee;  // empty: nobody
  Micros created_at = 0;
  std::optional<Micros> due_at;
  std::uint8_t priority = 0;  // ir::Priority
  bool completed = false;
  Sequence cause = 0;               // record that created it
  std::optional<Micros> remind_at;  // when the assignee is reminded, if it is open then
  Micros state_at = 0;              // own time of the last word on whether it is completed; 0: its creation's
  Micros edited_at = 0;             // own time of the last word on anything else of it; 0: its creation's

  friend bool operator==(const Task&, const Task&) = default;
};

struct Notification {
  std::int64_t id = 0;  // as Task::id
  std::uint32_t contact = 0;
  std::string recipient;  // e-mail address or name
  std::string text;
  Micros created_at = 0;
  Sequence cause = 0;
  // Below: what Record::notifications does not have, since effects say it.
  Micros read_at = 0;  // 0: it was not read

  friend bool operator==(const Notification&, const Notification&) = default;
};

// By the probability of its stage when it came there: 100 % is won, 0 % is lost.
enum class DealState : std::uint8_t { kOpen, kWon, kLost };

// What of a deal may be set besides its stage; how Effect::after holds it.
enum class DealMember : std::uint8_t {
  kName,       // a text
  kAmount,     // millionths
  kOwner,      // a text
  kCloseDate,  // a date
  kDeleted,    // a truth: it is no deal of the contact any more, and stays to be looked up only
};

// `record`: that brought the deal there.
struct DealStage {
  std::string stage;
  Micros at = 0;
  Sequence record = 0;

  friend bool operator==(const DealStage&, const DealStage&) = default;
};

struct Deal {
  std::int64_t id = 0;  // as Task::id
  std::uint32_t contact = 0;
  std::string name;
  std::string pipeline;                // its name when the deal was made
  std::string stage;                   // its name when the deal came there
  std::optional<std::int64_t> amount;  // millionths
  Micros created_at = 0;
  Sequence cause = 0;
  // Below: what Record::deals does not have, since effects say it.
  DealState state = DealState::kOpen;
  bool deleted = false;
  std::string owner;                       // e-mail address or name; empty: nobody
  std::optional<std::int64_t> close_date;  // a date
  std::vector<DealStage> stages;           // where it has been, the first and the present one included
  Sequence changed_by = 0;                 // the last record that changed it
  std::array<Micros, 5> said_at{};         // by DealMember: own time of the last word on it; 0: what it was made with

  // Own time of the last word on its stage.
  Micros MovedAt() const { return stages.empty() ? created_at : stages.back().at; }

  friend bool operator==(const Deal&, const Deal&) = default;
};

// A member of the deal as a value; unset: there is none.
Value MemberOf(const Deal& deal, DealMember member);
// `at`: own time of the word on it.
void SetMember(Deal& deal, DealMember member, const Value& value, Micros at);

enum class DeliveryKind : std::uint8_t { kEmail, kWebhook };

// A value that goes out with a webhook.
struct PayloadItem {
  std::string name;
  ir::Type type = ir::Type::kText;  // how the receiver is to read `text`
  bool set = false;
  std::string text;  // an option's internal name, `1200.5`, `2026-12-29`, `2026-12-29T09:00:00+09:00`, `yes`

  friend bool operator==(const PayloadItem&, const PayloadItem&) = default;
};

// Something that is to be sent to the world outside. What came of that is said by its Dispatch (dispatch.h).
struct Delivery {
  std::int64_t id = 0;  // as Task::id
  std::uint32_t contact = 0;
  DeliveryKind kind = DeliveryKind::kEmail;
  std::string name;                  // of the template or the webhook
  std::string recipient;             // kEmail: the contact's e-mail address
  std::string subject;               // kEmail
  std::string body;                  // kEmail
  std::vector<PayloadItem> payload;  // kWebhook
  Micros created_at = 0;
  Sequence cause = 0;
  std::string trace;  // the `traceparent` (W3C Trace Context) that the event came with; empty: none

  friend bool operator==(const Delivery&, const Delivery&) = default;
};

struct Effect {
  EffectKind kind = EffectKind::kPropertySet;
  std::uint8_t detail = 0;           // what EffectKind says
  std::uint16_t action = 0;          // number of the action within its rule
  std::uint32_t by = kByEvent;       // the kRuleFired, kRunResumed or kRetried effect that did it
  std::uint32_t trigger = kByEvent;  // kRuleFired, kRunResumed, kNodeChanged, kPromiseBroken: the effect that set it off
  std::uint32_t target = 0;
  std::int64_t number = 0;
  std::int64_t number_before = 0;
  Value before, after;
  std::string text;  // reason (`because`), chain, contact id

  friend bool operator==(const Effect&, const Effect&) = default;
};

// The packed forms, for the checkpoint; the journal packs them within their record.
void EncodeTask(const Task& task, std::string& out);
void EncodeNotification(const Notification& notification, std::string& out);
void EncodeDeal(const Deal& deal, std::string& out);
void EncodeDelivery(const Delivery& delivery, std::string& out);
// Nothing when the bytes are damaged.
std::optional<Task> DecodeTask(std::string_view bytes);
std::optional<Notification> DecodeNotification(std::string_view bytes);
std::optional<Deal> DecodeDeal(std::string_view bytes);
std::optional<Delivery> DecodeDelivery(std::string_view bytes);

}  // namespace stagecraft::runtime

#endif  // STAGECRAFT_RUNTIME_MODEL_EFFECT_H_
