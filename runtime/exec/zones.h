// The rules of the world's time zones, which are part of the program: the same script and the same events give the same on any machine,
// whatever that knows of time zones.
#ifndef STAGECRAFT_RUNTIME_EXEC_ZONES_H_
#define STAGECRAFT_RUNTIME_EXEC_ZONES_H_

#include <absl/time/time.h>

#include <string>
#include <string_view>

namespace stagecraft::runtime {

// The zone with that IANA name; UTC when there is none.
absl::TimeZone ZoneNamed(const std::string& name);

// Of the IANA database that the zones are from: `2025b`.
std::string_view ZonesVersion();

}  // namespace stagecraft::runtime

#endif  // STAGECRAFT_RUNTIME_EXEC_ZONES_H_
