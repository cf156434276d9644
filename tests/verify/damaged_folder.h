// A data folder with something of everything in it, and ways to damage it: unlike a failing disk they mend the checksums afterwards, so
// that only what the rows mean is wrong.
#ifndef STAGECRAFT_TESTS_VERIFY_DAMAGED_FOLDER_H_
#define STAGECRAFT_TESTS_VERIFY_DAMAGED_FOLDER_H_

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "runtime/engine/core.h"
#include "runtime/verify/report.h"
#include "tests/store/temp_folder.h"

namespace stagecraft::runtime::tests {

// A line for each finding, `invariant: what`, and for each note.
std::string Told(const Report& report);

// Runs SQL on the database at `path`.
void ExecuteSql(const std::string& path, const std::string& sql);

class DamagedFolder {
 public:
  // The number of a contact with timers and runs that has had no record since the checkpoint.
  static constexpr std::int64_t kQuiet = 50;
  // Of one with a company, a deal and a list by hand, of which the same holds.
  static constexpr std::int64_t kAccount = 51;

  // Two revisions; contacts with scores, lists, timers, runs, tasks, failures; a company and a user; half of the records in a checkpoint.
  DamagedFolder();

  std::string journal() const { return folder_.path() + "/journal.db"; }
  std::string state() const { return folder_.path() + "/state.db"; }
  const std::string& path() const { return folder_.path(); }

  // Runs SQL on the database at `path`. Checksums stay as they are.
  void Execute(const std::string& path, const std::string& sql);
  // Gives every row the checksum that it would have been written with.
  void MendChecksums();
  // Changes a contact in the checkpoint.
  void ChangeContact(std::int64_t number, const std::function<void(Contact&)>& change);
  // Changes a row of the checkpoint.
  void ChangeRow(const std::string& table, std::int64_t key, const std::function<std::string(std::string)>& change);
  // Takes all records out of the journal and puts those in that `change` leaves, in a row each.
  void ChangeJournal(const std::function<void(std::vector<Record>&)>& change);

  // The number of a name in the running revision's layout.
  std::uint32_t Slot(std::string_view property) const;
  std::uint32_t Rule(std::string_view name) const;
  std::uint32_t ListSlot(std::string_view list) const;

  Report Verify() const;

 private:
  stagecraft::tests::TempFolder folder_;
  std::shared_ptr<const ir::Program> program_;
};

}  // namespace stagecraft::runtime::tests

#endif  // STAGECRAFT_TESTS_VERIFY_DAMAGED_FOLDER_H_
