#include "runtime/outbox/dry_channel.h"

#include <fmt/format.h>

#include "dsl/support/show.h"

namespace stagecraft::runtime {
namespace {

std::string Described(const Outgoing& message) {
  switch (message.medium) {
    case Medium::kEmail:
      return fmt::format("e-mail to {}: {}", message.recipient, message.subject);
    case Medium::kWebhook:
      return fmt::format("webhook `{}`: {}", message.name, message.text);
    case Medium::kChat:
      return fmt::format("chat: {}", message.text);
  }
  return {};
}

}  // namespace

SendResult DryChannel::Send(const Outgoing& message) {
  log_(OneLine(fmt::format("not sent, since this is a dry run: {} ({})", Described(message), message.key)));
  return {SendEnd::kSentDry, {}, {}};
}

}  // namespace stagecraft::runtime
