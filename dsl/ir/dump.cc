#include "dsl/ir/dump.h"

#include <array>
#include <string_view>

#include "dsl/ir/dump_actions.h"
#include "dsl/ir/dump_text.h"

namespace stagecraft::ir {
namespace {

constexpr std::array<std::string_view, 5> kNodeNames = {"counter", "criterion", "score", "list", "watch"};

// "20%", "12.5%".
std::string Percent(std::int32_t millionths) {
  constexpr std::int32_t kOne = 10'000;
  std::string text = std::to_string(millionths / kOne);
  if (millionths % kOne != 0) {
    text += "." + std::to_string(kOne + millionths % kOne).substr(1);
    text.erase(text.find_last_not_of('0') + 1);
  }
  return text + "%";
}

class Dumper {
 public:
  explicit Dumper(const Program& program) : program_(program), text_(program) {}

  std::string Whole() {
    DumpDeclarations();
    for (std::uint32_t i = 0; i < program_.trackers.size(); ++i) {
      if (program_.trackers[i].declared) DumpTracker(i);
    }
    for (std::uint32_t i = 0; i < program_.nodes.size(); ++i) DumpNode(i);
    for (const WindowUse& window : program_.windows) {
      out_ += "window " + program_.layout.trackers.Name(window.tracker) + ": " + DumpText::Micros(window.window_us) + "\n";
    }
    for (std::uint32_t i = 0; i < program_.rules.size(); ++i) {
      if (program_.rules[i].declared || program_.rules[i].of_revision != 0) DumpRule(i);
    }
    for (const View& view : program_.views) DumpView(view);
    for (const Promise& promise : program_.promises) {
      if (promise.declared) DumpPromise(promise);
    }
    return std::move(out_);
  }

 private:
  void DumpDeclarations() {
    for (const Email& email : program_.emails) {
      out_ += "template `" + email.name + "`: " + text_.Template(email.subject) + ", " + text_.Template(email.body) + "\n";
    }
    for (const Pipeline& pipeline : program_.pipelines) {
      out_ += "pipeline `" + pipeline.name + "`:";
      for (const Pipeline::Stage& stage : pipeline.stages) {
        out_ += " " + stage.name + (stage.probability < 0 ? "" : " " + Percent(stage.probability)) + ";";
      }
      out_ += "\n";
    }
    for (const Form& form : program_.forms) out_ += "form `" + form.name + "`: " + form.level + "\n";
  }

  void DumpTracker(std::uint32_t number) {
    const Tracker& tracker = program_.trackers[number];
    out_ += "tracker " + program_.layout.trackers.Name(number) + ": " + (tracker.keeps_all ? "all of " : "last of ") +
            DumpText::Window(tracker.window_us);
    for (const Tracker::Match& match : tracker.matches) {
      out_ += "; " + program_.events[match.event].name;
      if (match.condition != kHolds) out_ += " when " + text_.Condition(match.condition);
    }
    out_ += "\n";
  }

  void DumpNode(std::uint32_t number) {
    const Node& node = program_.nodes[number];
    out_ += std::string(kNodeNames[static_cast<std::size_t>(node.kind)]) + " " + text_.Node(number) + ":";
    if (node.kind == NodeKind::kCriterion) out_ += " " + std::to_string(node.points) + (node.each ? " each" : " when");
    if (node.kind == NodeKind::kCounter || node.each) {
      out_ += " " + text_.Tracker(node.tracker) + " within " + DumpText::Window(node.window_us);
      if (node.since.has_value()) out_ += " since " + text_.Operand(node.since->operand);
      if (node.halving_us > 0) out_ += " halving every " + DumpText::Micros(node.halving_us);
    } else if (node.kind == NodeKind::kScore) {
      out_ += " sum of " + std::to_string(node.criteria.size());
    } else {
      out_ += " " + text_.Condition(node.condition);
    }
    out_ += "\n";
  }

  std::string EventsText(const Rule& rule) const {
    std::string text;
    for (std::size_t i = 0; i < rule.events.size(); ++i) {
      text += (text.empty() ? "event " : ", ") + program_.events[rule.events[i]].name;
      if (!rule.event_conditions.empty()) text += " with " + text_.Condition(rule.event_conditions[i]);
    }
    return rule.event_condition == kHolds ? text : text + " with " + text_.Condition(rule.event_condition);
  }

  std::string TimingsText(const Rule& rule) const {
    std::string text = DumpText::Duration(rule.delay) + (rule.before ? " before" : " after");
    for (const EventTiming& timing : rule.timings) {
      const Event& event = program_.events[timing.event];
      text += " [" + (timing.field.has_value() ? event.fields[*timing.field].name + " of " : "") + event.name + "]";
      if (timing.condition != kHolds) text += " with " + text_.Condition(timing.condition);
    }
    for (const std::uint32_t event : rule.withdrawals) text += ", withdrawn by " + program_.events[event].name;
    return text;
  }

  std::string ScheduleText(const Rule& rule) const {
    const std::string text = DumpText::Recurrence(rule.recurrence);
    if (rule.node != kNoList) return text + " in " + text_.Node(rule.node);
    if (rule.slot != kNoList) return text + " in " + text_.Property(rule.slot);
    return text + " for everybody";
  }

  std::string TriggerText(const Rule& rule) const {
    switch (rule.trigger) {
      case TriggerKind::kEvent:
        return EventsText(rule);
      case TriggerKind::kBecomes: {
        const std::string from = rule.from_mask.has_value() ? " from " + text_.Options(rule.slot, *rule.from_mask) : "";
        return text_.Property(rule.slot) + " becomes " + text_.Options(rule.slot, rule.mask) + from;
      }
      case TriggerKind::kChanges:
        return text_.Property(rule.slot) + " changes";
      case TriggerKind::kNodeRises:
        return text_.Node(rule.node) + " rises";
      case TriggerKind::kNodeFalls:
        return text_.Node(rule.node) + " falls";
      case TriggerKind::kStays:
        return text_.Property(rule.slot) + " stays " + text_.Options(rule.slot, rule.mask) + " for " + DumpText::Duration(rule.delay);
      case TriggerKind::kWithout:
        return DumpText::Duration(rule.delay) + " without " + text_.Tracker(rule.tracker);
      case TriggerKind::kEventTimed:
        return TimingsText(rule);
      case TriggerKind::kDate:
        return DumpText::Duration(rule.delay) + (rule.before ? " before " : " after ") + text_.Operand(rule.date) +
               (rule.minute.has_value() ? " at " + DumpText::Minute(*rule.minute) : "");
      case TriggerKind::kSchedule:
        return ScheduleText(rule);
      case TriggerKind::kNone:
        return "started by rules only";
    }
    return {};
  }

  void DumpBounds(const Rule& rule) {
    if (rule.condition != kHolds) out_ += "  when " + text_.Condition(rule.condition) + "\n";
    if (rule.until != kFails) out_ += "  until " + text_.Condition(rule.until) + "\n";
    if (rule.once == Rule::Once::kPerContact) out_ += "  once per contact\n";
    if (rule.once == Rule::Once::kPerPeriod) out_ += "  at most once per " + DumpText::Duration(rule.period) + "\n";
    if (rule.every_time) out_ += "  every time\n";
    if (rule.migrate) out_ += "  migrate\n";
  }

  void DumpRule(std::uint32_t number) {
    const Rule& rule = program_.rules[number];
    out_ += "rule " + program_.layout.rules.Name(number) + " at " + program_.files[rule.place.file] + ":" + std::to_string(rule.place.line);
    if (rule.kind == RuleKind::kSla) out_ += " (service level)";
    if (rule.disabled) out_ += " disabled";
    out_ += "\n  " + TriggerText(rule) + "\n";
    DumpBounds(rule);
    out_ += DumpActions(program_, rule);
  }

  void DumpView(const View& view) {
    out_ += "view `" + view.name + "`: " + text_.Condition(view.condition) + "\n";
    for (const View::Column& column : view.columns) out_ += "  column `" + column.name + "`: " + text_.Operand(column.operand) + "\n";
    for (const View::SortKey& key : view.sort) out_ += "  by " + text_.Operand(key.operand) + (key.descending ? " descending" : "") + "\n";
  }

  void DumpPromise(const Promise& promise) {
    out_ += "promise `" + promise.text + "`:";
    switch (promise.kind) {
      case Promise::Kind::kTurns:
        out_ += " broken when " + text_.Node(promise.node) + " rises\n";
        return;
      case Promise::Kind::kEnds: {
        out_ += " broken when " + text_.Condition(promise.broken) + " after a change of";
        for (const std::uint32_t slot : promise.slots) out_ += " " + text_.Property(slot);
        out_ += "\n";
        return;
      }
      case Promise::Kind::kMoves:
        break;
    }
    out_ += "\n";
    const std::uint32_t slot = promise.slots.front();
    for (std::uint32_t option = 0; option < promise.allowed.size(); ++option) {
      if (!program_.properties[slot].options[option].declared) continue;
      out_ += "  " + text_.Option(slot, option) + " -> " + text_.Options(slot, promise.allowed[option]) + "\n";
    }
  }

  const Program& program_;
  DumpText text_;
  std::string out_;
};

}  // namespace

std::string Dump(const Program& program) { return Dumper(program).Whole(); }

}  // namespace stagecraft::ir
