// What describe.cc is made of.
#ifndef STAGECRAFT_RUNTIME_EXPLAIN_DESCRIBE_PARTS_H_
#define STAGECRAFT_RUNTIME_EXPLAIN_DESCRIBE_PARTS_H_

#include <string>
#include <string_view>

#include "dsl/ir/program.h"
#include "runtime/model/record.h"

namespace stagecraft::runtime {

std::string Quoted(std::string_view text);
// In the workspace's zone.
std::string TimeText(const ir::Program& program, Micros at);
// `status: New -> Open`, or what that is when one of them is empty.
std::string ChangeText(const std::string& name, const std::string& before, const std::string& after);

// ---- describe_runs.cc ----
// `sequence "Chase"`, `SLA "within 1 business day of SQL …"`, `rule "Hand-off"`.
std::string RunName(const ir::Program& program, std::uint32_t number);
// A rule that waited for its beginning only and has begun needs no word of its end.
bool IsSilentEnd(const ir::Program& program, const Effect& effect);
// Of an effect on a run: that it waits, goes on, ends, is tried again.
std::string RunText(const ir::Program& program, const Effect& effect);

// ---- describe_items.cc ----
// Of an effect on a task, a notification, a delivery or a deal.
std::string ItemText(const ir::Program& program, const Record& record, const Effect& effect);

}  // namespace stagecraft::runtime

#endif  // STAGECRAFT_RUNTIME_EXPLAIN_DESCRIBE_PARTS_H_
