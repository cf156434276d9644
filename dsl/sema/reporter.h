// Collects what the checker finds, and keeps one mistake from being reported again and again in other words.
#ifndef STAGECRAFT_DSL_SEMA_REPORTER_H_
#define STAGECRAFT_DSL_SEMA_REPORTER_H_

#include <cstddef>
#include <string>
#include <string_view>
#include <unordered_set>
#include <utility>
#include <vector>

#include "dsl/support/diagnostic.h"

namespace stagecraft::sema {

class Reporter {
 public:
  explicit Reporter(std::vector<Diagnostic>& diagnostics);

  // The diagnostic just added, to be given help and a fix before the next report. The severity is the code's own.
  Diagnostic& Report(Code code, Span span, std::string message, std::string label = {});

  // As Report, for a name that nobody declared: adds "did you mean …" and its fix when one of `candidates` is close. Silent
  // (nullptr) when `written` may be declared in a sentence that could not be read.
  // `quote` is the mark that the suggestion is shown in: a backtick, or a quotation mark for options.
  Diagnostic* ReportUnknown(Code code, Span span, std::string_view written, std::string message, std::string label,
                            const std::vector<std::string>& candidates, char quote = '`');

  // Adds the note to the diagnostics from number `first` on.
  void AddNote(std::size_t first, const Note& note) {
    for (std::size_t i = first; i < diagnostics_.size(); ++i) diagnostics_[i].notes.push_back(note);
  }

  // The finding that was added last; there is one.
  Diagnostic& last() { return diagnostics_.back(); }
  // How many findings there are.
  std::size_t count() const { return diagnostics_.size(); }

  // False once so many names were compared that more suggestions would take too long.
  bool MaySuggest(std::size_t candidates) const { return candidates <= comparisons_left_; }

  // True when something within `span` was found fault with.
  bool HasFindingIn(Span span) const;

  // A name that a sentence with a syntax error would have declared.
  void AddSpoiled(std::string folded_name) { spoiled_.insert(std::move(folded_name)); }
  bool IsSpoiled(std::string_view written) const;

  // Adds "`prefix` a, b, c, …" as help; at most five names.
  static void AddChoices(Diagnostic& diagnostic, std::string_view prefix, const std::vector<std::string>& names);

 private:
  std::vector<Diagnostic>& diagnostics_;
  std::unordered_set<std::string> spoiled_;
  std::size_t comparisons_left_;  // with names that may have been meant
};

// "`text`".
std::string Tick(std::string_view text);
// `name` as it must be written in a script: in quotation marks unless it is words only.
std::string AsWritten(std::string_view name);

}  // namespace stagecraft::sema

#endif  // STAGECRAFT_DSL_SEMA_REPORTER_H_
