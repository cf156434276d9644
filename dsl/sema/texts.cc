#include "dsl/sema/texts.h"

#include <utility>

namespace stagecraft::sema {
namespace {

// Walks the content of a text and, beside it, the text as it stands in the source: escapes and composed letters make the
// two differ in length, but the braces are the same in both, one by one.
class TextReader {
 public:
  TextReader(const syntax::Term& term, const Scope& scope, const SourceSet& sources, Names& names)
      : term_(term), scope_(scope), names_(names), source_(sources[term.span.source].text()), place_(term.span.begin) {}

  std::optional<Text> Read() {
    for (std::size_t i = 0; i < term_.text.size(); ++i) {
      const char c = term_.text[i];
      if (c != '{' && c != '}') {
        literal_ += c;
        continue;
      }
      const std::uint32_t brace = NextBrace();
      if (i + 1 < term_.text.size() && term_.text[i + 1] == c) {
        NextBrace();
        literal_ += c;
        ++i;
      } else if (c == '}') {
        Mismatched(brace, "a `}` without its `{`", "write `}}` for a brace in a text");
      } else {
        const std::size_t end = term_.text.find_first_of("{}", i + 1);
        if (end == std::string::npos || term_.text[end] == '{') {
          Mismatched(brace, "a `{` without its `}`", "write `{{` for a brace in a text");
          continue;
        }
        Placeholder(term_.text.substr(i + 1, end - i - 1), brace, NextBrace());
        i = end;
      }
    }
    Flush();
    if (!good_) return std::nullopt;
    return std::move(parts_);
  }

 private:
  // Offset in the source of the next brace.
  std::uint32_t NextBrace() {
    const std::size_t found = source_.find_first_of("{}", place_);
    place_ = static_cast<std::uint32_t>(found == std::string_view::npos ? term_.span.end : found + 1);
    return place_ - 1;
  }

  void Flush() {
    if (!literal_.empty()) parts_.push_back({std::move(literal_), std::nullopt});
    literal_.clear();
  }

  void Mismatched(std::uint32_t brace, std::string message, std::string help) {
    good_ = false;
    const Span span{term_.span.source, brace, brace + 1};
    names_.reporter().Report(Code::kUnknownPlaceholder, span, std::move(message), "no partner").help.push_back(std::move(help));
  }

  void Placeholder(const std::string& content, std::uint32_t open, std::uint32_t close) {
    syntax::Phrase phrase;
    std::string word;
    const Span span{term_.span.source, open + 1, close};
    const auto end_word = [&] {
      if (!word.empty()) phrase.terms.push_back({syntax::Term::Kind::kWord, std::exchange(word, {}), 0, span});
    };
    for (const char c : content) {
      if (c == ' ' || c == '\t' || c == '\n' || c == '\r') {
        end_word();
      } else {
        word += c;
      }
    }
    end_word();
    if (phrase.terms.empty()) {
      good_ = false;
      names_.reporter().Report(Code::kUnknownPlaceholder, Span{span.source, open, close + 1}, "nothing stands in the braces",
                               "a name was expected");
      return;
    }
    const std::optional<Reference> reference = names_.FindReference(TermsOf(phrase), scope_);
    if (!reference.has_value()) {
      good_ = false;
      if (scope_.event_unknown || names_.ReportPastField(TermsOf(phrase), scope_) || names_.ReportEntryDate(TermsOf(phrase))) return;
      const std::string written = Written(TermsOf(phrase));
      names_.reporter().ReportUnknown(Code::kUnknownPlaceholder, span, written, "there is no property, score or counter " + Tick(written),
                                      "not a known name", names_.ValueNames(TermsOf(phrase)));
      return;
    }
    Flush();
    parts_.push_back({{}, reference});
  }

  const syntax::Term& term_;
  const Scope& scope_;
  Names& names_;
  std::string_view source_;
  std::uint32_t place_;
  std::string literal_;
  Text parts_;
  bool good_ = true;
};

}  // namespace

std::optional<Text> CheckText(const syntax::Term& term, const Scope& scope, const SourceSet& sources, Names& names) {
  return TextReader(term, scope, sources, names).Read();
}

}  // namespace stagecraft::sema
