#include "tests/fuzz/request_input.h"

#include <algorithm>
#include <cstddef>

#include "tests/api/any_call.h"

namespace stagecraft::tests {
namespace {

constexpr std::size_t kHead = 3;

std::size_t ByteAt(std::string_view bytes, std::size_t at) { return static_cast<unsigned char>(bytes[at]); }

}  // namespace

RequestInput RequestInput::Read(std::string_view bytes) {
  RequestInput input;
  if (bytes.size() < kHead) return input;
  input.door = static_cast<Door>(ByteAt(bytes, 0) % kDoors);
  input.method = static_cast<std::uint8_t>(bytes[1]);
  input.flags = static_cast<std::uint8_t>(bytes[2]);
  input.payload = bytes.substr(kHead);
  return input;
}

std::string RequestInput::Write() const {
  return std::string{static_cast<char>(door), static_cast<char>(method), static_cast<char>(flags)} + payload;
}

const google::protobuf::MethodDescriptor& RequestInput::Method() const { return *Methods()[method % Methods().size()]; }

const std::vector<const google::protobuf::MethodDescriptor*>& Methods() {
  static const auto* const kMethods = [] {
    auto* methods = new std::vector<const google::protobuf::MethodDescriptor*>();
    for (std::string path : MethodsInDescriptors()) {
      std::replace(path.begin(), path.end(), '/', '.');
      methods->push_back(google::protobuf::DescriptorPool::generated_pool()->FindMethodByName(path));
    }
    return methods;
  }();
  return *kMethods;
}

bool HasNoEnd(const google::protobuf::MethodDescriptor& method) { return method.name().rfind("Watch", 0) == 0; }

std::vector<std::string> SplitFrames(std::string_view bytes) {
  std::vector<std::string> frames;
  while (bytes.size() >= 2) {
    const std::size_t size = std::min(ByteAt(bytes, 0) << 8U | ByteAt(bytes, 1), bytes.size() - 2);
    frames.emplace_back(bytes.substr(2, size));
    bytes.remove_prefix(2 + size);
  }
  if (!bytes.empty() || frames.empty()) frames.emplace_back(bytes);
  return frames;
}

std::string JoinFrames(const std::vector<std::string>& frames) {
  std::string bytes;
  for (const std::string& frame : frames) {
    const std::size_t size = std::min<std::size_t>(frame.size(), 0xffff);
    bytes.push_back(static_cast<char>(size >> 8U));
    bytes.push_back(static_cast<char>(size & 0xffU));
    bytes.append(frame, 0, size);
  }
  return bytes;
}

std::string Envelope(unsigned char flags, std::string_view message) {
  std::string out(1, static_cast<char>(flags));
  for (unsigned shift = 32; shift > 0; shift -= 8) out.push_back(static_cast<char>((message.size() >> (shift - 8)) & 0xffU));
  return out.append(message);
}

}  // namespace stagecraft::tests
