// Companies and deals in the engine: what spreads is committed with what caused it, and is there again after a crash.
#include <catch2/catch.hpp>
#include <string>
#include <vector>

#include "runtime/model/reasons.h"
#include "tests/unit/engine/world.h"

namespace stagecraft::runtime::tests {
namespace {

const char kCompanyScript[] = R"(
pipeline Sales Qualified 20%, Proposal 50%, Won 100%, Lost 0%
on SQL set company lifecycle SQL
on company lifecycle Opportunity when lifecycle before Opportunity set lifecycle Opportunity
on status Open create deal "{company name}" in pipeline Sales amount 100
on meeting ends move deal to Proposal
on change of company employees when status is Open set company industry "Big"
after 2 hours in status Connected set company domain "slow.example"
)";

TestEvent Change(std::string contact, std::vector<std::pair<std::string, std::string>> properties) {
  static int count = 0;
  TestEvent event;
  event.id = "change " + std::to_string(++count);
  event.contact = std::move(contact);
  event.type = "contact updated";
  event.properties = std::move(properties);
  return event;
}

EventResult ChangeCompany(World& world, const std::string& request, const std::string& company, const std::vector<NamedInput>& properties,
                          CreateMode create = CreateMode::kCreateIfMissing, bool remove = false) {
  CompanyInput input;
  input.change.id = request;
  input.change.contact = company;
  input.change.properties = properties;
  input.change.create = create;
  input.change.actor = "mika@acme.example";
  input.remove = remove;
  EventResult result;
  world.core->ChangeCompany(input, result);
  REQUIRE(world.core->Commit().ok());
  return result;
}

}  // namespace

TEST_CASE("E4: contacts that set each other off without end are stopped after as many turns, whether an event or a merge began it") {
  const bool by_merge = GENERATE(false, true);
  World world;
  world.Deploy(
      "on email sent set company employees 1\n"
      "on change of company employees when lifecycle is MQL set company domain \"d{company employees}\"\n"
      "on change of company domain when lifecycle is SQL add 1 to company employees\n");
  world.Apply(Change("ana", {{"company id", "acme"}, {"lifecycle", "MQL"}}));
  world.Apply(Change("ben", {{"company id", "acme"}, {"lifecycle", "SQL"}}));
  world.Apply(Change("dan", {{"company id", "acme"}}));
  if (by_merge) {
    world.Apply(Change("cyd", {{"company employees", "1"}}));
    REQUIRE(world.core->Merge({"cyd", "mika", 0}, "dan").ok());
    REQUIRE(world.core->Commit().ok());
  } else {
    TestEvent sent = Change("dan", {});
    sent.type = "email sent";
    world.Apply(sent);
  }
  CHECK(world.Get("ana", "company employees") == "65");
  CHECK(world.view().failures().size() == 1);
}

TEST_CASE("E1: what spreads over a company is committed with its event, or not at all") {
  World world;
  world.Deploy(kCompanyScript);
  for (const char* contact : {"ana", "ben", "cyd"}) world.Apply(Change(contact, {{"company id", "acme"}}));
  const Sequence before = world.core->last_sequence();

  const TestBatch batch({Change("ana", {{"company employees", "200"}})});
  std::vector<EventResult> results;
  world.core->Process(batch.inputs(), results);
  CHECK(world.Get("cyd", "company employees") == "200");
  CHECK(world.core->last_sequence() == before + 3);

  SECTION("a crash before the commit") {
    world.Restart();
    CHECK(world.core->last_sequence() == before);
    for (const char* contact : {"ana", "ben", "cyd"}) CHECK(world.Get(contact, "company employees").empty());
  }
  SECTION("a crash behind it") {
    REQUIRE(world.core->Commit().ok());
    const std::string digest = Digest(world.view());
    world.Restart();
    CHECK(Digest(world.view()) == digest);
    for (const char* contact : {"ana", "ben", "cyd"}) CHECK(world.Get(contact, "company employees") == "200");
  }
}

TEST_CASE("a company is changed by people: once, and all its contacts have it") {
  World world;
  world.Deploy(kCompanyScript);
  const std::vector<NamedInput> large = {{"company employees", std::string_view("200")}, {"company name", std::string_view("Acme")}};
  CHECK(ChangeCompany(world, "r1", "acme", large, CreateMode::kMustExist).status.reason == reasons::kCompanyNotFound);
  CHECK(ChangeCompany(world, "r2", "acme", large, CreateMode::kMustCreate).created);
  CHECK(ChangeCompany(world, "r3", "acme", large, CreateMode::kMustCreate).status.reason == reasons::kCompanyExists);
  CHECK(ChangeCompany(world, "r2", "acme", large, CreateMode::kMustCreate).state == EventState::kDuplicate);

  world.Apply(Change("ana", {{"company id", "acme"}, {"lifecycle", "Lead"}}));
  CHECK(world.Get("ana", "company name") == "Acme");
  const std::vector<NamedInput> stage = {{"company lifecycle", std::string_view("Opportunity")}};
  CHECK(ChangeCompany(world, "r4", "acme", stage).changes == 1);
  CHECK(world.Get("ana", "lifecycle") == "Opportunity");
  const EventResult again = ChangeCompany(world, "r4", "acme", stage);
  CHECK(again.state == EventState::kDuplicate);
  CHECK(again.changes == 1);

  const std::vector<NamedInput> own = {{"status", std::string_view("New")}};
  const EventResult wrong = ChangeCompany(world, "r5", "acme", own);
  CHECK(wrong.status.reason == reasons::kUnknownProperty);
  CHECK(wrong.status.message == "`status` is a contact's own; companies have the properties that begin with `company`");
  CHECK(ChangeCompany(world, "r6", "a/b", {}).status.reason == reasons::kInvalidCompanyId);

  const std::string digest = Digest(world.view());
  world.Restart();
  CHECK(Digest(world.view()) == digest);
  CHECK(ChangeCompany(world, "r4", "acme", stage).changes == 1);
}

TEST_CASE("a company that is deleted is taken from its contacts, and may come again") {
  World world;
  world.Deploy(kCompanyScript);
  world.Apply(Change("ana", {{"company id", "acme"}, {"company name", "Acme"}}));
  world.Apply(Change("ben", {{"company id", "acme"}}));
  CHECK(ChangeCompany(world, "r1", "acme", {}, CreateMode::kMustExist, true).status.ok());
  CHECK(world.view().companies().Find("acme") == nullptr);
  for (const char* contact : {"ana", "ben"}) {
    CHECK(world.Get(contact, "company id").empty());
    CHECK(world.Get(contact, "company name").empty());
  }
  CHECK(ChangeCompany(world, "r2", "acme", {}, CreateMode::kMustExist, true).status.reason == reasons::kCompanyNotFound);
  world.Apply(Change("ben", {{"company id", "acme"}}));
  REQUIRE(world.view().companies().Find("acme") != nullptr);
  CHECK(world.view().companies().Find("acme")->members == std::vector<std::uint32_t>{1});
  const std::string digest = Digest(world.view());
  world.Restart();
  CHECK(Digest(world.view()) == digest);
}

TEST_CASE("a company that is deleted stays so when a timer of a contact that is to lose it is due") {
  World world;
  world.Deploy(kCompanyScript);
  world.Apply(Change("ana", {{"company id", "acme"}, {"status", "Connected"}}));
  world.Apply(Change("ben", {{"company id", "acme"}}));
  world.clock.Advance(3 * kHour);
  CHECK(ChangeCompany(world, "r1", "acme", {}, CreateMode::kMustExist, true).status.ok());
  CHECK(world.view().companies().Find("acme") == nullptr);
  for (const char* contact : {"ana", "ben"}) {
    CHECK(world.Get(contact, "company id").empty());
    CHECK(world.Get(contact, "company domain").empty());
  }
}

TEST_CASE("a rule that sets what its contact has says nothing of the company, whose new value is on its way") {
  World world;
  world.Deploy("on Open wait 2 hours clear company employees\n");
  const Micros start = world.clock.Now();
  world.Apply(Change("ana", {{"company id", "acme"}, {"company employees", "5"}}));
  world.clock.Advance(3 * kHour);
  world.Apply(Change("ana", {{"company employees", ""}}));
  TestEvent late = Change("ana", {{"status", "Open"}});
  late.at = start + kHour / 2;
  world.Apply(late);
  const std::vector<NamedInput> employees = {{"company employees", std::string_view("200")}};
  ChangeCompany(world, "r1", "acme", employees);
  CHECK(world.Get("ana", "company employees") == "200");
}

TEST_CASE("E11: what a person says of a company no rule of its contacts overwrites") {
  World world;
  world.Deploy("on change of company employees set status Open\non Open set company employees 1\n");
  world.Apply(Change("ana", {{"company id", "acme"}}));
  const std::vector<NamedInput> large = {{"company employees", std::string_view("200")}};
  ChangeCompany(world, "r1", "acme", large);
  CHECK(world.Get("ana", "status") == "Open");
  CHECK(world.Get("ana", "company employees") == "200");
}

TEST_CASE("companies and deals are the same after a crash, from any checkpoint") {
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    SeededRandom random(seed);
    const auto below = [&](std::uint64_t bound) { return random.Next() % bound; };
    World world;
    world.Deploy(kCompanyScript);
    for (int i = 0; i < 120; ++i) {
      world.AdvanceTo(world.clock.Now() + static_cast<Micros>(below(3)) * kHour);
      TestEvent event = Change("c" + std::to_string(below(12)), {});
      if (below(3) == 0) event.properties.emplace_back("company id", below(5) == 0 ? "" : "k" + std::to_string(below(3)));
      if (below(3) == 0) event.properties.emplace_back("company employees", std::to_string(below(4) * 50));
      if (below(5) == 0) event.properties.emplace_back("company name", "N" + std::to_string(below(3)));
      if (below(4) == 0) event.properties.emplace_back("status", below(2) == 0 ? "Open" : "Connected");
      if (below(6) == 0) event.properties.emplace_back("lifecycle", "SQL");
      if (below(4) == 0) event.at = world.clock.Now() - static_cast<Micros>(below(5)) * kHour;
      if (below(6) == 0) event.type = "meeting ends";
      if (below(8) == 0) {
        event.type = below(2) == 0 ? "deal created" : "deal won";
        event.fields = {{"deal", "D" + std::to_string(below(3))}, {"amount", std::to_string(below(100))}};
      }
      world.Apply(event);
      if (below(15) == 0) {
        const std::string domain = "d" + std::to_string(below(9)) + ".example";
        const std::vector<NamedInput> change = {{"company domain", std::string_view(domain)}};
        ChangeCompany(world, "r" + std::to_string(i), "k" + std::to_string(below(3)), change, CreateMode::kCreateIfMissing, below(6) == 0);
      }
      if (below(20) == 0) world.Checkpoint();
      if (below(20) != 0) continue;
      const std::string digest = Digest(world.view());
      world.Restart();
      INFO("seed " << seed << ", event " << i);
      REQUIRE(Digest(world.view()) == digest);
    }
    // Of each company every contact has what it has.
    const std::uint32_t id_slot = *world.view().program().well_known.company_id;
    for (std::uint32_t number = 0; number < world.view().stats().contacts; ++number) {
      const Contact& contact = *world.view().ContactAt(number);
      const Company* company = world.view().companies().Find(contact.Text(id_slot));
      REQUIRE((company != nullptr) == contact.IsSet(id_slot));
      if (company == nullptr) continue;
      for (const CompanyValue& value : company->values) CHECK(contact.Holds(value.slot, value.value));
    }
  }
}

TEST_CASE("S16: a changed definition moves contacts after the deployment, and fires nothing by it") {
  const auto script = [](const char* size) {
    return std::string("define target_account \"agreed\" when company employees >= ") + size +
           "\nlist \"Accounts\" when target_account\non joining \"Accounts\" set status Open\n";
  };
  World world;
  world.Deploy(script("50"));
  world.Apply(Change("ana", {{"company id", "acme"}, {"company employees", "70"}}));
  world.Apply(Change("ben", {{"company id", "bolt"}, {"company employees", "30"}}));
  CHECK(world.Get("ana", "status") == "Open");
  CHECK(world.Node("ana", "Accounts") == 1);
  world.Deploy(script("100"));
  CHECK(world.Node("ana", "Accounts") == 0);
  CHECK(world.Get("ana", "status") == "Open");
  world.Deploy(script("20"));
  CHECK(world.Node("ben", "Accounts") == 1);
  CHECK(world.Get("ben", "status").empty());
  world.Apply(Change("ben", {{"company employees", "10"}}));
  world.Apply(Change("ben", {{"company employees", "25"}}));
  CHECK(world.Get("ben", "status") == "Open");
}

}  // namespace stagecraft::runtime::tests
