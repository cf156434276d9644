// Fixes that take something out of a script: which pieces of text have to go so that the rest still reads as one.
//
// A fix that loses a comment is never safe: somebody meant it, and has to look. Whether it changes what the script does is for the caller.
#ifndef STAGECRAFT_DSL_SEMA_MEND_H_
#define STAGECRAFT_DSL_SEMA_MEND_H_

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "dsl/support/diagnostic.h"
#include "dsl/support/source.h"
#include "dsl/syntax/scan.h"

namespace stagecraft::sema {

class Mender {
 public:
  explicit Mender(const SourceSet& sources) : sources_(sources) {}

  // A declaration or a score line, with its lines where nothing else stands on them. A comment at its end, within it, or right above it
  // speaks of it.
  Fix TakeOutSentence(Span sentence, std::string title) const;
  // An action among others.
  Fix TakeOutAction(Span action, std::string title) const;
  // One of the conditions that `joint` (`and`, `or`) joins, with the joint, and with parentheses around what is left when that is one.
  // Nothing where the text is not of this shape.
  std::optional<Fix> TakeOutOperand(Span operand, std::string_view joint, std::string title) const;
  // The whole condition behind `keyword` (`when`, `until`), with the keyword and, when it is `before`, the word in front of that (`stop
  // when`). Nothing where the text is not of this shape, or begins before `from`.
  std::optional<Fix> TakeOutClause(Span condition, std::string_view keyword, std::string_view before, std::uint32_t from,
                                   std::string title) const;
  // Writes the text at `kept` in the place of `whole`.
  Fix KeepOnly(Span whole, Span kept, std::string title) const;
  // The fix of these edits; not safe where they lose a comment.
  Fix Of(std::vector<Edit> edits, std::string title) const;

  std::string_view TextAt(Span span) const { return sources_[span.source].At(span); }
  // The tokens of the source, comments too, from the one that begins at `span` or later to the last that ends in it.
  std::vector<syntax::Token> TokensIn(Span span) const;
  static Span SpanOf(std::uint32_t source, const syntax::Token& token);

 private:
  using Tokens = std::vector<syntax::Token>;

  const Tokens& TokensOf(std::uint32_t source) const;
  // The number of the first token that begins at `offset` or later.
  std::size_t TokenAt(std::uint32_t source, std::uint32_t offset) const;
  // The number of the nearest token before number `i`, or behind it, that is no comment.
  std::optional<std::size_t> CodeBefore(const Tokens& tokens, std::size_t i) const;
  std::optional<std::size_t> CodeFrom(const Tokens& tokens, std::size_t i) const;
  bool Is(std::uint32_t source, std::optional<std::size_t> token, std::string_view text) const;
  // Where the token before `offset` ends, a comment included.
  std::uint32_t EndBefore(Span place) const;
  bool LosesComment(const Edit& edit) const;

  // The condition with all parentheses that are around it alone.
  struct Operand {
    Span span;
    std::optional<std::size_t> before;  // the token in front of it
    std::optional<std::size_t> behind;
  };
  Operand WithParentheses(Span condition) const;
  // Adds the edits that take the parentheses around `operand` and its one companion away.
  void AddParentheses(const Operand& operand, std::string_view joint, std::vector<Edit>& edits) const;

  const SourceSet& sources_;
  mutable std::map<std::uint32_t, Tokens> tokens_;  // by source; scanned when they are first asked for
};

}  // namespace stagecraft::sema

#endif  // STAGECRAFT_DSL_SEMA_MEND_H_
