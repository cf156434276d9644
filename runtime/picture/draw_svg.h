// Pictures by Graphviz. It runs as a process of its own: its library keeps global state and ends the process when it is at a loss, which
// must not happen to a server, and a picture that takes too long can be given up.
#ifndef STAGECRAFT_RUNTIME_PICTURE_DRAW_SVG_H_
#define STAGECRAFT_RUNTIME_PICTURE_DRAW_SVG_H_

#include <chrono>
#include <cstddef>
#include <string>
#include <string_view>

#include "runtime/model/status.h"

namespace stagecraft::runtime {

// What drawing may use: enough for a few hundred nodes; beyond that nobody can look at the picture.
struct DrawLimits {
  unsigned cpu_seconds = 20;
  std::size_t memory_bytes = std::size_t{2} << 30;
  std::chrono::milliseconds time{30'000};             // by the clock, for a program that waits instead of drawing
  std::size_t picture_bytes = std::size_t{16} << 20;  // of the picture
};

// `dot` (in the language of Graphviz) as an SVG document. Blocks for `limits.time` at most; whatever the program has started is gone then.
// `program` is found on the PATH.
// FAILED_PRECONDITION (NO_GRAPHVIZ) when it is not there; RESOURCE_EXHAUSTED (PICTURE_TOO_LARGE) when it used up its limits;
// INTERNAL (PICTURE_FAILED) when it gave no picture.
Result<std::string> DrawSvg(std::string_view dot, const DrawLimits& limits = {}, const std::string& program = "dot");

}  // namespace stagecraft::runtime

#endif  // STAGECRAFT_RUNTIME_PICTURE_DRAW_SVG_H_
