// Tables for people and for programs.
#ifndef STAGECRAFT_CLI_TABLE_H_
#define STAGECRAFT_CLI_TABLE_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace stagecraft::cli {

// A value of a table. Numbers stand to the right, and are numbers in JSON.
struct Cell {
  Cell(std::string text_) : text(std::move(text_)) {}
  Cell(std::string_view text_) : text(text_) {}
  Cell(const char* text_) : text(text_) {}
  Cell(std::uint64_t number) : text(std::to_string(number)), is_number(true) {}
  Cell(std::int64_t number) : text(std::to_string(number)), is_number(true) {}

  std::string text;
  bool is_number = false;
};

struct TableStyle {
  std::size_t width = 0;  // columns to fit into; 0: as wide as it gets
  bool colour = false;
};

class Table {
 public:
  explicit Table(std::vector<std::string> headings) : headings_(std::move(headings)) {}

  // As many cells as headings.
  void Add(std::vector<Cell> row) { rows_.push_back(std::move(row)); }
  // A last row, set apart from the others.
  void SetTotal(std::vector<Cell> row) { total_ = std::move(row); }
  std::size_t size() const { return rows_.size(); }
  bool empty() const { return rows_.empty(); }

  // Columns lined up by what they take on a terminal; where the width is not enough the widest columns of text are cut, with `…`.
  // Each row is one line, and safe to show (OneLine).
  std::string Text(const TableStyle& style) const;
  // RFC 4180; headings first, unless a part before has them; no total.
  std::string Csv(bool with_headings = true) const;
  // One JSON object a row, keyed by the headings; no total. `extra`: members for the beginning of each, such as `"table":"x"`.
  std::string Ndjson(std::string_view extra = "") const;
  // A JSON array of the same objects.
  std::string Json() const;

 private:
  std::vector<std::size_t> Widths(std::size_t limit) const;
  std::vector<std::string> Objects(std::string_view extra) const;

  std::vector<std::string> headings_;
  std::vector<std::vector<Cell>> rows_;
  std::vector<Cell> total_;  // empty: none
};

// As a JSON text, with its quotes; what may not be shown is escaped.
std::string JsonText(std::string_view text);

}  // namespace stagecraft::cli

#endif  // STAGECRAFT_CLI_TABLE_H_
