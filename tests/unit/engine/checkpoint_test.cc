#include <catch2/catch.hpp>

#include "tests/unit/engine/world.h"

namespace stagecraft::runtime::tests {
namespace {

TEST_CASE("a round begins only when it is worth it, or when it is forced") {
  EngineOptions options;
  options.checkpoint_records = 10;
  World world(options);
  CheckpointBatch batch;
  CHECK_FALSE(world.core->NextCheckpoint(true, batch));
  for (int i = 0; i < 9; ++i) world.Apply({"e" + std::to_string(i), "ana", "email sent", kStart, {}, {}, CreateMode::kCreateIfMissing, ""});
  CHECK_FALSE(world.core->NextCheckpoint(false, batch));
  SECTION("forced") { CHECK(world.core->NextCheckpoint(true, batch)); }
  SECTION("worth it") {
    world.Apply({"e9", "ana", "email sent", kStart, {}, {}, CreateMode::kCreateIfMissing, ""});
    CHECK(world.core->NextCheckpoint(false, batch));
  }
  CHECK(batch.complete_through == world.core->last_sequence());
  CHECK_FALSE(world.core->NextCheckpoint(true, batch));
}

TEST_CASE("a round writes each contact once, however often it changed") {
  World world;
  for (int i = 0; i < 50; ++i) {
    world.Apply({"e" + std::to_string(i), "c" + std::to_string(i % 5), "email sent", kStart, {}, {}, CreateMode::kCreateIfMissing, ""});
  }
  CheckpointBatch batch;
  REQUIRE(world.core->NextCheckpoint(true, batch));
  int contacts = 0;
  for (const CheckpointRow& row : batch.rows) contacts += row.kind == CheckpointKind::kContact ? 1 : 0;
  CHECK(contacts == 5);
}

// The names of the deals in the rows of one round.
std::vector<std::string> DealsOfRound(CheckpointPlan& plan, const CheckpointSource& source) {
  std::vector<std::string> names;
  CheckpointBatch batch;
  do {
    REQUIRE(plan.Next(source, true, batch));
    for (const CheckpointRow& row : batch.rows) {
      if (row.kind == CheckpointKind::kDeal) names.push_back(DecodeDeal(row.bytes)->name);
    }
  } while (!batch.complete_through);
  return names;
}

TEST_CASE("a round writes what is new and what has changed since the round before, each once") {
  ContactTable contacts(1);
  Items items;
  Companies companies;
  EventIds ids;
  SharedState shared;
  const RuleStates rules;
  std::vector<Erasure> erasures;
  CheckpointPlan plan(1);
  const auto add = [&](std::int64_t id, const char* name) {
    Deal deal;
    deal.id = id;
    deal.name = name;
    items.deals.Add(std::move(deal));
  };
  add(1, "one");
  add(2, "two");
  items.deals.Change(2)->name = "two, changed";
  CHECK(DealsOfRound(plan, {contacts, items, companies, ids, shared, rules, erasures, 1}) ==
        std::vector<std::string>{"one", "two, changed"});
  add(3, "three");
  items.deals.Change(1)->name = "one, changed";
  CHECK(DealsOfRound(plan, {contacts, items, companies, ids, shared, rules, erasures, 2}) ==
        std::vector<std::string>{"three", "one, changed"});
  CHECK(DealsOfRound(plan, {contacts, items, companies, ids, shared, rules, erasures, 3}).empty());
}

TEST_CASE("the rows of contacts and of the engine can be read back, and damage is noticed") {
  Contact contact("ana", 7, kStart);
  contact.Set(3, Value{true, 42, {}}, false, kStart);
  const std::string row = EncodeContactRow(contact, 99);
  Sequence through = 0;
  const auto again = DecodeContactRow(row, through);
  REQUIRE(again);
  CHECK(through == 99);
  CHECK(EncodeContactRow(*again, 99) == row);
  CHECK_FALSE(DecodeContactRow(row.substr(0, row.size() - 1), through));

  const std::vector<TeamTurns> teams = {{}, {kTurnLength, {{"aya@acme.example", 3 * kTurnLength}, {"ben@acme.example", kTurnLength}}}};
  const std::string engine = EncodeEngineRow({12, 34, teams, {}, {}, {{7, 11}}});
  const auto engine_again = DecodeEngineRow(engine);
  REQUIRE(engine_again);
  CHECK(engine_again->through == 12);
  CHECK(engine_again->ids_seed == 34);
  CHECK(engine_again->teams == teams);
  CHECK(engine_again->erasures == std::vector<Erasure>{{7, 11}});
  CHECK_FALSE(DecodeEngineRow(engine.substr(0, engine.size() - 1)));
}

TEST_CASE("an engine's row of an older folder, which ends with the places of the next members, can be read") {
  std::string row = EncodeEngineRow({12, 34, {}, {0, 5, 2}});
  const std::size_t header = 2;
  const std::size_t places = 4;  // their count, and each of them
  row.resize(header + places);
  const auto engine = DecodeEngineRow(row);
  REQUIRE(engine);
  CHECK(engine->next_member == std::vector<std::uint32_t>{0, 5, 2});
  CHECK(engine->teams.empty());
}

TEST_CASE("a rotation that was kept as a place goes on with the next member") {
  ir::Team team;
  team.members = {"aya@acme.example", "ben@acme.example", "Aya@acme.example"};
  TeamTurns turns;
  SeedTurns(team, 1, turns);
  REQUIRE(turns.turns.size() == 3);
  CHECK(turns.turns[0].member == "aya@acme.example");
  CHECK(turns.turns[2].member == "aya@acme.example 1");
  CHECK(turns.turns[0].at == turns.turns[1].at + kTurnLength);
  CHECK(turns.turns[1].at == turns.turns[2].at);
  CHECK(turns.turns[1].at >= turns.time);
}

}  // namespace
}  // namespace stagecraft::runtime::tests
