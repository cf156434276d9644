// One record being decided: what an event, a timer or the passing of time does to a contact, round by round (language.md
// E1 … E9, E11; docs/semantics.md). Kept between records for its scratch memory.
#ifndef STAGECRAFT_RUNTIME_EXEC_DECISION_H_
#define STAGECRAFT_RUNTIME_EXEC_DECISION_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "runtime/exec/executor.h"
#include "runtime/exec/machine.h"
#include "runtime/exec/plan.h"
#include "runtime/exec/rule_index.h"

namespace stagecraft::runtime {

class Decision {
 public:
  Decision(const Plan& plan, const RuleIndex& index, const ExecLimits& limits);

  ExecResult DecideEvent(const ResolvedEvent& event, bool created, Contact& contact, SharedState& shared, Record& record);
  // `rule`: whose timer is due; kNoRule: only time has passed.
  ExecResult DecideTimer(std::uint32_t rule, Contact& contact, SharedState& shared, Record& record);

 private:
  static constexpr std::uint32_t kNone = 0xFFFF'FFFF;

  // A rule that is about to fire, and why.
  struct Firing {
    std::uint32_t order = 0;
    std::uint32_t rule = 0;
    std::uint32_t trigger = kByEvent;
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
    std::uint32_t dropped = 0;
  };  // `dropped` of dropped_times_
  struct RotationBefore {
    std::uint32_t team = 0, next = 0;
  };

  // ---- rounds.cc: the course of a decision ----
  void Begin(Contact& contact, SharedState& shared, Record& record);
  ExecResult Finish();
  // Takes all back but what must not be tried again, and keeps the chain of rules as the record's effect.
  ExecResult Fail();
  // The rounds after round 0. False when a bound was passed.
  bool RunRounds();
  void FindFirings(std::uint32_t round);
  void FindByEvent(std::uint32_t event, const Scene& event_scene, const Scene& scene);
  void FindBySlot(const SlotBefore& change, const Scene& scene);
  void FindByNode(const NodeChange& change, const Scene& scene);
  // Adds the rule to firings_ if its guard holds in `scene`.
  void Propose(const RuleIndex::Candidate& candidate, std::uint32_t trigger, const Scene& scene);
  void Fire(std::uint32_t round);
  // The rules that led to the firings that are one too many, for people.
  std::string DescribeChain() const;
  Scene EventScene() const;

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
  void FollowStays(const SlotBefore& change);
  void DropTimer(std::uint32_t rule);
  void RememberTimers();
  void Undo();
  void UndoTracks();

  // ---- derived.cc: derived values, incrementally ----
  void MarkDirty(std::uint32_t node, std::uint32_t cause);
  void MarkAllDirty(const std::vector<std::vector<std::uint32_t>>& index, std::uint32_t key, std::uint32_t cause);
  void BeginDerived(bool created);
  void UpdateDerived();
  void UpdateNode(std::uint32_t node);
  void ReportNodes();

  // ---- actions.cc: what a rule does ----
  void Run(const ir::Action& action);
  void RunSet(const ir::Action& action, const Value& value);
  void RunRotation(const ir::Action& action);
  void RunNotify(const ir::Action& action);
  void RunCreateTask(const ir::Action& action);
  void AddTask(const ir::Action& action, std::string_view assignee);
  // Why the rule that is running may not write `value`; nothing when it may.
  std::optional<RefusalReason> RefusalOf(const ir::Action& action, const Value& value) const;
  bool IsBackward(std::uint32_t slot, const Value& value) const;
  bool IsTriggeredBy(std::uint32_t slot) const;
  void Refuse(std::uint32_t slot, RefusalReason reason, const Value& value);
  // Into recipients_, whose views are good until the contact changes.
  void FindRecipients(const ir::Recipient& recipient);
  Value Evaluate(const ir::Action& action);
  void Render(const ir::Template& text, std::string& out);
  std::optional<std::int64_t> NextDeliveryId();

  const Plan& plan_;
  const ir::Program& program_;
  const RuleIndex& index_;
  const ExecLimits limits_;

  Contact* contact_ = nullptr;
  SharedState* shared_ = nullptr;
  Record* record_ = nullptr;
  bool created_ = false;
  bool too_many_deliveries_ = false;
  std::uint32_t changes_ = 0;
  std::uint32_t rules_fired_ = 0;
  std::uint32_t deliveries_ = 0;

  // The rule that is running.
  std::uint32_t rule_ = kByEvent;
  std::uint32_t rule_effect_ = kByEvent;
  std::uint32_t round_ = 0;
  std::uint16_t action_ = 0;

  std::vector<Firing> firings_;
  RuleIndex::Present present_;
  std::vector<std::uint32_t> timer_rules_;  // rules that round 1 begins with because their timer is due
  std::vector<SlotBefore> writes_;          // of the present round, each slot once
  std::vector<std::uint32_t> write_of_;     // by slot: place in writes_, or kNone
  std::vector<SlotBefore> net_changes_;     // of the round before
  std::vector<NodeChange> node_changes_;    // of the round before

  // Derived values that are to be looked at again: a bit each, looked through in ascending order.
  std::vector<std::uint64_t> dirty_;
  std::size_t dirty_from_ = 0;
  std::vector<std::uint32_t> cause_;       // by node: the effect that made it dirty
  std::vector<std::int64_t> score_delta_;  // by node: what its criteria gained since it was summed
  std::vector<NodeChange> touched_;        // nodes whose value moved in this round
  bool windows_moved_ = false;

  std::vector<std::uint32_t> by_person_;  // slots that the event itself set (E11)

  // What Undo needs.
  std::vector<SlotBefore> slots_before_;
  std::vector<std::uint32_t> before_of_;  // by slot: place in slots_before_, or kNone
  std::vector<EnteredBefore> entered_before_;
  std::vector<TrackAdded> tracks_added_;
  std::vector<Micros> dropped_times_;
  std::vector<RotationBefore> rotations_before_;
  std::vector<ArmedTimer> timers_before_;
  bool timers_remembered_ = false;
  Micros now_before_ = 0;
  Micros contacted_before_ = 0;

  std::vector<std::string_view> recipients_;
  std::string text_;
};

}  // namespace stagecraft::runtime

#endif  // STAGECRAFT_RUNTIME_EXEC_DECISION_H_
