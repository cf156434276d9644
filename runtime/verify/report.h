// What is found wrong with a store.
#ifndef STAGECRAFT_RUNTIME_VERIFY_REPORT_H_
#define STAGECRAFT_RUNTIME_VERIFY_REPORT_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "runtime/model/event.h"

namespace stagecraft::runtime {

// What did not hold.
enum class Invariant : std::uint8_t {
  kRevisions,   // they can be read, have no gaps, and compile
  kJournal,     // it can be read, has no gaps, every event once, and fits the revisions
  kChain,       // each record names the contact's record before it
  kDerived,     // scores are the sums of their criteria, lists have whom their conditions name, when a record says that they changed
  kCheckpoint,  // it can be read, has no gaps, and is not ahead of the journal
  kState,       // checkpoint and tail of the journal give what the whole journal gives
  kEventIds,    // the index of event ids has the journal's events
  kTimers,      // every timer is one that its rule and the contact's state want
  kRuns,        // every run waits at a wait of its rule
  kCompanies,   // every contact has the values of the company that it names
  kAccess,      // tokens and the audit log can be read, and are what was written
};

// A stable word for programs: `event_ids`.
const char* NameOf(Invariant invariant);

struct Finding {
  Invariant invariant = Invariant::kJournal;
  std::string what;  // one line: which row, contact or record, and what is wrong with it
};

class Report {
 public:
  // More are only counted: what is wrong with one thing may be wrong with a million.
  static constexpr std::size_t kToldMax = 1'000;

  void Add(Invariant invariant, std::string what);
  // Something that could not be looked at, because of what was found.
  void AddNote(std::string note) { notes_.push_back(std::move(note)); }

  bool IsClean() const { return count_ == 0; }
  std::size_t count() const { return count_; }
  const std::vector<Finding>& findings() const { return findings_; }
  const std::vector<std::string>& notes() const { return notes_; }

  // What there is to look at.
  Sequence records = 0;
  std::uint64_t contacts = 0;
  std::uint64_t revisions = 0;  // deployed

 private:
  std::vector<Finding> findings_;
  std::vector<std::string> notes_;
  std::size_t count_ = 0;
};

}  // namespace stagecraft::runtime

#endif  // STAGECRAFT_RUNTIME_VERIFY_REPORT_H_
