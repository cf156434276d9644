#include "runtime/verify/report.h"

#include <array>
#include <utility>

namespace stagecraft::runtime {

const char* NameOf(Invariant invariant) {
  constexpr std::array kNames = {"revisions", "journal", "chain", "derived",   "checkpoint", "state",
                                 "event_ids", "timers",  "runs",  "companies", "access"};
  return kNames[static_cast<std::size_t>(invariant)];
}

void Report::Add(Invariant invariant, std::string what) {
  ++count_;
  if (findings_.size() < kToldMax) findings_.push_back({invariant, std::move(what)});
}

}  // namespace stagecraft::runtime
