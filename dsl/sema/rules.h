// Rules and sequences: triggers (triggers.cc), actions (actions.cc and its kin), and what a whole rule must be like (rules.cc).
#ifndef STAGECRAFT_DSL_SEMA_RULES_H_
#define STAGECRAFT_DSL_SEMA_RULES_H_

#include <optional>
#include <string>
#include <vector>

#include "dsl/sema/context.h"

namespace stagecraft::sema {

class TriggerChecker {
 public:
  // `name`: the rule's, null where it has none; `reads` gets the derived symbols that the trigger reads.
  TriggerChecker(const Context& context, const syntax::Term* name, std::vector<Symbol>& reads)
      : context_(context), names_(context.names), conditions_(context.conditions), name_(name), reads_(reads) {}

  // Nothing when an error was reported. Of an SLA: the trigger that its time runs from.
  std::optional<Trigger> Check(const syntax::Trigger& trigger);

  std::optional<Trigger> operator()(const syntax::OnTrigger& node);
  std::optional<Trigger> operator()(const syntax::ChangeTrigger& node);
  std::optional<Trigger> operator()(const syntax::AnyChangeTrigger& node);
  std::optional<Trigger> operator()(const syntax::ListTrigger& node);
  std::optional<Trigger> operator()(const syntax::TurnsTrueTrigger& node);
  std::optional<Trigger> operator()(const syntax::StayTrigger& node);
  std::optional<Trigger> operator()(const syntax::WithoutTrigger& node);
  std::optional<Trigger> operator()(const syntax::TimedTrigger& node);
  std::optional<Trigger> operator()(const syntax::ScheduleTrigger& node);
  std::optional<Trigger> operator()(const syntax::SlaTrigger& node);
  std::optional<Trigger> operator()(const syntax::ByHandTrigger& node);

 private:
  std::optional<Trigger> OnState(const syntax::Phrase& phrase);
  std::optional<Trigger> OnDate(const Reference& reference, const syntax::Phrase& phrase, const std::optional<syntax::Term>& at);
  // The date or moment that a phrase names.
  std::optional<Reference> DateOf(const syntax::Phrase& phrase) const;
  bool ReportClock(const std::optional<syntax::Term>& at);
  void ReportUnknown(const syntax::Phrase& phrase);
  bool ReportWordBehind(Terms terms);
  bool ReportListWord(Terms terms);
  void HelpWithChange(Terms terms, Diagnostic& diagnostic) const;
  bool ReportDerived(const syntax::Phrase& phrase);
  void ReportTimedState(const syntax::TimedTrigger& node);

  const Context& context_;
  Names& names_;
  ConditionChecker& conditions_;
  const syntax::Term* name_;
  std::vector<Symbol>& reads_;
  Span trigger_span_;
};

// Checks the actions of one rule or sequence, in their order.
class ActionChecker {
 public:
  // `scope`: what the texts and conditions of this rule may name.
  ActionChecker(const Context& context, const Scope& scope) : context_(context), names_(context.names), scope_(scope) {}

  // What has errors is left out.
  Block Check(const syntax::Block& actions);

  using Node = decltype(Action::node);
  std::optional<Node> operator()(const syntax::SetAction& node);
  std::optional<Node> operator()(const syntax::ClearAction& node);
  std::optional<Node> operator()(const syntax::CopyAction& node);
  std::optional<Node> operator()(const syntax::AddAction& node);
  std::optional<Node> operator()(const syntax::AppendAction& node);
  std::optional<Node> operator()(const syntax::AssignAction& node);
  std::optional<Node> operator()(const syntax::NotifyAction& node);
  std::optional<Node> operator()(const syntax::CreateTaskAction& node);
  std::optional<Node> operator()(const syntax::CreateDealAction& node);
  std::optional<Node> operator()(const syntax::MoveDealAction& node);
  std::optional<Node> operator()(const syntax::AddToListAction& node);
  std::optional<Node> operator()(const syntax::RemoveFromListAction& node);
  std::optional<Node> operator()(const syntax::SendEmailAction& node);
  std::optional<Node> operator()(const syntax::CallWebhookAction& node);
  std::optional<Node> operator()(const syntax::EnrolAction& node);
  std::optional<Node> operator()(const syntax::LeaveAction& node);
  std::optional<Node> operator()(const syntax::WaitAction& node);
  std::optional<Node> operator()(const syntax::IfAction& node);
  std::optional<Node> operator()(const syntax::SplitAction& node);

 private:
  struct Target {
    Symbol property = 0;
    Terms value;
  };
  // False, with its finding, for a property that only the engine sets.
  bool MaySet(const Node& node, Span span);
  // The property and the value of a `set`: the longest known name ends where the value begins.
  std::optional<Target> SplitSet(const syntax::SetAction& node);
  void ReportUnknownTarget(Terms terms);
  // A property of which `fits` holds; `wanted` says in words what that is.
  template <typename Fits>
  std::optional<Symbol> PropertyLike(Terms terms, Fits fits, std::string_view wanted);
  std::optional<Recipient> CheckRecipient(const syntax::Recipient& recipient);
  std::optional<Recipient> CheckQuotedRecipient(const syntax::Term& term, bool manager_of);
  std::optional<Symbol> UserProperty(Terms terms);
  std::optional<Symbol> HandList(const syntax::Term& term);
  std::optional<Priority> ReadPriority(const syntax::Term& term);
  // Of the pipelines that are there: the one that has the stage, when only one has it.
  std::optional<std::uint32_t> PipelineOfStage(const syntax::Term& stage);
  // Whether it is by load; nothing when an error was reported.
  std::optional<bool> ReadMethod(const std::optional<syntax::Phrase>& phrase);
  // Whether the account's owner is kept; nothing when an error was reported.
  std::optional<bool> ReadKeeping(const std::optional<syntax::Phrase>& phrase);
  std::optional<std::uint32_t> DealStage(const Pipeline& pipeline, const syntax::Term& term);
  // `ok` turns false when there is an error.
  std::optional<Text> OptionalText(const std::optional<syntax::Term>& term, bool& ok);
  std::optional<Duration> OptionalDuration(const std::optional<syntax::Duration>& duration, bool& ok);

  bool CheckWaitUntil(const syntax::WaitAction& node, Wait& wait);
  bool IsNowhereKnown(Terms terms);
  // From a wait on, the event that set the rule off is past.
  void PassWait();

  const Context& context_;
  Names& names_;
  Scope scope_;
  std::size_t actions_ = 0;  // how many were looked at, those of branches counted
};

// Parts with errors are left out of the result; the errors are reported. `reads` gets the derived symbols that it reads.
Rule CheckRule(const syntax::RuleDecl& decl, Span span, const Context& context, std::vector<Symbol>& reads);
Rule CheckSequence(const syntax::SequenceDecl& decl, Span span, const Context& context, std::vector<Symbol>& reads);

// The text of `span` in one line, the same for every layout of it.
std::string OneLine(const SourceSet& sources, Span span);

}  // namespace stagecraft::sema

#endif  // STAGECRAFT_DSL_SEMA_RULES_H_
