#include <fmt/format.h>

#include "cli/verbs.h"
#include "runtime/exec/zones.h"

namespace stagecraft::cli {

int Version(const VersionOptions& options) {
  if (options.json) {
    fmt::print("{{\"version\": \"{}\", \"time_zones\": \"{}\"}}\n", STAGECRAFT_VERSION, runtime::ZonesVersion());
  } else {
    fmt::print("stagecraft {} (time zones {})\n", STAGECRAFT_VERSION, runtime::ZonesVersion());
  }
  return kDone;
}

}  // namespace stagecraft::cli
