#include "tests/api/call_recorder.h"

#define CATCH_CONFIG_EXTERNAL_INTERFACES  // the listeners of catch.hpp

#include <google/protobuf/descriptor.h>
#include <google/protobuf/message.h>
#include <grpcpp/grpcpp.h>
#include <grpcpp/support/client_interceptor.h>

#include <algorithm>
#include <array>
#include <catch2/catch.hpp>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <stdexcept>
#include <string_view>
#include <utility>
#include <vector>

#include "google/rpc/error_details.pb.h"
#include "google/rpc/status.pb.h"

namespace stagecraft::tests {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

// A test's calls end on any thread.
class Records {
 public:
  static Records& Instance() {
    static Records records;
    return records;
  }

  void Begin() {
    const std::lock_guard lock(mutex_);
    facts_.clear();
    identified_.clear();
    errors_.clear();
  }

  void Note(const std::string& method, const std::string& fact) {
    const std::lock_guard lock(mutex_);
    facts_.insert(method + "\t" + fact);
  }

  // `sent`: what of the requests bears an id of the caller's.
  void NoteAnswered(const std::string& method, const std::vector<std::string>& sent) {
    const std::lock_guard lock(mutex_);
    facts_.insert(method + "\tanswered");
    for (const std::string& each : sent) {
      if (!identified_.insert(method + "\t" + each).second) facts_.insert(method + "\trepeated");
    }
  }

  void NoteRefused(const std::string& method, const std::string& reason, const std::string& message) {
    const std::lock_guard lock(mutex_);
    facts_.insert(method + "\trefused " + reason);
    errors_[reason + "\t" + message] = method;
  }

  void NoteRead(const std::string& reason, const std::string& message) {
    const std::lock_guard lock(mutex_);
    const auto found = errors_.find(reason + "\t" + message);
    if (found != errors_.end()) facts_.insert(found->second + "\tshown " + reason);
  }

  std::set<std::string> facts() {
    const std::lock_guard lock(mutex_);
    return facts_;
  }

 private:
  std::mutex mutex_;
  std::set<std::string> facts_;
  std::set<std::string> identified_;
  std::map<std::string, std::string> errors_;  // by reason and message: the method that failed so last
};

// Collects the bytes of each message in `message` that has an id of the caller's.
void FindIdentified(const Message& message, std::vector<std::string>& out) {
  const auto* reflection = message.GetReflection();
  std::vector<const FieldDescriptor*> fields;
  reflection->ListFields(message, &fields);
  for (const FieldDescriptor* field : fields) {
    if (field->name() == "request_id" || field->name() == "event_id") out.push_back(message.SerializeAsString());
    if (field->cpp_type() != FieldDescriptor::CPPTYPE_MESSAGE) continue;
    if (!field->is_repeated()) {
      FindIdentified(reflection->GetMessage(message, field), out);
      continue;
    }
    for (int i = 0; i < reflection->FieldSize(message, field); ++i) FindIdentified(reflection->GetRepeatedMessage(message, field, i), out);
  }
}

std::string BytesOf(const grpc::ByteBuffer& buffer) {
  std::vector<grpc::Slice> slices;
  if (!buffer.Dump(&slices).ok()) return {};
  std::string bytes;
  for (const grpc::Slice& slice : slices) bytes.append(reinterpret_cast<const char*>(slice.begin()), slice.size());
  return bytes;
}

// One call. Methods of others (health, reflection) are passed over.
class Recorder : public grpc::experimental::Interceptor {
 public:
  explicit Recorder(std::string_view path) {
    constexpr std::string_view kOurs = "/stagecraft.v1.";
    if (path.substr(0, kOurs.size()) != kOurs) return;
    method_ = path.substr(kOurs.size());
    method_[method_.find('/')] = '.';
    const auto* found = google::protobuf::DescriptorPool::generated_pool()->FindMethodByName("stagecraft.v1." + method_);
    if (found == nullptr) {
      method_.clear();
      return;
    }
    request_ = google::protobuf::MessageFactory::generated_factory()->GetPrototype(found->input_type());
    Records::Instance().Note(method_, "called");
  }

  void Intercept(grpc::experimental::InterceptorBatchMethods* methods) override {
    using Point = grpc::experimental::InterceptionHookPoints;
    if (!method_.empty()) {
      if (methods->QueryInterceptionHookPoint(Point::PRE_SEND_MESSAGE)) Sends(*methods->GetSerializedSendMessage());
      // A stream without end is answered by its first message.
      if (methods->QueryInterceptionHookPoint(Point::POST_RECV_MESSAGE) && methods->GetRecvMessage() != nullptr)
        Records::Instance().Note(method_, "answered");
      if (methods->QueryInterceptionHookPoint(Point::POST_RECV_STATUS)) Ends(*methods->GetRecvStatus());
    }
    methods->Proceed();
  }

 private:
  void Sends(const grpc::ByteBuffer& bytes) {
    const std::unique_ptr<Message> message(request_->New());
    const std::lock_guard lock(mutex_);
    if (message->ParseFromString(BytesOf(bytes))) FindIdentified(*message, sent_);
  }

  void Ends(const grpc::Status& status) {
    const std::lock_guard lock(mutex_);
    if (status.ok()) {
      Records::Instance().NoteAnswered(method_, sent_);
      return;
    }
    google::rpc::Status details;
    google::rpc::ErrorInfo info;
    details.ParseFromString(status.error_details());
    for (const google::protobuf::Any& detail : details.details()) detail.UnpackTo(&info);
    // These gRPC gives itself: here, or for a message that is too large.
    constexpr std::array kOfGrpc = {grpc::CANCELLED, grpc::DEADLINE_EXCEEDED, grpc::RESOURCE_EXHAUSTED, grpc::UNAVAILABLE};
    if (info.reason().empty() && std::find(kOfGrpc.begin(), kOfGrpc.end(), status.error_code()) != kOfGrpc.end()) return;
    Records::Instance().NoteRefused(method_, info.reason(), details.message());
  }

  std::string method_;  // `ContactService.GetContact`; empty: none of ours
  const Message* request_ = nullptr;
  std::mutex mutex_;  // guards what follows: a stream is written and read by two threads
  std::vector<std::string> sent_;
};

class RecorderFactory : public grpc::experimental::ClientInterceptorFactoryInterface {
 public:
  grpc::experimental::Interceptor* CreateClientInterceptor(grpc::experimental::ClientRpcInfo* info) override {
    return new Recorder(info->method());  // gRPC owns it
  }
};

// A file for each test, so that tests may run beside each other in processes of their own.
class Listener : public Catch::TestEventListenerBase {
 public:
  using TestEventListenerBase::TestEventListenerBase;

  void testRunStarting(const Catch::TestRunInfo& run) override {
    TestEventListenerBase::testRunStarting(run);
    const char* folder = std::getenv(kRecordsFolder);
    if (folder == nullptr) return;
    folder_ = folder;
    std::filesystem::create_directories(folder_);
    grpc::experimental::RegisterGlobalClientInterceptorFactory(new RecorderFactory);  // gRPC wants it until the process ends
  }

  void testCaseStarting(const Catch::TestCaseInfo& test) override {
    TestEventListenerBase::testCaseStarting(test);
    Records::Instance().Begin();
  }

  void testCaseEnded(const Catch::TestCaseStats& stats) override {
    TestEventListenerBase::testCaseEnded(stats);
    if (folder_.empty()) return;
    const Catch::TestCaseInfo& test = stats.testInfo;
    const auto path = folder_ / (std::to_string(std::hash<std::string>()(test.name)) + ".tsv");
    std::ofstream out(path);
    out << test.name << '\t' << std::filesystem::path(test.lineInfo.file).filename().string() << '\t' << test.lineInfo.line << '\n';
    for (const std::string& fact : Records::Instance().facts()) out << fact << '\n';
    out.close();
    if (!out) throw std::runtime_error("cannot write `" + path.string() + "`");
  }

 private:
  std::filesystem::path folder_;
};

CATCH_REGISTER_LISTENER(Listener)

}  // namespace

void NoteReasonRead(const std::string& reason, const std::string& message) { Records::Instance().NoteRead(reason, message); }

}  // namespace stagecraft::tests
