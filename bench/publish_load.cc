// Load on a running server through its gRPC API, and what came of it: one line a figure, "name value unit".
//   publish_load script RULES                             prints the rule set to deploy
//   publish_load contacts SERVER CONTACTS                 creates the contacts
//   publish_load stream SERVER CONTACTS STREAMS BATCH     events through StreamEvents
//   publish_load unary SERVER CONTACTS IN_FLIGHT          events through PublishEvent
//   publish_load overload SERVER CONTACTS                 ten times what the server can take, through PublishEvents
// BENCH_SECONDS: length of a measurement (default 3; of the overload itself 60).
#include <fmt/format.h>
#include <grpcpp/grpcpp.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include "bench/load_client.h"
#include "bench/overload.h"
#include "bench/slow_readers.h"
#include "bench/workload.h"
#include "stagecraft/v1/event_service.grpc.pb.h"

namespace stagecraft::bench {
namespace {

namespace pb = stagecraft::v1;

void AddProperty(pb::Event* event, const char* name, std::string_view text) {
  pb::Field* property = event->add_properties();
  property->set_name(name);
  property->set_text(std::string(text));
}

int CreateContacts(const std::string& server, std::uint32_t contacts) {
  auto stub = pb::EventService::NewStub(Connect(server));
  grpc::ClientContext context;
  auto stream = stub->StreamEvents(&context);
  std::uint64_t refused = 0;
  std::thread reader([&] {
    pb::StreamEventsResponse response;
    while (stream->Read(&response)) refused += static_cast<std::uint64_t>(response.rejected()) + (response.has_error() ? 1 : 0);
  });
  const auto start = Clock::now();
  for (std::uint32_t next = 0; next < contacts;) {
    pb::StreamEventsRequest batch;
    for (int i = 0; i < 1024 && next < contacts; ++i, ++next) {
      pb::Event* event = batch.add_events();
      const GeneratedContact made = MakeContact(next);
      event->set_event_id("create-" + ContactId(next));
      event->set_contact(ContactId(next));
      event->set_type("contact created");
      event->set_create_if_missing(true);
      AddProperty(event, "status", made.status);
      AddProperty(event, "lifecycle", made.lifecycle);
      AddProperty(event, "country", made.country);
      AddProperty(event, "sector", made.sector);
      AddProperty(event, "company employees", std::to_string(made.employees));
      AddProperty(event, "owner", made.owner);
    }
    if (!stream->Write(batch)) break;
  }
  stream->WritesDone();
  reader.join();
  if (const grpc::Status status = stream->Finish(); !status.ok()) Die("contacts: " + status.error_message());
  if (refused != 0) Die(fmt::format("{} contacts were refused", refused));
  Print("load.contacts_created", contacts / SecondsSince(start), "contacts/s");
  return 0;
}

struct StreamTotals {
  std::atomic<std::uint64_t> applied{0}, refused{0}, rules_fired{0};
};

void RunStream(const std::string& server, std::uint32_t contacts, std::uint32_t number, int batch_size, double seconds,
               StreamTotals* totals) {
  auto stub = pb::EventService::NewStub(Connect(server));
  Rng rng(number + 17);
  // Made before the clock starts; only ids and times are new in each sending.
  std::vector<pb::StreamEventsRequest> batches(32);
  for (auto& batch : batches) {
    for (int i = 0; i < batch_size; ++i) Fill(rng, contacts, batch.add_events());
  }
  Ids ids(number);
  grpc::ClientContext context;
  auto stream = stub->StreamEvents(&context);
  std::thread reader([&] {
    pb::StreamEventsResponse response;
    while (stream->Read(&response)) {
      totals->applied += static_cast<std::uint64_t>(response.applied());
      totals->rules_fired += static_cast<std::uint64_t>(response.rules_fired());
      for (const std::int32_t refused : {response.rejected(), response.failed(), response.duplicates()}) {
        totals->refused += static_cast<std::uint64_t>(refused);
      }
      if (response.has_error()) ++totals->refused;
    }
  });
  const auto start = Clock::now();
  for (std::int64_t sent = 0; SecondsSince(start) < seconds; ++sent) {
    pb::StreamEventsRequest& batch = batches[static_cast<std::size_t>(sent) % batches.size()];
    batch.set_batch(sent);
    for (pb::Event& event : *batch.mutable_events()) {
      ids.Next(event.mutable_event_id());
      SetNow(&event);
    }
    if (!stream->Write(batch)) break;
  }
  stream->WritesDone();
  reader.join();
  if (const grpc::Status status = stream->Finish(); !status.ok()) Die("stream: " + status.error_message());
}

int Stream(const std::string& server, std::uint32_t contacts, int streams, int batch_size) {
  StreamTotals totals;
  const auto start = Clock::now();
  std::vector<std::thread> threads;
  threads.reserve(static_cast<std::size_t>(streams));
  for (int i = 0; i < streams; ++i) {
    threads.emplace_back(RunStream, server, contacts, static_cast<std::uint32_t>(i), batch_size, MeasuredSeconds(), &totals);
  }
  for (std::thread& thread : threads) thread.join();
  const double seconds = SecondsSince(start);
  if (totals.refused != 0) Die(fmt::format("{} events were refused", totals.refused.load()));
  const std::string name = fmt::format("stagecraft.stream.{}x{}", streams, batch_size);
  Print(name + ".rate", static_cast<double>(totals.applied) / seconds, "events/s");
  Print(name + ".rules_fired", static_cast<double>(totals.rules_fired) / static_cast<double>(std::max<std::uint64_t>(totals.applied, 1)),
        "rules/event");
  return 0;
}

struct UnaryCall {
  std::optional<grpc::ClientContext> context;
  std::unique_ptr<grpc::ClientAsyncResponseReader<pb::PublishEventResponse>> reader;
  pb::PublishEventRequest request;
  pb::PublishEventResponse response;
  grpc::Status status;
  Clock::time_point start;
};

int Unary(const std::string& server, std::uint32_t contacts, int in_flight) {
  auto stub = pb::EventService::NewStub(Connect(server));
  grpc::CompletionQueue queue;
  Rng rng(99);
  Ids ids(255);
  const auto begin = [&](UnaryCall& call) {
    call.request.mutable_event()->Clear();
    Fill(rng, contacts, call.request.mutable_event());
    ids.Next(call.request.mutable_event()->mutable_event_id());
    call.context.emplace();
    call.start = Clock::now();
    call.reader = stub->AsyncPublishEvent(&*call.context, call.request, &queue);
    call.reader->Finish(&call.response, &call.status, &call);
  };
  std::vector<UnaryCall> calls(static_cast<std::size_t>(in_flight));
  std::vector<double> micros;
  const auto start = Clock::now();
  const double seconds = MeasuredSeconds();
  for (UnaryCall& call : calls) begin(call);
  void* tag = nullptr;
  bool ok = false;
  for (int open = in_flight; open > 0 && queue.Next(&tag, &ok);) {
    auto& call = *static_cast<UnaryCall*>(tag);
    if (!call.status.ok()) Die("publish: " + call.status.error_message());
    micros.push_back(SecondsSince(call.start) * 1e6);
    if (SecondsSince(start) < seconds) {
      begin(call);
    } else {
      --open;
    }
  }
  const double elapsed = SecondsSince(start);
  std::sort(micros.begin(), micros.end());
  const std::string name = fmt::format("stagecraft.unary.{}", in_flight);
  Print(name + ".rate", static_cast<double>(micros.size()) / elapsed, "events/s");
  Print(name + ".p50", micros[micros.size() / 2], "us");
  Print(name + ".p99", micros[micros.size() * 99 / 100], "us");
  return 0;
}

int Main(int argc, char** argv) {
  const std::vector<std::string> words(argv + 1, argv + argc);
  const auto number = [&](std::size_t i) { return static_cast<std::uint32_t>(std::stoul(words.at(i))); };
  if (words.size() == 2 && words[0] == "script") return std::fputs(MakeScript(number(1)).c_str(), stdout) < 0 ? 1 : 0;
  if (words.size() == 3 && words[0] == "contacts") return CreateContacts(words[1], number(2));
  if (words.size() == 5 && words[0] == "stream")
    return Stream(words[1], number(2), static_cast<int>(number(3)), static_cast<int>(number(4)));
  if (words.size() == 4 && words[0] == "unary") return Unary(words[1], number(2), static_cast<int>(number(3)));
  if (words.size() == 3 && words[0] == "overload") return Overload(words[1], number(2));
  if (words.size() == 4 && words[0] == "slow_readers") return SlowReaders(words[1], static_cast<int>(number(2)), words[3]);
  Die("usage: script RULES | contacts SERVER CONTACTS | stream SERVER CONTACTS STREAMS BATCH | unary SERVER CONTACTS IN_FLIGHT | "
      "overload SERVER CONTACTS | slow_readers SERVER COUNT OPENED_FILE");
}

}  // namespace
}  // namespace stagecraft::bench

int main(int argc, char** argv) {
  try {
    return stagecraft::bench::Main(argc, argv);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "publish_load: %s\n", error.what());
    return 2;
  }
}
