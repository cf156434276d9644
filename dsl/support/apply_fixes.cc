#include "dsl/support/apply_fixes.h"

#include <algorithm>
#include <map>
#include <utility>

#include "dsl/support/check.h"
#include "dsl/support/show.h"

namespace stagecraft {

namespace {

// Two insertions at one place would have no order, so they count as overlapping.
bool Overlap(const Span& a, const Span& b) {
  if (a.begin == a.end || b.begin == b.end) return a.begin <= b.end && b.begin <= a.end;
  return a.begin < b.end && b.begin < a.end;
}

bool Fits(const Fix& fix, const std::vector<Edit>& taken) {
  return std::all_of(fix.edits.begin(), fix.edits.end(), [&taken](const Edit& edit) {
    return std::none_of(taken.begin(), taken.end(), [&edit](const Edit& other) { return Overlap(edit.span, other.span); });
  });
}

std::string Quoted(std::string_view text) { return ShortenQuotes("`" + OneLine(text) + "`"); }

}  // namespace

std::string FixTitle(const Fix& fix, const SourceSet& sources) {
  if (!fix.title.empty() || fix.edits.empty()) return fix.title;
  const Edit& edit = fix.edits.front();
  const std::string_view old = sources[edit.span.source].At(edit.span);
  if (edit.replacement.empty()) return "take " + Quoted(old) + " out";
  if (old.empty()) return "put " + Quoted(edit.replacement) + " in";
  return "write " + Quoted(edit.replacement);
}

std::string ApplyEdits(std::string_view text, std::vector<Edit> edits) {
  std::stable_sort(edits.begin(), edits.end(), [](const Edit& a, const Edit& b) { return a.span.begin < b.span.begin; });
  std::string out;
  std::size_t at = 0;
  for (const Edit& edit : edits) {
    STAGECRAFT_CHECK(edit.span.begin >= at && edit.span.begin <= edit.span.end && edit.span.end <= text.size());
    out += text.substr(at, edit.span.begin - at);
    out += edit.replacement;
    at = edit.span.end;
  }
  out += text.substr(at);
  return out;
}

std::vector<const Diagnostic*> SafelyFixable(std::size_t files, const std::vector<Diagnostic>& diagnostics) {
  std::vector<const Diagnostic*> fixable;
  std::map<std::uint32_t, std::vector<Edit>> taken;
  for (const Diagnostic& diagnostic : diagnostics) {
    if (diagnostic.fixes.empty()) continue;
    const Fix& fix = diagnostic.fixes.front();
    if (!fix.safe || fix.edits.empty() || fix.edits.front().span.source >= files) continue;
    std::vector<Edit>& edits = taken[fix.edits.front().span.source];
    if (!Fits(fix, edits)) continue;
    edits.insert(edits.end(), fix.edits.begin(), fix.edits.end());
    fixable.push_back(&diagnostic);
  }
  return fixable;
}

std::vector<FixedSource> ApplyFixes(const SourceSet& sources, const std::vector<const Diagnostic*>& fixable) {
  struct Taken {
    std::vector<Edit> edits;
    std::size_t fixes = 0;
  };
  std::map<std::uint32_t, Taken> by_source;
  for (const Diagnostic* diagnostic : fixable) {
    const Fix& fix = diagnostic->fixes.front();
    Taken& taken = by_source[fix.edits.front().span.source];
    taken.edits.insert(taken.edits.end(), fix.edits.begin(), fix.edits.end());
    ++taken.fixes;
  }
  std::vector<FixedSource> fixed;
  for (auto& [source, taken] : by_source) {
    fixed.push_back({source, ApplyEdits(sources[source].text(), std::move(taken.edits)), taken.fixes});
  }
  return fixed;
}

}  // namespace stagecraft
