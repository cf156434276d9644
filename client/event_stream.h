// One StreamEvents call, for EventPublisher: what it does on gRPC's threads becomes flags that one thread looks at.
#ifndef STAGECRAFT_CLIENT_EVENT_STREAM_H_
#define STAGECRAFT_CLIENT_EVENT_STREAM_H_

#include <grpcpp/client_context.h>
#include <grpcpp/support/client_callback.h>
#include <stagecraft/v1/event_service.grpc.pb.h>

#include <condition_variable>
#include <memory>
#include <mutex>

namespace stagecraft::client {

// Everything but Start, Write, ReadOn, WritesDone, Release and Cancel is guarded by `mutex`; those are called without it (gRPC may react at
// once), by the owner's thread alone.
class EventStream final : public grpc::ClientBidiReactor<v1::StreamEventsRequest, v1::StreamEventsResponse> {
 public:
  // `mutex` and `changed` must outlive the stream; `changed` is notified with every reaction.
  EventStream(std::mutex& mutex, std::condition_variable& changed) : mutex_(mutex), changed_(changed) {}

  void Start(v1::EventService::Stub& stub);
  // Only when nothing is being written; the batch is kept until it is.
  void Write(std::shared_ptr<const v1::StreamEventsRequest> batch);
  // Only when HasAnswer was true.
  void ReadOn();
  void WritesDone();
  void Cancel() { context_.TryCancel(); }
  // The owner begins nothing on it any more: from then on the call may end. Only when HasEnded was true.
  void Release();

  bool IsWriting() const { return writing_; }
  bool HasAnswer() const { return answered_; }
  // Nothing comes any more; after Release, IsDone follows.
  bool HasEnded() const { return ended_; }
  bool IsReleased() const { return released_; }
  // gRPC is through with it: it may be destroyed.
  bool IsDone() const { return done_; }
  const v1::StreamEventsResponse& answer() const { return answer_; }  // while HasAnswer
  const grpc::Status& status() const { return status_; }              // when IsDone

  void OnReadDone(bool ok) override;
  void OnWriteDone(bool ok) override;
  void OnDone(const grpc::Status& status) override;

 private:
  grpc::ClientContext context_;
  std::mutex& mutex_;
  std::condition_variable& changed_;
  std::shared_ptr<const v1::StreamEventsRequest> batch_;
  v1::StreamEventsResponse answer_;
  grpc::Status status_;
  bool writing_ = false;
  bool answered_ = false;
  bool ended_ = false;
  bool released_ = false;
  bool done_ = false;
};

}  // namespace stagecraft::client

#endif  // STAGECRAFT_CLIENT_EVENT_STREAM_H_
