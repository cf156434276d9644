// Symbols of a checked script to the stable numbers of a layout.
#ifndef STAGECRAFT_DSL_IR_NUMBERING_H_
#define STAGECRAFT_DSL_IR_NUMBERING_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "dsl/ir/layout.h"
#include "dsl/sema/vocabulary.h"

namespace stagecraft::ir {

struct Numbering {
  std::vector<std::uint32_t> slots;                                    // by property
  std::vector<std::vector<std::uint32_t>> options;                     // by property, by option
  std::vector<std::uint32_t> events;                                   // by event
  std::vector<std::vector<std::uint32_t>> fields;                      // by event, by field
  std::vector<std::vector<std::vector<std::uint32_t>>> field_options;  // by event, by field, by option
  std::vector<std::uint32_t> teams;                                    // by team
  std::vector<std::uint32_t> nodes;                                    // by derived; filled while nodes are made
};

// Numbers every symbol, growing `layout` where a name is new. All but `nodes` is filled.
Numbering NumberSymbols(const sema::Vocabulary& vocabulary, Layout& layout);

// "company employees:number": the key of a property or field.
std::string TypedKey(std::string_view name, sema::Type type);
// The name and the type behind a key; kText when the key has no known type.
std::pair<std::string, sema::Type> SplitTypedKey(std::string_view key);

}  // namespace stagecraft::ir

#endif  // STAGECRAFT_DSL_IR_NUMBERING_H_
