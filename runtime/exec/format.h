// Values as people read them.
#ifndef STAGECRAFT_RUNTIME_EXEC_FORMAT_H_
#define STAGECRAFT_RUNTIME_EXEC_FORMAT_H_

#include <cstdint>
#include <string>

#include "runtime/exec/machine.h"

namespace stagecraft::runtime {

// Appends what `reading`, which `operand` gave, looks like; nothing when it is unset.
void AppendReading(const Scene& scene, const ir::Operand& operand, const Reading& reading, std::string& out);

// The same for other systems: an option's internal name, a moment with its offset (`2026-12-29T09:00:00+09:00`).
void AppendForMachines(const Scene& scene, const ir::Operand& operand, const Reading& reading, std::string& out);

// `1200.5`, from millionths.
void AppendNumber(std::int64_t millionths, std::string& out);

}  // namespace stagecraft::runtime

#endif  // STAGECRAFT_RUNTIME_EXEC_FORMAT_H_
