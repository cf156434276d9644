// W3C Trace Context: which trace a call belongs to.
#ifndef STAGECRAFT_SERVER_RPC_TRACE_CONTEXT_H_
#define STAGECRAFT_SERVER_RPC_TRACE_CONTEXT_H_

#include <algorithm>
#include <string_view>

namespace stagecraft::server {

inline constexpr const char* kTraceParent = "traceparent";
inline constexpr std::size_t kTraceParentSize = 55;

// The trace's id (32 hexadecimal digits) in a `traceparent` (00-TRACE-PARENT-FLAGS); empty when it is none, as the standard has it.
inline std::string_view TraceIdOf(std::string_view traceparent) {
  constexpr std::size_t kTraceBegin = 3;
  constexpr std::size_t kTraceSize = 32;
  constexpr std::size_t kParentBegin = 36;
  constexpr std::size_t kParentSize = 16;
  const auto is_hex = [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); };
  if (traceparent.size() < kTraceParentSize || traceparent.substr(0, 2) == "ff") return {};
  // Later versions may have more behind the flags.
  if (traceparent.size() > kTraceParentSize && (traceparent.substr(0, 2) == "00" || traceparent[kTraceParentSize] != '-')) return {};
  for (std::size_t i = 0; i < kTraceParentSize; ++i) {
    const bool is_dash = i == kTraceBegin - 1 || i == kParentBegin - 1 || i == kParentBegin + kParentSize;
    if (is_dash ? traceparent[i] != '-' : !is_hex(traceparent[i])) return {};
  }
  const std::string_view trace = traceparent.substr(kTraceBegin, kTraceSize);
  const std::string_view parent = traceparent.substr(kParentBegin, kParentSize);
  const auto is_zero = [](std::string_view text) { return std::all_of(text.begin(), text.end(), [](char c) { return c == '0'; }); };
  return is_zero(trace) || is_zero(parent) ? std::string_view() : trace;
}

}  // namespace stagecraft::server

#endif  // STAGECRAFT_SERVER_RPC_TRACE_CONTEXT_H_
