#include "runtime/store/sqlite/access_file.h"

#include <fcntl.h>
#include <sqlite3.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <mutex>
#include <system_error>
#include <utility>

#include "runtime/model/reasons.h"
#include "runtime/store/sqlite/connection.h"
#include "runtime/store/sqlite/database_copy.h"
#include "runtime/store/sqlite/row_checksum.h"
#include "runtime/store/sqlite/schema.h"

namespace stagecraft::runtime {
namespace {

// Times are microseconds since 1970-01-01T00:00:00Z.
constexpr const char* kMigrations[] = {
    R"sql(
CREATE TABLE tokens (
  place INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  secret_hash BLOB NOT NULL UNIQUE,
  holder TEXT NOT NULL,
  role TEXT NOT NULL,
  calls_per_second INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL,  -- 0: never
  revoked_at INTEGER NOT NULL,  -- 0: it was not
  checksum INTEGER NOT NULL
) STRICT;
CREATE TABLE audit (
  number INTEGER PRIMARY KEY,
  at INTEGER NOT NULL,
  holder TEXT NOT NULL,
  token TEXT NOT NULL,
  method TEXT NOT NULL,
  resource TEXT NOT NULL,
  code INTEGER NOT NULL,
  request_id TEXT NOT NULL,
  address TEXT NOT NULL,
  hash BLOB NOT NULL
) STRICT;
CREATE TABLE audit_head (
  only INTEGER PRIMARY KEY CHECK (only = 1),
  number INTEGER NOT NULL,
  hash BLOB NOT NULL
) STRICT;
INSERT INTO audit_head VALUES (1, 0, x'');
CREATE TRIGGER audit_keeps_entries BEFORE DELETE ON audit BEGIN SELECT RAISE(ABORT, 'the audit log is only added to'); END;
CREATE TRIGGER audit_keeps_words BEFORE UPDATE ON audit BEGIN SELECT RAISE(ABORT, 'the audit log is only added to'); END;
)sql",
    R"sql(
ALTER TABLE tokens ADD COLUMN scope TEXT NOT NULL DEFAULT '';
UPDATE tokens SET checksum = row_checksum('tokens', id, secret_hash, holder, role, calls_per_second, created_at, expires_at, revoked_at, scope);
)sql",
};

constexpr char kTokenChecksum[] =
    "row_checksum('tokens', id, secret_hash, holder, role, calls_per_second, created_at, expires_at, revoked_at, scope)";

AuditEntry EntryOf(SQLite::Statement& row) {
  AuditEntry entry;
  entry.number = row.getColumn(0).getInt64();
  entry.at = row.getColumn(1).getInt64();
  entry.holder = row.getColumn(2).getString();
  entry.token = row.getColumn(3).getString();
  entry.method = row.getColumn(4).getString();
  entry.resource = row.getColumn(5).getString();
  entry.code = row.getColumn(6).getInt();
  entry.request_id = row.getColumn(7).getString();
  entry.address = row.getColumn(8).getString();
  entry.hash = BlobOf(row.getColumn(9));
  return entry;
}

class AccessFile final : public AccessStore {
 public:
  // Throws SQLite::Exception.
  AccessFile(std::unique_ptr<SQLite::Database> db, std::string path) : path_(std::move(path)), db_(std::move(db)) {
    AddChecksumFunction(*db_);
  }

  Result<std::vector<AccessToken>> ReadTokens() override {
    std::vector<AccessToken> tokens;
    Status status = Locked([&]() -> Status {
      SQLite::Statement rows(
          *db_,
          std::string("SELECT id, secret_hash, holder, role, calls_per_second, created_at, expires_at, revoked_at, scope, checksum = ") +
              kTokenChecksum + " FROM tokens ORDER BY place");
      while (rows.executeStep()) {
        AccessToken token;
        token.id = rows.getColumn(0).getString();
        token.secret_hash = BlobOf(rows.getColumn(1));
        token.holder = rows.getColumn(2).getString();
        token.role = rows.getColumn(3).getString();
        token.calls_per_second = rows.getColumn(4).getInt64();
        token.created_at = rows.getColumn(5).getInt64();
        token.expires_at = rows.getColumn(6).getInt64();
        token.revoked_at = rows.getColumn(7).getInt64();
        token.scope = rows.getColumn(8).getString();
        if (rows.getColumn(9).getInt() == 0) return DamagedRow(path_, "the row of token " + token.id);
        tokens.push_back(std::move(token));
      }
      return {};
    });
    if (!status.ok()) return tl::unexpected(std::move(status));
    return tokens;
  }

  Status AddToken(const AccessToken& token) override {
    return Locked([&]() -> Status {
      SQLite::Statement add(*db_,
                            "INSERT OR IGNORE INTO tokens (id, secret_hash, holder, role, calls_per_second, created_at, expires_at, "
                            "revoked_at, scope, checksum) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, "
                            "row_checksum('tokens', ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9))");
      add.bind(1, token.id);
      BindBlob(add, 2, token.secret_hash);
      add.bind(3, token.holder);
      add.bind(4, token.role);
      add.bind(5, token.calls_per_second);
      add.bind(6, token.created_at);
      add.bind(7, token.expires_at);
      add.bind(8, token.revoked_at);
      add.bind(9, token.scope);
      if (add.exec() == 1) return {};
      return {StatusCode::kAlreadyExists, reasons::kTokenExists, "there is a token `" + token.id + "` already", {}};
    });
  }

  Status RevokeToken(const std::string& id, Micros at) override {
    return Locked([&]() -> Status {
      SQLite::Transaction transaction(*db_, SQLite::TransactionBehavior::IMMEDIATE);
      SQLite::Statement find(*db_, "SELECT revoked_at FROM tokens WHERE id = ?");
      find.bind(1, id);
      if (!find.executeStep()) return {StatusCode::kNotFound, reasons::kTokenNotFound, "there is no token `" + id + "`", {}};
      if (find.getColumn(0).getInt64() != 0) return {};
      SQLite::Statement revoke(*db_, "UPDATE tokens SET revoked_at = ? WHERE id = ?");
      revoke.bind(1, at);
      revoke.bind(2, id);
      revoke.exec();
      SQLite::Statement seal(*db_, std::string("UPDATE tokens SET checksum = ") + kTokenChecksum + " WHERE id = ?");
      seal.bind(1, id);
      seal.exec();
      transaction.commit();
      return {};
    });
  }

  Result<std::int64_t> Version() override {
    std::int64_t version = 0;
    Status status = Locked([&]() -> Status {
      version = db_->execAndGet("PRAGMA data_version").getInt64();
      return {};
    });
    if (!status.ok()) return tl::unexpected(std::move(status));
    return version;
  }

  Status AppendAudit(const std::function<std::vector<AuditEntry>(const AuditHead&)>& make) override {
    return Locked([&]() -> Status {
      SQLite::Transaction transaction(*db_, SQLite::TransactionBehavior::IMMEDIATE);
      const std::vector<AuditEntry> entries = make(Head());
      if (entries.empty()) return {};
      for (const AuditEntry& entry : entries) Add(entry);
      SQLite::Statement move(*db_, "UPDATE audit_head SET number = ?, hash = ?");
      move.bind(1, entries.back().number);
      BindBlob(move, 2, entries.back().hash);
      move.exec();
      transaction.commit();
      return {};
    });
  }

  Result<AuditHead> ReadAuditHead() override {
    AuditHead head;
    Status status = Locked([&]() -> Status {
      head = Head();
      return {};
    });
    if (!status.ok()) return tl::unexpected(std::move(status));
    return head;
  }

  Status ScanAudit(std::int64_t from, const std::function<bool(AuditEntry&&)>& visit) override {
    return Locked([&]() -> Status {
      SQLite::Statement rows(*db_,
                             "SELECT number, at, holder, token, method, resource, code, request_id, address, hash FROM audit "
                             "WHERE number >= ? ORDER BY number");
      rows.bind(1, from);
      while (rows.executeStep() && visit(EntryOf(rows))) {}
      return {};
    });
  }

  // On a connection of its own: nobody waits for it.
  Status Backup(const Store::TakePart& take) override { return CopyDatabase(path_, take); }

 private:
  template <typename Work>
  Status Locked(const Work& work) {
    const std::lock_guard lock(mutex_);
    return Guarded(path_, work);
  }

  AuditHead Head() {
    SQLite::Statement row(*db_, "SELECT number, hash FROM audit_head");
    if (!row.executeStep()) throw SQLite::Exception("the audit log has no head", SQLITE_CORRUPT);
    return {row.getColumn(0).getInt64(), BlobOf(row.getColumn(1))};
  }

  void Add(const AuditEntry& entry) {
    SQLite::Statement add(*db_, "INSERT INTO audit VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
    add.bind(1, entry.number);
    add.bind(2, entry.at);
    add.bind(3, entry.holder);
    add.bind(4, entry.token);
    add.bind(5, entry.method);
    add.bind(6, entry.resource);
    add.bind(7, entry.code);
    add.bind(8, entry.request_id);
    add.bind(9, entry.address);
    BindBlob(add, 10, entry.hash);
    add.exec();
  }

  const std::string path_;
  std::mutex mutex_;
  std::unique_ptr<SQLite::Database> db_;
};

std::string PathIn(const std::string& folder) { return folder + "/" + kAccessFileName; }

// The file is its folder's owner's, also when root makes a token for a server that runs as somebody else. SQLite gives the log and what
// else it makes beside a file the rights and the owner of the file.
Status MakeForOwnerOnly(const std::string& folder, const std::string& path) {
  const int descriptor = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, S_IRUSR | S_IWUSR);
  struct stat of_folder {};
  const bool is_made = descriptor != -1 && ::stat(folder.c_str(), &of_folder) == 0 &&
                       (::geteuid() != 0 || ::fchown(descriptor, of_folder.st_uid, of_folder.st_gid) == 0);
  const int error = errno;
  if (descriptor != -1) ::close(descriptor);
  if (is_made) return {};
  return {StatusCode::kFailedPrecondition,
          reasons::kStoreNotWritable,
          "`" + path + "` cannot be opened for writing: " + std::generic_category().message(error),
          {}};
}

Result<std::unique_ptr<AccessStore>> Opened(const std::string& path, const std::function<std::unique_ptr<SQLite::Database>()>& open,
                                            bool is_checked) {
  std::unique_ptr<AccessStore> store;
  Status status = Guarded(path, [&]() -> Status {
    auto db = open();
    if (is_checked) {
      if (Status version = CheckVersion(*db, path, kMigrations); !version.ok()) return version;
    }
    store = std::make_unique<AccessFile>(std::move(db), path);
    return {};
  });
  if (!status.ok()) return tl::unexpected(std::move(status));
  return store;
}

}  // namespace

Result<std::unique_ptr<AccessStore>> OpenAccessFile(const std::string& folder) {
  const std::string path = PathIn(folder);
  if (Status status = MakeForOwnerOnly(folder, path); !status.ok()) return tl::unexpected(std::move(status));
  if (Status status = UpgradeDatabase(path, kMigrations); !status.ok()) return tl::unexpected(std::move(status));
  return Opened(
      path, [&path] { return OpenForWriting(path, Sync::kFull); }, false);
}

Result<std::unique_ptr<AccessStore>> OpenAccessFileToLook(const std::string& folder) {
  const std::string path = PathIn(folder);
  std::error_code error;
  if (!std::filesystem::exists(path, error)) {
    return Fail(StatusCode::kNotFound, reasons::kDataFolderNotFound,
                "there is no " + std::string(kAccessFileName) + " in `" + folder + "`");
  }
  return Opened(
      path, [&path] { return OpenForReading(path); }, true);
}

}  // namespace stagecraft::runtime
