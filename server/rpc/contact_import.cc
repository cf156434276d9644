// ContactService.ImportContacts and CompanyService.ImportCompanies: each piece of the file is applied by a worker before the next one is
// read, so that a large file takes neither memory nor a thread while it is on its way.
#include <spdlog/spdlog.h>

#include <algorithm>
#include <chrono>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "runtime/engine/view.h"
#include "runtime/import/contacts_import.h"
#include "runtime/model/reasons.h"
#include "server/log/log_line.h"
#include "server/rpc/blocking_call.h"
#include "server/rpc/company_service.h"
#include "server/rpc/contact_service.h"
#include "server/rpc/limits.h"
#include "server/rpc/operations.h"
#include "server/rpc/status_map.h"
#include "server/rpc/time_convert.h"

namespace stagecraft::server {
namespace {

// What the rows of a file are about.
struct OfContacts {
  using Request = v1::ImportContactsRequest;
  using Response = v1::ImportContactsResponse;
  static constexpr const char* kMethod = "ImportContacts";
  static constexpr v1::OperationKind kKind = v1::OPERATION_KIND_IMPORT_CONTACTS;
  static constexpr bool kCompanies = false;

  static runtime::Result<std::vector<runtime::EventResult>> Apply(runtime::Engine& engine, std::span<const runtime::EventInput> rows) {
    return engine.Apply(rows);
  }
};

struct OfCompanies {
  using Request = v1::ImportCompaniesRequest;
  using Response = v1::ImportCompaniesResponse;
  static constexpr const char* kMethod = "ImportCompanies";
  static constexpr v1::OperationKind kKind = v1::OPERATION_KIND_IMPORT_COMPANIES;
  static constexpr bool kCompanies = true;

  // A company may have many contacts: not so many at a time.
  static runtime::Result<std::vector<runtime::EventResult>> Apply(runtime::Engine& engine, std::span<const runtime::EventInput> rows) {
    constexpr std::size_t kTogether = 200;
    std::vector<runtime::EventResult> results;
    std::vector<runtime::CompanyInput> changes;
    while (!rows.empty()) {
      changes.clear();
      const auto group = rows.first(std::min(kTogether, rows.size()));
      for (const runtime::EventInput& row : group) changes.push_back({row, false});
      auto some = engine.ChangeCompanies(changes);
      if (!some) return some;
      results.insert(results.end(), some->begin(), some->end());
      rows = rows.subspan(group.size());
    }
    return results;
  }
};

runtime::Result<runtime::ContactMapping> ToMapping(const v1::ImportConfig& config, const Caller& caller) {
  runtime::ContactMapping mapping;
  if (runtime::Status status = CheckLength("config.", "actor", config.actor(), limits::kActorBytesMax); !status.ok()) {
    return tl::unexpected(std::move(status));
  }
  std::string actor = config.actor();
  if (runtime::Status status = TakeActor(caller, actor); !status.ok()) return tl::unexpected(std::move(status));
  for (const v1::ColumnMapping& column : config.columns()) mapping.columns.emplace_back(column.column(), column.property());
  mapping.id_column = config.id_column();
  mapping.create_time_column = config.create_time_column();
  mapping.date_order = config.date_order();
  if (!actor.empty()) mapping.actor = std::move(actor);
  if (config.has_as_of_time()) {
    const auto as_of = ToMicros(config.as_of_time());
    if (!as_of) {
      return tl::unexpected(InvalidField("config.as_of_time", runtime::reasons::kInvalidValue,
                                         "`as_of_time` is not a time; expected one in the years 1 to 9999"));
    }
    mapping.as_of = *as_of;
  }
  return mapping;
}

// Keeps itself until gRPC is done with it. One thing at a time is done with it: it waits for a piece, a worker is at one, or it comes to
// its end.
template <typename Of>
class ImportCall final : public grpc::ServerReadReactor<typename Of::Request>,
                         public Drainable,
                         public std::enable_shared_from_this<ImportCall<Of>> {
 public:
  ImportCall(const ServiceContext& context, grpc::CallbackServerContext& call, typename Of::Response& response)
      : context_(context), call_(call), response_(response), admitted_(Admit(context, call, Of::kMethod)) {}

  // Once, before gRPC knows of it.
  void Start() {
    self_ = this->shared_from_this();
    if (!admitted_) {
      this->Finish(ToGrpcStatus(admitted_.error()));
      return;
    }
    operation_ = context_.operations.Begin(Of::kKind, *admitted_->caller);
    operation_->OnCancel([weak = this->weak_from_this()] {
      if (const auto self = weak.lock()) self->Drain(Cancelled());
    });
    call_.AddInitialMetadata(kOperationMetadata, operation_->name());
    this->StartSendInitialMetadata();
    is_registered_ = context_.streams.Add(*this);
    if (!is_registered_) Drain(Stopping());
    ReadOrEnd();
  }

  void OnReadDone(bool ok) override {
    {
      const std::lock_guard lock(mutex_);
      if (stage_ == Stage::kEnding) return;
      stage_ = Stage::kWorking;  // from here on nobody else ends it
    }
    if (call_.IsCancelled()) {
      End(NobodyWaits(call_));
    } else if (const runtime::Status status = context_.gate.CheckCaller(*admitted_->caller); !status.ok()) {
      End(ToGrpcStatus(status));
    } else if (!context_.workers.Submit([this, ok] { Take(ok); })) {
      End(TooManyCalls());
    }
  }

  // What a worker is at is finished first; of an operation that was cancelled, as much as is_cancel_requested lets it.
  void Drain(const runtime::Status& why) override {
    const std::lock_guard lock(mutex_);
    if (!end_) end_ = why;
    if (stage_ != Stage::kReading) return;
    stage_ = Stage::kEnding;
    End(ToGrpcStatus(*end_));
  }

  void OnDone() override {
    if (is_registered_) context_.streams.Remove(*this);
    const std::shared_ptr<ImportCall> self = std::move(self_);
  }

 private:
  // On a worker: a piece of the file, or its end.
  void Take(bool piece) {
    const auto work = [this, piece] { return ToGrpcStatus(piece ? TakePiece() : TakeEnd()); };
    const grpc::Status status = RunPart(call_, *admitted_, work);
    if (piece && status.ok()) {
      ReadOrEnd();
    } else {
      AuditAndFinish(status);
    }
  }
  // Reads the next piece, unless the call is to end.
  void ReadOrEnd() {
    const std::shared_ptr<ImportCall> self = this->shared_from_this();  // it may be over before the lock is released
    const std::lock_guard lock(mutex_);
    stage_ = end_ ? Stage::kEnding : Stage::kReading;
    if (end_) {
      End(ToGrpcStatus(*end_));
    } else {
      this->StartRead(&request_);
    }
  }
  // On a worker, since the audit log waits for the disk.
  void End(const grpc::Status& status) {
    if (context_.workers.Submit([this, status] { AuditAndFinish(status); })) return;
    spdlog::warn("{}", LogLine("an import that was ended is not in the audit log")
                           .With("method", admitted_->permission->method)
                           .With("request", admitted_->request_id)
                           .With("token", admitted_->caller->token)
                           .text());
    Finish(status);
  }
  void AuditAndFinish(const grpc::Status& status) {
    Audit(context_, call_, *admitted_, static_cast<int>(status.error_code()));
    Finish(status);
  }
  // The call, and its operation. Nothing of this is touched afterwards.
  void Finish(const grpc::Status& status) {
    if (operation_ != nullptr) operation_->End(status, Report());
    grpc::ServerReadReactor<typename Of::Request>::Finish(status);
  }

  static runtime::Status Cancelled() { return OperationCancelled("the import"); }

  runtime::Status TakePiece();
  runtime::Status TakeEnd();
  // The configuration has come, or every default is right.
  runtime::Status Begin(const v1::ImportConfig& config);
  // Applies the rows that are ready.
  runtime::Status ApplyReady();
  runtime::Result<std::vector<runtime::EventResult>> ApplyPatiently(std::span<const runtime::EventInput> events);
  void Tell(const runtime::ImportProblem& problem);
  // Rows that did not go in, of those that had their turn.
  std::int64_t Rejected() const { return static_cast<std::int64_t>(import_->rows() - events_) + refused_; }
  void ShowProgress();
  // What came of it until now, for the operation: of rows that did not go in only where they stand. An erased contact must not live on in
  // what such a row said.
  typename Of::Response Report() const;

  ServiceContext context_;
  grpc::CallbackServerContext& call_;
  typename Of::Response& response_;
  runtime::Result<AdmittedCall> admitted_;
  typename Of::Request request_;
  std::shared_ptr<CallOperation> operation_;  // when it is admitted
  std::shared_ptr<ImportCall> self_;
  std::unique_ptr<runtime::ContactsImport> import_;
  std::uint64_t events_ = 0;  // that rows became
  std::int64_t refused_ = 0;  // of them, by the engine
  bool is_registered_ = false;
  std::recursive_mutex mutex_;  // guards what follows; gRPC may react within a call to it
  enum class Stage { kReading, kWorking, kEnding } stage_ = Stage::kWorking;
  std::optional<runtime::Status> end_;  // with this, as soon as nothing is worked at
};

template <typename Of>
runtime::Status ImportCall<Of>::Begin(const v1::ImportConfig& config) {
  auto mapping = ToMapping(config, *admitted_->caller);
  if (!mapping) return mapping.error();
  if (!config.actor().empty()) operation_->SetActor(config.actor());
  mapping->companies = Of::kCompanies;
  std::uint32_t revision = 0;
  runtime::Status status = context_.engine.Read([&revision](const runtime::View& view) { revision = view.revision(); });
  if (!status.ok()) return status;
  import_ = std::make_unique<runtime::ContactsImport>(context_.engine.ProgramOf(revision), std::move(*mapping));
  return {};
}

template <typename Of>
runtime::Status ImportCall<Of>::TakePiece() {
  if (request_.has_config()) {
    if (import_ != nullptr) {
      return InvalidField("config", "CONFIG_NOT_FIRST", "the configuration came after something else; expected it first, and once");
    }
    return Begin(request_.config());
  }
  if (request_.chunk().size() > limits::kImportChunkBytesMax) {
    return InvalidField("chunk", "CHUNK_TOO_LARGE",
                        "a piece of " + std::to_string(request_.chunk().size()) + " bytes; expected at most " +
                            std::to_string(limits::kImportChunkBytesMax));
  }
  if (import_ == nullptr) {
    if (runtime::Status status = Begin({}); !status.ok()) return status;
  }
  if (runtime::Status status = import_->Feed(request_.chunk()); !status.ok()) return status;
  return ApplyReady();
}

template <typename Of>
runtime::Status ImportCall<Of>::TakeEnd() {
  if (import_ == nullptr) {
    if (runtime::Status status = Begin({}); !status.ok()) return status;
  }
  if (runtime::Status status = import_->Finish(); !status.ok()) return status;
  if (runtime::Status status = ApplyReady(); !status.ok()) return status;
  for (const std::string& column : import_->ignored_columns()) response_.add_ignored_columns(column);
  response_.set_id_column(std::string(import_->id_column()));
  std::stable_sort(response_.mutable_errors()->begin(), response_.mutable_errors()->end(),
                   [](const v1::ImportError& a, const v1::ImportError& b) { return a.line() < b.line(); });
  return {};
}

template <typename Of>
runtime::Status ImportCall<Of>::ApplyReady() {
  for (const runtime::ImportProblem& problem : import_->TakeProblems()) Tell(problem);
  const std::vector<runtime::OwnedEvent> events = import_->TakeEvents();
  events_ += events.size();
  ShowProgress();
  for (std::size_t begin = 0; begin < events.size(); begin += limits::kBatchEventsMax) {
    if (operation_->is_cancel_requested()) return Cancelled();
    const std::size_t count = std::min<std::size_t>(limits::kBatchEventsMax, events.size() - begin);
    const std::span<const runtime::OwnedEvent> group(events.data() + begin, count);
    const runtime::EventViews views(group);
    const auto results = ApplyPatiently(views.inputs());
    if (!results) return results.error();
    for (std::size_t i = 0; i < count; ++i) {
      const runtime::EventResult& result = (*results)[i];
      if (!result.status.ok()) {
        ++refused_;
        Tell(runtime::ContactsImport::ProblemOf(group[i], result.status));
      } else if (result.state == runtime::EventState::kDuplicate) {
        response_.set_unchanged(response_.unchanged() + 1);
      } else {
        response_.set_applied(response_.applied() + 1);
        if (result.created) response_.set_created(response_.created() + 1);
      }
    }
    ShowProgress();
  }
  return {};
}

template <typename Of>
void ImportCall<Of>::ShowProgress() {
  response_.set_rows(static_cast<std::int64_t>(import_->rows()));
  response_.set_rejected(Rejected());
  operation_->SetProgress(response_.applied() + response_.unchanged() + response_.rejected(), response_.rejected());
}

template <typename Of>
typename Of::Response ImportCall<Of>::Report() const {
  typename Of::Response report = response_;
  if (report.errors_size() > limits::kOperationErrorsMax)
    report.mutable_errors()->DeleteSubrange(limits::kOperationErrorsMax, report.errors_size() - limits::kOperationErrorsMax);
  for (v1::ImportError& error : *report.mutable_errors()) {
    error.clear_value();
    error.clear_reason();
  }
  return report;
}

// A full inbox is no reason to give up half a file.
template <typename Of>
runtime::Result<std::vector<runtime::EventResult>> ImportCall<Of>::ApplyPatiently(std::span<const runtime::EventInput> events) {
  for (;;) {
    auto results = Of::Apply(context_.engine, events);
    if (results || results.error().reason != runtime::reasons::kInboxFull || Abandoned(call_)) return results;
    std::this_thread::sleep_for(limits::kInboxRetry);
  }
}

template <typename Of>
void ImportCall<Of>::Tell(const runtime::ImportProblem& problem) {
  response_.set_error_count(response_.error_count() + 1);
  if (response_.errors_size() >= limits::kImportErrorsMax) return;
  v1::ImportError* error = response_.add_errors();
  error->set_line(problem.line);
  error->set_column(static_cast<std::int32_t>(problem.column_number));
  error->set_column_name(problem.column);
  error->set_value(problem.value);
  error->set_reason(problem.reason);
}

template <typename Of>
grpc::ServerReadReactor<typename Of::Request>* BeginImport(const ServiceContext& context, grpc::CallbackServerContext& call,
                                                           typename Of::Response& response) {
  const auto import = std::make_shared<ImportCall<Of>>(context, call, response);
  import->Start();
  return import.get();
}

}  // namespace

grpc::ServerReadReactor<v1::ImportContactsRequest>* ContactService::ImportContacts(grpc::CallbackServerContext* call,
                                                                                   v1::ImportContactsResponse* response) {
  return BeginImport<OfContacts>(context_, *call, *response);
}

grpc::ServerReadReactor<v1::ImportCompaniesRequest>* CompanyService::ImportCompanies(grpc::CallbackServerContext* call,
                                                                                     v1::ImportCompaniesResponse* response) {
  return BeginImport<OfCompanies>(context_, *call, *response);
}

}  // namespace stagecraft::server
