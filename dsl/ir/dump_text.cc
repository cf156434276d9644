#include "dsl/ir/dump_text.h"

#include <array>
#include <string_view>

namespace stagecraft::ir {
namespace {

// By Op; what reads no operand, or reads imm otherwise than as a number, has its own words.
constexpr std::array<std::string_view, 13> kOpNames = {
    "is set", "in", "=", "<", "<=", ">", ">=", "is", "contains", "starts with", "ends with", "like", "matches"};
constexpr std::array<std::string_view, 4> kFactNames = {"id", "created", "last contacted", "name"};
constexpr std::array<std::string_view, 11> kComputeNames = {"",  "", "or 0",         "+",     "-",  "*",
                                                            "/", "", "days between", "today", "now"};  // by ComputeStep::Op
constexpr std::array<std::string_view, 7> kDayNames = {"Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"};

}  // namespace

std::string DumpText::Condition(Entry entry) const {
  if (entry == kHolds) return "yes";
  if (entry == kFails) return "no";
  const ir::Test& test = program_.tests[entry];
  const std::string text = Test(test);
  if (test.on_true == kHolds && test.on_false == kFails) return text;
  if (test.on_true == kFails && test.on_false == kHolds) return "not " + text;
  return "(" + text + " ? " + Condition(test.on_true) + " : " + Condition(test.on_false) + ")";
}

std::string DumpText::Option(std::uint32_t slot, std::uint32_t option) const {
  const ir::Property& property = program_.properties[slot];
  if (property.type == Type::kTruth) return option == 1 ? "yes" : "no";
  return property.options[option].label;
}

std::string DumpText::Options(std::uint32_t slot, const Mask& mask) const {
  std::string text;
  for (std::uint32_t i = 0; i < mask.size() * 64; ++i) {
    if (MaskHas(mask, i)) text += (text.empty() ? "" : ", ") + Option(slot, i);
  }
  return "{" + text + "}";
}

std::string DumpText::Node(std::uint32_t number) const {
  const ir::Node& node = program_.nodes[number];
  return node.name.empty() ? "#" + std::to_string(number) : "`" + node.name + "`";
}

std::string DumpText::Operand(const ir::Operand& operand) const {
  std::string text;
  switch (operand.space) {
    case Space::kProperty:
      text = Property(operand.index);
      break;
    case Space::kPrevious:
      text = "previous " + Property(operand.index);
      break;
    case Space::kEntered:
      text = "became " + Option(operand.index, operand.option);
      break;
    case Space::kField:
      text = "field " + std::to_string(operand.index);
      break;
    case Space::kNode:
      text = "node " + Node(operand.index);
      break;
    case Space::kContact:
      text = kFactNames[operand.index];
      break;
  }
  const bool moment = operand.space == Space::kEntered || operand.space == Space::kContact;
  return moment && operand.type == Type::kDate ? "date of " + text : text;
}

std::string DumpText::Test(const ir::Test& test) const {
  const std::string name =
      static_cast<std::size_t>(test.op) < kOpNames.size() ? std::string(kOpNames[static_cast<std::size_t>(test.op)]) : "";
  const auto place = static_cast<std::size_t>(test.imm);
  switch (test.op) {
    case Op::kSeen:
      return "seen " + Tracker(test.operand.index) + " within " + Window(test.imm);
    case Op::kSeenSince:
      return "seen " + Tracker(test.operand.index) + " since " + Operand(program_.sinces[place].operand);
    case Op::kSeenSinceRun:
      return "seen " + Tracker(test.operand.index) + " since the run began";
    case Op::kIsSet:
      return Operand(test.operand) + " is set";
    case Op::kOptionIn:
      if (test.operand.space == Space::kField) return Operand(test.operand) + " in options";
      return Operand(test.operand) + " in " + Options(test.operand.index, program_.masks[place]);
    case Op::kTextEqual:
    case Op::kTextContains:
    case Op::kTextStarts:
    case Op::kTextEnds:
    case Op::kTextGlob:
    case Op::kTextMatches:
      return Operand(test.operand) + " " + name + " \"" + program_.texts[place] + "\"";
    case Op::kLately:
      return Operand(test.operand) + " within the last " + Micros(test.imm);
    case Op::kSoon:
      return Operand(test.operand) + " within the next " + Micros(test.imm);
    case Op::kInTeam:
      return Operand(test.operand) + " in team " + program_.teams[place].name;
    case Op::kIsMe:
      return Operand(test.operand) + " is me";
    case Op::kEqual:
    case Op::kLess:
    case Op::kLessEqual:
    case Op::kGreater:
    case Op::kGreaterEqual:
      return Operand(test.operand) + " " + name + " " + std::to_string(test.imm);
  }
  return {};
}

std::string DumpText::Template(std::uint32_t number) const {
  std::string text = "\"";
  for (const TextPart& part : program_.templates[number])
    text += part.operand.has_value() ? "{" + Operand(*part.operand) + "}" : part.literal;
  return text + "\"";
}

std::string DumpText::Recipient(const ir::Recipient& recipient) const {
  switch (recipient.kind) {
    case RecipientKind::kUserProperty:
      return Property(recipient.slot);
    case RecipientKind::kManagerOfUserProperty:
      return "manager of " + Property(recipient.slot);
    case RecipientKind::kUser:
      return recipient.user;
    case RecipientKind::kTeam:
      return "team " + program_.teams[recipient.team].name;
  }
  return {};
}

std::string DumpText::Computation(const ValueExpr& value) const {
  std::string text;
  for (const ComputeStep& step : value.steps) {
    text += text.empty() ? "" : " ";
    switch (step.op) {
      case ComputeStep::Op::kConstant:
        text += std::to_string(step.constant);
        break;
      case ComputeStep::Op::kOperand:
        text += "[" + Operand(step.operand) + "]";
        break;
      case ComputeStep::Op::kShift:
        text += (step.back ? "back " : "shift ") + Duration(step.duration);
        break;
      default:
        text += kComputeNames[static_cast<std::size_t>(step.op)];
        break;
    }
  }
  return "compute " + text + " as " + std::string(sema::TypeName(value.type));
}

std::string DumpText::Value(const ValueExpr& value, const std::uint32_t* slot) const {
  switch (value.kind) {
    case ValueExpr::Kind::kCopy:
      return "value of " + Operand(value.copy);
    case ValueExpr::Kind::kTemplate:
      return Template(value.template_index);
    case ValueExpr::Kind::kCompute:
      return Computation(value);
    case ValueExpr::Kind::kConstant:
      break;
  }
  const Type type = slot == nullptr ? Type::kMoney : program_.properties[*slot].type;
  const bool named = type == Type::kOption || type == Type::kTruth;
  return named ? Option(*slot, static_cast<std::uint32_t>(value.constant)) : std::to_string(value.constant);
}

std::string DumpText::Micros(std::int64_t micros) {
  if (micros != 0 && micros % kMicrosPerDay == 0) return std::to_string(micros / kMicrosPerDay) + "d";
  if (micros % kMicrosPerSecond != 0) return std::to_string(micros) + "us";
  return std::to_string(micros / kMicrosPerSecond) + "s";
}

std::string DumpText::Window(std::int64_t micros) { return micros == 0 ? "ever" : Micros(micros); }

std::string DumpText::Duration(const ir::Duration& duration) {
  if (duration.months != 0) return std::to_string(duration.months) + " months";
  return Micros(duration.micros) + (duration.business ? " of business time" : "");
}

std::string DumpText::Minute(std::int32_t minute) {
  const auto two = [](std::int32_t number) { return (number < 10 ? "0" : "") + std::to_string(number); };
  return two(minute / 60) + ":" + two(minute % 60);
}

std::string DumpText::Recurrence(const ir::Recurrence& recurrence) {
  std::string days;
  for (std::size_t day = 0; day < kDayNames.size(); ++day) {
    if (((recurrence.days >> day) & 1U) != 0) days += (days.empty() ? "" : ",") + std::string(kDayNames[day]);
  }
  if (recurrence.days == 0x7F) days = "day";
  if (recurrence.business_days) days += days.empty() ? "business day" : ",business day";
  if (recurrence.day_of_month != 0) days = "month on " + std::to_string(recurrence.day_of_month);
  return "every " + days + " at " + Minute(recurrence.minute);
}

}  // namespace stagecraft::ir
