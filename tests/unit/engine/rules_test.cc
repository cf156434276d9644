// Rules as such: contacts that are there are enrolled, rules are switched off, runs are ended, what failed is tried again
// (docs/semantics.md, "Enrolment", "Runs and waits", "What fails").
#include <algorithm>
#include <catch2/catch.hpp>

#include "runtime/engine/history.h"
#include "runtime/engine/row_packer.h"
#include "runtime/explain/describe.h"
#include "tests/unit/engine/world.h"

namespace stagecraft::runtime::tests {
namespace {

constexpr char kNothing[] = "on MQL set job title \"mql\"\n";
const char kWelcome[] = R"(
rule "Welcome"
  on SQL
  set job title "welcome"
  wait 1 day
  set status Connected
)";

void Make(World& world, const std::string& contact, const std::string& stage, const std::string& email = "") {
  const EventResult result = world.Apply({"make " + contact,
                                          contact,
                                          "contact updated",
                                          world.clock.Now(),
                                          {},
                                          {{"lifecycle", stage}, {"email", email}},
                                          CreateMode::kCreateIfMissing,
                                          ""});
  REQUIRE(result.status.message.empty());
}

std::uint32_t RuleOf(World& world, std::string_view name) {
  const std::vector<ir::Rule>& rules = world.view().program().rules;
  const auto found = std::find_if(rules.begin(), rules.end(), [&](const ir::Rule& rule) { return rule.declared && rule.name == name; });
  REQUIRE(found != rules.end());
  return static_cast<std::uint32_t>(found - rules.begin());
}

void Settle(World& world) {
  while (world.core->FireOverdue(1'000) > 0) {}
  REQUIRE(world.core->Commit().ok());
}

std::ptrdiff_t OpenFailures(World& world) {
  const std::vector<Failure>& failures = world.view().failures();
  return std::count_if(failures.begin(), failures.end(), [](const Failure& failure) { return !failure.is_closed; });
}

}  // namespace

TEST_CASE("S22: a deployment enrols nobody who is there already, unless it is asked to") {
  World world;
  world.Deploy(kNothing);
  Make(world, "ana", "SQL");
  world.Deploy(kWelcome);
  Settle(world);
  CHECK(world.Get("ana", "job title").empty());
}

TEST_CASE("S22: contacts are enrolled behind what was overdue when their rules were deployed, also after a restart") {
  const std::string nudge = " on SQL wait 1 day set status Open\n";
  World world;
  world.Deploy("rule \"Nudge\"" + nudge);
  Make(world, "ana", "SQL");
  world.Deploy("rule \"Nudge\" disabled" + nudge);
  world.AdvanceTo(kStart + 3 * kDay);
  const bool restarts = GENERATE(false, true);
  if (restarts) world.Restart();
  world.Deploy("rule \"Nudge\"" + nudge + "rule \"Tell\" on SQL notify owner \"{id}\"\n", true);
  if (restarts) {
    CHECK(world.core->NextEnrolment() == kStart + 3 * kDay + 5 * kSecond);
    CHECK(world.AdvanceTo(kStart + 3 * kDay) == 0);
    CHECK(world.view().notifications().empty());
    world.AdvanceTo(kStart + 3 * kDay + 5 * kSecond);
  } else {
    CHECK(world.core->NextEnrolment() == kStart + 3 * kDay);
    world.AdvanceTo(kStart + 3 * kDay);
  }
  CHECK_FALSE(world.core->NextEnrolment());
  CHECK(world.view().rule_states().enrolments.front().IsDone());
  // The enrolment of nobody says how far it is.
  std::vector<RecordKind> kinds;
  Record scratch;
  const auto visit = [&](const Record& record) {
    if (record.kind != RecordKind::kEnrolment || record.contact == kNoContact) kinds.push_back(record.kind);
    return true;
  };
  REQUIRE(world.store->ScanJournal(1, [&](const JournalRow& row) { return VisitRecords(row, scratch, visit).ok(); }).ok());
  const auto timer = std::find(kinds.begin(), kinds.end(), RecordKind::kTimer);
  const auto progress = std::find(kinds.begin(), kinds.end(), RecordKind::kEnrolment);
  CHECK(timer - kinds.begin() < progress - kinds.begin());
  CHECK(progress != kinds.end());
}

TEST_CASE("S22: contacts that already match are enrolled at a deployment, each once, at the deployment's own time") {
  World world;
  world.Deploy(kNothing);
  Make(world, "ana", "SQL");
  Make(world, "ben", "Lead");
  Make(world, "cem", "SQL");
  world.clock.Set(kStart + kHour);
  world.Deploy(kWelcome, true);
  REQUIRE(world.view().rule_states().enrolments.size() == 1);
  CHECK(world.view().rule_states().enrolments.front().end == 3);
  world.clock.Set(kStart + 2 * kHour);
  SECTION("at once") {}
  SECTION("after a restart in the middle") {
    CHECK(world.core->FireDue(2) == 2);
    REQUIRE(world.core->Commit().ok());
    world.Restart();
  }
  SECTION("after a checkpoint and a restart in the middle") {
    CHECK(world.core->FireDue(1) == 1);
    REQUIRE(world.core->Commit().ok());
    world.Checkpoint();
    world.Restart();
  }
  Settle(world);
  CHECK(world.view().rule_states().enrolments.front().IsDone());
  CHECK(world.view().rule_states().enrolments.front().enrolled == 2);
  CHECK(world.Get("ana", "job title") == "welcome");
  CHECK(world.Get("ben", "job title").empty());
  REQUIRE(world.view().FindContact("cem")->runs().size() == 1);
  CHECK(world.view().FindContact("cem")->runs().front().due == kStart + kHour + kDay);
  const std::string before = Digest(world.view());
  world.Restart();
  CHECK(Digest(world.view()) == before);
  CHECK(world.view().rule_states().enrolments.front().enrolled == 2);
}

TEST_CASE("S22: a contact to which something happens first has its turn then, and only then") {
  World world;
  world.Deploy(kNothing);
  Make(world, "ana", "SQL");
  Make(world, "ben", "Lead");
  world.Deploy(kWelcome, true);
  // Ben becomes SQL before his turn: the rule fires by that, and not once more.
  world.Apply({"e1", "ben", "contact updated", kStart, {}, {{"lifecycle", "SQL"}}, CreateMode::kMustExist, ""});
  world.Apply({"e2", "ana", "contact updated", kStart, {}, {{"lifecycle", "MQL"}}, CreateMode::kMustExist, ""});
  CHECK(world.Get("ana", "job title") == "welcome");
  Settle(world);
  CHECK(world.view().FindContact("ana")->progress().last_run == 1);
  CHECK(world.view().FindContact("ben")->progress().last_run == 1);
  CHECK(world.view().rule_states().enrolments.front().enrolled == 1);
}

TEST_CASE("S22: an enrolment that is given up starts nobody any more, and says how far it came") {
  World world;
  world.Deploy(kNothing);
  for (const char* contact : {"ana", "ben", "cem"}) Make(world, contact, "SQL");
  world.Deploy(kWelcome, true);
  CHECK(world.core->FireDue(1) == 1);
  REQUIRE(world.core->StopEnrolment(2, "olga").ok());
  REQUIRE(world.core->Commit().ok());
  const std::string before = Digest(world.view());
  SECTION("at once") {}
  SECTION("after a restart") { world.Restart(); }
  SECTION("after a checkpoint and a restart") {
    world.Checkpoint();
    world.Restart();
  }
  CHECK(Digest(world.view()) == before);
  CHECK_FALSE(world.core->NextEnrolment());
  Settle(world);
  world.Apply({"e1", "ben", "contact updated", kStart, {}, {{"email", "ben@x.example"}}, CreateMode::kMustExist, ""});
  CHECK(world.Get("ana", "job title") == "welcome");
  CHECK(world.Get("ben", "job title").empty());
  CHECK(world.Get("cem", "job title").empty());
  const Enrolment& enrolment = world.view().rule_states().enrolments.front();
  CHECK(enrolment.IsDone());
  CHECK(enrolment.is_given_up);
  CHECK(enrolment.next == 1);
  CHECK(enrolment.end == 3);
  CHECK(enrolment.enrolled == 1);
  // Once more it changes nothing, and what there is not is said.
  const Sequence last = world.core->last_sequence();
  CHECK(world.core->StopEnrolment(2, "olga").ok());
  CHECK(world.core->last_sequence() == last);
  CHECK(world.core->StopEnrolment(1, "olga").reason == "OPERATION_NOT_FOUND");
}

TEST_CASE("S22: a rule that a later deployment changes enrols nobody any more, and one that it keeps goes on") {
  World world;
  world.Deploy(kNothing);
  Make(world, "ana", "SQL");
  world.Deploy(std::string(kWelcome) + "on SQL set company name \"acme\"\n", true);
  world.Deploy(std::string(kNothing) + "on SQL set company name \"acme\"\n");
  Settle(world);
  CHECK(world.Get("ana", "job title").empty());
  CHECK(world.Get("ana", "company name") == "acme");
}

TEST_CASE("a rule that is switched off does not fire and its runs stand still, through restarts and deployments") {
  World world;
  world.Deploy(kWelcome);
  Make(world, "ana", "SQL");
  REQUIRE(world.core->SwitchRule(RuleOf(world, "Welcome"), false, "mika").ok());
  REQUIRE(world.core->Commit().ok());
  Make(world, "ben", "SQL");
  CHECK(world.Get("ben", "job title").empty());
  SECTION("from the journal") {}
  SECTION("from a checkpoint") { world.Checkpoint(); }
  world.Restart();
  world.Deploy(std::string(kWelcome) + kNothing);
  CHECK_FALSE(world.core->NextDue());
  CHECK(world.AdvanceTo(kStart + 2 * kDay) == 0);
  REQUIRE(world.core->SwitchRule(RuleOf(world, "Welcome"), true, "mika").ok());
  CHECK(world.AdvanceTo(kStart + 2 * kDay + kHour) == 1);
  CHECK(world.Get("ana", "status") == "Connected");
  Make(world, "cem", "SQL");
  CHECK(world.Get("cem", "job title") == "welcome");
}

TEST_CASE("a rule that its script disables cannot be switched on") {
  World world;
  world.Deploy("rule \"Welcome\"\n  on SQL\n  disabled\n  set job title \"welcome\"\n");
  CHECK(world.core->SwitchRule(RuleOf(world, "Welcome"), true, "").code == StatusCode::kFailedPrecondition);
  CHECK(world.core->SwitchRule(100'000, true, "").code == StatusCode::kNotFound);
}

TEST_CASE("runs are ended by hand, those of earlier revisions with them") {
  World world;
  world.Deploy(kWelcome);
  Make(world, "ana", "SQL");
  world.Deploy("rule \"Welcome\"\n  on SQL\n  wait 2 days\n  set status Open\n");
  Make(world, "ben", "SQL");
  std::optional<std::uint32_t> next;
  CHECK(world.core->StopRuns({RuleOf(world, "Welcome"), std::nullopt, "a mistake", "mika"}, 1, next) == 1);
  REQUIRE(next);
  CHECK(world.core->StopRuns({RuleOf(world, "Welcome"), std::nullopt, "a mistake", "mika"}, 1, next) == 1);
  REQUIRE(world.core->Commit().ok());
  CHECK(world.view().RulesInProgress().empty());
  const std::string before = Digest(world.view());
  world.Restart();
  CHECK(Digest(world.view()) == before);
  History history(*world.store);
  const Record record = *history.Find(world.view().FindContact("ana")->last_sequence());
  CHECK(record.actor == "mika");
  CHECK(record.effects.front().text == "a mistake");
  CHECK_FALSE(world.core->NextDue());
}

TEST_CASE("what could not be done is listed, and done again after the mend") {
  World world;
  world.Deploy("on email replied notify owner \"About {subject}\"\n");
  Make(world, "ana", "Lead");
  world.Apply({"e1", "ana", "email replied", kStart, {{"subject", "prices"}}, {}, CreateMode::kMustExist, ""});
  REQUIRE(OpenFailures(world) == 1);
  const std::int64_t failure = world.view().failures().front().id;
  CHECK(static_cast<RefusalReason>(world.view().failures().front().reason) == RefusalReason::kNoRecipient);
  Failure after;
  REQUIRE(world.core->Retry(failure, "mika", after).ok());
  CHECK_FALSE(after.is_closed);
  CHECK(OpenFailures(world) == 1);
  world.Apply({"e2", "ana", "contact updated", kStart, {}, {{"owner", "ben@acme.example"}}, CreateMode::kMustExist, ""});
  SECTION("from the journal") {}
  SECTION("from a checkpoint") { world.Checkpoint(); }
  world.Restart();
  CHECK(OpenFailures(world) == 1);
  REQUIRE(world.core->Retry(failure, "mika", after).ok());
  CHECK(after.is_closed);
  REQUIRE(world.core->Commit().ok());
  REQUIRE(world.view().notifications().size() == 1);
  CHECK(world.view().notifications().front().text == "About prices");
  CHECK(OpenFailures(world) == 0);
  CHECK(world.core->Retry(failure, "mika", after).code == StatusCode::kNotFound);
  const std::string before = Digest(world.view());
  SECTION("and once more from the journal") {}
  world.Restart();
  CHECK(Digest(world.view()) == before);
  CHECK(OpenFailures(world) == 0);
}

TEST_CASE("a value that cannot be computed changes nothing, is listed with what is not set, and computed after the mend") {
  World world;
  world.Deploy(
      "property contract_end date\nproperty renewal date\nproperty seats number\nproperty price money\n"
      "on email replied set renewal contract_end + 1 year\non email opened set price 100 / seats\n");
  Make(world, "ana", "Lead");
  world.Apply({"e1",
               "ana",
               "contact updated",
               kStart,
               {},
               {{"renewal", "2027-01-31"}, {"price", "7"}, {"seats", "0"}},
               CreateMode::kMustExist,
               ""});
  world.Apply({"e2", "ana", "email replied", kStart, {}, {}, CreateMode::kMustExist, ""});
  world.Apply({"e3", "ana", "email opened", kStart, {}, {}, CreateMode::kMustExist, ""});
  CHECK(world.Get("ana", "renewal") == "2027-01-31");
  CHECK(world.Get("ana", "price") == "7");
  SECTION("from the journal") {}
  SECTION("from a checkpoint") { world.Checkpoint(); }
  world.Restart();
  REQUIRE(OpenFailures(world) == 2);
  const Failure not_set = world.view().failures()[0];
  const Failure by_zero = world.view().failures()[1];
  CHECK(static_cast<RefusalReason>(not_set.reason) == RefusalReason::kNotSet);
  CHECK(static_cast<RefusalReason>(by_zero.reason) == RefusalReason::kByZero);
  CHECK(DescribeFailure(world.view().program(), not_set) == "renewal not changed: contract_end is not set");
  CHECK(DescribeFailure(world.view().program(), by_zero) == "price not changed: that divides by zero");
  Failure after;
  REQUIRE(world.core->Retry(not_set.id, "mika", after).ok());
  CHECK_FALSE(after.is_closed);
  world.Apply({"e4", "ana", "contact updated", kStart, {}, {{"contract_end", "2027-03-31"}, {"seats", "4"}}, CreateMode::kMustExist, ""});
  for (const std::int64_t id : {not_set.id, by_zero.id}) {
    REQUIRE(world.core->Retry(id, "mika", after).ok());
    CHECK(after.is_closed);
  }
  CHECK(world.Get("ana", "renewal") == "2028-03-31");
  CHECK(world.Get("ana", "price") == "25");
  CHECK(OpenFailures(world) == 0);
}

TEST_CASE("a hand-off to nobody who is there is listed with who is out, and done again when somebody is back") {
  World world;
  world.Deploy("team \"Sales\" \"aya@acme.example\"\non SQL assign owner from \"Sales\" by rotation\n");
  const bool is_away = GENERATE(true, false);
  UserChange change;
  change.user = "aya@acme.example";
  if (is_away) change.absences = {{kStart, kStart + kDay, "holidays"}};
  if (!is_away) change.deactivated = true;
  REQUIRE(world.core->ChangeUser(change).ok());
  Make(world, "ana", "SQL");
  REQUIRE(OpenFailures(world) == 1);
  const Failure failure = world.view().failures().front();
  CHECK(static_cast<RefusalReason>(failure.reason) == RefusalReason::kNobodyFree);
  CHECK(DescribeFailure(world.view().program(), failure).find("aya@acme.example") != std::string::npos);
  world.Checkpoint();
  world.Restart();
  CHECK(world.view().failures().front() == failure);
  if (is_away) change.absences = std::vector<Absence>{};
  if (!is_away) change.deactivated = false;
  REQUIRE(world.core->ChangeUser(change).ok());
  Failure after;
  REQUIRE(world.core->Retry(failure.id, "mika", after).ok());
  CHECK(after.is_closed);
  CHECK(world.Get("ana", "owner") == "aya@acme.example");
}

TEST_CASE("a notification to somebody who is deactivated is listed with their name") {
  World world;
  world.Deploy("on SQL notify \"aya@acme.example\" \"{name}\"\n");
  UserChange change;
  change.user = "aya@acme.example";
  change.deactivated = true;
  REQUIRE(world.core->ChangeUser(change).ok());
  Make(world, "ana", "SQL");
  REQUIRE(OpenFailures(world) == 1);
  CHECK(DescribeFailure(world.view().program(), world.view().failures().front()) == "nothing was sent: aya@acme.example is deactivated");
}

TEST_CASE("a reminder that reaches nobody is no rule's failure") {
  World world;
  world.Deploy("on SQL create task \"Call\" for owner due in 2 hours remind 1 hour before\n");
  Make(world, "ana", "SQL");
  world.AdvanceTo(kStart + kDay);
  CHECK(OpenFailures(world) == 0);
}

TEST_CASE("what a run could not do after its wait is done again with what the event said that set it off") {
  World world;
  world.Deploy("rule \"Answer\"\n  on email replied\n  wait 1 day\n  notify owner \"About {subject}\"\n");
  Make(world, "ana", "Lead");
  world.Apply({"e1", "ana", "email replied", kStart, {{"subject", "prices"}}, {}, CreateMode::kMustExist, ""});
  world.AdvanceTo(kStart + kDay);
  REQUIRE(OpenFailures(world) == 1);
  world.Apply({"e2", "ana", "contact updated", kStart + kDay, {}, {{"owner", "ben@acme.example"}}, CreateMode::kMustExist, ""});
  Failure after;
  REQUIRE(world.core->Retry(world.view().failures().front().id, "mika", after).ok());
  REQUIRE(after.is_closed);
  CHECK(world.view().notifications().front().text == "About prices");
}

TEST_CASE("an attempt wants the same kind of action in the same place of the rule") {
  World world;
  const std::string templates = "template \"intro\" subject \"Hello\" body \"Hi\"\n";
  world.Deploy(templates + "rule \"Answer\"\n  on email replied\n  send email \"intro\"\n");
  Make(world, "ana", "Lead");
  world.Apply({"e1", "ana", "email replied", kStart, {}, {}, CreateMode::kMustExist, ""});
  REQUIRE(OpenFailures(world) == 1);
  const std::int64_t failure = world.view().failures().front().id;
  Failure after;
  SECTION("another action") { world.Deploy(templates + "rule \"Answer\"\n  on email replied\n  set status New\n"); }
  SECTION("no rule") { world.Deploy(templates + kNothing); }
  SECTION("disabled") { world.Deploy(templates + "rule \"Answer\"\n  on email replied\n  disabled\n  send email \"intro\"\n"); }
  const Status status = world.core->Retry(failure, "mika", after);
  CHECK(status.code == StatusCode::kFailedPrecondition);
  CHECK(OpenFailures(world) == 1);
}

TEST_CASE("E4: an event that failed is applied after the mend, with all that it said") {
  EngineOptions options;
  options.rounds_max = 2;
  World world(options);
  const std::string fields = "property a number\nproperty b number\nproperty c number\n";
  world.Deploy(fields + "on change of a copy a to b\non change of b copy b to c\non change of c set status New\n");
  const auto event = TestEvent{"e1", "ana", "contact updated", kStart, {}, {{"a", "5"}}, CreateMode::kCreateIfMissing, "mika"};
  CHECK(world.Apply(event).state == EventState::kFailed);
  CHECK(world.view().FindContact("ana") == nullptr);
  REQUIRE(OpenFailures(world) == 1);
  SECTION("from the journal") {}
  SECTION("from a checkpoint") { world.Checkpoint(); }
  world.Restart();
  const std::int64_t failure = world.view().failures().front().id;
  Failure after;
  REQUIRE(world.core->Retry(failure, "mika", after).ok());
  CHECK_FALSE(after.is_closed);
  world.Deploy(fields + "on change of a copy a to b\n");
  REQUIRE(world.core->Retry(failure, "mika", after).ok());
  CHECK(after.is_closed);
  REQUIRE(world.core->Commit().ok());
  CHECK(world.Get("ana", "b") == "5");
  CHECK(OpenFailures(world) == 0);
  // The id goes on answering as it did.
  CHECK(world.Apply(event).state == EventState::kDuplicate);
  const std::string before = Digest(world.view());
  world.Restart();
  CHECK(Digest(world.view()) == before);
  CHECK(OpenFailures(world) == 0);
}

TEST_CASE("S14: a sequence is started by hand, by its name in any letter case") {
  World world;
  world.Deploy("sequence \"Chase\"\n  set status New\n  wait 1 day\n  set status Open\n");
  Make(world, "ana", "Lead");
  const auto start = [&](const std::string& id) {
    return world.Apply({id, "ana", "rule started", kStart, {{"rule", "chase"}}, {}, CreateMode::kMustExist, "mika"});
  };
  CHECK(start("e1").rules_fired == 1);
  CHECK(world.Get("ana", "status") == "New");
  CHECK(start("e1").state == EventState::kDuplicate);
  // It is running.
  CHECK(start("e2").rules_fired == 0);
  world.AdvanceTo(kStart + kDay);
  CHECK(world.Get("ana", "status") == "Open");
}

}  // namespace stagecraft::runtime::tests
