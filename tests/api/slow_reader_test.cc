// Clients that send events and read no answers: they are held up themselves, and nobody else is.
#include <catch2/catch.hpp>
#include <chrono>
#include <memory>
#include <string>
#include <thread>

#include "runtime/engine/view.h"
#include "server/rpc/limits.h"
#include "tests/api/api_fixture.h"

namespace stagecraft::tests {
namespace {

constexpr int kBatches = 3 * static_cast<int>(server::limits::kStreamBatchesMax);
// The answer to one batch is more than a connection takes that nobody reads from.
constexpr int kBatchEvents = 10'000;
constexpr int kWindowBytes = 65'535;

v1::StreamEventsRequest Batch(int number) {
  v1::StreamEventsRequest batch;
  batch.set_batch(number);
  batch.set_all_results(true);
  for (int i = 0; i < kBatchEvents; ++i) {
    *batch.add_events() = MakeEvent("b" + std::to_string(number) + "-" + std::to_string(i), "slow", "page viewed");
  }
  return batch;
}

// A stream over a connection of its own, whose windows do not grow. Sends until everything is sent or the stream has ended.
class SlowReader {
 public:
  explicit SlowReader(const std::string& address) {
    grpc::ChannelArguments arguments;
    arguments.SetInt(GRPC_ARG_HTTP2_BDP_PROBE, 0);
    arguments.SetInt(GRPC_ARG_HTTP2_STREAM_LOOKAHEAD_BYTES, kWindowBytes);
    arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
    stub_ = v1::EventService::NewStub(grpc::CreateCustomChannel(address, grpc::InsecureChannelCredentials(), arguments));
    stream = stub_->StreamEvents(&context);
    writer_ = std::thread([this] {
      for (int number = 1; number <= kBatches; ++number) {
        if (!stream->Write(Batch(number))) return;
      }
      stream->WritesDone();
    });
  }
  ~SlowReader() {
    context.TryCancel();
    Join();
  }
  SlowReader(const SlowReader&) = delete;
  SlowReader& operator=(const SlowReader&) = delete;

  void Join() {
    if (writer_.joinable()) writer_.join();
  }

  grpc::ClientContext context;
  std::unique_ptr<grpc::ClientReaderWriter<v1::StreamEventsRequest, v1::StreamEventsResponse>> stream;

 private:
  std::unique_ptr<v1::EventService::Stub> stub_;
  std::thread writer_;
};

class SlowReaders : public ApiFixture {
 public:
  SlowReaders() {
    Deploy("counter views of page viewed\n");
    REQUIRE(Publish(MakeEvent("make", "slow", "contact updated")).ok());
  }

  std::int64_t Views(const std::string& contact) {
    const v1::Contact found = Get(contact);
    return found.counters(0).value();
  }

  // Somebody else's calls, each answered in time.
  void LetOthersWork(const std::string& contact, int calls) {
    for (int i = 0; i < calls; ++i) {
      const std::string id = contact + std::to_string(++others_);
      REQUIRE(Publish(MakeEvent(id, contact, "page viewed")).ok());
    }
  }

  // As many of the batches as a stream may hold have been taken.
  void WaitUntilFull() {
    constexpr int kCallsMax = 100'000;
    for (int i = 0; i < kCallsMax; ++i) {
      if (Views("slow") >= kBatchEvents * static_cast<std::int64_t>(server::limits::kStreamBatchesMax)) return;
      LetOthersWork("waiting", 1);
    }
    FAIL("the stream took less than it may hold");
  }

 private:
  int others_ = 0;
};

}  // namespace

TEST_CASE_METHOD(SlowReaders, "of a stream that nobody reads no more is taken than it may hold, and others go on") {
  SlowReader slow(address());
  WaitUntilFull();
  LetOthersWork("ana", 300);
  CHECK(Views("ana") == 300);
  // The first answer was being written when the others were taken.
  const std::int64_t taken = Views("slow");
  CHECK(taken <= kBatchEvents * static_cast<std::int64_t>(server::limits::kStreamBatchesMax + 1));

  // Slowly: others work between any two answers.
  v1::StreamEventsResponse answer;
  for (int number = 1; number <= kBatches; ++number) {
    REQUIRE(slow.stream->Read(&answer));
    CHECK(answer.batch() == number);
    CHECK(answer.applied() == kBatchEvents);
    LetOthersWork("ana", 5);
  }
  CHECK_FALSE(slow.stream->Read(&answer));
  CHECK(slow.stream->Finish().ok());
  CHECK(Views("slow") == std::int64_t{kBatches} * kBatchEvents);
  CHECK(Views("ana") == 300 + 5 * kBatches);
}

TEST_CASE_METHOD(SlowReaders, "a client that hangs up and has read nothing leaves nothing behind, and can send everything again") {
  {
    const SlowReader gone(address());
    WaitUntilFull();
  }
  SlowReader again(address());
  v1::StreamEventsResponse answer;
  std::int64_t known = 0;
  for (int number = 1; number <= kBatches; ++number) {
    REQUIRE(again.stream->Read(&answer));
    known += answer.duplicates();
    CHECK(answer.applied() + answer.duplicates() == kBatchEvents);
  }
  CHECK(again.stream->Finish().ok());
  CHECK(known >= kBatchEvents * static_cast<std::int64_t>(server::limits::kStreamBatchesMax));
  CHECK(Views("slow") == std::int64_t{kBatches} * kBatchEvents);
}

TEST_CASE_METHOD(SlowReaders, "a server stops although nobody reads from it") {
  SlowReader slow(address());
  WaitUntilFull();
  server().Drain(std::chrono::milliseconds(0));
  slow.Join();
  std::uint64_t records = 0;
  REQUIRE(engine().Read([&](const runtime::View& view) { records = static_cast<std::uint64_t>(view.stats().last_sequence); }).ok());
  CHECK(records > kBatchEvents * server::limits::kStreamBatchesMax);
}

}  // namespace stagecraft::tests
