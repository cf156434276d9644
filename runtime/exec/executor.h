// The pure heart: program × contact × event × now → effects. No clock, no I/O, no thread, no allocation per predicate.
// language.md E1 … E9 live here.
#ifndef STAGECRAFT_RUNTIME_EXEC_EXECUTOR_H_
#define STAGECRAFT_RUNTIME_EXEC_EXECUTOR_H_

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "dsl/ir/condition.h"
#include "runtime/exec/machine.h"
#include "runtime/exec/path_counts.h"
#include "runtime/exec/shared_state.h"
#include "runtime/model/company.h"
#include "runtime/model/contact.h"
#include "runtime/model/record.h"

namespace stagecraft::runtime {

// An event whose names are resolved against the program (resolve.h).
struct ResolvedChange {
  std::uint32_t slot = 0;
  Value value;
};
// What an event says of a task of its contact (ir::WellKnown::task_events).
struct TaskRequest {
  ir::WellKnown::TaskEvent::Kind kind = ir::WellKnown::TaskEvent::Kind::kCreated;
  // The task as it is, found by its id; kCreated: what there is to be.
  Task task;
  // kChanged: what is to be another.
  std::optional<std::string> title, assignee;
  std::optional<Micros> due_at;
  std::optional<std::uint8_t> priority;  // ir::Priority
};
struct ResolvedEvent {
  std::uint32_t event = 0;
  Micros occurred_at = 0;
  std::vector<RecordedField> fields;
  std::vector<ResolvedChange> changes;
  std::optional<TaskRequest> task;
};

// A contact takes its company's values over (docs/semantics.md, "Companies").
struct CompanyNews {
  // The slots that a person set in the event that all this follows from: no rule overwrites them (E11).
  std::vector<std::uint32_t> by_person;
  bool quiet = false;  // companies have set each other off too often: rules that would fire are the record's failure
};

struct ExecLimits {
  std::uint32_t rounds_max = 64;
  // Of one trigger: up to so many rules are looked through one by one, more are told apart (rule_index.h). What fires is the
  // same with any number.
  std::uint32_t leaf_rules_max = 6;
};

struct ExecResult {
  bool failed = false;        // a bound on the cascade was passed (E4): nothing of it stays and the record's effects end in
                              // one kFailed. ApplyEvent: contact and shared state are as before, `created` or not (the caller
                              // drops a contact that was made for this event). Timers: only that the timer is gone and that
                              // time has passed stays, so that it does not fail again and again
  std::uint32_t changes = 0;  // kPropertySet effects
  std::uint32_t rules_fired = 0;
  bool idle = false;  // CloseWindows: nothing changes by it
};

// Not thread-safe: keeps scratch memory between calls.
class Executor {
 public:
  Executor(std::shared_ptr<const ir::Program> program, ExecLimits limits);
  ~Executor();
  Executor(const Executor&) = delete;
  Executor& operator=(const Executor&) = delete;

  const ir::Program& program() const;

  // Counts from now on which ways rules with branches go; null: no more. `counts` outlives the executor.
  void CountPaths(PathCounts* counts);

  // Each of these seven, and TakeFromCompany, decides one record: `record` comes with its header filled in (kind, sequence, contact, times,
  // event, fields …) and gets its effects; `contact` and `shared` are changed accordingly (tasks and notifications only appear as effects).
  // `created`: the contact was made for this very event (E1: its creation is the first effect).
  ExecResult ApplyEvent(const ResolvedEvent& event, bool created, Contact& contact, SharedState& shared, Record& record);
  // A timer that is due: fires its rule, or nothing when the contact no longer has it armed. Time is record.occurred_at.
  ExecResult FireTimer(std::uint32_t rule, Contact& contact, SharedState& shared, Record& record);
  // A run whose time has come (Run::WakesAt): begins or goes on, or nothing when the contact no longer has it waiting so.
  ExecResult WakeRun(std::uint32_t run, Contact& contact, SharedState& shared, Record& record);
  // The assignee of an open task is reminded, or nothing happens when the contact no longer has that reminder. Time is record.occurred_at.
  ExecResult Remind(const Task& task, Contact& contact, SharedState& shared, Record& record);
  // A contact that was there already starts the rule, whatever sets it off (RecordKind::kEnrolment).
  ExecResult StartRule(std::uint32_t rule, Contact& contact, SharedState& shared, Record& record);
  // Whether it would, `at` that time: the contact is in the state that sets the rule off, and nothing keeps it from firing.
  bool WouldStart(std::uint32_t rule, Micros at, Contact& contact);
  // Does the action of the rule once more that had been refused; the rest of the rule does not follow (RecordKind::kRetry).
  ExecResult RetryAction(std::uint32_t rule, std::uint32_t action, Contact& contact, SharedState& shared, Record& record);
  // Time has passed to record.occurred_at: windows that closed change derived values (E8), and rules see it. When nothing changes by
  // it (`idle`) the contact is as before, its now included: there is no record.
  ExecResult CloseWindows(Contact& contact, SharedState& shared, Record& record);

  // The contact's company has changed or is gone: the contact gets its values, and loses them. When its rules pass a bound the values stay,
  // and what the rules did does not.
  ExecResult TakeFromCompany(const CompanyNews& news, Contact& contact, SharedState& shared, Record& record);
  // The slots that no rule of the last record, or of what follows from it, may overwrite (E11), in no order.
  const std::vector<std::uint32_t>& by_person() const;

  // Fetches from memory what deciding an event of the contact looks at first.
  void Prefetch(const Contact& contact) const;

  // Brings contact.derived up to date from scratch, without firing anything: after loading, after a deployment.
  void Recompute(Contact& contact) const;
  // Whether a score, a counter, a list or a definition has another value at `at` than at contact.now(), by time alone.
  bool ChangesBy(const Contact& contact, Micros at) const;
  // Whether by a window that closes until `at` something becomes visible, be it for a while only, or a run goes on: CloseWindows has not
  // got to it yet.
  bool OwesClosing(const Contact& contact, Micros at);
  // The next moment after `after`, which is not before contact.now(), at which a window closes; Contact::kNever when none will.
  Micros NextWindowClose(const Contact& contact, Micros after) const;
  // Arms and drops timers so that they are those the program's rules want for the contact's present state (after a deployment,
  // which fires nothing): what would have been due by `now` gets none, unless it was armed and due before. Only changes the
  // contact, whose derived values must be up to date: a deployment's timers follow from the journal's deployment record.
  void RearmTimers(Contact& contact, Micros now) const;
  // Counts what the program wants counted of the contacts (Holdings), from the beginning.
  void BeginHoldings(SharedState& shared) const;
  // False: nothing is counted.
  bool CountsHoldings() const;
  // Counts the contact as it is (`by` 1), or takes it out again (-1): for changes that no decision makes.
  void CountHoldings(const Contact& contact, std::int64_t by, SharedState& shared) const;
  // Whether the contact's state wants the timer, armed then and due then. A schedule's time that was due before a deployment was wanted by
  // the rules before it.
  bool Wants(const Contact& contact, const ArmedTimer& timer) const;
  // The Layout number of a score or list, by which a kNodeChanged effect names it.
  std::uint32_t TargetOf(std::uint32_t node) const;
  // After effects that set off no rule were folded into the contact: brings its derived values and its timers up to date, and adds the
  // effects of that to the record.
  void Follow(Contact& contact, Record& record) const;
  // What conditions and operands of the contact are read from, at `now`, or at the contact's own present when that is later. `viewer`: who
  // asks (`owner is me`), must outlive it; empty: nobody.
  Scene SceneOf(const Contact& contact, Micros now, std::string_view viewer) const;
  // In that scene.
  bool Meets(const Contact& contact, const CompiledCondition& condition, Micros now, std::string_view viewer = {}) const;
  // Whom `manager of` that user means; empty: nobody.
  std::string_view ManagerOf(std::string_view user) const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

// What it does to a contact that it is deleted, or merged into `into` (language.md E12): its timers and runs end. Changes
// nothing: FoldEffect does.
std::vector<Effect> DepartureEffects(const Contact& contact, Standing standing, const Contact* into);
// What `other` leaves to `contact` when it is merged into it: values that the contact has not, event times, entry dates, when rules fired
// last. Changes nothing.
std::vector<Effect> MergeEffects(const ir::Program& program, const Contact& contact, const Contact& other);
// Adds to the effects by which a contact gets these deals, all that it has then, what its properties say of them at `at`.
void AddDealEffects(const ir::Program& program, const std::vector<Deal>& deals, Micros at, std::vector<Effect>& effects);

// Recovery: repeats what a record did to a contact, the header first and then each effect, in order. Afterwards, and after
// Executor::Recompute, the contact is what it was when the record was decided, to the byte of Contact::Encode. `program` is
// the one that decided the record; a later one does as well, except that trackers may keep another stretch of the past.
// Tasks and notifications are the caller's, as are Contact::last_sequence and the timers that a deployment sets
// (Executor::RearmTimers).
void FoldHeader(const Record& record, Contact& contact);
// False: the effect does not fit the program: the journal is damaged.
bool FoldEffect(const ir::Program& program, const Record& record, const Effect& effect, Contact& contact, SharedState& shared);
// An effect of a record of kind kUser.
void FoldUser(const Effect& effect, UserTable& users);
// Whether the effect changes what is shared (SharedState) instead of the contact.
bool IsShared(EffectKind kind);
// A kTaskChanged, whose own time is `at`.
void FoldTask(const Effect& effect, Micros at, Task& task);

}  // namespace stagecraft::runtime

#endif  // STAGECRAFT_RUNTIME_EXEC_EXECUTOR_H_
