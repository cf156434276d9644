#include "dsl/sema/analysis/domain.h"

#include <algorithm>
#include <array>
#include <string_view>

#include "dsl/support/glob.h"

namespace stagecraft::sema {

IntervalSet IntervalSet::Between(std::int64_t low, std::int64_t high) {
  IntervalSet result;
  if (low <= high) result.intervals_.push_back({low, high});
  return result;
}

IntervalSet IntervalSet::Of(const std::vector<std::uint32_t>& options) {
  IntervalSet result;
  for (const std::uint32_t option : options) {
    if (!result.intervals_.empty() && result.intervals_.back().high + 1 == option) {
      result.intervals_.back().high = option;
    } else {
      result.intervals_.push_back({option, option});
    }
  }
  return result;
}

IntervalSet IntervalSet::Of(Relation relation, std::int64_t number) {
  switch (relation) {
    case Relation::kEqual:
      return Between(number, number);
    case Relation::kLess:
      return number == kLowest ? IntervalSet() : Between(kLowest, number - 1);
    case Relation::kLessEqual:
      return Between(kLowest, number);
    case Relation::kGreater:
      return number == kHighest ? IntervalSet() : Between(number + 1, kHighest);
    case Relation::kGreaterEqual:
      return Between(number, kHighest);
  }
  return {};
}

bool IntervalSet::Contains(std::int64_t value) const {
  return std::any_of(intervals_.begin(), intervals_.end(), [&](const Interval& one) { return one.low <= value && value <= one.high; });
}

bool IntervalSet::Meets(const IntervalSet& other) const {
  auto left = intervals_.begin();
  auto right = other.intervals_.begin();
  while (left != intervals_.end() && right != other.intervals_.end()) {
    if (std::max(left->low, right->low) <= std::min(left->high, right->high)) return true;
    if (left->high < right->high) {
      ++left;
    } else {
      ++right;
    }
  }
  return false;
}

void IntervalSet::IntersectWith(const IntervalSet& other) {
  if (intervals_.size() == 1 && other.intervals_.size() == 1) {
    Interval& one = intervals_.front();
    one = {std::max(one.low, other.intervals_.front().low), std::min(one.high, other.intervals_.front().high)};
    if (one.low > one.high) intervals_.clear();
    return;
  }
  std::vector<Interval> both;
  auto left = intervals_.begin();
  auto right = other.intervals_.begin();
  while (left != intervals_.end() && right != other.intervals_.end()) {
    const Interval common{std::max(left->low, right->low), std::min(left->high, right->high)};
    if (common.low <= common.high) both.push_back(common);
    if (left->high < right->high) {
      ++left;
    } else {
      ++right;
    }
  }
  intervals_ = std::move(both);
}

IntervalSet IntervalSet::Complement() const {
  IntervalSet result;
  std::int64_t next = kLowest;
  for (const Interval& one : intervals_) {
    if (one.low > next) result.intervals_.push_back({next, one.low - 1});
    if (one.high == kHighest) return result;
    next = one.high + 1;
  }
  result.intervals_.push_back({next, kHighest});
  return result;
}

std::int64_t IntervalSet::Nearest() const {
  if (Contains(0)) return 0;
  // Among ends that are all on one side of 0 the nearest is the first above it, or the last below it.
  for (const Interval& one : intervals_) {
    if (one.low > 0) return one.low;
  }
  return intervals_.back().high;
}

namespace {

bool Holds(std::string_view text, std::string_view part) { return text.find(part) != std::string_view::npos; }

// A text of which `part` is surely a piece when the relation holds; nothing for the others.
std::optional<std::string_view> SurePart(TextRelation relation, std::string_view text) {
  if (relation == TextRelation::kContains || relation == TextRelation::kStarts || relation == TextRelation::kEnds) return text;
  return std::nullopt;
}

// True iff every text that fits the first fits the second. No where it is not plain.
bool SurelyImplies(TextRelation left, std::string_view left_text, TextRelation right, std::string_view right_text) {
  if (left == right && left_text == right_text) return true;
  const std::optional<std::string_view> part = SurePart(left, left_text);
  if (!part.has_value()) return false;
  if (right == TextRelation::kContains) return Holds(*part, right_text);
  if (right == TextRelation::kStarts && left == TextRelation::kStarts) return part->starts_with(right_text);
  if (right == TextRelation::kEnds && left == TextRelation::kEnds) return part->ends_with(right_text);
  return false;
}

// True when no text can fit both.
bool SurelyExclude(TextRelation left, std::string_view left_text, TextRelation right, std::string_view right_text) {
  if (left != right) return false;
  if (left == TextRelation::kStarts) return !left_text.starts_with(right_text) && !right_text.starts_with(left_text);
  if (left == TextRelation::kEnds) return !left_text.ends_with(right_text) && !right_text.ends_with(left_text);
  return false;
}

}  // namespace

std::optional<bool> TextHolds(TextRelation relation, const std::string& text, const std::string& pattern) {
  switch (relation) {
    case TextRelation::kEqual:
      return text == pattern;
    case TextRelation::kContains:
      return Holds(text, pattern);
    case TextRelation::kStarts:
      return text.starts_with(pattern);
    case TextRelation::kEnds:
      return text.ends_with(pattern);
    case TextRelation::kGlob:
      return MatchesGlob(text, pattern);
    case TextRelation::kMatches:
      break;
  }
  return std::nullopt;
}

bool TextSet::Fits(const std::string& text) const {
  if (std::count(excluded_.begin(), excluded_.end(), text) != 0) return false;
  return std::all_of(patterns_.begin(), patterns_.end(), [&](const Pattern& pattern) {
    return TextHolds(pattern.relation, text, pattern.text).value_or(pattern.holds) == pattern.holds;
  });
}

bool TextSet::Consistent() const {
  if (only_.has_value()) return std::any_of(only_->begin(), only_->end(), [this](const std::string& text) { return Fits(text); });
  for (const Pattern& left : patterns_) {
    if (!left.holds) continue;
    for (const Pattern& right : patterns_) {
      const bool contradict = right.holds ? SurelyExclude(left.relation, left.text, right.relation, right.text)
                                          : SurelyImplies(left.relation, left.text, right.relation, right.text);
      if (contradict) return false;
    }
  }
  return true;
}

bool TextSet::NarrowToAny(const std::vector<std::string>& texts, bool holds) {
  if (!holds) {
    excluded_.insert(excluded_.end(), texts.begin(), texts.end());
  } else if (only_.has_value()) {
    only_->erase(std::remove_if(only_->begin(), only_->end(),
                                [&](const std::string& text) { return std::count(texts.begin(), texts.end(), text) == 0; }),
                 only_->end());
  } else {
    only_ = texts;
  }
  return Consistent();
}

bool TextSet::Narrow(TextRelation relation, const std::string& text, bool holds) {
  if (relation == TextRelation::kEqual) return NarrowToAny({text}, holds);
  patterns_.push_back({relation, text, holds});
  return Consistent();
}

std::optional<std::string> TextSet::Example() const {
  if (only_.has_value()) {
    const auto fitting = std::find_if(only_->begin(), only_->end(), [this](const std::string& text) { return Fits(text); });
    if (fitting == only_->end()) return std::nullopt;
    return *fitting;
  }
  std::string start;
  std::string middle;
  std::string end;
  for (const Pattern& pattern : patterns_) {
    if (!pattern.holds) continue;
    if (pattern.relation == TextRelation::kStarts && pattern.text.size() > start.size()) start = pattern.text;
    if (pattern.relation == TextRelation::kEnds && pattern.text.size() > end.size()) end = pattern.text;
    if (pattern.relation == TextRelation::kContains && !Holds(middle, pattern.text)) middle += pattern.text;
    if (pattern.relation == TextRelation::kGlob) {
      for (const char c : pattern.text) middle += c == '*' ? "" : std::string(1, c);
    }
  }
  const std::array<std::string, 4> candidates{start + middle + end, start + end, "another text", start + "x" + middle + "x" + end};
  for (const std::string& candidate : candidates) {
    if (!candidate.empty() && Fits(candidate)) return candidate;
  }
  return std::nullopt;
}

bool Domain::NarrowTo(const IntervalSet& values, bool holds) {
  if (holds) may_be_unset = false;
  if (may_be_set) {
    numbers.IntersectWith(holds ? values : values.Complement());
    may_be_set = !numbers.empty();
  }
  return !empty();
}

bool Domain::Set(bool holds) {
  (holds ? may_be_unset : may_be_set) = false;
  return !empty();
}

}  // namespace stagecraft::sema
