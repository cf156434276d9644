#include "dsl/mend.h"

#include <algorithm>
#include <span>
#include <utility>

#include "dsl/support/apply_fixes.h"
#include "dsl/support/show.h"

namespace stagecraft {
namespace {

// A fix can make room for another one; those that undo each other must not go on forever.
constexpr int kRoundsMax = 10;

using CheckFiles = std::function<CompileResult(std::vector<Source>)>;

bool IsError(const Diagnostic& diagnostic) { return diagnostic.severity == Severity::kError; }

std::size_t ErrorsIn(const std::vector<Diagnostic>& diagnostics) {
  return static_cast<std::size_t>(std::count_if(diagnostics.begin(), diagnostics.end(), IsError));
}

std::string Quoted(std::string_view text) { return "`" + OneLine(text) + "`"; }

Mend Describe(const Fix& fix, const SourceSet& sources) {
  const auto begins_before = [](const Edit& a, const Edit& b) { return a.span.begin < b.span.begin; };
  const auto ends_before = [](const Edit& a, const Edit& b) { return a.span.end < b.span.end; };
  const std::uint32_t begin = std::min_element(fix.edits.begin(), fix.edits.end(), begins_before)->span.begin;
  const std::uint32_t end = std::max_element(fix.edits.begin(), fix.edits.end(), ends_before)->span.end;
  const Source& source = sources[fix.edits.front().span.source];
  const std::string before(source.text().substr(begin, end - begin));
  std::vector<Edit> edits = fix.edits;
  for (Edit& edit : edits) {
    edit.span.begin -= begin;
    edit.span.end -= begin;
  }
  const std::string after = ApplyEdits(before, std::move(edits));
  const bool replaces = !before.empty() && !after.empty();
  return {source.name(), source.PositionAt(begin),
          ShortenQuotes(replaces ? Quoted(before) + " -> " + Quoted(after) : FixTitle(fix, sources))};
}

using Fixable = std::span<const Diagnostic* const>;

// One round of fixes, all of them fixes of the same texts.
class Round {
 public:
  Round(const CompileResult& before, std::size_t files, const CheckFiles& check)
      : before_(before), files_(files), check_(check), errors_(ErrorsIn(before.diagnostics)) {}

  // Makes as many of the fixes as may be made: all at once where each takes its own error away and brings no other, else half by half. One
  // that stands alone may bring another error for its own, since what could not be read was not checked.
  void Make(Fixable fixable) {
    std::vector<const Diagnostic*> together = made_;
    together.insert(together.end(), fixable.begin(), fixable.end());
    CompileResult result = check_(Apply(together));
    const auto fixed =
        static_cast<std::size_t>(std::count_if(fixable.begin(), fixable.end(), [](const Diagnostic* one) { return IsError(*one); }));
    const std::size_t errors = ErrorsIn(result.diagnostics);
    if (errors + (fixable.size() == 1 ? 0 : fixed) <= errors_) {
      made_ = std::move(together);
      result_ = std::move(result);
      errors_ = errors;
      return;
    }
    if (fixable.size() == 1) return;
    Make(fixable.first(fixable.size() / 2));
    Make(fixable.subspan(fixable.size() / 2));
  }

  const std::vector<const Diagnostic*>& made() const { return made_; }
  // The check of the texts with the fixes made; there is one.
  CompileResult TakeResult() { return std::move(result_); }

 private:
  std::vector<Source> Apply(const std::vector<const Diagnostic*>& fixable) const {
    std::vector<Source> texts(before_.sources.begin(), before_.sources.begin() + static_cast<std::ptrdiff_t>(files_));
    for (FixedSource& fixed : ApplyFixes(before_.sources, fixable)) {
      texts[fixed.source] = Source(before_.sources[fixed.source].name(), std::move(fixed.text));
    }
    return texts;
  }

  const CompileResult& before_;
  std::size_t files_;
  const CheckFiles& check_;
  std::size_t errors_;
  std::vector<const Diagnostic*> made_;
  CompileResult result_;
};

// The findings whose safe fix changes no file of `untouched`.
std::vector<const Diagnostic*> FixableOf(const CompileResult& result, std::size_t files, const std::set<std::string>& untouched) {
  std::vector<const Diagnostic*> fixable = SafelyFixable(files, result.diagnostics);
  std::erase_if(fixable, [&](const Diagnostic* finding) {
    const std::vector<Edit>& edits = finding->fixes.front().edits;
    return std::any_of(edits.begin(), edits.end(),
                       [&](const Edit& edit) { return untouched.count(result.sources[edit.span.source].name()) != 0; });
  });
  return fixable;
}

}  // namespace

Mended MendScripts(std::vector<Source> files, const CheckFiles& check, const std::set<std::string>& untouched) {
  const std::size_t count = files.size();
  Mended mended;
  mended.result = check(std::move(files));
  for (int rounds = 0; rounds < kRoundsMax; ++rounds) {
    const std::vector<const Diagnostic*> fixable = FixableOf(mended.result, count, untouched);
    if (fixable.empty()) break;
    Round round(mended.result, count, check);
    round.Make(fixable);
    if (round.made().empty()) break;
    for (const Diagnostic* one : round.made()) mended.mends.push_back(Describe(one->fixes.front(), mended.result.sources));
    mended.result = round.TakeResult();
  }
  return mended;
}

}  // namespace stagecraft
