// The reference interpreter: contacts, what falls due, and the record of what happened. Slow and plain, so that what it does can be held
// against docs/semantics.md line by line.
#ifndef STAGECRAFT_TESTS_REFERENCE_WORLD_H_
#define STAGECRAFT_TESTS_REFERENCE_WORLD_H_

#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "runtime/model/event.h"
#include "tests/reference/decision.h"
#include "tests/reference/outbox.h"

namespace stagecraft::reference {

// What a record did, a line each.
constexpr std::uint32_t kNobody = std::numeric_limits<std::uint32_t>::max();  // of a record that is of no contact

struct Outcome {
  Micros at = 0;
  std::uint32_t contact = 0;
  std::vector<std::string> lines;
};

class World {
 public:
  // `routes`: the ways that notifications take besides the list (dispatch.h).
  World(std::shared_ptr<Script> script, Micros start, std::uint8_t routes) : now_(start), routes_(routes) { Install(std::move(script)); }

  Micros now() const { return now_; }
  const Script& script() const { return *script_; }
  const Contact* Find(std::string_view id) const;
  const std::deque<Contact>& contacts() const { return contacts_; }
  const Companies& companies() const { return companies_; }
  const House& house() const { return house_; }
  const std::vector<Outcome>& outcomes() const { return outcomes_; }
  // Of the outcomes from there on those of a contact together, where nobody says which contact has its turn first.
  void SortByContact(std::size_t from);

  // What is answered (E4, E5).
  runtime::EventState Apply(const runtime::EventInput& input);
  // A change of a company by people or services.
  runtime::EventState Change(const runtime::CompanyInput& input);
  void AdvanceTo(Micros to);
  // Contacts as a whole (E12). Each gives the reason why it cannot be; empty: it is done.
  std::string Delete(std::string_view id);
  std::string Restore(std::string_view id);
  std::string Merge(std::string_view id, std::string_view other);
  std::string Erase(std::string_view id);
  void SayOfUser(const std::string& name, std::optional<bool> deactivated, const std::optional<std::vector<Absence>>& absences);
  // The rule of this name fires or does not; it is as its script says, if that disables it.
  void Switch(const std::string& rule, bool on);
  // Of the contact, or of all.
  void StopRuns(const std::string& rule, const std::string& contact);
  // Failures and dispatches are numbered as they come, from 1.
  TriedAgain Try(std::size_t failure);
  std::vector<Failure>& failures() { return failures_; }
  std::vector<Dispatch>& dispatches() { return dispatches_; }
  // False: it was sent.
  bool SendAgain(std::size_t dispatch);
  std::vector<std::string> ShowOutbox() const;
  // The rules of this script that have runs, for the next one to be read with.
  std::vector<OldRule> RulesInProgress() const;
  // `first`: contacts whose turn to be enrolled comes before that of the others, which no page forbids, and what was due for them
  // (`fires`).
  struct Turn {
    std::string contact;
    bool fires = false;
  };
  void Deploy(std::shared_ptr<Script> next, bool enrols, const std::vector<Turn>& first);

  // Values, entry dates, what is derived, timers and runs of a contact, a line each.
  std::vector<std::string> Show(const Contact& contact) const;
  std::vector<std::string> ShowCompanies() const;
  // Contacts that do not have what their company has: after a step there are none.
  std::vector<std::string> BehindTheirCompany() const;

 private:
  std::string Show(const Task& task) const;
  enum class What : std::uint8_t { kClosing, kTimer, kRun, kReminder };
  struct Due {
    Micros at = 0;
    std::uint32_t contact = 0;
    What what = What::kClosing;
    std::size_t rule = 0;
    std::uint32_t run = 0;
    std::int64_t task = 0;
  };

  std::optional<Due> NextDue(Micros by, const Contact* only) const;
  void Fire(const Due& due);
  void FireBefore(Micros by, const Contact& contact);

  // What the contact's standing says no longer is, or is again, with all that follows. No rule fires.
  void Follow(Contact& contact, Outcome outcome);
  // What the company knows nothing of yet, of these values, is its own from now on.
  std::vector<std::string> BringAlong(const std::map<Symbol, Slot>& own, const std::string& id);
  // It gets what its company has by now.
  void ReturnToCompany(const Contact& contact);
  void Depart(Contact& contact, Standing standing, const std::string& how);

  // ---- spreading.cc ----
  // A company whose contacts are to get its values.
  struct Spread {
    std::string company;
    Micros at = 0;
    int times = 0;  // how often in a row
  };
  std::string CompanyIdOf(const Contact& contact) const;
  bool IsBehind(const Contact& contact, const std::string& id) const;
  void NoteCompany(const std::string& id, Micros at);
  // The record is done: what it has changed of a company comes to the others.
  void Finish(const Decision& decision, Micros at, std::uint32_t contact);
  void SpreadAll();
  void BringTo(Contact& contact, const Spread& spread);

  // All that an event says, but for its id.
  static std::string ContentOf(const runtime::EventInput& input);
  // Whether the event says nothing of a task that is not the contact's, and gives none to somebody who is deactivated.
  bool FitsTasks(const Incoming& incoming, const Contact* contact) const;
  bool Decide(const Incoming& incoming, const std::string& id);
  TriedAgain TryAction(std::size_t place);
  TriedAgain TryEvent(std::size_t place);
  // What stays of it besides the contact.
  void Keep(const Decision& decision, const Contact& contact);
  // A cascade that did not end, in a record that no event began. `rule`: that began it.
  void KeepCascade(const Contact& contact, std::optional<std::size_t> rule, bool of_run);
  void Install(std::shared_ptr<Script> script);
  // Its place among the rules in the order in which they were first deployed, or first kept as old ones.
  std::size_t AgeOf(std::size_t rule) const;
  static std::string AgeKey(const Script& script, std::size_t rule);
  // The contact starts the rules that it is to be enrolled in, if it has not had its turn.
  void EnrolFirst(Contact& contact);

  std::shared_ptr<Script> script_;
  std::uint32_t revision_ = 0;
  std::vector<std::string> rules_;  // all that there have been, by key
  std::deque<Contact> contacts_;
  std::map<std::string, std::string> taken_;  // by id: the content of the event that has it
  std::vector<Micros> closings_;              // by contact: what NextClosing said of it
  House house_;
  Companies companies_;
  std::deque<Spread> spreads_;
  bool spreading_ = false;
  std::vector<std::size_t> enrolling_;  // the rules of the last deployment that enrol
  std::set<std::uint32_t> to_enrol_;    // the contacts, by number, whose turn is still to come
  int times_ = 0;
  std::set<Symbol> people_first_;  // what came with the event that is spread, and on whom it was said
  std::optional<std::uint32_t> people_first_of_;
  std::vector<Outcome> outcomes_;
  Micros now_ = 0;
  int records_ = 0;
  std::uint8_t routes_ = 0;
  std::vector<Failure> failures_;
  std::vector<Dispatch> dispatches_;
};

}  // namespace stagecraft::reference

#endif  // STAGECRAFT_TESTS_REFERENCE_WORLD_H_
