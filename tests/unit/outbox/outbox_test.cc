// What is sent when, and what becomes of it, with a clock that only the test moves and a world that answers as it is told.
#include "runtime/outbox/outbox.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <functional>
#include <map>
#include <set>

#include "runtime/model/reasons.h"
#include "runtime/outbox/message.h"
#include "tests/unit/engine/world.h"

namespace stagecraft::runtime::tests {
namespace {

const char kSendingScript[] = R"(
property budget money
property trial yes or no
property renewal date

template "intro" subject "Hello {first name}" body "Welcome."

on SQL call webhook "crm" with email, budget, trial, renewal, status, score
on MQL call webhook "billing" with email
on Customer send email "intro"
on Subscriber notify "mika@acme.example" "{first name} <new> & here"
)";

SendResult FailedWith(const std::string& error, std::optional<Micros> retry_after = {}) { return {SendEnd::kFailed, error, retry_after}; }

// The dispatcher's work without its threads.
struct Sending {
  explicit Sending(EngineOptions engine = {}, OutboxOptions outbox_options = {}) : world(engine), options(outbox_options) {
    world.Deploy(kSendingScript);
    Start();
  }

  // As after a start of the server.
  void Start() {
    outbox = std::make_unique<Outbox>(options, random);
    outbox->OpenFrom(world.view(), 0, world.view().dispatches().size(), world.clock.Now());
    under_way.clear();
  }
  void Restart() {
    world.Restart();
    Start();
  }

  void Become(const std::string& stage, const std::string& contact) {
    TestEvent event{"e" + std::to_string(++events), contact, "contact updated", world.clock.Now(), {}, {},
                    CreateMode::kCreateIfMissing,   ""};
    event.properties = {{"lifecycle", stage}, {"email", contact + "@acme.example"}, {"first name", contact}};
    REQUIRE(world.Apply(event).state == EventState::kApplied);
  }

  // The four steps of sending.
  void Open() {
    std::vector<std::int64_t> opened;
    world.core->TakeOpened(opened);
    outbox->Open(world.view(), opened, world.clock.Now());
  }
  void Take() { under_way = outbox->Take(world.view(), world.clock.Now(), 100); }
  std::vector<Dispatch> Send() {
    std::vector<Dispatch> outcomes;
    for (const Job& job : under_way) {
      sent.push_back(job.message);
      outcomes.push_back(outbox->Finish(job, answer(job.message), world.clock.Now()));
    }
    return outcomes;
  }
  void Record(const std::vector<Dispatch>& outcomes) {
    world.core->PutOutcomes(outcomes);
    REQUIRE(world.core->Commit().ok());
    outbox->Recorded(outcomes, under_way);
    under_way.clear();
  }
  // Sends what is due now; gives how many.
  std::size_t Round() {
    Open();
    Take();
    const std::size_t count = under_way.size();
    Record(Send());
    return count;
  }
  // Moves the clock to what is due next, and sends it. False when nothing is.
  bool Next() {
    Open();
    const auto due = outbox->NextDue();
    if (!due) return false;
    world.clock.Set(std::max(world.clock.Now(), *due));
    Round();
    return true;
  }

  const Dispatch& Only() const {
    REQUIRE(world.view().dispatches().size() == 1);
    return world.view().dispatches()[0];
  }

  World world;
  OutboxOptions options;
  SeededRandom random{7};
  std::unique_ptr<Outbox> outbox;
  std::function<SendResult(const Outgoing&)> answer = [](const Outgoing&) { return SendResult(); };
  std::vector<Job> under_way;
  std::vector<Outgoing> sent;
  int events = 0;
};

TEST_CASE("a delivery is sent once, and never again after that") {
  Sending sending;
  sending.Become("SQL", "ana");
  CHECK(sending.Only().state == DispatchState::kPending);
  CHECK(sending.Round() == 1);
  CHECK(sending.Only().state == DispatchState::kSent);
  CHECK(sending.Only().attempts == 1);
  CHECK(sending.Round() == 0);
  CHECK_FALSE(sending.outbox->NextDue());
  sending.Restart();
  CHECK(sending.Only().state == DispatchState::kSent);
  CHECK(sending.Round() == 0);
  CHECK(sending.world.view().stats().dispatches[static_cast<std::size_t>(DispatchState::kSent)] == 1);
}

TEST_CASE("what fails is tried again after longer and longer times, and is dead after twelve attempts in about three days") {
  Sending sending;
  sending.answer = [](const Outgoing&) { return FailedWith("HTTP 503"); };
  sending.Become("SQL", "ana");
  const Micros first = sending.world.clock.Now();
  Micros before = first;
  std::vector<Micros> gaps;
  while (sending.Next()) {
    if (sending.sent.size() > 1) gaps.push_back(sending.world.clock.Now() - before);
    before = sending.world.clock.Now();
    REQUIRE(sending.sent.size() <= 12);
  }
  CHECK(sending.sent.size() == 12);
  CHECK(sending.Only().state == DispatchState::kDead);
  CHECK(sending.Only().error == "given up after 12 attempts: HTTP 503");
  CHECK(before - first > 2 * kDay);
  CHECK(before - first < 4 * kDay);
  CHECK(gaps[0] < 15 * kSecond);
  for (std::size_t i = 1; i < gaps.size(); ++i) CHECK(gaps[i] > gaps[i - 1] / 2);
  std::set<std::string> keys;
  for (const Outgoing& message : sending.sent) keys.insert(message.key);
  CHECK(keys.size() == 1);
}

TEST_CASE("the times between attempts are spread, so that what failed together does not come together") {
  Sending sending;
  sending.options.per_destination = 100;
  sending.options.failures_to_rest = 1'000;
  sending.Start();
  sending.answer = [](const Outgoing&) { return FailedWith("HTTP 503"); };
  for (int i = 0; i < 50; ++i) sending.Become("SQL", "c" + std::to_string(i));
  CHECK(sending.Round() == 50);
  std::set<Micros> times;
  for (const Dispatch& dispatch : sending.world.view().dispatches()) {
    const Micros in = dispatch.next_at - sending.world.clock.Now();
    CHECK(in >= sending.options.first_retry * 3 / 4);
    CHECK(in <= sending.options.first_retry * 5 / 4);
    times.insert(dispatch.next_at);
  }
  CHECK(times.size() > 45);
}

TEST_CASE("what is refused for good is dead at once, with the reason, and its destination does not rest") {
  Sending sending;
  sending.answer = [](const Outgoing&) { return SendResult{SendEnd::kRefused, "HTTP 400: no such field", {}}; };
  for (int i = 0; i < 20; ++i) sending.Become("SQL", "c" + std::to_string(i));
  while (sending.Round() > 0) {}
  for (const Dispatch& dispatch : sending.world.view().dispatches()) {
    CHECK(dispatch.state == DispatchState::kDead);
    CHECK(dispatch.attempts == 1);
    CHECK(dispatch.error == "HTTP 400: no such field");
  }
  CHECK(sending.world.view().stats().dispatches[static_cast<std::size_t>(DispatchState::kDead)] == 20);
}

TEST_CASE("a dead delivery can be tried again, with the key that it had; one that was sent cannot") {
  Sending sending;
  sending.answer = [](const Outgoing&) { return SendResult{SendEnd::kRefused, "no destination named `crm`", {}}; };
  sending.Become("SQL", "ana");
  sending.Round();
  const std::int64_t id = sending.Only().id;
  sending.Restart();
  REQUIRE(sending.world.core->RetryDispatch(id).ok());
  REQUIRE(sending.world.core->Commit().ok());
  CHECK(sending.Only().state == DispatchState::kPending);
  CHECK(sending.Only().error == "no destination named `crm`");
  sending.answer = [](const Outgoing&) { return SendResult(); };
  CHECK(sending.Round() == 1);
  CHECK(sending.Only().state == DispatchState::kSent);
  CHECK(sending.Only().error.empty());
  CHECK(sending.sent[0].key == sending.sent[1].key);
  CHECK(sending.world.core->RetryDispatch(id).reason == reasons::kAlreadySent);
  CHECK(sending.world.core->RetryDispatch(id + 4).reason == reasons::kDeliveryNotFound);
}

TEST_CASE("one that waits is tried at once when somebody wants that, and only once") {
  Sending sending;
  sending.answer = [](const Outgoing&) { return FailedWith("HTTP 503"); };
  sending.Become("SQL", "ana");
  sending.Round();
  CHECK(sending.Only().state == DispatchState::kWaiting);
  REQUIRE(sending.world.core->RetryDispatch(sending.Only().id).ok());
  REQUIRE(sending.world.core->Commit().ok());
  sending.answer = [](const Outgoing&) { return SendResult(); };
  CHECK(sending.Round() == 1);
  sending.world.clock.Advance(kDay);
  CHECK(sending.Round() == 0);
}

TEST_CASE("one that is on its way is not sent a second time because somebody wants it tried again") {
  Sending sending;
  sending.Become("SQL", "ana");
  sending.Open();
  sending.Take();
  REQUIRE(sending.under_way.size() == 1);
  REQUIRE(sending.world.core->RetryDispatch(sending.Only().id).ok());
  REQUIRE(sending.world.core->Commit().ok());
  sending.Open();
  CHECK(sending.outbox->Take(sending.world.view(), sending.world.clock.Now(), 100).empty());
  sending.Record(sending.Send());
  CHECK(sending.Only().state == DispatchState::kSent);
  CHECK(sending.Round() == 0);
}

TEST_CASE("a receiver that asks to be left alone is, by all deliveries that go there") {
  Sending sending;
  sending.options.per_destination = 1;
  sending.Start();
  sending.answer = [](const Outgoing&) { return FailedWith("HTTP 429", kHour); };
  sending.Become("SQL", "ana");
  sending.Become("SQL", "ben");
  sending.Become("MQL", "cem");
  sending.Open();
  sending.Take();
  CHECK(sending.under_way.size() == 2);  // one to each destination
  sending.Record(sending.Send());
  CHECK(sending.Round() == 0);
  sending.answer = [](const Outgoing&) { return SendResult(); };
  sending.world.clock.Advance(kHour - kSecond);
  CHECK(sending.Round() == 0);
  sending.world.clock.Advance(kSecond);
  while (sending.Round() > 0) {}
  CHECK(sending.world.view().stats().dispatches[static_cast<std::size_t>(DispatchState::kSent)] == 3);
}

TEST_CASE("a destination that fails rests, is probed with one delivery, and holds nobody else up") {
  Sending sending;
  bool crm_works = false;
  sending.answer = [&](const Outgoing& message) { return message.name == "crm" && !crm_works ? FailedWith("refused") : SendResult(); };
  for (int i = 0; i < 40; ++i) sending.Become("SQL", "c" + std::to_string(i));
  for (int i = 0; i < 40; ++i) sending.Become("MQL", "m" + std::to_string(i));
  while (sending.Round() > 0) {}
  const auto to = [&](const std::string& name) {
    return std::count_if(sending.sent.begin(), sending.sent.end(), [&](const Outgoing& message) { return message.name == name; });
  };
  CHECK(to("billing") == 40);
  CHECK(to("crm") <= 8);  // five that failed in a row, and those that were on their way beside them
  CHECK(to("crm") >= 5);
  CHECK(sending.outbox->IsDown("webhook crm"));
  CHECK_FALSE(sending.outbox->IsDown("webhook billing"));

  // Each probe is one delivery, and each rest longer than the one before.
  Micros last = 0;
  for (int probe = 0; probe < 4; ++probe) {
    const auto before = to("crm");
    const Micros rested_from = sending.world.clock.Now();
    REQUIRE(sending.Next());
    CHECK(to("crm") == before + 1);
    const Micros rest = sending.world.clock.Now() - rested_from;
    CHECK(rest * 10 > last * 11);
    last = rest;
  }
  crm_works = true;
  REQUIRE(sending.Next());
  CHECK_FALSE(sending.outbox->IsDown("webhook crm"));
  while (sending.Next()) {}
  CHECK(sending.world.view().stats().dispatches[static_cast<std::size_t>(DispatchState::kSent)] == 80);
  // Those that only waited for the rest to end have cost no attempt.
  CHECK(sending.world.view().dispatches()[39].attempts == 1);
}

TEST_CASE("somebody who wants a delivery tried again need not wait for the rest of its destination") {
  Sending sending;
  sending.answer = [](const Outgoing&) { return FailedWith("refused"); };
  for (int i = 0; i < 10; ++i) sending.Become("SQL", "c" + std::to_string(i));
  while (sending.Round() > 0) {}
  sending.answer = [](const Outgoing&) { return SendResult(); };
  CHECK(sending.Round() == 0);
  REQUIRE(sending.world.core->RetryDispatch(sending.world.view().dispatches()[0].id).ok());
  REQUIRE(sending.world.core->Commit().ok());
  CHECK(sending.Round() == 1);
  CHECK_FALSE(sending.outbox->IsDown("webhook crm"));
}

TEST_CASE("a destination is sent no more at a time than it may be, and destinations take turns") {
  Sending sending;
  for (int i = 0; i < 20; ++i) sending.Become("SQL", "c" + std::to_string(i));
  for (int i = 0; i < 2; ++i) sending.Become("MQL", "m" + std::to_string(i));
  sending.Open();
  const auto jobs = sending.outbox->Take(sending.world.view(), sending.world.clock.Now(), 4);
  REQUIRE(jobs.size() == 4);
  CHECK(std::count_if(jobs.begin(), jobs.end(), [](const Job& job) { return job.message.name == "billing"; }) == 2);
  CHECK(sending.outbox->Take(sending.world.view(), sending.world.clock.Now(), 100).size() == 2);
  CHECK(sending.outbox->Take(sending.world.view(), sending.world.clock.Now(), 100).empty());
}

TEST_CASE("what was cut off by a stop of the server counts as not tried") {
  Sending sending;
  sending.Become("SQL", "ana");
  sending.Open();
  sending.Take();
  sending.outbox->Cut(sending.under_way.at(0));
  sending.Restart();
  CHECK(sending.Only().attempts == 0);
  CHECK(sending.Round() == 1);
}

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

TEST_CASE("a webhook's body says what was called, about whom, with typed values; it is the same for every attempt") {
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
