// What the fuzzer's bytes mean: by which door, to what, and what is sent.
#ifndef STAGECRAFT_TESTS_FUZZ_REQUEST_INPUT_H_
#define STAGECRAFT_TESTS_FUZZ_REQUEST_INPUT_H_

#include <google/protobuf/descriptor.h>

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace stagecraft::tests {

enum class Door : std::uint8_t { kGrpc, kConnect, kWebhook, kHttp };
inline constexpr int kDoors = 4;

struct RequestInput {
  Door door = Door::kGrpc;
  std::uint8_t method = 0;  // by its place in Methods(); kWebhook: even is hubspot, odd is generic
  std::uint8_t flags = 0;
  std::string payload;  // kGrpc: messages, in the frames of SplitFrames; kConnect, kWebhook: the body; kHttp: all that is sent

  static RequestInput Read(std::string_view bytes);
  std::string Write() const;

  const google::protobuf::MethodDescriptor& Method() const;
  bool IsGeneric() const { return (method & 1U) != 0; }

  // Of kConnect: how the messages are written.
  bool IsProto() const { return (flags & 1U) != 0; }
  // Of kConnect: the Content-Type is not the one that the method takes.
  bool IsMislabelled() const { return (flags & 0x0eU) == 0x0eU; }
  // Of kWebhook: whoever sends it has not the secret.
  bool IsForged() const { return (flags & 0x0fU) == 0x0fU; }
  // The engine's clock goes on by some hours first.
  bool MovesClock() const { return (flags & 0xf0U) == 0xf0U; }
};

// All methods, by name.
const std::vector<const google::protobuf::MethodDescriptor*>& Methods();
bool HasNoEnd(const google::protobuf::MethodDescriptor& method);

// Messages, each behind its length in two bytes; what is left at the end is one, too. There is always one.
std::vector<std::string> SplitFrames(std::string_view bytes);
std::string JoinFrames(const std::vector<std::string>& frames);

// A message of the Connect protocol's streams; flags 2: the end.
std::string Envelope(unsigned char flags, std::string_view message);

}  // namespace stagecraft::tests

#endif  // STAGECRAFT_TESTS_FUZZ_REQUEST_INPUT_H_
