// What every method keeps to, whatever it does.
#include <google/protobuf/descriptor.h>

#include <catch2/catch.hpp>
#include <chrono>
#include <string>

#include "server/auth/permissions.h"
#include "stagecraft/v1/admin_service.grpc.pb.h"
#include "tests/api/any_call.h"
#include "tests/api/api_fixture.h"
#include "tests/api/error_fault.h"

namespace stagecraft::tests {
namespace {

bool TakesStream(std::string path) {
  path[path.find('/')] = '.';
  return google::protobuf::DescriptorPool::generated_pool()->FindMethodByName(path)->client_streaming();
}

}  // namespace

TEST_CASE_METHOD(ApiFixture, "every method: bytes that are no request are refused, and blamed") {
  AnyCall call;
  call.request = "\xff\xff\xff";
  for (const std::string& path : MethodsInDescriptors()) {
    if (TakesStream(path)) continue;  // gRPC takes them for the stream's end
    INFO(path);
    const grpc::Status status = call.Make(channel(), path).status;
    CHECK(status.error_code() == grpc::StatusCode::INVALID_ARGUMENT);
    CHECK(ReasonOf(status) == "UNREADABLE_REQUEST");
    CHECK(FaultOf(status) == "");
  }
}

TEST_CASE_METHOD(ApiFixture,
                 "every method: an empty request is answered, or refused with a reason of the table and a code of that reason") {
  Deploy();
  for (const std::string& path : MethodsInDescriptors()) {
    INFO(path);
    const grpc::Status status = AnyCall().Make(channel(), path).status;
    if (path.find("/Watch") != std::string::npos) {
      CHECK(status.error_code() == grpc::StatusCode::CANCELLED);  // by us, after the first answer
    } else if (!status.ok()) {
      CHECK(FaultOf(status) == "");
    }
  }
}

TEST_CASE_METHOD(ApiFixture, "every method: the answer names the request, as its caller does") {
  AnyCall named;
  named.metadata = {{"x-request-id", "mine-1"}};
  for (const std::string& path : MethodsInDescriptors()) {
    if (path.find("/Watch") != std::string::npos) continue;  // given up by us: there is no end of it to hear
    INFO(path);
    CHECK(named.Make(channel(), path).request_id == "mine-1");
    CHECK(AnyCall().Make(channel(), path).request_id.size() == 32);
  }
}

TEST_CASE_METHOD(ApiFixture, "every method: a call without time, and one that is given up, end at once, and harm nobody") {
  Deploy();
  AnyCall hasty;
  hasty.deadline = std::chrono::milliseconds(1);
  AnyCall left;
  left.is_given_up = true;
  for (const std::string& path : MethodsInDescriptors()) {
    INFO(path);
    const grpc::Status late = hasty.Make(channel(), path).status;
    CHECK((late.ok() || late.error_code() == grpc::StatusCode::DEADLINE_EXCEEDED || late.error_code() == grpc::StatusCode::CANCELLED ||
           late.error_code() == AnyCall().Make(channel(), path).status.error_code()));
    CHECK(left.Make(channel(), path).status.error_code() == grpc::StatusCode::CANCELLED);
  }
  CHECK(Publish(MakeEvent("e1", "ana", "page viewed")).ok());
  server().Drain(std::chrono::seconds(5));  // nothing that was given up is left
}

TEST_CASE_METHOD(ApiFixture, "every method: under maintenance those that change something are refused, and no others") {
  Deploy();
  v1::SetMaintenanceRequest request;
  v1::SetMaintenanceResponse response;
  request.set_enabled(true);
  REQUIRE(v1::AdminService::NewStub(channel())->SetMaintenance(Call(), request, &response).ok());
  for (const server::Permission& permission : server::Permissions()) {
    if (permission.method == "SetMaintenance") continue;
    const std::string path = permission.path();
    INFO(path);
    const grpc::Status status = AnyCall().Make(channel(), path).status;
    const bool is_refused = !status.ok() && !status.error_details().empty() && ReasonOf(status) == "UNDER_MAINTENANCE";
    CHECK(is_refused == permission.is_change());
    if (is_refused) CHECK(SaysWhenToRetry(status));
  }
}

}  // namespace stagecraft::tests
