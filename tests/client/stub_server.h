// A server of EventService that does what a test wants, where the real one never would on demand: answers late, refuses, forgets.
#ifndef STAGECRAFT_TESTS_CLIENT_STUB_SERVER_H_
#define STAGECRAFT_TESTS_CLIENT_STUB_SERVER_H_

#include <google/rpc/status.pb.h>
#include <grpcpp/channel.h>
#include <grpcpp/server.h>
#include <stagecraft/v1/event_service.grpc.pb.h>

#include <chrono>
#include <functional>
#include <memory>

namespace stagecraft::tests {

class StubServer final : public v1::EventService::Service {
 public:
  StubServer();
  ~StubServer() override;
  StubServer(const StubServer&) = delete;
  StubServer& operator=(const StubServer&) = delete;

  std::shared_ptr<grpc::Channel> Connect() const;

  // What the calls do; to be set before the first of them.
  std::function<grpc::Status(grpc::ServerReaderWriter<v1::StreamEventsResponse, v1::StreamEventsRequest>&, const grpc::ServerContext&)>
      stream;
  std::function<grpc::Status(const v1::PublishEventRequest&)> publish;
  std::function<grpc::Status(grpc::ServerWriter<v1::WatchChangesResponse>&, const v1::WatchChangesRequest&)> watch;

  grpc::Status StreamEvents(grpc::ServerContext* context,
                            grpc::ServerReaderWriter<v1::StreamEventsResponse, v1::StreamEventsRequest>* calls) override;
  grpc::Status PublishEvent(grpc::ServerContext* context, const v1::PublishEventRequest* request,
                            v1::PublishEventResponse* response) override;
  grpc::Status WatchChanges(grpc::ServerContext* context, const v1::WatchChangesRequest* request,
                            grpc::ServerWriter<v1::WatchChangesResponse>* writer) override;

 private:
  int port_ = 0;
  std::unique_ptr<grpc::Server> server_;
};

// With the details that the real server gives.
grpc::Status Refusal(grpc::StatusCode code, const std::string& reason, std::chrono::milliseconds retry_after = {});

}  // namespace stagecraft::tests

#endif  // STAGECRAFT_TESTS_CLIENT_STUB_SERVER_H_
