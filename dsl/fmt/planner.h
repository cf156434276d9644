// The planner of one declaration, shared by the files that lay out declarations, rules and tests.
#ifndef STAGECRAFT_DSL_FMT_PLANNER_H_
#define STAGECRAFT_DSL_FMT_PLANNER_H_

#include <cstddef>
#include <initializer_list>
#include <string_view>
#include <utility>
#include <vector>

#include "dsl/fmt/plan.h"

namespace stagecraft::layout {

class Planner {
 public:
  Planner(const Tokens& tokens, Plan& plan) : tokens_(tokens), plan_(plan) {}

  void Add(const syntax::Declaration& declaration);

 private:
  // ---- places: the first token of a part, and the keywords before it (planner.cc) ----
  std::size_t First(const Span& span) const { return tokens_.First(span); }
  template <typename Part>
  std::size_t First(const Part& part) const {
    return First(part.span);
  }
  // Where these words begin that stand directly before token `at`; `at` itself when others do.
  std::size_t Before(std::size_t at, std::initializer_list<std::string_view> words) const;
  bool Is(std::size_t at, std::string_view word) const { return at < tokens_.size() && tokens_.Text(at) == word; }

  // Token `at` begins a line: always, or in the choice that is being planned.
  void Line(std::size_t at, std::size_t indent);
  void WrapAt(std::size_t at, int level, bool fill);
  // A line that is too long is broken after the commas in [first, end); those in parentheses are of a higher level.
  void WrapCommas(std::size_t first, std::size_t end, int level);
  // The lines of `plan` begin only if the tokens [first, end) do not stay on one line.
  template <typename Function>
  void Choose(std::size_t first, std::size_t end, Function&& plan) {
    Choice choice{first, end, {}, {}};
    Choice* outer = std::exchange(choice_, &choice);
    plan();
    choice_ = outer;
    (outer != nullptr ? outer->inner : plan_.choices).push_back(std::move(choice));
  }

  // ---- conditions (plan_conditions.cc) ----
  void AddCondition(const syntax::ConditionPtr& condition, int level);
  void AddOperands(const std::vector<syntax::ConditionPtr>& operands, std::string_view word, int level);
  void AddWith(const syntax::ConditionPtr& with, int level);
  // A condition after a keyword, where a long line is broken first.
  void AddClause(const syntax::ConditionPtr& condition, std::string_view keyword);

  // ---- declarations (plan_declarations.cc) ----
  void AddNode(const syntax::Use& use);
  void AddNode(const syntax::WorkspaceDecl& workspace);
  void AddNode(const syntax::StatusDecl& status);
  void AddNode(const syntax::PropertyDecl& property);
  void AddNode(const syntax::EventDecl& event);
  void AddNode(const syntax::TeamDecl& team);
  void AddNode(const syntax::FormDecl& form);
  void AddNode(const syntax::PipelineDecl& pipeline);
  void AddNode(const syntax::TemplateDecl& text);
  void AddNode(const syntax::ImportDecl& import);
  void AddNode(const syntax::DefineDecl& define);
  void AddNode(const syntax::ScoreDecl& score);
  void AddNode(const syntax::CounterDecl& counter);
  void AddNode(const syntax::ListDecl& list);
  void AddNode(const syntax::ViewDecl& view);
  void AddNode(const syntax::PromiseDecl& promise);
  void AddNode(const syntax::MovesDecl& moves);
  // Items between commas, the last of which ends before `end`: each on its own line where the first one is in the source (then this is
  // true), else as many on a line as fit.
  bool AddItems(const std::vector<std::size_t>& items, std::size_t end, std::size_t indent);
  // As AddItems, with the internal names in a column. `indent`: of the lines that they may have.
  bool AddOptions(const std::vector<syntax::OptionDecl>& options, std::size_t end, std::size_t indent);
  void AddLabels(const std::vector<syntax::OptionLabels>& labels);
  void AddColumn(std::size_t at, int column, std::size_t gap) { plan_.cells[at] = {column, gap, false}; }
  void AddField(const syntax::FieldDecl& field);
  std::size_t EndOf(const syntax::OptionDecl& option) const;

  // ---- rules and sequences (plan_rules.cc) ----
  void AddNode(const syntax::RuleDecl& rule);
  void AddNode(const syntax::SequenceDecl& sequence);
  void AddRuleParts(const syntax::RuleDecl& rule);
  void AddTrigger(const syntax::Trigger& trigger);
  void AddModifiers(const std::vector<syntax::Modifier>& modifiers, std::size_t after);
  // The actions, each on a line. `indent`: of these lines.
  void AddBlock(const syntax::Block& block, std::size_t indent);
  // The actions after the keyword or keywords at `head`, whose line has this indentation: one action stays on that line.
  void AddHeaded(const syntax::Block& block, std::size_t head_indent);
  void AddOtherwise(const syntax::Block& block, std::size_t indent);
  void AddAction(const syntax::Action& action, std::size_t indent);
  // `end`: one past the action's last token.
  void AddWait(const syntax::WaitAction& wait, std::size_t first, std::size_t end, std::size_t indent);
  void AddIf(const syntax::IfAction& branches, std::size_t end, std::size_t indent);
  void AddSplit(const syntax::SplitAction& split, std::size_t end, std::size_t indent);
  void AddClauses(const syntax::SetAction& set, std::size_t first, std::size_t end);
  void AddClauses(const syntax::AssignAction& assign, std::size_t first, std::size_t end);
  void AddClauses(const syntax::CreateTaskAction& task, std::size_t first, std::size_t end);
  void AddClauses(const syntax::CreateDealAction& deal, std::size_t first, std::size_t end);
  void AddClauses(const syntax::CallWebhookAction& webhook, std::size_t first, std::size_t end);
  // The others are short.
  template <typename Node>
  void AddClauses(const Node&, std::size_t, std::size_t) {}

  // ---- tests (plan_tests.cc) ----
  void AddNode(const syntax::TestDecl& test);
  void AddTable(const syntax::TestTable& table);
  void AddExpectations(const std::vector<syntax::Expectation>& expectations);

  const Tokens& tokens_;
  Plan& plan_;
  Choice* choice_ = nullptr;
  std::size_t begin_ = 0;  // the declaration's tokens: [begin_, end_)
  std::size_t end_ = 0;
};

}  // namespace stagecraft::layout

#endif  // STAGECRAFT_DSL_FMT_PLANNER_H_
