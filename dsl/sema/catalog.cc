#include "dsl/sema/catalog.h"

#include <utility>

#include "dsl/support/text.h"

namespace stagecraft::sema {
namespace {

struct Words {
  Code code;
  std::string_view kind;
  std::string_view declaration;  // after the name in quotation marks
};

constexpr std::array<Words, 3> kWords = {{
    {Code::kUnknownTemplate, "template", "subject \"…\" body \"…\""},
    {Code::kUnknownPipeline, "pipeline", "\"Qualified\" 20%, Won 100%, Lost 0%"},
    {Code::kUnknownSequence, "sequence", "…"},
}};

}  // namespace

void Catalog::Add(Kind kind, std::string name, std::uint32_t index) {
  Names& names = names_[static_cast<std::size_t>(kind)];
  if (names.indexes.emplace(FoldCase(name), index).second) names.written.push_back(std::move(name));
}

std::optional<std::uint32_t> Catalog::Find(Kind kind, std::string_view folded_name) const {
  const Names& names = names_[static_cast<std::size_t>(kind)];
  const auto it = names.indexes.find(std::string(folded_name));
  if (it == names.indexes.end()) return std::nullopt;
  return it->second;
}

std::optional<std::uint32_t> Catalog::Resolve(Kind kind, const syntax::Term& term, Reporter& reporter) const {
  if (const auto found = Find(kind, FoldCase(term.text)); found.has_value()) return found;
  const Words& words = kWords[static_cast<std::size_t>(kind)];
  const std::string what(words.kind);
  const std::string quoted = "\"" + term.text + "\"";
  Diagnostic* diagnostic = reporter.ReportUnknown(words.code, term.span, term.text, "there is no " + what + " " + quoted,
                                                  "not a known " + what, names_[static_cast<std::size_t>(kind)].written, '"');
  if (diagnostic != nullptr) {
    diagnostic->help.push_back("declare it: " + Tick(what + " " + quoted + " " + std::string(words.declaration)));
  }
  return std::nullopt;
}

}  // namespace stagecraft::sema
