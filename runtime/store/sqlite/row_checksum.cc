#include "runtime/store/sqlite/row_checksum.h"

#include <sqlite3.h>

#define XXH_INLINE_ALL
#include <xxhash.h>

#include <array>

namespace stagecraft::runtime {

RowChecksum& RowChecksum::Add(std::string_view bytes) {
  hash_ = XXH3_64bits_withSeed(bytes.data(), bytes.size(), hash_);
  return *this;
}

RowChecksum& RowChecksum::Add(std::int64_t number) {
  // The lowest byte first, so that a folder can move to any machine.
  std::array<char, sizeof number> bytes{};
  auto left = static_cast<std::uint64_t>(number);
  for (char& byte : bytes) {
    byte = static_cast<char>(left & 0xFF);
    left >>= 8;
  }
  return Add(std::string_view(bytes.data(), bytes.size()));
}

std::int64_t ChecksumOf(const JournalRow& row) { return RowChecksum("journal").Add(row.first).Add(row.count).Add(row.bytes).value(); }

std::int64_t ChecksumOf(const char* table, const CheckpointRow& row) { return RowChecksum(table).Add(row.key).Add(row.bytes).value(); }

std::int64_t ChecksumOf(const Revision& revision) {
  return RowChecksum("revisions")
      .Add(revision.number)
      .Add(revision.deployed_at)
      .Add(revision.author)
      .Add(revision.note)
      .Add(revision.layout)
      .Add(static_cast<std::int64_t>(revision.files.size()))
      .value();
}

std::int64_t ChecksumOf(const Revision::File& file, std::uint32_t revision, std::int64_t place) {
  return RowChecksum("revision_files").Add(revision).Add(place).Add(file.name).Add(file.text).value();
}

std::int64_t ChecksumOfProgress(Sequence complete_through) { return RowChecksum("progress").Add(complete_through).value(); }

std::int64_t ChecksumOfBaseRow(const CheckpointRow& row) {
  return RowChecksum("base_rows").Add(static_cast<std::int64_t>(row.kind)).Add(row.key).Add(row.bytes).value();
}

std::int64_t ChecksumOfBase(int place, Sequence complete_through, bool is_shrunk) {
  return RowChecksum("base").Add(place).Add(complete_through).Add(static_cast<std::int64_t>(is_shrunk)).value();
}

namespace {

std::string_view BytesOf(sqlite3_value* value) {
  const void* bytes = sqlite3_value_blob(value);
  return {static_cast<const char*>(bytes), static_cast<std::size_t>(sqlite3_value_bytes(value))};
}

void ChecksumFunction(sqlite3_context* context, int count, sqlite3_value** values) {
  RowChecksum checksum(BytesOf(values[0]));
  for (int i = 1; i < count; ++i) {
    if (sqlite3_value_type(values[i]) == SQLITE_INTEGER) {
      checksum.Add(sqlite3_value_int64(values[i]));
    } else {
      checksum.Add(BytesOf(values[i]));
    }
  }
  sqlite3_result_int64(context, checksum.value());
}

}  // namespace

void AddChecksumFunction(SQLite::Database& db) {
  constexpr int kAnyNumber = -1;
  db.createFunction("row_checksum", kAnyNumber, true, nullptr, ChecksumFunction);
}

}  // namespace stagecraft::runtime
