// What the journal and the checkpoint know of deliveries, over crashes, restarts and erasures, and what a message says.
#include <algorithm>
#include <map>

#include "runtime/model/reasons.h"
#include "runtime/outbox/message.h"
#include "tests/unit/outbox/sending.h"

namespace stagecraft::runtime::tests {
namespace {

// The process dies at each point of sending; what was not recorded is sent again with the same key, what was recorded is not.
TEST_CASE("at least once: after a crash at any point everything is sent, with the same key as before") {
  for (const bool checkpoint : {false, true}) {
    for (int crash_after = 0; crash_after < 5; ++crash_after) {
      INFO("crash after step " << crash_after << ", checkpoint " << checkpoint);
      Sending sending;
      sending.Become("SQL", "ana");
      sending.Become("SQL", "ben");
      if (crash_after > 0) sending.Open();
      if (crash_after > 1) sending.Take();
      std::vector<Dispatch> outcomes;
      if (crash_after > 2) outcomes = sending.Send();
      if (crash_after == 3) sending.world.core->PutOutcomes(outcomes);  // decided, not durable
      if (crash_after == 4) sending.Record(outcomes);
      if (checkpoint && crash_after != 3) sending.world.Checkpoint();
      sending.Restart();
      while (sending.Round() > 0) {}
      std::map<std::string, int> times;
      for (const Outgoing& message : sending.sent) ++times[message.key];
      CHECK(times.size() == 2);
      for (const auto& [key, count] : times) CHECK(count == (crash_after == 3 ? 2 : 1));
      for (const Dispatch& dispatch : sending.world.view().dispatches()) CHECK(dispatch.state == DispatchState::kSent);
      const std::string digest = Digest(sending.world.view());
      sending.Restart();
      CHECK(Digest(sending.world.view()) == digest);
    }
  }
}

TEST_CASE("outcomes over many checkpoints and restarts give the same state") {
  Sending sending;
  int count = 0;
  sending.answer = [&](const Outgoing&) { return ++count % 3 == 0 ? SendResult() : FailedWith("busy " + std::to_string(count)); };
  for (int round = 0; round < 30; ++round) {
    sending.Become("SQL", "c" + std::to_string(round));
    sending.world.clock.Advance(20 * kSecond);
    sending.Round();
    if (round % 7 == 3) {
      CheckpointBatch batch;  // only its first part
      if (sending.world.core->NextCheckpoint(true, batch)) REQUIRE(sending.world.store->WriteCheckpoint(batch).ok());
    }
    const std::string before = Digest(sending.world.view());
    sending.Restart();
    REQUIRE(Digest(sending.world.view()) == before);
  }
}

TEST_CASE("deliveries of a folder from before there were dispatches are to be sent still") {
  Sending sending;
  sending.Become("SQL", "ana");
  sending.world.Checkpoint();
  sending.Become("SQL", "ben");
  auto old = std::exchange(sending.world.store, NewMemoryStore());
  Store::Recovery copy;
  copy.on_revision = [&](const Revision& revision) { return sending.world.store->Append({}, &revision); };
  copy.on_journal = [&](const JournalRow&) { return Status(); };
  std::vector<CheckpointRow> rows;
  copy.on_checkpoint = [&](CheckpointRow&& row) {
    if (row.kind != CheckpointKind::kDispatch) rows.push_back(std::move(row));
    return Status();
  };
  REQUIRE(old->Recover(copy).ok());
  REQUIRE(old->ScanJournal(1, [&](const JournalRow& row) { return sending.world.store->Append({&row, 1}, nullptr).ok(); }).ok());
  REQUIRE(sending.world.store->WriteCheckpoint({rows, sending.world.view().FindContact("ana")->last_sequence()}).ok());
  sending.Restart();
  CHECK(sending.world.view().dispatches().size() == 2);
  CHECK(sending.Round() == 2);
  sending.world.Checkpoint();
  sending.Restart();
  CHECK(sending.world.view().dispatches().size() == 2);
  CHECK(sending.Round() == 0);
}

TEST_CASE("a webhook's body says what was called, about whom, with typed values, and is the same for every attempt") {
  Sending sending;
  TestEvent event{"e", "ana", "contact updated", kStart, {}, {}, CreateMode::kCreateIfMissing, ""};
  event.properties = {{"lifecycle", "SQL"},
                      {"email", "ana@acme.example"},
                      {"budget", "9000000000000.25"},
                      {"trial", "yes"},
                      {"status", "Attempted to Contact"}};
  sending.world.Apply(event);
  sending.Round();
  REQUIRE(sending.sent.size() == 1);
  const Outgoing& message = sending.sent[0];
  CHECK(message.medium == Medium::kWebhook);
  CHECK(message.name == "crm");
  CHECK(message.text == R"({"id":")" + message.key + R"(","type":"crm","timestamp":"2026-01-01T00:00:00Z","contact":"ana","data":{)" +
                            R"("email":"ana@acme.example","budget":9000000000000.25,"trial":true,"renewal":null,)" +
                            R"("status":"ATTEMPTED_TO_CONTACT","score":0}})");
}

TEST_CASE("keys of different installations differ") {
  Sending one;
  one.Become("SQL", "ana");
  one.Round();
  World later;
  later.clock.Set(kStart + 1);
  later.store = NewMemoryStore();
  later.Restart();
  later.Deploy(kSendingScript);
  later.Apply({"e1", "ana", "contact updated", kStart + 1, {}, {{"lifecycle", "SQL"}}, CreateMode::kCreateIfMissing, ""});
  REQUIRE(later.view().dispatches().size() == 1);
  CHECK(later.view().dispatches()[0].id == one.world.view().dispatches()[0].id);
  CHECK(MessageOf(later.view(), later.view().dispatches()[0]).key != one.sent[0].key);
}

TEST_CASE("an e-mail has the template's words") {
  Sending sending;
  sending.Become("Customer", "ana");
  sending.Round();
  REQUIRE(sending.sent.size() == 1);
  CHECK(sending.sent[0].medium == Medium::kEmail);
  CHECK(sending.sent[0].recipient == "ana@acme.example");
  CHECK(sending.sent[0].subject == "Hello ana");
  CHECK(sending.sent[0].text == "Welcome.");
}

TEST_CASE("a notification goes only into the list, unless the server was told otherwise when it was made") {
  EngineOptions options;
  Sending sending(options);
  sending.Become("Subscriber", "ana");
  CHECK(sending.world.view().notifications().size() == 1);
  CHECK(sending.world.view().dispatches().empty());

  sending.world.options.notification_routes = kNotifyByEmail | kNotifyByChat;
  sending.Restart();
  CHECK(sending.world.view().dispatches().empty());
  sending.Become("Subscriber", "ben");
  CHECK(sending.world.view().dispatches().size() == 2);
  sending.world.options.notification_routes = 0;
  sending.Restart();
  CHECK(sending.world.view().dispatches().size() == 2);
  CHECK(sending.Round() == 2);
  REQUIRE(sending.sent.size() == 2);
  std::sort(sending.sent.begin(), sending.sent.end(), [](const Outgoing& a, const Outgoing& b) { return a.medium < b.medium; });
  CHECK(sending.sent[0].recipient == "mika@acme.example");
  CHECK(sending.sent[0].subject == "ben <new> & here");
  CHECK(sending.sent[0].text == "ben <new> & here\n\ncontact: ben\n");
  CHECK(sending.sent[1].medium == Medium::kChat);
  CHECK(sending.sent[1].text == "{\"text\":\"mika@acme.example: ben &lt;new&gt; &amp; here (ben)\"}");
  CHECK(sending.sent[0].key != sending.sent[1].key);
}

TEST_CASE("of a contact that is erased nothing is sent any more, and nothing of what receivers answer is kept") {
  Sending sending;
  sending.answer = [](const Outgoing&) { return FailedWith("no mailbox for ana@acme.example"); };
  sending.Become("SQL", "ana");
  sending.Become("Customer", "ana");
  sending.Open();
  sending.Take();
  REQUIRE(sending.under_way.size() == 2);
  Sequence record = 0;
  REQUIRE(sending.world.core->Erase({"ana", "mika", 0}, record).message.empty());
  REQUIRE(sending.world.core->Commit().ok());
  sending.Record(sending.Send());
  for (const bool restarted : {false, true}) {
    INFO("restarted " << restarted);
    if (restarted) sending.Restart();
    for (const Dispatch& dispatch : sending.world.view().dispatches()) {
      CHECK(dispatch.state == DispatchState::kDead);
      CHECK(dispatch.error.empty());
    }
    sending.world.clock.Advance(kDay);
    CHECK(sending.Round() == 0);
  }
  CHECK(sending.world.core->RetryDispatch(sending.world.view().dispatches().at(0).id).reason == reasons::kDeliveryNotFound);
}

TEST_CASE("an event whose cascade fails leaves nothing to be sent") {
  EngineOptions options;
  options.rounds_max = 2;
  World world(options);
  world.Deploy(R"(
on MQL call webhook "crm" with email
on MQL set status New
on New set status Open
on Open set status "In Progress"
)");
  CHECK(world.Apply({"e1", "ana", "contact updated", kStart, {}, {{"lifecycle", "MQL"}}, CreateMode::kCreateIfMissing, ""}).state ==
        EventState::kFailed);
  CHECK(world.view().dispatches().empty());
}

}  // namespace
}  // namespace stagecraft::runtime::tests
