// What a phrase names (language.md, "Fine print"): a run of words is resolved by the longest known name.
#ifndef STAGECRAFT_DSL_SEMA_NAMES_H_
#define STAGECRAFT_DSL_SEMA_NAMES_H_

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "dsl/sema/budget.h"
#include "dsl/sema/checked.h"
#include "dsl/sema/reporter.h"
#include "dsl/syntax/tree.h"

namespace stagecraft::sema {

// Consecutive terms of a phrase.
using Terms = std::span<const syntax::Term>;

inline Terms TermsOf(const syntax::Phrase& phrase) { return Terms(phrase.terms); }
// From the first to the last of them; they must not be empty.
Span SpanOf(Terms terms);
// As written, single spaces, texts without quotation marks.
std::string Written(Terms terms);
// As Written, with the quotation marks of texts: for messages.
std::string Shown(Terms terms);
// Written, folded.
std::string Folded(Terms terms);
bool IsWord(const syntax::Term& term, std::string_view lower_case_word);

// A property in some of its options: `status New`, `New`, `opted_out`.
struct State {
  Symbol property = 0;
  std::uint32_t option = 0;            // as named; for `yes or no`: 1 or 0
  std::vector<std::uint32_t> options;  // with its sub-values, ascending
};

// Which names a phrase may use where it stands.
struct Scope {
  std::optional<Symbol> event;           // its fields can be named
  bool fields_only = false;              // inside `with`
  bool event_unknown = false;            // the trigger has an error, so unknown names may be fields of its event: stay silent
  std::optional<Symbol> past_event;      // had fields that could be named until here
  bool in_rule = false;                  // `was` has a meaning: there is an event
  bool in_run = false;                   // a bare event means one since the run began
  const Reference* since = nullptr;      // in_run: since this moment instead
  bool in_view = false;                  // `me` has a meaning: somebody asks
  std::vector<Symbol>* reads = nullptr;  // gets the derived symbols that are read
  bool* reads_previous = nullptr;        // turns true where `was` is asked
};

class Names {
 public:
  Names(const Vocabulary& vocabulary, Reporter& reporter) : vocabulary_(vocabulary), reporter_(reporter), budget_(reporter) {}

  // The longest property (or value) name that `terms` begin with; `count` is how many terms it takes.
  struct Found {
    ValueName value;
    std::size_t count = 0;
  };
  std::optional<Found> LongestValue(Terms terms) const;

  // What all of `terms` name as a value; nothing when they name none. Reports nothing.
  std::optional<Reference> FindReference(Terms terms, const Scope& scope) const;
  // As FindReference, and reports unknown names.
  std::optional<Reference> ResolveReference(Terms terms, const Scope& scope);

  // The state that all of `terms` name. `Found::kNot` tells "not a state at all" from "reported".
  enum class Outcome : std::uint8_t { kFound, kNot, kReported };
  // Who asks for a state: a trigger can wait for any change instead.
  enum class Asker : std::uint8_t { kTrigger, kOther };
  Outcome FindState(Terms terms, State& state, Asker asker = Asker::kOther);
  // As FindState; reports what is not a state: "`wanted` expected" in words such as "a stage, a status or a date".
  std::optional<State> ResolveState(Terms terms, std::string_view wanted);

  // True, and reported, when `terms` ask for the date of an option (`became New date`) that several properties have, or none that
  // keeps such dates.
  bool ReportEntryDate(Terms terms);
  // The longest date of an option that `terms` begin with; how many terms it takes, 0 for none.
  std::size_t EntryDateTerms(Terms terms) const;
  // True when `text` may be a user: an e-mail address, not a team. Otherwise reported; `help` is what to write for a team.
  bool CheckUser(const syntax::Term& text, std::string_view holder, std::string help);

  // True, and reported, when `terms` name a field that could be named until an event was past.
  bool ReportPastField(Terms terms, const Scope& scope);
  // `to New`, `to be New`, `stage New`: without the words that do not belong there, which are reported.
  Terms WithoutNeedlessWord(Terms value, const OptionSet* options);

  // The option of a set that `terms` name; reports unknown ones. `owner` is the property's or field's name.
  std::optional<std::uint32_t> ResolveOption(const OptionSet& set, std::string_view owner, Terms terms);

  // The moment behind `since`: a state that keeps its entry time, or a property with a date or moment.
  std::optional<Reference> ResolveSince(Terms terms);

  std::optional<Symbol> ResolveProperty(Terms terms);
  std::optional<Symbol> ResolveList(const syntax::Term& term);
  std::optional<Symbol> ResolveTeam(const syntax::Term& term);

  Reference PropertyReference(Symbol property) const;
  // The names of values that `terms` may have been meant to be, for suggestions.
  const std::vector<std::string>& ValueNames(Terms terms);
  // All names of these kinds, for suggestions.
  enum Kinds : unsigned {
    kValues = 1,
    kEntryDates = 2,
    kOptions = 4,
    kEvents = 8,
    kProperties = 16,
    kForms = 32,
    kTeams = 64,
    kLists = 128
  };
  const std::vector<std::string>& Known(unsigned kinds);

  const Vocabulary& vocabulary() const { return vocabulary_; }
  Reporter& reporter() { return reporter_; }
  Budget& budget() { return budget_; }

 private:
  // The options whose date `became … date` may ask for.
  std::vector<OptionUse> EnteredUses(Terms terms) const;
  std::optional<Reference> FindEntered(Terms terms) const;
  void ReportNoEntryDate(Span span, const std::string& property, std::string label);
  Outcome StateOfProperty(Symbol property, Terms rest, Terms all, State& state, Asker asker);
  void ReportNoState(const PropertySymbol& property, Terms rest, Terms all, Asker asker);
  // `before` and `after` stand around the property and its option in what is to be written.
  void ReportAmbiguous(Terms terms, Terms option, const std::vector<OptionUse>& uses, std::string_view before, std::string_view after);

  const Vocabulary& vocabulary_;
  Reporter& reporter_;
  Budget budget_;
  std::unordered_map<unsigned, std::vector<std::string>> known_;  // by kinds
};

}  // namespace stagecraft::sema

#endif  // STAGECRAFT_DSL_SEMA_NAMES_H_
