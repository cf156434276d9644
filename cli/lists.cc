#include <fmt/format.h>
#include <stagecraft/v1/list_service.grpc.pb.h>

#include <algorithm>

#include "cli/client.h"
#include "cli/contact_cell.h"
#include "cli/paged.h"
#include "cli/table.h"
#include "cli/terminal.h"
#include "cli/verbs.h"
#include "dsl/support/show.h"

namespace stagecraft::cli {
namespace {

namespace wire = ::stagecraft::v1;

std::string PlaceOf(const wire::List& list) { return fmt::format("{}:{}", list.file(), list.line()); }

void PrintList(const wire::List& list, const wire::ListListMembersResponse& members) {
  const TableStyle style{TerminalWidth(), HasColour(stdout)};
  fmt::print("{}  {}, {}\n{}\n\n", Styled(OneLine(BareId(list.name())), Style::kBold, style.colour),
             Counted(static_cast<std::uint64_t>(list.member_count()), "contact"), OneLine(PlaceOf(list)), OneLine(list.text()));
  std::vector<std::string> headings = {"contact"};
  headings.insert(headings.end(), kContactColumns.begin(), kContactColumns.end());
  std::vector<std::string> shown = headings;
  if (list.by_hand()) shown.emplace_back("added");
  Table table(shown);
  for (const auto& member : members.members()) {
    std::vector<Cell> row;
    for (const auto& heading : headings) row.push_back(CellOf(member.contact(), heading));
    if (list.by_hand()) row.emplace_back(TimeText(member.add_time()));
    table.Add(std::move(row));
  }
  PrintPage(table, "", members.next_page_token());
}

// The contacts in calls of as many as one may have. What all of them came to is in `out`.
template <typename Request, typename Response>
grpc::Status Change(wire::ListService::Stub& stub,
                    grpc::Status (wire::ListService::Stub::*method)(grpc::ClientContext*, const Request&, Response*),
                    const ListsChangeOptions& options, Response& out) {
  constexpr std::size_t kContactsMax = 1000;
  for (std::size_t first = 0; first < options.contacts.size(); first += kContactsMax) {
    Request request;
    request.set_name(options.list);
    request.set_actor(options.actor);
    request.set_request_id(options.request_id);
    const std::size_t stop = std::min(options.contacts.size(), first + kContactsMax);
    for (std::size_t i = first; i < stop; ++i) request.add_contacts(options.contacts[i]);
    Response response;
    if (auto status = (stub.*method)(CallContext().get(), request, &response); !status.ok()) return status;
    out.set_changed_count(out.changed_count() + response.changed_count());
    out.set_unchanged_count(out.unchanged_count() + response.unchanged_count());
    out.mutable_errors()->MergeFrom(response.errors());
  }
  return grpc::Status::OK;
}

template <typename Response>
int Report(const grpc::Status& status, const ListsChangeOptions& options, const Response& response) {
  if (!status.ok()) return ReportCall(status, options.remote);
  if (options.json) {
    fmt::print("{}", ToJson(response));
  } else {
    fmt::print("{} {}", Counted(static_cast<std::uint64_t>(response.changed_count()), "contact"), options.add ? "added" : "removed");
    if (response.unchanged_count() > 0) fmt::print(", {} {}", response.unchanged_count(), options.add ? "in it already" : "not in it");
    fmt::print("\n");
  }
  for (const auto& error : response.errors()) PrintError(fmt::format("`{}`: {}", error.contact(), error.status().message()));
  return response.errors().empty() ? kDone : kFound;
}

}  // namespace

int ListsList(const ListsListOptions& options) {
  const auto stub = wire::ListService::NewStub(Connect(options.remote));
  wire::ListListsResponse response;
  const auto status = ReadPages(*stub, &wire::ListService::Stub::ListLists, wire::ListListsRequest(),
                                &wire::ListListsResponse::mutable_lists, options.limit, response);
  if (!status.ok()) return ReportCall(status, options.remote);
  if (options.json) {
    fmt::print("{}", ToJson(response));
    return kDone;
  }
  Table table({"list", "contacts", "who is in it", "where"});
  for (const auto& list : response.lists()) {
    table.Add(
        {BareId(list.name()), static_cast<std::int64_t>(list.member_count()), list.by_hand() ? "by hand" : "by condition", PlaceOf(list)});
  }
  PrintPage(table, "the scripts have no list; declare one with `list`", response.next_page_token());
  return kDone;
}

int ListsShow(const ListsShowOptions& options) {
  const auto stub = wire::ListService::NewStub(Connect(options.remote));
  wire::GetListRequest request;
  request.set_name(options.list);
  wire::GetListResponse response;
  if (const auto status = stub->GetList(CallContext().get(), request, &response); !status.ok()) return ReportCall(status, options.remote);
  wire::ListListMembersRequest contacts;
  contacts.set_name(options.list);
  wire::ListListMembersResponse members;
  const auto status = ReadPages(*stub, &wire::ListService::Stub::ListListMembers, contacts, &wire::ListListMembersResponse::mutable_members,
                                options.limit, members);
  if (!status.ok()) return ReportCall(status, options.remote);
  if (options.json) {
    fmt::print("{{\"list\": {}, \"members\": {}}}\n", ToJson(response.list()), ToJson(members));
  } else {
    PrintList(response.list(), members);
  }
  return kDone;
}

int ChangeList(const ListsChangeOptions& options) {
  const auto stub = wire::ListService::NewStub(Connect(options.remote));
  if (options.add) {
    wire::AddMembersResponse response;
    return Report(Change(*stub, &wire::ListService::Stub::AddMembers, options, response), options, response);
  }
  wire::RemoveMembersResponse response;
  return Report(Change(*stub, &wire::ListService::Stub::RemoveMembers, options, response), options, response);
}

}  // namespace stagecraft::cli
