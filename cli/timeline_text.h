#ifndef STAGECRAFT_CLI_TIMELINE_TEXT_H_
#define STAGECRAFT_CLI_TIMELINE_TEXT_H_

#include <stagecraft/v1/timeline.pb.h>

#include <string>
#include <string_view>

namespace stagecraft::cli {

// What happened and what came of it, a line each. `contact`: whom it happened to; empty: it is known.
std::string EntryText(const ::stagecraft::v1::TimelineEntry& entry, std::string_view contact, bool colour);

}  // namespace stagecraft::cli

#endif  // STAGECRAFT_CLI_TIMELINE_TEXT_H_
