// All that a recovery is given, for tests to look at.
#ifndef STAGECRAFT_TESTS_STORE_RECOVERED_H_
#define STAGECRAFT_TESTS_STORE_RECOVERED_H_

#include <utility>
#include <vector>

#include "runtime/store/store.h"

namespace stagecraft::runtime::tests {

struct Recovered {
  std::vector<Revision> revisions;
  std::vector<CheckpointRow> checkpoint;
  std::vector<JournalRow> journal;
  Status status;  // what came before it stays
};

inline Recovered RecoverAll(Store& store) {
  Recovered out;
  Store::Recovery visitor;
  visitor.on_revision = [&](const Revision& revision) {
    out.revisions.push_back(revision);
    return Status{};
  };
  visitor.on_checkpoint = [&](CheckpointRow&& row) {
    out.checkpoint.push_back(std::move(row));
    return Status{};
  };
  visitor.on_journal = [&](const JournalRow& row) {
    out.journal.push_back(row);
    return Status{};
  };
  out.status = store.Recover(visitor);
  return out;
}

}  // namespace stagecraft::runtime::tests

#endif  // STAGECRAFT_TESTS_STORE_RECOVERED_H_
