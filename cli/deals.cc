#include <fmt/format.h>
#include <stagecraft/v1/deal_service.grpc.pb.h>

#include "cli/client.h"
#include "cli/paged.h"
#include "cli/table.h"
#include "cli/terminal.h"
#include "cli/verbs.h"
#include "dsl/support/show.h"

namespace stagecraft::cli {
namespace {

namespace wire = ::stagecraft::v1;

std::string StateText(wire::DealState state) {
  if (state == wire::DEAL_STATE_WON) return "won";
  return state == wire::DEAL_STATE_LOST ? "lost" : "open";
}

std::string AmountText(const wire::Deal& deal) { return deal.has_amount() ? fmt::format("{}", deal.amount()) : std::string(); }

void PrintDeal(const wire::Deal& deal) {
  const TableStyle style{TerminalWidth(), HasColour(stdout)};
  fmt::print("{}  {}, of {}\n\n", Styled(OneLine(deal.title()), Style::kBold, style.colour), StateText(deal.state()),
             OneLine(BareId(deal.contact())));
  Table facts({"", ""});
  facts.Add({"pipeline", deal.pipeline()});
  facts.Add({"stage", deal.stage()});
  facts.Add({"amount", AmountText(deal)});
  facts.Add({"owner", deal.owner()});
  facts.Add({"close date", deal.close_date()});
  fmt::print("{}\n", facts.Text(style));
  Table stages({"stage", "since"});
  for (const auto& stage : deal.stages()) stages.Add({stage.stage(), TimeText(stage.enter_time())});
  fmt::print("{}", stages.Text(style));
}

}  // namespace

int DealsList(const DealsListOptions& options) {
  wire::ListDealsRequest request;
  request.set_contact(options.contact);
  request.set_pipeline(options.pipeline);
  request.set_stage(options.stage);
  request.set_filter(options.filter);
  if (options.open) request.set_state(wire::DEAL_STATE_OPEN);
  const auto stub = wire::DealService::NewStub(Connect(options.remote));
  wire::ListDealsResponse response;
  const auto status =
      ReadPages(*stub, &wire::DealService::Stub::ListDeals, request, &wire::ListDealsResponse::mutable_deals, options.limit, response);
  if (!status.ok()) return ReportCall(status, options.remote);
  if (options.json) {
    fmt::print("{}", ToJson(response));
    return kDone;
  }
  Table table({"deal", "created", "title", "contact", "pipeline", "stage", "amount", "state"});
  for (const auto& deal : response.deals()) {
    table.Add({BareId(deal.name()), TimeText(deal.create_time()), deal.title(), BareId(deal.contact()), deal.pipeline(), deal.stage(),
               AmountText(deal), StateText(deal.state())});
  }
  PrintPage(table, "there are no such deals", response.next_page_token(), More::kFilter);
  return kDone;
}

int DealsShow(const DealsShowOptions& options) {
  const auto stub = wire::DealService::NewStub(Connect(options.remote));
  wire::GetDealRequest request;
  request.set_name(options.deal);
  wire::GetDealResponse response;
  if (const auto status = stub->GetDeal(CallContext().get(), request, &response); !status.ok()) return ReportCall(status, options.remote);
  if (options.json) {
    fmt::print("{}", ToJson(response.deal()));
  } else {
    PrintDeal(response.deal());
  }
  return kDone;
}

int DealsMove(const DealsMoveOptions& options) {
  const auto stub = wire::DealService::NewStub(Connect(options.remote));
  wire::UpdateDealRequest request;
  request.mutable_deal()->set_name(options.deal);
  request.mutable_deal()->set_stage(options.stage);
  request.set_actor(options.actor);
  wire::UpdateDealResponse response;
  if (const auto status = stub->UpdateDeal(CallContext().get(), request, &response); !status.ok())
    return ReportCall(status, options.remote);
  if (options.json) {
    fmt::print("{}", ToJson(response.deal()));
  } else {
    PrintDeal(response.deal());
  }
  return kDone;
}

}  // namespace stagecraft::cli
