// The real way out: SMTP and HTTP by libcurl, which only this folder sees.
#ifndef STAGECRAFT_RUNTIME_OUTBOX_CURL_CURL_CHANNEL_H_
#define STAGECRAFT_RUNTIME_OUTBOX_CURL_CURL_CHANNEL_H_

#include <memory>

#include "runtime/engine/world.h"
#include "runtime/outbox/channel.h"
#include "runtime/outbox/config.h"

namespace stagecraft::runtime {

// `clock` must outlive the channel.
std::unique_ptr<Channel> NewCurlChannel(DeliveriesConfig config, const Clock& clock);

}  // namespace stagecraft::runtime

#endif  // STAGECRAFT_RUNTIME_OUTBOX_CURL_CURL_CHANNEL_H_
