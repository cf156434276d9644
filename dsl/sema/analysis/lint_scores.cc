#include <algorithm>
#include <map>
#include <optional>
#include <string>
#include <tuple>

#include "dsl/sema/analysis/lint.h"
#include "dsl/sema/analysis/parts.h"
#include "dsl/sema/analysis/walk.h"

namespace stagecraft::sema::lint {

namespace {

constexpr std::size_t kRepeatsMax = 2;
constexpr std::int64_t kGapMax = 2;
constexpr std::size_t kBandsMax = 500;  // compared with each other

// What one variable must be: its key, and the values. Nothing where the condition says more or something else.
struct Band {
  Reference::Space space = Reference::Space::kProperty;
  Symbol symbol = 0;
  IntervalSet values;
};

bool IsBand(const Condition& condition, const Facts& facts) {
  if (condition.kind != Condition::Kind::kCompare) return false;
  if (condition.reference.space == Reference::Space::kProperty) return IsNumber(condition.reference.type);
  if (condition.reference.space != Reference::Space::kDerived) return false;
  const DerivedKind kind = facts.vocabulary().derived()[condition.reference.symbol].kind;
  return kind == DerivedKind::kCounter || kind == DerivedKind::kScore;
}

std::optional<Band> BandOf(const Condition& condition, const Facts& facts) {
  std::optional<Band> band;
  for (const Condition* part : ConjunctsOf(condition)) {
    if (!IsBand(*part, facts)) return std::nullopt;
    if (!band.has_value()) band = Band{part->reference.space, part->reference.symbol, IntervalSet::All()};
    if (band->space != part->reference.space || band->symbol != part->reference.symbol) return std::nullopt;
    band->values.IntersectWith(IntervalSet::Of(part->relation, part->number));
  }
  return band;
}

bool Covers(const IntervalSet& wide, const IntervalSet& narrow) { return !wide.Complement().Meets(narrow); }

template <typename Visit>
void ForEachScore(const Facts& facts, Visit visit) {
  for (Symbol symbol = 0; symbol < facts.script().derived.size(); ++symbol) {
    if (facts.vocabulary().derived()[symbol].kind == DerivedKind::kScore) visit(facts.script().derived[symbol].criteria);
  }
}

// The part of a list's condition that is a band of a score, and what else it says.
struct ScoreList {
  const DerivedSymbol* list = nullptr;
  Symbol score = 0;
  std::int64_t low = 0;
  std::int64_t high = 0;
  std::string rest;  // of the condition: lists that ask for other things, too, are no neighbours
};

std::vector<ScoreList> ScoreLists(const Facts& facts) {
  std::vector<ScoreList> lists;
  for (Symbol symbol = 0; symbol < facts.script().derived.size(); ++symbol) {
    const DerivedSymbol& derived = facts.vocabulary().derived()[symbol];
    if (derived.kind != DerivedKind::kList) continue;
    ScoreList list;
    list.list = &derived;
    IntervalSet values = IntervalSet::All();
    std::optional<Symbol> score;
    for (const Condition* part : ConjunctsOf(facts.script().derived[symbol].condition)) {
      const bool band = IsBand(*part, facts) && part->reference.space == Reference::Space::kDerived &&
                        facts.vocabulary().derived()[part->reference.symbol].kind == DerivedKind::kScore;
      if (band && (!score.has_value() || *score == part->reference.symbol)) {
        score = part->reference.symbol;
        values.IntersectWith(IntervalSet::Of(part->relation, part->number));
      } else {
        list.rest += CanonicalText(*part, facts.vocabulary()) + "\n";
      }
    }
    if (!score.has_value() || values.intervals().size() != 1) continue;
    list.score = *score;
    list.low = values.intervals().front().low;
    list.high = values.intervals().front().high;
    lists.push_back(std::move(list));
  }
  std::stable_sort(lists.begin(), lists.end(), [](const ScoreList& a, const ScoreList& b) {
    return std::tie(a.score, a.rest, a.low) < std::tie(b.score, b.rest, b.low);
  });
  return lists;
}

template <typename Visit>
void ForEachNeighbours(const Facts& facts, Visit visit) {
  const std::vector<ScoreList> lists = ScoreLists(facts);
  for (std::size_t i = 1; i < lists.size(); ++i) {
    if (lists[i].score == lists[i - 1].score && lists[i].rest == lists[i - 1].rest) visit(lists[i - 1], lists[i]);
  }
}

void CollectThresholds(const Condition& condition, const Facts& facts,
                       std::map<std::tuple<Symbol, Relation, std::int64_t>, std::vector<Span>>& uses) {
  for (const Condition& operand : condition.operands) CollectThresholds(operand, facts, uses);
  if (!IsBand(condition, facts) || condition.reference.space != Reference::Space::kDerived || !IsWritten(condition.span)) return;
  if (facts.vocabulary().derived()[condition.reference.symbol].kind != DerivedKind::kScore) return;
  uses[{condition.reference.symbol, condition.relation, condition.number}].push_back(condition.span);
}

}  // namespace

void LinesOfNoPoints(const Facts& facts, Findings& findings) {
  ForEachScore(facts, [&](const std::vector<Criterion>& lines) {
    for (const Criterion& line : lines) {
      if (line.points == 0) findings.Report(Code::kNoPoints, line.span, "this line gives no points", "adds nothing");
    }
  });
}

void SameLineTwice(const Facts& facts, Findings& findings) {
  ForEachScore(facts, [&](const std::vector<Criterion>& lines) {
    std::map<std::string, Span> seen;
    for (const Criterion& line : lines) {
      if (line.each) continue;
      const auto [first, added] = seen.emplace(CanonicalText(line.condition, facts.vocabulary()), line.span);
      if (added) continue;
      Diagnostic* found = findings.Report(Code::kSameLineTwice, line.span, "this criterion gives points twice", "the second time");
      if (found != nullptr) findings.Note(*found, first->second, "the first time");
    }
  });
}

void OverlappingTiers(const Facts& facts, Findings& findings) {
  ForEachScore(facts, [&](const std::vector<Criterion>& lines) {
    std::vector<std::pair<const Criterion*, Band>> bands;
    for (const Criterion& line : lines) {
      if (line.each) continue;
      if (std::optional<Band> band = BandOf(line.condition, facts); band.has_value()) bands.emplace_back(&line, std::move(*band));
    }
    if (bands.size() > kBandsMax) return;
    for (std::size_t i = 0; i < bands.size(); ++i) {
      for (std::size_t j = 0; j < i; ++j) {
        const Band& left = bands[j].second;
        const Band& right = bands[i].second;
        if (left.space != right.space || left.symbol != right.symbol || !left.values.Meets(right.values)) continue;
        // One inside the other is a bonus on top; two that only overlap are tiers with a slip.
        if (Covers(left.values, right.values) || Covers(right.values, left.values)) continue;
        Diagnostic* found = findings.Report(Code::kOverlappingTiers, bands[i].first->span,
                                            "this tier overlaps with another: both give their points", "overlaps");
        if (found != nullptr) findings.Note(*found, bands[j].first->span, "the other tier");
        break;
      }
    }
  });
}

void ThresholdGaps(const Facts& facts, Findings& findings) {
  ForEachNeighbours(facts, [&](const ScoreList& low, const ScoreList& high) {
    if (low.high >= high.low - 1 || high.low - low.high - 1 > kGapMax) return;
    const std::string name = facts.vocabulary().derived()[low.score].name;
    Diagnostic* found = findings.Report(
        Code::kThresholdGap, high.list->span,
        "a " + name + " of " + std::to_string(low.high + 1) + " is in neither list: " + Tick("\"" + low.list->name + "\"") + " ends at " +
            std::to_string(low.high) + ", " + Tick("\"" + high.list->name + "\"") + " begins at " + std::to_string(high.low),
        "a gap");
    if (found != nullptr) findings.Note(*found, low.list->span, "the list below");
  });
}

void ThresholdOverlaps(const Facts& facts, Findings& findings) {
  ForEachNeighbours(facts, [&](const ScoreList& low, const ScoreList& high) {
    if (low.high != high.low || low.low == low.high || high.low == high.high) return;
    const std::string name = facts.vocabulary().derived()[low.score].name;
    Diagnostic* found =
        findings.Report(Code::kThresholdOverlap, high.list->span,
                        "a " + name + " of " + std::to_string(high.low) + " is in both lists: " + Tick("\"" + low.list->name + "\"") +
                            " and " + Tick("\"" + high.list->name + "\""),
                        "an overlap");
    if (found != nullptr) findings.Note(*found, low.list->span, "the list below");
  });
}

void RepeatedThresholds(const Facts& facts, Findings& findings) {
  std::map<std::tuple<Symbol, Relation, std::int64_t>, std::vector<Span>> uses;
  for (const Rule& rule : facts.script().rules) {
    if (rule.disabled) continue;
    ForEachCondition(rule, [&](const Condition& condition) { CollectThresholds(condition, facts, uses); });
  }
  for (const auto& [threshold, spans] : uses) {
    if (spans.size() <= kRepeatsMax) continue;
    Diagnostic* found = findings.Report(
        Code::kRepeatedThreshold, spans.front(),
        Tick(findings.TextAt(spans.front())) + " stands in " + std::to_string(spans.size()) + " places: a change must find them all",
        "repeated");
    if (found == nullptr) continue;
    found->help.emplace_back("name it once, with `define` or as a list");
    for (std::size_t i = 1; i < std::min<std::size_t>(spans.size(), 4); ++i) findings.Note(*found, spans[i], "here, too");
  }
}

}  // namespace stagecraft::sema::lint
