#include "dsl/ir/dump.h"

#include <array>
#include <string_view>

namespace stagecraft::ir {
namespace {

constexpr std::array<std::string_view, 12> kOpNames = {"is set", "in", "=",        "<",           "<=",        ">",
                                                       ">=",     "is", "contains", "starts with", "ends with", "like"};
constexpr std::array<std::string_view, 5> kNodeNames = {"counter", "criterion", "score", "list", "watch"};
constexpr std::array<std::string_view, 5> kActionNames = {"set", "clear", "assign", "notify", "create task"};  // by ActionKind
constexpr std::array<std::string_view, 4> kFactNames = {"id", "created", "last contacted", "name"};
constexpr std::array<std::string_view, 3> kPriorityNames = {"normal", "low", "high"};

class Dumper {
 public:
  explicit Dumper(const Program& program) : program_(program) {}

  std::string Whole() {
    for (std::uint32_t i = 0; i < program_.trackers.size(); ++i) {
      if (program_.trackers[i].declared) DumpTracker(i);
    }
    for (std::uint32_t i = 0; i < program_.nodes.size(); ++i) DumpNode(i);
    for (const WindowUse& window : program_.windows) {
      out_ += "window " + program_.layout.trackers.Name(window.tracker) + ": " + Span(window.window_us) + "\n";
    }
    for (std::uint32_t i = 0; i < program_.rules.size(); ++i) {
      if (program_.rules[i].declared) DumpRule(i);
    }
    return std::move(out_);
  }

  std::string Condition(Entry entry) const {
    if (entry == kHolds) return "yes";
    if (entry == kFails) return "no";
    const Test& test = program_.tests[entry];
    const std::string text = TestText(test);
    if (test.on_true == kHolds && test.on_false == kFails) return text;
    if (test.on_true == kFails && test.on_false == kHolds) return "not " + text;
    return "(" + text + " ? " + Condition(test.on_true) + " : " + Condition(test.on_false) + ")";
  }

 private:
  static std::string Span(std::int64_t micros) {
    if (micros == 0) return "ever";
    if (micros % kMicrosPerDay == 0) return std::to_string(micros / kMicrosPerDay) + "d";
    return std::to_string(micros / kMicrosPerSecond) + "s";
  }

  std::string OptionName(std::uint32_t slot, std::uint32_t option) const {
    const Property& property = program_.properties[slot];
    if (property.type == Type::kTruth) return option == 1 ? "yes" : "no";
    return property.options[option].label;
  }

  std::string OperandText(const Operand& operand) const {
    std::string text;
    switch (operand.space) {
      case Space::kProperty:
        text = program_.properties[operand.index].name;
        break;
      case Space::kPrevious:
        text = "previous " + program_.properties[operand.index].name;
        break;
      case Space::kEntered:
        text = "became " + OptionName(operand.index, operand.option);
        break;
      case Space::kField:
        text = "field " + std::to_string(operand.index);
        break;
      case Space::kNode:
        text = "node " + NodeName(operand.index);
        break;
      case Space::kContact:
        text = kFactNames[operand.index];
        break;
    }
    const bool moment = operand.space == Space::kEntered || operand.space == Space::kContact;
    return moment && operand.type == Type::kDate ? "date of " + text : text;
  }

  std::string MaskText(std::uint32_t slot, const Mask& mask) const {
    std::string text;
    for (std::uint32_t i = 0; i < mask.size() * 64; ++i) {
      if (MaskHas(mask, i)) text += (text.empty() ? "" : ", ") + OptionName(slot, i);
    }
    return "{" + text + "}";
  }

  std::string TestText(const Test& test) const {
    const auto op = static_cast<std::size_t>(test.op);
    switch (test.op) {
      case Op::kSeen:
        return "seen [" + program_.layout.trackers.Name(test.operand.index) + "] within " + Span(test.imm);
      case Op::kSeenSince:
        return "seen [" + program_.layout.trackers.Name(test.operand.index) + "] since " +
               OperandText(program_.sinces[static_cast<std::size_t>(test.imm)].operand);
      case Op::kIsSet:
        return OperandText(test.operand) + " is set";
      case Op::kOptionIn: {
        const Mask& mask = program_.masks[static_cast<std::size_t>(test.imm)];
        if (test.operand.space == Space::kField) return OperandText(test.operand) + " in options";
        return OperandText(test.operand) + " in " + MaskText(test.operand.index, mask);
      }
      case Op::kTextEqual:
      case Op::kTextContains:
      case Op::kTextStarts:
      case Op::kTextEnds:
      case Op::kTextGlob:
        return OperandText(test.operand) + " " + std::string(kOpNames[op]) + " \"" + program_.texts[static_cast<std::size_t>(test.imm)] +
               "\"";
      default:
        return OperandText(test.operand) + " " + std::string(kOpNames[op]) + " " + std::to_string(test.imm);
    }
  }

  std::string NodeName(std::uint32_t number) const {
    const Node& node = program_.nodes[number];
    return node.name.empty() ? "#" + std::to_string(number) : "`" + node.name + "`";
  }

  void DumpTracker(std::uint32_t number) {
    const Tracker& tracker = program_.trackers[number];
    out_ +=
        "tracker " + program_.layout.trackers.Name(number) + ": " + (tracker.keeps_all ? "all of " : "last of ") + Span(tracker.window_us);
    for (const Tracker::Match& match : tracker.matches) {
      out_ += "; " + program_.events[match.event].name;
      if (match.condition != kHolds) out_ += " when " + Condition(match.condition);
    }
    out_ += "\n";
  }

  void DumpNode(std::uint32_t number) {
    const Node& node = program_.nodes[number];
    out_ += std::string(kNodeNames[static_cast<std::size_t>(node.kind)]) + " " + NodeName(number) + ":";
    if (node.kind == NodeKind::kCriterion) out_ += " " + std::to_string(node.points) + (node.each ? " each" : " when");
    if (node.kind == NodeKind::kCounter || node.each) {
      out_ += " [" + program_.layout.trackers.Name(node.tracker) + "] within " + Span(node.window_us);
      if (node.since.has_value()) out_ += " since " + OperandText(node.since->operand);
    } else if (node.kind == NodeKind::kScore) {
      out_ += " sum of " + std::to_string(node.criteria.size());
    } else {
      out_ += " " + Condition(node.condition);
    }
    out_ += "\n";
  }

  std::string TriggerText(const Rule& rule) const {
    switch (rule.trigger) {
      case TriggerKind::kEvent: {
        std::string text;
        for (const std::uint32_t event : rule.events) text += (text.empty() ? "event " : ", ") + program_.events[event].name;
        return rule.event_condition == kHolds ? text : text + " with " + Condition(rule.event_condition);
      }
      case TriggerKind::kBecomes: {
        const std::string from = rule.from_mask.has_value() ? " from " + MaskText(rule.slot, *rule.from_mask) : "";
        return program_.properties[rule.slot].name + " becomes " + MaskText(rule.slot, rule.mask) + from;
      }
      case TriggerKind::kChanges:
        return program_.properties[rule.slot].name + " changes";
      case TriggerKind::kNodeRises:
        return NodeName(rule.node) + " rises";
      case TriggerKind::kNodeFalls:
        return NodeName(rule.node) + " falls";
      case TriggerKind::kStays:
        return program_.properties[rule.slot].name + " stays " + MaskText(rule.slot, rule.mask) + " for " + Span(rule.delay_us);
    }
    return {};
  }

  std::string TemplateText(std::uint32_t number) const {
    std::string text = "\"";
    for (const TextPart& part : program_.templates[number])
      text += part.operand.has_value() ? "{" + OperandText(*part.operand) + "}" : part.literal;
    return text + "\"";
  }

  std::string RecipientText(const Recipient& recipient) const {
    switch (recipient.kind) {
      case RecipientKind::kUserProperty:
        return program_.properties[recipient.slot].name;
      case RecipientKind::kManagerOfUserProperty:
        return "manager of " + program_.properties[recipient.slot].name;
      case RecipientKind::kUser:
        return recipient.user;
      case RecipientKind::kTeam:
        return "team " + program_.teams[recipient.team].name;
    }
    return {};
  }

  std::string ValueText(const Action& action) const {
    switch (action.value.kind) {
      case ValueExpr::Kind::kCopy:
        return "value of " + OperandText(action.value.copy);
      case ValueExpr::Kind::kTemplate:
        return TemplateText(action.value.template_index);
      case ValueExpr::Kind::kConstant:
        break;
    }
    const Type type = program_.properties[action.slot].type;
    const bool named = type == Type::kOption || type == Type::kTruth;
    return named ? OptionName(action.slot, static_cast<std::uint32_t>(action.value.constant)) : std::to_string(action.value.constant);
  }

  void DumpAction(const Action& action) {
    out_ += "  " + std::string(kActionNames[static_cast<std::size_t>(action.kind)]);
    switch (action.kind) {
      case ActionKind::kSet:
        out_ += " " + program_.properties[action.slot].name + (action.back_to ? " back to " : " ") + ValueText(action);
        break;
      case ActionKind::kClear:
        out_ += " " + program_.properties[action.slot].name;
        break;
      case ActionKind::kAssignRotation:
        out_ += " " + program_.properties[action.slot].name + " from team " + program_.teams[action.team].name;
        break;
      case ActionKind::kNotify:
      case ActionKind::kCreateTask:
        break;
    }
    if (action.has_recipient) out_ += " " + RecipientText(action.recipient);
    if (action.text.has_value()) out_ += " " + TemplateText(*action.text);
    if (action.because.has_value()) out_ += " because " + TemplateText(*action.because);
    if (action.due_in.has_value()) out_ += " due in " + Span(action.due_in->micros) + (action.due_in->business ? " of business time" : "");
    if (action.priority != Priority::kNormal) out_ += " priority " + std::string(kPriorityNames[static_cast<std::size_t>(action.priority)]);
    out_ += " at " + std::to_string(action.place.line) + "\n";
  }

  void DumpRule(std::uint32_t number) {
    const Rule& rule = program_.rules[number];
    out_ += "rule " + program_.layout.rules.Name(number) + " at " + program_.files[rule.place.file] + ":" + std::to_string(rule.place.line);
    if (rule.disabled) out_ += " disabled";
    out_ += "\n  " + TriggerText(rule) + "\n";
    if (rule.condition != kHolds) out_ += "  when " + Condition(rule.condition) + "\n";
    for (const Action& action : rule.actions) DumpAction(action);
  }

  const Program& program_;
  std::string out_;
};

}  // namespace

std::string Dump(const Program& program) { return Dumper(program).Whole(); }

std::string DumpCondition(const Program& program, Entry entry) { return Dumper(program).Condition(entry); }

}  // namespace stagecraft::ir
