// Messages as the Connect protocol carries them: JSON or Protocol Buffers, by the descriptor of their type.
#ifndef STAGECRAFT_SERVER_HTTP_CODEC_H_
#define STAGECRAFT_SERVER_HTTP_CODEC_H_

#include <google/protobuf/descriptor.h>

#include <cstdint>
#include <string>
#include <string_view>

#include "runtime/model/status.h"

namespace stagecraft::server {

enum class Encoding : std::uint8_t { kJson, kProto };

// A message of `type`, serialized. INVALID_ARGUMENT (UNREADABLE_REQUEST) for JSON that is none, or has a field that the type has not;
// what is wrong with Protocol Buffers is found where they are read.
runtime::Result<std::string> ToBinary(const google::protobuf::Descriptor& type, Encoding encoding, std::string_view body);

// The reverse, for what this server has made.
std::string FromBinary(const google::protobuf::Descriptor& type, Encoding encoding, std::string bytes);

// A message of a type that this server knows, as JSON; empty: it does not know it.
std::string JsonOfAny(std::string_view type_name, std::string_view bytes);

}  // namespace stagecraft::server

#endif  // STAGECRAFT_SERVER_HTTP_CODEC_H_
