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

// `1200.5`, from millionths.
void AppendNumber(std::int64_t millionths, std::string& out);

}  // namespace stagecraft::runtime

#endif  // STAGECRAFT_RUNTIME_EXEC_FORMAT_H_
