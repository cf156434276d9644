// CompanyService, through a real client on a real socket.
#include <catch2/catch.hpp>
#include <string>
#include <string_view>

#include "stagecraft/v1/company_service.grpc.pb.h"
#include "tests/api/api_fixture.h"

namespace stagecraft::tests {
namespace {

constexpr std::string_view kSync = R"(on SQL set company lifecycle SQL
on company lifecycle Opportunity when lifecycle before Opportunity set lifecycle Opportunity
)";

class Companies : public ApiFixture {
 public:
  Companies() : companies(v1::CompanyService::NewStub(channel())) { Deploy(kSync); }

  grpc::Status Create(const std::string& id, const std::string& employees, const std::string& request_id = {}) {
    v1::CreateCompanyRequest request;
    request.set_company_id(id);
    request.set_request_id(request_id);
    if (!employees.empty()) AddText(*request.mutable_properties(), "company employees", employees);
    v1::CreateCompanyResponse response;
    const grpc::Status status = companies->CreateCompany(Call(), request, &response);
    company = response.company();
    return status;
  }

  void Join(const std::string& contact, const std::string& id) {
    auto event = MakeEvent("join " + contact + " " + id, contact, "contact updated");
    AddText(*event.mutable_properties(), "company id", id);
    AddText(*event.mutable_properties(), "lifecycle", "Lead");
    REQUIRE(Publish(event).ok());
  }

  static std::string TextIn(const v1::Company& from, std::string_view name) {
    for (const v1::Property& property : from.properties()) {
      if (property.name() == name) return property.text();
    }
    return {};
  }

  std::unique_ptr<v1::CompanyService::Stub> companies;
  v1::Company company;
};

}  // namespace

TEST_CASE_METHOD(Companies, "of listed companies only the values are sent that are asked for, by their names") {
  REQUIRE(Create("acme", "200").ok());
  v1::ListCompaniesRequest list;
  v1::ListCompaniesResponse listed;
  REQUIRE(companies->ListCompanies(Call(), list, &listed).ok());
  CHECK(TextIn(listed.companies(0), "company employees") == "200");
  list.add_values("company name");
  REQUIRE(companies->ListCompanies(Call(), list, &listed).ok());
  CHECK(listed.companies(0).properties().empty());
  list.add_values("Company Employees");
  REQUIRE(companies->ListCompanies(Call(), list, &listed).ok());
  CHECK(TextIn(listed.companies(0), "company employees") == "200");
  list.set_values(0, "company nmae");
  const grpc::Status unknown = companies->ListCompanies(Call(), list, &listed);
  CHECK(ReasonOf(unknown) == "UNKNOWN_PROPERTY");
  CHECK(FieldsOf(DetailsOf(unknown)) == std::vector<std::string>{"values"});
  CHECK(unknown.error_message() == "there is no property of companies `company nmae`; did you mean `company name`?");
  list.set_values(0, "lifecycle");
  CHECK(ReasonOf(companies->ListCompanies(Call(), list, &listed)) == "UNKNOWN_PROPERTY");
}

TEST_CASE_METHOD(Companies, "S15: a company is created, changed and deleted, and its contacts follow") {
  REQUIRE(Create("acme", "200", "r1").ok());
  CHECK(company.name() == "companies/acme");
  CHECK(TextIn(company, "company employees") == "200");
  CHECK(Create("acme", "200", "r1").ok());
  CHECK(ReasonOf(Create("acme", "300")) == "COMPANY_EXISTS");
  Join("ana", "acme");
  Join("ben", "acme");
  CHECK(TextOf(Get("ana"), "company employees") == "200");

  v1::UpdateCompanyRequest update;
  update.set_name("companies/acme");
  AddText(*update.mutable_properties(), "company lifecycle", "Opportunity");
  v1::UpdateCompanyResponse updated;
  REQUIRE(companies->UpdateCompany(Call(), update, &updated).ok());
  CHECK(TextIn(updated.company(), "company lifecycle") == "Opportunity");
  CHECK(updated.company().member_count() == 2);
  CHECK(TextOf(Get("ben"), "lifecycle") == "Opportunity");

  v1::ListMembersRequest of;
  of.set_name("acme");
  of.set_page_size(1);
  v1::ListMembersResponse members;
  REQUIRE(companies->ListMembers(Call(), of, &members).ok());
  REQUIRE(members.members_size() == 1);
  CHECK(members.members(0).name() == "contacts/ana");
  of.set_page_token(members.next_page_token());
  REQUIRE(companies->ListMembers(Call(), of, &members).ok());
  CHECK(members.members(0).name() == "contacts/ben");
  CHECK(members.next_page_token().empty());

  v1::DeleteCompanyRequest gone;
  gone.set_name("acme");
  v1::DeleteCompanyResponse nothing;
  REQUIRE(companies->DeleteCompany(Call(), gone, &nothing).ok());
  CHECK(TextOf(Get("ana"), "company id").empty());
  CHECK(TextOf(Get("ana"), "company employees").empty());
  CHECK(ReasonOf(companies->DeleteCompany(Call(), gone, &nothing)) == "COMPANY_NOT_FOUND");
  v1::GetCompanyRequest get;
  get.set_name("acme");
  v1::GetCompanyResponse got;
  CHECK(ReasonOf(companies->GetCompany(Call(), get, &got)) == "COMPANY_NOT_FOUND");
}

TEST_CASE_METHOD(Companies, "a mask clears what is not given, of the company only") {
  REQUIRE(Create("acme", "200").ok());
  v1::UpdateCompanyRequest update;
  update.set_name("acme");
  update.mutable_update_mask()->add_paths("*");
  AddText(*update.mutable_properties(), "company name", "Acme");
  v1::UpdateCompanyResponse updated;
  REQUIRE(companies->UpdateCompany(Call(), update, &updated).ok());
  CHECK(TextIn(updated.company(), "company name") == "Acme");
  CHECK(TextIn(updated.company(), "company employees").empty());

  update.Clear();
  update.set_name("bolt");
  CHECK(ReasonOf(companies->UpdateCompany(Call(), update, &updated)) == "COMPANY_NOT_FOUND");
  update.set_allow_missing(true);
  CHECK(companies->UpdateCompany(Call(), update, &updated).ok());
  AddText(*update.mutable_properties(), "status", "New");
  const grpc::Status wrong = companies->UpdateCompany(Call(), update, &updated);
  CHECK(ReasonOf(wrong) == "UNKNOWN_PROPERTY");
  CHECK(wrong.error_message() == "`status` is a contact's own; companies have the properties that begin with `company`");
}

TEST_CASE_METHOD(Companies, "companies are listed by page and by a condition on what companies have") {
  for (int i = 0; i < 5; ++i) REQUIRE(Create("k" + std::to_string(i), std::to_string(i * 100)).ok());
  v1::ListCompaniesRequest list;
  list.set_filter("company employees >= 200");
  list.set_page_size(2);
  v1::ListCompaniesResponse page;
  REQUIRE(companies->ListCompanies(Call(), list, &page).ok());
  REQUIRE(page.companies_size() == 2);
  CHECK(page.companies(0).name() == "companies/k2");
  list.set_page_token(page.next_page_token());
  REQUIRE(companies->ListCompanies(Call(), list, &page).ok());
  REQUIRE(page.companies_size() == 1);
  CHECK(page.companies(0).name() == "companies/k4");

  list.Clear();
  list.set_filter("score > 5");
  CHECK(ReasonOf(companies->ListCompanies(Call(), list, &page)) == "INVALID_FILTER");
  list.set_filter("company size > 5");
  CHECK(ReasonOf(companies->ListCompanies(Call(), list, &page)) == "INVALID_FILTER");
}

TEST_CASE_METHOD(Companies, "S25: an export of companies comes in, and that of contacts says whose they are") {
  constexpr std::string_view kFile =
      "Record ID,Company name,Number of Employees,Lifecycle Stage,Phone Number\n"
      "17,Acme,120,Opportunity,1\n"
      "18,Bolt,many,Lead,2\n";
  v1::ImportCompaniesResponse response;
  {
    Call call;
    const auto writer = companies->ImportCompanies(call, &response);
    v1::ImportCompaniesRequest request;
    request.set_chunk(std::string(kFile));
    REQUIRE(writer->Write(request));
    writer->WritesDone();
    REQUIRE(writer->Finish().ok());
  }
  CHECK(response.rows() == 2);
  CHECK(response.applied() == 1);
  CHECK(response.created() == 1);
  REQUIRE(response.errors_size() == 1);
  CHECK(response.errors(0).line() == 3);
  REQUIRE(response.ignored_columns_size() == 1);
  CHECK(response.ignored_columns(0) == "Phone Number");

  v1::ImportContactsResponse contacts_in;
  Call call;
  const auto writer = contacts->ImportContacts(call, &contacts_in);
  v1::ImportContactsRequest request;
  request.set_chunk("Record ID,First Name,Lifecycle Stage,Associated Company IDs\n501,Ana,Lead,17;23\n");
  REQUIRE(writer->Write(request));
  writer->WritesDone();
  REQUIRE(writer->Finish().ok());
  CHECK(contacts_in.ignored_columns_size() == 0);
  CHECK(TextOf(Get("501"), "company id") == "17");
  CHECK(TextOf(Get("501"), "company name") == "Acme");
  CHECK(TextOf(Get("501"), "company lifecycle") == "Opportunity");
}

TEST_CASE_METHOD(Companies, "a company is shown by its name") {
  REQUIRE(Create("acme", "200").ok());
  v1::GetCompanyRequest get;
  get.set_name("companies/acme");
  v1::GetCompanyResponse got;
  REQUIRE(companies->GetCompany(Call(), get, &got).ok());
  CHECK(TextIn(got.company(), "company employees") == "200");
}

TEST_CASE_METHOD(Companies, "what a company cannot have is refused, whether it is made or changed, and nothing of it is kept") {
  using Stub = v1::CompanyService::Stub;
  Deploy("list \"Key accounts\" by hand\nlist \"Big\" when company employees >= 100\n");
  REQUIRE(Create("acme", "200").ok());
  v1::CreateCompanyRequest create;
  create.set_company_id("bolt");
  v1::UpdateCompanyRequest update;
  update.set_name("companies/acme");
  const auto check = [&](const std::string& property, const std::string& value, const std::string& reason) {
    INFO(property << " " << value);
    AddText(*create.mutable_properties(), property, value);
    CHECK(ReasonOfCall(*companies, &Stub::CreateCompany, create) == reason);
    AddText(*update.mutable_properties(), property, value);
    CHECK(ReasonOfCall(*companies, &Stub::UpdateCompany, update) == reason);
    create.mutable_properties()->RemoveLast();
    update.mutable_properties()->RemoveLast();
  };
  check("company employees", "many", "INVALID_VALUE");
  check("company size", "200", "UNKNOWN_PROPERTY");
  check("status", "New", "UNKNOWN_PROPERTY");
  check("list:Key accounts", "yes", "UNKNOWN_PROPERTY");  // by hand
  check("list:Big", "yes", "UNKNOWN_PROPERTY");           // by its condition
  check("list:None such", "yes", "UNKNOWN_PROPERTY");
  for (int i = 0; i < 1000; ++i) {
    AddText(*create.mutable_properties(), "company employees", "7");
    AddText(*update.mutable_properties(), "company employees", "7");
  }
  check("company employees", "7", "TOO_MANY_PROPERTIES");
  v1::GetCompanyRequest get;
  get.set_name("bolt");
  CHECK(ReasonOfCall(*companies, &Stub::GetCompany, get) == "COMPANY_NOT_FOUND");
  v1::ListMembersRequest members;
  members.set_name("bolt");
  CHECK(ReasonOfCall(*companies, &Stub::ListMembers, members) == "COMPANY_NOT_FOUND");

  create.Clear();
  update.Clear();
  v1::DeleteCompanyRequest remove;
  for (const std::string& id : {std::string(), std::string("acme/berlin"), std::string(129, 'a')}) {
    INFO(id);
    create.set_company_id(id);
    CHECK(ReasonOfCall(*companies, &Stub::CreateCompany, create) == "INVALID_COMPANY_ID");
    update.set_name(id);
    CHECK(ReasonOfCall(*companies, &Stub::UpdateCompany, update) == "INVALID_COMPANY_ID");
    remove.set_name(id);
    CHECK(ReasonOfCall(*companies, &Stub::DeleteCompany, remove) == "INVALID_COMPANY_ID");
  }
}

}  // namespace stagecraft::tests
