// A copy of a folder in use.
#include <atomic>
#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <thread>

#include "runtime/store/memory_store.h"
#include "runtime/store/sqlite/sqlite_store.h"
#include "tests/store/recovered.h"
#include "tests/store/temp_folder.h"

namespace stagecraft::runtime {
namespace {

using stagecraft::tests::TempFolder;

std::unique_ptr<Store> Open(const std::string& folder) {
  auto store = OpenSqliteStore(folder);
  if (!store) FAIL(store.error().message);
  return std::move(*store);
}

void CopyInto(Store& store, const std::string& folder) {
  const Status status = store.Backup([&](const std::string& file, std::string_view bytes) {
    std::ofstream(folder + "/" + file, std::ios::binary | std::ios::app) << bytes;
    return Status{};
  });
  REQUIRE(status.message.empty());
}

int FilesIn(const std::string& folder) {
  int files = 0;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) files += entry.is_regular_file() ? 1 : 0;
  return files;
}

TEST_CASE("a copy is never ahead in its checkpoint of what it has of the journal") {
  const TempFolder folder;
  const auto store = Open(folder.path());
  std::atomic<bool> done = false;
  std::atomic<Sequence> appended = 0;
  std::atomic<int> failures = 0;
  std::thread writer([&] {
    for (Sequence sequence = 1; !done; ++sequence) {
      const JournalRow row{sequence, 1, "r" + std::to_string(sequence)};
      if (!store->Append({&row, 1}, nullptr).ok()) ++failures;
      appended = sequence;
      if (!store->WriteCheckpoint({{{CheckpointKind::kTask, sequence, row.bytes}}, sequence}).ok()) ++failures;
    }
  });
  for (int i = 0; i < 10; ++i) {
    while (appended < (i + 1) * 5) std::this_thread::yield();
    const Sequence before = appended;
    const TempFolder copy;
    CopyInto(*store, copy.path());
    const auto copied = Open(copy.path());
    const tests::Recovered all = tests::RecoverAll(*copied);
    REQUIRE(all.status.ok());
    REQUIRE_FALSE(all.checkpoint.empty());
    const Sequence checkpointed = all.checkpoint.back().key;
    CHECK(checkpointed + 1 >= before);
    CHECK(copied->ReadJournal(checkpointed).has_value());
    CHECK(copied->ReadJournal(before).has_value());
  }
  done = true;
  writer.join();
  CHECK(failures == 0);
}

TEST_CASE("what was taken out of the rows is not in a copy") {
  const TempFolder folder;
  const auto store = Open(folder.path());
  const std::string secret = "a name that is to be forgotten " + std::string(10'000, '!');
  REQUIRE(store->WriteCheckpoint({{{CheckpointKind::kContact, 0, secret}}, {}}).ok());
  REQUIRE(store->WriteCheckpoint({{{CheckpointKind::kContact, 0, "nobody"}}, {}}).ok());
  std::string all;
  REQUIRE(store
              ->Backup([&](const std::string&, std::string_view bytes) {
                all += bytes;
                return Status{};
              })
              .ok());
  CHECK(all.find("nobody") != std::string::npos);
  CHECK(all.find("to be forgotten") == std::string::npos);
}

TEST_CASE("copying leaves nothing behind") {
  const TempFolder folder;
  const auto store = Open(folder.path());
  const int files = FilesIn(folder.path());
  const TempFolder copy;
  CopyInto(*store, copy.path());
  CHECK(FilesIn(folder.path()) == files);
  CHECK(FilesIn(copy.path()) == 2);
  SECTION("also when nobody wants the rest") {
    const Status enough{StatusCode::kCancelled, "CANCELLED", "enough", {}};
    CHECK(store->Backup([&](const std::string&, std::string_view) { return enough; }).reason == "CANCELLED");
    CHECK(FilesIn(folder.path()) == files);
  }
}

TEST_CASE("what a killed process left of a copy goes with the next start") {
  const TempFolder folder;
  Open(folder.path()).reset();
  const std::string left = folder.path() + "/journal.db.copying-1-1";
  std::ofstream(left) << "half";
  Open(folder.path()).reset();
  CHECK_FALSE(std::filesystem::exists(left));
}

TEST_CASE("a store that keeps nothing has no copy") {
  const auto status = NewMemoryStore()->Backup([](const std::string&, std::string_view) { return Status{}; });
  CHECK(status.code == StatusCode::kFailedPrecondition);
  CHECK(status.reason == "NOTHING_KEPT");
}

}  // namespace
}  // namespace stagecraft::runtime
