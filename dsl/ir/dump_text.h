// The words of a dump: what conditions, values and times of a program say, with names instead of numbers.
#ifndef STAGECRAFT_DSL_IR_DUMP_TEXT_H_
#define STAGECRAFT_DSL_IR_DUMP_TEXT_H_

#include <cstdint>
#include <string>

#include "dsl/ir/program.h"

namespace stagecraft::ir {

class DumpText {
 public:
  explicit DumpText(const Program& program) : program_(program) {}

  // A nested choice: "status in {NEW}" or "(a ? b : c)".
  std::string Condition(Entry entry) const;
  std::string Test(const ir::Test& test) const;
  std::string Operand(const ir::Operand& operand) const;
  std::string Option(std::uint32_t slot, std::uint32_t option) const;
  std::string Options(std::uint32_t slot, const Mask& mask) const;
  std::string Node(std::uint32_t number) const;
  std::string Tracker(std::uint32_t number) const { return "[" + program_.layout.trackers.Name(number) + "]"; }
  std::string Property(std::uint32_t slot) const { return program_.properties[slot].name; }
  std::string Template(std::uint32_t number) const;
  std::string Recipient(const ir::Recipient& recipient) const;
  // `slot`: of the property that takes the value; absent: an amount of money.
  std::string Value(const ValueExpr& value, const std::uint32_t* slot) const;

  // "3d", "90s"; nothing: "0s".
  static std::string Micros(std::int64_t micros);
  // As Micros, but 0 is "ever".
  static std::string Window(std::int64_t micros);
  static std::string Duration(const ir::Duration& duration);
  static std::string Recurrence(const ir::Recurrence& recurrence);
  // "09:00".
  static std::string Minute(std::int32_t minute);

 private:
  std::string Computation(const ValueExpr& value) const;

  const Program& program_;
};

}  // namespace stagecraft::ir

#endif  // STAGECRAFT_DSL_IR_DUMP_TEXT_H_
