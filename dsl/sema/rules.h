// Rules: triggers (triggers.cc), actions (actions.cc), and what a whole rule must be like (rules.cc).
#ifndef STAGECRAFT_DSL_SEMA_RULES_H_
#define STAGECRAFT_DSL_SEMA_RULES_H_

#include <optional>
#include <string>

#include "dsl/sema/conditions.h"
#include "dsl/sema/names.h"

namespace stagecraft::sema {

class TriggerChecker {
 public:
  // `reads` gets the derived symbols that the trigger reads.
  TriggerChecker(Names& names, ConditionChecker& conditions, std::vector<Symbol>& reads)
      : names_(names), conditions_(conditions), reads_(reads) {}

  // Nothing when an error was reported.
  std::optional<Trigger> Check(const syntax::Trigger& trigger);

  std::optional<Trigger> operator()(const syntax::OnTrigger& node);
  std::optional<Trigger> operator()(const syntax::ChangeTrigger& node);
  std::optional<Trigger> operator()(const syntax::AnyChangeTrigger& node);
  std::optional<Trigger> operator()(const syntax::ListTrigger& node);
  std::optional<Trigger> operator()(const syntax::TurnsTrueTrigger& node);
  std::optional<Trigger> operator()(const syntax::StayTrigger& node);

 private:
  std::optional<Trigger> OnState(const syntax::Phrase& phrase);
  void ReportUnknown(const syntax::Phrase& phrase);
  bool ReportDerived(const syntax::Phrase& phrase);

  Names& names_;
  ConditionChecker& conditions_;
  std::vector<Symbol>& reads_;
};

class ActionChecker {
 public:
  // `scope`: what the texts of this rule may name.
  ActionChecker(Names& names, const SourceSet& sources, const Calendar& calendar, const Scope& scope)
      : names_(names), sources_(sources), calendar_(calendar), scope_(scope) {}

  // Nothing when an error was reported.
  std::optional<Action> Check(const syntax::Action& action);

  using Node = decltype(Action::node);
  std::optional<Node> operator()(const syntax::SetAction& node);
  std::optional<Node> operator()(const syntax::ClearAction& node);
  std::optional<Node> operator()(const syntax::AssignAction& node);
  std::optional<Node> operator()(const syntax::NotifyAction& node);
  std::optional<Node> operator()(const syntax::CreateTaskAction& node);
  std::optional<Node> operator()(const syntax::AddToListAction& node);
  std::optional<Node> operator()(const syntax::RemoveFromListAction& node);

 private:
  struct Target {
    Symbol property = 0;
    Terms value;
  };
  // The property and the value of a `set`: the longest known name ends where the value begins.
  std::optional<Target> SplitSet(const syntax::SetAction& node);
  void ReportUnknownTarget(Terms terms);
  std::optional<Value> CheckValue(Symbol property, Terms terms);
  std::optional<Value> CheckConstant(const PropertySymbol& property, Terms terms);
  std::optional<Recipient> CheckRecipient(const syntax::Recipient& recipient);
  std::optional<Symbol> UserProperty(Terms terms);
  std::optional<Symbol> HandList(const syntax::Term& term);
  // `ok` turns false when the text has an error.
  std::optional<Text> OptionalText(const std::optional<syntax::Term>& term, bool& ok);

  Names& names_;
  const SourceSet& sources_;
  const Calendar& calendar_;
  const Scope& scope_;
};

// Parts with errors are left out of the result; the errors are reported. `reads` gets the derived symbols that it reads.
Rule CheckRule(const syntax::RuleDecl& decl, Span span, const SourceSet& sources, const Calendar& calendar, Names& names,
               ConditionChecker& conditions, std::vector<Symbol>& reads);

// The text of `span` with every run of blanks and comments as one space.
std::string OneLine(const SourceSet& sources, Span span);

}  // namespace stagecraft::sema

#endif  // STAGECRAFT_DSL_SEMA_RULES_H_
