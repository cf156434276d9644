// Every change of a deal is an event of its contact: what rules and the timeline see of it is what they see of any other.
#include "server/rpc/deal_service.h"

#include <algorithm>
#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "dsl/support/text.h"
#include "runtime/exec/resolve.h"
#include "runtime/model/reasons.h"
#include "server/rpc/contact_filter.h"
#include "server/rpc/declared.h"
#include "server/rpc/row_list.h"
#include "server/rpc/time_convert.h"

namespace stagecraft::server {
namespace {

runtime::Status NoSuchDeal(std::string_view name) {
  return {runtime::StatusCode::kNotFound, runtime::reasons::kDealNotFound, "there is no deal `" + std::string(name) + "`", {}};
}

v1::DealState ToProto(runtime::DealState state) {
  switch (state) {
    case runtime::DealState::kOpen:
      return v1::DEAL_STATE_OPEN;
    case runtime::DealState::kWon:
      return v1::DEAL_STATE_WON;
    case runtime::DealState::kLost:
      return v1::DEAL_STATE_LOST;
  }
  return v1::DEAL_STATE_UNSPECIFIED;
}

void FillDeal(const ir::Program& program, const runtime::Deal& deal, const runtime::Contact& contact, v1::Deal& out) {
  out.set_name(NameOf(kDeals, std::to_string(deal.id)));
  out.set_contact(NameOf(kContacts, contact.id()));
  out.set_title(deal.name);
  out.set_pipeline(deal.pipeline);
  out.set_stage(deal.stage);
  out.set_state(ToProto(deal.state));
  if (deal.amount) out.set_amount(static_cast<double>(*deal.amount) / static_cast<double>(ir::kNumberScale));
  out.set_owner(deal.owner);
  if (deal.close_date) {
    out.set_close_date(runtime::FormatValue(program, ir::Type::kDate, runtime::kNoSlot, runtime::Value{true, *deal.close_date, {}}));
  }
  FillTimestamp(deal.created_at, *out.mutable_create_time());
  for (const runtime::DealStage& stage : deal.stages) {
    v1::DealStageEntry* entry = out.add_stages();
    entry->set_stage(stage.stage);
    FillTimestamp(stage.at, *entry->mutable_enter_time());
  }
  out.set_cause_sequence(deal.cause);
}

// Deleted ones too; nullptr: there never was such a one.
const runtime::Deal* FindDealEver(const runtime::View& view, std::string_view name) {
  const std::optional<std::int64_t> id = NumberOf(kDeals, name);
  return id ? runtime::FindById(view.deals(), *id) : nullptr;
}

// nullptr: there is none, or it was deleted; but for a change that was made before that and is asked for again.
const runtime::Deal* FindDeal(const runtime::View& view, std::string_view name, std::string_view change_id) {
  const runtime::Deal* deal = FindDealEver(view, name);
  return deal == nullptr || (deal->deleted && !view.KnowsEvent(change_id)) ? nullptr : deal;
}

// To a caller whose scope does not have its contact there is no such deal.
runtime::Status CheckDealInScope(runtime::Engine& engine, const Caller& caller, std::string_view contact, std::string_view name) {
  runtime::Status scope = CheckInScope(engine, caller, contact);
  return scope.reason == runtime::reasons::kContactNotFound ? NoSuchDeal(name) : scope;
}

// `change_id`: of the change that the deal is the answer to; empty: of none.
grpc::Status ReadDeal(runtime::Engine& engine, std::string_view name, std::string_view change_id, v1::Deal& out) {
  bool found = false;
  const runtime::Status status = engine.Read([&](const runtime::View& view) {
    const runtime::Deal* deal = FindDeal(view, name, change_id);
    found = deal != nullptr;
    if (found) FillDeal(view.program(), *deal, *view.ContactAt(deal->contact), out);
  });
  if (!status.ok()) return ToGrpcStatus(status);
  return found ? grpc::Status::OK : ToGrpcStatus(NoSuchDeal(name));
}

// An event about a deal, with its fields as they are filled in.
struct DealChange {
  std::string id, contact, type, actor, trace;
  std::vector<std::pair<std::string, std::string>> texts;
  std::optional<double> amount;

  void Add(std::string field, std::string value) {
    if (!value.empty()) texts.emplace_back(std::move(field), std::move(value));
  }
};

runtime::Result<runtime::EventResult> Apply(runtime::Engine& engine, const DealChange& change) {
  std::vector<runtime::NamedInput> fields;
  for (const auto& [name, value] : change.texts) {
    if (runtime::Status status = CheckLength("", name, value, limits::kTextBytesMax); !status.ok())
      return tl::unexpected(std::move(status));
    fields.push_back({name, std::string_view(value)});
  }
  if (change.amount) fields.push_back({"amount", *change.amount});
  runtime::EventInput input;
  input.id = change.id;
  input.contact = change.contact;
  input.type = change.type;
  input.actor = change.actor;
  input.trace = change.trace;
  input.fields = fields;
  auto results = engine.Apply(std::span(&input, 1));
  if (!results) return tl::unexpected(std::move(results.error()));
  if (!results->front().status.ok()) return tl::unexpected(std::move(results->front().status));
  return std::move(results->front());
}

// `pipeline` empty: any. The names of both as they are declared; what is wrong with them otherwise.
runtime::Result<std::pair<std::string, std::string>> FindStage(const ir::Program& program, const std::string& pipeline,
                                                               const std::string& stage) {
  if (program.pipelines.empty()) {
    return tl::unexpected(InvalidField("pipeline", "NO_PIPELINES", "the scripts declare no pipeline; declare one with `pipeline`"));
  }
  const ir::Pipeline* named = pipeline.empty() ? nullptr : FindDeclared(program.pipelines, pipeline);
  if (named == nullptr && !pipeline.empty())
    return tl::unexpected(InvalidField("pipeline", "UNKNOWN_PIPELINE", "there is no pipeline `" + pipeline + "`"));
  std::string known;
  for (const ir::Pipeline& each : program.pipelines) {
    if (named != nullptr && named != &each) continue;
    if (stage.empty()) return std::pair(each.name, each.stages.front().name);
    if (const ir::Pipeline::Stage* found = FindDeclared(each.stages, stage)) return std::pair(each.name, found->name);
    for (const ir::Pipeline::Stage& candidate : each.stages) known += (known.empty() ? "`" : ", `") + candidate.name + "`";
  }
  return tl::unexpected(InvalidField("stage", "UNKNOWN_STAGE", "there is no stage `" + stage + "`; the stages are " + known));
}

grpc::Status Create(const ServiceContext& context, const AdmittedCall& admitted, const v1::CreateDealRequest& request,
                    v1::CreateDealResponse& response) {
  if (request.title().empty()) return ToGrpcStatus(InvalidField("title", "NO_TITLE", "a deal has a title; found none"));
  runtime::Result<std::pair<std::string, std::string>> place;
  runtime::Status status =
      context.engine.Read([&](const runtime::View& view) { place = FindStage(view.program(), request.pipeline(), request.stage()); });
  if (!status.ok()) return ToGrpcStatus(status);
  if (!place) return ToGrpcStatus(place.error());
  DealChange change;
  change.id = EventIdOf(request, context.ids);
  change.contact = IdOf(kContacts, request.contact());
  if (const runtime::Status scope = CheckInScope(context.engine, *admitted.caller, change.contact); !scope.ok()) return ToGrpcStatus(scope);
  change.type = "deal created";
  change.actor = request.actor();
  change.trace = admitted.trace;
  change.Add("deal", request.title());
  change.Add("deal pipeline", place->first);
  change.Add("deal stage", place->second);
  change.Add("deal owner", request.owner());
  change.Add("close date", request.close_date());
  if (request.has_amount()) change.amount = request.amount();
  const auto applied = Apply(context.engine, change);
  if (!applied) return ToGrpcStatus(applied.error());
  // Round 0 comes before any rule: of the deals that the record made the event's is the first.
  bool found = false;
  status = context.engine.Read([&](const runtime::View& view) {
    const std::vector<runtime::Deal>& deals = view.deals();
    const auto first = std::lower_bound(deals.begin(), deals.end(), applied->sequence,
                                        [](const runtime::Deal& each, runtime::Sequence cause) { return each.cause < cause; });
    found = first != deals.end() && first->cause == applied->sequence;
    if (found) FillDeal(view.program(), *first, *view.ContactAt(first->contact), *response.mutable_deal());
  });
  if (!status.ok()) return ToGrpcStatus(status);
  return found ? grpc::Status::OK : ToGrpcStatus(NoSuchDeal(request.title()));
}

constexpr std::array<std::string_view, 5> kPaths = {"title", "stage", "amount", "owner", "close_date"};

// The members that the request changes: those of the mask, or those that are given.
runtime::Result<std::vector<std::string_view>> PathsOf(const v1::UpdateDealRequest& request) {
  const v1::Deal& deal = request.deal();
  const std::array<bool, 5> given = {!deal.title().empty(), !deal.stage().empty(), deal.has_amount(), !deal.owner().empty(),
                                     !deal.close_date().empty()};
  std::vector<std::string_view> paths;
  for (std::size_t i = 0; i < kPaths.size(); ++i) {
    const auto& mask = request.update_mask().paths();
    const bool wanted = mask.empty() ? given[i] : std::find(mask.begin(), mask.end(), kPaths[i]) != mask.end();
    if (!wanted) continue;
    if (!given[i]) {
      return tl::unexpected(InvalidField("deal." + std::string(kPaths[i]), runtime::reasons::kInvalidValue,
                                         "`" + std::string(kPaths[i]) + "` has no value; expected one"));
    }
    paths.push_back(kPaths[i]);
  }
  for (const std::string& path : request.update_mask().paths()) {
    if (std::find(kPaths.begin(), kPaths.end(), path) == kPaths.end()) {
      return tl::unexpected(InvalidField("update_mask", runtime::reasons::kUnknownProperty,
                                         "`" + path +
                                             "` in `update_mask` is no part of a deal that can be changed; expected `title`, "
                                             "`stage`, `amount`, `owner` or `close_date`"));
    }
  }
  return paths;
}

grpc::Status Update(const ServiceContext& context, const AdmittedCall& admitted, const v1::UpdateDealRequest& request,
                    v1::UpdateDealResponse& response) {
  const auto paths = PathsOf(request);
  if (!paths) return ToGrpcStatus(paths.error());
  const auto changes = [&](std::string_view path) { return std::find(paths->begin(), paths->end(), path) != paths->end(); };
  const v1::Deal& deal = request.deal();
  DealChange change;
  change.id = EventIdOf(request, context.ids);
  change.type = changes("stage") ? "deal moved" : "deal updated";
  change.actor = request.actor();
  change.trace = admitted.trace;
  bool found = false;
  runtime::Status wrong;
  const runtime::Status read = context.engine.Read([&](const runtime::View& view) {
    const runtime::Deal* there = FindDeal(view, deal.name(), change.id);
    found = there != nullptr;
    if (!found) return;
    change.contact = view.ContactAt(there->contact)->id();
    if (!changes("stage")) return;
    const auto place = FindStage(view.program(), there->pipeline, deal.stage());
    if (place) {
      change.Add("deal stage", place->second);
    } else {
      wrong = place.error();
    }
  });
  if (!read.ok()) return ToGrpcStatus(read);
  if (!found) return ToGrpcStatus(NoSuchDeal(deal.name()));
  if (const runtime::Status scope = CheckDealInScope(context.engine, *admitted.caller, change.contact, deal.name()); !scope.ok()) {
    return ToGrpcStatus(scope);
  }
  if (!wrong.ok()) return ToGrpcStatus(wrong);

  const std::string name = NameOf(kDeals, IdOf(kDeals, deal.name()));
  change.Add("deal", name);
  if (changes("title")) change.Add("deal name", deal.title());
  if (changes("owner")) change.Add("deal owner", deal.owner());
  if (changes("close_date")) change.Add("close date", deal.close_date());
  if (changes("amount")) change.amount = deal.amount();
  if (!paths->empty()) {
    if (const auto applied = Apply(context.engine, change); !applied) return ToGrpcStatus(applied.error());
  }
  return ReadDeal(context.engine, name, change.id, *response.mutable_deal());
}

grpc::Status Delete(const ServiceContext& context, const AdmittedCall& admitted, const v1::DeleteDealRequest& request) {
  DealChange change;
  change.id = EventIdOf(request, context.ids);
  bool found = false;
  const runtime::Status read = context.engine.Read([&](const runtime::View& view) {
    const runtime::Deal* deal = FindDeal(view, request.name(), change.id);
    found = deal != nullptr;
    if (found) change.contact = view.ContactAt(deal->contact)->id();
  });
  if (!read.ok()) return ToGrpcStatus(read);
  if (!found) return ToGrpcStatus(NoSuchDeal(request.name()));
  if (const runtime::Status scope = CheckDealInScope(context.engine, *admitted.caller, change.contact, request.name()); !scope.ok()) {
    return ToGrpcStatus(scope);
  }
  change.type = "deal deleted";
  change.actor = request.actor();
  change.trace = admitted.trace;
  change.Add("deal", NameOf(kDeals, IdOf(kDeals, request.name())));
  const auto applied = Apply(context.engine, change);
  return applied ? grpc::Status::OK : ToGrpcStatus(applied.error());
}

}  // namespace

grpc::ServerUnaryReactor* DealService::CreateDeal(grpc::CallbackServerContext* call, const v1::CreateDealRequest* request,
                                                  v1::CreateDealResponse* response) {
  return RunChangeOnWorker(context_, call, "CreateDeal", *request,
                           [this, request, response](AdmittedCall& admitted) { return Create(context_, admitted, *request, *response); });
}

grpc::ServerUnaryReactor* DealService::GetDeal(grpc::CallbackServerContext* call, const v1::GetDealRequest* request,
                                               v1::GetDealResponse* response) {
  return RunOnWorker(context_, call, "GetDeal", [this, request, response](AdmittedCall& admitted) {
    v1::Deal& deal = *response->mutable_deal();
    const grpc::Status status = ReadDeal(context_.engine, request->name(), {}, deal);
    if (!status.ok()) return status;
    return ToGrpcStatus(CheckDealInScope(context_.engine, *admitted.caller, IdOf(kContacts, deal.contact()), request->name()));
  });
}

grpc::ServerUnaryReactor* DealService::ListDeals(grpc::CallbackServerContext* call, const v1::ListDealsRequest* request,
                                                 v1::ListDealsResponse* response) {
  return RunOnWorker(context_, call, "ListDeals", [this, call, request, response](AdmittedCall& admitted) {
    const std::string pipeline = FoldCase(request->pipeline());
    const std::string stage = FoldCase(request->stage());
    const ir::Program* program = nullptr;
    return ListRows(
        context_.engine, *call, admitted, *request, *response,
        [&program](const runtime::View& view) -> const std::vector<runtime::Deal>& {
          program = &view.program();
          return view.deals();
        },
        [&](const runtime::Deal& deal) {
          const bool in_state = request->state() == v1::DEAL_STATE_UNSPECIFIED || request->state() == ToProto(deal.state);
          return !deal.deleted && in_state && (pipeline.empty() || FoldCase(deal.pipeline) == pipeline) &&
                 (stage.empty() || FoldCase(deal.stage) == stage);
        },
        [&](const runtime::Deal& deal, const runtime::Contact& contact) { FillDeal(*program, deal, contact, *response->add_deals()); });
  });
}

grpc::ServerUnaryReactor* DealService::UpdateDeal(grpc::CallbackServerContext* call, const v1::UpdateDealRequest* request,
                                                  v1::UpdateDealResponse* response) {
  return RunChangeOnWorker(context_, call, "UpdateDeal", *request,
                           [this, request, response](AdmittedCall& admitted) { return Update(context_, admitted, *request, *response); });
}

grpc::ServerUnaryReactor* DealService::DeleteDeal(grpc::CallbackServerContext* call, const v1::DeleteDealRequest* request,
                                                  v1::DeleteDealResponse*) {
  return RunChangeOnWorker(context_, call, "DeleteDeal", *request,
                           [this, request](AdmittedCall& admitted) { return Delete(context_, admitted, *request); });
}

}  // namespace stagecraft::server
