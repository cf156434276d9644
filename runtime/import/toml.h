// TOML that somebody wrote, read so that no file can do harm.
#ifndef STAGECRAFT_RUNTIME_IMPORT_TOML_H_
#define STAGECRAFT_RUNTIME_IMPORT_TOML_H_

#include <toml++/toml.h>

#include <cstddef>
#include <string_view>

#include "runtime/model/status.h"

namespace stagecraft::runtime {

// More than a file of this kind ever has.
inline constexpr std::size_t kTomlBytesMax = 256U << 10;

// `name` is what messages call the text. INVALID_ARGUMENT (reason INVALID_CONFIG), with line and column, for what is not TOML, is larger
// than kTomlBytesMax or has more than a hundred dots in a line.
Result<toml::table> ParseToml(std::string_view name, std::string_view text);

// What is wrong at a place of the text: INVALID_ARGUMENT (reason INVALID_CONFIG), "name:line:column: message".
Status WrongToml(std::string_view name, const toml::source_region& at, std::string_view message);

}  // namespace stagecraft::runtime

#endif  // STAGECRAFT_RUNTIME_IMPORT_TOML_H_
