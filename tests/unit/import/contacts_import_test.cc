#include "runtime/import/contacts_import.h"

#include <catch2/catch.hpp>

#include "dsl/compile.h"

namespace stagecraft::runtime {
namespace {

struct Imported {
  Status status;
  std::vector<OwnedEvent> events;
  std::vector<ImportProblem> problems;
  std::vector<std::string> ignored;
};

Imported Import(std::string_view text, ContactMapping mapping = {}, std::string script = "") {
  auto compiled = Compile({Source("test.stage", std::move(script))});
  REQUIRE(compiled.program != nullptr);
  ContactsImport import(compiled.program, std::move(mapping));
  Imported out;
  out.status = import.Feed(text);
  if (out.status.ok()) out.status = import.Finish();
  out.events = import.TakeEvents();
  out.problems = import.TakeProblems();
  out.ignored = import.ignored_columns();
  return out;
}

std::string PropertyOf(const OwnedEvent& event, std::string_view name) {
  for (const auto& property : event.properties) {
    if (property.name == name) return std::get<std::string>(property.value);
  }
  return "(none)";
}

TEST_CASE("S25: HubSpot's own export headers are understood as they are") {
  const auto out = Import(
      "Record ID,First Name,Last Name,Email,Contact owner,Lead Status,Lifecycle Stage,Create Date,Company Name,HubSpot Score\r\n"
      "501,Ana,Kovač,Ana@Adria.example,mika@acme.example,ATTEMPTED_TO_CONTACT,Marketing Qualified Lead,2024-03-12 09:14,\"Adria, "
      "d.o.o.\",12\r\n");
  REQUIRE(out.status.ok());
  REQUIRE(out.problems.empty());
  REQUIRE(out.events.size() == 1);
  const auto& event = out.events[0];
  CHECK(event.contact == "501");
  CHECK(event.type == "list imported");
  CHECK(event.create == CreateMode::kCreateIfMissing);
  CHECK(event.created_at == 1'710'234'840'000'000);
  CHECK(PropertyOf(event, "first name") == "Ana");
  CHECK(PropertyOf(event, "email") == "Ana@Adria.example");
  CHECK(PropertyOf(event, "owner") == "mika@acme.example");
  CHECK(PropertyOf(event, "status") == "ATTEMPTED_TO_CONTACT");
  CHECK(PropertyOf(event, "lifecycle") == "marketingqualifiedlead");
  CHECK(PropertyOf(event, "company name") == "Adria, d.o.o.");
  CHECK(out.ignored == std::vector<std::string>{"HubSpot Score"});
}

TEST_CASE("S25: headers may be internal names, in any letter case, and a status its label") {
  const auto out =
      Import("hs_object_id,FIRSTNAME,hs_lead_status,lifecyclestage,createdate\n7,Ana,bad timing,salesqualifiedlead,3/15/2024 2:30 PM\n");
  REQUIRE(out.events.size() == 1);
  CHECK(out.events[0].contact == "7");
  CHECK(PropertyOf(out.events[0], "status") == "bad timing");
  CHECK(PropertyOf(out.events[0], "lifecycle") == "salesqualifiedlead");
  CHECK(out.events[0].created_at == 1'710'513'000'000'000);
}

TEST_CASE("S25: without a record id the e-mail address identifies the contact, in small letters") {
  const auto out = Import("Email,First Name\nAna@Adria.Example,Ana\n,Nobody\n");
  REQUIRE(out.events.size() == 1);
  CHECK(out.events[0].contact == "ana@adria.example");
  REQUIRE(out.problems.size() == 1);
  CHECK(Describe(out.problems[0]) == "line 3, column `Email`: the row has no id of a contact");
}

TEST_CASE("S25: a row with a bad value is reported with line, column, value and reason, and the others go in") {
  const auto out = Import(
      "Email,Lead Status,Create Date,Number of "
      "Employees\na@x.example,Nwe,2024-03-12,5\nb@x.example,New,yesterday,many\nc@x.example,New,,5\n");
  REQUIRE(out.events.size() == 1);
  CHECK(out.events[0].contact == "c@x.example");
  REQUIRE(out.problems.size() == 3);
  CHECK(out.problems[0].line == 2);
  CHECK(out.problems[0].column_number == 2);
  CHECK(out.problems[0].column == "Lead Status");
  CHECK(out.problems[0].value == "Nwe");
  CHECK(out.problems[0].reason.find("New") != std::string::npos);
  CHECK(Describe(out.problems[1]) ==
        "line 3, column `Create Date`, value `yesterday`: expected a date and time, such as `2024-03-12 09:14` or `3/12/2024 9:14 AM`");
  CHECK(out.problems[2].column == "Number of Employees");
}

TEST_CASE("a row of the wrong length and a value that is not UTF-8 are problems of their row") {
  const auto out = Import("Email,First Name\na@x.example\nb@x.example,\xE9\nc@x.example,C,D\nd@x.example,D\n");
  CHECK(out.events.size() == 1);
  REQUIRE(out.problems.size() == 3);
  CHECK(Describe(out.problems[0]) == "line 2: the row has 1 values, the heading has 2");
  CHECK(Describe(out.problems[1]) == "line 3, column `First Name`: the value is not in UTF-8; save the file as `CSV UTF-8`");
  CHECK(out.problems[2].line == 4);
}

TEST_CASE("S25: the same row has the same event id, another value or another moment has another") {
  const auto first = Import("Email,City\na@x.example,Rome\n");
  const auto again = Import("Email,City,HubSpot Score\na@x.example,Rome,7\n");
  const auto other = Import("Email,City\na@x.example,Oslo\n");
  ContactMapping later;
  later.as_of = 1'710'234'840'000'000;
  const auto moved = Import("Email,City\na@x.example,Rome\n", later);
  CHECK(first.events[0].id == again.events[0].id);
  CHECK(first.events[0].id != other.events[0].id);
  CHECK(first.events[0].id != moved.events[0].id);
  CHECK(moved.events[0].occurred_at == later.as_of);
}

TEST_CASE("an empty value leaves the property as it is") {
  const auto out = Import("Email,City,Country\na@x.example,,Italy\n");
  REQUIRE(out.events.size() == 1);
  CHECK(PropertyOf(out.events[0], "city") == "(none)");
  CHECK(PropertyOf(out.events[0], "country") == "Italy");
}

TEST_CASE("a mapping says which column is which, and how dates are written") {
  ContactMapping mapping;
  mapping.columns = {{"Kunde", "company name"}, {"Stadt", ""}};
  mapping.id_column = "Nr";
  mapping.create_time_column = "Angelegt";
  mapping.date_order = "DD.MM.YYYY";
  const auto out = Import("Nr;Kunde;Stadt;Angelegt\nK-1;Weber;Ulm;05.06.2018\n", mapping);
  REQUIRE(out.events.size() == 1);
  CHECK(out.events[0].contact == "K-1");
  CHECK(PropertyOf(out.events[0], "company name") == "Weber");
  CHECK(out.events[0].created_at == 1'528'156'800'000'000);
}

TEST_CASE("a mapping that does not fit the file or the vocabulary is refused") {
  ContactMapping no_column;
  no_column.columns = {{"Town", "city"}};
  CHECK(Import("Email,City\n", no_column).status.message == "there is no column `Town`; the columns are `Email`, `City`");
  ContactMapping no_property;
  no_property.columns = {{"City", "twon"}};
  CHECK(Import("Email,City\n", no_property).status.message == "column `City` is to fill `twon`, but there is no such property");
  CHECK(Import("Town,City\n").status.reason == "NO_ID_COLUMN");
  CHECK(Import("").status.message == "the file is empty; expected a line of column headings");
}

TEST_CASE("dates and times of properties are read in the workspace's zone") {
  const auto out = Import("Email,Renewal,Seen\na@x.example,3/15/2026,2026-03-15 09:00\n", {},
                          "workspace \"W\" time zone \"Asia/Tokyo\"\nproperty renewal date\nproperty seen time\n");
  REQUIRE(out.problems.empty());
  REQUIRE(out.events.size() == 1);
  CHECK(PropertyOf(out.events[0], "renewal") == "2026-03-15");
  CHECK(out.events[0].properties.back().value == OwnedValue(Micros{1'773'532'800'000'000}));
}

}  // namespace
}  // namespace stagecraft::runtime
