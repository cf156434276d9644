#include "server/http/codec.h"

#include <google/protobuf/dynamic_message.h>
#include <google/protobuf/message.h>
#include <google/protobuf/util/json_util.h>

#include <algorithm>
#include <memory>
#include <string>
#include <utility>

#include "dsl/support/show.h"
#include "dsl/support/text.h"
#include "server/http/limits.h"

namespace stagecraft::server {
namespace {

namespace pb = google::protobuf;

// What a protobuf message of a JSON parser tells is for who wrote it, with a place in the text; some are long.
constexpr std::size_t kWhyBytesMax = 512;

std::unique_ptr<pb::Message> NewMessage(const pb::Descriptor& type) {
  return std::unique_ptr<pb::Message>(pb::MessageFactory::generated_factory()->GetPrototype(&type)->New());
}

std::string ToJson(const pb::Message& message) {
  std::string json;
  // Only for what cannot be put in JSON, such as a time of the year 10000.
  const auto status = pb::util::MessageToJsonString(message, &json);
  return status.ok() ? json : "{}";
}

}  // namespace

runtime::Result<std::string> ToBinary(const pb::Descriptor& type, Encoding encoding, std::string_view body) {
  if (encoding == Encoding::kProto) return std::string(body);
  if (body.empty()) return std::string();
  // The parser would quote the bytes in its message, and an error whose message is no text loses its details.
  if (const auto at = InvalidUtf8(body)) {
    return runtime::Fail(runtime::StatusCode::kInvalidArgument, "UNREADABLE_REQUEST",
                         "the request is not JSON in UTF-8: byte " + std::to_string(*at + 1) + " is no part of a character");
  }
  // What stands in texts counts, too: it takes as much room.
  const auto begins_value = [](char c) { return c == ',' || c == '{' || c == '['; };
  if (std::count_if(body.begin(), body.end(), begins_value) > http_limits::kJsonValuesMax) {
    return runtime::Fail(runtime::StatusCode::kInvalidArgument, runtime::reasons::kUnreadableRequest,
                         "the request has more than " + std::to_string(http_limits::kJsonValuesMax) + " values; send it in several");
  }
  const std::unique_ptr<pb::Message> message = NewMessage(type);
  const auto status = pb::util::JsonStringToMessage(pb::StringPiece(body.data(), body.size()), message.get());
  if (status.ok()) return message->SerializeAsString();
  return runtime::Fail(runtime::StatusCode::kInvalidArgument, "UNREADABLE_REQUEST",
                       "the request is not JSON of `" + type.full_name() +
                           "`: " + CutBytes(std::string(status.message().data(), status.message().size()), kWhyBytesMax));
}

std::string FromBinary(const pb::Descriptor& type, Encoding encoding, std::string bytes) {
  if (encoding == Encoding::kProto) return bytes;
  const std::unique_ptr<pb::Message> message = NewMessage(type);
  message->ParseFromString(bytes);
  return ToJson(*message);
}

std::string JsonOfAny(std::string_view type_name, std::string_view bytes) {
  const pb::Descriptor* type = pb::DescriptorPool::generated_pool()->FindMessageTypeByName(std::string(type_name));
  if (type == nullptr) return {};
  const std::unique_ptr<pb::Message> message = NewMessage(*type);
  if (!message->ParseFromArray(bytes.data(), static_cast<int>(bytes.size()))) return {};
  return ToJson(*message);
}

}  // namespace stagecraft::server
