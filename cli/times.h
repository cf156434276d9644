// Moments as they are written on the command line.
#ifndef STAGECRAFT_CLI_TIMES_H_
#define STAGECRAFT_CLI_TIMES_H_

#include <google/protobuf/timestamp.pb.h>

#include <string>

namespace stagecraft::cli {

// Reads `text`, the value of `option`: a date (its midnight) or a moment, in this machine's zone (TZ) unless it
// says another offset. False, with a message printed, when it is neither.
bool ReadTime(const std::string& option, const std::string& text, google::protobuf::Timestamp& out);

}  // namespace stagecraft::cli

#endif  // STAGECRAFT_CLI_TIMES_H_
