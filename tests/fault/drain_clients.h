// Clients of every kind that a server which is told to stop may have.
#ifndef STAGECRAFT_TESTS_FAULT_DRAIN_CLIENTS_H_
#define STAGECRAFT_TESTS_FAULT_DRAIN_CLIENTS_H_

#include <grpcpp/channel.h>
#include <grpcpp/client_context.h>
#include <grpcpp/support/status.h>

#include <functional>
#include <map>
#include <memory>
#include <string>

#include "stagecraft/v1/contact_service.grpc.pb.h"
#include "stagecraft/v1/event_service.grpc.pb.h"
#include "tests/fault/fault_list.h"

namespace stagecraft::tests {

namespace v1 = ::stagecraft::v1;

// What is wrong with how the call ended, when a stopping server has ended or refused it: UNAVAILABLE, with the reason and when to come
// again. Empty: nothing.
std::string FaultOfStop(const grpc::Status& status);
// The same, for callers who may meet nobody any more: UNAVAILABLE without a reason is right, too.
std::string FaultOfTooLate(const grpc::Status& status);
using FaultOfEnd = std::string (*)(const grpc::Status&);

// What became of one attempt to send something.
struct Attempt {
  bool is_acknowledged = false;
  std::string fault;  // what must not be; empty: nothing
};
using SendOne = std::function<Attempt(const v1::Event&)>;

// By gRPC, a call each.
SendOne SendByGrpc(const std::shared_ptr<grpc::Channel>& channel, FaultOfEnd fault_of_end);
// By the Connect protocol with JSON, a connection each. Not to be answered is no fault: the port is closed.
SendOne SendByConnect(int port);

// Sends events of one contact, one after the other, and knows which were acknowledged.
class OneByOne {
 public:
  explicit OneByOne(std::string contact) : contact_(std::move(contact)) {}

  // Until one is not acknowledged. `then` is done at the `acknowledgements`th.
  void SendUntilRefused(const SendOne& send, int acknowledgements, const std::function<void()>& then, FaultList& faults);
  // Sends all once more: what was acknowledged must be there. Afterwards all are.
  void SendAgain(const std::shared_ptr<grpc::Channel>& channel, FaultList& faults);

  const std::string& contact() const { return contact_; }
  int sent() const { return sent_; }

 private:
  v1::Event EventAt(int number) const;

  const std::string contact_;
  int sent_ = 0;
  int acknowledged_ = 0;
};

// Keeps count of what WatchChanges tells, over as many streams as it takes.
class Watcher {
 public:
  // Until the stream ends, or `last_event` was told. `begun`: done when the first answer is there, from which on nothing is missed.
  grpc::Status Watch(const std::shared_ptr<grpc::Channel>& channel, const std::function<void()>& begun, const std::string& last_event = "");

  // How often an event of this contact was told.
  int CountOf(const std::string& contact) const;
  // Events that were told more than once.
  int told_twice() const { return told_twice_; }

 private:
  std::string cursor_;
  std::map<std::string, int> contacts_;
  std::map<std::string, int> events_;
  int told_twice_ = 0;
};

// An import of a file that has no end.
class LongImport {
 public:
  // Until the server wants no more. `then` is done when so many pieces are on their way.
  grpc::Status SendUntilEnded(const std::shared_ptr<grpc::Channel>& channel, int pieces, const std::function<void()>& then);
  // What was sent, as a file with an end.
  grpc::Status SendAgain(const std::shared_ptr<grpc::Channel>& channel, v1::ImportContactsResponse& response) const;

  int rows() const;

 private:
  int pieces_ = 0;
};

// Sends batches, and reads nothing before it is asked to: more than a connection takes that nobody reads from stays with the server.
class SilentClient {
 public:
  // Returns when the server has taken a batch, whose answer it cannot get rid of.
  SilentClient(std::string contact, const std::string& address, const std::shared_ptr<grpc::Channel>& other);
  ~SilentClient();
  SilentClient(const SilentClient&) = delete;
  SilentClient& operator=(const SilentClient&) = delete;

  // Reads to the end; how it ended. Answers that came are right, or it is a fault.
  grpc::Status ReadAll(FaultList& faults);
  // Of its contact.
  static int events();

 private:
  const std::string contact_;
  grpc::ClientContext context_;
  std::unique_ptr<v1::EventService::Stub> stub_;
  std::unique_ptr<grpc::ClientReaderWriter<v1::StreamEventsRequest, v1::StreamEventsResponse>> stream_;
};

}  // namespace stagecraft::tests

#endif  // STAGECRAFT_TESTS_FAULT_DRAIN_CLIENTS_H_
