#include <fmt/format.h>
#include <stagecraft/v1/view_service.grpc.pb.h>

#include "cli/client.h"
#include "cli/contact_cell.h"
#include "cli/paged.h"
#include "cli/table.h"
#include "cli/terminal.h"
#include "cli/verbs.h"

namespace stagecraft::cli {
namespace {

namespace wire = ::stagecraft::v1;

Cell CellIn(const wire::Property& cell) {
  if (cell.type() == wire::PROPERTY_TYPE_NUMBER && cell.value_case() == wire::Property::kNumber) {
    Cell number(cell.text());
    number.is_number = true;
    return number;
  }
  return cell.text();
}

Table RowsOf(const wire::View& view, const wire::RunViewResponse& response) {
  std::vector<std::string> headings = {"contact"};
  for (const auto& column : view.columns()) headings.push_back(column.name());
  if (view.columns().empty()) headings.insert(headings.end(), kContactColumns.begin(), kContactColumns.end());
  Table table(headings);
  for (const auto& each : response.rows()) {
    std::vector<Cell> row = {BareId(each.contact().name())};
    for (const auto& cell : each.cells()) row.push_back(CellIn(cell));
    for (std::size_t i = row.size(); i < headings.size(); ++i) row.push_back(CellOf(each.contact(), headings[i]));
    table.Add(std::move(row));
  }
  return table;
}

}  // namespace

int ViewsList(const ViewsListOptions& options) {
  const auto stub = wire::ViewService::NewStub(Connect(options.remote));
  wire::ListViewsResponse response;
  const auto status = ReadPages(*stub, &wire::ViewService::Stub::ListViews, wire::ListViewsRequest(),
                                &wire::ListViewsResponse::mutable_views, options.limit, response);
  if (!status.ok()) return ReportCall(status, options.remote);
  if (options.json) {
    fmt::print("{}", ToJson(response));
    return kDone;
  }
  Table table({"view", "asks who looks", "where"});
  for (const auto& view : response.views()) {
    table.Add({BareId(view.name()), view.needs_user() ? "yes" : "no", fmt::format("{}:{}", view.file(), view.line())});
  }
  PrintPage(table, "the scripts have no view; declare one with `view`", response.next_page_token());
  return kDone;
}

int ViewsShow(const ViewsShowOptions& options) {
  const auto stub = wire::ViewService::NewStub(Connect(options.remote));
  wire::GetViewRequest request;
  request.set_name(options.view);
  wire::GetViewResponse view;
  if (const auto status = stub->GetView(CallContext().get(), request, &view); !status.ok()) return ReportCall(status, options.remote);
  if (view.view().needs_user() && options.user.empty()) {
    PrintError(fmt::format("view `{}` asks for `me`, and nobody asks", BareId(view.view().name())), "say who looks with --me USER");
    return kFailed;
  }
  wire::RunViewRequest look;
  look.set_name(options.view);
  look.set_user(options.user);
  wire::RunViewResponse response;
  const auto status =
      ReadPages(*stub, &wire::ViewService::Stub::RunView, look, &wire::RunViewResponse::mutable_rows, options.limit, response);
  if (!status.ok()) return ReportCall(status, options.remote);
  if (options.json) {
    fmt::print("{}", ToJson(response));
    return kDone;
  }
  const Table table = RowsOf(view.view(), response);
  PrintPage(table, "the view shows no contact", response.next_page_token());
  return kDone;
}

}  // namespace stagecraft::cli
