// The journal by itself: row by row, from the first record to the last.
#ifndef STAGECRAFT_RUNTIME_VERIFY_JOURNAL_CHECK_H_
#define STAGECRAFT_RUNTIME_VERIFY_JOURNAL_CHECK_H_

#include <cstdint>
#include <string>
#include <vector>

#include "runtime/engine/event_ids.h"
#include "runtime/verify/report.h"
#include "runtime/verify/stored_rows.h"

namespace stagecraft::runtime {

class JournalCheck {
 public:
  // `begins_at`: the sequence of the first record that there should be. All references must outlive the check.
  JournalCheck(Sequence begins_at, StoredRows& stored, Report& report) : next_(begins_at), stored_(stored), report_(report) {}

  // The rows in ascending order. `is_sound`: the row is what was written; otherwise that is told already.
  void Take(const JournalRow& row, bool is_sound);
  // There are no more.
  void Finish();

 private:
  // A contact, as far as the journal has been read.
  struct Seen {
    std::string id;
    Sequence last = 0;  // its last record; kUnknown: in a part that cannot be read
  };
  static constexpr Sequence kUnknown = -1;

  // Records cannot be read here: what they would have said of contacts is not known.
  void Lose();
  void TakeRecord(const Record& record);
  void TakeContact(const Record& record);
  void TakeEventId(const Record& record);
  void TakeRevision(const Record& record);

  Sequence next_;
  StoredRows& stored_;
  Report& report_;
  Record scratch_;
  std::vector<Seen> contacts_;  // by number
  bool lost_any_ = false;       // some records cannot be read: contacts may be missing, and ends of chains
  std::uint32_t revision_ = 0;
  EventIds ids_;
};

}  // namespace stagecraft::runtime

#endif  // STAGECRAFT_RUNTIME_VERIFY_JOURNAL_CHECK_H_
