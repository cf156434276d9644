#include "tests/api/any_call.h"

#include <google/protobuf/descriptor.h>
#include <grpcpp/generic/generic_stub.h>

#include <filesystem>
#include <stdexcept>

namespace stagecraft::tests {

std::set<std::string> MethodsInDescriptors() {
  std::set<std::string> methods;
  std::vector<std::string> names = {"google/longrunning/operations.proto"};
  for (const auto& entry : std::filesystem::directory_iterator(std::string(STAGECRAFT_PROTO_FOLDER) + "/stagecraft/v1"))
    names.push_back("stagecraft/v1/" + entry.path().filename().string());
  for (const std::string& name : names) {
    const auto* file = google::protobuf::DescriptorPool::generated_pool()->FindFileByName(name);
    if (file == nullptr) throw std::runtime_error("the program is not linked with " + name);
    for (int i = 0; i < file->service_count(); ++i) {
      for (int j = 0; j < file->service(i)->method_count(); ++j)
        methods.insert(file->service(i)->full_name() + "/" + file->service(i)->method(j)->name());
    }
  }
  return methods;
}

namespace {

grpc::ByteBuffer BufferOf(const std::string& bytes) {
  const grpc::Slice slice(bytes);
  return grpc::ByteBuffer(&slice, 1);
}

std::string BytesOf(const grpc::ByteBuffer& buffer) {
  grpc::Slice slice;
  if (!buffer.DumpToSingleSlice(&slice).ok()) throw std::runtime_error("gRPC gave a message that it cannot read itself");
  return {reinterpret_cast<const char*>(slice.begin()), slice.size()};
}

}  // namespace

CallOutcome AnyCall::Make(const std::shared_ptr<grpc::Channel>& channel, const std::string& path) const {
  grpc::GenericStub stub(channel);
  grpc::CompletionQueue queue;
  grpc::ClientContext context;
  context.set_deadline(std::chrono::system_clock::now() + deadline);
  for (const auto& [name, value] : metadata) context.AddMetadata(name, value);
  const auto stream = stub.PrepareCall(&context, "/" + path, &queue);
  void* tag = nullptr;
  bool ok = false;
  const auto step = [&](const auto& begin) {
    begin();
    if (!queue.Next(&tag, &ok)) throw std::runtime_error("gRPC ended a call's queue");
    return ok;
  };
  step([&] { stream->StartCall(nullptr); });
  if (is_given_up) context.TryCancel();
  bool is_taken = true;
  for (const std::string& each : before) is_taken = is_taken && step([&] { stream->Write(BufferOf(each), nullptr); });
  if (is_taken) step([&] { stream->WriteLast(BufferOf(request), grpc::WriteOptions(), nullptr); });
  CallOutcome outcome;
  const bool has_no_end = path.find("/Watch") != std::string::npos;
  grpc::ByteBuffer response;
  while (step([&] { stream->Read(&response, nullptr); })) {
    outcome.response = BytesOf(response);
    outcome.answers += outcome.response;
    response.Clear();
    if (has_no_end) context.TryCancel();
  }
  step([&] { stream->Finish(&outcome.status, nullptr); });
  const auto found = context.GetServerTrailingMetadata().find("x-request-id");
  if (found != context.GetServerTrailingMetadata().end()) outcome.request_id.assign(found->second.data(), found->second.size());
  return outcome;
}

}  // namespace stagecraft::tests
