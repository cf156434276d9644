#include "tests/language/tree_dump.h"

#include <fmt/format.h>

#include <array>
#include <string_view>

#include "tests/language/tree_show.h"

namespace stagecraft::tests {

using namespace syntax;  // NOLINT: this file speaks of nothing else

std::string Show(const OptionLabels::Label& label) { return Show(label.option) + ": " + Show(label.text); }

std::string Show(const OptionProbability& probability) { return Show(probability.option) + " " + Show(probability.percent); }

std::string Show(const PipelineDecl::Stage& stage) { return Show(stage.name) + Optional(" ", stage.probability); }

std::string Show(const ViewDecl::SortKey& key) { return Show(key.phrase) + (key.descending ? " descending" : ""); }

std::string Show(const MovesDecl::Target& target) { return (target.later ? "later " : "") + Show(target.phrase); }

namespace {

using tests::Lines;
using tests::Show;

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

std::string Lines(const ImportDecl& import) { return "import " + Show(import.path) + "\n"; }

std::string Lines(const std::vector<OptionLabels>& labels) {
  std::string text;
  for (const OptionLabels& in_language : labels) {
    text += "  labels " + Show(in_language.language) + " " + Joined(in_language.labels, ", ") + "\n";
  }
  return text;
}

std::string Lines(const StatusDecl& status) {
  constexpr std::array<std::string_view, 3> kKinds = {"start", "process", "outcome"};
  std::string text = "status\n";
  for (const StatusGroup& group : status.groups) {
    text += "  " + std::string(kKinds.at(static_cast<std::size_t>(group.kind))) + (group.forward_only ? " forward only" : "") +
            ShowOptions(group.options) + "\n";
  }
  text += Lines(status.labels);
  if (!status.probabilities.empty()) text += "  probability " + Joined(status.probabilities, ", ") + "\n";
  return text;
}

std::string Lines(const PropertyDecl& property) {
  return "property " + Show(property.name) + (property.internal_name ? " as " + Show(*property.internal_name) : "") + " " +
         Show(property.type) + ShowOptions(property.options) + "\n" + Lines(property.labels);
}

std::string Lines(const EventDecl& event) {
  std::string text = "event " + Show(event.name);
  for (const Phrase& synonym : event.synonyms) text += " also " + Show(synonym);
  text += "\n";
  for (const FieldDecl& field : event.fields) {
    text += "  " + Show(field.name) + " " + Show(field.type) + ShowOptions(field.options) + Optional(" announces ", field.announces) + "\n";
  }
  if (!event.withdraws.empty()) text += "  withdraws " + Joined(event.withdraws, ", ") + "\n";
  return text;
}

std::string Lines(const FormDecl& form) { return "form " + Show(form.name) + " level " + Show(form.level) + "\n"; }

std::string Lines(const PipelineDecl& pipeline) { return "pipeline " + Show(pipeline.name) + " " + Joined(pipeline.stages, ", ") + "\n"; }

std::string Lines(const TemplateDecl& letter) {
  return "template " + Show(letter.name) + " subject " + Show(letter.subject) + " body " + Show(letter.body) + "\n";
}

std::string Lines(const TeamDecl& team) {
  std::string text = "team " + Show(team.name);
  for (const TeamDecl::Member& member : team.members) {
    text += " " + Show(member.user);
    if (member.weight) text += " weight " + Show(*member.weight);
    if (member.at_most) text += " at-most " + Show(*member.at_most);
  }
  return text + (team.manager ? " manager " + Show(*team.manager) : "") + "\n";
}

std::string Lines(const DefineDecl& define) {
  return "define " + Show(define.name) + (define.note ? " " + Show(*define.note) : "") + " when " + Dump(*define.condition) + "\n";
}

std::string Lines(const ScoreDecl& score) {
  std::string text = "score" + Optional(" ", score.name) + Optional(" halving every ", score.halving) + "\n";
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
  return "rule" + Optional(" ", rule.name) + "\n  " + Show(rule.trigger) + "\n" + Lines(rule.modifiers) + Lines(rule.actions, "  ");
}

std::string Lines(const SequenceDecl& sequence) {
  return "sequence " + Show(sequence.name) + "\n" + Lines(sequence.modifiers) +
         (sequence.stop_when ? "  stop when " + Dump(*sequence.stop_when) + "\n" : "") + Lines(sequence.steps, "  ") +
         (sequence.finally ? "  finally\n" + Lines(*sequence.finally, "    ") : "");
}

std::string Lines(const ViewDecl& view) {
  const std::string columns = view.columns.empty() ? "" : "  columns " + Joined(view.columns, ", ") + "\n";
  const std::string sort = view.sort.empty() ? "" : "  sort by " + Joined(view.sort, ", ") + "\n";
  return "view " + Show(view.name) + Optional(" when ", view.condition) + "\n" + columns + sort;
}

std::string Lines(const PromiseDecl& promise) {
  return (promise.never ? "never " : "always ") + Dump(*promise.condition) + Optional(" when ", promise.when) + "\n";
}

std::string Lines(const MovesDecl& moves) {
  std::string text = "moves of " + Show(moves.property) + "\n";
  for (const MovesDecl::Line& line : moves.lines) text += "  " + Joined(line.from, ", ") + " -> " + Joined(line.to, ", ") + "\n";
  return text;
}

}  // namespace

std::string Dump(const Script& script) {
  std::string text;
  for (const Declaration& declaration : script.declarations) {
    text += std::visit([](const auto& node) { return Lines(node); }, declaration.node);
  }
  for (const Phrase& lost : script.lost_names) text += "lost " + Show(lost) + "\n";
  for (const Allowance& allowance : script.allowances) {
    text += fmt::format("allow {} in line {}: {}\n", allowance.code, allowance.line, allowance.reason);
  }
  return text;
}

}  // namespace stagecraft::tests
