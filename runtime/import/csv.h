// Files of comma-separated values (RFC 4180 and what spreadsheets make of it), row by row, with the line of each value.
#ifndef STAGECRAFT_RUNTIME_IMPORT_CSV_H_
#define STAGECRAFT_RUNTIME_IMPORT_CSV_H_

#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "runtime/model/status.h"

namespace stagecraft::runtime {

// `text`: without its quotes; unquoted text without the blanks around it. `line`: 1-based, where the value begins.
struct CsvValue {
  std::string text;
  std::uint32_t line = 0;
};

// Reads a file in pieces of any size. Understands a byte order mark, LF, CRLF and CR, quoted values with line breaks and
// doubled quotes, and finds out from the first line whether `,`, `;` or a tab separates. Blank lines are no rows.
class CsvReader {
 public:
  // Called for each row, the heading included; the values are good until it returns.
  using OnRow = std::function<void(std::span<const CsvValue>)>;

  explicit CsvReader(OnRow on_row);
  ~CsvReader();
  CsvReader(const CsvReader&) = delete;
  CsvReader& operator=(const CsvReader&) = delete;

  // INVALID_ARGUMENT (reason INVALID_CSV) when the file cannot be read on: a quote that is never closed, UTF-16, a value
  // over 1 MiB, more than 4096 columns. The message names the line.
  Status Feed(std::string_view bytes);
  // After the last piece.
  Status Finish();

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace stagecraft::runtime

#endif  // STAGECRAFT_RUNTIME_IMPORT_CSV_H_
