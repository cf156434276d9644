#include <fmt/format.h>
#include <stagecraft/v1/company_service.grpc.pb.h>

#include "cli/client.h"
#include "cli/paged.h"
#include "cli/table.h"
#include "cli/terminal.h"
#include "cli/verbs.h"
#include "dsl/support/show.h"
#include "dsl/support/text.h"

namespace stagecraft::cli {
namespace {

namespace wire = ::stagecraft::v1;

// `name`: a property by name or internal name.
std::string TextOf(const wire::Company& company, const std::string& name) {
  const auto wanted = FoldCase(name);
  for (const auto& property : company.properties()) {
    if (FoldCase(property.name()) == wanted || FoldCase(property.internal_name()) == wanted) return property.text();
  }
  return {};
}

}  // namespace

int CompaniesList(const CompaniesListOptions& options) {
  wire::ListCompaniesRequest request;
  request.set_filter(options.filter);
  request.mutable_values()->Assign(options.columns.begin(), options.columns.end());
  const auto stub = wire::CompanyService::NewStub(Connect(options.remote));
  wire::ListCompaniesResponse response;
  const auto status = ReadPages(*stub, &wire::CompanyService::Stub::ListCompanies, request, &wire::ListCompaniesResponse::mutable_companies,
                                options.limit, response);
  if (!status.ok()) return ReportCall(status, options.remote);
  if (options.json) {
    fmt::print("{}", ToJson(response));
    return kDone;
  }
  auto columns = options.columns;
  if (columns.empty()) columns = {"company name", "company lifecycle", "company employees", "company industry"};
  std::vector<std::string> headings = {"company", "contacts"};
  headings.insert(headings.end(), columns.begin(), columns.end());
  Table table(headings);
  for (const auto& company : response.companies()) {
    std::vector<Cell> row = {BareId(company.name()), static_cast<std::int64_t>(company.member_count())};
    for (const auto& column : columns) row.emplace_back(TextOf(company, column));
    table.Add(std::move(row));
  }
  PrintPage(table, options.filter.empty() ? "there are no companies yet" : "no company meets the condition", response.next_page_token(),
            More::kFilter);
  return kDone;
}

int CompaniesShow(const CompaniesShowOptions& options) {
  const auto stub = wire::CompanyService::NewStub(Connect(options.remote));
  wire::GetCompanyRequest request;
  request.set_name(options.company);
  wire::GetCompanyResponse response;
  if (const auto status = stub->GetCompany(CallContext().get(), request, &response); !status.ok())
    return ReportCall(status, options.remote);
  wire::ListMembersResponse members;
  if (options.members > 0) {
    wire::ListMembersRequest contacts;
    contacts.set_name(options.company);
    const auto status = ReadPages(*stub, &wire::CompanyService::Stub::ListMembers, contacts, &wire::ListMembersResponse::mutable_members,
                                  options.members, members);
    if (!status.ok()) return ReportCall(status, options.remote);
  }
  if (options.json) {
    fmt::print("{{\"company\": {}, \"members\": {}}}\n", ToJson(response.company()), ToJson(members));
    return kDone;
  }
  const TableStyle style{TerminalWidth(), HasColour(stdout)};
  const wire::Company& company = response.company();
  fmt::print("{}  created {}, {}\n\n", Styled(OneLine(BareId(company.name())), Style::kBold, style.colour), TimeText(company.create_time()),
             Counted(static_cast<std::uint64_t>(company.member_count()), "contact"));
  Table properties({"property", "value", "since"});
  for (const auto& property : company.properties()) properties.Add({property.name(), property.text(), TimeText(property.change_time())});
  fmt::print("{}", properties.Text(style));
  if (members.members().empty()) return kDone;
  fmt::print("\n{}\n", Styled("contacts", Style::kGreen, style.colour));
  for (const auto& contact : members.members()) fmt::print("{}\n", OneLine(BareId(contact.name())));
  if (!members.next_page_token().empty()) PrintNote("there are more; see them with --members 0");
  return kDone;
}

}  // namespace stagecraft::cli
