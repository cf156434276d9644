#include "dsl/mutation/mutator.h"

#include <algorithm>
#include <utility>

#include "dsl/sema/reporter.h"
#include "dsl/support/apply_fixes.h"
#include "dsl/support/overloaded.h"
#include "dsl/support/text.h"
#include "dsl/syntax/scan.h"

namespace stagecraft {
namespace {

constexpr std::int64_t kMillion = 1'000'000;

bool IsBlank(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; }

std::vector<std::string_view> LinesOf(std::string_view text) {
  std::vector<std::string_view> lines;
  while (!text.empty()) {
    lines.push_back(text.substr(0, text.find('\n')));
    text.remove_prefix(std::min(lines.back().size() + 1, text.size()));
  }
  return lines;
}

void AddNeighbours(const ir::Property& property, std::unordered_map<std::string, std::string>& neighbours) {
  std::vector<const ir::Option*> options;
  for (const ir::Option& option : property.options) {
    if (option.declared && option.parent < 0) options.push_back(&option);
  }
  for (std::size_t i = 0; options.size() > 1 && i < options.size(); ++i) {
    const ir::Option& next = *options[i + 1 < options.size() ? i + 1 : i - 1];
    neighbours.emplace(FoldCase(options[i]->label), next.label);
  }
}

}  // namespace

Mutator::Mutator(const SourceSet& sources, const ir::Program& program) : sources_(sources) {
  for (const ir::Property& property : program.properties) {
    if (property.declared && property.type == ir::Type::kOption) AddNeighbours(property, neighbours_);
  }
}

std::string_view Mutator::TextOf(const Span& span) const { return sources_[span.source].At(span); }

void Mutator::Add(const Span& span, std::string replacement, std::string what) {
  mutants_.push_back({span, {span, std::move(replacement)}, std::move(what)});
}

void Mutator::LeaveOut(Span span) { LeaveOut(span, "leaves out `" + syntax::OneLine(TextOf(span)) + "`"); }

void Mutator::LeaveOut(Span span, std::string what) {
  const std::string_view text = sources_[span.source].text();
  const Span place = span;
  while (span.begin > 0 && IsBlank(text[span.begin - 1])) --span.begin;
  mutants_.push_back({place, {span, {}}, std::move(what)});
}

void Mutator::LeaveOutFrom(std::string_view word, const Span& span) {
  const std::size_t at = sources_[span.source].text().rfind(word, span.begin);
  if (at != std::string_view::npos) LeaveOut({span.source, static_cast<std::uint32_t>(at), span.end});
}

void Mutator::LeaveOutEach(const std::vector<Span>& list) {
  for (std::size_t i = 0; list.size() > 1 && i < list.size(); ++i) {
    const Span span = i == 0 ? Span{list[0].source, list[0].begin, list[1].begin} : Span{list[i].source, list[i - 1].end, list[i].end};
    Add(span, {}, "leaves out `" + syntax::OneLine(TextOf(list[i])) + "`");
  }
}

void Mutator::Swap(const Span& span, std::string_view replacement) {
  Add(span, std::string(replacement), "`" + std::string(replacement) + "` instead of `" + syntax::OneLine(TextOf(span)) + "`");
}

void Mutator::MoveNumber(const syntax::Term& number, std::int64_t by) {
  if (number.kind != syntax::Term::Kind::kNumber || number.number % kMillion != 0) return;
  MoveWhole(number.span, number.number / kMillion, by, false);
}

void Mutator::MoveWhole(const Span& span, std::int64_t whole, std::int64_t by, bool signs) {
  const std::int64_t moved = whole + by;
  Swap(span, (signs && moved >= 0 ? "+" : "") + std::to_string(moved));
}

void Mutator::Lengthen(const syntax::Duration& duration) {
  if (duration.amount % kMillion != 0 || duration.amount == 0) return;
  const std::string_view text = TextOf(duration.span);
  const std::size_t digits = text.find_first_not_of("0123456789_");
  if (digits == 0 || digits == std::string_view::npos) return;
  std::string longer = std::to_string(2 * duration.amount / kMillion) + std::string(text.substr(digits));
  // `1 day` is `2 days`: units are written in the plural.
  if (duration.amount == kMillion && longer.back() != 's') longer += 's';
  Swap(duration.span, longer);
}

void Mutator::Lengthen(const std::optional<syntax::Duration>& duration) {
  if (duration.has_value()) Lengthen(*duration);
}

void Mutator::SwapOption(const syntax::Phrase& phrase) {
  for (std::size_t first = 0; first < phrase.terms.size(); ++first) {
    std::string name;
    for (std::size_t i = first; i < phrase.terms.size(); ++i) name += (i == first ? "" : " ") + phrase.terms[i].text;
    const auto neighbour = neighbours_.find(FoldCase(name));
    if (neighbour == neighbours_.end()) continue;
    const Span& begin = phrase.terms[first].span;
    Swap({begin.source, begin.begin, phrase.terms.back().span.end}, sema::AsWritten(neighbour->second));
    return;
  }
}

void Mutator::Declaration(const syntax::Declaration& declaration) {
  std::visit(Overloaded{[&](const syntax::RuleDecl& node) { Rule(node, declaration.span); },
                        [&](const syntax::SequenceDecl& node) { Sequence(node, declaration.span); },
                        [&](const syntax::ScoreDecl& node) { Score(node); }, [&](const syntax::CounterDecl& node) { Counter(node); },
                        [&](const syntax::ListDecl& node) { Condition(node.condition); },
                        [&](const syntax::DefineDecl& node) { Condition(node.condition); }, [](const auto&) {}},
             declaration.node);
}

std::vector<Mutant> FindMutants(const std::vector<syntax::Script>& scripts, const SourceSet& sources, const ir::Program& program) {
  Mutator mutator(sources, program);
  for (const syntax::Script& script : scripts) {
    for (const syntax::Declaration& declaration : script.declarations) mutator.Declaration(declaration);
  }
  std::vector<Mutant> mutants = mutator.Take();
  std::stable_sort(mutants.begin(), mutants.end(), [](const Mutant& a, const Mutant& b) {
    return std::pair(a.place.source, a.place.begin) < std::pair(b.place.source, b.place.begin);
  });
  return mutants;
}

std::string DiffOf(const Mutant& mutant, const SourceSet& sources) {
  const std::string_view text = sources[mutant.edit.span.source].text();
  const Span& span = mutant.edit.span;
  const std::size_t begin = span.begin == 0 ? 0 : text.rfind('\n', span.begin - 1) + 1;
  const std::size_t end = std::min(text.find('\n', span.end), text.size());
  std::string changed(text.substr(begin, end - begin));
  changed.replace(span.begin - begin, span.end - span.begin, mutant.edit.replacement);
  std::vector<std::string_view> before = LinesOf(text.substr(begin, end - begin));
  std::vector<std::string_view> after = LinesOf(changed);
  // What was left out took the line break before it along.
  while (!before.empty() && !after.empty() && before.front() == after.front()) {
    before.erase(before.begin());
    after.erase(after.begin());
  }
  std::string diff;
  for (const std::string_view line : before) diff.append("- ").append(line).append(1, '\n');
  for (const std::string_view line : after) diff.append("+ ").append(line).append(1, '\n');
  return diff;
}

}  // namespace stagecraft
