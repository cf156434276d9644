#include "tests/fault/fault_vfs.h"

#include <sqlite3.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <mutex>
#include <new>
#include <optional>
#include <random>
#include <utility>
#include <vector>

namespace stagecraft::tests {
namespace {

constexpr std::size_t kSector = 512;

// Something that was done to a file and not synced.
struct Change {
  std::size_t offset = 0;
  std::string bytes;             // empty: the file was cut at `offset`
  bool was_given_up_on = false;  // a sync of it has failed: the next one does not bring it back
};

void Apply(const Change& change, std::string& content) {
  if (change.bytes.empty()) {
    content.resize(std::min(content.size(), change.offset));
    return;
  }
  if (content.size() < change.offset + change.bytes.size()) content.resize(change.offset + change.bytes.size());
  content.replace(change.offset, change.bytes.size(), change.bytes);
}

struct TrackedFile {
  std::optional<std::string> synced;  // nothing: that the file is there is not synced
  std::vector<Change> changes;
  bool is_deleted = false;            // which is not synced
  std::optional<std::string> before;  // a file of the same name, that was deleted before this one was made; neither is synced
  bool syncs_folder = false;          // with its first sync, as SQLite does for logs and journals
};

std::string ContentOf(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

}  // namespace

struct FaultDisk::State {
  std::string root;
  Fault fault = Fault::kNone;
  int at = 0;

  std::mutex mutex;  // guards what follows: a checkpoint may have a thread of its own
  int calls = 0;
  bool is_dead = false;
  std::map<std::string, TrackedFile> files;

  // What a call is to do.
  enum class Answer { kWork, kFail, kFull, kTear };
  Answer Count() {
    ++calls;
    if (is_dead) return fault == Fault::kFull ? Answer::kFull : Answer::kFail;
    if (calls != at || fault == Fault::kNone) return Answer::kWork;
    is_dead = fault != Fault::kOneError;
    if (fault == Fault::kFull) return Answer::kFull;
    return fault == Fault::kTornWrite ? Answer::kTear : Answer::kFail;
  }
  // What is deleted is gone, what is there is there.
  void SyncFolder() {
    std::erase_if(files, [](const auto& entry) { return entry.second.is_deleted; });
    for (auto& [path, file] : files) {
      file.before.reset();
      if (!file.synced) file.synced.emplace();
    }
  }
  bool IsCut() const { return is_dead && (fault == Fault::kPowerCut || fault == Fault::kTornWrite); }
};

namespace {

using State = FaultDisk::State;
using Answer = State::Answer;

sqlite3_vfs* real_vfs = nullptr;
State* disk = nullptr;

// What SQLite has in its hands for an open file; the real one stands behind it in memory.
struct File {
  sqlite3_file base;
  sqlite3_file* real;
  std::string* path;  // null: not of this disk
};

File& FileOf(sqlite3_file* file) { return *reinterpret_cast<File*>(file); }
const sqlite3_io_methods& RealOf(sqlite3_file* file) { return *FileOf(file).real->pMethods; }

int Close(sqlite3_file* file) {
  File& self = FileOf(file);
  const int result = self.real->pMethods != nullptr ? self.real->pMethods->xClose(self.real) : SQLITE_OK;
  delete std::exchange(self.path, nullptr);
  return result;
}

int Read(sqlite3_file* file, void* into, int size, sqlite3_int64 offset) {
  if (FileOf(file).path != nullptr) {
    const std::lock_guard lock(disk->mutex);
    if (disk->IsCut()) return SQLITE_IOERR_READ;
  }
  return RealOf(file).xRead(FileOf(file).real, into, size, offset);
}

int Write(sqlite3_file* file, const void* bytes, int size, sqlite3_int64 offset) {
  const File& self = FileOf(file);
  if (self.path == nullptr) return RealOf(file).xWrite(self.real, bytes, size, offset);
  const std::lock_guard lock(disk->mutex);
  const Answer answer = disk->Count();
  if (answer == Answer::kFail) return SQLITE_IOERR_WRITE;
  if (answer == Answer::kFull) return SQLITE_FULL;
  if (answer == Answer::kTear) size /= 2;
  const int result = RealOf(file).xWrite(self.real, bytes, size, offset);
  if (result == SQLITE_OK && size > 0) {
    const std::string written(static_cast<const char*>(bytes), static_cast<std::size_t>(size));
    disk->files[*self.path].changes.push_back({static_cast<std::size_t>(offset), written});
  }
  return answer == Answer::kTear ? SQLITE_IOERR_WRITE : result;
}

int Truncate(sqlite3_file* file, sqlite3_int64 size) {
  const File& self = FileOf(file);
  if (self.path == nullptr) return RealOf(file).xTruncate(self.real, size);
  const std::lock_guard lock(disk->mutex);
  if (disk->Count() != Answer::kWork) return SQLITE_IOERR_TRUNCATE;
  const int result = RealOf(file).xTruncate(self.real, size);
  if (result == SQLITE_OK) disk->files[*self.path].changes.push_back({static_cast<std::size_t>(size), {}});
  return result;
}

// The file system below is not synced: who asks only wants to know what a power cut takes, and that is this disk's to say.
int Sync(sqlite3_file* file, int flags) {
  const File& self = FileOf(file);
  if (self.path == nullptr) return RealOf(file).xSync(self.real, flags);
  const std::lock_guard lock(disk->mutex);
  TrackedFile& tracked = disk->files[*self.path];
  if (disk->Count() != Answer::kWork) {
    for (Change& change : tracked.changes) change.was_given_up_on = true;
    return SQLITE_IOERR_FSYNC;
  }
  std::string content = tracked.synced.value_or("");
  std::vector<Change> left;
  for (Change& change : tracked.changes) {
    if (change.was_given_up_on) {
      left.push_back(std::move(change));
    } else {
      Apply(change, content);
    }
  }
  tracked.synced = std::move(content);
  tracked.changes = std::move(left);
  if (std::exchange(tracked.syncs_folder, false)) disk->SyncFolder();
  return SQLITE_OK;
}

int FileSize(sqlite3_file* file, sqlite3_int64* size) { return RealOf(file).xFileSize(FileOf(file).real, size); }
int Lock(sqlite3_file* file, int kind) { return RealOf(file).xLock(FileOf(file).real, kind); }
int Unlock(sqlite3_file* file, int kind) { return RealOf(file).xUnlock(FileOf(file).real, kind); }
int CheckReservedLock(sqlite3_file* file, int* out) { return RealOf(file).xCheckReservedLock(FileOf(file).real, out); }
int FileControl(sqlite3_file* file, int op, void* argument) { return RealOf(file).xFileControl(FileOf(file).real, op, argument); }
int SectorSize(sqlite3_file* file) { return RealOf(file).xSectorSize(FileOf(file).real); }
int DeviceCharacteristics(sqlite3_file* file) { return RealOf(file).xDeviceCharacteristics(FileOf(file).real); }
int ShmMap(sqlite3_file* file, int page, int size, int extend, void volatile** out) {
  return RealOf(file).xShmMap(FileOf(file).real, page, size, extend, out);
}
int ShmLock(sqlite3_file* file, int offset, int n, int flags) { return RealOf(file).xShmLock(FileOf(file).real, offset, n, flags); }
void ShmBarrier(sqlite3_file* file) { RealOf(file).xShmBarrier(FileOf(file).real); }
int ShmUnmap(sqlite3_file* file, int remove) { return RealOf(file).xShmUnmap(FileOf(file).real, remove); }

constexpr int kMethodsWithSharedMemory = 2;
const sqlite3_io_methods kMethods = {kMethodsWithSharedMemory,
                                     Close,
                                     Read,
                                     Write,
                                     Truncate,
                                     Sync,
                                     FileSize,
                                     Lock,
                                     Unlock,
                                     CheckReservedLock,
                                     FileControl,
                                     SectorSize,
                                     DeviceCharacteristics,
                                     ShmMap,
                                     ShmLock,
                                     ShmBarrier,
                                     ShmUnmap,
                                     nullptr,
                                     nullptr};

bool IsOfDisk(const char* name) { return name != nullptr && std::string(name).rfind(disk->root + "/", 0) == 0; }

int Open(sqlite3_vfs*, const char* name, sqlite3_file* file, int flags, int* out_flags) {
  File& self = *new (file) File{};
  self.real = reinterpret_cast<sqlite3_file*>(reinterpret_cast<char*>(file) + sizeof(File));
  self.real->pMethods = nullptr;
  const bool is_of_disk = IsOfDisk(name);
  const bool is_new = is_of_disk && !std::filesystem::exists(name);
  if (is_of_disk) {
    const std::lock_guard lock(disk->mutex);
    if (disk->Count() != Answer::kWork) return SQLITE_CANTOPEN;
  }
  const int result = real_vfs->xOpen(real_vfs, name, self.real, flags, out_flags);
  if (result != SQLITE_OK) {
    Close(file);
    return result;
  }
  if (is_of_disk) {
    self.path = new std::string(name);
    const std::lock_guard lock(disk->mutex);
    if (is_new) {
      TrackedFile& tracked = disk->files[name];
      tracked = {{}, {}, false, std::move(tracked.synced), (flags & (SQLITE_OPEN_WAL | SQLITE_OPEN_MAIN_JOURNAL)) != 0};
    }
  }
  self.base.pMethods = &kMethods;
  return SQLITE_OK;
}

int Delete(sqlite3_vfs*, const char* name, int sync_folder) {
  if (!IsOfDisk(name)) return real_vfs->xDelete(real_vfs, name, sync_folder);
  const std::lock_guard lock(disk->mutex);
  if (disk->Count() != Answer::kWork) return SQLITE_IOERR_DELETE;
  const int result = real_vfs->xDelete(real_vfs, name, 0);
  if (result != SQLITE_OK) return result;
  disk->files[name].is_deleted = true;
  if (sync_folder != 0) {
    disk->SyncFolder();
  }
  return SQLITE_OK;
}

sqlite3_vfs MakeVfs() {
  sqlite3_vfs vfs = *real_vfs;
  vfs.zName = "fault";
  vfs.szOsFile = static_cast<int>(sizeof(File)) + real_vfs->szOsFile;
  vfs.pNext = nullptr;
  vfs.xOpen = Open;
  vfs.xDelete = Delete;
  return vfs;
}

sqlite3_vfs& Vfs() {
  static sqlite3_vfs vfs = MakeVfs();
  return vfs;
}

// The sectors of the change that `random` lets survive.
void ApplyPart(const Change& change, std::mt19937_64& random, std::string& content) {
  if (change.bytes.empty()) {
    if (random() % 2 == 0) Apply(change, content);
    return;
  }
  for (std::size_t at = 0; at < change.bytes.size();) {
    const std::size_t size = std::min(kSector - (change.offset + at) % kSector, change.bytes.size() - at);
    if (random() % 2 == 0) Apply({change.offset + at, change.bytes.substr(at, size)}, content);
    at += size;
  }
}

}  // namespace

FaultDisk::FaultDisk(std::string root, Fault fault, int at) : state_(std::make_unique<State>()) {
  state_->root = std::move(root);
  state_->fault = fault;
  state_->at = at;
  if (std::filesystem::exists(state_->root)) {
    for (const auto& entry : std::filesystem::directory_iterator(state_->root)) {
      if (entry.is_regular_file()) state_->files[entry.path()].synced = ContentOf(entry.path());
    }
  }
  disk = state_.get();
  if (real_vfs == nullptr) real_vfs = sqlite3_vfs_find(nullptr);
  sqlite3_vfs_register(&Vfs(), 1);
}

FaultDisk::~FaultDisk() {
  sqlite3_vfs_register(real_vfs, 1);
  disk = nullptr;
}

int FaultDisk::calls() const {
  const std::lock_guard lock(state_->mutex);
  return state_->calls;
}

void FaultDisk::CopySurvivors(const std::string& folder, std::uint64_t seed) const {
  const std::lock_guard lock(state_->mutex);
  std::mt19937_64 random(seed);
  for (const auto& [path, file] : state_->files) {
    if (file.is_deleted && random() % 2 == 0) continue;
    if (!file.synced && file.changes.empty() && random() % 2 == 0) continue;
    std::string content = file.synced.value_or("");
    if (file.before && random() % 2 == 0) {
      content = *file.before;
    } else {
      for (const Change& change : file.changes) ApplyPart(change, random, content);
    }
    std::ofstream(std::filesystem::path(folder) / std::filesystem::path(path).filename(), std::ios::binary) << content;
  }
}

}  // namespace stagecraft::tests
