// An engine that plays a random history in a store in memory: deployments, enrolments, some of them given up, checkpoints cut short,
// restarts, contacts that come and go, companies, deals, lists by hand, and users who are away or deactivated.
#ifndef STAGECRAFT_TESTS_VERIFY_PLAY_H_
#define STAGECRAFT_TESTS_VERIFY_PLAY_H_

#include <algorithm>
#include <catch2/catch.hpp>
#include <memory>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "runtime/engine/core.h"
#include "runtime/engine/erasure.h"
#include "runtime/engine/simulated.h"
#include "runtime/store/memory_store.h"
#include "tests/support/random_history.h"

namespace stagecraft::runtime::tests {

inline constexpr Micros kPlayStart = 1'790'845'200'000'000;
inline constexpr Micros kPlayHour = 3'600'000'000;

class Play {
 public:
  explicit Play(std::uint64_t seed) : seed_(seed), history_(seed, static_cast<Slice>(seed % (static_cast<int>(Slice::kAll) + 1))) {
    Restart();
    Deploy(history_.Script());
  }

  void Run(int steps) {
    for (int i = 1; i <= steps; ++i) {
      Step(history_.Step());
      if (i % 7 == 0) Checkpoint(i % 2 == 0);
      if (i % 3 == 0) ChangeWhatBelongs(seed_ * 131 + static_cast<std::uint64_t>(i));
      if (i % 9 == 0) ChangeStanding(seed_ * 31 + static_cast<std::uint64_t>(i));
      if (i % 13 == 0) Deploy(RandomHistory(seed_ + static_cast<std::uint64_t>(i), Slice::kAll).Script());
      if (i % 17 == 0) Restart();
    }
  }

  void Restart() {
    core_.reset();
    auto opened = Core::Open(*store_, clock_, random_, {});
    if (!opened) FAIL(opened.error().message);
    core_ = std::move(*opened);
  }

  Store& store() { return *store_; }
  Core& core() { return *core_; }
  const ManualClock& clock() const { return clock_; }
  // Enrolments that were begun, and given up.
  std::ptrdiff_t given_up() const { return given_up_; }
  std::uint32_t revision() const { return core_->view().revision(); }

 private:
  // Not when it does not compile, or has a cascade that does not end.
  void Deploy(const RandomScript& script) {
    Deployment deployment;
    const View& view = core_->view();
    deployment.revision.number = view.revision() + 1;
    deployment.revision.files = {{"random.stage", script.Text()}};
    CompileResult compiled = core_->programs().CompileNext(deployment.revision.files, view.RulesInProgress());
    if (compiled.program == nullptr) return;
    deployment.revision.layout = ir::EncodeLayout(compiled.program->layout);
    deployment.program = std::move(compiled.program);
    deployment.lost = std::move(compiled.lost);
    const std::uint32_t number = deployment.revision.number;
    deployment.enrol_existing = number % 2 == 0;
    REQUIRE(core_->Deploy(std::move(deployment)).message.empty());
    if (number % 4 == 0) GiveUpEnrolment(number);
  }

  // When some had their turn; where nobody is enrolled there is nothing to give up.
  void GiveUpEnrolment(std::uint32_t revision) {
    core_->FireDue(2);
    const Status status = core_->StopEnrolment(revision, "mika");
    REQUIRE((status.ok() || status.reason == "OPERATION_NOT_FOUND"));
    REQUIRE(core_->Commit().ok());
    const std::vector<Enrolment>& all = core_->view().rule_states().enrolments;
    given_up_ += std::count_if(all.begin(), all.end(), [](const Enrolment& each) { return each.is_given_up; });
  }

  void Step(const RandomStep& step) {
    if (step.event) {
      const Contact* contact = core_->view().FindContact(step.event->contact);
      const PlayedEvent event(*step.event, clock_.Now(), contact == nullptr ? std::nullopt : std::optional(contact->created_at()));
      EventInput input = event.input();
      const std::string id = "e" + std::to_string(++events_);
      input.id = id;
      input.create = CreateMode::kCreateIfMissing;
      std::vector<EventResult> results;
      core_->Process({&input, 1}, results);
    }
    clock_.Advance(step.passes);
    core_->FireDue(1'000);
    REQUIRE(core_->Commit().ok());
  }

  // Something is said of a company, a user, or of what a contact has to do with them; when that cannot be, nothing.
  void ChangeWhatBelongs(std::uint64_t choice) {
    std::mt19937_64 random(choice);
    const View& view = core_->view();
    const std::uint64_t contacts = view.stats().contacts;
    if (contacts == 0) return;
    const std::string id = "w" + std::to_string(++events_);
    const std::string contact = view.ContactAt(static_cast<std::uint32_t>(random() % contacts))->id();
    const std::string company = "k" + std::to_string(random() % 3);
    const std::string name = "Name " + std::to_string(random() % 4);
    const NamedInput company_name{"company name", std::string_view(name)};
    EventInput event;
    event.id = id;
    event.contact = contact;
    event.type = "contact updated";
    const NamedInput joins[] = {{"company id", std::string_view(company)}, company_name};
    const NamedInput member{"list:By hand", random() % 3 != 0};
    const NamedInput deal[] = {{"deal", std::string_view(name)}, {"amount", static_cast<double>(random() % 900)}};
    switch (random() % 5) {
      case 0:
        event.properties = joins;
        break;
      case 1:
        event.properties = {&member, 1};
        break;
      case 2:
        event.type = random() % 2 == 0 ? "deal created" : "deal won";
        event.fields = deal;
        break;
      case 3:
        return ChangeCompany(id, company, company_name, random() % 6 == 0);
      default:
        return ChangeUser(random());
    }
    std::vector<EventResult> results;
    core_->Process({&event, 1}, results);
    REQUIRE(core_->Commit().ok());
  }

  void ChangeCompany(const std::string& id, const std::string& company, const NamedInput& name, bool removes) {
    CompanyInput input;
    input.change.id = id;
    input.change.contact = company;
    input.change.create = CreateMode::kCreateIfMissing;
    input.change.actor = "mika";
    if (!removes) input.change.properties = {&name, 1};
    input.remove = removes;
    EventResult result;
    core_->ChangeCompany(input, result);
    REQUIRE(core_->Commit().ok());
  }

  void ChangeUser(std::uint64_t choice) {
    const Micros from = clock_.Now() + static_cast<Micros>(choice / 3 % 9) * kPlayHour;
    UserChange change;
    change.user = choice % 2 == 0 ? "aya@acme.example" : "ben@acme.example";
    if (choice % 3 == 0) change.deactivated = choice % 4 == 0;
    if (choice % 3 != 0) change.absences = {{from, from + 5 * kPlayHour, "away"}};
    change.actor = "mika";
    REQUIRE(core_->ChangeUser(change).ok());
    REQUIRE(core_->Commit().ok());
  }

  // Some contact is deleted, restored, merged into another, or erased; when that cannot be, nothing.
  void ChangeStanding(std::uint64_t choice) {
    const View& view = core_->view();
    const std::uint64_t contacts = view.stats().contacts;
    if (contacts == 0) return;
    const std::string id = view.ContactAt(static_cast<std::uint32_t>(choice % contacts))->id();
    const std::string other = view.ContactAt(static_cast<std::uint32_t>(choice / 7 % contacts))->id();
    Sequence record = 0;
    switch (choice / 3 % 4) {
      case 0:
        core_->Delete({id, "mika", 0});
        break;
      case 1:
        core_->Restore({id, "mika", 0});
        break;
      case 2:
        core_->Merge({id, "mika", 0}, other);
        break;
      default:
        core_->Erase({id, "mika", 0}, record);
        break;
    }
    REQUIRE(core_->Commit().ok());
    const std::vector<Erasure> ready = core_->NextErasures();
    if (ready.empty()) return;
    REQUIRE(Scrub(*store_, ready).message.empty());
    core_->NoteScrubbed(ready);
    REQUIRE(core_->Commit().ok());
  }

  // A part of one, or all of it.
  void Checkpoint(bool all) {
    CheckpointBatch batch;
    while (core_->NextCheckpoint(true, batch)) {
      REQUIRE(store_->WriteCheckpoint(batch).ok());
      if (!all) return;
    }
  }

  const std::uint64_t seed_;
  RandomHistory history_;
  std::unique_ptr<Store> store_ = NewMemoryStore();
  ManualClock clock_{kPlayStart};
  SeededRandom random_{1};
  std::unique_ptr<Core> core_;
  int events_ = 0;
  std::ptrdiff_t given_up_ = 0;
};

}  // namespace stagecraft::runtime::tests

#endif  // STAGECRAFT_TESTS_VERIFY_PLAY_H_
