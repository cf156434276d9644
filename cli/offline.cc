#include "cli/offline.h"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <map>
#include <numeric>

#include "cli/terminal.h"
#include "runtime/engine/core.h"
#include "runtime/engine/programs.h"
#include "runtime/engine/simulated.h"
#include "runtime/import/events_ndjson.h"
#include "runtime/model/reasons.h"
#include "runtime/store/memory_store.h"

namespace stagecraft::cli {
namespace {

using runtime::Core;
using runtime::ImportProblem;
using runtime::Micros;
using runtime::OwnedEvent;
using runtime::Result;
using runtime::Status;

// Events between two commits: enough that a commit costs nothing, few enough that they fit into a cache.
constexpr std::size_t kBatchEventsMax = 4096;
constexpr std::uint32_t kFireAtOnceMax = 1024;

class CoreRun : public OfflineRun {
 public:
  Status Open(std::vector<TextFile> scripts) {
    auto core = Core::Open(*store_, clock_, random_, {});
    if (!core) return core.error();
    core_ = std::move(*core);
    runtime::Revision revision;
    revision.number = core_->view().revision() + 1;
    for (auto& script : scripts) revision.files.push_back({std::move(script.name), std::move(script.text)});
    auto compiled = Compile(runtime::SourcesOf(revision.files), core_->view().program().layout);
    diagnostics_ = std::move(compiled.diagnostics);
    sources_ = std::move(compiled.sources);
    program_ = compiled.program;
    if (program_ == nullptr) return {};
    revision.layout = ir::EncodeLayout(program_->layout);
    return core_->Deploy({std::move(revision), program_});
  }

  const std::vector<Diagnostic>& diagnostics() const override { return diagnostics_; }
  const SourceSet& sources() const override { return sources_; }

  Status LoadContacts(const std::string& path, const runtime::ContactMapping& mapping) override {
    runtime::ContactsImport import(program_, mapping);
    auto status = LoadFrom(path, import);
    for (const auto& [contact, line] : import.refused_lines()) refused_[contact] = fmt::format("line {} of {}", line, path);
    if (status.ok() && !import.ignored_columns().empty()) {
      PrintNote(fmt::format("{}: columns left out, since no property fits them: {}", path, fmt::join(import.ignored_columns(), ", ")));
    }
    return status;
  }

  Status LoadNdjson(const std::string& path) override {
    runtime::EventsNdjson events;
    files_.push_back(path);
    auto status = ReadPieces(path, [&](std::string_view piece) {
      events.Feed(piece);
      Keep(events.TakeEvents(), events.TakeProblems());
      return Status();
    });
    if (!status.ok()) return status;
    events.Finish();
    Keep(events.TakeEvents(), events.TakeProblems());
    return {};
  }

  Status LoadCsv(const std::string& path, std::vector<runtime::EventMapping> mappings) override {
    runtime::EventsCsv events(program_, std::move(mappings));
    return LoadFrom(path, events);
  }

  Status ApplyAll(std::optional<Micros> until) override {
    Order();
    Progress progress("applying events", events_.size());
    for (std::size_t begin = 0; begin < events_.size(); begin += kBatchEventsMax) {
      const auto end = std::min(begin + kBatchEventsMax, events_.size());
      if (auto status = Apply(begin, end); !status.ok()) return status;
      progress.Show(end);
    }
    if (until) PassTo(*until);
    return core_->Commit();
  }

  const OfflineCounts& counts() const override { return counts_; }
  const Problems<FileProblem>& problems() const override { return problems_; }
  const runtime::View& view() const override { return core_->view(); }

 private:
  template <typename Reader>
  Status LoadFrom(const std::string& path, Reader& reader) {
    files_.push_back(path);
    auto status = ReadPieces(path, [&](std::string_view piece) {
      Status fed = reader.Feed(piece);
      Keep(reader.TakeEvents(), reader.TakeProblems());
      return fed;
    });
    if (status.ok()) status = reader.Finish();
    if (!status.ok()) {
      if (status.reason != "FILE_UNREADABLE") status.message = fmt::format("{}: {}", path, status.message);
      return status;
    }
    Keep(reader.TakeEvents(), reader.TakeProblems());
    return {};
  }

  // What was read of the last file.
  void Keep(std::vector<OwnedEvent> events, std::vector<ImportProblem> problems) {
    const auto file = static_cast<std::uint32_t>(files_.size() - 1);
    for (auto& event : events) {
      events_.push_back(std::move(event));
      file_of_.push_back(file);
    }
    for (auto& problem : problems) problems_.Add({files_[file], std::move(problem)});
  }

  // Puts the events into the order of their own times.
  void Order() {
    Micros first = std::numeric_limits<Micros>::max();
    for (const auto& event : events_) {
      if (event.occurred_at != 0) first = std::min(first, event.occurred_at);
    }
    if (first == std::numeric_limits<Micros>::max()) first = 1;
    for (auto& event : events_) {
      if (event.occurred_at == 0) event.occurred_at = std::max(first, event.created_at);
    }
    std::vector<std::size_t> order(events_.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::stable_sort(order.begin(), order.end(),
                     [this](std::size_t a, std::size_t b) { return events_[a].occurred_at < events_[b].occurred_at; });
    std::vector<OwnedEvent> events;
    std::vector<std::uint32_t> file_of;
    for (const auto i : order) {
      events.push_back(std::move(events_[i]));
      file_of.push_back(file_of_[i]);
    }
    events_ = std::move(events);
    file_of_ = std::move(file_of);
  }

  // Lets time pass: what is due on the way fires in its order, so that no contact is ahead of another.
  void PassTo(Micros at) {
    for (auto due = core_->NextDue(); due && *due <= at; due = core_->NextDue()) {
      clock_.Set(std::max(*due, clock_.Now()));
      core_->FireOverdue(kFireAtOnceMax);
    }
    clock_.Set(std::max(at, clock_.Now()));
  }

  // Where a row was to create the contact, that row is what to mend.
  std::string ReasonOf(const OwnedEvent& event, const runtime::EventResult& result) const {
    if (result.status.reason != runtime::reasons::kContactNotFound) return result.status.message;
    const auto refused = refused_.find(event.contact);
    if (refused == refused_.end()) return result.status.message;
    return fmt::format("there is no such contact, since {} stayed out", refused->second);
  }

  Status Apply(std::size_t begin, std::size_t end) {
    const std::span<const OwnedEvent> events(events_.data() + begin, end - begin);
    const runtime::EventViews views(events);
    std::vector<runtime::EventResult> results;
    for (const auto& input : views.inputs()) {
      PassTo(input.occurred_at);
      core_->Process({&input, 1}, results);
    }
    for (std::size_t i = 0; i < results.size(); ++i) {
      const auto& result = results[i];
      counts_.changes += result.changes;
      counts_.rules_fired += result.rules_fired;
      if (result.state == runtime::EventState::kApplied) ++counts_.events;
      if (result.state == runtime::EventState::kDuplicate) ++counts_.duplicates;
      if (result.status.ok()) continue;
      problems_.Add({files_[file_of_[begin + i]], {events[i].line, 0, "contact", events[i].contact, ReasonOf(events[i], result)}});
    }
    return core_->Commit();
  }

  std::unique_ptr<runtime::Store> store_ = runtime::NewMemoryStore();
  runtime::ManualClock clock_{0};
  runtime::SeededRandom random_{0};  // nothing of a run is to depend on chance
  std::unique_ptr<Core> core_;
  std::vector<Diagnostic> diagnostics_;
  SourceSet sources_;
  std::shared_ptr<const ir::Program> program_;
  std::vector<std::string> files_;
  std::vector<OwnedEvent> events_;
  std::vector<std::uint32_t> file_of_;  // by event
  Problems<FileProblem> problems_;
  std::map<std::string, std::string> refused_;  // by contact: the row that was to create it
  OfflineCounts counts_;
};

}  // namespace

Result<std::unique_ptr<OfflineRun>> OfflineRun::Start(std::vector<TextFile> scripts) {
  auto run = std::make_unique<CoreRun>();
  if (auto status = run->Open(std::move(scripts)); !status.ok()) return tl::unexpected<Status>(std::move(status));
  return Result<std::unique_ptr<OfflineRun>>(std::move(run));
}

}  // namespace stagecraft::cli
