// Sending with a clock that only the test moves and a world that answers as it is told.
#ifndef STAGECRAFT_TESTS_UNIT_OUTBOX_SENDING_H_
#define STAGECRAFT_TESTS_UNIT_OUTBOX_SENDING_H_

#include <algorithm>
#include <catch2/catch.hpp>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "runtime/outbox/outbox.h"
#include "tests/unit/engine/world.h"

namespace stagecraft::runtime::tests {

inline constexpr char kSendingScript[] = R"(
property budget money
property trial yes or no
property renewal date

template "intro" subject "Hello {first name}" body "Welcome."

on SQL call webhook "crm" with email, budget, trial, renewal, status, score
on MQL call webhook "billing" with email
on Customer send email "intro"
on Subscriber notify "mika@acme.example" "{first name} <new> & here"
)";

inline SendResult FailedWith(const std::string& error, std::optional<Micros> retry_after = {}) {
  return {SendEnd::kFailed, error, retry_after};
}

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

}  // namespace stagecraft::runtime::tests

#endif  // STAGECRAFT_TESTS_UNIT_OUTBOX_SENDING_H_
