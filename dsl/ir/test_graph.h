// The values that conditions and texts read, and conditions: graphs of tests.
#ifndef STAGECRAFT_DSL_IR_TEST_GRAPH_H_
#define STAGECRAFT_DSL_IR_TEST_GRAPH_H_

#include <cstdint>
#include <vector>

#include "dsl/ir/value.h"

namespace stagecraft::ir {

enum class Space : std::uint8_t {
  kProperty,  // index: property slot
  kPrevious,  // index: property slot, as it was before this event (`was`)
  kEntered,   // index: property slot, option: the time the contact last became it (`became SQL date`)
  kField,     // index: field of the event that is being applied
  kNode,      // index: node (score, counter, dynamic list): a whole number
  kContact,   // index: a ContactFact
};

// kName (text): first and last name, else the e-mail address, else the contact's id. kId and kName are texts, the others kTime.
enum class ContactFact : std::uint16_t { kId, kCreated, kLastContacted, kName };

struct Operand {
  Space space = Space::kProperty;
  std::uint16_t index = 0;
  std::uint16_t option = 0;
  // kNode: kNumber, but stored as a whole number, not in millionths. kDate where the thing itself is a moment (kEntered,
  // kContact, or a property or field of type kTime): its date in the workspace's time zone, in days since 1970-01-01.
  Type type = Type::kNumber;

  friend bool operator==(const Operand&, const Operand&) = default;
};

// A condition is the number of the test to begin with, or one of these two. Each test names its two successors, so
// that `and`, `or`, `not` cost nothing at run time and need no stack. Successors always have a higher number.
using Entry = std::uint32_t;
inline constexpr Entry kHolds = 0xFFFF'FFFF;
inline constexpr Entry kFails = 0xFFFF'FFFE;

enum class Op : std::uint8_t {
  kIsSet,     // operand
  kOptionIn,  // operand (kOption) in masks[imm]
  kEqual,
  kLess,
  kLessEqual,
  kGreater,
  kGreaterEqual,  // operand against imm
  kTextEqual,
  kTextContains,
  kTextStarts,
  kTextEnds,      // operand against texts[imm] (already case-folded)
  kTextGlob,      // operand against texts[imm], in which `*` stands for any run of characters
  kTextMatches,   // operand against the RE2 pattern texts[imm], anywhere, without regard to letter case
  kSeen,          // tracker operand.index has an event within imm microseconds up to now; imm 0: ever
  kSeenSince,     // tracker operand.index has an event at or after the entered time sinces[imm]
  kSeenSinceRun,  // tracker operand.index has an event at or after the start of the run that asks; outside a run: fails
  kLately,        // operand (a date or moment) lies within the last imm microseconds up to now; a date as its midnight, today included
  kSoon,          // operand lies within the next imm microseconds from now; a date as its midnight, today included
  kInTeam,        // operand (kUser) is a member of teams[imm]
  kIsMe,          // operand (kUser) is who asks (views); nobody asks: fails
};
// Every test on an unset operand fails (two-valued logic, language.md); `is not` is kIsSet followed by the negated test.

struct Test {
  Op op = Op::kIsSet;
  Operand operand;
  std::int64_t imm = 0;
  Entry on_true = kHolds;
  Entry on_false = kFails;
};

// The reference point of `since SQL`: when the contact last became `option` of `slot`; of `since DATE PROPERTY`: its value.
struct Since {
  Operand operand;  // kEntered, or kProperty of type kDate or kTime
};

// One bit for each option number; word i holds options 64*i … 64*i+63. Where a mask is about a property of type kTruth
// (triggers only), bit 1 stands for yes and bit 0 for no.
using Mask = std::vector<std::uint64_t>;
inline bool MaskHas(const Mask& mask, std::int64_t option) {
  const auto word = static_cast<std::uint64_t>(option) / 64;
  return word < mask.size() && ((mask[word] >> (static_cast<std::uint64_t>(option) % 64)) & 1U) != 0;
}

}  // namespace stagecraft::ir

#endif  // STAGECRAFT_DSL_IR_TEST_GRAPH_H_
