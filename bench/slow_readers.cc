#include "bench/slow_readers.h"

#include <fmt/format.h>
#include <google/rpc/error_details.pb.h>
#include <google/rpc/status.pb.h>

#include <cstddef>
#include <fstream>
#include <memory>
#include <vector>

#include "bench/load_client.h"
#include "stagecraft/v1/event_service.grpc.pb.h"

namespace stagecraft::bench {
namespace {

namespace pb = ::stagecraft::v1;

constexpr int kStreamsAConnection = 50;

struct Reader {
  grpc::ClientContext context;
  std::unique_ptr<grpc::ClientAsyncReader<pb::WatchChangesResponse>> stream;
  grpc::Status status;
};

std::string ReasonOf(const grpc::Status& status) {
  google::rpc::Status details;
  google::rpc::ErrorInfo info;
  if (!details.ParseFromString(status.error_details())) return status.error_message();
  for (const auto& detail : details.details()) {
    if (detail.UnpackTo(&info)) return info.reason();
  }
  return status.error_message();
}

void TakeOne(grpc::CompletionQueue& queue) {
  void* tag = nullptr;
  bool ok = false;
  if (!queue.Next(&tag, &ok)) Die("the queue has ended");
}

}  // namespace

int SlowReaders(const std::string& server, int count, const std::string& opened) {
  grpc::CompletionQueue queue;
  std::vector<std::unique_ptr<pb::EventService::Stub>> stubs;
  std::vector<Reader> readers(static_cast<std::size_t>(count));
  for (int i = 0; i < count; ++i) {
    if (i % kStreamsAConnection == 0) stubs.push_back(pb::EventService::NewStub(Connect(server)));
    Reader& reader = readers[static_cast<std::size_t>(i)];
    reader.stream = stubs.back()->AsyncWatchChanges(&reader.context, {}, &queue, &reader);
  }
  for (int i = 0; i < count; ++i) TakeOne(queue);
  for (Reader& reader : readers) reader.stream->ReadInitialMetadata(&reader);
  for (int i = 0; i < count; ++i) TakeOne(queue);
  std::ofstream(opened) << count << '\n';
  const auto start = Clock::now();
  for (Reader& reader : readers) reader.stream->Finish(&reader.status, &reader);
  for (int i = 0; i < count; ++i) TakeOne(queue);
  for (const Reader& reader : readers) {
    const bool is_reset = reader.status.error_code() == grpc::StatusCode::CANCELLED;
    if (const std::string reason = ReasonOf(reader.status); !is_reset && reason != "READER_TOO_SLOW") Die("a stream ended with " + reason);
  }
  Print("stagecraft.slow_readers.cut_off_after", SecondsSince(start), "s");
  return 0;
}

}  // namespace stagecraft::bench
