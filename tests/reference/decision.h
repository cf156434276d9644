// One record: what happened, and everything that it causes, in rounds (E2).
#ifndef STAGECRAFT_TESTS_REFERENCE_DECISION_H_
#define STAGECRAFT_TESTS_REFERENCE_DECISION_H_

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "tests/reference/conditions.h"
#include "tests/reference/resolve.h"

namespace stagecraft::reference {

// By team: whose turn it is.
using Rotations = std::map<Symbol, std::size_t>;

enum class WaitEnd : std::uint8_t { kTime, kCondition, kTimeOut };

// What a rule does up to its next wait, and what stands behind that.
struct Path {
  std::vector<const sema::Action*> actions;
  const sema::Wait* wait = nullptr;
  std::vector<Frame> rest;
};

// A rule that fires in a round, or a run of it that goes on.
struct Firing {
  std::size_t rule = 0;
  std::uint32_t run = 0;  // that goes on or begins; 0: none
  std::optional<WaitEnd> goes_on;
  std::optional<Happening> event;
  std::optional<Symbol> set_off_by;  // E11: just by this value
  Path path;
};

class Decision {
 public:
  Decision(const Script& script, Contact& contact, Rotations& rotations, Companies& companies, Micros at, int record)
      : script_(script), contact_(contact), before_(contact), rotations_(rotations), companies_(companies), at_(at), record_(record) {}

  // Each decides the record. False: the cascade did not end (E4); the caller takes everything back.
  bool ApplyEvent(const Incoming& incoming);
  bool FireTimer(std::size_t rule);
  bool WakeRun(std::uint32_t run);
  bool Close();
  // The contact gets what its company has. `people`: what came with the event that it follows from (E11).
  // `quiet`: no rule may fire any more.
  bool TakeFromCompany(const std::set<Symbol>& people, bool quiet);
  // Nothing but that.
  void TakeOnly();
  // The rule starts, although nothing has happened. It must be allowed to.
  bool Start(std::size_t rule);
  bool WouldStart(std::size_t rule) const;

  // What happened, a line each.
  const std::vector<std::string>& lines() const { return lines_; }
  // That has other values by the record; empty: none.
  const std::string& changed_company() const { return changed_company_; }
  // What came with the event and is still as people said it.
  const std::set<Symbol>& people_first() const { return people_first_; }

 private:
  static constexpr int kRoundsMax = 64;

  // Round 0.
  void PassTime();
  void SetByEvent(Symbol property, const Value& value);
  void TakeNote(const Happening& event);
  void Announce(const Happening& event);
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
  void WaitFor(Run& run, const sema::Wait& wait) const;
  void KeepRun(const Firing& firing);
  void EndRun(std::uint32_t run, const char* how);
  std::vector<Frame> Beginning(std::size_t rule) const;
  Path FindPath(std::vector<Frame> frames, const Scene& scene) const;
  Scene SceneOf(const Contact& contact, const Firing& firing) const;

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
  bool Do(const sema::Leave& leave, const Firing& firing);
  // False: it was refused.
  bool Put(Symbol property, const Value& value, const Firing& firing, bool back_to, const std::string& because);
  bool IsBackward(Symbol property, const Value& before, const Value& after) const;
  std::vector<std::string> People(const sema::Recipient& recipient) const;
  std::string ManagerOf(const std::string& user) const;

  void Say(std::string line) { lines_.push_back(std::move(line)); }
  void SayRefused(const std::string& why, std::optional<Symbol> property = std::nullopt, const Value& value = {},
                  const std::string& end = {});
  void SayNobody(const sema::Recipient& recipient);
  std::string Show(Symbol property, const Value& value) const;
  std::string Quoted(std::size_t rule) const { return "`" + script_.RuleName(rule) + "`"; }

  const Script& script_;
  Contact& contact_;
  const Contact before_;  // as it was before the record
  Rotations& rotations_;
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
  std::set<Symbol> touched_;               // somebody said a word on it in this record
  std::string changed_company_;
  std::map<Symbol, std::size_t> holders_;  // the rule that has set the property in this round (E3)
  std::vector<std::size_t> enrolled_;      // sequences that begin in the next round
  std::set<Symbol> moves_broken_;
  std::vector<std::string> lines_;
};

}  // namespace stagecraft::reference

#endif  // STAGECRAFT_TESTS_REFERENCE_DECISION_H_
