#include "tests/api/any_call.h"

#include <google/protobuf/descriptor.h>
#include <grpcpp/generic/generic_stub.h>

#include <catch2/catch.hpp>
#include <filesystem>

namespace stagecraft::tests {

std::set<std::string> MethodsInDescriptors() {
  std::set<std::string> methods;
  std::vector<std::string> names = {"google/longrunning/operations.proto"};
  for (const auto& entry : std::filesystem::directory_iterator(std::string(STAGECRAFT_PROTO_FOLDER) + "/stagecraft/v1"))
    names.push_back("stagecraft/v1/" + entry.path().filename().string());
  for (const std::string& name : names) {
    const auto* file = google::protobuf::DescriptorPool::generated_pool()->FindFileByName(name);
    INFO(name);
    REQUIRE(file != nullptr);
    for (int i = 0; i < file->service_count(); ++i) {
      for (int j = 0; j < file->service(i)->method_count(); ++j)
        methods.insert(file->service(i)->full_name() + "/" + file->service(i)->method(j)->name());
    }
  }
  return methods;
}

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
    REQUIRE(queue.Next(&tag, &ok));
    return ok;
  };
  step([&] { stream->StartCall(nullptr); });
  if (is_given_up) context.TryCancel();
  const grpc::Slice bytes(request);
  const grpc::ByteBuffer message(&bytes, 1);
  grpc::ByteBuffer response;
  step([&] { stream->WriteLast(message, grpc::WriteOptions(), nullptr); });
  const bool has_no_end = path.find("/Watch") != std::string::npos;
  CallOutcome outcome;
  while (step([&] { stream->Read(&response, nullptr); })) {
    std::vector<grpc::Slice> slices;
    REQUIRE(response.Dump(&slices).ok());
    for (const grpc::Slice& slice : slices) outcome.answers.append(reinterpret_cast<const char*>(slice.begin()), slice.size());
    response.Clear();
    if (has_no_end) context.TryCancel();
  }
  step([&] { stream->Finish(&outcome.status, nullptr); });
  const auto found = context.GetServerTrailingMetadata().find("x-request-id");
  if (found != context.GetServerTrailingMetadata().end()) outcome.request_id.assign(found->second.data(), found->second.size());
  return outcome;
}

}  // namespace stagecraft::tests
