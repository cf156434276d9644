#include "cli/table.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "cli/terminal.h"
#include "dsl/support/show.h"
#include "dsl/support/text.h"

namespace stagecraft::cli {
namespace {

constexpr std::string_view kGap = "  ";
constexpr std::size_t kColumnWidthMin = 8;  // narrower, a text says nothing

std::string Padded(const std::string& text, std::size_t width, bool right) {
  const auto columns = DisplayWidth(text);
  const std::string blanks(width > columns ? width - columns : 0, ' ');
  return right ? blanks + text : text + blanks;
}

std::string CsvValue(const std::string& text) {
  if (text.find_first_of(",\"\r\n") == std::string::npos) return text;
  std::string quoted = "\"";
  for (const char c : text) {
    if (c == '"') quoted += '"';
    quoted += c;
  }
  return quoted + '"';
}

}  // namespace

std::string JsonText(std::string_view text) {
  return CleanJson(nlohmann::json(text).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace));
}

std::vector<std::size_t> Table::Widths(std::size_t limit) const {
  std::vector<std::size_t> widths;
  for (const auto& heading : headings_) widths.push_back(DisplayWidth(OneLine(heading)));
  std::vector<bool> may_shrink(headings_.size());
  const auto measure = [&](const std::vector<Cell>& row) {
    for (std::size_t i = 0; i < row.size(); ++i) {
      widths[i] = std::max(widths[i], DisplayWidth(OneLine(row[i].text)));
      if (!row[i].is_number) may_shrink[i] = true;
    }
  };
  for (const auto& row : rows_) measure(row);
  measure(total_);
  if (limit == 0) return widths;
  std::size_t all = kGap.size() * (widths.size() - 1);
  for (const auto width : widths) all += width;
  while (all > limit) {
    std::size_t widest = widths.size();
    for (std::size_t i = 0; i < widths.size(); ++i) {
      if (may_shrink[i] && widths[i] > kColumnWidthMin && (widest == widths.size() || widths[i] > widths[widest])) widest = i;
    }
    if (widest == widths.size()) break;
    --widths[widest];
    --all;
  }
  return widths;
}

std::string Table::Text(const TableStyle& style) const {
  const auto widths = Widths(style.width);
  const auto line = [&](const std::vector<Cell>& row) {
    std::string text;
    for (std::size_t i = 0; i < row.size(); ++i) {
      if (i > 0) text += kGap;
      text += Padded(Cut(OneLine(row[i].text), widths[i]), widths[i], row[i].is_number);
    }
    text.erase(text.find_last_not_of(' ') + 1);
    return text;
  };
  std::vector<Cell> heading;
  for (std::size_t i = 0; i < headings_.size(); ++i) {
    heading.emplace_back(headings_[i]);
    heading.back().is_number = !rows_.empty() && rows_.front()[i].is_number;
  }
  std::string text = Styled(line(heading), Style::kBold, style.colour) + "\n";
  std::size_t all = kGap.size() * (widths.size() - 1);
  for (const auto width : widths) all += width;
  std::string rule;
  for (std::size_t i = 0; i < all; ++i) rule += "─";
  rule += "\n";
  text += Styled(rule, Style::kDim, style.colour);
  for (const auto& row : rows_) text += line(row) + "\n";
  if (!total_.empty()) text += Styled(rule, Style::kDim, style.colour) + line(total_) + "\n";
  return text;
}

std::string Table::Csv(bool with_headings) const {
  std::string text;
  if (with_headings) {
    for (std::size_t i = 0; i < headings_.size(); ++i) text += (i > 0 ? "," : "") + CsvValue(headings_[i]);
    text += "\r\n";
  }
  for (const auto& row : rows_) {
    for (std::size_t i = 0; i < row.size(); ++i) text += (i > 0 ? "," : "") + CsvValue(row[i].text);
    text += "\r\n";
  }
  return text;
}

std::vector<std::string> Table::Objects(std::string_view extra) const {
  std::vector<std::string> objects;
  for (const auto& row : rows_) {
    std::string object = fmt::format("{{{}", extra);
    for (std::size_t i = 0; i < row.size(); ++i) {
      if (object.size() > 1) object += ",";
      object += JsonText(headings_[i]) + ":" + (row[i].is_number ? row[i].text : JsonText(row[i].text));
    }
    objects.push_back(object + "}");
  }
  return objects;
}

std::string Table::Ndjson(std::string_view extra) const {
  std::string text;
  for (const auto& object : Objects(extra)) text += object + "\n";
  return text;
}

std::string Table::Json() const { return fmt::format("[{}]", fmt::join(Objects(""), ",")); }

}  // namespace stagecraft::cli
