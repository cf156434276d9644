// What is sent when, and what becomes of it.
#include "runtime/outbox/outbox.h"

#include <algorithm>
#include <set>

#include "runtime/model/reasons.h"
#include "tests/unit/outbox/sending.h"

namespace stagecraft::runtime::tests {
namespace {

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

TEST_CASE("a dead delivery can be tried again, with the key that it had, and one that was sent cannot") {
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

}  // namespace
}  // namespace stagecraft::runtime::tests
