#include "dsl/sema/derived.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "dsl/sema/rules.h"
#include "dsl/sema/units.h"

namespace stagecraft::sema {
namespace {

// Of one line. Keeps what a score can come to far away from the end of what can be counted.
constexpr std::int64_t kPointsMax = 1'000'000;

}  // namespace

void DerivedChecker::Check(const std::vector<DerivedDecl>& decls, CheckedScript& out) {
  reads_.resize(decls.size());
  for (std::size_t i = 0; i < decls.size(); ++i) out.derived.push_back(CheckOne(decls[i], reads_[i]));
  Order(out.vocabulary, out.derived_order);
}

Derived DerivedChecker::CheckOne(const DerivedDecl& decl, std::vector<Symbol>& reads) {
  Scope scope;
  scope.reads = &reads;
  Derived derived;
  if (decl.counter != nullptr) return CheckCounter(*decl.counter);
  if (decl.definition != nullptr) derived.condition = conditions_.Check(*decl.definition->condition, scope);
  if (decl.list != nullptr) derived.condition = conditions_.Check(*decl.list->condition, scope);
  if (decl.score != nullptr) {
    const std::int64_t halving_us = decl.score->halving.has_value() ? FixedMicros(*decl.score->halving, names_.reporter()).value_or(0) : 0;
    for (const syntax::ScoreLine& line : decl.score->lines) {
      derived.criteria.push_back(CheckCriterion(line, reads));
      if (line.each) derived.criteria.back().halving_us = halving_us;
    }
  }
  return derived;
}

Criterion DerivedChecker::CheckCriterion(const syntax::ScoreLine& line, std::vector<Symbol>& reads) {
  Scope scope;
  scope.reads = &reads;
  Criterion criterion;
  criterion.points = std::clamp(line.points, -kPointsMax, kPointsMax);
  if (criterion.points != line.points) {
    names_.reporter()
        .Report(Code::kOutOfRange, line.points_span, "a line of a score gives 1 000 000 points at most", "too many points")
        .help.emplace_back("scores say who comes first: smaller points say it as well");
  }
  criterion.each = line.each;
  criterion.span = line.span;
  criterion.text = OneLine(sources_, line.span);
  if (!line.each) {
    criterion.condition = conditions_.Check(*line.condition, scope);
    return criterion;
  }
  const auto* bare = std::get_if<syntax::BareCondition>(&line.condition->node);
  const bool value = bare != nullptr && bare->with == nullptr && !conditions_.events().IsEvent(TermsOf(bare->phrase)) &&
                     names_.FindReference(TermsOf(bare->phrase), Scope{}).has_value();
  if (bare == nullptr || value) {
    names_.reporter()
        .Report(Code::kTypeMismatch, line.condition->span, "`each` counts events, and this is none", "expected an event")
        .help.emplace_back("such as `+1 each email opened`");
    return criterion;
  }
  std::optional<EventMatches> events = conditions_.events().Resolve(TermsOf(bare->phrase), bare->with.get());
  if (events.has_value()) criterion.events = std::move(*events);
  if (bare->within.has_value()) criterion.within_us = FixedMicros(*bare->within, names_.reporter()).value_or(0);
  if (bare->since.has_value()) criterion.since = names_.ResolveSince(TermsOf(*bare->since));
  return criterion;
}

Derived DerivedChecker::CheckCounter(const syntax::CounterDecl& decl) {
  Derived derived;
  for (const syntax::CounterEvent& event : decl.events) {
    std::optional<EventMatches> events = conditions_.events().Resolve(TermsOf(event.phrase), event.with.get());
    if (!events.has_value()) continue;
    std::move(events->begin(), events->end(), std::back_inserter(derived.events));
  }
  if (decl.within.has_value()) derived.within_us = FixedMicros(*decl.within, names_.reporter()).value_or(0);
  if (decl.since.has_value()) derived.since = names_.ResolveSince(TermsOf(*decl.since));
  return derived;
}

void DerivedChecker::ReportCycle(const std::vector<Symbol>& path, const Vocabulary& vocabulary) {
  std::string chain;
  for (const Symbol symbol : path) chain += Tick(vocabulary.derived()[symbol].name) + " reads ";
  const DerivedSymbol& first = vocabulary.derived()[path.front()];
  chain += Tick(first.name);
  names_.reporter()
      .Report(Code::kCyclicDefinition, first.span, Tick(first.name) + " depends on itself", "defined by itself")
      .help.push_back(chain);
}

// Depth first with a stack of its own: a chain of definitions may be longer than the machine's stack is deep.
void DerivedChecker::Order(const Vocabulary& vocabulary, std::vector<Symbol>& order) {
  enum class Mark : std::uint8_t { kNew, kOpen, kDone };
  std::vector<Mark> marks(reads_.size(), Mark::kNew);
  std::vector<std::pair<Symbol, std::size_t>> open;  // symbol, next of its reads
  for (Symbol root = 0; root < reads_.size(); ++root) {
    if (marks[root] != Mark::kNew) continue;
    open.emplace_back(root, 0);
    marks[root] = Mark::kOpen;
    while (!open.empty()) {
      auto& [symbol, next] = open.back();
      if (next == reads_[symbol].size()) {
        marks[symbol] = Mark::kDone;
        order.push_back(symbol);
        open.pop_back();
        continue;
      }
      const Symbol read = reads_[symbol][next++];
      if (marks[read] == Mark::kOpen) {
        std::vector<Symbol> path;
        const auto begin = std::find_if(open.begin(), open.end(), [&](const auto& entry) { return entry.first == read; });
        for (auto it = begin; it != open.end(); ++it) path.push_back(it->first);
        ReportCycle(path, vocabulary);
      } else if (marks[read] == Mark::kNew) {
        marks[read] = Mark::kOpen;
        open.emplace_back(read, 0);
      }
    }
  }
}

}  // namespace stagecraft::sema
