#include <fmt/format.h>

#include "cli/verbs.h"

namespace stagecraft::cli {

int Version(const VersionOptions& options) {
  if (options.json) {
    fmt::print("{{\"version\": \"{}\"}}\n", STAGECRAFT_VERSION);
  } else {
    fmt::print("stagecraft {}\n", STAGECRAFT_VERSION);
  }
  return kDone;
}

}  // namespace stagecraft::cli
