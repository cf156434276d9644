// What goes out for a dispatch.
#ifndef STAGECRAFT_RUNTIME_OUTBOX_MESSAGE_H_
#define STAGECRAFT_RUNTIME_OUTBOX_MESSAGE_H_

#include <string>
#include <string_view>

#include "runtime/engine/view.h"
#include "runtime/outbox/channel.h"

namespace stagecraft::runtime {

// Where a dispatch goes, of which attempts fail and succeed together: `email`, `chat`, `webhook NAME`.
std::string DestinationOf(const View& view, const Dispatch& dispatch);

// What a receiver tells repetitions by: the same for every attempt, and of no other dispatch of any installation.
std::string KeyOf(const View& view, const Dispatch& dispatch);

// The message of a dispatch of `view`, the same to the byte for every attempt.
Outgoing MessageOf(const View& view, const Dispatch& dispatch);

}  // namespace stagecraft::runtime

#endif  // STAGECRAFT_RUNTIME_OUTBOX_MESSAGE_H_
