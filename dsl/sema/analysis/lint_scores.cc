#include <algorithm>
#include <cstdlib>
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
constexpr std::uint64_t kGapMax = 2;
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
  Span from;         // what says `low`
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
        if (part->relation == Relation::kGreater || part->relation == Relation::kGreaterEqual) list.from = part->span;
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

std::uint32_t EndOf(const syntax::Token& token) { return static_cast<std::uint32_t>(token.end); }
std::uint32_t BeginOf(const syntax::Token& token) { return static_cast<std::uint32_t>(token.begin); }

// Lets the list begin at `number`: `>= 65`, `> 64` or `in 65..80`.
void OfferBegin(const ScoreList& list, std::int64_t number, const Findings& findings, Diagnostic& found) {
  const Mender& mender = findings.mender();
  const std::vector<syntax::Token> tokens = mender.TokensIn(list.from);
  const std::string title = "begin at " + std::to_string(number);
  const std::uint32_t source = list.from.source;
  for (std::size_t i = 0; i + 1 < tokens.size(); ++i) {
    const std::string_view word = mender.TextAt(Mender::SpanOf(source, tokens[i]));
    if (tokens[i + 1].kind == syntax::Token::Kind::kNumber && (word == ">" || word == ">=")) {
      OfferUnsafe(found, mender.Of({{{source, BeginOf(tokens[i]), EndOf(tokens[i + 1])}, ">= " + std::to_string(number)}}, title));
      return;
    }
    if (tokens[i].kind == syntax::Token::Kind::kNumber && mender.TextAt(Mender::SpanOf(source, tokens[i + 1])) == "..") {
      OfferUnsafe(found, mender.Of({{Mender::SpanOf(source, tokens[i]), std::to_string(number)}}, title));
      return;
    }
  }
}

// Lets the lower of two tiers end before the upper begins: `in 2..6`.
void OfferEndBefore(const Band& lower, const Criterion& line, const Band& upper, const Findings& findings, Diagnostic& found) {
  const std::int64_t begin = upper.values.intervals().front().low;
  if (lower.space != Reference::Space::kDerived || lower.values.intervals().front().low >= begin) return;
  const Mender& mender = findings.mender();
  const std::vector<syntax::Token> tokens = mender.TokensIn(line.condition.span);
  if (tokens.size() < 2 || tokens.back().kind != syntax::Token::Kind::kNumber) return;
  if (mender.TextAt(Mender::SpanOf(line.span.source, tokens[tokens.size() - 2])) != "..") return;
  const std::string end = std::to_string(begin - 1);
  OfferUnsafe(found, mender.Of({{Mender::SpanOf(line.span.source, tokens.back()), end}}, "end at " + end));
}

// The first line with the points of both, without the second; nothing where they come to none, or to more than a line can give.
std::optional<Fix> AddedUp(const Criterion& first, const Criterion& second, const Mender& mender) {
  constexpr std::int64_t kPointsMax = 1'000'000;
  const std::int64_t points = first.points + second.points;
  const std::vector<syntax::Token> tokens = mender.TokensIn(first.span);
  if (points == 0 || std::abs(points) > kPointsMax || tokens.size() < 2) return std::nullopt;
  const Span written{first.span.source, BeginOf(tokens[0]), EndOf(tokens[1])};  // the sign and the number
  if (tokens[1].kind != syntax::Token::Kind::kNumber) return std::nullopt;
  Fix fix = mender.TakeOutSentence(second.span, "add the points up");
  fix.edits.push_back({written, (points > 0 ? "+" : "") + std::to_string(points)});
  return fix;
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
      if (line.points != 0) continue;
      Diagnostic* found = findings.Report(Code::kNoPoints, line.span, "this line gives no points", "adds nothing");
      if (found != nullptr && lines.size() > 1) found->fixes.push_back(findings.mender().TakeOutSentence(line.span, "take the line out"));
    }
  });
}

void SameLineTwice(const Facts& facts, Findings& findings) {
  ForEachScore(facts, [&](const std::vector<Criterion>& lines) {
    std::map<std::string, const Criterion*> seen;
    for (const Criterion& line : lines) {
      if (line.each) continue;
      const auto [first, added] = seen.emplace(CanonicalText(line.condition, facts.vocabulary()), &line);
      if (added) continue;
      Diagnostic* found = findings.Report(Code::kSameLineTwice, line.span, "this criterion gives points twice", "the second time");
      if (found == nullptr) continue;
      findings.Note(*found, first->second->span, "the first time");
      if (std::optional<Fix> fix = AddedUp(*first->second, line, findings.mender()); fix.has_value())
        found->fixes.push_back(std::move(*fix));
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
    if (bands.size() > kBandsMax) {
      findings.GiveUp("tiers of scores");
      return;
    }
    for (std::size_t i = 0; i < bands.size(); ++i) {
      for (std::size_t j = 0; j < i; ++j) {
        const Band& left = bands[j].second;
        const Band& right = bands[i].second;
        if (left.space != right.space || left.symbol != right.symbol || !left.values.Meets(right.values)) continue;
        // One inside the other is a bonus on top; two that only overlap are tiers with a slip.
        if (Covers(left.values, right.values) || Covers(right.values, left.values)) continue;
        Diagnostic* found = findings.Report(Code::kOverlappingTiers, bands[i].first->span,
                                            "this tier overlaps with another: both give their points", "overlaps");
        if (found == nullptr) break;
        findings.Note(*found, bands[j].first->span, "the other tier");
        OfferEndBefore(left, *bands[j].first, right, findings, *found);
        OfferEndBefore(right, *bands[i].first, left, findings, *found);
        break;
      }
    }
  });
}

void ThresholdGaps(const Facts& facts, Findings& findings) {
  ForEachNeighbours(facts, [&](const ScoreList& low, const ScoreList& high) {
    if (low.high >= high.low) return;
    // Of lists without an end the difference is beyond a signed number.
    const std::uint64_t between = static_cast<std::uint64_t>(high.low) - static_cast<std::uint64_t>(low.high) - 1;
    if (between == 0 || between > kGapMax) return;
    const std::string name = facts.vocabulary().derived()[low.score].name;
    Diagnostic* found = findings.Report(
        Code::kThresholdGap, high.list->span,
        "a " + name + " of " + std::to_string(low.high + 1) + " is in neither list: " + Tick("\"" + low.list->name + "\"") + " ends at " +
            std::to_string(low.high) + ", " + Tick("\"" + high.list->name + "\"") + " begins at " + std::to_string(high.low),
        "a gap");
    if (found == nullptr) return;
    findings.Note(*found, low.list->span, "the list below");
    OfferBegin(high, low.high + 1, findings, *found);
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
    if (found == nullptr) return;
    findings.Note(*found, low.list->span, "the list below");
    OfferBegin(high, low.high + 1, findings, *found);
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
