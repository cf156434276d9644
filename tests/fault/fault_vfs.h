// A disk for SQLite that fails when it is told: an error, no room, or a power cut after which only what was synced is sure to be there. It
// stands before the ordinary file system, and keeps book of what a power cut may take.
#ifndef STAGECRAFT_TESTS_FAULT_FAULT_VFS_H_
#define STAGECRAFT_TESTS_FAULT_FAULT_VFS_H_

#include <cstdint>
#include <memory>
#include <string>

namespace stagecraft::tests {

enum class Fault {
  kNone,
  kOneError,    // the call fails with an I/O error, those behind it do not
  kOnlyErrors,  // the call and all behind it fail with I/O errors
  kFull,        // the call and all behind it find no room
  kTornWrite,   // half of the call's bytes are written, then the power is cut
  kPowerCut,    // the call does nothing, and nothing behind it either
};

// While it is there, SQLite's default file system is this one. One at a time.
class FaultDisk {
 public:
  // Does `fault` at call number `at` (1, 2, 3 …) of those that change a file under `root`: write, sync, truncate, open, delete. What is
  // under `root` by now has been synced.
  FaultDisk(std::string root, Fault fault, int at);
  ~FaultDisk();
  FaultDisk(const FaultDisk&) = delete;
  FaultDisk& operator=(const FaultDisk&) = delete;

  // Such calls so far.
  int calls() const;
  // Makes in `folder` the files as a power cut may leave them: of what was not synced any part, by sectors, as `seed` chooses.
  void CopySurvivors(const std::string& folder, std::uint64_t seed) const;

  struct State;

 private:
  std::unique_ptr<State> state_;
};

}  // namespace stagecraft::tests

#endif  // STAGECRAFT_TESTS_FAULT_FAULT_VFS_H_
