// Random scripts and random events, the same for the same seed on any machine: property tests and the comparison with the reference
// interpreter run on them. A script and its history are data, so that a test can leave parts out and look again.
#ifndef STAGECRAFT_TESTS_SUPPORT_RANDOM_HISTORY_H_
#define STAGECRAFT_TESTS_SUPPORT_RANDOM_HISTORY_H_

#include <cstdint>
#include <optional>
#include <random>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "runtime/model/dispatch.h"
#include "runtime/model/event.h"

namespace stagecraft::runtime {

// What a random script may say; each slice knows those before it as well.
enum class Slice : std::uint8_t {
  kRounds,   // rules of events and changes, actions
  kDerived,  // scores, counters, lists, what turns true
  kTimers,   // stays, silence, dates, schedules, announcements
  kRuns,     // waits, sequences, SLAs
  kAll,      // splits, promises, other calendars
  kDeployments,
};

// What a history tells of besides, each alone.
enum class Subject : std::uint8_t {
  kNone,
  kStanding,   // contacts that are deleted, restored, merged, erased
  kCompanies,  // what contacts share, and companies that people change
  kDeals,      // pipelines, and what follows the deals
};

// Something that may be said from a slice on.
struct RandomChoice {
  std::string_view text;
  Slice since = Slice::kRounds;
};

struct RandomScript {
  std::string vocabulary;
  std::vector<std::string> rules;
  bool two_files = false;

  std::string Text() const;
  // The same as files, by name, in no order: every second rule, whichever there are, stands in the one that comes first.
  std::vector<std::pair<std::string, std::string>> Files() const;
};

// One of the tasks that the contact has by then, or that others have: counted from the newest, round and round. One that there is not when
// nobody has any.
struct RandomTask {
  std::size_t ago = 0;
  bool of_others = false;
};

struct RandomEvent {
  // A moment that is so far from the moment at which the event is played.
  struct FromNow {
    Micros offset = 0;
  };
  using Value = std::variant<std::string, double, bool, FromNow>;
  using Values = std::vector<std::pair<std::string, Value>>;

  std::string contact;
  std::string type;
  Micros late = 0;                 // so long ago, but not before the contact was made
  std::optional<RandomTask> task;  // of which it says something
  Values fields;
  Values properties;
};

// What is said of a user: all absences, each from and until moments so far from now.
struct RandomUserChange {
  std::string user;
  std::optional<bool> deactivated;
  std::optional<std::vector<std::pair<Micros, Micros>>> absences;
};

// What somebody does to a rule of this name.
struct RandomControl {
  enum class What : std::uint8_t { kOn, kOff, kStop } what = What::kOn;
  std::string rule;
  std::string contact;  // kStop: whose runs end; empty: all
};

// Another attempt at something that failed: of those that are open, or of all, counted from the newest, round and round.
struct RandomRetry {
  std::size_t ago = 0;
  bool of_all = false;
};

// What came of sending something, or (`again`) that somebody has it sent once more; counted in the same way.
struct RandomOutcome {
  RandomRetry which;
  bool again = false;
  DispatchState state = DispatchState::kSent;
  Micros next_in = 0;  // kWaiting
};

struct RandomDeployment {
  RandomScript script;
  bool enrols = false;
};

struct RandomStanding {
  enum class Kind : std::uint8_t { kDelete, kRestore, kMerge, kErase } kind = Kind::kDelete;
  std::string contact;
  std::string other;  // that becomes part of it
};

// What people do to a company: its `contact` is the company's id, and it has properties only.
struct RandomCompany {
  RandomEvent change;
  bool remove = false;
};

// An event, or time that passes, a restart of the engine, a deployment, what is done to a contact as a whole, to a company or to a rule,
// something that is said of a user, or what comes of failures and deliveries.
struct RandomStep {
  Micros passes = 0;
  Micros clock_back = 0;  // not 0: the machine's clock is set back by so much, until time passes or the engine starts anew
  std::optional<RandomEvent> event;
  std::size_t again = 0;  // not 0: what came in so many events ago comes in once more, just as it was (E5)
  bool takes_id = false;  // the event has the id of the one before it
  bool restarts = false;
  bool from_checkpoint = false;
  std::optional<RandomDeployment> deploys;
  std::optional<RandomStanding> standing;
  std::optional<RandomCompany> company;
  std::optional<RandomUserChange> says;
  std::optional<RandomControl> controls;
  std::optional<RandomRetry> retries;
  std::optional<RandomOutcome> outcome;
};

// The step in words, for people who are to find out what went wrong.
std::string Describe(const RandomStep& step);

// The event as it comes in at `now`, with all that the input has views of.
class PlayedEvent {
 public:
  PlayedEvent(const RandomEvent& event, Micros now, std::optional<Micros> contact_created_at, std::string id = "e");
  PlayedEvent(const PlayedEvent&) = delete;
  PlayedEvent& operator=(const PlayedEvent&) = delete;

  const EventInput& input() const { return input_; }

 private:
  const RandomEvent event_;
  const std::string id_;
  std::vector<NamedInput> fields_;
  std::vector<NamedInput> properties_;
  EventInput input_;
};

class RandomHistory {
 public:
  explicit RandomHistory(std::uint64_t seed, Slice slice = Slice::kAll, Subject subject = Subject::kNone)
      : random_(seed), slice_(slice), subject_(subject) {}

  RandomScript Script();
  // The script with some rules gone, changed, switched, or added, and another vocabulary of the same names.
  RandomScript Changed(RandomScript script);
  RandomStep Step();
  // The same with what only a whole engine knows: ids that come again, restarts.
  RandomStep EngineStep(bool restarts);
  RandomStep DeployStep(const RandomScript& script);
  // The next step that is of the history's subject; nothing: it is one of the others.
  std::optional<RandomStep> SubjectStep();

  int Below(int bound) { return static_cast<int>(random_() % static_cast<std::uint64_t>(bound)); }
  template <std::size_t kSize>
  std::string OneOf(const std::string_view (&choices)[kSize]) {
    return std::string(choices[static_cast<std::size_t>(Below(kSize))]);
  }

 private:
  template <std::size_t kSize>
  std::string_view OneOf(const RandomChoice (&choices)[kSize]) {
    for (;;) {
      const RandomChoice& choice = choices[static_cast<std::size_t>(Below(kSize))];
      if (choice.since <= slice_) return choice.text;
    }
  }
  std::string_view OneOf(std::span<const std::string_view> choices) {
    return choices[static_cast<std::size_t>(Below(static_cast<int>(choices.size())))];
  }
  // Whether the next one is of these, which are the subject's.
  bool IsOf(std::span<const std::string_view> choices) { return !choices.empty() && Below(2) == 0; }
  std::string Vocabulary();
  std::string Rule(int number);
  RandomEvent Event();
  RandomStanding Standing();
  RandomCompany Company();
  void AddOfCompany(RandomEvent& event);
  // What the subject adds to an event.
  void AddOfSubject(RandomEvent& event);

  std::mt19937_64 random_;
  Slice slice_;
  Subject subject_;
};

}  // namespace stagecraft::runtime

#endif  // STAGECRAFT_TESTS_SUPPORT_RANDOM_HISTORY_H_
