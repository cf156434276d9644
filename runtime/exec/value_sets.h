// What a condition asks of single operands: `when country is DE and sector is energy` can only hold when the country is DE,
// and only when the sector is energy. The index of rules (rule_index.h) is made of this.
#ifndef STAGECRAFT_RUNTIME_EXEC_VALUE_SETS_H_
#define STAGECRAFT_RUNTIME_EXEC_VALUE_SETS_H_

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "dsl/ir/program.h"

namespace stagecraft::runtime {

// A set of values of an operand: of numbers, options, yes and no as they are stored, of texts as TextNumbers numbers them.
struct ValueSet {
  bool all = false;                  // everything, and being unset as well, whatever `values` says
  std::vector<std::int64_t> values;  // ascending
};

// Numbers for case-folded texts, so that they compare as numbers do.
class TextNumbers {
 public:
  static constexpr std::int64_t kUnknown = -1;

  std::int64_t Intern(const std::string& folded) {
    return numbers_.try_emplace(folded, static_cast<std::int64_t>(numbers_.size())).first->second;
  }
  std::int64_t Find(std::string_view folded) const {
    const auto found = numbers_.find(folded);
    return found == numbers_.end() ? kUnknown : found->second;
  }

 private:
  struct Hash : std::hash<std::string_view> {
    using is_transparent = void;
  };
  std::unordered_map<std::string, std::int64_t, Hash, std::equal_to<>> numbers_;
};

// The condition can only hold while the operand's value is in the set.
struct Demand {
  ir::Operand operand;
  ValueSet allowed;
};

// All demands of the condition, each operand once. Only operands that are cheap to read: properties, fields, nodes.
std::vector<Demand> DemandsOf(const ir::Program& program, ir::Entry condition, TextNumbers& texts);

// The demands of both conditions together; `a` and `b` hold each operand once, and so does the result.
std::vector<Demand> BothDemands(std::vector<Demand> a, std::vector<Demand> b);

}  // namespace stagecraft::runtime

#endif  // STAGECRAFT_RUNTIME_EXEC_VALUE_SETS_H_
