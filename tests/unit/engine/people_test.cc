// Who of a team gets a contact: turns, weights, loads, capacity, absence, account owners; what stays of it after a crash.
#include <catch2/catch.hpp>
#include <map>

#include "tests/unit/engine/world.h"

namespace stagecraft::runtime::tests {
namespace {

constexpr const char* kTeam = "team \"Sales\" \"aya@acme.example\", \"ben@acme.example\", \"cara@acme.example\"\n";

// A world whose rule assigns each new contact.
class Sales {
 public:
  explicit Sales(const std::string& team, const std::string& method = "by rotation") : method_(method) { Deploy(team); }

  void Deploy(const std::string& team) {
    world.Deploy(team + "on contact created assign owner from \"Sales\" " + method_ + "\non \"page viewed\" assign owner from \"Sales\" " +
                 method_ + "\n");
  }
  // Makes a contact; gives the first letter of the owner, or `-`.
  std::string Next(const std::string& domain = "") {
    const std::string id = "c" + std::to_string(++made_);
    TestEvent event{id, id, "contact created", world.clock.Now(), {}, {}, CreateMode::kMustCreate, ""};
    if (!domain.empty()) event.properties.emplace_back("company domain", domain);
    REQUIRE(world.Apply(event).state == EventState::kApplied);
    const std::string owner = world.Get(id, "owner");
    return owner.empty() ? "-" : owner.substr(0, 1);
  }
  std::string Next(int count) {
    std::string owners;
    for (int i = 0; i < count; ++i) owners += Next();
    return owners;
  }
  void Say(const std::string& user, std::optional<bool> deactivated, std::optional<std::vector<Absence>> absences) {
    UserChange change;
    change.user = user;
    change.deactivated = deactivated;
    change.absences = std::move(absences);
    REQUIRE(world.core->ChangeUser(change).ok());
    REQUIRE(world.core->Commit().ok());
  }
  void Away(const std::string& user, Micros from, Micros until, const std::string& note = "") { Say(user, {}, {{{from, until, note}}}); }
  // The last record of the contact made last.
  Record Last() {
    Record record;
    const Contact* contact = world.view().FindContact("c" + std::to_string(made_));
    REQUIRE(world.store
                ->ScanJournal(contact->last_sequence(),
                              [&](const JournalRow& row) {
                                std::size_t offset = 0;
                                for (std::uint32_t i = 0; i < row.count; ++i) {
                                  REQUIRE(DecodeRecord(row.bytes, offset, record));
                                  if (row.first + i == contact->last_sequence()) break;
                                }
                                return false;
                              })
                .ok());
    return record;
  }
  const Effect* Find(const Record& record, EffectKind kind) {
    const auto found = std::find_if(record.effects.begin(), record.effects.end(), [kind](const Effect& each) { return each.kind == kind; });
    return found == record.effects.end() ? nullptr : &*found;
  }

  World world;

 private:
  std::string method_;
  int made_ = 0;
};

TEST_CASE("members of equal weight take turns in the order of the team") {
  Sales sales(kTeam);
  CHECK(sales.Next(7) == "abcabca");
}

TEST_CASE("a member of weight 2 comes twice as often, as evenly as can be") {
  Sales sales("team \"Sales\" \"aya@acme.example\" weight 2, \"ben@acme.example\"\n");
  CHECK(sales.Next(9) == "abaabaaba");
  Sales five("team \"Sales\" \"aya@acme.example\" weight 5, \"ben@acme.example\", \"cara@acme.example\"\n");
  CHECK(five.Next(14) == "aaabcaaaaabcaa");
}

TEST_CASE("turns in proportion to any weights") {
  Sales sales("team \"Sales\" \"aya@acme.example\" weight 7, \"ben@acme.example\" weight 3, \"cara@acme.example\" weight 23\n");
  std::map<char, int> had;
  for (const char owner : sales.Next(330)) ++had[owner];
  CHECK(had == std::map<char, int>{{'a', 70}, {'b', 30}, {'c', 230}});
}

TEST_CASE("who is away loses the turns of that time, and gets no more than the others afterwards") {
  Sales sales(kTeam);
  sales.Away("Ben@acme.example", kStart, kStart + kDay, "holidays");
  CHECK(sales.Next(5) == "acaca");
  const Record record = sales.Last();
  const Effect* lost = sales.Find(record, EffectKind::kAssigned);
  REQUIRE(lost != nullptr);
  CHECK(sales.Next(1) == "c");
  const Record next = sales.Last();
  lost = sales.Find(next, EffectKind::kAssigned);
  CHECK(lost->detail == static_cast<std::uint8_t>(AssignedBy::kTurnLost));
  CHECK(lost->text == "ben@acme.example");
  CHECK(lost->after.text == "ben@acme.example is away until 2026-01-02 00:00 (holidays)");
  sales.world.AdvanceTo(kStart + kDay);
  CHECK(sales.Next(6) == "abcabc");
}

TEST_CASE("an absence counts at the own time of the event, its end no more") {
  Sales sales(kTeam);
  sales.Away("aya@acme.example", kStart + kHour, kStart + 2 * kHour);
  sales.world.AdvanceTo(kStart + 3 * kHour);
  const auto owner_at = [&](const std::string& id, Micros at) {
    sales.world.Apply({id, id, "contact created", at, {}, {}, CreateMode::kMustCreate, ""});
    return sales.world.Get(id, "owner").substr(0, 1);
  };
  CHECK(owner_at("before", kStart + kHour - 1) == "a");
  CHECK(owner_at("b", kStart) == "b");
  CHECK(owner_at("c", kStart) == "c");
  CHECK(owner_at("within", kStart + kHour) == "b");
  CHECK(owner_at("end", kStart + 2 * kHour) == "c");
  CHECK(owner_at("after", kStart + 2 * kHour) == "a");
}

TEST_CASE("when everybody is out the assignment is refused, and says who and why") {
  Sales sales("team \"Sales\" \"aya@acme.example\" at most 1, \"ben@acme.example\", \"cara@acme.example\"\n");
  sales.Away("ben@acme.example", kStart, kStart + kDay);
  sales.Say("cara@acme.example", true, {});
  CHECK(sales.Next(2) == "a-");
  const Record record = sales.Last();
  const Effect* refused = sales.Find(record, EffectKind::kRefused);
  REQUIRE(refused != nullptr);
  CHECK(refused->detail == static_cast<std::uint8_t>(RefusalReason::kNobodyFree));
  CHECK(refused->text == "aya@acme.example has 1 of 1, ben@acme.example is away until 2026-01-02 00:00, cara@acme.example is deactivated");
}

TEST_CASE("by load: to who has the least in proportion to weight, ties in the order of the team") {
  Sales sales("team \"Sales\" \"aya@acme.example\" weight 2, \"ben@acme.example\"\n", "by load");
  CHECK(sales.Next(6) == "abaaba");
  // Somebody takes two away from aya.
  sales.world.Apply({"x1", "c1", "contact updated", kStart, {}, {{"owner", ""}}, CreateMode::kMustExist, ""});
  sales.world.Apply({"x2", "c3", "contact updated", kStart, {}, {{"owner", "ben@acme.example"}}, CreateMode::kMustExist, ""});
  CHECK(sales.Next(3) == "aaa");
  const Record record = sales.Last();
  const Effect* assigned = sales.Find(record, EffectKind::kAssigned);
  REQUIRE(assigned != nullptr);
  CHECK(assigned->before == Value{true, 4, {}});
  CHECK(assigned->after.text == "aya@acme.example has 4 by weight 2, ben@acme.example has 3");
}

TEST_CASE("by load the contact itself is not counted, so that it stays where it is when that is best") {
  Sales sales("team \"Sales\" \"aya@acme.example\", \"ben@acme.example\"\n", "by load");
  CHECK(sales.Next(2) == "ab");
  sales.world.Apply({"again", "c2", "page viewed", kStart, {}, {}, CreateMode::kMustExist, ""});
  CHECK(sales.world.Get("c2", "owner") == "ben@acme.example");
}

TEST_CASE("a member at capacity is passed over until there is room again") {
  Sales sales("team \"Sales\" \"aya@acme.example\" at most 1, \"ben@acme.example\"\n");
  CHECK(sales.Next(4) == "abbb");
  sales.world.Apply({"x", "c1", "contact updated", kStart, {}, {{"owner", ""}}, CreateMode::kMustExist, ""});
  CHECK(sales.Next(3) == "abb");
}

TEST_CASE("the owner of the account keeps it, whoever's turn it is, and takes no turn") {
  Sales sales(kTeam, "by rotation keeping account owner");
  CHECK(sales.Next("acme.test") == "a");
  CHECK(sales.Next("ACME.test") == "a");
  CHECK(sales.Next("other.test") == "b");
  CHECK(sales.Next("acme.test") == "a");
  const Record record = sales.Last();
  const Effect* assigned = sales.Find(record, EffectKind::kAssigned);
  REQUIRE(assigned != nullptr);
  CHECK(assigned->detail == static_cast<std::uint8_t>(AssignedBy::kAccount));
  CHECK(assigned->after.text == "aya@acme.example has 2 more of acme.test");
  CHECK(sales.Next() == "c");
  sales.Away("aya@acme.example", kStart, kStart + kDay);
  CHECK(sales.Next("acme.test") == "b");
  CHECK(sales.Next("acme.test") == "b");
}

TEST_CASE("a failed cascade takes loads and turns back") {
  World world;
  world.options.rounds_max = 6;
  world.Restart();
  world.Deploy(
      "property pings number\nproperty pongs number\n"
      "team \"Sales\" \"aya@acme.example\" at most 1, \"ben@acme.example\"\n"
      "on email sent assign owner from \"Sales\" by rotation\n"
      "on page viewed assign owner from \"Sales\" by rotation add 1 to pings\n"
      "on change of pings add 1 to pongs\n"
      "on change of pongs add 1 to pings\n");
  const auto send = [&](const std::string& contact, const std::string& type) {
    return world.Apply({contact, contact, type, kStart, {}, {}, CreateMode::kCreateIfMissing, ""});
  };
  CHECK(send("failing", "page viewed").state == EventState::kFailed);
  CHECK(send("ana", "email sent").state == EventState::kApplied);
  CHECK(world.Get("ana", "owner") == "aya@acme.example");
  CHECK(send("bob", "email sent").state == EventState::kApplied);
  CHECK(world.Get("bob", "owner") == "ben@acme.example");
}

TEST_CASE("turns, users and loads are the same after a crash, from the journal and from a checkpoint") {
  const bool by_load = GENERATE(false, true);
  const int checkpoint_at = GENERATE(0, 3, 7);
  const std::string team = "team \"Sales\" \"aya@acme.example\" weight 2 at most 4, \"ben@acme.example\", \"cara@acme.example\" weight 3\n";
  const auto play = [&](bool restarts) {
    Sales sales(team, by_load ? "by load" : "by rotation");
    std::string owners;
    for (int i = 0; i < 12; ++i) {
      if (i == 2) sales.Away("ben@acme.example", kStart, kStart + kDay, "x");
      if (i == 5) sales.Say("cara@acme.example", true, {});
      if (i == 8) sales.Say("cara@acme.example", false, {});
      if (restarts && i == checkpoint_at) sales.world.Checkpoint();
      if (restarts && i % 3 == 1) sales.world.Restart();
      owners += sales.Next();
    }
    return owners + Digest(sales.world.view());
  };
  CHECK(play(true) == play(false));
}

TEST_CASE("a team that has changed goes on where it was, and who is new comes in with the others") {
  Sales sales(kTeam);
  CHECK(sales.Next(4) == "abca");
  sales.Deploy("team \"Sales\" \"dan@acme.example\", \"aya@acme.example\", \"cara@acme.example\", \"ben@acme.example\"\n");
  // Ben and cara have not had their second turn, and then the new one comes before aya's third.
  CHECK(sales.Next(4) == "cbda");
}

TEST_CASE("what is said of a user again changes nothing, and what is none is refused") {
  Sales sales(kTeam);
  sales.Away("ben@acme.example", kStart, kStart + kDay);
  const Sequence sequence = sales.world.core->last_sequence();
  sales.Away("BEN@acme.example", kStart, kStart + kDay);
  CHECK(sales.world.core->last_sequence() == sequence);
  UserChange change;
  CHECK(sales.world.core->ChangeUser(change).reason == std::string("INVALID_USER"));
  change.user = "ben@acme.example";
  change.absences = {{kStart, kStart, ""}};
  CHECK(sales.world.core->ChangeUser(change).reason == std::string("INVALID_ABSENCE"));
}

TEST_CASE("a deactivated owner is told nothing, loudly") {
  World world;
  world.Deploy("on \"page viewed\" notify owner \"hello\" create task \"Call\" for owner\n");
  world.Apply({"e1", "ana", "contact created", kStart, {}, {{"owner", "ben@acme.example"}}, CreateMode::kMustCreate, ""});
  UserChange change;
  change.user = "ben@acme.example";
  change.deactivated = true;
  REQUIRE(world.core->ChangeUser(change).ok());
  world.Apply({"e2", "ana", "page viewed", kStart, {}, {}, CreateMode::kMustExist, ""});
  CHECK(world.view().notifications().empty());
  REQUIRE(world.view().tasks().size() == 1);
  CHECK(world.view().tasks()[0].assignee.empty());
}

TEST_CASE("a rule that gives a contact to who has it already does nothing, also when that user is deactivated") {
  World world;
  world.Deploy("on \"page viewed\" assign owner to \"ben@acme.example\"\n");
  world.Apply({"e1", "ana", "contact created", kStart, {}, {{"owner", "ben@acme.example"}}, CreateMode::kMustCreate, ""});
  world.Apply({"e2", "bob", "contact created", kStart, {}, {}, CreateMode::kMustCreate, ""});
  UserChange change;
  change.user = "ben@acme.example";
  change.deactivated = true;
  REQUIRE(world.core->ChangeUser(change).ok());
  world.Apply({"e3", "ana", "page viewed", kStart, {}, {}, CreateMode::kMustExist, ""});
  CHECK(world.view().failures().empty());
  world.Apply({"e4", "bob", "page viewed", kStart, {}, {}, CreateMode::kMustExist, ""});
  CHECK(world.view().failures().size() == 1);
}

TEST_CASE("another attempt is one at the failure that was meant, also when timers that fire before it fail in turn") {
  World world;
  world.Deploy("on \"page viewed\" notify owner\nrule \"late\" within 5 hours of \"page viewed\" expect call otherwise notify owner\n");
  world.AdvanceTo(kStart + kDay);
  world.Apply({"e1", "ana", "page viewed", kStart, {}, {}, CreateMode::kCreateIfMissing, ""});
  REQUIRE(world.view().failures().size() == 1);
  const std::int64_t failure = world.view().failures()[0].id;
  Failure after;
  REQUIRE(world.core->Retry(failure, "mika@acme.example", after).ok());
  CHECK_FALSE(after.is_closed);
  REQUIRE(world.view().failures().size() == 2);
  CHECK(world.view().failures()[0].tried_at == kStart + kDay);
  CHECK(world.view().failures()[1].tried_at == 0);
}

}  // namespace
}  // namespace stagecraft::runtime::tests
