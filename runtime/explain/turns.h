// When conditions that the journal says nothing of have turned.
#ifndef STAGECRAFT_RUNTIME_EXPLAIN_TURNS_H_
#define STAGECRAFT_RUNTIME_EXPLAIN_TURNS_H_

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "dsl/ir/program.h"
#include "runtime/model/contact.h"
#include "runtime/model/record.h"

namespace stagecraft::runtime {

// For each of a contact's records, newest first and down to its first one: by which effect what sets the rule off (kNodeRises, kNodeFalls)
// has turned in it for the last time, or kByEvent; nothing: not in that record, or the rule is set off otherwise. `programs`: of each
// record, null where it no longer compiles. `contact`: before its first record.
std::vector<std::optional<std::uint32_t>> FindTurns(std::span<const Record> records,
                                                    std::span<const std::shared_ptr<const ir::Program>> programs, std::uint32_t rule,
                                                    Contact contact);

}  // namespace stagecraft::runtime

#endif  // STAGECRAFT_RUNTIME_EXPLAIN_TURNS_H_
