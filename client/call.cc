#include "client/call.h"

#include <google/protobuf/descriptor.h>
#include <stagecraft/v1/event_service.pb.h>

#include <algorithm>
#include <array>
#include <string_view>
#include <thread>

#include "client/backoff.h"
#include "client/id.h"

namespace stagecraft::client {
namespace {

namespace v1 = ::stagecraft::v1;

// How the names of the methods begin that change nothing.
constexpr std::array<std::string_view, 10> kReads = {"BatchGet", "Get",    "List", "Check",   "Diff",
                                                     "Explain",  "Format", "Test", "RunView", "WaitOperation"};

bool OnlyReads(const std::string& request_name) {
  return std::any_of(kReads.begin(), kReads.end(),
                     [&](std::string_view read) { return std::string_view(request_name).substr(0, read.size()) == read; });
}

void GiveId(v1::Event& event) {
  if (event.event_id().empty()) event.set_event_id(NewId());
}

}  // namespace

bool MakeRepeatable(google::protobuf::Message& request) {
  if (auto* one = dynamic_cast<v1::PublishEventRequest*>(&request)) {
    GiveId(*one->mutable_event());
    return true;
  }
  if (auto* several = dynamic_cast<v1::PublishEventsRequest*>(&request)) {
    for (v1::Event& event : *several->mutable_events()) GiveId(event);
    return true;
  }
  const google::protobuf::Descriptor& type = *request.GetDescriptor();
  const google::protobuf::FieldDescriptor* id = type.FindFieldByName("request_id");
  if (id == nullptr || id->cpp_type() != google::protobuf::FieldDescriptor::CPPTYPE_STRING) return OnlyReads(type.name());
  if (request.GetReflection()->GetString(request, id).empty()) request.GetReflection()->SetString(&request, id, NewId());
  return true;
}

Status CallWithRetries(const std::function<grpc::Status(grpc::ClientContext&)>& call, bool repeatable, const CallOptions& options) {
  const auto until = std::chrono::system_clock::now() + options.timeout;
  Backoff backoff;
  for (;;) {
    grpc::ClientContext context;
    context.set_deadline(until);
    Status status = ToStatus(call(context));
    if (status.ok() || !repeatable || !IsTransient(status)) return status;
    const auto wait = backoff.Next(status.retry_after);
    // The error says more than that the time was up.
    if (std::chrono::system_clock::now() + wait >= until) return status;
    std::this_thread::sleep_for(wait);
  }
}

}  // namespace stagecraft::client
