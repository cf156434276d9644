#include <fmt/format.h>
#include <stagecraft/v1/company_service.grpc.pb.h>
#include <stagecraft/v1/contact_service.grpc.pb.h>

#include "cli/client.h"
#include "cli/files.h"
#include "cli/terminal.h"
#include "cli/verbs.h"
#include "dsl/support/show.h"
#include "runtime/import/hubspot_headers.h"
#include "runtime/import/moment.h"
#include "runtime/import/run_config.h"
#include "runtime/import/toml.h"

namespace stagecraft::cli {
namespace {

namespace wire = ::stagecraft::v1;
using runtime::Fail;
using runtime::Result;
using runtime::Status;
using runtime::StatusCode;

constexpr std::size_t kChunkBytes = 1U << 18;

// The mapping file, and over it what the command line says.
Result<runtime::ContactMapping> MappingOf(const ContactsImportOptions& options) {
  runtime::ContactMapping mapping;
  if (!options.mapping.empty()) {
    const auto file = ReadFile(options.mapping, runtime::kTomlBytesMax);
    if (!file) return tl::unexpected<Status>(file.error());
    auto parsed = runtime::ParseContactMapping(file->name, file->text);
    if (!parsed) return parsed;
    mapping = std::move(*parsed);
  }
  if (!options.id_column.empty()) mapping.id_column = options.id_column;
  if (!options.dates.empty()) mapping.date_order = options.dates;
  if (!options.as_of.empty()) {
    const auto moment = runtime::MomentReader().Read(options.as_of);
    if (!moment) {
      return Fail(StatusCode::kInvalidArgument, "INVALID_AS_OF",
                  fmt::format("`--as-of {}` is no time; expected one such as `2026-10-04T18:00:00Z`", options.as_of));
    }
    mapping.as_of = moment->at;
  }
  return mapping;
}

void Convert(const runtime::ContactMapping& mapping, wire::ImportConfig* out) {
  for (const auto& [column, property] : mapping.columns) {
    auto* each = out->add_columns();
    each->set_column(column);
    each->set_property(property);
  }
  out->set_id_column(mapping.id_column);
  out->set_create_time_column(mapping.create_time_column);
  out->set_actor(mapping.actor);
  out->set_date_order(mapping.date_order);
  if (mapping.as_of != 0) {
    out->mutable_as_of_time()->set_seconds(mapping.as_of / 1'000'000);
    out->mutable_as_of_time()->set_nanos(static_cast<std::int32_t>(mapping.as_of % 1'000'000 * 1000));
  }
}

// What the rows of the file are about.
struct OfContacts {
  using Service = wire::ContactService;
  using Request = wire::ImportContactsRequest;
  using Response = wire::ImportContactsResponse;
  static constexpr const char* kOne = "contact";
  static constexpr const char* kMany = "contacts";

  static auto Open(Service::Stub& stub, grpc::ClientContext& context, Response& response) {
    return stub.ImportContacts(&context, &response);
  }
};
struct OfCompanies {
  using Service = wire::CompanyService;
  using Request = wire::ImportCompaniesRequest;
  using Response = wire::ImportCompaniesResponse;
  static constexpr const char* kOne = "company";
  static constexpr const char* kMany = "companies";

  static auto Open(Service::Stub& stub, grpc::ClientContext& context, Response& response) {
    return stub.ImportCompanies(&context, &response);
  }
};

template <typename Response>
void PrintErrors(const std::string& file, const Response& response) {
  for (const auto& error : response.errors()) {
    const runtime::ImportProblem problem{static_cast<std::uint32_t>(error.line()), static_cast<std::uint32_t>(error.column()),
                                         error.column_name(), error.value(), error.reason()};
    PrintLine(stderr, fmt::format("{}: {}", file, runtime::Describe(problem)));
  }
  if (response.error_count() > response.errors_size())
    fmt::print(stderr, "… and {} more\n", response.error_count() - response.errors_size());
}

template <typename Of>
int Import(const ContactsImportOptions& options) {
  const auto mapping = MappingOf(options);
  if (!mapping) {
    PrintError(mapping.error().message);
    return kFailed;
  }
  const auto stub = Of::Service::NewStub(Connect(options.remote));
  typename Of::Response response;
  grpc::ClientContext context;  // no deadline: a file may be large
  const auto writer = Of::Open(*stub, context, response);
  typename Of::Request request;
  Convert(*mapping, request.mutable_config());
  bool open = writer->Write(request);
  const auto total = options.file == "-" ? 0 : FileBytes(options.file) / 1024;
  std::uint64_t sent = 0;
  {
    Progress progress("KiB sent", total);
    const auto status = ReadPieces(options.file, [&](std::string_view piece) {
      for (; open && !piece.empty(); piece.remove_prefix(std::min(kChunkBytes, piece.size()))) {
        request.set_chunk(std::string(piece.substr(0, kChunkBytes)));
        open = writer->Write(request);
      }
      progress.Show((sent += kChunkBytes) / 1024);
      return Status();
    });
    if (!status.ok()) {
      context.TryCancel();
      PrintError(status.message);
      return kFailed;
    }
    writer->WritesDone();
  }
  if (const auto status = writer->Finish(); !status.ok()) return ReportCall(status, options.remote);

  if (options.json) {
    fmt::print("{}", ToJson(response));
  } else {
    fmt::print("{}: {} applied, {} unchanged, {} rejected; {} {} created\n", Counted(static_cast<std::uint64_t>(response.rows()), "row"),
               response.applied(), response.unchanged(), response.rejected(), response.created(),
               response.created() == 1 ? Of::kOne : Of::kMany);
    PrintErrors(options.file, response);
    if (response.ignored_columns_size() > 0) {
      PrintNote(fmt::format("columns left out, since no property fits them: {}; name one with --mapping",
                            fmt::join(response.ignored_columns(), ", ")));
    }
    // Events tend to name contacts by their e-mail, and would not find these.
    const bool is_number = runtime::RoleOfHeader(response.id_column()) == runtime::HeaderRole::kRecordId;
    if (!options.companies && mapping->id_column.empty() && is_number && response.created() > 0) {
      PrintNote(fmt::format("contacts are known by `{}`, and events must name them so; for another column, start anew with --id",
                            response.id_column()));
    }
  }
  return response.error_count() > 0 ? kFound : kDone;
}

}  // namespace

int ContactsImport(const ContactsImportOptions& options) {
  return options.companies ? Import<OfCompanies>(options) : Import<OfContacts>(options);
}

}  // namespace stagecraft::cli
