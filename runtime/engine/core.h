// The engine for one thread: it decides events one after the other, fires what is due, and keeps the state in step with the
// journal. It waits for nothing and has no lock; Engine drives it from its thread, tests and offline runs from theirs.
//
// Everything that is decided is in the state at once but durable only with the next Commit. When Commit fails the state is
// ahead of the store for good: the core must not be used any more.
#ifndef STAGECRAFT_RUNTIME_ENGINE_CORE_H_
#define STAGECRAFT_RUNTIME_ENGINE_CORE_H_

#include <array>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <queue>
#include <span>
#include <string>
#include <vector>

#include "runtime/engine/checkpoint.h"
#include "runtime/engine/contact_table.h"
#include "runtime/engine/deal_index.h"
#include "runtime/engine/engine.h"
#include "runtime/engine/event_ids.h"
#include "runtime/engine/figures.h"
#include "runtime/engine/programs.h"
#include "runtime/engine/row_packer.h"
#include "runtime/engine/rule_states.h"
#include "runtime/engine/view.h"
#include "runtime/exec/executor.h"
#include "runtime/exec/resolve.h"
#include "runtime/timer/timer_heap.h"

namespace stagecraft::runtime {

// Timers of its contact, and closings of windows that set rules off, before one event. Rules that arm each other's timers could otherwise
// fire without end between two events that lie years apart, and hold up everybody else; an honest script stays far below.
inline constexpr std::uint32_t kTimersPerEventMax = 10'000;

// Record::contact of a record that belongs to no contact: a deployment, or a failed event that would have made its contact.
inline constexpr std::uint32_t kNoContact = 0xFFFF'FFFF;

// A revision whose scripts compiled.
struct Deployment {
  Revision revision;  // number: one more than the running one's
  std::shared_ptr<const ir::Program> program;
  std::vector<ir::LostRule> lost = {};  // of the rules in progress (Programs::CompileNext)
  bool enrol_existing = false;          // RulesToEnrol (rule_states.h)
};

// Looks on while the journal is folded.
class FoldWatch {
 public:
  virtual ~FoldWatch() = default;
  // The record has been folded into its contact; derived values have not followed, and may be brought up to date here. `program`: of the
  // record's revision.
  virtual void OnFolded(const std::shared_ptr<const ir::Program>& program, const Record& record, Contact& contact) = 0;
  // The contact is as a checkpoint has it, before any record is folded. `program`: that ran then.
  virtual void OnTaken(const std::shared_ptr<const ir::Program>& program, Contact& contact) = 0;
};

class Core final : private View {
 public:
  // Recovers the state from `store`. All references must outlive the core. `watch`: may be null; outlives the call.
  static Result<std::unique_ptr<Core>> Open(Store& store, const Clock& clock, Random& random, const EngineOptions& options,
                                            FoldWatch* watch = nullptr);
  // A core with nothing in it, on a store with nothing in it, that runs `program` as revision 0: quicker than Open, for runs that nobody
  // keeps. Such a store cannot be opened again.
  static std::unique_ptr<Core> OpenEmpty(Store& store, const Clock& clock, Random& random, const EngineOptions& options,
                                         std::shared_ptr<const ir::Program> program);

  // As Executor::CountPaths, for the program that runs now.
  void CountPaths(PathCounts* counts) { executor_->CountPaths(counts); }

  // Decides the events, in order, and appends an answer for each to `results`.
  void Process(std::span<const EventInput> events, std::vector<EventResult>& results);

  // Fires what is due by now, in the order of FiresBefore, at most `limit` timers and window closings; gives how many.
  std::uint32_t FireDue(std::uint32_t limit);
  // As FireDue, but overdue timers do not wait for their contacts to be quiet.
  std::uint32_t FireOverdue(std::uint32_t limit);
  // The next moment at which FireDue has something to do; nothing when nothing is pending.
  std::optional<Micros> NextDue() const;
  // The same for contacts that are still to be enrolled: at once, or when what was overdue at the deployment, or at a restart, has had
  // the allowed lateness. So it comes first, whether or not the contacts were quiet then.
  std::optional<Micros> NextEnrolment() const;

  // Changes a company, makes it, or takes it away, and brings that to its members. What is known by its id is answered as before.
  void ChangeCompany(const CompanyInput& input, EventResult& result);
  // Keeps what is said of a user: a record of its own, unless it is so already. INVALID_ARGUMENT: no user, or an absence that is none.
  Status ChangeUser(const UserChange& change);

  // Makes the deployment's program the running one and commits. ABORTED when another deployment came first, or (RUNS_CHANGED) when a rule
  // has runs by now that it was compiled without. Fires nothing. `ended`: the runs that it ends.
  Status Deploy(Deployment deployment, std::vector<EndedRuns>* ended = nullptr);
  // Which runs Deploy would end; does nothing. Fails as Deploy does.
  Status PlanDeployment(const Deployment& deployment, std::vector<EndedRuns>& ended) const;

  // ---- core_standing.cc: contacts as a whole; no rule fires by these. NOT_FOUND when there is no such contact, ABORTED when it has
  // changed, FAILED_PRECONDITION when it is deleted ----
  // Ends all that is under way for the contact. Nothing happens to it until it is restored.
  Status Delete(const StandingChange& change);
  // ALREADY_EXISTS when it is not deleted.
  Status Restore(const StandingChange& change);
  // Makes `other` part of the contact: its id means this one from now on. INVALID_ARGUMENT when they are one already.
  Status Merge(const StandingChange& change, std::string_view other);
  // Forgets the contact, deleted or not, and all that were merged into it. Its records go from the journal with the next erasures;
  // `record`: the last record of this one.
  Status Erase(const StandingChange& change, Sequence& record);
  // Erased contacts whose records are still in the journal; first what may be scrubbed now, by Scrub.
  const std::vector<Erasure>& erasures() const { return erasures_; }
  std::vector<Erasure> NextErasures() const;
  // `done`: from NextErasures, scrubbed.
  void NoteScrubbed(std::span<const Erasure> done);

  // A rule fires no more and its runs stand still, or is as its script says again. `rule`: by its number. NOT_FOUND when no
  // script has it; FAILED_PRECONDITION for one that its script disables. What is so already is done again without a record.
  Status SwitchRule(std::uint32_t rule, bool on, std::string_view actor);
  // Ends runs of the rule, those that began with earlier revisions and those that have not begun as well, of `contact` or of the contacts
  // from `next` on, for at most `limit` contacts. Gives how many runs; `next`: where to go on, nothing when all was looked at.
  std::uint32_t StopRuns(const StopRunsRequest& request, std::uint32_t limit, std::optional<std::uint32_t>& next);
  // Contacts that have not had their turn have none. NOT_FOUND (OPERATION_NOT_FOUND); of one that is done nothing is done.
  Status StopEnrolment(std::uint32_t revision, std::string_view actor);

  // Another attempt at a failure (runtime/model/failure.h), as a record of its own. `after`: the failure as it is then; closed: it
  // succeeded, otherwise it stays, with the reason of now. NOT_FOUND for one that there is not or that is closed; CANNOT_RETRY where the
  // scripts no longer fit it.
  Status Retry(std::int64_t failure, std::string_view actor, Failure& after);

  // Whether all that was decided is durable.
  bool IsCommitted() const { return packer_.empty(); }
  // Makes all that was decided durable.
  Status Commit();
  // Not ok once the store has failed to append.
  const Status& failure() const { return failure_; }
  Sequence last_sequence() const { return last_sequence_; }

  // ---- core_dispatches.cc: what is sent to the world outside ----
  // Puts down what came of sending: state, attempts, times and error of each. One that is not there (any more) is left out.
  void PutOutcomes(std::span<const Dispatch> outcomes);
  // Has a dispatch that waits or was given up tried at once. NOT_FOUND; FAILED_PRECONDITION (ALREADY_SENT).
  Status RetryDispatch(std::int64_t id);
  // Engine::MarkRead.
  Status MarkRead(std::span<const std::int64_t> notifications, bool read, std::string_view actor);
  // The ids of the dispatches that have become open since the last call.
  void TakeOpened(std::vector<std::int64_t>& opened);

  // What it has done since it was opened. As safe as view().
  const Decided& decided() const { return decided_; }

  // What reads see. Safe for several threads as long as no other function of the core runs.
  const View& view() const { return *this; }
  Programs& programs() { return programs_; }

  // Fills `batch` with the next part of the checkpoint; false when there is nothing to write now. Call it only when nothing
  // is uncommitted, and again only when the part was written. `force`: begin a round although it is not yet worth it.
  bool NextCheckpoint(bool force, CheckpointBatch& batch);

 private:
  friend class Recovery;

  // A contact with overdue timers, and when it may be quiet at the earliest.
  struct Waiting {
    Micros at = 0;
    std::uint32_t contact = 0;
    friend bool operator>(const Waiting& a, const Waiting& b) { return a.at > b.at; }
  };

  // A company whose members are to get its values.
  struct Spread {
    std::uint32_t company = 0;
    Micros occurred_at = 0;
    Sequence cause = 0;      // the last record that changed it
    std::uint32_t hops = 0;  // over how many contacts it has come here
  };

  // An event's hashes, taken before it is decided.
  struct Ahead {
    EventKey key;
    std::uint64_t contact_hash = 0;
    std::optional<std::uint32_t> contact;  // probably
  };

  Core(Store& store, const Clock& clock, Random& random, const EngineOptions& options);

  // ---- core.cc: events ----
  void MoveClock();
  void Decide(const EventInput& event, const Ahead& ahead, EventResult& result);
  bool AnswerKnown(const EventInput& event, const EventKey& key, std::uint64_t content, EventResult& result) const;
  // Checks the event against the contact that it is for. `number`: the contact, when it is there.
  Status Check(const EventInput& event, std::optional<std::uint32_t> number) const;
  ContactCell& MakeContact(const EventInput& event);
  void Begin(RecordKind kind, const Contact& contact, Micros occurred_at);
  // A record of no contact.
  void BeginShared(RecordKind kind, std::uint32_t revision, std::string_view actor);
  void BeginEvent(const EventInput& event, const Contact& contact, std::uint64_t content);
  void CountFiring(const Effect& fired);
  void FollowEffect(ContactCell& cell, const Effect& effect);
  void FinishRecord(ContactCell& cell, std::size_t timers_before);
  // Looks the task of resolved_ up. Fails when it is not one of the contact's, or is given to somebody who is deactivated.
  Status CheckTask(std::optional<std::uint32_t> number);
  // Makes what the record made beside its contact's state part of the state.
  void TakeItems();
  void AddDispatches(const Effect& effect);
  // Says of each notification which ways it takes.
  void RouteNotifications();
  void CountDispatches();
  // nullptr: there is none, or its contact is erased.
  const Dispatch* FindDispatch(std::int64_t id) const;
  void BeginOutcomes();
  void PutOutcome(const Dispatch& outcome, Dispatch& dispatch);

  Status Append(const Revision* revision);

  // ---- core_standing.cc ----
  // The contact that the change is for, active or deleted.
  Result<ContactCell*> FindFor(const StandingChange& change);
  Result<ContactCell*> FindActive(const StandingChange& change);
  Status FireBefore(ContactCell& cell);
  // `more`: effects of the same record.
  void Depart(ContactCell& cell, Standing standing, const Contact* into, std::string_view actor, std::vector<Effect> more = {});
  // A kFailureErased for each event that failed before it made the contact, which by now is part of `survivor` or that itself.
  Result<std::vector<Effect>> StraysOf(const Contact& contact, std::uint32_t survivor);
  // Begins a record of the contact's standing with these effects and folds them into the contact.
  void BeginStanding(ContactCell& cell, std::string_view actor, std::vector<Effect> effects);
  // ---- core_companies.cc ----
  // Who belongs to which company, from the contacts.
  void IndexMembers();
  // Nothing of the company comes to the contact while it is away.
  void LeaveCompany(const Contact& contact);
  // What has changed of its company meanwhile is brought to the contact.
  void ReturnToCompany(const Contact& contact);
  // record_ has changed the company: its members are to hear of it.
  void NoteCompany(std::string_view id);
  void AddSpread(const Spread& spread);
  void SpreadCompanies();
  void BringTo(ContactCell& cell, const Spread& spread);
  Status CheckCompany(const CompanyInput& input, const Company* company) const;
  void BeginCompany(const CompanyInput& input, std::uint64_t content);
  void FinishCompany(const EventKey& key, std::uint64_t content, EventResult& result);

  // ---- core_timers.cc ----
  std::uint32_t FireHeap(std::uint32_t limit);
  bool IsQuiet(const ContactCell& cell) const;
  // False when it waits for the contact to be quiet instead of going into the heap.
  bool Schedule(ContactCell& cell, const TimerEntry& entry);
  void ScheduleWindow(ContactCell& cell);
  // Into the heap goes all that is overdue for the contact.
  void Release(ContactCell& cell);
  void ReleaseWaiting(bool at_once);
  // Fires the contact's timers and window closings that are due by `until`, in their order. False when there are more timers than
  // one event may set off; those left fire as time allows.
  bool FireContact(ContactCell& cell, Micros until);
  void FireEntry(ContactCell& cell, const TimerEntry& entry);
  // What the contact waits for, but for the closing of windows.
  template <typename Visit>
  void ForEachTimer(const Contact& contact, const Visit& visit) const;
  // The runs of a rule that is disabled stand still.
  bool IsPaused(const Run& run) const { return run.HasBegun() && program_->rules[run.rule].IsPaused(); }
  // How many runs the rule has changes by `by`.
  void CountRun(std::uint32_t rule, int by);
  static std::size_t TimersOf(const Contact& contact);
  // True iff it set rules off.
  bool CloseWindows(ContactCell& cell);
  // Reminds of the contact's first task whose reminder is due then.
  void FireReminder(ContactCell& cell, Micros due);
  bool Holds(const TimerEntry& entry) const;
  void RebuildTimers();

  // ---- deployment.cc ----
  void Install(std::uint32_t revision, std::shared_ptr<const ir::Program> program);
  // Counts anew what the running program wants counted of all contacts.
  void RecountHoldings();
  struct ContactMoves {
    std::uint32_t contact = 0;
    std::vector<Effect> effects;
  };
  Result<std::vector<ContactMoves>> PlanMoves(const Deployment& deployment) const;
  std::vector<EndedRuns> EndedBy(const std::vector<ContactMoves>& moves) const;
  void MoveRuns(const std::vector<ContactMoves>& moves, const ir::Program& next, std::uint32_t revision);

  // ---- failures.cc ----
  Status RetryAction(const Failure& failure, std::string_view actor);
  Status RetryEvent(const Failure& failure);
  void KeepWhatFailed(const Contact& contact, bool would_make);
  void FinishFailed();
  // Commits first, since it may be of this batch.
  Result<Record> ReadRecord(Sequence sequence);

  // ---- enrolment.cc ----
  // Starts the rules that the contact is to be enrolled in; call it before anything else happens to it.
  void EnrolFirst(ContactCell& cell);
  void BeforeContact(ContactCell& cell) {
    if (!rules_.enrolments.empty()) EnrolFirst(cell);
  }
  void EnrolIn(ContactCell& cell, const Enrolment& enrolment);
  // Looks at the next contacts, at most `limit`; gives at how many.
  std::uint32_t ContinueEnrolment(std::uint32_t limit);
  // Puts down how far an enrolment is.
  void NoteEnrolment(const Enrolment& reached, std::string_view actor);

  using Which = std::function<bool(std::uint32_t)>;  // contacts, by number
  // The contacts, of those `is_behind`, for which a window of the program has closed until `at` and the engine has not got to it yet.
  std::vector<bool> OwedBy(const std::shared_ptr<const ir::Program>& program, Micros at, const Which& is_behind) const;
  // What a deployment, record `sequence`, does to the contacts for which `is_behind(number)` holds: trackers that the running
  // program has beyond those of `before` see the past, timers follow the present stays, and what is over by the running program's
  // windows alone is over, unless the contact is `owed` something.
  Status TakeOver(const std::shared_ptr<const ir::Program>& before, const std::vector<bool>& owed, Sequence sequence, Micros at,
                  const Which& is_behind);

  // ---- View ----
  const ir::Program& program() const override { return *program_; }
  std::uint32_t revision() const override { return revision_; }
  std::vector<std::uint32_t> RulesInProgress() const override;
  Micros now() const override { return clock_.Now(); }
  EngineStats stats() const override;
  const Contact* FindContact(std::string_view id) const override;
  const Contact* ContactAt(std::uint32_t number) const override;
  Sequence RecordOfEvent(std::string_view id) const override {
    const KnownEvent* known = ids_.Find(ids_.KeyOf(id));
    return known == nullptr ? 0 : known->sequence;
  }
  std::optional<Value> PropertyOf(const Contact& contact, std::uint32_t slot) const override;
  std::int64_t NodeOf(const Contact& contact, std::uint32_t node) const override { return contact.derived[node]; }
  Scene SceneOf(const Contact& contact, std::string_view viewer) const override { return executor_->SceneOf(contact, now(), viewer); }
  bool Meets(const Contact& contact, const CompiledCondition& condition, std::string_view viewer) const override {
    return executor_->Meets(contact, condition, now(), viewer);
  }
  Micros founded_at() const override { return programs_.founded_at(); }
  std::string_view ManagerOf(std::string_view user) const override { return executor_->ManagerOf(user); }
  const std::vector<Task>& tasks() const override { return items_.tasks.all(); }
  const std::vector<Notification>& notifications() const override { return items_.notifications.all(); }
  const std::vector<User>& users() const override { return shared_.users.all(); }
  const std::vector<Deal>& deals() const override { return items_.deals.all(); }
  const std::vector<Delivery>& deliveries() const override { return items_.deliveries.all(); }
  const std::vector<Dispatch>& dispatches() const override { return items_.dispatches.all(); }
  const std::vector<Failure>& failures() const override { return items_.failures.all(); }
  const RuleStates& rule_states() const override { return rules_; }
  const Companies& companies() const override { return companies_; }

  Store& store_;
  const Clock& clock_;
  const EngineOptions options_;
  Micros now_ = 0;  // the clock's time, as far as it never goes back

  Programs programs_;
  std::uint32_t revision_ = 0;
  std::shared_ptr<const ir::Program> program_;
  std::unique_ptr<Executor> executor_;

  RuleStates rules_;
  SharedState shared_;
  std::vector<Erasure> erasures_;
  ContactTable contacts_;
  Items items_;
  DealIndex deal_index_{items_.deals};
  Companies companies_;
  // What is to be brought to the members of companies, first come first served; each company once.
  std::deque<Spread> spreads_;
  bool spreading_ = false;
  std::uint32_t hops_ = 0;                // of the spread that is under way
  std::vector<std::uint32_t> by_person_;  // slots that the event behind it set (E11)
  std::uint32_t by_person_of_ = 0;        // the event's contact
  EventIds ids_;

  TimerHeap heap_;
  std::priority_queue<Waiting, std::vector<Waiting>, std::greater<>> waiting_;
  std::uint64_t timers_ = 0;              // armed timers and runs that wait, over all contacts
  std::vector<std::uint32_t> open_runs_;  // by rule, over all contacts
  bool nobody_waits_ = false;             // while FireOverdue runs
  Micros enrols_from_ = 0;                // NextEnrolment

  Sequence last_sequence_ = 0;
  RowPacker packer_;
  Status failure_;
  std::size_t announced_ = 0;           // of items_.dispatches: those that TakeOpened has given
  std::vector<std::int64_t> reopened_;  // what it has not given yet of those before
  std::array<std::uint64_t, kDispatchStates> dispatch_states_{};
  CheckpointPlan checkpoint_;
  Decided decided_;

  // Scratch, kept for its memory.
  Record record_;
  ResolvedEvent resolved_;
  std::string content_scratch_;
};

}  // namespace stagecraft::runtime

#endif  // STAGECRAFT_RUNTIME_ENGINE_CORE_H_
