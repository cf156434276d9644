// Values as callers give them, read as the type that is wanted.
#ifndef STAGECRAFT_RUNTIME_EXEC_READ_VALUE_H_
#define STAGECRAFT_RUNTIME_EXEC_READ_VALUE_H_

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "dsl/ir/program.h"
#include "runtime/model/effect.h"
#include "runtime/model/event.h"

namespace stagecraft::runtime {

// What a value is wanted for. `name` is for messages.
struct Wanted {
  std::string_view name;
  ir::Type type = ir::Type::kText;
  const std::vector<ir::Option>* options = nullptr;  // kOption
  const ir::Calendar* calendar = nullptr;
};

// Longer texts are notes or attachments, which do not belong into a contact's state.
inline constexpr std::size_t kTextBytesMax = 65'536;

// Reads `input`; std::monostate and an empty text are an unset value. False when it cannot be read as what is wanted:
// `problem` says why and how to mend it, and `out` is not meaningful.
bool ReadValue(const Wanted& wanted, const InputValue& input, Value& out, std::string& problem);

// `1200.5`, `1 200.50`, `1,200.50`, `-3`: in millionths, rounded to the nearest. Nothing when `text` is no number or beyond ±9.2e12.
std::optional<std::int64_t> ReadNumber(std::string_view text);

}  // namespace stagecraft::runtime

#endif  // STAGECRAFT_RUNTIME_EXEC_READ_VALUE_H_
