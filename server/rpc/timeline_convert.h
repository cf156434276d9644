// Records in people's words, to their message on the wire.
#ifndef STAGECRAFT_SERVER_RPC_TIMELINE_CONVERT_H_
#define STAGECRAFT_SERVER_RPC_TIMELINE_CONVERT_H_

#include "runtime/explain/explain.h"
#include "stagecraft/v1/timeline.pb.h"

namespace stagecraft::server {

namespace v1 = ::stagecraft::v1;

// Takes the texts out of `entry`.
void FillEntry(runtime::TimelineEntry& entry, v1::TimelineEntry& out);

}  // namespace stagecraft::server

#endif  // STAGECRAFT_SERVER_RPC_TIMELINE_CONVERT_H_
