// What is answered to events (language.md E5, E6; runtime/model/event.h).
#include <catch2/catch.hpp>

#include "runtime/model/reasons.h"
#include "tests/unit/engine/world.h"

namespace stagecraft::runtime::tests {
namespace {

TestEvent BecomesSql(const std::string& id, const std::string& contact, Micros at = kStart) {
  return {id, contact, "contact updated", at, {}, {{"lifecycle", "SQL"}}, CreateMode::kCreateIfMissing, ""};
}

TEST_CASE("an event is applied, and its cascade with it") {
  World world;
  world.Deploy(kScript);
  const EventResult result = world.Apply(BecomesSql("e1", "ana"));
  CHECK(result.state == EventState::kApplied);
  CHECK(result.rules_fired == 2);
  CHECK(result.changes == 3);
  CHECK(world.Get("ana", "status") == "New");
  CHECK(world.Get("ana", "owner") == "aya@acme.example");
  REQUIRE(world.view().tasks().size() == 1);
  CHECK(world.view().tasks()[0].title == "Call ana");
  CHECK(world.view().tasks()[0].assignee == "aya@acme.example");
  CHECK(world.view().tasks()[0].cause == result.sequence);
  CHECK(world.view().notifications().size() == 1);
}

TEST_CASE("E5: the same event again changes nothing and gets the first answer") {
  World world;
  world.Deploy(kScript);
  const EventResult first = world.Apply(BecomesSql("e1", "ana"));
  const std::string before = Digest(world.view());
  SECTION("later") {}
  SECTION("after a restart that folds the journal") { world.Restart(); }
  SECTION("after a restart from a checkpoint") {
    world.Checkpoint();
    world.Restart();
  }
  const EventResult again = world.Apply(BecomesSql("e1", "ana"));
  CHECK(again.state == EventState::kDuplicate);
  CHECK(again.sequence == first.sequence);
  CHECK(again.changes == first.changes);
  CHECK(again.rules_fired == first.rules_fired);
  CHECK(Digest(world.view()) == before);
}

TEST_CASE("E5: the same id with other content is an error") {
  World world;
  const EventResult first = world.Apply({"e1", "ana", "email sent", kStart, {}, {}, CreateMode::kCreateIfMissing, ""});
  SECTION("later") {}
  SECTION("after a restart") { world.Restart(); }
  const EventResult other = world.Apply({"e1", "ana", "email sent", kStart + 1, {}, {}, CreateMode::kCreateIfMissing, ""});
  CHECK(first.state == EventState::kApplied);
  CHECK(other.state == EventState::kRejected);
  CHECK(other.status.code == StatusCode::kAlreadyExists);
  CHECK(other.status.reason == reasons::kEventIdReused);
  REQUIRE(other.status.violations.size() == 1);
  CHECK(other.status.violations[0].field == "id");
}

TEST_CASE("E5: the second one of a batch is a duplicate as well") {
  World world;
  const TestEvent event{"e1", "ana", "email sent", kStart, {}, {}, CreateMode::kCreateIfMissing, ""};
  const TestBatch batch({event, event});
  std::vector<EventResult> results;
  world.core->Process(batch.inputs(), results);
  REQUIRE(results.size() == 2);
  CHECK(results[0].state == EventState::kApplied);
  CHECK(results[1].state == EventState::kDuplicate);
  CHECK(results[1].sequence == results[0].sequence);
}

TEST_CASE("a rejected event leaves no trace, and the others of its batch go on") {
  World world;
  world.Deploy(kScript);
  world.Apply({"e0", "ana", "contact created", kStart, {}, {}, CreateMode::kMustCreate, ""});
  const std::string before = Digest(world.view());
  const Sequence sequence = world.core->last_sequence();
  std::vector<std::tuple<TestEvent, StatusCode, std::string>> cases = {
      {{"e1", "ana", "never heard of", kStart, {}, {}, CreateMode::kMustExist, ""},
       StatusCode::kInvalidArgument,
       reasons::kUnknownEventType},
      {{"e1", "ana", "email sent", kStart, {{"colour", "red"}}, {}, CreateMode::kMustExist, ""},
       StatusCode::kInvalidArgument,
       reasons::kUnknownField},
      {{"e1", "ana", "contact updated", kStart, {}, {{"status", "Nwe"}}, CreateMode::kMustExist, ""},
       StatusCode::kInvalidArgument,
       reasons::kInvalidValue},
      {{"e1", "ben", "email sent", kStart, {}, {}, CreateMode::kMustExist, ""}, StatusCode::kNotFound, reasons::kContactNotFound},
      {{"e1", "ana", "contact created", kStart, {}, {}, CreateMode::kMustCreate, ""}, StatusCode::kAlreadyExists, reasons::kContactExists},
      {{"e1", "ana", "email sent", kStart - 1, {}, {}, CreateMode::kMustExist, ""},
       StatusCode::kFailedPrecondition,
       reasons::kEventBeforeContact},
      {{"e1", "ana", "email sent", kStart + kHour, {}, {}, CreateMode::kMustExist, ""},
       StatusCode::kInvalidArgument,
       reasons::kEventInFuture},
      {{"e1", "cem", "never heard of", kStart, {}, {}, CreateMode::kCreateIfMissing, ""},
       StatusCode::kInvalidArgument,
       reasons::kUnknownEventType},
      {{"", "ana", "email sent", kStart, {}, {}, CreateMode::kMustExist, ""}, StatusCode::kInvalidArgument, reasons::kInvalidEventId},
      {{"e1", "a b", "email sent", kStart, {}, {}, CreateMode::kCreateIfMissing, ""},
       StatusCode::kInvalidArgument,
       reasons::kInvalidContactId},
  };
  for (const auto& [event, code, reason] : cases) {
    const EventResult result = world.Apply(event);
    CAPTURE(event.type, event.contact, result.status.message);
    CHECK(result.state == EventState::kRejected);
    CHECK(result.status.code == code);
    CHECK(result.status.reason == reason);
    CHECK_FALSE(result.status.violations.empty());
    CHECK(result.sequence == 0);
  }
  CHECK(Digest(world.view()) == before);
  CHECK(world.core->last_sequence() == sequence);
  CHECK(world.Apply({"e1", "ana", "email sent", kStart, {}, {}, CreateMode::kMustExist, ""}).state == EventState::kApplied);
}

TEST_CASE("an event without a time of its own happens now") {
  World world;
  world.clock.Set(kStart + kHour);
  world.Apply({"e1", "ana", "email sent", 0, {}, {}, CreateMode::kCreateIfMissing, ""});
  CHECK(world.view().FindContact("ana")->created_at() == kStart + kHour);
}

TEST_CASE("a contact may be older than the event that brings it") {
  World world;
  TestBatch batch({{"e1", "ana", "contact created", kStart, {}, {}, CreateMode::kCreateIfMissing, ""}});
  EventInput input = batch.inputs()[0];
  std::vector<EventResult> results;
  input.created_at = kStart + 1;
  world.core->Process({&input, 1}, results);
  CHECK(results.back().status.reason == reasons::kEventBeforeContact);
  input.created_at = kStart - kDay;
  world.core->Process({&input, 1}, results);
  CHECK(results.back().state == EventState::kApplied);
  CHECK(world.view().FindContact("ana")->created_at() == kStart - kDay);
  CHECK(world.Apply({"e2", "ana", "email sent", kStart - kHour, {}, {}, CreateMode::kMustExist, ""}).state == EventState::kApplied);
}

const char kLongChain[] = R"(
property a yes or no
property b yes or no
property c yes or no
on a yes set b yes
on b yes set c yes
)";

EngineOptions OneRound() {
  EngineOptions options;
  options.rounds_max = 1;
  return options;
}

TEST_CASE("E4: an event whose cascade passes the bound is kept as failed, and nothing else of it") {
  World world(OneRound());
  world.Deploy(kLongChain);
  world.Apply({"e0", "ana", "contact created", kStart, {}, {}, CreateMode::kMustCreate, ""});
  const TestEvent event{"e1", "ana", "contact updated", kStart, {}, {{"a", "yes"}}, CreateMode::kMustExist, ""};
  const EventResult result = world.Apply(event);
  CHECK(result.state == EventState::kFailed);
  CHECK(result.status.reason == reasons::kCascadeTooLong);
  CHECK(result.sequence == world.core->last_sequence());
  CHECK(world.Get("ana", "a").empty());
  const std::string before = Digest(world.view());
  SECTION("the second time it is a duplicate") {
    const EventResult again = world.Apply(event);
    CHECK(again.state == EventState::kDuplicate);
    CHECK(again.sequence == result.sequence);
    CHECK(again.status.reason == reasons::kCascadeTooLong);
  }
  SECTION("a restart keeps it so") {
    world.Restart();
    CHECK(Digest(world.view()) == before);
    CHECK(world.Apply(event).state == EventState::kDuplicate);
  }
}

TEST_CASE("E4: a record with more than 65 536 notifications is taken back as well") {
  const bool one_more = GENERATE(false, true);
  std::string script = "team \"All\"";
  for (int i = 0; i < 256; ++i) script += (i == 0 ? " \"m" : ", \"m") + std::to_string(i) + "@acme.example\"";
  script += "\non SQL";
  for (int i = 0; i < 256; ++i) script += " notify \"All\" \"" + std::to_string(i) + "\"";
  if (one_more) script += " notify \"m0@acme.example\" \"one more\"";
  World world;
  world.Deploy(script + "\n");
  const EventResult result = world.Apply(BecomesSql("e1", "ana", kStart));
  CHECK(result.state == (one_more ? EventState::kFailed : EventState::kApplied));
  CHECK(world.view().notifications().size() == (one_more ? 0 : 65'536));
  CHECK((world.view().FindContact("ana") == nullptr) == one_more);
}

TEST_CASE("timers that set each other off cannot hold up the events of others") {
  World world;
  world.Deploy("after 1 minute in status New set status Open\nafter 1 minute in status Open set status New\n");
  const Micros year = 365 * ir::kMicrosPerDay;
  world.clock.Set(kStart + year);
  const TestEvent begins{"e1", "ana", "contact updated", kStart, {}, {{"status", "New"}}, CreateMode::kCreateIfMissing, ""};
  CHECK(world.Apply(begins).state == EventState::kApplied);
  const EventResult result = world.Apply({"e2", "ana", "email sent", kStart + year, {}, {}, CreateMode::kMustExist, ""});
  CHECK(result.state == EventState::kRejected);
  CHECK(result.status.reason == reasons::kTimersBehind);
  CHECK(world.view().stats().last_sequence < 2 * kTimersPerEventMax);
  CHECK(world.Apply(BecomesSql("e3", "ben", kStart + year)).state == EventState::kApplied);
}

TEST_CASE("E4: a failed event makes no contact") {
  World world(OneRound());
  world.Deploy(kLongChain);
  CHECK(world.Apply({"e1", "ana", "contact updated", kStart, {}, {{"a", "yes"}}, CreateMode::kCreateIfMissing, ""}).state ==
        EventState::kFailed);
  CHECK(world.view().FindContact("ana") == nullptr);
  CHECK(world.view().stats().contacts == 0);
  SECTION("now") {}
  SECTION("after a restart") { world.Restart(); }
  world.Apply({"e2", "ben", "contact updated", kStart, {}, {{"b", "yes"}}, CreateMode::kCreateIfMissing, ""});
  CHECK(world.Get("ben", "c") == "yes");
  CHECK(world.view().FindContact("ana") == nullptr);
  world.Restart();
  CHECK(world.Get("ben", "c") == "yes");
}

}  // namespace
}  // namespace stagecraft::runtime::tests
