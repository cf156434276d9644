#include "tests/client/stub_server.h"

#include <google/protobuf/util/time_util.h>
#include <google/rpc/error_details.pb.h>
#include <grpcpp/security/server_credentials.h>
#include <grpcpp/server_builder.h>
#include <grpcpp/support/error_details.h>

#include <catch2/catch.hpp>

#include "client/connect.h"

namespace stagecraft::tests {

StubServer::StubServer() {
  grpc::ServerBuilder builder;
  builder.AddListeningPort("127.0.0.1:0", grpc::InsecureServerCredentials(), &port_);
  builder.RegisterService(this);
  server_ = builder.BuildAndStart();
  REQUIRE(server_ != nullptr);
}

StubServer::~StubServer() { server_->Shutdown(std::chrono::system_clock::now()); }

std::shared_ptr<grpc::Channel> StubServer::Connect() const {
  client::ConnectOptions options;
  options.address = "127.0.0.1:" + std::to_string(port_);
  return client::Connect(options).value;
}

grpc::Status StubServer::StreamEvents(grpc::ServerContext* context,
                                      grpc::ServerReaderWriter<v1::StreamEventsResponse, v1::StreamEventsRequest>* calls) {
  return stream(*calls, *context);
}

grpc::Status StubServer::PublishEvent(grpc::ServerContext* /*context*/, const v1::PublishEventRequest* request,
                                      v1::PublishEventResponse* /*response*/) {
  return publish(*request);
}

grpc::Status StubServer::WatchChanges(grpc::ServerContext* /*context*/, const v1::WatchChangesRequest* request,
                                      grpc::ServerWriter<v1::WatchChangesResponse>* writer) {
  return watch(*writer, *request);
}

grpc::Status Refusal(grpc::StatusCode code, const std::string& reason, std::chrono::milliseconds retry_after) {
  google::rpc::Status details;
  details.set_code(code);
  details.set_message("refused: " + reason);
  google::rpc::ErrorInfo info;
  info.set_reason(reason);
  info.set_domain("stagecraft");
  details.add_details()->PackFrom(info);
  if (retry_after.count() > 0) {
    google::rpc::RetryInfo retry;
    *retry.mutable_retry_delay() = google::protobuf::util::TimeUtil::MillisecondsToDuration(retry_after.count());
    details.add_details()->PackFrom(retry);
  }
  grpc::Status status;
  grpc::SetErrorDetails(details, &status);
  return status;
}

}  // namespace stagecraft::tests
