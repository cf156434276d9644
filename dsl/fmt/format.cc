#include "dsl/fmt/format.h"

#include <algorithm>
#include <cstddef>
#include <set>
#include <string_view>
#include <utility>

#include "dsl/fmt/layout.h"
#include "dsl/fmt/plan.h"
#include "dsl/fmt/run_on.h"
#include "dsl/fmt/same_tree.h"
#include "dsl/fmt/tokens.h"
#include "dsl/syntax/parser.h"

namespace stagecraft {

namespace {

using layout::Item;
using layout::Tokens;

// A script with its tokens. Declarations are meant by their number.
struct Reading {
  Reading(const Source& read, const Limits& limits) : source(read), parsed(syntax::Parse(read, 0, limits)), tokens(read.text()) {}

  const Source& source;
  syntax::ParseResult parsed;
  Tokens tokens;

  const std::vector<syntax::Declaration>& declarations() const { return parsed.script.declarations; }
};

using Kept = std::set<std::size_t>;

// What has to be kept is found in the first round; one more for what shares its lines, and one to be sure.
constexpr int kRoundsMax = 3;

// The items of the file: declarations, and between them what could not be read. Items that share a line with something that is kept are
// kept, too.
std::vector<Item> ItemsOf(const Reading& reading, const Kept& kept) {
  const Tokens& tokens = reading.tokens;
  std::vector<Item> items;
  std::size_t at = 0;
  const auto add_unread = [&](std::size_t end) {
    if (at < end) items.push_back({at, end, true});
  };
  for (std::size_t i = 0; i < reading.declarations().size(); ++i) {
    const Span& span = reading.declarations()[i].span;
    add_unread(tokens.First(span));
    items.push_back({tokens.First(span), tokens.Last(span), kept.contains(i)});
    at = tokens.Last(span);
  }
  add_unread(tokens.size());
  const auto spread = [&](Item& item, const Item& neighbour, std::size_t border) {
    if (neighbour.kept && !tokens.Breaks(border)) item.kept = true;
  };
  for (std::size_t i = 1; i < items.size(); ++i) spread(items[i], items[i - 1], items[i].first);
  for (std::size_t i = items.size(); i-- > 1;) spread(items[i - 1], items[i], items[i].first);
  // Neighbours that are kept and share a line are one.
  std::vector<Item> joined;
  for (const Item& item : items) {
    if (item.kept && !joined.empty() && joined.back().kept && !tokens.Breaks(item.first)) {
      joined.back().end = item.end;
    } else {
      joined.push_back(item);
    }
  }
  return joined;
}

std::string LayOut(const Reading& reading, const Kept& kept) {
  const std::vector<Item> items = ItemsOf(reading, kept);
  layout::Plan plan;
  std::size_t i = 0;
  for (const Item& item : items) {
    while (i < reading.declarations().size() && reading.tokens.First(reading.declarations()[i].span) < item.first) ++i;
    if (!item.kept) layout::AddDeclaration(reading.declarations()[i], reading.tokens, plan);
  }
  return layout::LayOut(reading.tokens, items, std::move(plan));
}

// ---- the proof --------------------------------------------------------------------------------------------------------------

bool SameTokens(const Tokens& left, const Tokens& right) {
  if (left.size() != right.size()) return false;
  const auto same_comment = [](const layout::Comment& one, const layout::Comment& other) { return one.text == other.text; };
  for (std::size_t i = 0; i <= left.size(); ++i) {
    if (i < left.size() && left.Text(i) != right.Text(i)) return false;
    const auto& comments = left.CommentsBefore(i);
    const auto& others = right.CommentsBefore(i);
    if (!std::equal(comments.begin(), comments.end(), others.begin(), others.end(), same_comment)) return false;
  }
  return true;
}

bool SameDiagnostics(const Reading& left, const Reading& right) {
  const auto same = [&](const Diagnostic& one, const Diagnostic& other) {
    return one.code == other.code && left.tokens.First(one.span) == right.tokens.First(other.span);
  };
  const auto& one = left.parsed.diagnostics;
  const auto& other = right.parsed.diagnostics;
  return std::equal(one.begin(), one.end(), other.begin(), other.end(), same);
}

// The tokens of the line that an allowance speaks of.
Item LineOf(const Reading& reading, const Allowance& allowance) {
  const std::string_view line = reading.source.Line(allowance.line);
  if (line.empty()) return {};
  const auto begin = static_cast<std::size_t>(line.data() - reading.source.text().data());
  return {reading.tokens.At(begin), reading.tokens.At(begin + line.size()), false};
}

struct Differences {
  bool beyond_declarations = false;  // the files differ in more than single declarations
  Kept misread;                      // declarations that read otherwise
  Kept unallowed;                    // declarations of which an allowance speaks no longer

  bool None() const { return !beyond_declarations && misread.empty() && unallowed.empty(); }
};

void CompareAllowances(const Reading& left, const Reading& right, Differences& out) {
  const auto& allowances = left.parsed.script.allowances;
  if (allowances.size() != right.parsed.script.allowances.size()) {
    out.beyond_declarations = true;
    return;
  }
  for (std::size_t k = 0; k < allowances.size(); ++k) {
    const Item before = LineOf(left, allowances[k]);
    const Item after = LineOf(right, right.parsed.script.allowances[k]);
    if (before.first >= before.end || (after.first <= before.first && before.end <= after.end)) continue;
    for (std::size_t i = 0; i < left.declarations().size(); ++i) {
      const Span& span = left.declarations()[i].span;
      if (left.tokens.First(span) < before.end && before.first < left.tokens.Last(span)) out.unallowed.insert(i);
    }
  }
}

Differences Compare(const Reading& left, const Reading& right) {
  Differences out;
  if (!SameTokens(left.tokens, right.tokens) || !SameDiagnostics(left, right) ||
      left.declarations().size() != right.declarations().size()) {
    out.beyond_declarations = true;
    return out;
  }
  for (std::size_t i = 0; i < left.declarations().size(); ++i) {
    if (!SameTree(left.declarations()[i], left.tokens, right.declarations()[i], right.tokens)) out.misread.insert(i);
  }
  CompareAllowances(left, right, out);
  return out;
}

bool Unreadable(const std::vector<Diagnostic>& diagnostics) {
  return std::any_of(diagnostics.begin(), diagnostics.end(), [](const Diagnostic& diagnostic) {
    return diagnostic.code == Code::kSourceTooLong || diagnostic.code == Code::kInvalidUtf8;
  });
}

}  // namespace

FormatResult Format(const Source& source, const Limits& limits) {
  FormatResult result{std::string(source.text()), {}, false, false};
  Reading before(source, limits);
  result.diagnostics = before.parsed.diagnostics;
  if (Unreadable(result.diagnostics)) return result;
  Kept kept;
  for (std::size_t i = 0; i < before.declarations().size(); ++i) {
    if (layout::RunsOn(before.declarations()[i], source)) kept.insert(i);
  }
  for (int round = 0; round < kRoundsMax; ++round) {
    const Source formatted(source.name(), LayOut(before, kept));
    if (formatted.text().size() > limits.source_bytes_max) return result;
    const Differences differences = Compare(before, Reading(formatted, limits));
    if (differences.None()) {
      result.text = formatted.text();
      result.changed = result.text != source.text();
      return result;
    }
    result.gave_up = result.gave_up || differences.beyond_declarations || !differences.misread.empty();
    if (differences.beyond_declarations) return result;
    kept.insert(differences.misread.begin(), differences.misread.end());
    kept.insert(differences.unallowed.begin(), differences.unallowed.end());
  }
  result.gave_up = true;
  return result;
}

}  // namespace stagecraft
