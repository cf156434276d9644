// What a rule does when it fires, action by action. Values, recipients and `{…}` are read here, and see the actions before (E2).
#include <algorithm>

#include "runtime/exec/decision.h"
#include "runtime/exec/format.h"
#include "runtime/exec/read_value.h"

namespace stagecraft::runtime {
namespace {

// A delivery's id is its record's sequence and, in the low bits, its place in the record.
constexpr int kOrdinalBits = 16;
constexpr std::uint32_t kDeliveriesMax = 1U << kOrdinalBits;

}  // namespace

void Decision::Do(const ir::Action& action) {
  switch (action.kind) {
    case ir::ActionKind::kSet:
      RunSet(action);
      return;
    case ir::ActionKind::kClear:
      SetTo(action, Value{});
      return;
    case ir::ActionKind::kAssign:
      RunAssign(action);
      return;
    case ir::ActionKind::kNotify:
      RunNotify(action);
      return;
    case ir::ActionKind::kCreateTask:
      RunCreateTask(action);
      return;
    case ir::ActionKind::kCreateDeal:
      RunCreateDeal(action);
      return;
    case ir::ActionKind::kMoveDeal:
      RunMoveDeal(action);
      return;
    case ir::ActionKind::kSendEmail:
      RunSendEmail(action);
      return;
    case ir::ActionKind::kCallWebhook:
      RunCallWebhook(action);
      return;
    case ir::ActionKind::kEnrol:
      RunEnrol(action);
      return;
    case ir::ActionKind::kLeave:
      RunLeave(action);
      return;
    case ir::ActionKind::kBranch:
    case ir::ActionKind::kJump:
    case ir::ActionKind::kSplit:
    case ir::ActionKind::kWait:
    case ir::ActionKind::kEnd:
      return;  // the way through them is known before the first action (FindPath)
  }
}

void Decision::RunSet(const ir::Action& action) {
  Value value;
  if (const auto refusal = Evaluate(action.value, value)) {
    RefuseValue(action.slot, *refusal);
    return;
  }
  if (action.append) {
    const std::string_view there = contact_->Text(action.slot);
    if (!value.set) return;
    if (!there.empty()) value.text.insert(0, std::string(there) + ", ");
  }
  if (value.text.size() > kTextBytesMax) {
    Refuse(action.slot, RefusalReason::kOutOfRange, {});
    return;
  }
  const bool user = program_.properties[action.slot].type == ir::Type::kUser && value.set;
  if (user && !contact_->Holds(action.slot, value) && IsDeactivated(value.text)) {
    Refuse(action.slot, RefusalReason::kDeactivated, value).text = value.text;
    return;
  }
  SetTo(action, value);
}

void Decision::SetTo(const ir::Action& action, const Value& value) {
  if (const auto refusal = RefusalOf(action, value)) {
    Refuse(action.slot, *refusal, value);
    return;
  }
  text_.clear();
  if (action.because) Render(program_.templates[*action.because], text_);
  // A person's value that may be overwritten was what the rule answers to: what stands there from now on is the rules' own.
  if (!contact_->Holds(action.slot, value))
    by_person_.erase(std::remove(by_person_.begin(), by_person_.end(), action.slot), by_person_.end());
  Write(action.slot, value, text_);
}

std::optional<RefusalReason> Decision::RefusalOf(const ir::Action& action, const Value& value) const {
  const std::uint32_t slot = action.slot;
  if (contact_->Holds(slot, value)) return std::nullopt;
  if (write_of_[slot] != kNone && writes_[write_of_[slot]].writer != rule_) return RefusalReason::kOverruled;
  const bool by_person = std::find(by_person_.begin(), by_person_.end(), slot) != by_person_.end();
  if (by_person && !IsTriggeredBy(slot)) return RefusalReason::kPersonFirst;
  if (LastWordOn(slot) > record_->occurred_at) return RefusalReason::kLate;
  if (!action.back_to && IsBackward(slot, value)) return RefusalReason::kBackward;
  return std::nullopt;
}

bool Decision::IsBackward(std::uint32_t slot, const Value& value) const {
  const ir::Property& property = program_.properties[slot];
  if (!property.forward_only || property.type != ir::Type::kOption || !value.set || !contact_->IsSet(slot)) return false;
  return ir::LeadsBack(property.options[static_cast<std::size_t>(contact_->Number(slot))],
                       property.options[static_cast<std::size_t>(value.number)]);
}

bool Decision::IsTriggeredBy(std::uint32_t slot) const {
  if (round_ != 1 || resuming_) return false;
  const ir::Rule& rule = program_.rules[rule_];
  switch (rule.trigger) {
    case ir::TriggerKind::kBecomes:
    case ir::TriggerKind::kChanges:
      return rule.slot == slot;
    case ir::TriggerKind::kNodeRises:
    case ir::TriggerKind::kNodeFalls:
      return program_.nodes[rule.node].kind == ir::NodeKind::kWatch && IsTurnedOnlyBy(rule.node, slot);
    default:
      return false;
  }
}

// Of all that the condition reads only this value moved in round 0.
bool Decision::IsTurnedOnlyBy(std::uint32_t node, std::uint32_t slot) const {
  const auto reads = [&](const std::vector<std::vector<std::uint32_t>>& readers, std::uint32_t key) {
    return key < readers.size() && std::find(readers[key].begin(), readers[key].end(), node) != readers[key].end();
  };
  const std::vector<Effect>& effects = record_->effects;
  const std::uint32_t trigger = effects[rule_effect_].trigger;
  // An event, when it moved it, did so before any value.
  if (trigger == kByEvent || effects[trigger].kind != EffectKind::kPropertySet || effects[trigger].target != slot) return false;
  if (std::find(by_derived_.begin(), by_derived_.end(), node) != by_derived_.end()) return false;
  return std::none_of(effects.begin(), effects.begin() + rule_effect_, [&](const Effect& effect) {
    if (effect.by != kByEvent) return false;
    return effect.kind == EffectKind::kPropertySet && effect.target != slot && reads(program_.index.nodes_by_property, effect.target);
  });
}

Effect& Decision::Refuse(std::uint32_t slot, RefusalReason reason, const Value& value) {
  Effect& effect = Emit(EffectKind::kRefused, slot);
  effect.detail = static_cast<std::uint8_t>(reason);
  effect.after = value;
  // Another attempt will want what the event said that set the run off.
  if (in_run_ && IsFailure(reason)) effect.before = Value{true, running_.cause, {}};
  if (reason == RefusalReason::kOverruled) effect.number = writes_[write_of_[slot]].writer;
  return effect;
}

void Decision::RunNotify(const ir::Action& action) {
  FindRecipients(action.recipient);
  if (recipients_.empty()) {
    RefuseNobody(action.recipient);
    return;
  }
  text_.clear();
  if (action.text) Render(program_.templates[*action.text], text_);
  for (const std::string_view recipient : recipients_) Tell(recipient, text_);
}

void Decision::Tell(std::string_view recipient, std::string_view text) {
  const std::optional<std::int64_t> id = NextDeliveryId();
  if (!id) return;
  Emit(EffectKind::kNotified, 0).number = static_cast<std::int64_t>(record_->notifications.size());
  record_->notifications.push_back(
      {*id, contact_->number(), std::string(recipient), std::string(text), record_->occurred_at, record_->sequence});
}

void Decision::RefuseNobody(const ir::Recipient& recipient) {
  Effect& refused = Refuse(SlotOf(recipient), missing_.empty() ? RefusalReason::kNoRecipient : RefusalReason::kDeactivated, {});
  refused.text = missing_;
}

Delivery* Decision::AddDelivery(DeliveryKind kind, std::string_view name) {
  const std::optional<std::int64_t> id = NextDeliveryId();
  if (!id) return nullptr;
  Emit(EffectKind::kSent, 0).number = static_cast<std::int64_t>(record_->deliveries.size());
  Delivery& delivery = record_->deliveries.emplace_back();
  delivery.id = *id;
  delivery.contact = contact_->number();
  delivery.kind = kind;
  delivery.name = name;
  delivery.created_at = record_->occurred_at;
  delivery.cause = record_->sequence;
  return &delivery;
}

void Decision::RunSendEmail(const ir::Action& action) {
  const std::optional<std::uint32_t> slot = program_.well_known.email;
  const std::string_view address = slot ? contact_->Text(*slot) : std::string_view();
  if (address.empty()) {
    Refuse(slot.value_or(kNoSlot), RefusalReason::kNoRecipient, {});
    return;
  }
  const ir::Email& email = program_.emails[action.email];
  Delivery* delivery = AddDelivery(DeliveryKind::kEmail, email.name);
  if (delivery == nullptr) return;
  delivery->recipient = address;
  Render(program_.templates[email.subject], delivery->subject);
  Render(program_.templates[email.body], delivery->body);
}

void Decision::RunCallWebhook(const ir::Action& action) {
  Delivery* delivery = AddDelivery(DeliveryKind::kWebhook, action.webhook);
  if (delivery == nullptr) return;
  const Scene scene = EventScene();
  for (const auto& [name, operand] : action.payload) {
    PayloadItem& item = delivery->payload.emplace_back();
    item.name = name;
    const bool is_truth = operand.space == ir::Space::kNode && IsTruth(program_.nodes[operand.index].kind);
    item.type = is_truth ? ir::Type::kTruth : operand.type;
    const Reading reading = Read(scene, operand);
    item.set = reading.set;
    AppendForMachines(scene, operand, reading, item.text);
  }
}

std::uint32_t Decision::SlotOf(const ir::Recipient& recipient) {
  const bool by_slot = recipient.kind == ir::RecipientKind::kUserProperty || recipient.kind == ir::RecipientKind::kManagerOfUserProperty;
  return by_slot ? recipient.slot : kNoSlot;
}

void Decision::FindRecipients(const ir::Recipient& recipient) {
  recipients_.clear();
  switch (recipient.kind) {
    case ir::RecipientKind::kUserProperty:
      recipients_.push_back(contact_->Text(recipient.slot));
      break;
    case ir::RecipientKind::kManagerOfUserProperty:
      recipients_.push_back(plan_.ManagerOf(contact_->Text(recipient.slot)));
      break;
    case ir::RecipientKind::kUser:
      recipients_.push_back(recipient.user);
      break;
    case ir::RecipientKind::kTeam:
      recipients_.insert(recipients_.end(), program_.teams[recipient.team].members.begin(), program_.teams[recipient.team].members.end());
      break;
  }
  recipients_.erase(std::remove(recipients_.begin(), recipients_.end(), std::string_view()), recipients_.end());
  missing_.clear();
  if (shared_->users.empty()) return;
  std::erase_if(recipients_, [this](std::string_view user) {
    if (!IsDeactivated(user)) return false;
    if (!missing_.empty()) missing_ += ", ";
    missing_ += user;
    return true;
  });
}

void Decision::Render(const ir::Template& text, std::string& out) {
  const Scene scene = EventScene();
  for (const ir::TextPart& part : text) {
    if (!part.operand) {
      out += part.literal;
      continue;
    }
    AppendReading(scene, *part.operand, Read(scene, *part.operand), out);
  }
}

std::optional<std::int64_t> Decision::NextDeliveryId() {
  if (deliveries_ == kDeliveriesMax) {
    too_many_deliveries_ = true;
    return std::nullopt;
  }
  return (record_->sequence << kOrdinalBits) | static_cast<std::int64_t>(deliveries_++);
}

}  // namespace stagecraft::runtime
