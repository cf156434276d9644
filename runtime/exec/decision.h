// One record being decided: what an event, a timer or the passing of time does to a contact, round by round (language.md
// E1 … E9, E11; docs/semantics.md). Kept between records for its scratch memory.
#ifndef STAGECRAFT_RUNTIME_EXEC_DECISION_H_
#define STAGECRAFT_RUNTIME_EXEC_DECISION_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "runtime/exec/executor.h"
#include "runtime/exec/machine.h"
#include "runtime/exec/path_counts.h"
#include "runtime/exec/plan.h"
#include "runtime/exec/rule_index.h"

namespace stagecraft::runtime {

// What the operand reads, as scripts call it.
std::string NameOf(const Scene& scene, const ir::Operand& operand);

class Decision {
 public:
  Decision(const Plan& plan, const RuleIndex& index, const ExecLimits& limits);

  // Counts from now on which ways rules with branches go; null: no more.
  void CountPaths(PathCounts* counts) { path_counts_ = counts; }

  ExecResult DecideEvent(const ResolvedEvent& event, bool created, Contact& contact, SharedState& shared, Record& record);
  // `rule`: whose timer is due.
  ExecResult DecideTimer(std::uint32_t rule, Contact& contact, SharedState& shared, Record& record);
  // Only time has passed.
  ExecResult DecideClosing(Contact& contact, SharedState& shared, Record& record);
  // `run`: of the contact, whose time to begin or to go on has come.
  ExecResult DecideRun(std::uint32_t run, Contact& contact, SharedState& shared, Record& record);
  // As Executor::StartRule, WouldStart, OwesClosing and RetryAction.
  ExecResult DecideStart(std::uint32_t rule, Contact& contact, SharedState& shared, Record& record);
  bool WouldStart(std::uint32_t rule, Micros at, Contact& contact);
  bool OwesClosing(Contact contact, Micros at);
  ExecResult DecideRetry(std::uint32_t rule, std::uint32_t action, Contact& contact, SharedState& shared, Record& record);
  ExecResult DecideCompany(const CompanyNews& news, Contact& contact, SharedState& shared, Record& record);

  const std::vector<std::uint32_t>& by_person() const { return by_person_; }
  // `task`: of which the contact has a reminder that is due.
  ExecResult DecideReminder(const Task& task, Contact& contact, SharedState& shared, Record& record);

 private:
  static constexpr std::uint32_t kNone = 0xFFFF'FFFF;

  // A rule that is about to fire or to go on, and why.
  struct Firing {
    std::uint32_t order = 0;
    std::uint32_t rule = 0;
    std::uint32_t trigger = kByEvent;
    std::uint32_t run = 0;              // that begins or goes on; 0: none that the contact has yet
    WaitEnd wait_end = WaitEnd::kTime;  // of a run that goes on
    bool by_creation = false;           // by the creation that came along with another event: it reads no field
    bool is_retry = false;              // of one action, retried_
    // Of rules with branches: what it does in this round, a part of path_, and the wait that it comes to then; kNone: it ends.
    std::uint32_t path_first = 0;
    std::uint32_t path_count = 0;
    std::uint32_t wait = kNone;
  };
  struct Enrolment {
    std::uint32_t rule = 0;
    std::uint32_t effect = kByEvent;
  };
  struct Ready {
    std::uint32_t run = 0;
    std::uint32_t effect = kByEvent;  // its waiting
  };
  struct NodeBefore {
    std::uint32_t node = 0;
    std::int64_t value = 0;
    std::uint32_t effect = kByEvent;  // that moved it first
  };
  struct NodeChange {
    std::uint32_t node = 0;
    std::int64_t before = 0;
    std::uint32_t effect = kByEvent;  // what the rules that it sets off are owed to
  };
  struct EnteredBefore {
    std::uint32_t slot = 0, option = 0;
    std::optional<Micros> at;
  };
  struct TrackAdded {
    std::uint32_t tracker = 0;
    Micros at = 0;
    std::uint32_t dropped = 0;                   // of dropped_times_
    bool is_new = false;                         // the time was not there
    Sequence first_record = 0, last_record = 0;  // before
  };
  struct TurnBefore {
    std::uint32_t team = 0;
    std::size_t place = 0;  // of TeamTurns::turns
    std::int64_t at = 0;
    std::int64_t time = 0;
    bool is_new = false;
  };
  // Who of a team is to get the contact.
  struct Assignment {
    const ir::Action* action = nullptr;
    const ir::Team* team = nullptr;
    std::optional<std::size_t> held;  // where the contacts that each member has are counted
    AssignedBy by = AssignedBy::kTurn;
    std::uint32_t member = kNone;
    std::int64_t turn = 0;  // kTurn: the one that is taken
    std::string why;        // for people; empty: there is no more to say than whose turn it was
  };

  // ---- rounds.cc: the course of a decision ----
  void Begin(Contact& contact, SharedState& shared, Record& record);
  ExecResult Finish();
  // Makes the contact what it was: nothing has changed but time and lines of scores whose sums are the same.
  ExecResult TakeBackClosing();
  // Takes all back but what must not be tried again, and keeps the chain of rules as the record's effect.
  ExecResult Fail();
  // The rounds after round 0. False when a bound was passed.
  bool RunRounds();
  void FindFirings(std::uint32_t round);
  void SortFirings();
  void FindByEvent(std::uint32_t event, const Scene& scene, bool by_creation);
  void FindBySlot(const SlotBefore& change, const Scene& scene);
  void FindByNode(const NodeChange& change, const Scene& scene);
  // Adds the rule to firings_ if its guard holds in `scene`, and returns it; null: it does not.
  Firing* Propose(const RuleIndex::Candidate& candidate, std::uint32_t trigger, const Scene& scene);
  void Fire(std::uint32_t round);
  void FireRetry(const Firing& firing, std::uint32_t round);
  void Apply(const Firing& firing, const ir::Rule& rule);
  // The rules that led to the firings that are one too many, for people.
  std::string DescribeChain() const;
  // What the rule that is running, or is about to, reads.
  Scene EventScene() const;
  // The same of the creation that comes along with the record's event.
  Scene CreationScene() const;
  bool IsCreationToo() const { return created_ && record_->event != program_.well_known.contact_created; }
  // Whether its timers follow what happens.
  bool IsLive(std::uint32_t rule) const { return program_.rules[rule].declared && !program_.rules[rule].disabled; }

  // ---- runs.cc: rules that wait, or that may not fire as often as they like ----
  // Rules whose candidates are `limited`: whether nothing keeps it from firing (E10, `once …`, `until`).
  bool MayFire(const ir::Rule& rule, std::uint32_t number, Scene scene) const;
  bool IsRunning(std::uint32_t rule) const;
  void FindEnrolled(const Scene& scene);
  // Ends the contact's runs whose `until` holds, and adds those that go on to firings_.
  void FindRuns();
  void FindRun(const Run& run);
  void FindBeginning(const Run& run);
  // Those that a condition lets go on (false), or ends (true), as things stand.
  std::vector<std::pair<std::uint32_t, bool>> RunsThatGoOn() const;
  // Why the run goes on; nothing when it still waits. Its wait may have moved.
  std::optional<WaitEnd> EndOfWait(const Run& run, const Scene& scene);
  bool FollowMoment(const Run& run, Micros moment);
  void HoldMoment(const Run& run, const Scene& scene);
  void MoveMoment(const Run& run, Micros moment);
  // The action waits for a moment that is not set.
  static bool IsLost(const ir::Action& action, const Scene& scene);
  void RefuseWait(const ir::Wait& wait, const Scene& scene);
  bool IsWoken(std::uint32_t run) const;
  // The effect that made an end of the run's wait.
  std::uint32_t CauseOf(const Run& run) const;
  Scene RunScene(const Run& run) const;
  void FindPath(Firing& firing);
  // Counts the firing, and keeps its time where the rule may not fire as often as it likes.
  void NoteFiring(const ir::Rule& rule);
  std::uint32_t ChooseShare(const ir::Action& action, std::uint32_t rule, std::uint32_t number) const;
  // Takes the run of the firing as the one that is running. False when it has ended meanwhile.
  bool TakeRun(const Firing& firing);
  void FinishFiring(const Firing& firing, const ir::Rule& rule);
  void Arrive(const Firing& firing, const ir::Wait& wait);
  Run NewRun(std::uint32_t rule, ir::TriggerKind trigger);
  void EmitWaiting(const Run& run, int detail);
  void EndRun(std::uint32_t run, RunEnd end);
  // What has ended without being a run that the contact keeps, or goes on although it has ended as what it was.
  void NoteEnd(std::uint32_t rule, RunEnd end);
  void RememberProgress();
  void RememberRun(std::uint32_t run);
  void UndoProgress();
  void RunEnrol(const ir::Action& action);
  // Lets the sequence begin in the next round, or says why not.
  void Enrol(std::uint32_t sequence);
  // The event `rule started` may name a sequence.
  void StartByHand();
  void RunLeave(const ir::Action& action);

  // ---- promises.cc ----
  void NoteMoves();
  void NoteTurn(const NodeChange& change);
  void CheckPromises();
  void Break(std::uint32_t promise, std::uint32_t trigger);
  std::uint32_t LastChangeOf(std::uint32_t slot) const;

  // ---- apply.cc: effects on the state, and their undoing ----
  Effect& Emit(EffectKind kind, std::uint32_t target);
  std::uint32_t LastEffect() const { return static_cast<std::uint32_t>(record_->effects.size() - 1); }
  void MoveTime(Micros to);
  void ApplyChange(const ResolvedChange& change);
  void TrackEvent(std::uint32_t event, const Scene& scene);
  void NoteContact(const ir::Event& event);
  void Write(std::uint32_t slot, const Value& value, std::string_view reason);
  void RememberSlot(std::uint32_t slot);
  // Ends a round: entry dates and stays follow the net changes, derived values are brought up to date.
  void EndRound();
  void Enter(const SlotBefore& change);
  // True when the round has brought the property from outside of `option` into it or one of its sub-values.
  bool Enters(const SlotBefore& change, std::int64_t option) const;
  void Undo();
  void UndoTracks();

  // ---- companies.cc ----
  // Own time of the last word on the property: that of the company, where it knows of it.
  Micros LastWordOn(std::uint32_t slot) const;
  const Company* CompanyOfContact() const;
  // Sets what the contact does not have of its company yet.
  void TakeCompanyValues();
  // At the end of a round that has changed `company id`: the contact gets the values of the company that it joined, and leaves those of the
  // one that it left.
  void FollowCompany();
  void FollowCompanyValue(std::uint32_t slot, const Company* company, bool left_one);
  // At the end of the record: what it has changed of the company's values is the company's from now on.
  void BringToCompany();
  void BringToCompany(std::uint32_t slot, std::string_view id);
  bool IsSaidByEvent(std::uint32_t slot) const;
  bool IsSaid(std::uint32_t slot) const;
  bool IsByPerson(std::uint32_t slot) const;

  // ---- deals.cc ----
  void LoadDeals();
  void NoteDealEvent(const DealEvent& event);
  void NoteDealMembers(const DealEvent& event, const Deal& deal, bool is_new);
  void SetDeal(std::int64_t id, DealMember member, const Value& value);
  void MoveDeal(std::int64_t id, std::string_view stage, DealState state);
  void RunMoveDeal(const ir::Action& action);
  // False: the record has too many deliveries.
  bool AddDeal(Deal deal, DealState state);
  // The deal that the event means, by its id or its name.
  const Deal* FindDeal(const DealEvent& event) const;
  // Where the event puts the deal: the names of pipeline and stage, and what that means.
  struct DealPlace {
    std::string pipeline, stage;
    DealState state = DealState::kOpen;
  };
  DealPlace PlaceOfDeal(const DealEvent& event, const Deal* deal) const;
  const Value* FieldOf(const std::optional<std::uint32_t>& field) const;
  std::string_view TextOf(const std::optional<std::uint32_t>& field) const;
  // The properties that follow the contact's deals do.
  void FollowDeals();

  // ---- follow.cc: timers and announced runs follow what has happened ----
  void FollowStays(const SlotBefore& change);
  void FollowDates(const SlotBefore& change);
  void FollowSchedules(const std::vector<std::vector<std::uint32_t>>& index, std::uint32_t key, bool is_in);
  void FollowSilence(std::uint32_t tracker);
  void FollowCreation();
  void FollowEvent(std::uint32_t event, const Scene& scene);
  void Announce(std::uint32_t rule, Micros due);
  void Arm(std::uint32_t rule, Micros due);
  void ArmNext(std::uint32_t rule, Micros after);
  void DropTimer(std::uint32_t rule);
  void RememberTimers();

  // ---- derived.cc: derived values, incrementally ----
  void MarkDirty(std::uint32_t node, std::uint32_t cause);
  void MarkAllDirty(const std::vector<std::vector<std::uint32_t>>& index, std::uint32_t key, std::uint32_t cause);
  void BeginDerived(bool created);
  void UpdateDerived();
  void UpdateNode(std::uint32_t node);
  void ReportNodes();

  // ---- compute.cc ----
  // Why there is no such value; nothing when there is. `value` may be unset then all the same: a copy of what is not set. With kNotSet
  // `missing_` says what is not.
  std::optional<RefusalReason> Evaluate(const ir::ValueExpr& expression, Value& value);
  std::optional<RefusalReason> Compute(const ir::ValueExpr& expression, Value& value);
  void RefuseValue(std::uint32_t slot, RefusalReason reason);

  // ---- actions.cc: what a rule does ----
  void Do(const ir::Action& action);
  void RunSet(const ir::Action& action);
  void SetTo(const ir::Action& action, const Value& value);
  void RunNotify(const ir::Action& action);
  void Tell(std::string_view recipient, std::string_view text);
  void RunCreateDeal(const ir::Action& action);
  void RunSendEmail(const ir::Action& action);
  void RunCallWebhook(const ir::Action& action);
  Delivery* AddDelivery(DeliveryKind kind, std::string_view name);
  // Why the rule that is running may not write `value`; nothing when it may.
  std::optional<RefusalReason> RefusalOf(const ir::Action& action, const Value& value) const;
  bool IsBackward(std::uint32_t slot, const Value& value) const;
  bool IsTriggeredBy(std::uint32_t slot) const;
  bool IsTurnedOnlyBy(std::uint32_t node, std::uint32_t slot) const;
  Effect& Refuse(std::uint32_t slot, RefusalReason reason, const Value& value);
  // The value for which an empty recipient is to blame.
  static std::uint32_t SlotOf(const ir::Recipient& recipient);
  // Into recipients_, whose views are good until the contact changes.
  void FindRecipients(const ir::Recipient& recipient);
  void Render(const ir::Template& text, std::string& out);
  // FindRecipients has found nobody.
  void RefuseNobody(const ir::Recipient& recipient);
  std::optional<std::int64_t> NextDeliveryId();

  // ---- assign.cc ----
  void RunAssign(const ir::Action& action);
  bool IsDeactivated(std::string_view user) const;
  // How many other contacts the member has.
  std::int64_t OwnedBy(const Assignment& assignment, std::uint32_t member) const;
  // Into out_.
  void FindOut(const Assignment& assignment);
  // Why a member is out, and all who are, for people.
  std::string WhyOut(const Assignment& assignment, std::uint32_t member) const;
  std::string DescribeOut(const Assignment& assignment) const;
  void FindTurn(Assignment& assignment);
  void FindLeast(Assignment& assignment);
  void FindAccountOwner(Assignment& assignment);
  static std::size_t PlaceOfTurn(const TeamTurns& turns, const std::string& key, std::size_t hint);
  // When it is the member's turn, on the team's clock.
  std::int64_t TurnOf(const Assignment& assignment, std::uint32_t member) const;
  // The member's turn is past: they were not in the team when it came.
  bool HasJoined(const Assignment& assignment, std::uint32_t member) const;
  void NoteAssignment(Assignment& assignment);
  // A turn that moves without being taken.
  void NoteTurn(const Assignment& assignment, std::uint32_t member, AssignedBy by, std::int64_t next, const std::string& why);
  void LoseTurns(Assignment& assignment, std::uint32_t member);
  void TakeTurn(const Assignment& assignment, std::uint32_t member, std::int64_t next, Effect& effect);
  void UndoTurns();

  // ---- tasks.cc ----
  void RunCreateTask(const ir::Action& action);
  void AddTaskOf(const ir::Action& action, std::string_view assignee);
  void AddTask(Task task);
  // `due` Run::kNever: no reminder.
  void SetReminder(std::int64_t task, Micros due);
  void ChangePart(const Task& task, TaskPart part, Value before, Value after);
  // The task is so already: the event sets nothing off.
  static bool SaysNothingNew(const TaskRequest& request);
  // Whether something of the task is to be another.
  static bool IsEdit(const TaskRequest& request);
  void ApplyTask(const TaskRequest& request);
  void EditTask(const TaskRequest& request);

  const Plan& plan_;
  const ir::Program& program_;
  const RuleIndex& index_;
  const ExecLimits limits_;
  const bool any_branches_;  // some rule has branches

  Contact* contact_ = nullptr;
  SharedState* shared_ = nullptr;
  Record* record_ = nullptr;
  bool created_ = false;
  bool too_many_deliveries_ = false;
  bool company_joined_ = false;   // in this record, the company that the contact is in
  bool company_touched_ = false;  // `company id` or a value that companies share was written, confirmed or said again
  std::uint32_t rounds_max_ = 0;
  bool idle_event_ = false;    // says what is so already: it is no trigger
  std::int64_t reminded_ = 0;  // the task whose reminder is due
  std::uint32_t changes_ = 0;
  std::uint32_t rules_fired_ = 0;
  std::uint32_t deliveries_ = 0;

  // The rule that is running.
  std::uint32_t rule_ = kByEvent;
  std::uint32_t rule_effect_ = kByEvent;
  std::uint32_t round_ = 0;
  std::uint32_t action_ = 0;
  bool resuming_ = false;     // it goes on, and was set off by something before
  bool leaving_ = false;      // it has ended itself
  bool in_run_ = false;       // running_ is its run
  bool by_creation_ = false;  // Firing::by_creation
  Run running_;

  std::vector<Firing> firings_;
  std::vector<std::uint32_t> path_;
  PathCounts* path_counts_ = nullptr;
  std::vector<Enrolment> enrolled_;  // that begin in the next round
  std::uint32_t woken_ = 0;          // the run whose time has come
  std::vector<Ready> ready_;         // runs that came to a wait in this record which is over by itself
  std::vector<std::uint32_t> run_ids_;
  RuleIndex::Present present_;
  std::vector<std::uint32_t> timer_rules_;  // rules that round 1 begins with: their timer is due, or the contact is enrolled
  std::uint32_t retried_ = kNone;           // the action that round 1 does again, of retried_rule_
  std::uint32_t retried_rule_ = 0;
  Record probe_;                          // WouldStart, OwesClosing
  std::vector<SlotBefore> writes_;        // of the present round, each slot once
  std::vector<std::uint32_t> write_of_;   // by slot: place in writes_, or kNone
  std::vector<SlotBefore> net_changes_;   // of the round before
  std::vector<NodeChange> node_changes_;  // of the round before

  // Derived values that are to be looked at again: a bit each, looked through in ascending order.
  std::vector<std::uint64_t> dirty_;
  std::size_t dirty_from_ = 0;
  std::vector<std::uint32_t> cause_;       // by node: the effect that made it dirty
  std::vector<std::int64_t> score_delta_;  // by node: what its criteria gained since it was summed
  std::vector<NodeChange> touched_;        // nodes whose value moved in this round
  bool windows_moved_ = false;
  bool closing_ = false;            // the record is the closing of a window, and nothing that anybody sees has moved by it yet
  std::vector<NodeChange> unseen_;  // what has moved by such a closing

  std::vector<std::uint32_t> by_person_;   // slots that the event itself set (E11)
  std::vector<std::uint32_t> by_derived_;  // nodes that read another one which moved in round 0; only where by_person_ has any

  std::vector<NodeBefore> watched_before_;  // nodes of promises that have moved in this record, as they were before it
  std::vector<std::uint32_t> broken_;       // promises, in this record

  // What Undo needs.
  std::vector<SlotBefore> slots_before_;
  std::vector<std::uint32_t> before_of_;  // by slot: place in slots_before_, or kNone
  std::vector<EnteredBefore> entered_before_;
  std::vector<TrackAdded> tracks_added_;
  std::vector<Micros> dropped_times_;
  std::vector<TurnBefore> turns_before_;
  std::vector<ArmedTimer> timers_before_;
  bool timers_remembered_ = false;
  bool progress_remembered_ = false;
  std::uint32_t last_run_before_ = 0;
  std::vector<LastFiring> firings_before_;
  std::vector<Run> runs_before_;  // that have changed or ended in this record
  std::vector<Reminder> reminders_before_;
  Micros now_before_ = 0;
  Micros contacted_before_ = 0;

  std::vector<Deal> deals_;  // the contact's, as the record has them by now; only when deals_loaded_
  bool deals_loaded_ = false;

  std::vector<std::string_view> recipients_;
  std::string missing_;    // recipients who are deactivated; what a computed value lacks
  std::vector<bool> out_;  // by member of the team that is assigned from: cannot get it; empty: everybody can
  std::string text_;
};

}  // namespace stagecraft::runtime

#endif  // STAGECRAFT_RUNTIME_EXEC_DECISION_H_
