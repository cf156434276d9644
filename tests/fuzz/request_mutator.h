// Changes requests by what their bytes mean, so that what is changed is a field and not where a field begins.
#ifndef STAGECRAFT_TESTS_FUZZ_REQUEST_MUTATOR_H_
#define STAGECRAFT_TESTS_FUZZ_REQUEST_MUTATOR_H_

#include <google/protobuf/message.h>

#include <cstddef>
#include <functional>
#include <string>

#include "tests/fuzz/request_input.h"
#include "tests/fuzz/words.h"

namespace stagecraft::tests {

class RequestMutator {
 public:
  // Changes bytes without knowing what they are; the second is how many there may be.
  using ByteMutator = std::function<std::string(std::string, std::size_t)>;

  RequestMutator(const Words& words, Chance& chance, ByteMutator change_bytes)
      : words_(words), chance_(chance), change_bytes_(std::move(change_bytes)) {}

  // A request to any door with any fields.
  RequestInput Make();
  // As Make, to that door and with that method.
  RequestInput Make(Door door, std::uint8_t method);
  // Something in it is another afterwards; at most `size_max` bytes of payload, as far as bytes are changed.
  void Change(RequestInput& input, std::size_t size_max);

 private:
  std::string MakePayload(const RequestInput& input);
  void ChangeCall(RequestInput& input);
  void ChangeConnect(RequestInput& input);
  bool ChangeJsonOf(const google::protobuf::Descriptor& type, std::string& body);
  void ChangeHubspot(std::string& body);

  std::string MakeMessage(const google::protobuf::Descriptor& type);
  std::string ConnectBody(const RequestInput& input, const std::string& message);
  std::string MakeHubspot();
  std::string MakeHttp();

  void Fill(google::protobuf::Message& message, int depth);
  void ChangeMessage(google::protobuf::Message& message, int depth);
  void SetField(google::protobuf::Message& message, const google::protobuf::FieldDescriptor& field, int depth);
  void SetPlain(google::protobuf::Message& message, const google::protobuf::FieldDescriptor& field);
  void SetText(google::protobuf::Message& message, const google::protobuf::FieldDescriptor& field);
  std::int64_t Number();
  double Real();

  const Words& words_;
  Chance& chance_;
  ByteMutator change_bytes_;
};

}  // namespace stagecraft::tests

#endif  // STAGECRAFT_TESTS_FUZZ_REQUEST_MUTATOR_H_
