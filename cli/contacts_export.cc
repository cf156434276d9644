#include <fmt/format.h>
#include <stagecraft/v1/contact_service.grpc.pb.h>

#include <algorithm>
#include <functional>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "cli/client.h"
#include "cli/contact_cell.h"
#include "cli/table.h"
#include "cli/terminal.h"
#include "cli/verbs.h"

namespace stagecraft::cli {
namespace {

namespace wire = ::stagecraft::v1;

// HubSpot's name for the id, so that an import finds it.
constexpr const char* kIdHeading = "Record ID";

// Hands out the contacts in parts.
grpc::Status ReadAll(const ContactsExportOptions& options, const std::vector<std::string>& columns, const char* doing,
                     const std::function<void(const wire::ExportContactsResponse&)>& take) {
  const auto stub = wire::ContactService::NewStub(Connect(options.remote));
  wire::ExportContactsRequest request;
  request.set_filter(options.filter);
  for (const std::string& column : columns) AddValues(column, *request.mutable_values());
  grpc::ClientContext context;  // without a deadline: it takes as long as there are contacts
  const auto parts = stub->ExportContacts(&context, request);
  std::optional<Progress> progress;
  wire::ExportContactsResponse part;
  while (parts->Read(&part)) {
    if (!progress) progress.emplace(doing, static_cast<std::uint64_t>(part.total_count()));
    take(part);
    progress->Show(static_cast<std::uint64_t>(part.scanned_count()));
  }
  return parts->Finish();
}

// The columns of everything that any of the contacts has: properties in the vocabulary's order as far as they show it, then scores and
// counters.
class ColumnsInUse {
 public:
  void Add(const wire::Contact& contact) {
    for (const wire::Property& property : contact.properties()) AddTo(properties_, property.name());
    for (const auto* numbers : {&contact.scores(), &contact.counters()}) {
      for (const wire::NamedNumber& number : *numbers) AddTo(numbers_, number.name());
    }
  }
  std::vector<std::string> Take() {
    std::vector<std::string> all = std::move(properties_);
    all.insert(all.end(), numbers_.begin(), numbers_.end());
    return all;
  }

 private:
  void AddTo(std::vector<std::string>& names, const std::string& name) {
    if (seen_.insert(name).second) names.push_back(name);
  }

  std::vector<std::string> properties_;
  std::vector<std::string> numbers_;
  std::set<std::string> seen_;
};

grpc::Status PrintCsv(const ContactsExportOptions& options, const std::vector<std::string>& columns) {
  std::vector<std::string> headings = {kIdHeading};
  headings.insert(headings.end(), columns.begin(), columns.end());
  bool is_first = true;
  const auto print = [&](const wire::ExportContactsResponse& part) {
    Table table(headings);
    for (const wire::Contact& contact : part.contacts()) {
      std::vector<Cell> row = {BareId(contact.name())};
      for (const std::string& column : columns) row.push_back(CellOf(contact, column));
      table.Add(std::move(row));
    }
    fmt::print("{}", table.Csv(std::exchange(is_first, false)));
  };
  return ReadAll(options, columns, "contacts written", print);
}

}  // namespace

int ContactsExport(const ContactsExportOptions& options) {
  if (options.ndjson) {
    const auto print = [](const wire::ExportContactsResponse& part) {
      for (const wire::Contact& contact : part.contacts()) fmt::print("{}", ToJsonLine(contact));
    };
    const grpc::Status status = ReadAll(options, options.columns, "contacts written", print);
    return status.ok() ? kDone : ReportCall(status, options.remote);
  }
  std::vector<std::string> columns = options.columns;
  if (columns.empty()) {
    ColumnsInUse in_use;
    const grpc::Status status = ReadAll(options, {}, "contacts looked at", [&](const wire::ExportContactsResponse& part) {
      for (const wire::Contact& contact : part.contacts()) in_use.Add(contact);
    });
    if (!status.ok()) return ReportCall(status, options.remote);
    columns = in_use.Take();
  }
  const grpc::Status status = PrintCsv(options, columns);
  return status.ok() ? kDone : ReportCall(status, options.remote);
}

}  // namespace stagecraft::cli
