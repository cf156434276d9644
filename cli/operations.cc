#include <fmt/format.h>
#include <google/longrunning/operations.grpc.pb.h>
#include <stagecraft/v1/admin_service.pb.h>
#include <stagecraft/v1/company_service.pb.h>
#include <stagecraft/v1/contact_service.pb.h>
#include <stagecraft/v1/operation.pb.h>
#include <stagecraft/v1/script_service.pb.h>

#include <algorithm>
#include <memory>
#include <string>

#include "cli/client.h"
#include "cli/paged.h"
#include "cli/table.h"
#include "cli/terminal.h"
#include "cli/verbs.h"
#include "dsl/support/show.h"

namespace stagecraft::cli {
namespace {

namespace wire = ::stagecraft::v1;
namespace lro = ::google::longrunning;

// The rest is shown by --json.
constexpr std::size_t kStateColumns = 60;
// Well within the time that a call has.
constexpr int kWaitSeconds = 20;
constexpr int kCancelSeconds = 2;

wire::OperationMetadata MetadataOf(const lro::Operation& operation) {
  wire::OperationMetadata metadata;
  operation.metadata().UnpackTo(&metadata);
  return metadata;
}

std::string WhatText(const wire::OperationMetadata& metadata) {
  switch (metadata.kind()) {
    case wire::OPERATION_KIND_IMPORT_CONTACTS:
      return "import of contacts";
    case wire::OPERATION_KIND_IMPORT_COMPANIES:
      return "import of companies";
    case wire::OPERATION_KIND_ENROLMENT:
      return "enrolment of revision " + BareId(metadata.deployment());
    case wire::OPERATION_KIND_BACKUP:
      return "backup";
    default:
      return "";
  }
}

std::string StateText(const lro::Operation& operation) {
  if (!operation.done()) return MetadataOf(operation).cancel_requested() ? "ending" : "running";
  if (!operation.has_error()) return "done";
  if (operation.error().code() == grpc::StatusCode::CANCELLED) return "cancelled";
  return "failed: " + operation.error().message();
}

std::string DoneText(const wire::OperationMetadata& metadata) {
  constexpr std::int64_t kKilobyte = 1'000;
  const std::int64_t done = metadata.done_count();
  if (metadata.kind() == wire::OPERATION_KIND_BACKUP) return fmt::format("{} kB", (done + kKilobyte - 1) / kKilobyte);
  const char* things = metadata.kind() == wire::OPERATION_KIND_ENROLMENT ? "contact" : "row";
  const std::int64_t all = std::max(metadata.total_count(), done);
  std::string text = Counted(static_cast<std::uint64_t>(all), things);
  if (metadata.total_count() != 0) text = fmt::format("{} of {}", done, text);
  if (metadata.failed_count() != 0) text += fmt::format(", {} rejected", metadata.failed_count());
  return text;
}

template <typename Message>
bool Unpacked(const lro::Operation& operation, Message& out) {
  if (operation.has_response()) return operation.response().UnpackTo(&out);
  const auto& details = operation.error().details();
  return std::any_of(details.begin(), details.end(), [&out](const auto& detail) { return detail.UnpackTo(&out); });
}

template <typename Report>
std::string RowsText(const Report& report) {
  return fmt::format("{} applied, {} unchanged, {} rejected; {} created", report.applied(), report.unchanged(), report.rejected(),
                     report.created());
}

// What came of it, or has until it failed; empty: nothing is said.
std::string ResultText(const lro::Operation& operation) {
  wire::ImportContactsResponse contacts;
  wire::ImportCompaniesResponse companies;
  wire::Enrolment enrolment;
  wire::BackupSummary backup;
  if (Unpacked(operation, contacts)) return RowsText(contacts);
  if (Unpacked(operation, companies)) return RowsText(companies);
  if (Unpacked(operation, enrolment)) return Counted(static_cast<std::uint64_t>(enrolment.started_count()), "run") + " started";
  if (Unpacked(operation, backup)) return Counted(static_cast<std::uint64_t>(backup.file_count()), "file") + " sent";
  return "";
}

void Print(const lro::Operation& operation) {
  const wire::OperationMetadata metadata = MetadataOf(operation);
  const auto line = [](const char* what, const std::string& value) {
    if (!value.empty()) PrintLine(stdout, fmt::format("{:<11}{}", what, value));
  };
  line("operation", BareId(operation.name()));
  line("what", WhatText(metadata));
  line("began", TimeText(metadata.create_time()) + (metadata.actor().empty() ? "" : ", by " + metadata.actor()));
  line("ended", TimeText(metadata.end_time()));
  line("state", StateText(operation));
  line("how far", DoneText(metadata));
  line("result", ResultText(operation));
}

grpc::Status Get(lro::Operations::Stub& stub, const std::string& name, lro::Operation& operation) {
  lro::GetOperationRequest request;
  request.set_name(name);
  return stub.GetOperation(CallContext().get(), request, &operation);
}

}  // namespace

int OperationsList(const OperationsListOptions& options) {
  lro::ListOperationsRequest request;
  if (options.running) request.set_filter("done = false");
  const auto stub = lro::Operations::NewStub(Connect(options.remote));
  lro::ListOperationsResponse response;
  const auto status = ReadPages(*stub, &lro::Operations::Stub::ListOperations, request, &lro::ListOperationsResponse::mutable_operations,
                                options.limit, response);
  if (!status.ok()) return ReportCall(status, options.remote);
  if (options.json) {
    fmt::print("{}", ToJson(response));
    return kDone;
  }
  Table table({"operation", "what", "began", "by", "state", "how far"});
  for (const auto& each : response.operations()) {
    const wire::OperationMetadata metadata = MetadataOf(each);
    table.Add({BareId(each.name()), WhatText(metadata), TimeText(metadata.create_time()), metadata.actor(),
               Cut(OneLine(StateText(each)), kStateColumns), DoneText(metadata)});
  }
  PrintPage(table, options.running ? "nothing is going on" : "there are no operations", response.next_page_token());
  return kDone;
}

int OperationsShow(const OperationsShowOptions& options) {
  lro::Operation operation;
  const auto stub = lro::Operations::NewStub(Connect(options.remote));
  if (const auto status = Get(*stub, options.name, operation); !status.ok()) return ReportCall(status, options.remote);
  if (options.json) {
    fmt::print("{}", ToJson(operation));
  } else {
    Print(operation);
  }
  return kDone;
}

int OperationsCancel(const OperationsCancelOptions& options) {
  lro::CancelOperationRequest request;
  request.set_name(options.name);
  google::protobuf::Empty nothing;
  const auto stub = lro::Operations::NewStub(Connect(options.remote));
  if (const auto status = stub->CancelOperation(CallContext().get(), request, &nothing); !status.ok())
    return ReportCall(status, options.remote);
  // Most end within this time; of one that does not, it is said that it is ending.
  lro::WaitOperationRequest wait;
  wait.set_name(options.name);
  wait.mutable_timeout()->set_seconds(kCancelSeconds);
  lro::Operation operation;
  if (const auto status = stub->WaitOperation(CallContext().get(), wait, &operation); !status.ok())
    return ReportCall(status, options.remote);
  PrintLine(stdout, fmt::format("{}: {}; {}", BareId(operation.name()), StateText(operation), DoneText(MetadataOf(operation))));
  return kDone;
}

int OperationsWait(const OperationsWaitOptions& options) {
  const auto stub = lro::Operations::NewStub(Connect(options.remote));
  lro::WaitOperationRequest request;
  request.set_name(options.name);
  // On a terminal one sees how far it is.
  request.mutable_timeout()->set_seconds(IsTerminal(stderr) ? 1 : kWaitSeconds);
  lro::Operation operation;
  std::unique_ptr<Progress> progress;
  do {
    if (const auto status = stub->WaitOperation(CallContext().get(), request, &operation); !status.ok())
      return ReportCall(status, options.remote);
    const wire::OperationMetadata metadata = MetadataOf(operation);
    if (!progress) progress = std::make_unique<Progress>("done", static_cast<std::uint64_t>(metadata.total_count()));
    progress->Show(static_cast<std::uint64_t>(metadata.done_count()));
  } while (!operation.done());
  progress.reset();
  if (options.json) {
    fmt::print("{}", ToJson(operation));
  } else {
    Print(operation);
  }
  return operation.has_error() ? kFound : kDone;
}

}  // namespace stagecraft::cli
