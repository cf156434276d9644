// The engine: takes events from many threads, decides them one after the other, makes them durable in groups, and answers.
// `Core` (core.h) is the same engine for one thread, without locks, which this class drives.
#ifndef STAGECRAFT_RUNTIME_ENGINE_ENGINE_H_
#define STAGECRAFT_RUNTIME_ENGINE_ENGINE_H_

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "dsl/compile.h"
#include "runtime/engine/figures.h"
#include "runtime/engine/world.h"
#include "runtime/model/dispatch.h"
#include "runtime/model/event.h"
#include "runtime/model/failure.h"
#include "runtime/model/record.h"
#include "runtime/model/user.h"
#include "runtime/store/store.h"

namespace stagecraft::runtime {

class View;  // view.h: what reads see

struct EngineOptions {
  std::uint32_t inbox_events_max = 65'536;   // waiting; beyond: RESOURCE_EXHAUSTED at once
  std::uint32_t batch_events_max = 8'192;    // decided under one commit
  Micros allowed_lateness = 5'000'000;       // docs/semantics.md, "Late events and timers"
  std::uint32_t rounds_max = 64;             // E4
  Micros future_max = 5LL * 60 * 1'000'000;  // an event may be dated this far ahead of the clock
  // A round of the checkpoint begins when the journal has this many records that no checkpoint holds. Smaller: a faster start
  // after a crash (about 1 s for 500 000), more writing beside the events.
  std::uint32_t checkpoint_records = 524'288;
  // The ways that notifications made from now on take besides the list: bits of dispatch.h. The journal keeps it for each.
  std::uint8_t notification_routes = 0;
  // So long EraseContact waits for who reads the store at length, such as a backup.
  Micros reader_patience = 30'000'000;
};

// A batch of events and the place where its answers go. The caller keeps it alive until Done was called.
class Submission {
 public:
  virtual ~Submission() = default;
  // The events, in the order to be applied. Stable until Done.
  virtual std::span<const EventInput> Events() const = 0;
  // Called once, on the engine's thread, after the events are durable: results[i] answers Events()[i]. When `failure` is
  // not ok, nothing of the batch was acknowledged and `results` is empty: it was kept whole or not at all. Must not block.
  virtual void Done(std::span<const EventResult> results, const Status& failure) = 0;
};

// Whose runs are to be ended, and what the history is to say of it.
struct StopRunsRequest {
  std::uint32_t rule = 0;
  std::optional<std::uint32_t> contact = {};  // absent: of all
  std::string reason = {};
  std::string actor = {};
};

struct DeployRequest {
  std::vector<Revision::File> files;
  std::string author;
  std::string note;
  std::uint32_t expected_revision = 0;  // 0: any; otherwise ABORTED unless it is the running one
  bool enrol_existing = false;          // docs/semantics.md, "Enrolment"
  bool dry_run = false;                 // only say what would come of it
};
// Runs of one rule that a deployment ends for one reason.
struct EndedRuns {
  std::string rule;            // its name or, without one, the text of its trigger
  std::string file;            // where their code stands, in the revision
  std::uint32_t line = 0;      //
  std::uint32_t revision = 0;  // they began with
  std::uint64_t count = 0;
  std::string reason;       // for people
  bool is_failure = false;  // they are listed as failed, and can be begun again when the rule is mended
};

struct DeployResult {
  std::uint32_t revision = 0;  // 0: not deployed, see diagnostics; or a dry run
  std::vector<Diagnostic> diagnostics;
  SourceSet sources;             // for rendering the diagnostics
  std::vector<EndedRuns> ended;  // by the deployment, or by one that is no dry run
};

// Records of a contact, newest first.
struct HistoryPage {
  std::vector<Record> records;
  Sequence next = 0;  // the record with which it goes on; 0: there is none
};

// Of a contact as a whole (language.md E12).
struct StandingChange {
  std::string_view contact;        // its id, or that of one that was merged into it
  std::string_view actor;          // who wants it; may be empty
  Sequence expected_sequence = 0;  // as EventInput's
};

// What is to be another of a user; what is not said stays as it is.
struct UserChange {
  std::string user;  // an e-mail address; letter case does not matter
  std::optional<bool> deactivated;
  std::optional<std::vector<Absence>> absences;  // all of them, in any order
  std::string actor;                             // who says so
};

// What explanations are made of: the state, and the records that led to it.
class Past {
 public:
  virtual ~Past() = default;

  // Runs `reader` on the state, then waits until all it can have seen is durable. Blocks; `reader` must be short (some
  // milliseconds), must not keep references, and must not call the engine.
  virtual Status Read(const std::function<void(const View&)>& reader) = 0;

  // Journal reading for timelines and explanations: the records of a contact, newest first, from `from` (0: the newest) on,
  // at most `limit`. With those of the contacts that were merged into it. NOT_FOUND for an unknown contact.
  virtual Result<HistoryPage> History(std::string_view contact, Sequence from, std::uint32_t limit) = 0;

  // The record at this place of the journal: NOT_FOUND when there is none.
  virtual Result<Record> FindRecord(Sequence sequence) = 0;

  // The program that revision `number` ran; nullptr when there was none. Compiled again on demand, then kept.
  virtual std::shared_ptr<const ir::Program> ProgramOf(std::uint32_t number) = 0;
};

// Thread-safe, all of it.
class Engine : public Past {
 public:
  // Recovers the state from `store` and starts the engine's thread. All references must outlive the engine.
  static Result<std::unique_ptr<Engine>> Open(Store& store, Clock& clock, Random& random, const EngineOptions& options);
  // Stops taking work, commits what was taken, writes a last checkpoint.
  ~Engine() override = default;

  // Enqueues; never blocks. RESOURCE_EXHAUSTED when the inbox is full (reason INBOX_FULL), UNAVAILABLE when stopping or failed.
  virtual Status Submit(Submission& submission) = 0;
  // Submit, and wait for the answer. Not from a thread that must not block.
  virtual Result<std::vector<EventResult>> Apply(std::span<const EventInput> events) = 0;

  // Changes companies, one after the other, and brings that to their members; an answer for each, once all of it is durable. Blocks. Hold
  // to some hundreds at a time: nothing else is decided meanwhile.
  virtual Result<std::vector<EventResult>> ChangeCompanies(std::span<const CompanyInput> changes) = 0;

  // Compiles and, without errors, makes it the running revision. Blocks. A script with errors is no failure.
  virtual Result<DeployResult> Deploy(const DeployRequest& request) = 0;

  // A contact as a whole; no rule fires by these. They return when it is durable. NOT_FOUND when there is no such contact, ABORTED when it
  // has changed, FAILED_PRECONDITION when it is deleted.
  //
  // Ends all that is under way for the contact. Nothing happens to it until it is restored.
  virtual Status DeleteContact(const StandingChange& change) = 0;
  // ALREADY_EXISTS when it is not deleted. Nothing of what would have happened meanwhile happens.
  virtual Status RestoreContact(const StandingChange& change) = 0;
  // Makes `other` part of the contact. INVALID_ARGUMENT when they are one already.
  virtual Status MergeContacts(const StandingChange& change, std::string_view other) = 0;
  // Forgets the contact, deleted or not, for good; waits until no byte of it is in the store. That takes as long as writing a checkpoint;
  // it goes on after a restart. UNAVAILABLE, STORE_BUSY, when somebody reads the store for longer than
  // EngineOptions::reader_patience: it is erased, and its bytes go with the next checkpoint after that.
  virtual Status EraseContact(const StandingChange& change) = 0;

  // Records of all contacts, newest first, from `from` (0: the newest) on, at most `limit`.
  virtual Result<std::vector<Record>> Records(Sequence from, std::uint32_t limit) = 0;

  // Core's functions of these names (core.h), and wait until what they did is durable.
  virtual Status SwitchRule(std::uint32_t rule, bool on, std::string_view actor) = 0;
  virtual Result<std::uint32_t> StopRuns(const StopRunsRequest& request) = 0;
  virtual Status StopEnrolment(std::uint32_t revision, std::string_view actor) = 0;
  // The failure as it is then; closed: it succeeded.
  virtual Result<Failure> Retry(std::int64_t failure, std::string_view actor) = 0;

  // Calls `visit` for the records from `from` on (0: the newest), newest first, until it returns false. DATA_LOSS for a damaged row.
  virtual Status ReadBack(Sequence from, const std::function<bool(const Record&)>& visit) = 0;

  // Keeps what is said of a user, durably. INVALID_ARGUMENT: no user, or an absence that is none.
  virtual Status ChangeUser(const UserChange& change) = 0;

  // All revisions, oldest first.
  virtual std::vector<Revision> Revisions() = 0;

  // From now on calls `opened` with the ids of dispatches that have become open, when they are durable; nullptr: no longer, and no call is
  // under way when this returns. On the engine's thread: `opened` must not block and not call the engine.
  virtual void WatchDispatches(std::function<void(std::span<const std::int64_t>)> opened) = 0;
  // From now on calls `committed` whenever records have become durable, with the last of them; nullptr: no longer, and no call is under way
  // when this returns. As for WatchDispatches.
  virtual void WatchCommits(std::function<void(Sequence)> committed) = 0;
  // Puts down what came of sending; blocks until that is durable. One that is not there (any more) is left out.
  virtual Status PutOutcomes(std::span<const Dispatch> outcomes) = 0;
  // Has a dispatch that waits or was given up tried at once. NOT_FOUND; FAILED_PRECONDITION (ALREADY_SENT).
  virtual Status RetryDispatch(std::int64_t id) = 0;

  // Says of all these notifications that they were read now, or that they were not; of those of which that is so already nothing changes.
  // NOT_FOUND (NOTIFICATION_NOT_FOUND): nothing was done.
  virtual Status MarkRead(std::span<const std::int64_t> notifications, bool read, std::string_view actor) = 0;

  // Hands out the files of a folder with all that was acknowledged before the call (Store::Backup). Blocks for as long as copying takes;
  // events go on meanwhile.
  virtual Status Backup(const Store::TakePart& take) = 0;

  // Waits until nothing is pending that is due by now: inbox empty, overdue timers fired (allowed lateness not waited for:
  // they fire at once). For demos, tests and draining.
  virtual Status Settle() = 0;

  // What it has done since it was opened.
  virtual EngineFigures Figures() const = 0;

  // Not ok once the store has failed: the engine no longer takes work and the process should end.
  virtual Status Health() const = 0;
};

}  // namespace stagecraft::runtime

#endif  // STAGECRAFT_RUNTIME_ENGINE_ENGINE_H_
