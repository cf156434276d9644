#include "dsl/sema/mend.h"

#include <algorithm>
#include <utility>

namespace stagecraft::sema {

namespace {

using syntax::Token;

Span Make(std::uint32_t source, std::size_t begin, std::size_t end) {
  return {source, static_cast<std::uint32_t>(begin), static_cast<std::uint32_t>(end)};
}

}  // namespace

Span Mender::SpanOf(std::uint32_t source, const Token& token) { return Make(source, token.begin, token.end); }

const Mender::Tokens& Mender::TokensOf(std::uint32_t source) const {
  const auto [place, added] = tokens_.try_emplace(source);
  if (added) place->second = syntax::ScanAll(sources_[source].text());
  return place->second;
}

std::size_t Mender::TokenAt(std::uint32_t source, std::uint32_t offset) const {
  const Tokens& tokens = TokensOf(source);
  const auto first =
      std::lower_bound(tokens.begin(), tokens.end(), offset, [](const Token& token, std::uint32_t place) { return token.begin < place; });
  return static_cast<std::size_t>(first - tokens.begin());
}

std::optional<std::size_t> Mender::CodeBefore(const Tokens& tokens, std::size_t i) const {
  while (i > 0) {
    if (tokens[--i].kind != Token::Kind::kComment) return i;
  }
  return std::nullopt;
}

std::optional<std::size_t> Mender::CodeFrom(const Tokens& tokens, std::size_t i) const {
  for (; i < tokens.size(); ++i) {
    if (tokens[i].kind != Token::Kind::kComment) return i;
  }
  return std::nullopt;
}

bool Mender::Is(std::uint32_t source, std::optional<std::size_t> token, std::string_view text) const {
  if (!token.has_value()) return false;
  const Token& found = TokensOf(source)[*token];
  return found.In(sources_[source].text()) == text;
}

std::vector<Token> Mender::TokensIn(Span span) const {
  const Tokens& tokens = TokensOf(span.source);
  Tokens found;
  for (std::size_t i = TokenAt(span.source, span.begin); i < tokens.size() && tokens[i].end <= span.end; ++i) found.push_back(tokens[i]);
  return found;
}

std::uint32_t Mender::EndBefore(Span place) const {
  const std::size_t first = TokenAt(place.source, place.begin);
  return first == 0 ? 0 : static_cast<std::uint32_t>(TokensOf(place.source)[first - 1].end);
}

bool Mender::LosesComment(const Edit& edit) const {
  const std::vector<Token> tokens = TokensIn(edit.span);
  const std::string_view text = sources_[edit.span.source].text();
  return std::any_of(tokens.begin(), tokens.end(), [&](const Token& token) {
    return token.kind == Token::Kind::kComment && edit.replacement.find(token.In(text)) == std::string::npos;
  });
}

Fix Mender::Of(std::vector<Edit> edits, std::string title) const {
  const bool safe = std::none_of(edits.begin(), edits.end(), [this](const Edit& edit) { return LosesComment(edit); });
  return {std::move(edits), std::move(title), safe};
}

// Looks at the white space around the sentence only: a line may be as long as the file.
Fix Mender::TakeOutSentence(Span sentence, std::string title) const {
  const std::string_view text = sources_[sentence.source].text();
  const Tokens& tokens = TokensOf(sentence.source);
  const std::size_t first = TokenAt(sentence.source, sentence.begin);
  std::size_t next = first;
  while (next < tokens.size() && tokens[next].end <= sentence.end) ++next;
  const auto begin_of = [&](std::size_t token) { return token < tokens.size() ? tokens[token].begin : text.size(); };
  const std::size_t before = first == 0 ? 0 : tokens[first - 1].end;
  const std::string_view above = text.substr(before, sentence.begin - before);
  // A comment behind the sentence in its last line goes with it.
  if (next > first && next < tokens.size() && tokens[next].kind == Token::Kind::kComment && !tokens[next].starts_line) ++next;
  const std::size_t last = next == first ? sentence.end : tokens[next - 1].end;
  const std::string_view below = text.substr(last, begin_of(next) - last);
  const std::size_t line_end = below.find('\n');
  const bool alone =
      (first == 0 || above.find('\n') != std::string_view::npos) && (next == tokens.size() || line_end != std::string_view::npos);
  if (!alone) return Of({{Make(sentence.source, sentence.begin, begin_of(next)), ""}}, std::move(title));

  const std::size_t start = before + above.rfind('\n') + 1;  // npos + 1 is the start of the text
  std::size_t end = line_end == std::string_view::npos ? text.size() : last + line_end + 1;
  // Of two empty lines that would come to stand one after the other, one goes as well.
  const auto breaks_above = std::count(above.begin(), above.end(), '\n');
  const std::size_t empty_line = line_end == std::string_view::npos ? line_end : below.find('\n', line_end + 1);
  if ((first == 0 || breaks_above > 1) && empty_line != std::string_view::npos) end = last + empty_line + 1;
  Fix fix = Of({{Make(sentence.source, start, end), ""}}, std::move(title));
  const bool comment_above =
      first > 0 && tokens[first - 1].kind == Token::Kind::kComment && tokens[first - 1].starts_line && breaks_above == 1;
  fix.safe = fix.safe && !comment_above;
  return fix;
}

Fix Mender::TakeOutAction(Span action, std::string title) const {
  return Of({{{action.source, EndBefore(action), action.end}, ""}}, std::move(title));
}

Fix Mender::KeepOnly(Span whole, Span kept, std::string title) const { return Of({{whole, std::string(TextAt(kept))}}, std::move(title)); }

Mender::Operand Mender::WithParentheses(Span condition) const {
  const Tokens& tokens = TokensOf(condition.source);
  Operand operand{condition, CodeBefore(tokens, TokenAt(condition.source, condition.begin)),
                  CodeFrom(tokens, TokenAt(condition.source, condition.end))};
  while (Is(condition.source, operand.before, "(") && Is(condition.source, operand.behind, ")")) {
    operand.span.begin = static_cast<std::uint32_t>(tokens[*operand.before].begin);
    operand.span.end = static_cast<std::uint32_t>(tokens[*operand.behind].end);
    operand.before = CodeBefore(tokens, *operand.before);
    operand.behind = CodeFrom(tokens, *operand.behind + 1);
  }
  return operand;
}

void Mender::AddParentheses(const Operand& operand, std::string_view joint, std::vector<Edit>& edits) const {
  const std::uint32_t source = operand.span.source;
  const Tokens& tokens = TokensOf(source);
  // From the operand outward to the parentheses on both sides; the joint beside it is the only one there may be.
  int joints = 0;
  const auto outward = [&](std::optional<std::size_t> i, bool left) -> std::optional<std::size_t> {
    int depth = 0;
    while (i.has_value()) {
      const bool opens = Is(source, i, left ? ")" : "(");
      const bool closes = Is(source, i, left ? "(" : ")");
      if (closes && depth == 0) return i;
      depth += opens ? 1 : closes ? -1 : 0;
      if (depth == 0 && Is(source, i, joint)) ++joints;
      if (joints > 1) return std::nullopt;
      i = left ? CodeBefore(tokens, *i) : CodeFrom(tokens, *i + 1);
    }
    return std::nullopt;
  };
  const std::optional<std::size_t> open = outward(operand.before, true);
  if (!open.has_value()) return;
  const std::optional<std::size_t> close = outward(operand.behind, false);
  if (!close.has_value() || joints != 1) return;
  // `not (A or B)` keeps them: what `not` speaks of ends with them.
  const std::optional<std::size_t> before = CodeBefore(tokens, *open);
  if (!Is(source, before, "and") && !Is(source, before, "or") && !Is(source, before, "when")) return;
  edits.push_back({SpanOf(source, tokens[*open]), ""});
  edits.push_back({SpanOf(source, tokens[*close]), ""});
}

std::optional<Fix> Mender::TakeOutOperand(Span operand_span, std::string_view joint, std::string title) const {
  const std::uint32_t source = operand_span.source;
  const Tokens& tokens = TokensOf(source);
  const Operand operand = WithParentheses(operand_span);
  std::vector<Edit> edits;
  if (Is(source, operand.before, joint)) {
    const Span joined = SpanOf(source, tokens[*operand.before]);
    edits.push_back({{source, EndBefore(joined), operand.span.end}, ""});
  } else if (Is(source, operand.behind, joint)) {
    const std::optional<std::size_t> next = CodeFrom(tokens, *operand.behind + 1);
    if (!next.has_value() || Is(source, operand.before, "not")) return std::nullopt;
    edits.push_back({{source, operand.span.begin, static_cast<std::uint32_t>(tokens[*next].begin)}, ""});
  } else {
    return std::nullopt;
  }
  AddParentheses(operand, joint, edits);
  return Of(std::move(edits), std::move(title));
}

std::optional<Fix> Mender::TakeOutClause(Span condition, std::string_view keyword, std::string_view before, std::uint32_t from,
                                         std::string title) const {
  const std::uint32_t source = condition.source;
  const Tokens& tokens = TokensOf(source);
  const Operand operand = WithParentheses(condition);
  if (!Is(source, operand.before, keyword) || Is(source, operand.behind, "and") || Is(source, operand.behind, "or")) return std::nullopt;
  std::size_t first = *operand.before;
  if (!before.empty()) {
    const std::optional<std::size_t> word = CodeBefore(tokens, first);
    if (!Is(source, word, before)) return std::nullopt;
    first = *word;
  }
  const Span begin = SpanOf(source, tokens[first]);
  if (begin.begin < from) return std::nullopt;
  return Of({{{source, EndBefore(begin), operand.span.end}, ""}}, std::move(title));
}

}  // namespace stagecraft::sema
