// The types of values and how they are stored. Every value but a text is one 64-bit integer, so that the
// machine compares integers only and every result is exact and the same on any computer.
#ifndef STAGECRAFT_DSL_IR_VALUE_H_
#define STAGECRAFT_DSL_IR_VALUE_H_

#include <cstdint>

namespace stagecraft::ir {

enum class Type : std::uint8_t {
  kOption,  // index of the option in Layout::options of its property (stable for ever); below kOptionsMax
  kTruth,   // `yes or no`: 1 or 0
  kNumber,  // millionths: six decimal places, exact, within ±9.2e12
  kMoney,   // as kNumber, in the workspace's currency
  kText,    // UTF-8 in NFC; compared without regard to letter case
  kUser,    // as kText: the user's e-mail address or, where the source has no address, the name
  kDate,    // days since 1970-01-01
  kTime,    // microseconds since 1970-01-01T00:00:00Z
};

inline constexpr std::int64_t kNumberScale = 1'000'000;
inline constexpr std::int64_t kMicrosPerSecond = 1'000'000;
inline constexpr std::int64_t kMicrosPerDay = 86'400 * kMicrosPerSecond;

// Options of one property; a membership test reads one bit of a mask of this many bits.
inline constexpr int kOptionsMax = 1024;

constexpr bool IsText(Type type) { return type == Type::kText || type == Type::kUser; }

}  // namespace stagecraft::ir

#endif  // STAGECRAFT_DSL_IR_VALUE_H_
