#include "dsl/fmt/tokens.h"

#include <algorithm>

namespace stagecraft::layout {

namespace {

using syntax::Token;

std::string_view WithoutBlankEnd(std::string_view text) {
  const std::size_t last = text.find_last_not_of(" \t\r");
  return last == std::string_view::npos ? std::string_view() : text.substr(0, last + 1);
}

}  // namespace

Tokens::Tokens(std::string_view text) : text_(text) {
  comments_.emplace_back();
  std::size_t end = 0;           // of the token or comment before
  std::size_t comment_line = 0;  // where the line after the last comment begins
  for (const Token& token : syntax::ScanAll(text)) {
    const std::string_view between = text.substr(end, token.begin - end);
    const auto line_breaks = std::count(between.begin(), between.end(), '\n');
    const bool first = end == 0;
    end = token.end;
    if (token.kind != Token::Kind::kComment) {
      breaks_.push_back(line_breaks > 0 || !comments_.back().empty());
      blank_before_.push_back(line_breaks > 1 && !first);
      code_.push_back(token);
      comments_.emplace_back();
      continue;
    }
    Comment comment{WithoutBlankEnd(token.In(text)), token.starts_line, line_breaks > 1 && !first, false, 0};
    const std::size_t line = LineStart(token.begin);
    comment.column = ColumnOf(token.begin);
    const std::vector<Comment>& before = comments_.back();
    comment.continues = comment.own_line && !before.empty() && line == comment_line && before.back().column == comment.column &&
                        (!before.back().own_line || before.back().continues);
    comment_line = LineEnd(token.begin) + 1;
    comments_.back().push_back(comment);
  }
}

std::size_t Tokens::At(std::size_t offset) const {
  const auto found =
      std::lower_bound(code_.begin(), code_.end(), offset, [](const Token& token, std::size_t at) { return token.begin < at; });
  return static_cast<std::size_t>(found - code_.begin());
}

std::size_t Tokens::ColumnOf(std::size_t offset) const {
  const std::string_view before = text_.substr(LineStart(offset), offset - LineStart(offset));
  const auto tabs = static_cast<std::size_t>(std::count(before.begin(), before.end(), '\t'));
  return before.size() + tabs * (kIndent - 1);
}

std::size_t Tokens::LineEnd(std::size_t offset) const { return std::min(text_.find('\n', offset), text_.size()); }

}  // namespace stagecraft::layout
