#include "dsl/fmt/layout.h"

#include <algorithm>
#include <string_view>
#include <utility>

#include "dsl/fmt/measure.h"
#include "dsl/support/text.h"

namespace stagecraft::layout {

namespace {

constexpr std::size_t kHangMax = 60;  // a broken line goes on further left than its parts begin when they begin beyond this column
constexpr std::size_t kCommentGap = 2;

// A line of the result.
struct Row {
  std::string code;  // with its indentation; a comment on its own line is code here
  std::string comment;
  std::size_t column = 0;  // where the code begins; of a comment that goes on, that of the line above
  bool blank_before = false;
};

class Writer {
 public:
  Writer(const Tokens& tokens, const Plan& plan, const Measure& measure) : tokens_(tokens), plan_(plan), measure_(measure) {}

  std::string Write(const std::vector<Line>& lines) {
    for (std::size_t i = 0; i < lines.size(); ++i) {
      AddComments(lines[i].first, i > 0 ? &lines[i - 1] : nullptr, &lines[i]);
      if (lines[i].kept) {
        AddKept(lines[i]);
      } else {
        AddLine(lines[i]);
      }
    }
    AddComments(tokens_.size(), lines.empty() ? nullptr : &lines.back(), nullptr);
    AlignComments();
    return Text();
  }

 private:
  void AddRow(std::size_t column, std::string_view code, bool blank_before) {
    rows_.push_back({std::string(column, ' ') + std::string(code), {}, column, blank_before});
  }

  // The comments before token `at`, with which `next` begins; null at the end of the file.
  void AddComments(std::size_t at, const Line* before, const Line* next) {
    for (const Comment& comment : tokens_.CommentsBefore(at)) {
      // Lines that are kept hold the comment at their end, too.
      if (!comment.own_line && before != nullptr && before->kept) continue;
      AddComment(comment, IndentOf(comment, before, next));
    }
  }

  void AddComment(const Comment& comment, std::size_t indent) {
    if (!comment.own_line) {
      rows_.back().comment = comment.text;
    } else if (comment.continues && !rows_.empty() && !rows_.back().comment.empty()) {
      rows_.push_back({{}, std::string(comment.text), rows_.back().column, false});
    } else {
      AddRow(indent, comment.text, comment.blank_before);
    }
  }

  // A comment on its own line is indented as what follows; at the end of a block it stays in the block when it was written so.
  std::size_t IndentOf(const Comment& comment, const Line* before, const Line* next) const {
    const std::size_t indent = next == nullptr ? 0 : next->kept ? tokens_.Column(next->first) : next->indent;
    const std::size_t column = next == nullptr ? 0 : tokens_.Column(next->first);
    if (before == nullptr || before->indent <= indent || comment.column <= column) return indent;
    const bool odd = before->kept || (next != nullptr && next->kept);
    return std::clamp(odd ? comment.column : comment.column / kIndent * kIndent, indent, before->indent);
  }

  void AddKept(const Line& line) {
    const std::size_t begin = tokens_.LineStart(tokens_.Begin(line.first));
    const std::size_t end = tokens_.LineEnd(tokens_.End(line.end - 1));
    AddRow(0, tokens_.text().substr(begin, end - begin), tokens_.BlankBefore(line.first));
  }

  void AddLine(const Line& line) {
    const std::size_t next = NextColumn(line);
    std::size_t column = line.indent;
    bool blank_before = tokens_.BlankBefore(line.first);
    for (std::size_t first = line.first; first < line.end;) {
      std::size_t end = first + 1;
      while (end < line.end && tokens_.CommentsBefore(end).empty()) ++end;
      for (const Piece& piece : WrapLine(plan_, measure_, {first, end, column}, next)) {
        AddRow(piece.column, measure_.Text(piece.first, piece.end), std::exchange(blank_before, false));
      }
      if (end < line.end) {
        for (const Comment& comment : tokens_.CommentsBefore(end)) AddComment(comment, next);
      }
      first = end;
      column = next;
    }
  }

  // Where a line goes on when it is broken.
  std::size_t NextColumn(const Line& line) const {
    const auto hang = plan_.hangs.find(line.first);
    if (hang == plan_.hangs.end() || hang->second >= line.end) return line.indent + kIndent;
    const std::size_t column = line.indent + measure_.Width(line.first, hang->second) + measure_.Gap(hang->second);
    return column <= kHangMax ? column : line.indent + kIndent;
  }

  // Of lines that follow one another at the same indentation.
  void AlignComments() {
    for (std::size_t i = 0; i < rows_.size();) {
      std::size_t end = i;
      std::size_t width = 0;
      const auto joins = [&] { return end == i || (!rows_[end].blank_before && rows_[end].column == rows_[i].column); };
      for (; end < rows_.size() && !rows_[end].comment.empty() && joins(); ++end) {
        width = std::max(width, DisplayWidth(rows_[end].code));
      }
      for (std::size_t k = i; k < end; ++k) {
        rows_[k].code.append(width + kCommentGap - DisplayWidth(rows_[k].code), ' ');
      }
      i = std::max(end, i + 1);
    }
  }

  std::string Text() const {
    std::string text;
    for (const Row& row : rows_) {
      if (row.blank_before && !text.empty()) text += '\n';
      text += row.code + row.comment + '\n';
    }
    return text;
  }

  const Tokens& tokens_;
  const Plan& plan_;
  const Measure& measure_;
  std::vector<Row> rows_;
};

}  // namespace

std::string LayOut(const Tokens& tokens, const std::vector<Item>& items, Plan plan) {
  Measure measure(tokens, plan);
  MakeChoices(tokens, measure, plan);
  const std::vector<Line> lines = CutLines(tokens, items, plan);
  AlignColumns(tokens, plan, lines, measure);
  return Writer(tokens, plan, measure).Write(lines);
}

}  // namespace stagecraft::layout
