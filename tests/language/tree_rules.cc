#include <array>

#include "tests/language/tree_show.h"

namespace stagecraft::tests {

using namespace syntax;  // NOLINT: this file speaks of nothing else

namespace {

using tests::Show;

std::string Show(const ChangeTrigger& change) { return Show(change.from) + " -> " + Show(change.to); }
std::string Show(const ListTrigger& list) { return (list.joining ? "joining " : "leaving ") + Show(list.list); }
std::string Show(const OnTrigger& on) { return Show(on.phrase) + Optional(" with ", on.with) + Optional(" at ", on.at); }

std::string Show(const TimedTrigger& timed) {
  return Show(timed.duration) + (timed.before ? " before " : " after ") + Show(timed.phrase) + Optional(" with ", timed.with) +
         Optional(" at ", timed.at);
}

std::string Show(const SlaTrigger& sla) {
  return "within " + Show(sla.duration) + " of " + std::visit([](const auto& of) { return Show(of); }, sla.of) +
         Optional(" expect ", sla.expected);
}

std::string Show(const SetAction& set) {
  constexpr std::array<std::string_view, 4> kSigns = {" + ", " - ", " * ", " / "};
  std::string text = "set " + Show(set.phrase);
  for (const ArithmeticStep& step : set.rest) {
    text += kSigns.at(static_cast<std::size_t>(step.op));
    text += std::visit([](const auto& operand) { return stagecraft::tests::Show(operand); }, step.operand);
  }
  if (set.back_to) text += " back to " + (set.value ? Show(*set.value) : "?");
  return text + Optional(" because ", set.because);
}

std::string Show(const AssignAction& assign) {
  return "assign " + Show(assign.property) + Optional(" from ", assign.team) + Optional(" by ", assign.method) +
         Optional(" keeping ", assign.keeping) + Optional(" to ", assign.to);
}

std::string Show(const CreateTaskAction& task) {
  return "create task " + Show(task.title) + Optional(" for ", task.assignee) + Optional(" due in ", task.due_in) +
         Optional(" priority ", task.priority) +
         (task.remind ? " remind" + (task.remind_before ? Optional(" before ", task.remind_before) : " when due") : "");
}

std::string Show(const CreateDealAction& deal) {
  return "create deal " + Show(deal.title) + " in pipeline " + Show(deal.pipeline) + Optional(" at ", deal.stage) +
         Optional(" amount ", deal.amount);
}

// One line for an action, more for one that holds others.
class ActionLines {
 public:
  explicit ActionLines(const std::string& indent) : indent_(indent) {}

  std::string operator()(const SetAction& set) const { return Line(Show(set)); }
  std::string operator()(const ClearAction& clear) const { return Line("clear " + Show(clear.property)); }
  std::string operator()(const CopyAction& copy) const { return Line("copy " + Show(copy.from) + " to " + Show(copy.to)); }
  std::string operator()(const AddAction& add) const {
    return Line((add.subtract ? "subtract " : "add ") + Show(add.amount) + (add.subtract ? " from " : " to ") + Show(add.property));
  }
  std::string operator()(const AppendAction& append) const { return Line("append " + Show(append.value) + " to " + Show(append.property)); }
  std::string operator()(const AssignAction& assign) const { return Line(Show(assign)); }
  std::string operator()(const NotifyAction& notify) const { return Line("notify " + Show(notify.recipient) + Optional(" ", notify.text)); }
  std::string operator()(const CreateTaskAction& task) const { return Line(Show(task)); }
  std::string operator()(const CreateDealAction& deal) const { return Line(Show(deal)); }
  std::string operator()(const MoveDealAction& move) const {
    return Line("move deal" + Optional(" in pipeline ", move.pipeline) + " to " + Show(move.stage));
  }
  std::string operator()(const AddToListAction& add) const { return Line("add to list " + Show(add.list)); }
  std::string operator()(const RemoveFromListAction& remove) const { return Line("remove from list " + Show(remove.list)); }
  std::string operator()(const SendEmailAction& send) const { return Line("send email " + Show(send.template_name)); }
  std::string operator()(const CallWebhookAction& call) const {
    return Line("call webhook " + Show(call.name) + (call.with.empty() ? "" : " with " + Joined(call.with, " ")));
  }
  std::string operator()(const EnrolAction& enrol) const { return Line("enrol in " + Show(enrol.sequence)); }
  std::string operator()(const LeaveAction& leave) const { return Line("leave " + Show(leave.sequence)); }
  std::string operator()(const WaitAction& wait) const {
    const bool until = wait.until || wait.days;
    std::string text = Line(std::string("wait") + (until ? " until" : "") + Optional(" ", wait.duration) + Optional(" ", wait.until) +
                            Optional(" ", wait.days) + Optional(" at ", wait.at) + Optional(" since ", wait.since) +
                            Optional(" for at most ", wait.at_most));
    if (wait.otherwise) text += Line(wait.otherwise->is_block ? "otherwise do" : "otherwise") + Inner(wait.otherwise->actions);
    return text;
  }
  std::string operator()(const IfAction& action) const {
    std::string text;
    for (const IfAction::Branch& branch : action.branches) {
      text += Line((text.empty() ? "if " : "else if ") + Dump(*branch.condition)) + Inner(branch.actions);
    }
    return text + (action.otherwise ? Line("else") + Inner(*action.otherwise) : "");
  }
  std::string operator()(const SplitAction& split) const {
    std::string text = Line("split");
    for (const SplitAction::Part& part : split.parts) text += "  " + Line(Show(part.percent)) + Lines(part.actions, indent_ + "    ");
    return text;
  }

 private:
  std::string Line(const std::string& text) const { return indent_ + text + "\n"; }
  std::string Inner(const Block& actions) const { return Lines(actions, indent_ + "  "); }

  const std::string& indent_;
};

}  // namespace

std::string Show(const Recipient& recipient) { return (recipient.manager_of ? "manager of " : "") + Show(recipient.who); }

std::string Show(const Trigger& trigger) {
  return std::visit(Overloaded{
                        [](const OnTrigger& on) { return "on " + Show(on); },
                        [](const ChangeTrigger& change) { return "on " + Show(change); },
                        [](const AnyChangeTrigger& change) { return "on change of " + Show(change.property); },
                        [](const ListTrigger& list) { return "on " + Show(list); },
                        [](const TurnsTrueTrigger& turns) { return "when " + Dump(*turns.condition); },
                        [](const StayTrigger& stay) { return "after " + Show(stay.duration) + " in " + Show(stay.state); },
                        [](const WithoutTrigger& without) {
                          return "after " + Show(without.duration) + " without " + Show(without.event) + Optional(" with ", without.with);
                        },
                        [](const TimedTrigger& timed) { return Show(timed); },
                        [](const ScheduleTrigger& schedule) {
                          return "every " + Show(schedule.days) + " at " + Show(schedule.at) + " for each contact" +
                                 Optional(" in ", schedule.list);
                        },
                        [](const SlaTrigger& sla) { return Show(sla); },
                        [](const ByHandTrigger&) { return std::string("by hand"); },
                    },
                    trigger.node);
}

std::string Lines(const std::vector<Modifier>& modifiers) {
  constexpr std::array<std::string_view, 7> kKinds = {"guard",      "until",    "once per contact", "at most once per",
                                                      "every time", "disabled", "migrate"};
  std::string text;
  for (const Modifier& modifier : modifiers) {
    text += "  " + std::string(kKinds.at(static_cast<std::size_t>(modifier.kind))) + Optional(" ", modifier.condition) +
            Optional(" ", modifier.duration) + "\n";
  }
  return text;
}

std::string Lines(const Block& actions, const std::string& indent) {
  std::string text;
  for (const Action& action : actions) text += std::visit(ActionLines(indent), action.node);
  return text;
}

}  // namespace stagecraft::tests
