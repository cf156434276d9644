// The actions of a rule: blocks within blocks become one flat list with jumps, always forward.
#include <string>
#include <type_traits>
#include <utility>
#include <variant>

#include "dsl/ir/lowering.h"

namespace stagecraft::ir {
namespace {

ComputeStep::Op LowerOp(sema::Computation::Op op) {
  switch (op) {
    case sema::Computation::Op::kConstant:
      return ComputeStep::Op::kConstant;
    case sema::Computation::Op::kReference:
      return ComputeStep::Op::kOperand;
    case sema::Computation::Op::kOrZero:
      return ComputeStep::Op::kOrZero;
    case sema::Computation::Op::kAdd:
      return ComputeStep::Op::kAdd;
    case sema::Computation::Op::kSubtract:
      return ComputeStep::Op::kSubtract;
    case sema::Computation::Op::kMultiply:
      return ComputeStep::Op::kMultiply;
    case sema::Computation::Op::kDivide:
      return ComputeStep::Op::kDivide;
    case sema::Computation::Op::kShift:
      return ComputeStep::Op::kShift;
    case sema::Computation::Op::kDaysBetween:
      return ComputeStep::Op::kDaysBetween;
    case sema::Computation::Op::kToday:
      return ComputeStep::Op::kToday;
    case sema::Computation::Op::kNow:
      return ComputeStep::Op::kNow;
  }
  return ComputeStep::Op::kConstant;
}

Wait::Kind LowerKind(sema::Wait::Kind kind) {
  switch (kind) {
    case sema::Wait::Kind::kFor:
      return Wait::Kind::kFor;
    case sema::Wait::Kind::kCondition:
      return Wait::Kind::kCondition;
    case sema::Wait::Kind::kMoment:
      return Wait::Kind::kMoment;
    case sema::Wait::Kind::kRecurrence:
      return Wait::Kind::kRecurrence;
  }
  return Wait::Kind::kFor;
}

Action StepAt(ActionKind kind, Place place) {
  Action action;
  action.kind = kind;
  action.place = place;
  return action;
}

std::uint32_t Next(const std::vector<Action>& actions) { return static_cast<std::uint32_t>(actions.size()); }

// Adds a jump whose target is yet to come.
std::uint32_t AddJump(std::vector<Action>& actions, Place place) {
  actions.push_back(StepAt(ActionKind::kJump, place));
  return Next(actions) - 1;
}

// Points the jumps to the action that comes next.
void LandHere(std::vector<Action>& actions, std::vector<std::uint32_t> jumps) {
  for (const std::uint32_t jump : jumps) actions[jump].target = Next(actions);
}

}  // namespace

void Lowering::LowerActions(const sema::Rule& source, Rule& rule) {
  if (source.expected.has_value()) {
    Action wait = StepAt(ActionKind::kWait, rule.place);
    wait.wait.emplace();
    wait.wait->kind = Wait::Kind::kCondition;
    wait.wait->condition = graph_.Build(*source.expected);
    wait.wait->at_most = LowerDuration(source.within);
    wait.wait->timeout = 2;
    rule.actions.push_back(std::move(wait));
    rule.actions.push_back(StepAt(ActionKind::kEnd, rule.place));
  }
  LowerBlock(source.actions, rule.actions);
  LowerBlock(source.finally, rule.actions);
  for (const Action& action : rule.actions) {
    rule.has_waits = rule.has_waits || action.kind == ActionKind::kWait;
    rule.branches = rule.branches || action.kind == ActionKind::kBranch || action.kind == ActionKind::kJump ||
                    action.kind == ActionKind::kSplit || action.kind == ActionKind::kWait || action.kind == ActionKind::kEnd;
  }
}

void Lowering::LowerBlock(const sema::Block& block, std::vector<Action>& actions) {
  for (const sema::Action& action : block) {
    const Place place = PlaceOf(action.span);
    if (const auto* chosen = std::get_if<sema::If>(&action.node)) {
      LowerIf(*chosen, place, actions);
    } else if (const auto* split = std::get_if<sema::Split>(&action.node)) {
      LowerSplit(*split, place, actions);
    } else if (const auto* wait = std::get_if<sema::Wait>(&action.node)) {
      LowerWait(*wait, place, actions);
    } else {
      actions.push_back(LowerStep(action, place));
    }
  }
}

void Lowering::LowerIf(const sema::If& source, Place place, std::vector<Action>& actions) {
  std::vector<std::uint32_t> jumps;
  for (const sema::If::Branch& branch : source.branches) {
    const std::uint32_t test = Next(actions);
    actions.push_back(StepAt(ActionKind::kBranch, branch.span == Span{} ? place : PlaceOf(branch.span)));
    actions[test].condition = graph_.Build(branch.condition);
    LowerBlock(branch.actions, actions);
    const bool last = &branch == &source.branches.back() && source.otherwise.empty();
    if (!last) jumps.push_back(AddJump(actions, place));
    actions[test].target = Next(actions);
  }
  LowerBlock(source.otherwise, actions);
  LandHere(actions, std::move(jumps));
}

void Lowering::LowerSplit(const sema::Split& source, Place place, std::vector<Action>& actions) {
  const std::uint32_t split = Next(actions);
  actions.push_back(StepAt(ActionKind::kSplit, place));
  std::vector<std::uint32_t> jumps;
  for (const sema::Split::Part& part : source.parts) {
    actions[split].shares.push_back({part.share, Next(actions)});
    LowerBlock(part.actions, actions);
    if (&part != &source.parts.back()) jumps.push_back(AddJump(actions, place));
  }
  LandHere(actions, std::move(jumps));
}

void Lowering::LowerWait(const sema::Wait& source, Place place, std::vector<Action>& actions) {
  Wait wait;
  wait.kind = LowerKind(source.kind);
  wait.duration = LowerDuration(source.duration);
  if (source.kind == sema::Wait::Kind::kCondition) wait.condition = graph_.Build(source.condition);
  if (source.kind == sema::Wait::Kind::kMoment) wait.moment = graph_.LowerReference(source.moment);
  wait.minute = source.minute;
  wait.recurrence = LowerRecurrence(source.recurrence);
  if (source.at_most.has_value()) wait.at_most = LowerDuration(*source.at_most);
  const std::uint32_t number = Next(actions);
  actions.push_back(StepAt(ActionKind::kWait, place));
  actions[number].wait = wait;
  if (!source.otherwise.has_value()) return;
  const std::uint32_t jump = AddJump(actions, place);
  actions[number].wait->timeout = Next(actions);
  LowerBlock(*source.otherwise, actions);
  LandHere(actions, {jump});
}

std::uint32_t Lowering::TemplateOf(const sema::Text& text) {
  std::string key;
  Template parts;
  for (const sema::TextPart& part : text) {
    TextPart lowered;
    if (part.reference.has_value()) {
      lowered.operand = graph_.LowerReference(*part.reference);
      key += "{" + sema::CanonicalText(*part.reference, script_.vocabulary) + "}";
    } else {
      lowered.literal = part.literal;
      key += std::to_string(part.literal.size()) + ":" + part.literal;
    }
    parts.push_back(std::move(lowered));
  }
  const auto [it, added] = templates_.emplace(std::move(key), static_cast<std::uint32_t>(program_->templates.size()));
  if (added) program_->templates.push_back(std::move(parts));
  return it->second;
}

std::optional<std::uint32_t> Lowering::OptionalTemplate(const std::optional<sema::Text>& text) {
  if (!text.has_value()) return std::nullopt;
  return TemplateOf(*text);
}

ValueExpr Lowering::LowerComputation(const sema::Computation& computation) const {
  ValueExpr value;
  value.kind = ValueExpr::Kind::kCompute;
  value.type = computation.type;
  for (const sema::Computation::Step& source : computation.steps) {
    ComputeStep step;
    step.op = LowerOp(source.op);
    step.constant = source.constant;
    if (source.op == sema::Computation::Op::kReference) step.operand = graph_.LowerReference(source.reference);
    step.duration = LowerDuration(source.duration);
    step.back = source.back;
    value.steps.push_back(step);
  }
  return value;
}

ValueExpr Lowering::LowerValue(const sema::Value& source, std::optional<sema::Symbol> property) {
  ValueExpr value;
  if (const auto* constant = std::get_if<std::int64_t>(&source)) {
    const bool option = property.has_value() && script_.vocabulary.property(*property).type == Type::kOption;
    value.constant = option ? std::int64_t{numbering_.options[*property][static_cast<std::size_t>(*constant)]} : *constant;
  } else if (const auto* reference = std::get_if<sema::Reference>(&source)) {
    value.kind = ValueExpr::Kind::kCopy;
    value.copy = graph_.LowerReference(*reference);
  } else if (const auto* computation = std::get_if<sema::Computation>(&source)) {
    value = LowerComputation(*computation);
  } else {
    value.kind = ValueExpr::Kind::kTemplate;
    value.template_index = TemplateOf(std::get<sema::Text>(source));
  }
  return value;
}

Recipient Lowering::LowerRecipient(const sema::Recipient& recipient) const {
  Recipient result;
  switch (recipient.kind) {
    case sema::Recipient::Kind::kProperty:
      result.kind = RecipientKind::kUserProperty;
      result.slot = numbering_.slots[recipient.symbol];
      break;
    case sema::Recipient::Kind::kManagerOfProperty:
      result.kind = RecipientKind::kManagerOfUserProperty;
      result.slot = numbering_.slots[recipient.symbol];
      break;
    case sema::Recipient::Kind::kUser:
      result.kind = RecipientKind::kUser;
      result.user = recipient.user;
      break;
    case sema::Recipient::Kind::kTeam:
      result.kind = RecipientKind::kTeam;
      result.team = numbering_.teams[recipient.symbol];
      break;
  }
  return result;
}

void Lowering::FillStep(const sema::SetValue& source, Action& action) {
  action.kind = ActionKind::kSet;
  action.slot = numbering_.slots[source.property];
  action.value = LowerValue(source.value, source.property);
  action.back_to = source.back_to;
  action.append = source.append;
  action.because = OptionalTemplate(source.because);
}

void Lowering::FillStep(const sema::ClearValue& source, Action& action) {
  action.kind = ActionKind::kClear;
  action.slot = numbering_.slots[source.property];
}

void Lowering::FillStep(const sema::AssignRotation& source, Action& action) {
  action.kind = ActionKind::kAssign;
  action.slot = numbering_.slots[source.property];
  action.team = numbering_.teams[source.team];
  action.by_load = source.by_load;
  action.keeping_account = source.keeping_account;
}

void Lowering::FillStep(const sema::Notify& source, Action& action) {
  action.kind = ActionKind::kNotify;
  action.recipient = LowerRecipient(source.recipient);
  action.has_recipient = true;
  action.text = OptionalTemplate(source.text);
}

void Lowering::FillStep(const sema::CreateTask& source, Action& action) {
  action.kind = ActionKind::kCreateTask;
  action.text = TemplateOf(source.title);
  action.has_recipient = source.assignee.has_value();
  if (source.assignee.has_value()) action.recipient = LowerRecipient(*source.assignee);
  if (source.due_in.has_value()) action.due_in = LowerDuration(*source.due_in);
  action.priority = source.priority;
  if (source.remind_before.has_value()) action.remind_before = LowerDuration(*source.remind_before);
}

void Lowering::FillStep(const sema::CreateDeal& source, Action& action) {
  action.kind = ActionKind::kCreateDeal;
  action.text = TemplateOf(source.title);
  action.pipeline = source.pipeline;
  action.stage = source.stage;
  action.has_value = source.amount.has_value();
  if (source.amount.has_value()) action.value = LowerValue(*source.amount, std::nullopt);
}

void Lowering::FillStep(const sema::MoveDeal& source, Action& action) {
  action.kind = ActionKind::kMoveDeal;
  action.pipeline = source.pipeline;
  action.stage = source.stage;
}

void Lowering::FillStep(const sema::SendEmail& source, Action& action) {
  action.kind = ActionKind::kSendEmail;
  action.email = source.email;
}

void Lowering::FillStep(const sema::CallWebhook& source, Action& action) {
  action.kind = ActionKind::kCallWebhook;
  action.webhook = source.name;
  for (const auto& [name, reference] : source.with) action.payload.emplace_back(name, graph_.LowerReference(reference));
}

void Lowering::FillStep(const sema::Enrol& source, Action& action) {
  action.kind = ActionKind::kEnrol;
  action.sequence = rule_numbers_[source.sequence];
}

void Lowering::FillStep(const sema::Leave& source, Action& action) {
  action.kind = ActionKind::kLeave;
  action.sequence = rule_numbers_[source.sequence];
}

Action Lowering::LowerStep(const sema::Action& source, Place place) {
  Action action;
  action.place = place;
  std::visit(
      [&](const auto& step) {
        using Step = std::decay_t<decltype(step)>;
        // These three are made of several actions: see LowerBlock.
        constexpr bool flat = !std::is_same_v<Step, sema::If> && !std::is_same_v<Step, sema::Split> && !std::is_same_v<Step, sema::Wait>;
        if constexpr (flat) FillStep(step, action);
      },
      source.node);
  return action;
}

}  // namespace stagecraft::ir
