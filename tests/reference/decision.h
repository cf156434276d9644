// One record: what happened, and everything that it causes, in rounds (E2).
#ifndef STAGECRAFT_TESTS_REFERENCE_DECISION_H_
#define STAGECRAFT_TESTS_REFERENCE_DECISION_H_

#include <deque>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "tests/reference/conditions.h"
#include "tests/reference/house.h"
#include "tests/reference/resolve.h"

namespace stagecraft::reference {

enum class WaitEnd : std::uint8_t { kTime, kCondition, kTimeOut, kLost };

// What a rule does up to its next wait, and what stands behind that.
struct Path {
  std::vector<const sema::Action*> actions;
  const sema::Wait* wait = nullptr;
  std::vector<Frame> rest;
};

// An action that could not be done, and can be mended; or a run for which there was no room.
struct Failed {
  std::size_t rule = 0;
  std::optional<Happening> event;  // what it said then
  Path path;                       // just that
  std::string why;
  // A cascade that did not end, in a record that no event began: its rule is started again, when it has one and no run had begun.
  bool is_cascade = false;
  bool has_rule = true;
  bool of_run = false;
};

// A rule that fires in a round, or a run of it that goes on.
struct Firing {
  std::size_t rule = 0;
  std::uint32_t run = 0;  // that goes on or begins; 0: none
  std::optional<WaitEnd> goes_on;
  std::optional<Happening> event;
  std::optional<Symbol> set_off_by;  // E11: just by this value
  Path path;
  bool again = false;  // just its path is tried once more
  bool lost = false;   // the moment that its path waits for is not set
};

// Something that is to leave the house, if the record stays.
struct Outgoing {
  std::string what;
  bool is_notification = false;
};

class Decision {
 public:
  // `contacts`: all, the contact among them.
  Decision(const Script& script, Contact& contact, const std::deque<Contact>& contacts, House& house, Companies& companies, Micros at,
           int record)
      : script_(script),
        contact_(contact),
        before_(contact),
        contacts_(contacts),
        house_(house),
        companies_(companies),
        at_(at),
        record_(record) {}

  // Each decides the record. False: the cascade did not end (E4); the caller takes everything back.
  bool ApplyEvent(const Incoming& incoming);
  bool FireTimer(std::size_t rule);
  bool WakeRun(std::uint32_t run);
  // The assignee of the task is told of it.
  bool Remind(std::int64_t task);
  bool Close();
  // The contact gets what its company has. `people`: what came with the event that it follows from (E11).
  // `quiet`: no rule may fire any more.
  bool TakeFromCompany(const std::set<Symbol>& people, bool quiet);
  // Nothing but that.
  void TakeOnly();
  // What failed is done again.
  bool Try(const Failed& failed);
  // The rule starts, although nothing has happened. It must be allowed to.
  bool Start(std::size_t rule);
  bool WouldStart(std::size_t rule) const;

  // What happened, a line each.
  const std::vector<std::string>& lines() const { return lines_; }
  // That has other values by the record; empty: none.
  const std::string& changed_company() const { return changed_company_; }
  // What came with the event and is still as people said it.
  const std::set<Symbol>& people_first() const { return people_first_; }
  // What failed; of Try: beside that, and why it failed again, or nothing.
  const std::vector<Failed>& failed() const { return failed_; }
  const std::string& failed_again() const { return failed_again_; }
  const std::vector<Outgoing>& outgoing() const { return outgoing_; }

 private:
  static constexpr int kRoundsMax = 64;

  // Round 0.
  void PassTime();
  void SetByEvent(Symbol property, const Value& value);
  void TakeNote(const Happening& event);
  void Announce(const Happening& event);
  // The sequence that the event names.
  void StartByHand(const Happening& event);
  void Withdraw(const Happening& event);

  // What the contact shares with others.
  std::string CompanyIdOf(const Contact& contact) const;
  Company* CompanyOf(const std::string& id) const;
  Micros LastWordOn(Symbol property) const;
  void TakeValues();
  void FollowCompany(const Contact& start);
  void BringToCompany();

  // The rounds behind it.
  bool Cascade();
  void EndRound(const Contact& start);
  std::vector<Firing> FindFirings(const Contact& previous, const Contact& start);
  std::optional<Firing> SetOff(std::size_t rule, const Contact& previous, const Contact& start);
  std::optional<Firing> SetOffByChange(std::size_t rule, const Contact& previous, const Contact& start);
  std::optional<Firing> SetOffByTruth(std::size_t rule, const Contact& previous, const Contact& start);
  struct Moved;
  void FindMoved(const sema::Condition& condition, const Scene& before, const Scene& after, Moved& moved) const;
  std::optional<Symbol> JustBy(const sema::Condition& condition, const Contact& previous, const Contact& start) const;
  bool MayBegin(const Firing& firing, const Contact& start) const;
  // Of the rule, whatever code it goes on with.
  bool IsOf(const Run& run, std::size_t rule) const;
  bool IsInProgress(std::size_t rule, const Contact& contact) const;
  void Perform(const Firing& firing);

  // Promises.
  void WatchMoves(const Contact& start);
  void WatchPromises();

  // Runs.
  std::optional<Firing> Begins(const Run& run, const Contact& start);
  std::optional<Firing> GoesOn(const Run& run, const Contact& start);
  static bool IsLost(const sema::Wait* wait, const Scene& scene);
  void WaitFor(Run& run, const sema::Wait& wait) const;
  void KeepRun(const Firing& firing);
  void EndRun(std::uint32_t run, const char* how);
  std::vector<Frame> Beginning(std::size_t rule) const;
  Path FindPath(std::vector<Frame> frames, const Scene& scene) const;
  Scene SceneOf(const Contact& contact, const Firing& firing) const;

  // Who gets it. `out`: by member of the team, why not.
  std::int64_t OwnedBy(const std::string& user, Symbol property, const std::string& domain) const;
  std::string WhyOut(const sema::TeamSymbol& team, std::size_t member, Symbol property) const;
  std::optional<std::size_t> OwnerOfAccount(const sema::AssignRotation& assign, const std::vector<std::string>& out) const;
  std::size_t LeastLoaded(const sema::AssignRotation& assign, const std::vector<std::string>& out) const;
  bool Give(Symbol property, const std::string& member, const std::vector<std::string>& how, const Firing& firing);
  void TakeTurn(const sema::AssignRotation& assign, const std::vector<std::string>& out, const Firing& firing);

  // Tasks.
  Value FieldOf(const Happening& event, std::string_view name) const;
  void MakeTask(Task task);
  bool TouchTask(Happening& event);
  void ChangeTask(Task& task, const Happening& event, const Value& title);

  // Actions. False: the rule does nothing more.
  bool Do(const sema::Action& action, const Firing& firing);
  void Do(const sema::SetValue& set, const Firing& firing);
  void Do(const sema::AssignRotation& assign, const Firing& firing);
  void Do(const sema::Notify& notify, const Firing& firing);
  void Do(const sema::CreateTask& create, const Firing& firing);
  void Do(const sema::CreateDeal& create, const Firing& firing);
  void Do(const sema::MoveDeal& move, const Firing& firing);
  void Do(const sema::SendEmail& send, const Firing& firing);
  void Do(const sema::CallWebhook& call, const Firing& firing);
  void Do(const sema::Enrol& enrol);
  void Enrol(std::size_t sequence);
  bool Do(const sema::Leave& leave, const Firing& firing);
  // False: it was refused.
  bool Put(Symbol property, const Value& value, const Firing& firing, bool back_to, const std::string& because);
  bool IsBackward(Symbol property, const Value& before, const Value& after) const;
  std::vector<std::string> People(const sema::Recipient& recipient) const;
  std::string ManagerOf(const std::string& user) const;

  void Tell(const std::string& user, const std::string& text);
  void NoteFailure(const std::string& why);
  void Say(std::string line) { lines_.push_back(std::move(line)); }
  void SayRefused(const std::string& why, std::optional<Symbol> property = std::nullopt, const Value& value = {},
                  const std::string& end = {});
  // `people`: whom it means, and who cannot be told.
  void SayNobody(const sema::Recipient& recipient, const std::vector<std::string>& people);
  std::string Show(Symbol property, const Value& value) const;
  std::string Quoted(std::size_t rule) const { return "`" + script_.RuleName(rule) + "`"; }

  const Script& script_;
  Contact& contact_;
  const Contact before_;  // as it was before the record
  const std::deque<Contact>& contacts_;
  House& house_;
  Companies& companies_;
  Micros at_;
  int record_;
  int rounds_max_ = kRoundsMax;
  int round_ = 0;
  std::vector<Happening> events_;     // of the record
  std::optional<std::size_t> timer_;  // the rule whose timer fires, or that starts
  std::uint32_t waking_ = 0;          // the run whose time has come
  std::set<Symbol> people_first_;     // set by the event (E11)
  std::set<Symbol> written_;          // in this round
  bool moved_ = false;                // in this round: to another company, or out of one and back
  bool joined_ = false;               // the company that the contact is in was joined in this record
  std::set<Symbol> touched_;          // somebody said a word on it in this record
  std::string changed_company_;
  std::map<Symbol, std::size_t> holders_;  // the rule that has set the property in this round (E3)
  std::vector<std::size_t> enrolled_;      // sequences that begin in the next round
  std::set<Symbol> moves_broken_;
  const Firing* trying_ = nullptr;  // it does what may fail
  Path doing_;                      // just that
  std::vector<Failed> failed_;
  std::string failed_again_;
  std::optional<Failed> again_;
  std::vector<Outgoing> outgoing_;
  std::vector<std::string> lines_;
};

}  // namespace stagecraft::reference

#endif  // STAGECRAFT_TESTS_REFERENCE_DECISION_H_
