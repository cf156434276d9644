#include "tests/language/tree_dump.h"

#include <fmt/format.h>

#include <array>
#include <string_view>

namespace stagecraft::tests {

namespace {

using namespace syntax;  // NOLINT: this file speaks of nothing else

template <typename... Functions>
struct Overloaded : Functions... {
  using Functions::operator()...;
};
template <typename... Functions>
Overloaded(Functions...) -> Overloaded<Functions...>;

std::string Decimal(std::int64_t millionths) {
  std::string text = fmt::format("{:.6f}", static_cast<double>(millionths) / 1e6);
  text.erase(text.find_last_not_of('0') + 1);
  if (text.back() == '.') text.pop_back();
  return text;
}

std::string Show(const Term& term) {
  switch (term.kind) {
    case Term::Kind::kWord:
    case Term::Kind::kDate:
      return term.text;
    case Term::Kind::kText:
      return "\"" + term.text + "\"";
    case Term::Kind::kNumber:
      return Decimal(term.number);
    case Term::Kind::kPercent:
      return Decimal(term.number) + "%";
  }
  return {};
}

std::string Show(const Phrase& phrase) {
  std::string text = "[";
  for (const Term& term : phrase.terms) text += (text.size() > 1 ? " " : "") + Show(term);
  return text + "]";
}

std::string Show(const Duration& duration) {
  return fmt::format("<{}{} {}>", Decimal(duration.amount), duration.business ? " business" : "", duration.unit);
}

std::string Show(const Operand& operand) {
  return std::visit(Overloaded{
                        [](std::monostate) { return std::string(); },
                        [](const Phrase& phrase) { return " " + Show(phrase); },
                        [](const std::vector<Phrase>& list) {
                          std::string text = " (";
                          for (const Phrase& phrase : list) text += (text.size() > 2 ? " " : "") + Show(phrase);
                          return text + ")";
                        },
                        [](const Range& range) { return " " + Show(range.low) + ".." + Show(range.high); },
                        [](const Duration& duration) { return " " + Show(duration); },
                    },
                    operand.value);
}

std::string_view Show(Comparator op) {
  constexpr std::array<std::string_view, 19> kNames = {
      "is",       "is-not",  "in",       "not-in",      "<",         "<=",     ">",          ">=",  "before", "after",
      "at-least", "at-most", "contains", "starts-with", "ends-with", "is-set", "is-not-set", "was", "reaches"};
  return kNames.at(static_cast<std::size_t>(op));
}

std::string Joined(std::string_view word, const std::vector<ConditionPtr>& operands) {
  std::string text = "(" + std::string(word);
  for (const ConditionPtr& operand : operands) text += " " + Dump(*operand);
  return text + ")";
}

std::string Show(const BareCondition& bare) {
  std::string text = Show(bare.phrase);
  if (bare.with) text += " with " + Dump(*bare.with);
  if (bare.within) text += " within " + Show(*bare.within);
  if (bare.since) text += " since " + Show(*bare.since);
  return text;
}

std::string Show(const OptionDecl& option) {
  std::string text = Show(option.name);
  if (option.internal_name) text += " as " + Show(*option.internal_name);
  if (option.sub_options.empty()) return text;
  text += " (";
  for (std::size_t i = 0; i < option.sub_options.size(); ++i) text += (i > 0 ? ", " : "") + Show(option.sub_options[i]);
  return text + ")";
}

std::string ShowOptions(const std::vector<OptionDecl>& options) {
  std::string text;
  for (const OptionDecl& option : options) text += (text.empty() ? " " : ", ") + Show(option);
  return text;
}

std::string Show(const Recipient& recipient) { return (recipient.manager_of ? "manager of " : "") + Show(recipient.who); }

std::string Show(const Trigger& trigger) {
  return std::visit(Overloaded{
                        [](const OnTrigger& on) { return "on " + Show(on.phrase) + (on.with ? " with " + Dump(*on.with) : ""); },
                        [](const ChangeTrigger& change) { return "on " + Show(change.from) + " -> " + Show(change.to); },
                        [](const AnyChangeTrigger& change) { return "on change of " + Show(change.property); },
                        [](const ListTrigger& list) { return (list.joining ? "on joining " : "on leaving ") + Show(list.list); },
                        [](const TurnsTrueTrigger& turns) { return "when " + Dump(*turns.condition); },
                        [](const StayTrigger& stay) { return "after " + Show(stay.duration) + " in " + Show(stay.state); },
                    },
                    trigger.node);
}

std::string Show(const SetAction& set) {
  std::string text = "set " + Show(set.phrase);
  if (set.back_to) text += " back to " + (set.value ? Show(*set.value) : "?");
  if (set.because) text += " because " + Show(*set.because);
  return text;
}

std::string Show(const AssignAction& assign) {
  std::string text = "assign " + Show(assign.property);
  if (assign.team) text += " from " + Show(*assign.team);
  if (assign.method) text += " by " + Show(*assign.method);
  if (assign.to) text += " to " + Show(*assign.to);
  return text;
}

std::string Show(const CreateTaskAction& task) {
  std::string text = "create task " + Show(task.title);
  if (task.assignee) text += " for " + Show(*task.assignee);
  if (task.due_in) text += " due in " + Show(*task.due_in);
  if (task.priority) text += " priority " + Show(*task.priority);
  return text;
}

std::string Show(const Action& action) {
  return std::visit(
      Overloaded{
          [](const SetAction& set) { return Show(set); },
          [](const ClearAction& clear) { return "clear " + Show(clear.property); },
          [](const AssignAction& assign) { return Show(assign); },
          [](const NotifyAction& notify) { return "notify " + Show(notify.recipient) + (notify.text ? " " + Show(*notify.text) : ""); },
          [](const CreateTaskAction& task) { return Show(task); },
          [](const AddToListAction& add) { return "add to list " + Show(add.list); },
          [](const RemoveFromListAction& remove) { return "remove from list " + Show(remove.list); },
      },
      action.node);
}

// ---- declarations: the first line, then the lines under it -----------------------------------------------------

std::string Lines(const Use& use) { return "use " + Show(use.name) + "\n"; }

std::string Lines(const WorkspaceDecl& workspace) {
  std::string text = "workspace " + Show(workspace.name) + "\n";
  if (workspace.time_zone) text += "  time zone " + Show(*workspace.time_zone) + "\n";
  if (const auto& hours = workspace.business_hours) {
    text +=
        fmt::format("  business hours {}-{} {}-{}\n", hours->first_day.text, hours->last_day.text, hours->from_minute, hours->to_minute);
  }
  for (const Holiday& holiday : workspace.holidays) text += "  holiday " + Show(holiday.first) + ".." + Show(holiday.last) + "\n";
  return text;
}

std::string Lines(const StatusDecl& status) {
  constexpr std::array<std::string_view, 3> kKinds = {"start", "process", "outcome"};
  std::string text = "status\n";
  for (const StatusGroup& group : status.groups) {
    text += "  " + std::string(kKinds.at(static_cast<std::size_t>(group.kind))) + (group.forward_only ? " forward only" : "") +
            ShowOptions(group.options) + "\n";
  }
  return text;
}

std::string Lines(const PropertyDecl& property) {
  return "property " + Show(property.name) + (property.internal_name ? " as " + Show(*property.internal_name) : "") + " " +
         Show(property.type) + ShowOptions(property.options) + "\n";
}

std::string Lines(const EventDecl& event) {
  std::string text = "event " + Show(event.name);
  for (const Phrase& synonym : event.synonyms) text += " also " + Show(synonym);
  text += "\n";
  for (const FieldDecl& field : event.fields) text += "  " + Show(field.name) + " " + Show(field.type) + ShowOptions(field.options) + "\n";
  return text;
}

std::string Lines(const TeamDecl& team) {
  std::string text = "team " + Show(team.name);
  for (const Term& member : team.members) text += " " + Show(member);
  return text + (team.manager ? " manager " + Show(*team.manager) : "") + "\n";
}

std::string Lines(const DefineDecl& define) {
  return "define " + Show(define.name) + (define.note ? " " + Show(*define.note) : "") + " when " + Dump(*define.condition) + "\n";
}

std::string Lines(const ScoreDecl& score) {
  std::string text = "score" + (score.name ? " " + Show(*score.name) : "") + "\n";
  for (const ScoreLine& line : score.lines)
    text += fmt::format("  {:+} {} {}\n", line.points, line.each ? "each" : "when", Dump(*line.condition));
  return text;
}

std::string Lines(const CounterDecl& counter) {
  std::string text = "counter " + Show(counter.name) + " of";
  for (const CounterEvent& event : counter.events) text += " " + Show(event.phrase) + (event.with ? " with " + Dump(*event.with) : "");
  if (counter.within) text += " within " + Show(*counter.within);
  if (counter.since) text += " since " + Show(*counter.since);
  return text + "\n";
}

std::string Lines(const ListDecl& list) {
  return "list " + Show(list.name) + (list.condition ? " when " + Dump(*list.condition) : " by hand") + "\n";
}

std::string Lines(const RuleDecl& rule) {
  std::string text = "rule" + (rule.name ? " " + Show(*rule.name) : "") + (rule.disabled ? " disabled" : "") + "\n";
  text += "  " + Show(rule.trigger) + "\n";
  for (const ConditionPtr& guard : rule.guards) text += "  guard " + Dump(*guard) + "\n";
  for (const Action& action : rule.actions) text += "  " + Show(action) + "\n";
  return text;
}

}  // namespace

std::string Dump(const Condition& condition) {
  return std::visit(Overloaded{
                        [](const Comparison& comparison) {
                          return "(" + Show(comparison.left) + " " + std::string(Show(comparison.op)) + Show(comparison.right) + ")";
                        },
                        [](const BareCondition& bare) { return "(" + Show(bare) + ")"; },
                        [](const AndCondition& all) { return Joined("and", all.operands); },
                        [](const OrCondition& any) { return Joined("or", any.operands); },
                        [](const NotCondition& negated) { return "(not " + Dump(*negated.operand) + ")"; },
                        [](const ParenCondition& paren) { return "(paren " + Dump(*paren.operand) + ")"; },
                    },
                    condition.node);
}

std::string Dump(const Script& script) {
  std::string text;
  for (const Declaration& declaration : script.declarations) {
    text += std::visit([](const auto& node) { return Lines(node); }, declaration.node);
  }
  for (const Phrase& lost : script.lost_names) text += "lost " + Show(lost) + "\n";
  return text;
}

}  // namespace stagecraft::tests
