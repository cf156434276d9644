#include "server/rpc/company_service.h"

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "runtime/model/reasons.h"
#include "server/rpc/blocking_call.h"
#include "server/rpc/contact_change.h"
#include "server/rpc/contact_convert.h"
#include "server/rpc/contact_filter.h"
#include "server/rpc/limits.h"
#include "server/rpc/named_values.h"
#include "server/rpc/names.h"
#include "server/rpc/paging.h"
#include "server/rpc/status_map.h"
#include "server/rpc/time_convert.h"

namespace stagecraft::server {
namespace {

runtime::Status NoSuchCompany(std::string_view id) {
  return {runtime::StatusCode::kNotFound, runtime::reasons::kCompanyNotFound, "there is no company `" + std::string(id) + "`", {}};
}

// A contact that has what the company has, and nothing else: whatever reads contacts reads companies so.
runtime::Contact AsContact(const ir::Program& program, const runtime::Company& company) {
  runtime::Contact contact(company.id, company.number, company.created_at);
  for (const runtime::CompanyValue& value : company.values) {
    contact.Set(value.slot, value.value, ir::IsText(program.properties[value.slot].type), value.changed_at);
  }
  return contact;
}

void FillCompany(const ir::Program& program, const runtime::Company& company, v1::Company& out) {
  out.set_name(NameOf(kCompanies, company.id));
  FillProperties(program, AsContact(program, company), *out.mutable_properties());
  FillTimestamp(company.created_at, *out.mutable_create_time());
  out.set_member_count(static_cast<std::int32_t>(company.members.size()));
}

// `deleted_too`: after a change that was made, maybe long ago, and is asked for again.
grpc::Status ReadCompany(runtime::Engine& engine, std::string_view id, bool deleted_too, v1::Company& out) {
  bool found = false;
  const runtime::Status status = engine.Read([&](const runtime::View& view) {
    if (const runtime::Company* company = deleted_too ? view.companies().FindEver(id) : view.companies().Find(id)) {
      FillCompany(view.program(), *company, out);
      found = true;
    }
  });
  if (!status.ok()) return ToGrpcStatus(status);
  return found ? grpc::Status::OK : ToGrpcStatus(NoSuchCompany(id));
}

grpc::Status Apply(runtime::Engine& engine, const runtime::CompanyInput& input) {
  const auto results = engine.ChangeCompanies(std::span(&input, 1));
  return ToGrpcStatus(results ? results->front().status : results.error());
}

grpc::Status Create(const ServiceContext& context, const v1::CreateCompanyRequest& request, v1::CreateCompanyResponse& response) {
  const auto properties = ToInputs(request.properties());
  if (!properties) return ToGrpcStatus(properties.error());
  const std::string id = EventIdOf(request, context.ids);
  runtime::CompanyInput input;
  input.change.id = id;
  input.change.contact = IdOf(kCompanies, request.company_id());
  input.change.type = "company created";
  input.change.actor = request.actor();
  input.change.properties = *properties;
  input.change.create = runtime::CreateMode::kMustCreate;
  if (grpc::Status status = Apply(context.engine, input); !status.ok()) return status;
  return ReadCompany(context.engine, input.change.contact, true, *response.mutable_company());
}

grpc::Status Update(const ServiceContext& context, const v1::UpdateCompanyRequest& request, v1::UpdateCompanyResponse& response) {
  std::vector<std::string> names;
  runtime::Result<std::vector<runtime::NamedInput>> changes;
  const runtime::Status read = context.engine.Read([&](const runtime::View& view) {
    const auto has = [&](std::uint32_t slot) { return view.program().properties[slot].of_company; };
    changes = MaskedChanges(view.program(), request.properties(), request.update_mask(), has, names);
  });
  if (!read.ok()) return ToGrpcStatus(read);
  if (!changes) return ToGrpcStatus(changes.error());
  const std::string id = EventIdOf(request, context.ids);
  runtime::CompanyInput input;
  input.change.id = id;
  input.change.contact = IdOf(kCompanies, request.name());
  input.change.type = "company updated";
  input.change.actor = request.actor();
  input.change.properties = *changes;
  input.change.create = request.allow_missing() ? runtime::CreateMode::kCreateIfMissing : runtime::CreateMode::kMustExist;
  if (grpc::Status status = Apply(context.engine, input); !status.ok()) return status;
  return ReadCompany(context.engine, input.change.contact, true, *response.mutable_company());
}

grpc::Status Delete(const ServiceContext& context, const v1::DeleteCompanyRequest& request) {
  const std::string id = EventIdOf(request, context.ids);
  runtime::CompanyInput input;
  input.change.id = id;
  input.change.contact = IdOf(kCompanies, request.name());
  input.change.type = "company deleted";
  input.change.actor = request.actor();
  input.remove = true;
  return Apply(context.engine, input);
}

// A company has no scores, lists and events: a filter that asks for them would quietly find nothing.
bool AsksCompaniesOnly(const ir::Program& program, const CompiledCondition& condition) {
  return std::all_of(condition.tests.begin(), condition.tests.end(), [&](const ir::Test& test) {
    return test.operand.space == ir::Space::kProperty && test.operand.index < program.properties.size() &&
           program.properties[test.operand.index].of_company;
  });
}

// The properties that are asked for, by their names; empty: all.
runtime::Result<std::vector<std::string>> NamesOf(const ir::Program& program, const v1::ListCompaniesRequest& request) {
  std::vector<std::string> names;
  for (const std::string& value : request.values()) {
    const auto named = ValueNamed(program, value);
    const bool is_of_company = named && named->space == ir::Space::kProperty && program.properties[named->index].of_company;
    if (!is_of_company) return tl::unexpected(NoSuchCompanyValue(program, "values", value));
    names.push_back(program.properties[named->index].name);
  }
  return names;
}

grpc::Status List(runtime::Engine& engine, const v1::ListCompaniesRequest& request, v1::ListCompaniesResponse& response) {
  const auto page = PageOf(request);
  if (!page) return ToGrpcStatus(page.error());
  const auto first = ResumeNumber(*page, 0);
  if (!first) return ToGrpcStatus(first.error());
  ContactFilter filter(request.filter(), Caller());  // companies are of no scope: who has one is not let in
  grpc::Status failure;
  auto next = static_cast<std::size_t>(*first);
  bool at_end = false;
  const runtime::Status status = engine.Read([&](const runtime::View& view) {
    if (!filter.Prepare(view)) {
      failure = filter.status();
      return;
    }
    if (const CompiledCondition* condition = filter.condition(); condition != nullptr && !AsksCompaniesOnly(view.program(), *condition)) {
      failure = ToGrpcStatus(InvalidField("filter", "INVALID_FILTER",
                                          "the filter asks for what only contacts have; companies have the properties that begin with "
                                          "`company`"));
      return;
    }
    const auto kept = NamesOf(view.program(), request);
    if (!kept) {
      failure = ToGrpcStatus(kept.error());
      return;
    }
    const runtime::Companies& companies = view.companies();
    const std::size_t stop = std::min<std::size_t>(companies.size(), next + limits::kSliceMax);
    for (; next < stop && static_cast<std::size_t>(response.companies_size()) < page->size; ++next) {
      const runtime::Company& company = companies[static_cast<std::uint32_t>(next)];
      if (company.deleted || (!filter.empty() && !filter.Meets(view, AsContact(view.program(), company)))) continue;
      v1::Company& out = *response.add_companies();
      FillCompany(view.program(), company, out);
      if (!kept->empty()) KeepNamed(*kept, *out.mutable_properties());
    }
    at_end = next >= companies.size();
  });
  if (!status.ok()) return ToGrpcStatus(status);
  if (failure.ok() && !at_end) response.set_next_page_token(MakeToken(*page, std::to_string(next)));
  return failure;
}

grpc::Status Members(runtime::Engine& engine, const v1::ListMembersRequest& request, v1::ListMembersResponse& response) {
  const auto page = PageOf(request);
  if (!page) return ToGrpcStatus(page.error());
  const auto first = ResumeNumber(*page, 0);
  if (!first) return ToGrpcStatus(first.error());
  const std::string_view id = IdOf(kCompanies, request.name());
  bool found = false;
  const runtime::Status status = engine.Read([&](const runtime::View& view) {
    const runtime::Company* company = view.companies().Find(id);
    found = company != nullptr;
    if (!found) return;
    const std::size_t size = std::min<std::size_t>(page->size, limits::kFillsPerReadMax);
    auto member = std::lower_bound(company->members.begin(), company->members.end(), static_cast<std::uint32_t>(*first));
    for (; member != company->members.end() && static_cast<std::size_t>(response.members_size()) < size; ++member) {
      FillContact(view, *view.ContactAt(*member), *response.add_members());
    }
    if (member != company->members.end()) response.set_next_page_token(MakeToken(*page, std::to_string(*member)));
  });
  if (!status.ok()) return ToGrpcStatus(status);
  return found ? grpc::Status::OK : ToGrpcStatus(NoSuchCompany(id));
}

}  // namespace

grpc::ServerUnaryReactor* CompanyService::CreateCompany(grpc::CallbackServerContext* call, const v1::CreateCompanyRequest* request,
                                                        v1::CreateCompanyResponse* response) {
  return RunChangeOnWorker(context_, call, "CreateCompany", *request,
                           [this, request, response] { return Create(context_, *request, *response); });
}

grpc::ServerUnaryReactor* CompanyService::GetCompany(grpc::CallbackServerContext* call, const v1::GetCompanyRequest* request,
                                                     v1::GetCompanyResponse* response) {
  return RunOnWorker(context_, call, "GetCompany", [this, request, response] {
    return ReadCompany(context_.engine, IdOf(kCompanies, request->name()), false, *response->mutable_company());
  });
}

grpc::ServerUnaryReactor* CompanyService::ListCompanies(grpc::CallbackServerContext* call, const v1::ListCompaniesRequest* request,
                                                        v1::ListCompaniesResponse* response) {
  return RunOnWorker(context_, call, "ListCompanies", [this, request, response] { return List(context_.engine, *request, *response); });
}

grpc::ServerUnaryReactor* CompanyService::UpdateCompany(grpc::CallbackServerContext* call, const v1::UpdateCompanyRequest* request,
                                                        v1::UpdateCompanyResponse* response) {
  return RunChangeOnWorker(context_, call, "UpdateCompany", *request,
                           [this, request, response] { return Update(context_, *request, *response); });
}

grpc::ServerUnaryReactor* CompanyService::DeleteCompany(grpc::CallbackServerContext* call, const v1::DeleteCompanyRequest* request,
                                                        v1::DeleteCompanyResponse*) {
  return RunChangeOnWorker(context_, call, "DeleteCompany", *request, [this, request] { return Delete(context_, *request); });
}

grpc::ServerUnaryReactor* CompanyService::ListMembers(grpc::CallbackServerContext* call, const v1::ListMembersRequest* request,
                                                      v1::ListMembersResponse* response) {
  return RunOnWorker(context_, call, "ListMembers", [this, request, response] { return Members(context_.engine, *request, *response); });
}

}  // namespace stagecraft::server
