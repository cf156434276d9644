#include "dsl/ir/lower.h"

#include <algorithm>
#include <limits>

#include "dsl/ir/index.h"
#include "dsl/ir/lowering.h"
#include "dsl/support/text.h"

namespace stagecraft::ir {
namespace {

// Operand::index and Operand::option have 16 bits.
constexpr std::size_t kNumbersMax = std::size_t{std::numeric_limits<std::uint16_t>::max()} + 1;

std::shared_ptr<Program> ProgramWith(const Layout& layout) {
  auto program = std::make_shared<Program>();
  program->layout = layout;
  program->layout.retired.clear();
  return program;
}

}  // namespace

Lowering::Lowering(const sema::CheckedScript& script, const SourceSet& sources, const Layout& before, std::span<const RetiredRule> retired)
    : script_(script),
      sources_(sources),
      retired_(retired),
      program_(ProgramWith(before)),
      numbering_(NumberSymbols(script.vocabulary, program_->layout)),
      graph_(script.vocabulary, numbering_, *this, GraphTables{program_->tests, program_->masks, program_->texts, program_->sinces}),
      walk_(program_->tests) {}

Place Lowering::PlaceOf(Span span) const { return Place{span.source, sources_[span.source].LineAt(span.begin)}; }

std::uint32_t Lowering::TrackerOf(const sema::EventMatches& events, std::int64_t window_us, bool counts, Span /*span*/) {
  const std::uint32_t number = program_->layout.trackers.Intern(sema::CanonicalText(events, script_.vocabulary));
  if (program_->trackers.size() <= number) program_->trackers.resize(number + 1);
  if (!program_->trackers[number].declared) {
    Tracker tracker;
    tracker.declared = true;
    tracker.window_us = window_us;
    for (const sema::EventMatch& match : events) {
      tracker.matches.push_back({numbering_.events[match.event], graph_.BuildAll(match.conditions)});
    }
    program_->trackers[number] = std::move(tracker);
  }
  Tracker& tracker = program_->trackers[number];
  const bool for_ever = tracker.window_us == 0 || window_us == 0;
  tracker.window_us = for_ever ? 0 : std::max(tracker.window_us, window_us);
  tracker.keeps_all = tracker.keeps_all || counts;
  return number;
}

std::string Lowering::FindOverflow() const {
  const Layout& layout = program_->layout;
  if (layout.properties.size() > kNumbersMax) return "properties and lists by hand";
  if (layout.trackers.size() > kNumbersMax) return "kinds of events whose times are kept";
  for (const std::uint32_t node : numbering_.nodes) {
    if (node >= kNumbersMax) return "definitions, scores with their lines, counters and lists";
  }
  for (const Registry& options : layout.options) {
    if (options.size() > static_cast<std::size_t>(sema::kOptionsMax)) return "options of one property, with those of earlier revisions";
  }
  for (const Registry& fields : layout.fields) {
    if (fields.size() > kNumbersMax) return "fields of one event, with those of earlier revisions";
  }
  return {};
}

void Lowering::LowerNames() {
  for (const Node& node : program_->nodes) {
    if (node.name.empty() || node.kind == NodeKind::kCriterion || node.kind == NodeKind::kList) continue;
    program_->node_names.emplace(FoldCase(node.name), static_cast<std::uint32_t>(&node - program_->nodes.data()));
  }
  // Lists have a name space of their own; a score or counter of the same name keeps it.
  for (const Node& node : program_->nodes) {
    if (node.kind != NodeKind::kList) continue;
    program_->node_names.emplace(FoldCase(node.name), static_cast<std::uint32_t>(&node - program_->nodes.data()));
  }
  for (const sema::ListSymbol& list : script_.vocabulary.lists()) {
    if (list.by_hand) program_->list_slots.emplace(FoldCase(list.name), numbering_.slots[list.member]);
  }
}

LowerResult Lowering::Run() {
  program_->workspace = script_.workspace;
  program_->calendar.time_zone = script_.calendar.time_zone;
  program_->calendar.business_days = script_.calendar.business_days;
  program_->calendar.business_from_minute = script_.calendar.business_from_minute;
  program_->calendar.business_to_minute = script_.calendar.business_to_minute;
  program_->calendar.holidays = script_.calendar.holidays;
  for (const Source& source : sources_) program_->files.push_back(source.name());
  LowerProperties();
  LowerEvents();
  LowerTeams();
  LowerWellKnown();
  LowerDerived();
  LowerDeclarations();
  LowerRules();
  LowerPromises();
  program_->trackers.resize(program_->layout.trackers.size());
  if (std::string too_many = FindOverflow(); !too_many.empty()) return {nullptr, std::move(too_many), {}};
  LowerNames();
  IndexProgram(*program_);
  return {std::move(program_), {}, std::move(settled_)};
}

LowerResult Lower(const sema::CheckedScript& script, const SourceSet& sources, const Layout& before, std::span<const RetiredRule> retired) {
  return Lowering(script, sources, before, retired).Run();
}

}  // namespace stagecraft::ir
