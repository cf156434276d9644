#include "runtime/store/sqlite/database_copy.h"

#include <unistd.h>

#include <atomic>
#include <filesystem>
#include <fstream>
#include <system_error>

#include "runtime/model/reasons.h"
#include "runtime/store/sqlite/connection.h"

namespace stagecraft::runtime {
namespace {

constexpr char kSuffix[] = ".copying-";
constexpr std::size_t kPartBytes = 1 << 20;

// A name beside `path` that no other copy has; the file is gone with it.
class CopyFile {
 public:
  explicit CopyFile(const std::string& path) {
    static std::atomic<std::uint64_t> copies = 0;
    path_ = path + kSuffix + std::to_string(getpid()) + "-" + std::to_string(++copies);
  }
  ~CopyFile() {
    std::error_code ignored;  // the next start removes it
    std::filesystem::remove(path_, ignored);
  }
  CopyFile(const CopyFile&) = delete;
  CopyFile& operator=(const CopyFile&) = delete;

  const std::string& path() const { return path_; }

 private:
  std::string path_;
};

Status HandOut(const std::string& path, const std::string& name, const Store::TakePart& take) {
  std::ifstream file(path, std::ios::binary);
  std::string part(kPartBytes, '\0');
  while (file.read(part.data(), static_cast<std::streamsize>(part.size())) || file.gcount() > 0) {
    const std::string_view bytes(part.data(), static_cast<std::size_t>(file.gcount()));
    if (Status status = take(name, bytes); !status.ok()) return status;
  }
  if (file.eof()) return {};
  return {StatusCode::kUnavailable, reasons::kStoreIo, "reading `" + path + "` failed", {}};
}

}  // namespace

Status CopyDatabase(const std::string& path, const Store::TakePart& take) {
  const CopyFile copy(path);
  Status status = Guarded(copy.path(), [&]() -> Status {
    const auto db = OpenForReading(path);
    SQLite::Statement vacuum(*db, "VACUUM INTO ?");
    vacuum.bindNoCopy(1, copy.path());
    vacuum.exec();
    return {};
  });
  return status.ok() ? HandOut(copy.path(), std::filesystem::path(path).filename(), take) : status;
}

void RemoveUnfinishedCopies(const std::string& folder) {
  std::error_code error;  // what stays only takes room
  for (const auto& entry : std::filesystem::directory_iterator(folder, error)) {
    if (entry.path().filename().string().find(kSuffix) != std::string::npos) std::filesystem::remove(entry.path(), error);
  }
}

}  // namespace stagecraft::runtime
