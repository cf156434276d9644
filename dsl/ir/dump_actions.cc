#include "dsl/ir/dump_actions.h"

#include <array>
#include <string_view>

namespace stagecraft::ir {
namespace {

constexpr std::array<std::string_view, 16> kActionNames = {"set",        "clear",        "assign", "notify",   "create task", "create deal",
                                                           "send email", "call webhook", "start",  "leave",    "branch",      "jump",
                                                           "split",      "wait",         "end",    "move deal"};  // by ActionKind
constexpr std::array<std::string_view, 3> kPriorityNames = {"normal", "low", "high"};

class ActionDumper {
 public:
  explicit ActionDumper(const Program& program) : program_(program), text_(program) {}

  std::string Line(const Action& action) const {
    std::string line(action.append ? "append to" : kActionNames[static_cast<std::size_t>(action.kind)]);
    line += Object(action);
    if (action.has_recipient) line += " " + text_.Recipient(action.recipient);
    if (action.text.has_value()) line += " " + text_.Template(*action.text);
    if (action.kind == ActionKind::kCreateDeal || action.kind == ActionKind::kMoveDeal) line += Deal(action);
    if (action.because.has_value()) line += " because " + text_.Template(*action.because);
    if (action.due_in.has_value()) line += " due in " + DumpText::Duration(*action.due_in);
    if (action.priority != Priority::kNormal) line += " priority " + std::string(kPriorityNames[static_cast<std::size_t>(action.priority)]);
    if (action.remind_before.has_value()) line += " remind " + DumpText::Duration(*action.remind_before) + " before";
    return line + " at " + std::to_string(action.place.line);
  }

 private:
  std::string Object(const Action& action) const {
    switch (action.kind) {
      case ActionKind::kSet:
        return " " + text_.Property(action.slot) + (action.back_to ? " back to " : " ") + text_.Value(action.value, &action.slot);
      case ActionKind::kClear:
        return " " + text_.Property(action.slot);
      case ActionKind::kAssign:
        return " " + text_.Property(action.slot) + " from team " + program_.teams[action.team].name + (action.by_load ? " by load" : "") +
               (action.keeping_account ? " keeping account owner" : "");
      case ActionKind::kSendEmail:
        return " `" + program_.emails[action.email].name + "`";
      case ActionKind::kCallWebhook:
        return Webhook(action);
      case ActionKind::kEnrol:
      case ActionKind::kLeave:
        return " " + program_.layout.rules.Name(action.sequence);
      case ActionKind::kBranch:
        return " if " + text_.Condition(action.condition) + " else to " + std::to_string(action.target);
      case ActionKind::kJump:
        return " to " + std::to_string(action.target);
      case ActionKind::kSplit:
        return Split(action);
      case ActionKind::kWait:
        return Wait(*action.wait);
      case ActionKind::kNotify:
      case ActionKind::kCreateTask:
      case ActionKind::kCreateDeal:
      case ActionKind::kMoveDeal:
      case ActionKind::kEnd:
        break;
    }
    return {};
  }

  std::string Deal(const Action& action) const {
    const Pipeline& pipeline = program_.pipelines[action.pipeline];
    const std::string amount = action.has_value ? " amount " + text_.Value(action.value, nullptr) : "";
    return " in `" + pipeline.name + "` at `" + pipeline.stages[action.stage].name + "`" + amount;
  }

  std::string Webhook(const Action& action) const {
    std::string text = " `" + action.webhook + "`";
    for (const auto& [name, operand] : action.payload) text += " " + name + "=[" + text_.Operand(operand) + "]";
    return text;
  }

  static std::string Split(const Action& action) {
    std::string text;
    for (const Share& share : action.shares) text += " " + std::to_string(share.share) + " to " + std::to_string(share.target);
    return text;
  }

  std::string Wait(const ir::Wait& wait) const {
    std::string text;
    switch (wait.kind) {
      case ir::Wait::Kind::kFor:
        text = " for " + DumpText::Duration(wait.duration);
        break;
      case ir::Wait::Kind::kCondition:
        text = " until " + text_.Condition(wait.condition);
        break;
      case ir::Wait::Kind::kMoment:
        text = " until the moment of " + text_.Operand(wait.moment);
        if (wait.minute.has_value()) text += " at " + DumpText::Minute(*wait.minute);
        break;
      case ir::Wait::Kind::kRecurrence:
        text = " until " + DumpText::Recurrence(wait.recurrence);
        break;
    }
    if (wait.at_most.has_value()) text += " for at most " + DumpText::Duration(*wait.at_most);
    if (wait.timeout != kNoAction) text += " then to " + std::to_string(wait.timeout);
    return text;
  }

  const Program& program_;
  DumpText text_;
};

}  // namespace

std::string DumpActions(const Program& program, const Rule& rule) {
  const ActionDumper dumper(program);
  std::string text;
  for (std::size_t i = 0; i < rule.actions.size(); ++i) {
    text += "  " + (rule.branches ? std::to_string(i) + ": " : "") + dumper.Line(rule.actions[i]) + "\n";
  }
  return text;
}

}  // namespace stagecraft::ir
