#include "tests/fault/drain_clients.h"

#include <google/protobuf/util/json_util.h>
#include <grpcpp/create_channel.h>
#include <grpcpp/security/credentials.h>
#include <grpcpp/support/channel_arguments.h>

#include <algorithm>
#include <stdexcept>
#include <utility>

#include "google/rpc/error_details.pb.h"
#include "google/rpc/status.pb.h"
#include "tests/fault/http_peer.h"

namespace stagecraft::tests {
namespace {

constexpr std::int64_t kStart = 1'767'225'600;  // in seconds; 2026-01-01. The events of a contact come in order
constexpr int kPieceRows = 200;
constexpr int kSilentBatches = 2;
// The answer to one batch is more than a connection takes that nobody reads from.
constexpr int kSilentBatchEvents = 10'000;
constexpr int kWindowBytes = 65'535;

v1::Event ViewOf(const std::string& contact, const std::string& id, int number) {
  v1::Event event;
  event.set_event_id(id);
  event.set_contact(contact);
  event.set_type("page viewed");
  event.mutable_occurred_at()->set_seconds(kStart + number);
  event.set_create_if_missing(true);
  return event;
}

std::string PieceOf(int number) {
  std::string rows = number == 0 ? "Record ID,First Name\n" : "";
  for (int i = 0; i < kPieceRows; ++i) {
    const std::string row = std::to_string(number * kPieceRows + i);
    rows += "imported-" + row + ",Ana " + row + "\n";
  }
  return rows;
}

v1::ImportContactsRequest ImportConfig() {
  v1::ImportContactsRequest request;
  request.mutable_config()->mutable_as_of_time()->set_seconds(kStart);
  return request;
}

}  // namespace

std::string FaultOfStop(const grpc::Status& status) {
  google::rpc::Status details;
  details.ParseFromString(status.error_details());
  std::string reason;
  bool says_when = false;
  for (const auto& detail : details.details()) {
    google::rpc::ErrorInfo info;
    if (detail.UnpackTo(&info)) reason = info.reason();
    says_when = says_when || detail.Is<google::rpc::RetryInfo>();
  }
  const bool is_stop = reason == "SERVER_STOPPING" || reason == "ENGINE_STOPPING";
  if (status.error_code() == grpc::StatusCode::UNAVAILABLE && is_stop && says_when) return "";
  return "ended with code " + std::to_string(status.error_code()) + ", reason `" + reason + "`" + (says_when ? "" : ", no RetryInfo") +
         ": " + status.error_message();
}

std::string FaultOfTooLate(const grpc::Status& status) {
  const bool is_gone = status.error_code() == grpc::StatusCode::UNAVAILABLE && status.error_details().empty();
  return is_gone ? "" : FaultOfStop(status);
}

SendOne SendByGrpc(const std::shared_ptr<grpc::Channel>& channel, FaultOfEnd fault_of_end) {
  const std::shared_ptr<v1::EventService::Stub> stub = v1::EventService::NewStub(channel);
  return [stub, fault_of_end](const v1::Event& event) {
    v1::PublishEventRequest request;
    *request.mutable_event() = event;
    v1::PublishEventResponse response;
    grpc::ClientContext context;
    const grpc::Status status = stub->PublishEvent(&context, request, &response);
    return status.ok() ? Attempt{true, ""} : Attempt{false, fault_of_end(status)};
  };
}

SendOne SendByConnect(int port) {
  return [port](const v1::Event& event) -> Attempt {
    v1::PublishEventRequest request;
    *request.mutable_event() = event;
    std::string body;
    if (!google::protobuf::util::MessageToJsonString(request, &body).ok()) return {false, "no JSON"};
    HttpPeer peer(port);
    peer.Send(ConnectHead("EventService/PublishEvent", body.size(), "Connection: close\r\n") + body);
    const std::string answer = peer.ReadAll();
    if (answer.rfind("HTTP/1.1 200 ", 0) == 0) return {true, ""};
    const bool is_stop = answer.rfind("HTTP/1.1 503 ", 0) == 0 && answer.find("SERVER_STOPPING") != std::string::npos &&
                         answer.find("google.rpc.RetryInfo") != std::string::npos;
    return {false, answer.empty() || is_stop ? "" : "answered with " + answer};
  };
}

v1::Event OneByOne::EventAt(int number) const { return ViewOf(contact_, contact_ + "-" + std::to_string(number), number); }

void OneByOne::SendUntilRefused(const SendOne& send, int acknowledgements, const std::function<void()>& then, FaultList& faults) {
  for (;;) {
    const Attempt attempt = send(EventAt(sent_++));
    faults.AddAny(attempt.fault.empty() ? "" : contact_ + ": " + attempt.fault);
    if (!attempt.is_acknowledged) return;
    if (++acknowledged_ == acknowledgements) then();
  }
}

void OneByOne::SendAgain(const std::shared_ptr<grpc::Channel>& channel, FaultList& faults) {
  constexpr int kBatch = 5'000;
  const auto stub = v1::EventService::NewStub(channel);
  int known = 0;
  for (int first = 0; first < sent_; first += kBatch) {
    v1::PublishEventsRequest request;
    for (int i = first; i < std::min(first + kBatch, sent_); ++i) *request.add_events() = EventAt(i);
    v1::PublishEventsResponse response;
    grpc::ClientContext context;
    if (const grpc::Status status = stub->PublishEvents(&context, request, &response); !status.ok()) faults.Add(status.error_message());
    for (const v1::EventResult& result : response.results()) {
      const bool was_acknowledged = first + result.index() < acknowledged_;
      if (was_acknowledged && result.state() == v1::EVENT_STATE_DUPLICATE) ++known;
      if (result.state() == v1::EVENT_STATE_REJECTED || result.state() == v1::EVENT_STATE_FAILED) faults.Add(result.error().message());
    }
  }
  faults.CheckEqual(known, acknowledged_, contact_ + ": acknowledged events that are there");
}

grpc::Status Watcher::Watch(const std::shared_ptr<grpc::Channel>& channel, const std::function<void()>& begun,
                            const std::string& last_event) {
  v1::WatchChangesRequest request;
  request.set_cursor(cursor_);
  grpc::ClientContext context;
  const auto stub = v1::EventService::NewStub(channel);
  const auto stream = stub->WatchChanges(&context, request);
  v1::WatchChangesResponse answer;
  for (bool is_first = true; stream->Read(&answer); is_first = false) {
    if (is_first) begun();
    cursor_ = answer.cursor();
    for (const v1::Change& change : answer.changes()) {
      if (change.entry().kind() != v1::ENTRY_KIND_EVENT) continue;
      ++contacts_[change.contact()];
      if (++events_[change.entry().event_id()] == 2) ++told_twice_;
      if (change.entry().event_id() == last_event) context.TryCancel();
    }
  }
  return stream->Finish();
}

int Watcher::CountOf(const std::string& contact) const {
  const auto found = contacts_.find("contacts/" + contact);
  return found == contacts_.end() ? 0 : found->second;
}

grpc::Status LongImport::SendUntilEnded(const std::shared_ptr<grpc::Channel>& channel, int pieces, const std::function<void()>& then) {
  v1::ImportContactsResponse response;
  grpc::ClientContext context;
  const auto stub = v1::ContactService::NewStub(channel);
  const auto writer = stub->ImportContacts(&context, &response);
  for (v1::ImportContactsRequest request = ImportConfig(); writer->Write(request); ++pieces_) {
    if (pieces_ == pieces) then();
    request.set_chunk(PieceOf(pieces_));
  }
  return writer->Finish();
}

grpc::Status LongImport::SendAgain(const std::shared_ptr<grpc::Channel>& channel, v1::ImportContactsResponse& response) const {
  grpc::ClientContext context;
  const auto stub = v1::ContactService::NewStub(channel);
  const auto writer = stub->ImportContacts(&context, &response);
  v1::ImportContactsRequest request = ImportConfig();
  writer->Write(request);
  for (int i = 0; i < pieces_; ++i) {
    request.set_chunk(PieceOf(i));
    writer->Write(request);
  }
  writer->WritesDone();
  return writer->Finish();
}

int LongImport::rows() const { return pieces_ * kPieceRows; }

SilentClient::SilentClient(std::string contact, const std::string& address, const std::shared_ptr<grpc::Channel>& other)
    : contact_(std::move(contact)) {
  grpc::ChannelArguments arguments;
  arguments.SetInt(GRPC_ARG_HTTP2_BDP_PROBE, 0);
  arguments.SetInt(GRPC_ARG_HTTP2_STREAM_LOOKAHEAD_BYTES, kWindowBytes);
  arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
  stub_ = v1::EventService::NewStub(grpc::CreateCustomChannel(address, grpc::InsecureChannelCredentials(), arguments));
  stream_ = stub_->StreamEvents(&context_);
  for (int number = 0; number < kSilentBatches; ++number) {
    v1::StreamEventsRequest batch;
    batch.set_batch(number);
    batch.set_all_results(true);
    for (int i = 0; i < kSilentBatchEvents; ++i) {
      const int event = number * kSilentBatchEvents + i;
      *batch.add_events() = ViewOf(contact_, contact_ + "-" + std::to_string(event), event);
    }
    if (!stream_->Write(batch)) throw std::runtime_error("the server does not take a batch");
  }
  v1::GetEventRequest last;
  last.set_name("events/" + contact_ + "-" + std::to_string(events() - 1));
  const auto stub = v1::EventService::NewStub(other);
  grpc::Status status;
  do {
    grpc::ClientContext context;
    v1::GetEventResponse response;
    status = stub->GetEvent(&context, last, &response);
  } while (status.error_code() == grpc::StatusCode::NOT_FOUND);
  if (!status.ok()) throw std::runtime_error(status.error_message());
}

SilentClient::~SilentClient() { context_.TryCancel(); }

grpc::Status SilentClient::ReadAll(FaultList& faults) {
  v1::StreamEventsResponse answer;
  int next = 0;
  for (; stream_->Read(&answer); ++next) {
    faults.CheckEqual(answer.batch(), next, "number of the batch that is answered");
    faults.CheckEqual(answer.applied(), kSilentBatchEvents, "events of a batch that nobody had read the answer of");
  }
  faults.CheckEqual(next, kSilentBatches, "answers that nobody had read");
  return stream_->Finish();
}

int SilentClient::events() { return kSilentBatches * kSilentBatchEvents; }

}  // namespace stagecraft::tests
