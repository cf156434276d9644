#include "runtime/exec/format.h"

#include "runtime/exec/resolve.h"

namespace stagecraft::runtime {

void AppendNumber(std::int64_t millionths, std::string& out) {
  const bool negative = millionths < 0;
  const std::uint64_t magnitude = negative ? ~static_cast<std::uint64_t>(millionths) + 1 : static_cast<std::uint64_t>(millionths);
  constexpr auto kScale = static_cast<std::uint64_t>(ir::kNumberScale);
  if (negative) out += '-';
  out += std::to_string(magnitude / kScale);
  const std::uint64_t rest = magnitude % kScale;
  if (rest == 0) return;
  std::string decimals = std::to_string(kScale + rest);
  decimals[0] = '.';
  out.append(decimals, 0, decimals.find_last_not_of('0') + 1);
}

namespace {

// `options`: for kOption, may be null.
void AppendValue(ir::Type type, const std::vector<ir::Option>* options, const Reading& reading, const absl::TimeZone& zone,
                 std::string& out) {
  if (!reading.set) return;
  switch (type) {
    case ir::Type::kOption:
      if (options != nullptr && reading.number >= 0 && static_cast<std::size_t>(reading.number) < options->size()) {
        out += (*options)[static_cast<std::size_t>(reading.number)].label;
      }
      return;
    case ir::Type::kTruth:
      out += reading.number != 0 ? "yes" : "no";
      return;
    case ir::Type::kNumber:
    case ir::Type::kMoney:
      AppendNumber(reading.number, out);
      return;
    case ir::Type::kText:
    case ir::Type::kUser:
      out += reading.text;
      return;
    case ir::Type::kDate:
      out += FormatDate(reading.number);
      return;
    case ir::Type::kTime:
      out += FormatTime(reading.number, zone);
      return;
  }
}

}  // namespace

void AppendReading(const Scene& scene, const ir::Operand& operand, const Reading& reading, std::string& out) {
  if (operand.space != ir::Space::kNode) {
    AppendValue(operand.type, OptionsOf(scene, operand), reading, scene.calendar->zone(), out);
  } else if (IsTruth(scene.program->nodes[operand.index].kind)) {
    AppendValue(ir::Type::kTruth, nullptr, reading, scene.calendar->zone(), out);
  } else {
    out += std::to_string(reading.number);
  }
}

void AppendForMachines(const Scene& scene, const ir::Operand& operand, const Reading& reading, std::string& out) {
  if (!reading.set) return;
  const auto number = static_cast<std::size_t>(reading.number);
  const std::vector<ir::Option>* options = operand.type == ir::Type::kOption ? OptionsOf(scene, operand) : nullptr;
  if (options != nullptr && number < options->size()) {
    out += (*options)[number].internal_name;
  } else if (operand.type == ir::Type::kTime) {
    out += absl::FormatTime("%E4Y-%m-%d%ET%H:%M:%E*S%Ez", absl::FromUnixMicros(reading.number), scene.calendar->zone());
  } else {
    AppendReading(scene, operand, reading, out);
  }
}

std::string FormatValue(const ir::Program& program, ir::Type type, std::uint32_t slot, const Value& value) {
  std::string out;
  const std::vector<ir::Option>* options = slot < program.properties.size() ? &program.properties[slot].options : nullptr;
  AppendValue(type, options, {value.set, value.number, value.text}, ZoneOf(program.calendar), out);
  return out;
}

}  // namespace stagecraft::runtime
