// The lowering itself, by subject: lower.cc (the whole), lower_vocabulary.cc, lower_derived.cc, lower_rules.cc, lower_index.cc.
#ifndef STAGECRAFT_DSL_IR_LOWERING_H_
#define STAGECRAFT_DSL_IR_LOWERING_H_

#include <map>
#include <set>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "dsl/ir/graph.h"
#include "dsl/ir/lower.h"

namespace stagecraft::ir {

class Lowering : private TrackerSource {
 public:
  Lowering(const sema::CheckedScript& script, const SourceSet& sources, const Layout& before);

  LowerResult Run();

 private:
  // lower.cc
  std::uint32_t TrackerOf(const sema::EventMatches& events, std::int64_t window_us, bool counts) override;
  std::string FindOverflow() const;
  Place PlaceOf(Span span) const;
  void LowerNames();

  // lower_vocabulary.cc
  void LowerProperties();
  void LowerEvents();
  void LowerTeams();
  void LowerWellKnown();

  // lower_derived.cc
  void LowerDerived();
  void LowerCounter(sema::Symbol symbol);
  void LowerScore(sema::Symbol symbol);
  void LowerCriterion(const sema::Criterion& criterion, Node& node);
  std::uint32_t WatchOf(const sema::Condition& condition, Place place);
  std::uint32_t AddNode(Node node);

  // lower_rules.cc
  void LowerRules();
  void LowerRule(const sema::Rule& source, std::uint32_t order);
  void LowerTrigger(const sema::Trigger& trigger, Rule& rule);
  Action LowerAction(const sema::Action& source);
  ValueExpr LowerValue(const sema::SetValue& set);
  Recipient LowerRecipient(const sema::Recipient& recipient) const;
  std::uint32_t TemplateOf(const sema::Text& text);
  std::optional<std::uint32_t> OptionalTemplate(const std::optional<sema::Text>& text);
  std::uint32_t RuleNumber(const sema::Rule& rule);

  // lower_index.cc
  void LowerIndex();
  void IndexRules();
  void IndexNodes();
  void IndexNode(std::uint32_t number);
  void IndexOperand(const Operand& operand, std::uint32_t node);
  void AddWindow(std::uint32_t tracker, std::int64_t window_us);
  // Calls visit(test) for every test that can be reached from `entry`.
  template <typename Visitor>
  void ForEachTest(Entry entry, Visitor visit) const;

  const sema::CheckedScript& script_;
  const SourceSet& sources_;
  std::shared_ptr<Program> program_;
  Numbering numbering_;
  GraphBuilder graph_;
  std::unordered_map<std::string, std::uint32_t> watches_;         // by canonical text
  std::unordered_map<std::string, std::uint32_t> templates_;       // by content
  std::unordered_map<std::string, std::uint32_t> equal_triggers_;  // how many unnamed rules have this text
  std::vector<std::uint32_t> rules_in_order_;
  std::set<std::pair<std::uint32_t, std::int64_t>> windows_;
};

}  // namespace stagecraft::ir

#endif  // STAGECRAFT_DSL_IR_LOWERING_H_
