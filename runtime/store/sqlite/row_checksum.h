// The checksum that every stored row carries: XXH3-64 over the name of its table and over its columns, in their order, each column
// seeded with what came before it. So a row that is changed, or stands under another key or in another table, is found when it is read.
#ifndef STAGECRAFT_RUNTIME_STORE_SQLITE_ROW_CHECKSUM_H_
#define STAGECRAFT_RUNTIME_STORE_SQLITE_ROW_CHECKSUM_H_

#include <SQLiteCpp/SQLiteCpp.h>

#include <cstdint>
#include <span>
#include <string_view>

#include "runtime/store/store.h"

namespace stagecraft::runtime {

class RowChecksum {
 public:
  explicit RowChecksum(std::string_view table) { Add(table); }

  RowChecksum& Add(std::string_view bytes);
  RowChecksum& Add(std::int64_t number);
  // As it is stored.
  std::int64_t value() const { return static_cast<std::int64_t>(hash_); }

 private:
  std::uint64_t hash_ = 0;
};

std::int64_t ChecksumOf(const JournalRow& row);
// `table`: where the row stands.
std::int64_t ChecksumOf(const char* table, const CheckpointRow& row);
// With the number of its files, whose rows have checksums of their own.
std::int64_t ChecksumOf(const Revision& revision);
std::int64_t ChecksumOf(const Revision::File& file, std::uint32_t revision, std::int64_t place);
std::int64_t ChecksumOfProgress(Sequence complete_through);
// Of a row of the base, and of what says where the base is, how far it goes, and what is still to be done.
std::int64_t ChecksumOfBaseRow(const CheckpointRow& row);
std::int64_t ChecksumOfBase(int place, Sequence complete_through, bool is_shrunk);

// Makes `row_checksum(table, column, …)` known to SQL on this connection: migrations give older rows their checksums with it.
void AddChecksumFunction(SQLite::Database& db);

}  // namespace stagecraft::runtime

#endif  // STAGECRAFT_RUNTIME_STORE_SQLITE_ROW_CHECKSUM_H_
