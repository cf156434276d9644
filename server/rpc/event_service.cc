#include "server/rpc/event_service.h"

#include "server/rpc/admission.h"
#include "server/rpc/blocking_call.h"
#include "server/rpc/event_batch.h"
#include "server/rpc/limits.h"
#include "server/rpc/status_map.h"
#include "server/rpc/stream_events.h"

namespace stagecraft::server {
namespace {

// A unary call that is answered from the engine's commit. Deletes itself when gRPC is done with it.
class PublishCall : public grpc::ServerUnaryReactor, public runtime::Submission {
 public:
  std::span<const runtime::EventInput> Events() const final { return batch_.inputs(); }

  void Done(std::span<const runtime::EventResult> results, const runtime::Status& failure) final {
    Finish(failure.ok() ? ToGrpcStatus(Answer(results)) : ToGrpcStatus(failure));
  }

  void OnDone() final { delete this; }

 protected:
  // Fills the response. What it returns is the status of the call.
  virtual runtime::Status Answer(std::span<const runtime::EventResult> results) = 0;

  EventBatch& batch() { return batch_; }
  const Caller& caller() const { return *admitted_->caller; }
  std::string_view trace() const { return admitted_->trace; }

  // Whether the call may go on: otherwise it is finished.
  bool Begin(const ServiceContext& context, grpc::CallbackServerContext& call, const char* method) {
    if (call.IsCancelled()) {
      Finish(NobodyWaits(call));
      return false;
    }
    if (context.draining.load(std::memory_order_relaxed)) {
      Finish(ToGrpcStatus(Stopping()));
      return false;
    }
    admitted_ = Admit(context, call, method);
    if (!admitted_) Finish(ToGrpcStatus(admitted_.error()));
    return admitted_.has_value();
  }

  void Start(const ServiceContext& context) {
    if (batch_.inputs().empty()) {
      Done({}, {});
      return;
    }
    if (caller().scope.empty()) {
      Submit(context);
      return;
    }
    // What is in the scope is asked of the engine, which is not waited for here.
    const bool taken = context.workers.Submit([this, context] {
      const runtime::Status status = batch_.KeepInScope(context.engine, caller());
      if (!status.ok()) {
        Finish(ToGrpcStatus(status));
      } else if (batch_.inputs().empty()) {
        Done({}, {});
      } else {
        Submit(context);
      }
    });
    if (!taken) Finish(TooManyCalls());
  }

 private:
  void Submit(const ServiceContext& context) {
    // Once the engine has it, this may be gone before Submit returns.
    const runtime::Status status = context.engine.Submit(*this);
    if (!status.ok()) Finish(ToGrpcStatus(status));
  }

  EventBatch batch_;
  runtime::Result<AdmittedCall> admitted_;  // whose actors and trace the batch's events view
};

class PublishEventCall final : public PublishCall {
 public:
  PublishEventCall(const ServiceContext& context, grpc::CallbackServerContext& call, const v1::PublishEventRequest& request,
                   v1::PublishEventResponse& response)
      : response_(response) {
    if (!Begin(context, call, "PublishEvent")) return;
    batch().LoadOne(request.event(), context.ids, caller(), trace());
    Start(context);
  }

 private:
  runtime::Status Answer(std::span<const runtime::EventResult> results) override {
    runtime::Status status;
    batch().ForEachResult(results, [&](std::uint32_t place, const runtime::EventResult& result) {
      status = result.status;
      if (status.ok()) FillEventResult(place, result, *response_.mutable_result());
    });
    return status;
  }

  v1::PublishEventResponse& response_;
};

class PublishEventsCall final : public PublishCall {
 public:
  PublishEventsCall(const ServiceContext& context, grpc::CallbackServerContext& call, const v1::PublishEventsRequest& request,
                    v1::PublishEventsResponse& response)
      : response_(response) {
    if (!Begin(context, call, "PublishEvents")) return;
    if (const runtime::Status status = CheckBatchSize(request.events_size(), 1); !status.ok()) {
      Finish(ToGrpcStatus(status));
      return;
    }
    batch().Load(request.events(), context.ids, caller(), trace());
    Start(context);
  }

 private:
  runtime::Status Answer(std::span<const runtime::EventResult> results) override {
    batch().ForEachResult(results, [this](std::uint32_t place, const runtime::EventResult& result) {
      FillEventResult(place, result, *response_.add_results());
    });
    return {};
  }

  v1::PublishEventsResponse& response_;
};

}  // namespace

grpc::ServerUnaryReactor* EventService::PublishEvent(grpc::CallbackServerContext* call, const v1::PublishEventRequest* request,
                                                     v1::PublishEventResponse* response) {
  return new PublishEventCall(context_, *call, *request, *response);
}

grpc::ServerUnaryReactor* EventService::PublishEvents(grpc::CallbackServerContext* call, const v1::PublishEventsRequest* request,
                                                      v1::PublishEventsResponse* response) {
  return new PublishEventsCall(context_, *call, *request, *response);
}

grpc::ServerBidiReactor<v1::StreamEventsRequest, v1::StreamEventsResponse>* EventService::StreamEvents(grpc::CallbackServerContext* call) {
  return NewStreamEventsCall(context_, *call);
}

}  // namespace stagecraft::server
