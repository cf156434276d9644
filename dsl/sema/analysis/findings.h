// Words for what the analyses find: rules, values and witnesses as people read them.
#ifndef STAGECRAFT_DSL_SEMA_ANALYSIS_FINDINGS_H_
#define STAGECRAFT_DSL_SEMA_ANALYSIS_FINDINGS_H_

#include <set>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include "dsl/sema/analysis/facts.h"
#include "dsl/sema/mend.h"
#include "dsl/sema/reporter.h"
#include "dsl/support/source.h"

namespace stagecraft::sema {

class Findings {
 public:
  Findings(const Facts& facts, const SourceSet& sources, std::vector<Diagnostic>& diagnostics);

  // The diagnostic, to be given help, notes and fixes before the next; nullptr where the same has been said at this place.
  Diagnostic* Report(Code code, Span span, std::string message, std::string label = {});
  // To be said once: an analysis, in the plural, has not looked at everything.
  void GiveUp(std::string_view analysis);
  const std::vector<std::string>& gave_up() const { return gave_up_; }
  void Note(Diagnostic& diagnostic, Span span, std::string message) const { diagnostic.notes.push_back({span, std::move(message)}); }

  // "rule `Hand-off`", "the rule `on SQL`".
  std::string NameOf(const Rule& rule) const;
  // Where to point at when the rule as a whole is meant: its name or its trigger.
  static Span PlaceOf(const Rule& rule);
  // "`status`"; of a list by hand: "membership of `"Going cold"`".
  std::string PropertyName(Symbol property) const;
  // A value of a property as a script says it: `New`, "yes", `35`, "2026-10-01".
  std::string ValueOf(Symbol property, std::int64_t value) const;
  std::string ValueOf(const Write& write) const;
  // "a contact with lifecycle SQL, owner not set, score 65": of the state with that version where it has one. At most six values.
  std::string ContactOf(const std::vector<Binding>& witness, std::uint32_t version = 1) const;
  // The source text at `span`, on one line, shortened where it is long.
  std::string TextAt(Span span) const;

  const SourceSet& sources() const { return sources_; }
  // Makes fixes.
  const Mender& mender() const { return mender_; }

 private:
  std::string Describe(const Binding& binding) const;

  const Facts& facts_;
  const SourceSet& sources_;
  Reporter reporter_;
  Mender mender_;
  std::set<std::tuple<Code, std::uint32_t, std::uint32_t>> said_;
  std::vector<std::string> gave_up_;  // each once
};

// True where somebody wrote it: the span is not empty.
inline bool IsWritten(Span span) { return span.begin < span.end; }

}  // namespace stagecraft::sema

#endif  // STAGECRAFT_DSL_SEMA_ANALYSIS_FINDINGS_H_
