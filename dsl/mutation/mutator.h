// Finds the places in a script where a mistake could have been made. By subject: mutator.cc (terms and durations), mutate_conditions.cc,
// mutate_rules.cc, mutate_actions.cc.
#ifndef STAGECRAFT_DSL_MUTATION_MUTATOR_H_
#define STAGECRAFT_DSL_MUTATION_MUTATOR_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "dsl/mutation/mutants.h"

namespace stagecraft {

class Mutator {
 public:
  Mutator(const SourceSet& sources, const ir::Program& program);

  void Declaration(const syntax::Declaration& declaration);
  std::vector<Mutant> Take() { return std::move(mutants_); }

 private:
  // ---- mutator.cc ----
  void Add(const Span& span, std::string replacement, std::string what);
  // Takes the text away, and the white space before it.
  void LeaveOut(Span span);
  void LeaveOut(Span span, std::string what);
  // The same from the word before it on: `because "No answer"`.
  void LeaveOutFrom(std::string_view word, const Span& span);
  // Each item of a list, with the comma or the word next to it.
  void LeaveOutEach(const std::vector<Span>& list);
  std::string_view TextOf(const Span& span) const;
  void MoveNumber(const syntax::Term& number, std::int64_t by);
  void MoveWhole(const Span& span, std::int64_t whole, std::int64_t by, bool signs);
  void Lengthen(const syntax::Duration& duration);
  void Lengthen(const std::optional<syntax::Duration>& duration);
  // The phrase, or its end, names an option: its neighbour in its place.
  void SwapOption(const syntax::Phrase& phrase);
  void Swap(const Span& span, std::string_view replacement);

  // ---- mutate_conditions.cc ----
  void Condition(const syntax::ConditionPtr& condition);
  void Comparison(const syntax::Comparison& comparison);
  void Operand(const syntax::Comparison& comparison);
  void Bare(const syntax::BareCondition& bare);
  void Operands(const std::vector<syntax::ConditionPtr>& operands, std::string_view word, std::string_view other);
  void Not(const syntax::NotCondition& node, const Span& span);

  // ---- mutate_rules.cc ----
  void Rule(const syntax::RuleDecl& rule, const Span& span);
  void Sequence(const syntax::SequenceDecl& sequence, const Span& span);
  void Modifiers(const std::vector<syntax::Modifier>& modifiers);
  void Trigger(const syntax::Trigger& trigger);
  void Score(const syntax::ScoreDecl& score);
  void Counter(const syntax::CounterDecl& counter);

  // ---- mutate_actions.cc ----
  // `whole`: the declaration; it is left out instead of its only action.
  void Actions(const syntax::Block& actions, const std::optional<Span>& whole);
  void Action(const syntax::Action& action);
  void Wait(const syntax::WaitAction& wait);
  void Recipient(const syntax::Recipient& recipient);
  void Reason(const std::optional<syntax::Term>& because);

  const SourceSet& sources_;
  std::unordered_map<std::string, std::string> neighbours_;  // option, folded, to the option that stands next to it
  std::vector<Mutant> mutants_;
};

}  // namespace stagecraft

#endif  // STAGECRAFT_DSL_MUTATION_MUTATOR_H_
