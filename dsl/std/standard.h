// What comes with the language, compiled in: the standard vocabulary (hubspot.stage) and the names of the time zones.
#ifndef STAGECRAFT_DSL_STD_STANDARD_H_
#define STAGECRAFT_DSL_STD_STANDARD_H_

#include <string>
#include <string_view>
#include <vector>

namespace stagecraft::standard {

// The text of hubspot.stage.
std::string_view Hubspot();
// The IANA names of time_zones.txt ("Europe/Berlin"), ascending. Whether a machine has their rules is for the runtime to find out.
const std::vector<std::string>& TimeZones();

}  // namespace stagecraft::standard

#endif  // STAGECRAFT_DSL_STD_STANDARD_H_
