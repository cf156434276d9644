// The types of the language's values and how each is stored. Every value but a text is one 64-bit integer, so that the
// machine compares integers only and every result is exact and the same on any computer.
#ifndef STAGECRAFT_DSL_SEMA_TYPE_H_
#define STAGECRAFT_DSL_SEMA_TYPE_H_

#include <cstdint>
#include <optional>
#include <string_view>

namespace stagecraft::sema {

enum class Type : std::uint8_t {
  kOption,  // number of the option in Layout::options of its property (stable for ever); below kOptionsMax
  kTruth,   // `yes or no`: 1 or 0
  kNumber,  // millionths: six decimal places, exact, within ±9.2e12
  kMoney,   // as kNumber, in the workspace's currency
  kText,    // UTF-8 in NFC; compared without regard to letter case
  kUser,    // as kText: the user's e-mail address or, where the source has no address, the name
  kDate,    // days since 1970-01-01
  kTime,    // microseconds since 1970-01-01T00:00:00Z
};

// What is known of every contact without a property (test_graph.h of dsl/ir says what each means).
enum class Fact : std::uint8_t { kId, kCreated, kLastContacted, kName };

// Options of one property; a membership test reads one bit of a mask of this many bits.
inline constexpr int kOptionsMax = 1024;

constexpr bool IsText(Type type) { return type == Type::kText || type == Type::kUser; }
constexpr bool IsNumber(Type type) { return type == Type::kNumber || type == Type::kMoney; }

// `number`, `yes or no`, `one of` …: the word for a type in a script.
std::string_view TypeName(Type type);
// With its article, for messages: "a number", "a text", "an option".
std::string_view TypeWithArticle(Type type);
// The type that `words` (single spaces, any letter case) stand for; `one of` and `stages` are kOption.
std::optional<Type> FindType(std::string_view words);
// A short letter-only name of the type, part of layout keys: never changed.
std::string_view TypeKey(Type type);

}  // namespace stagecraft::sema

#endif  // STAGECRAFT_DSL_SEMA_TYPE_H_
