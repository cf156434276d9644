// The lowering itself, by subject: lower.cc (the whole), lower_vocabulary.cc, lower_derived.cc, lower_declarations.cc, lower_rules.cc,
// lower_actions.cc.
#ifndef STAGECRAFT_DSL_IR_LOWERING_H_
#define STAGECRAFT_DSL_IR_LOWERING_H_

#include <map>
#include <span>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "dsl/ir/graph.h"
#include "dsl/ir/lower.h"
#include "dsl/ir/test_walk.h"

namespace stagecraft::ir {

inline Duration LowerDuration(const sema::Duration& duration) { return {duration.micros, duration.months, duration.business}; }
inline Recurrence LowerRecurrence(const sema::Recurrence& recurrence) {
  return {recurrence.days, recurrence.business_days, recurrence.day_of_month, recurrence.minute};
}

class Lowering : private TrackerSource {
 public:
  Lowering(const sema::CheckedScript& script, const SourceSet& sources, const Layout& before, std::span<const RetiredRule> retired);

  LowerResult Run();

 private:
  // lower.cc
  std::uint32_t TrackerOf(const sema::EventMatches& events, std::int64_t window_us, bool counts, Span span) override;
  std::string FindOverflow() const;
  Place PlaceOf(Span span) const;
  void LowerNames();

  // lower_vocabulary.cc
  void LowerProperties();
  void LowerEvents();
  void LowerTeams();
  void LowerWellKnown();
  void LowerTaskEvent(std::uint32_t number, WellKnown::TaskEvent::Kind kind);

  // lower_derived.cc
  void LowerDerived();
  void LowerCounter(sema::Symbol symbol);
  void LowerScore(sema::Symbol symbol);
  void LowerCriterion(const sema::Criterion& criterion, Node& node);
  std::uint32_t WatchOf(const sema::Condition& condition, Place place);
  std::uint32_t AddNode(Node node);

  // lower_declarations.cc
  void LowerDeclarations();
  void LowerView(const sema::View& source);
  void LowerPromises();
  void LowerPromise(const sema::Promise& source);
  void LowerMoves(const sema::Moves& source);
  Promise& PromiseOf(std::string text, Span span);
  std::vector<std::uint32_t> SlotsBehind(Entry entry) const;

  // lower_rules.cc
  void LowerRules();
  void HashRules();
  void NumberRules();
  void LowerRule(const sema::Rule& source, std::uint32_t order);
  void LowerRetired();
  void LowerBody(const sema::Rule& source, std::uint32_t order, Rule& rule);
  void LowerTrigger(const sema::Trigger& trigger, Rule& rule);
  void LowerEventTrigger(const sema::Trigger& trigger, Rule& rule);
  void LowerTimings(const sema::Trigger& trigger, Rule& rule);
  void LowerSchedule(const sema::Trigger& trigger, Rule& rule);

  // lower_actions.cc
  void LowerActions(const sema::Rule& source, Rule& rule);
  void LowerBlock(const sema::Block& block, std::vector<Action>& actions);
  void LowerIf(const sema::If& source, Place place, std::vector<Action>& actions);
  void LowerSplit(const sema::Split& source, Place place, std::vector<Action>& actions);
  void LowerWait(const sema::Wait& source, Place place, std::vector<Action>& actions);
  Action LowerStep(const sema::Action& source, Place place);
  void FillStep(const sema::SetValue& source, Action& action);
  void FillStep(const sema::ClearValue& source, Action& action);
  void FillStep(const sema::AssignRotation& source, Action& action);
  void FillStep(const sema::Notify& source, Action& action);
  void FillStep(const sema::CreateTask& source, Action& action);
  void FillStep(const sema::CreateDeal& source, Action& action);
  static void FillStep(const sema::MoveDeal& source, Action& action);
  void FillStep(const sema::SendEmail& source, Action& action);
  void FillStep(const sema::CallWebhook& source, Action& action);
  void FillStep(const sema::Enrol& source, Action& action);
  void FillStep(const sema::Leave& source, Action& action);
  // `property`: of which an option is the value.
  ValueExpr LowerValue(const sema::Value& value, std::optional<sema::Symbol> property);
  ValueExpr LowerComputation(const sema::Computation& computation) const;
  Recipient LowerRecipient(const sema::Recipient& recipient) const;
  std::uint32_t TemplateOf(const sema::Text& text);
  std::optional<std::uint32_t> OptionalTemplate(const std::optional<sema::Text>& text);

  const sema::CheckedScript& script_;
  const SourceSet& sources_;
  const std::span<const RetiredRule> retired_;
  std::vector<LostRule> settled_;  // of retired_
  std::shared_ptr<Program> program_;
  Numbering numbering_;
  GraphBuilder graph_;
  std::unordered_map<std::string, std::uint32_t> watches_;         // by canonical text
  std::unordered_map<std::string, std::uint32_t> templates_;       // by content
  std::unordered_map<std::string, std::uint32_t> equal_triggers_;  // how many unnamed rules have this text
  std::vector<std::uint32_t> rule_numbers_;                        // by place in the script
  mutable TestWalk walk_;
};

}  // namespace stagecraft::ir

#endif  // STAGECRAFT_DSL_IR_LOWERING_H_
