#include "tests/fault/stream_load.h"

#include <grpcpp/client_context.h>

#include <algorithm>
#include <atomic>
#include <semaphore>
#include <thread>

#include "stagecraft/v1/event_service.grpc.pb.h"

namespace stagecraft::tests {
namespace {

namespace v1 = ::stagecraft::v1;

constexpr int kBatchEvents = 40;
constexpr int kContacts = 7;                    // of each client
constexpr int kBatchesUnderWay = 24;            // of each client; more than the server takes at once
constexpr std::int64_t kStart = 1'767'225'600;  // in seconds; 2026-01-01. The events of a contact come in order

std::string ContactOf(int client, int number) { return "c" + std::to_string(client) + "-" + std::to_string(number % kContacts); }

std::string EventOf(int client, int batch, int number) {
  return "e" + std::to_string(client) + "-" + std::to_string(batch) + "-" + std::to_string(number);
}

v1::StreamEventsRequest BatchOf(int client, int number) {
  v1::StreamEventsRequest batch;
  batch.set_batch(number);
  for (int i = 0; i < kBatchEvents; ++i) {
    v1::Event* event = batch.add_events();
    event->set_event_id(EventOf(client, number, i));
    event->set_contact(ContactOf(client, number + i));
    event->set_type("page viewed");
    event->mutable_occurred_at()->set_seconds(kStart + std::int64_t{number} * kBatchEvents + i);
    event->set_create_if_missing(true);
    v1::Field* page = event->add_fields();
    page->set_name("page");
    page->set_text(i % 16 == 0 ? "/pricing" : "/");
  }
  return batch;
}

// Sends the batches from `first` to before `last`, waits for all answers, and returns how many events were there already.
int Send(const std::shared_ptr<grpc::Channel>& channel, int client, int first, int last, FaultList& faults) {
  grpc::ClientContext context;
  const auto stub = v1::EventService::NewStub(channel);
  const auto stream = stub->StreamEvents(&context);
  std::thread writer([&] {
    for (int number = first; number < last; ++number) {
      if (!stream->Write(BatchOf(client, number))) return;
    }
    stream->WritesDone();
  });
  int duplicates = 0, next = first;
  v1::StreamEventsResponse answer;
  while (stream->Read(&answer)) {
    faults.CheckEqual(answer.batch(), next, "number of the batch that is answered");
    faults.CheckEqual(answer.applied() + answer.duplicates(), kBatchEvents, "events of batch " + std::to_string(next));
    duplicates += answer.duplicates();
    ++next;
  }
  writer.join();
  const grpc::Status status = stream->Finish();
  if (!status.ok()) faults.Add("the stream ended with: " + status.error_message());
  faults.CheckEqual(next, last, "batches answered");
  return duplicates;
}

}  // namespace

StreamLoad::StreamLoad(int streams) : clients_(static_cast<std::size_t>(streams)) {}

Faults StreamLoad::SendAgain(const std::shared_ptr<grpc::Channel>& channel) {
  FaultList faults;
  ForEachAtOnce(static_cast<int>(clients_.size()), [&](int number) {
    Client& client = clients_[static_cast<std::size_t>(number)];
    const int there = Send(channel, number, client.sure, client.open, faults);
    faults.CheckEqual(there, std::int64_t{client.open - client.sure} * kBatchEvents, "acknowledged events that are there");
    Send(channel, number, client.open, client.next_batch, faults);
    client.sure = client.open = client.next_batch;
  });
  return faults.Take();
}

Faults StreamLoad::StreamUntilKilled(ServerProcess& server, const std::shared_ptr<grpc::Channel>& channel, int acknowledgements) {
  return StreamUntilEnded(
      channel, acknowledgements, [&server] { server.Kill(); },
      [](const grpc::Status& status) { return status.ok() ? "the stream of a killed server ended well" : ""; });
}

Faults StreamLoad::StreamUntilEnded(const std::shared_ptr<grpc::Channel>& channel, int acknowledgements, const std::function<void()>& then,
                                    const std::function<std::string(const grpc::Status&)>& fault_of_end) {
  FaultList faults;
  std::atomic<int> answers = 0;
  ForEachAtOnce(static_cast<int>(clients_.size()), [&](int number) {
    Client& client = clients_[static_cast<std::size_t>(number)];
    grpc::ClientContext context;
    const auto stub = v1::EventService::NewStub(channel);
    const auto stream = stub->StreamEvents(&context);
    std::counting_semaphore<> room(kBatchesUnderWay);
    std::atomic<bool> broken = false;
    std::thread writer([&] {
      for (room.acquire(); !broken; room.acquire()) {
        const auto batch = BatchOf(number, client.next_batch++);
        if (!stream->Write(batch)) return;
      }
    });
    v1::StreamEventsResponse answer;
    while (stream->Read(&answer)) {
      faults.CheckEqual(answer.batch(), client.open, "number of the batch that is answered");
      faults.CheckEqual(answer.applied(), kBatchEvents, "events applied of batch " + std::to_string(client.open));
      ++client.open;
      if (++answers == acknowledgements) then();
      room.release();
    }
    broken = true;
    room.release();
    writer.join();
    faults.AddAny(fault_of_end(stream->Finish()));
  });
  return faults.Take();
}

Faults StreamLoad::SendAll(const std::shared_ptr<grpc::Channel>& channel) const {
  FaultList faults;
  ForEachAtOnce(static_cast<int>(clients_.size()), [&](int number) {
    const int there = Send(channel, number, 0, clients_[static_cast<std::size_t>(number)].next_batch, faults);
    faults.CheckEqual(there, 0, "events that were there before");
  });
  return faults.Take();
}

std::map<std::string, int> StreamLoad::Expected() const {
  std::map<std::string, int> expected;
  for (int number = 0; number < static_cast<int>(clients_.size()); ++number) {
    for (int batch = 0; batch < clients_[static_cast<std::size_t>(number)].next_batch; ++batch) {
      for (int i = 0; i < kBatchEvents; ++i) ++expected[ContactOf(number, batch + i)];
    }
  }
  return expected;
}

std::string StreamLoad::FirstContact() const { return ContactOf(0, 0); }

std::string StreamLoad::FirstEvent() const { return EventOf(0, 0, 0); }

}  // namespace stagecraft::tests
