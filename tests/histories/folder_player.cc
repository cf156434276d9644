#include "tests/histories/folder_player.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <condition_variable>
#include <filesystem>
#include <map>
#include <memory>
#include <mutex>
#include <thread>
#include <utility>

#include "runtime/compact/compaction.h"
#include "runtime/engine/checkpoint.h"
#include "runtime/engine/row_packer.h"
#include "runtime/engine/simulated.h"
#include "runtime/engine/view.h"
#include "runtime/store/sqlite/sqlite_store.h"
#include "tests/store/temp_folder.h"

namespace stagecraft::runtime {
namespace {

class ForgetfulStore final : public Store {
 public:
  explicit ForgetfulStore(std::unique_ptr<Store> inner) : inner_(std::move(inner)) {}

  Status Append(std::span<const JournalRow> rows, const Revision* revision) override { return inner_->Append(rows, revision); }
  Status WriteCheckpoint(const CheckpointBatch&) override { return {}; }
  Status RewriteJournal(std::span<const JournalRow> rows) override { return inner_->RewriteJournal(rows); }
  Status ForgetReplaced() override { return inner_->ForgetReplaced(); }
  Status KeepBase() override { return inner_->KeepBase(); }
  Status Shrink() override { return inner_->Shrink(); }
  Status Inspect(const Inspection& visitor) override { return inner_->Inspect(visitor); }
  Status Backup(const TakePart& take) override { return inner_->Backup(take); }
  Status Recover(const Recovery& visitor) override { return inner_->Recover(visitor); }
  Result<JournalRow> ReadJournal(Sequence sequence) override { return inner_->ReadJournal(sequence); }
  Status ScanJournal(Sequence from, const std::function<bool(const JournalRow&)>& visit) override {
    return inner_->ScanJournal(from, visit);
  }

 private:
  std::unique_ptr<Store> inner_;
};

// The seed of the table of ids is kept with it.
class SameRandom final : public Random {
 public:
  std::uint64_t Next() override { return 42; }
};

class Batch final : public Submission {
 public:
  explicit Batch(std::vector<EventInput> events) : events_(std::move(events)) {}

  std::span<const EventInput> Events() const override { return events_; }
  void Done(std::span<const EventResult> results, const Status& failure) override {
    const std::lock_guard lock(mutex_);
    results_.assign(results.begin(), results.end());
    failure_ = failure;
    done_ = true;
    changed_.notify_all();
  }
  std::vector<EventResult> Wait() {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return done_; });
    return failure_.ok() ? results_ : std::vector<EventResult>();
  }

 private:
  const std::vector<EventInput> events_;
  std::mutex mutex_;
  std::condition_variable changed_;
  bool done_ = false;
  std::vector<EventResult> results_;
  Status failure_;
};

std::string Told(const EventResult& result) {
  return std::to_string(static_cast<int>(result.state)) + " " + std::to_string(result.sequence) + " " + std::to_string(result.changes) +
         " " + std::to_string(result.rules_fired) + " " + result.status.reason;
}

bool IsKept(const EventResult& result) { return result.state == EventState::kApplied || result.state == EventState::kFailed; }

// The order in which events came in of which each contact's came in theirs. What left no record came behind what its thread had sent
// before, and behind the event whose id it has.
Order OrderOf(const std::vector<const PlayedEvent*>& events, const std::vector<EventResult>& results) {
  std::map<std::string_view, Sequence> by_id;
  for (std::size_t i = 0; i < events.size(); ++i) {
    if (IsKept(results[i])) by_id.try_emplace(events[i]->input().id, results[i].sequence);
  }
  std::map<std::string_view, Sequence> last;  // by contact
  std::vector<std::pair<Sequence, bool>> places(events.size());
  for (std::size_t i = 0; i < events.size(); ++i) {
    const EventInput& event = events[i]->input();
    Sequence& before = last[event.contact];
    const bool kept = IsKept(results[i]);
    const bool is_known = results[i].state == EventState::kDuplicate || results[i].status.reason == reasons::kEventIdReused;
    const auto same = is_known ? by_id.find(event.id) : by_id.end();
    before = kept ? results[i].sequence : std::max(before, same == by_id.end() ? 0 : same->second);
    places[i] = {before, !kept};
  }
  Order order(events.size());
  for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return places[a] < places[b]; });
  return order;
}

// What is counted from the newest, round and round; nothing when there is none.
template <typename Items, typename Wanted>
std::optional<std::size_t> Choose(std::size_t ago, const Items& items, const Wanted& wanted) {
  std::vector<std::size_t> places;
  for (std::size_t place = 0; place < items.size(); ++place) {
    if (wanted(items[place])) places.push_back(place);
  }
  if (places.empty()) return std::nullopt;
  return places[places.size() - 1 - ago % places.size()];
}

class Player {
 public:
  Player(const reference::History& history, const Manner& manner)
      : history_(history), manner_(manner), options_(manner.options), clock_(history.start + manner.hears_later) {
    if (history.outbox) options_.notification_routes = kNotifyByEmail | kNotifyByChat;
  }

  PlayedFolder Play() {
    Open(manner_.loses_checkpoints);
    if (!Deploy(history_.script, false)) {
      played_.is_no_script = true;
      return std::move(played_);
    }
    for (std::size_t i = 0; i < history_.steps.size(); ++i) {
      if (manner_.restarts != 0 && i % manner_.restarts == 0) Restart();
      Take(history_.steps[i]);
    }
    SendGroup();
    Open(false);
    REQUIRE(engine_->Settle().ok());
    Close();
    Dump();
    return std::move(played_);
  }

 private:
  void Close() {
    engine_.reset();
    store_.reset();
  }

  void Open(bool forgetful) {
    Close();
    auto store = OpenSqliteStore(folder_.path());
    REQUIRE(store);
    store_ = std::move(*store);
    if (forgetful) store_ = std::make_unique<ForgetfulStore>(std::move(store_));
    auto engine = Engine::Open(*store_, clock_, random_, options_);
    if (!engine) FAIL(engine.error().message);
    engine_ = std::move(*engine);
  }

  // Events that came in before it and those behind it are two groups in no manner.
  void Restart() {
    Close();
    if (manner_.compacts) CompactNothing();
    Open(manner_.loses_checkpoints);
  }

  void CompactNothing() {
    auto store = OpenSqliteStore(folder_.path());
    REQUIRE(store);
    auto core = Core::Open(**store, clock_, random_, options_);
    REQUIRE(core);
    const auto report = CompactJournal(**core, **store, history_.start - 1);
    REQUIRE(report);
    REQUIRE(report->forgotten == 0);
  }

  void Read(const std::function<void(const View&)>& reader) { REQUIRE(engine_->Read(reader).ok()); }
  void Answer(std::string text) { played_.answers.push_back(std::move(text)); }
  void Answer(const Status& status) { Answer(status.reason + " " + status.message); }

  void Take(const RandomStep& step) {
    if (step.restarts) return;  // that is the manner's
    if (step.again != 0 || step.event) return Prepare(step);
    SendGroup();
    if (step.deploys) {
      Deploy(step.deploys->script, step.deploys->enrols);
    } else if (step.standing) {
      Change(*step.standing);
    } else if (step.company) {
      Change(*step.company);
    } else if (step.says) {
      Say(*step.says);
    } else if (step.controls) {
      Control(*step.controls);
    } else if (step.retries) {
      Retry(*step.retries);
    } else if (step.outcome) {
      PutOutcome(*step.outcome);
    } else {
      clock_.Advance(step.passes);
    }
    REQUIRE(engine_->Settle().ok());
  }

  bool Deploy(const RandomScript& script, bool enrols) {
    DeployRequest request;
    for (auto& [name, text] : script.Files()) request.files.push_back({name, text});
    request.author = "mika";
    request.enrol_existing = enrols;
    const auto deployed = engine_->Deploy(request);
    REQUIRE(deployed);
    Answer("deployed " + std::to_string(deployed->revision));
    REQUIRE(engine_->Settle().ok());
    return deployed->revision != 0;
  }

  void Change(const RandomStanding& standing) {
    using Kind = RandomStanding::Kind;
    const StandingChange change{standing.contact, "mika", 0};
    Answer(standing.kind == Kind::kDelete    ? engine_->DeleteContact(change)
           : standing.kind == Kind::kRestore ? engine_->RestoreContact(change)
           : standing.kind == Kind::kMerge   ? engine_->MergeContacts(change, standing.other)
                                             : engine_->EraseContact(change));
  }

  void Change(const RandomCompany& company) {
    const PlayedEvent played(company.change, clock_.Now(), std::nullopt, "company " + std::to_string(++ids_));
    const CompanyInput input{played.input(), company.remove};
    const auto results = engine_->ChangeCompanies({&input, 1});
    REQUIRE(results);
    Answer(Told(results->front()));
  }

  void Say(const RandomUserChange& says) {
    UserChange change{says.user, says.deactivated, {}, "mika@acme.example"};
    if (says.absences) {
      change.absences.emplace();
      for (const auto& [from, until] : *says.absences) change.absences->push_back({clock_.Now() + from, clock_.Now() + until, "away"});
    }
    Answer(engine_->ChangeUser(change));
  }

  void Control(const RandomControl& control) {
    std::optional<std::uint32_t> rule, contact;
    Read([&](const View& view) {
      const std::vector<ir::Rule>& rules = view.program().rules;
      for (std::uint32_t number = 0; number < rules.size(); ++number) {
        if (rules[number].declared && rules[number].of_revision == 0 && rules[number].name == control.rule) rule = number;
      }
      if (const Contact* found = view.FindContact(control.contact)) contact = found->number();
    });
    if (!rule || (!control.contact.empty() && !contact)) return;
    if (control.what == RandomControl::What::kStop) {
      const auto stopped = engine_->StopRuns({*rule, contact, "enough", "mika@acme.example"});
      REQUIRE(stopped);
      return Answer(std::to_string(*stopped) + " stopped");
    }
    Answer(engine_->SwitchRule(*rule, control.what == RandomControl::What::kOn, "mika@acme.example"));
  }

  void Retry(const RandomRetry& retry) {
    std::int64_t id = 1;
    Read([&](const View& view) {
      const auto place = Choose(retry.ago, view.failures(), [&](const Failure& each) { return retry.of_all || !each.is_closed; });
      if (place) id = view.failures()[*place].id;
    });
    const auto done = engine_->Retry(id, "mika@acme.example");
    done ? Answer(done->is_closed ? "mended" : "failed again") : Answer(done.error());
  }

  void PutOutcome(const RandomOutcome& outcome) {
    std::optional<Dispatch> told;
    Read([&](const View& view) {
      const auto wanted = [&](const Dispatch& each) { return outcome.which.of_all || IsOpen(each.state); };
      const auto place = Choose(outcome.which.ago, view.dispatches(), wanted);
      if (place) told = view.dispatches()[*place];
    });
    if (!told) return;
    if (outcome.again) return Answer(engine_->RetryDispatch(told->id));
    told->state = outcome.state;
    ++told->attempts;
    told->next_at = outcome.state == DispatchState::kWaiting ? clock_.Now() + outcome.next_in : 0;
    told->error = outcome.state == DispatchState::kSent ? "" : "450 later";
    told->tried_at = clock_.Now();
    Answer(engine_->PutOutcomes({&*told, 1}));
  }

  // The event goes into the group. What it means by a task, and when its contact was made, is as of the group's beginning.
  void Prepare(const RandomStep& step) {
    if (step.again != 0) {
      if (!sent_.empty()) group_.push_back(sent_[sent_.size() - std::min(step.again, sent_.size())].get());
      return;
    }
    RandomEvent event = *step.event;
    std::optional<Micros> created_at;
    Read([&](const View& view) {
      const Contact* contact = view.FindContact(event.contact);
      if (contact != nullptr) created_at = contact->created_at();
      if (!event.task) return;
      const auto place = Choose(event.task->ago, view.tasks(), [&](const Task& task) {
        return (contact != nullptr && task.contact == contact->number()) != event.task->of_others;
      });
      event.fields.emplace_back("task", std::to_string(place ? view.tasks()[*place].id : 1));
    });
    if (!created_at && made_.contains(event.contact)) created_at = made_.at(event.contact);
    if (!step.takes_id || sent_.empty()) ++ids_;
    sent_.push_back(std::make_unique<PlayedEvent>(event, clock_.Now() - manner_.hears_later, created_at, "event " + std::to_string(ids_)));
    made_.try_emplace(event.contact, sent_.back()->input().occurred_at);
    group_.push_back(sent_.back().get());
  }

  void SendGroup() {
    made_.clear();
    if (group_.empty()) return;
    const std::vector<const PlayedEvent*> group = std::exchange(group_, {});
    Order order = OrderIn(group.size());
    std::vector<EventResult> results(group.size());
    if (manner_.threads == 0) {
      SendAtOnce(group, results);
      order = OrderOf(group, results);
    } else {
      SendInTurn(group, order, results);
    }
    played_.orders.push_back(std::move(order));
    for (const EventResult& result : results) Answer(Told(result));
    REQUIRE(engine_->Settle().ok());
  }

  Order OrderIn(std::size_t events) const {
    if (!manner_.orders.empty()) return manner_.orders.at(played_.orders.size());
    Order order(events);
    for (std::size_t i = 0; i < events; ++i) order[i] = i;
    return order;
  }

  void SendAtOnce(const std::vector<const PlayedEvent*>& group, std::vector<EventResult>& results) {
    std::map<std::string_view, std::vector<std::size_t>> by_contact;
    for (std::size_t i = 0; i < group.size(); ++i) by_contact[group[i]->input().contact].push_back(i);
    std::vector<std::thread> threads;
    for (const auto& [contact, places] : by_contact) {
      threads.emplace_back([&] {
        for (const std::size_t place : places) {
          const auto answered = engine_->Apply({&group[place]->input(), 1});
          if (answered) results[place] = answered->front();
        }
      });
    }
    for (std::thread& thread : threads) thread.join();
    REQUIRE(engine_->Health().ok());
  }

  // Each thread sends when its turn has come, and nobody waits for answers before all is sent.
  void SendInTurn(const std::vector<const PlayedEvent*>& group, const Order& order, std::vector<EventResult>& results) {
    std::vector<std::unique_ptr<Batch>> batches;
    for (std::size_t first = 0; first < order.size(); first += manner_.batch) {
      std::vector<EventInput> inputs;
      for (std::size_t i = first; i < std::min(order.size(), first + manner_.batch); ++i) inputs.push_back(group[order[i]]->input());
      batches.push_back(std::make_unique<Batch>(std::move(inputs)));
    }
    std::mutex mutex;
    std::condition_variable changed;
    std::size_t turn = 0;
    bool refused = false;
    std::vector<std::thread> threads;
    for (std::size_t t = 0; t < manner_.threads; ++t) {
      threads.emplace_back([&, t] {
        for (std::size_t i = t; i < batches.size(); i += manner_.threads) {
          std::unique_lock lock(mutex);
          changed.wait(lock, [&] { return turn == i; });
          refused = refused || !engine_->Submit(*batches[i]).ok();
          ++turn;
          changed.notify_all();
        }
      });
    }
    for (std::thread& thread : threads) thread.join();
    REQUIRE_FALSE(refused);
    std::size_t place = 0;
    for (const auto& batch : batches) {
      for (EventResult& result : batch->Wait()) results[order[place++]] = std::move(result);
    }
    REQUIRE(place == order.size());
  }

  // All rows of all tables, without what says only how they came there: the cut of the journal into rows, and as of which record a row of
  // the checkpoint was written.
  void Dump() {
    store_.reset();
    auto store = OpenSqliteStore(folder_.path());
    REQUIRE(store);
    Store::Recovery visitor;
    visitor.on_revision = [this](const Revision& revision) {
      std::string line = "revision " + std::to_string(revision.number) + " " + std::to_string(revision.deployed_at - manner_.hears_later) +
                         revision.author;
      for (const Revision::File& file : revision.files) line += file.name + file.text;
      played_.rows.push_back(line + revision.layout);
      return Status{};
    };
    visitor.on_checkpoint = [this](CheckpointRow&& row) {
      Sequence through = 0;
      if (row.kind == CheckpointKind::kContact) {
        const auto contact = DecodeContactRow(row.bytes, through);
        REQUIRE(contact);
        row.bytes.clear();
        contact->Encode(row.bytes);
      }
      if (row.kind == CheckpointKind::kEngine) {
        auto engine = DecodeEngineRow(row.bytes);
        REQUIRE(engine);
        engine->through = 0;
        row.bytes = EncodeEngineRow(*engine);
      }
      played_.rows.push_back("checkpoint " + std::to_string(static_cast<int>(row.kind)) + " " + std::to_string(row.key) + " " + row.bytes);
      return Status{};
    };
    visitor.on_journal = [](const JournalRow&) { return Status{}; };
    REQUIRE((*store)->Recover(visitor).ok());
    Record scratch;
    const Status scanned = (*store)->ScanJournal(1, [&](const JournalRow& row) {
      return VisitRecords(row, scratch,
                          [&](Record& record) {
                            record.received_at -= manner_.hears_later;
                            if (record.kind == RecordKind::kDeployment) record.occurred_at -= manner_.hears_later;
                            std::string line = "record " + std::to_string(record.sequence) + " ";
                            EncodeRecord(record, line);
                            played_.rows.push_back(std::move(line));
                            return true;
                          })
          .ok();
    });
    REQUIRE(scanned.ok());
  }

  const reference::History& history_;
  const Manner& manner_;
  EngineOptions options_;
  const stagecraft::tests::TempFolder folder_{stagecraft::tests::MemoryFolder()};
  ManualClock clock_;
  SameRandom random_;
  std::unique_ptr<Store> store_;
  std::unique_ptr<Engine> engine_;
  std::vector<std::unique_ptr<PlayedEvent>> sent_;
  std::vector<const PlayedEvent*> group_;
  std::map<std::string, Micros> made_;  // contacts, by events of the group
  int ids_ = 0;
  PlayedFolder played_;
};

}  // namespace

PlayedFolder PlayInFolder(const reference::History& history, const Manner& manner) { return Player(history, manner).Play(); }

}  // namespace stagecraft::runtime
