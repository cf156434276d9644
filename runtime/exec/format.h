// Values as people read them.
#ifndef STAGECRAFT_RUNTIME_EXEC_FORMAT_H_
#define STAGECRAFT_RUNTIME_EXEC_FORMAT_H_

#include <cstdint>
#include <string>
#include <vector>

#include "runtime/exec/machine.h"

namespace stagecraft::runtime {

// Appends what `reading`, of type `type`, looks like; nothing when it is unset. `options`: for kOption, may be null.
void AppendReading(ir::Type type, const std::vector<ir::Option>* options, const Reading& reading, const absl::TimeZone& zone,
                   std::string& out);

// The same for other systems: an option's internal name, a moment with its offset (`2026-12-29T09:00:00+09:00`), a node's whole number.
void AppendForMachines(const ir::Operand& operand, const std::vector<ir::Option>* options, const Reading& reading,
                       const absl::TimeZone& zone, std::string& out);

// `1200.5`, from millionths.
void AppendNumber(std::int64_t millionths, std::string& out);

}  // namespace stagecraft::runtime

#endif  // STAGECRAFT_RUNTIME_EXEC_FORMAT_H_
