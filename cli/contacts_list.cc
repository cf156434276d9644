#include <fmt/format.h>
#include <stagecraft/v1/contact_service.grpc.pb.h>

#include <algorithm>
#include <map>

#include "cli/client.h"
#include "cli/contact_cell.h"
#include "cli/paged.h"
#include "cli/table.h"
#include "cli/terminal.h"
#include "cli/verbs.h"

namespace stagecraft::cli {
namespace {

namespace wire = ::stagecraft::v1;

Table Counted(const wire::ListContactsResponse& response, const std::string& by) {
  std::map<std::string, std::uint64_t> counts;
  for (const auto& contact : response.contacts()) ++counts[CellOf(contact, by).text];
  std::vector<std::pair<std::string, std::uint64_t>> ordered(counts.begin(), counts.end());
  std::stable_sort(ordered.begin(), ordered.end(), [](const auto& a, const auto& b) { return a.second > b.second; });
  Table table({by, "contacts"});
  for (const auto& [value, count] : ordered) table.Add({value.empty() ? "(not set)" : value, count});
  table.SetTotal({"total", static_cast<std::uint64_t>(response.contacts_size())});
  return table;
}

}  // namespace

int ContactsList(const ContactsListOptions& options) {
  const bool counts = !options.count_by.empty();
  wire::ListContactsResponse response;
  wire::ListContactsRequest request;
  request.set_filter(options.filter);
  request.set_order_by(options.order_by);
  for (const auto& column : options.columns) AddValues(column, *request.mutable_values());
  if (counts) AddValues(options.count_by, *request.mutable_values());
  const auto stub = wire::ContactService::NewStub(Connect(options.remote));
  const auto status = ReadPages(*stub, &wire::ContactService::Stub::ListContacts, request, &wire::ListContactsResponse::mutable_contacts,
                                counts ? 0 : options.limit, response);
  if (!status.ok()) return ReportCall(status, options.remote);
  const TableStyle style{TerminalWidth(), HasColour(stdout)};
  if (counts) {
    const auto table = Counted(response, options.count_by);
    fmt::print("{}", options.json ? table.Json() + "\n" : table.Text(style));
    return kDone;
  }
  if (options.json) {
    fmt::print("{}", ToJson(response));
    return kDone;
  }
  auto columns = options.columns;
  if (columns.empty()) columns.assign(kContactColumns.begin(), kContactColumns.end());
  std::vector<std::string> headings = {"contact"};
  headings.insert(headings.end(), columns.begin(), columns.end());
  Table table(headings);
  for (const auto& contact : response.contacts()) {
    std::vector<Cell> row;
    for (const auto& heading : headings) row.push_back(CellOf(contact, heading));
    table.Add(std::move(row));
  }
  PrintPage(table, options.filter.empty() ? "there are no contacts yet" : "no contact meets the condition", response.next_page_token(),
            More::kFilter);
  return kDone;
}

}  // namespace stagecraft::cli
