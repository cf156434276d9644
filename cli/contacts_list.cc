#include <fmt/format.h>
#include <stagecraft/v1/contact_service.grpc.pb.h>

#include <algorithm>
#include <map>

#include "cli/client.h"
#include "cli/paged.h"
#include "cli/table.h"
#include "cli/terminal.h"
#include "cli/verbs.h"
#include "dsl/support/text.h"

namespace stagecraft::cli {
namespace {

namespace wire = ::stagecraft::v1;

// `name`: a property by name or internal name, a score, a counter, `contact`, `name`, `created` or `lists`.
Cell CellOf(const wire::Contact& contact, const std::string& name) {
  const auto wanted = FoldCase(name);
  const auto find = [&](std::string_view property) -> const wire::Property* {
    for (const auto& each : contact.properties()) {
      if (FoldCase(each.name()) == property || FoldCase(each.internal_name()) == property) return &each;
    }
    return nullptr;
  };
  if (wanted == "contact") return BareId(contact.name());
  if (wanted == "created") return TimeText(contact.create_time());
  if (wanted == "lists") return fmt::format("{}", fmt::join(contact.lists(), ", "));
  if (const auto* property = find(wanted)) return property->text();
  for (const auto* numbers : {&contact.scores(), &contact.counters()}) {
    for (const auto& number : *numbers) {
      if (FoldCase(number.name()) == wanted) return static_cast<std::int64_t>(number.value());
    }
  }
  if (wanted != "name") return "";
  const auto* first = find("first name");
  const auto* last = find("last name");
  if (first != nullptr && last != nullptr) return first->text() + " " + last->text();
  if (first != nullptr) return first->text();
  return last != nullptr ? last->text() : std::string();
}

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
  if (columns.empty()) columns = {"name", "lifecycle", "status", "score", "owner"};
  std::vector<std::string> headings = {"contact"};
  headings.insert(headings.end(), columns.begin(), columns.end());
  Table table(headings);
  for (const auto& contact : response.contacts()) {
    std::vector<Cell> row;
    for (const auto& heading : headings) row.push_back(CellOf(contact, heading));
    table.Add(std::move(row));
  }
  fmt::print("{}", table.Text(style));
  if (table.empty()) PrintNote(options.filter.empty() ? "there are no contacts yet" : "no contact meets the condition");
  if (!response.next_page_token().empty()) PrintNote("there are more; see them with --limit 0, or say which with --filter");
  return kDone;
}

}  // namespace stagecraft::cli
