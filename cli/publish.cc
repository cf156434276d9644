#include <fmt/format.h>
#include <stagecraft/v1/event_service.grpc.pb.h>

#include <algorithm>
#include <deque>
#include <iterator>
#include <mutex>
#include <thread>

#include "cli/client.h"
#include "cli/files.h"
#include "cli/problems.h"
#include "cli/terminal.h"
#include "cli/verbs.h"
#include "dsl/support/show.h"
#include "runtime/import/events_ndjson.h"

namespace stagecraft::cli {
namespace {

namespace wire = ::stagecraft::v1;
using runtime::ImportProblem;
using runtime::Micros;
using runtime::OwnedEvent;

// In the middle of what the service calls fastest.
constexpr std::size_t kBatchEvents = 512;

void SetTime(Micros at, google::protobuf::Timestamp* out) {
  constexpr Micros kSecond = 1'000'000;
  auto seconds = at / kSecond;
  auto micros = at % kSecond;
  if (micros < 0) {
    micros += kSecond;
    --seconds;
  }
  out->set_seconds(seconds);
  out->set_nanos(static_cast<std::int32_t>(micros * 1000));
}

struct SetValue {
  wire::Field* field;
  void operator()(std::monostate) const {}
  void operator()(const std::string& text) const { field->set_text(text); }
  void operator()(double number) const { field->set_number(number); }
  void operator()(bool truth) const { field->set_truth(truth); }
  void operator()(Micros at) const { SetTime(at, field->mutable_time()); }
};

void Convert(const OwnedEvent& event, wire::Event* out) {
  out->set_event_id(event.id);
  out->set_contact(event.contact);
  out->set_type(event.type);
  out->set_actor(event.actor);
  SetTime(event.occurred_at, out->mutable_occurred_at());
  out->set_create_if_missing(event.create == runtime::CreateMode::kCreateIfMissing);
  for (const auto& input : event.fields) {
    auto* field = out->add_fields();
    field->set_name(input.name);
    std::visit(SetValue{field}, input.value);
  }
  for (const auto& input : event.properties) {
    auto* field = out->add_properties();
    field->set_name(input.name);
    std::visit(SetValue{field}, input.value);
  }
}

// A stream of batches: this thread writes, another reads the acknowledgements.
class Publisher {
 public:
  explicit Publisher(const Remote& remote) : stub_(wire::EventService::NewStub(Connect(remote))), stream_(stub_->StreamEvents(&context_)) {
    reader_ = std::thread([this] { ReadAcknowledgements(); });
  }
  ~Publisher() {
    if (reader_.joinable()) {
      context_.TryCancel();
      reader_.join();
    }
  }
  Publisher(const Publisher&) = delete;
  Publisher& operator=(const Publisher&) = delete;

  // False when the stream has broken; Finish says why.
  bool Send(std::vector<OwnedEvent> events) {
    wire::StreamEventsRequest request;
    std::vector<Line> lines;
    for (const auto& event : events) {
      Convert(event, request.add_events());
      lines.push_back({event.line, event.contact});
    }
    request.set_batch(batches_++);
    {
      const std::lock_guard lock(mutex_);
      waiting_.push_back(std::move(lines));
    }
    return stream_->Write(request);
  }

  grpc::Status Finish() {
    stream_->WritesDone();
    reader_.join();
    return stream_->Finish();
  }

  // For after Finish.
  const wire::StreamEventsResponse& totals() const { return totals_; }
  const Problems<ImportProblem>& problems() const { return problems_; }
  std::uint64_t acknowledged() {
    const std::lock_guard lock(mutex_);
    return acknowledged_;
  }

 private:
  struct Line {
    std::uint32_t number = 0;
    std::string contact;
  };

  void ReadAcknowledgements() {
    wire::StreamEventsResponse response;
    while (stream_->Read(&response)) {
      const std::lock_guard lock(mutex_);
      if (waiting_.empty()) return;  // an acknowledgement of nothing: the stream is not what it should be
      const auto lines = std::move(waiting_.front());
      waiting_.pop_front();
      acknowledged_ += lines.size();
      totals_.set_applied(totals_.applied() + response.applied());
      totals_.set_duplicates(totals_.duplicates() + response.duplicates());
      totals_.set_rejected(totals_.rejected() + response.rejected());
      totals_.set_failed(totals_.failed() + response.failed());
      totals_.set_changes(totals_.changes() + response.changes());
      totals_.set_rules_fired(totals_.rules_fired() + response.rules_fired());
      if (response.has_error()) problems_.Add({lines.front().number, 0, "", "", response.error().message()});
      for (const auto& result : response.results()) {
        const auto index = static_cast<std::size_t>(result.index());
        if (!result.has_error() || index >= lines.size()) continue;
        problems_.Add({lines[index].number, 0, "contact", lines[index].contact, result.error().message()});
      }
    }
  }

  grpc::ClientContext context_;
  std::unique_ptr<wire::EventService::Stub> stub_;
  std::unique_ptr<grpc::ClientReaderWriter<wire::StreamEventsRequest, wire::StreamEventsResponse>> stream_;
  std::thread reader_;
  std::int64_t batches_ = 0;
  std::mutex mutex_;  // guards what follows
  std::deque<std::vector<Line>> waiting_;
  std::uint64_t acknowledged_ = 0;
  wire::StreamEventsResponse totals_;
  Problems<ImportProblem> problems_;
};

// Both were found in the order of the lines.
void PrintProblems(const std::string& file, const Problems<ImportProblem>& unreadable, const Problems<ImportProblem>& refused) {
  std::vector<ImportProblem> problems = unreadable.first();
  problems.insert(problems.end(), refused.first().begin(), refused.first().end());
  std::stable_sort(problems.begin(), problems.end(), [](const auto& a, const auto& b) { return a.line < b.line; });
  problems.resize(std::min(problems.size(), kProblemsShown));
  for (const auto& problem : problems) PrintLine(stderr, fmt::format("{}: {}", file, runtime::Describe(problem)));
  const auto count = unreadable.count() + refused.count();
  if (count > kProblemsShown) fmt::print(stderr, "… and {} more\n", count - kProblemsShown);
}

// Says what came of a file whose stream ended well. `unreadable`: lines that could not be read.
int Report(const PublishOptions& options, const Problems<ImportProblem>& unreadable, const Publisher& publisher) {
  const auto rejected = unreadable.count() + publisher.problems().count();
  const auto& totals = publisher.totals();
  PrintProblems(options.file, unreadable, publisher.problems());
  if (options.json) {
    fmt::print(
        "{{\"applied\": {}, \"duplicates\": {}, \"rejected\": {}, \"failed\": {}, \"unreadable\": {}, \"changes\": {}, \"rulesFired\": "
        "{}}}\n",
        totals.applied(), totals.duplicates(), totals.rejected(), totals.failed(), unreadable.count(), totals.changes(),
        totals.rules_fired());
  } else {
    fmt::print("{} applied, {}, {}", Counted(static_cast<std::uint64_t>(totals.applied()), "event"),
               Counted(static_cast<std::uint64_t>(totals.changes()), "change"),
               Counted(static_cast<std::uint64_t>(totals.rules_fired()), "rule run"));
    if (totals.duplicates() > 0) fmt::print(", {} there already", totals.duplicates());
    if (rejected > 0) fmt::print(", {} rejected", rejected);
    fmt::print("\n");
  }
  return rejected == 0 ? kDone : kFound;
}

}  // namespace

int Publish(const PublishOptions& options) {
  runtime::EventsNdjson reader;
  Publisher publisher(options.remote);
  Problems<ImportProblem> unreadable;
  std::vector<OwnedEvent> ready;
  bool open = true;
  Progress progress("events acknowledged", 0);
  const auto send = [&](std::size_t at_least) {
    for (auto& problem : reader.TakeProblems()) unreadable.Add(std::move(problem));
    auto events = reader.TakeEvents();
    ready.insert(ready.end(), std::make_move_iterator(events.begin()), std::make_move_iterator(events.end()));
    std::size_t sent = 0;
    for (; open && ready.size() - sent >= at_least && sent < ready.size();) {
      const auto count = std::min(kBatchEvents, ready.size() - sent);
      const auto begin = ready.begin() + static_cast<std::ptrdiff_t>(sent);
      open = publisher.Send({std::make_move_iterator(begin), std::make_move_iterator(begin + static_cast<std::ptrdiff_t>(count))});
      sent += count;
      progress.Show(publisher.acknowledged());
    }
    ready.erase(ready.begin(), ready.begin() + static_cast<std::ptrdiff_t>(sent));
  };
  const auto status = ReadPieces(options.file, [&](std::string_view piece) {
    reader.Feed(piece);
    send(kBatchEvents);
    return open ? runtime::Status() : runtime::Status{runtime::StatusCode::kUnavailable, "STREAM_BROKEN", "", {}};
  });
  if (!status.ok() && open) {
    PrintError(status.message);
    return kFailed;
  }
  reader.Finish();
  send(1);
  if (const auto finished = publisher.Finish(); !finished.ok()) {
    const int code = ReportCall(finished, options.remote);
    if (publisher.acknowledged() > 0) PrintNote("publish the same file again: what the server has already changes nothing");
    return code;
  }

  return Report(options, unreadable, publisher);
}

}  // namespace stagecraft::cli
