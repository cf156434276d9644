// Values that actions set: constants, copies, texts, and computations in postfix order. All in whole numbers.
#include <algorithm>
#include <limits>
#include <optional>
#include <string>

#include "runtime/exec/decision.h"

namespace stagecraft::runtime {
namespace {

// Greater than what any type holds; stands for all that is beyond.
using Wide = __int128;

constexpr std::int64_t kNumberMax = 9'200'000'000'000 * ir::kNumberScale;  // ir::Type::kNumber
constexpr std::int64_t kFirstDay = -719'162;                               // 0001-01-01
constexpr std::int64_t kLastDay = 2'932'896;                               // 9999-12-31
constexpr std::int64_t kDurationDaysMax = 4'000'000;                       // more moves every date beyond the range

// What is on the stack. `type` tells dates and moments apart; a constant takes that of the result.
struct Item {
  Wide number = 0;
  ir::Type type = ir::Type::kNumber;
};

// To the nearest; halves away from zero.
Wide DivideRounded(Wide dividend, Wide divisor) {
  if (divisor < 0) {
    dividend = -dividend;
    divisor = -divisor;
  }
  return (dividend + (dividend < 0 ? -divisor : divisor) / 2) / divisor;
}

bool InRange(const Item& item) {
  const auto within = [&](std::int64_t first, std::int64_t last) { return item.number >= first && item.number <= last; };
  switch (item.type) {
    case ir::Type::kDate:
      return within(kFirstDay, kLastDay);
    case ir::Type::kTime:
      return within(kFirstDay * ir::kMicrosPerDay, (kLastDay + 1) * ir::kMicrosPerDay - 1);
    default:
      return within(-kNumberMax, kNumberMax);
  }
}

class Computer {
 public:
  Computer(const Scene& scene, Micros now, const ir::ValueExpr& expression) : scene_(scene), now_(now), expression_(expression) {}

  // Why there is no result, as the first step says that cannot be done; nothing when there is one.
  std::optional<RefusalReason> Run(Item& result) {
    for (const ir::ComputeStep& step : expression_.steps) {
      if (unset_ != nullptr && step.op != ir::ComputeStep::Op::kOrZero) return RefusalReason::kNotSet;
      if (step.op == ir::ComputeStep::Op::kDivide && stack_.back().number == 0) return RefusalReason::kByZero;
      Do(step);
      if (!InRange(stack_.back())) return RefusalReason::kOutOfRange;
    }
    if (unset_ != nullptr) return RefusalReason::kNotSet;
    result = Pop();
    Convert(result);
    if (!InRange(result)) return RefusalReason::kOutOfRange;
    return std::nullopt;
  }

  // With kNotSet.
  const ir::Operand& unset() const { return *unset_; }

 private:
  Item Pop() {
    const Item item = stack_.back();
    stack_.pop_back();
    return item;
  }

  bool IsMoment(ir::Type type) const { return type == ir::Type::kDate || type == ir::Type::kTime; }

  void Do(const ir::ComputeStep& step) {
    using Op = ir::ComputeStep::Op;
    switch (step.op) {
      case Op::kConstant:
        stack_.push_back({step.constant, expression_.type});
        return;
      case Op::kOperand: {
        const Reading reading = Read(scene_, step.operand);
        const Wide scale = step.operand.space == ir::Space::kNode ? ir::kNumberScale : 1;
        unset_ = reading.set ? nullptr : &step.operand;
        stack_.push_back({reading.set ? reading.number * scale : 0, step.operand.type});
        return;
      }
      case Op::kOrZero:
        unset_ = nullptr;
        return;
      case Op::kShift:
        Shift(stack_.back(), step);
        return;
      case Op::kToday:
        stack_.push_back({scene_.calendar->DateOf(now_), ir::Type::kDate});
        return;
      case Op::kNow:
        stack_.push_back({now_, ir::Type::kTime});
        return;
      case Op::kAdd:
      case Op::kSubtract:
      case Op::kMultiply:
      case Op::kDivide:
      case Op::kDaysBetween:
        Combine(step.op);
        return;
    }
  }

  void Combine(ir::ComputeStep::Op op) {
    using Op = ir::ComputeStep::Op;
    const Item b = Pop();
    Item& a = stack_.back();
    if (op == Op::kAdd) a.number += b.number;
    if (op == Op::kSubtract) a.number -= b.number;
    if (op == Op::kMultiply) a.number = DivideRounded(a.number * b.number, ir::kNumberScale);
    if (op == Op::kDivide) a.number = DivideRounded(a.number * ir::kNumberScale, b.number);
    if (op == Op::kDaysBetween) a = {(DaysOf(a) - DaysOf(b)) * ir::kNumberScale, ir::Type::kNumber};
  }

  // A constant among numbers is a date where a date is wanted.
  Wide DaysOf(const Item& item) const {
    return item.type == ir::Type::kTime ? scene_.calendar->DateOf(static_cast<Micros>(item.number)) : item.number;
  }

  void Shift(Item& item, const ir::ComputeStep& step) {
    if (!IsMoment(item.type)) item.type = ir::Type::kDate;
    const bool too_far =
        std::abs(step.duration.months / 30) > kDurationDaysMax || step.duration.micros / ir::kMicrosPerDay > kDurationDaysMax;
    if (too_far || !InRange(item)) {
      item.number = std::numeric_limits<Wide>::max();
      return;
    }
    const auto number = static_cast<std::int64_t>(item.number);
    const Calendar& calendar = *scene_.calendar;
    if (item.type == ir::Type::kDate) {
      item.number = calendar.ShiftDate(number, step.duration, step.back);
    } else {
      item.number = step.back ? calendar.Subtract(number, step.duration) : calendar.Add(number, step.duration);
      // Business time that does not come to its end.
      if (item.number == Calendar::kLastMoment || item.number == Calendar::kFirstMoment) item.number = std::numeric_limits<Wide>::max();
    }
  }

  void Convert(Item& item) const {
    if (expression_.type == ir::Type::kDate && item.type == ir::Type::kTime) item.number = DaysOf(item);
    if (expression_.type == ir::Type::kTime && item.type == ir::Type::kDate)
      item.number = scene_.calendar->StartOf(static_cast<std::int64_t>(item.number));
    item.type = expression_.type;
  }

  const Scene& scene_;
  const Micros now_;
  const ir::ValueExpr& expression_;
  std::vector<Item> stack_;
  const ir::Operand* unset_ = nullptr;  // what the step before has read, where that is not set
};

}  // namespace

std::string NameOf(const Scene& scene, const ir::Operand& operand) {
  const auto property = [&]() -> const ir::Property& { return scene.program->properties[operand.index]; };
  switch (operand.space) {
    case ir::Space::kProperty:
    case ir::Space::kPrevious:
      return property().name;
    case ir::Space::kEntered:
      return "became " + property().options[operand.option].label + " date";
    case ir::Space::kField: {
      const bool is_known = scene.event != nullptr && operand.index < scene.event->fields.size();
      return is_known ? scene.event->fields[operand.index].name : "a field of the event";
    }
    case ir::Space::kContact:
      return "last contacted";  // the other facts are always set
    case ir::Space::kNode:
      return scene.program->nodes[operand.index].name;
  }
  return {};
}

std::optional<RefusalReason> Decision::Compute(const ir::ValueExpr& expression, Value& value) {
  const Scene scene = EventScene();
  Computer computer(scene, record_->occurred_at, expression);
  Item result;
  if (const auto refusal = computer.Run(result)) {
    if (refusal == RefusalReason::kNotSet) missing_ = NameOf(scene, computer.unset());
    return refusal;
  }
  value.set = true;
  value.number = static_cast<std::int64_t>(result.number);
  return std::nullopt;
}

void Decision::RefuseValue(std::uint32_t slot, RefusalReason reason) {
  Effect& refused = Refuse(slot, reason, {});
  if (reason == RefusalReason::kNotSet) refused.text = missing_;
}

std::optional<RefusalReason> Decision::Evaluate(const ir::ValueExpr& expression, Value& value) {
  switch (expression.kind) {
    case ir::ValueExpr::Kind::kConstant:
      value.set = true;
      value.number = expression.constant;
      return std::nullopt;
    case ir::ValueExpr::Kind::kTemplate:
      Render(program_.templates[expression.template_index], value.text);
      value.set = !value.text.empty();
      return std::nullopt;
    case ir::ValueExpr::Kind::kCompute:
      return Compute(expression, value);
    case ir::ValueExpr::Kind::kCopy:
      break;
  }
  const Reading reading = Read(EventScene(), expression.copy);
  // Scores and counters are whole numbers, properties are in millionths.
  const bool is_whole = expression.copy.space == ir::Space::kNode && !IsTruth(program_.nodes[expression.copy.index].kind);
  if (is_whole && std::abs(reading.number) > kNumberMax / ir::kNumberScale) return RefusalReason::kOutOfRange;
  value.set = reading.set;
  value.number = is_whole ? reading.number * ir::kNumberScale : reading.number;
  value.text = reading.text;
  return std::nullopt;
}

}  // namespace stagecraft::runtime
