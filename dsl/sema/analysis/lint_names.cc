#include <algorithm>
#include <map>
#include <set>
#include <string>

#include "dsl/sema/analysis/lint.h"
#include "dsl/support/text.h"

namespace stagecraft::sema::lint {

namespace {

bool HasLetters(std::string_view name) {
  while (!name.empty()) {
    const CodePoint letter = DecodeFirst(name);
    if (IsWordPart(letter.value)) return true;
    name.remove_prefix(letter.bytes);
  }
  return false;
}

bool IsOurs(const PropertySymbol& property) { return !property.standard && !property.hidden && !property.broken; }

}  // namespace

// Two thirds of the options are translated: the others have been forgotten. Fewer may be on purpose.
void IncompleteLabels(const Facts& facts, Findings& findings) {
  for (const PropertySymbol& property : facts.vocabulary().properties()) {
    if (!IsOurs(property)) continue;
    std::map<std::string, std::size_t> languages;
    std::size_t count = 0;
    for (const OptionSymbol& option : property.options.options) {
      count += option.declared ? 1 : 0;
      for (const auto& [language, text] : option.labels) ++languages[language];
    }
    for (const auto& [language, labelled] : languages) {
      if (labelled >= count || labelled * 3 < count * 2) continue;
      const auto missing =
          std::find_if(property.options.options.begin(), property.options.options.end(), [&, code = language](const OptionSymbol& option) {
            return option.declared &&
                   std::none_of(option.labels.begin(), option.labels.end(), [&](const auto& label) { return label.first == code; });
          });
      findings.Report(Code::kLabelMissing, IsWritten(missing->span) ? missing->span : property.span,
                      Tick(missing->label) + " has no label in " + Tick(language) + ", as the other options have", "not translated");
    }
  }
}

void NamesWithoutLetters(const Facts& facts, Findings& findings) {
  for (const PropertySymbol& property : facts.vocabulary().properties()) {
    if (!IsOurs(property)) continue;
    for (const OptionSymbol& option : property.options.options) {
      if (!option.declared || HasLetters(option.label)) continue;
      findings.Report(Code::kNameWithoutLetters, IsWritten(option.span) ? option.span : property.span,
                      Tick(option.label) + " has no letters: it cannot be searched for, or read aloud", "no letters");
    }
  }
}

void SameConditionTwice(const Facts& facts, Findings& findings) {
  std::map<std::string, Symbol> seen;
  for (Symbol symbol = 0; symbol < facts.script().derived.size(); ++symbol) {
    const DerivedSymbol& derived = facts.vocabulary().derived()[symbol];
    if (derived.kind != DerivedKind::kDefinition && derived.kind != DerivedKind::kList) continue;
    const auto [first, added] = seen.emplace(CanonicalText(facts.script().derived[symbol].condition, facts.vocabulary()), symbol);
    if (added) continue;
    const DerivedSymbol& other = facts.vocabulary().derived()[first->second];
    // A list of all that a definition names is how definitions are used.
    if (other.kind != derived.kind) continue;
    Diagnostic* found = findings.Report(Code::kSameConditionTwice, derived.span,
                                        Tick(derived.name) + " and " + Tick(other.name) + " are the same", "the same condition");
    if (found != nullptr) findings.Note(*found, other.span, "the other one");
  }
}

void PromisesOfNothing(const Facts& facts, Findings& findings) {
  for (const Promise& promise : facts.script().promises) {
    Query query;
    query.goals.push_back({&promise.broken, true, nullptr});
    if (!facts.guards().Impossible(query)) continue;
    findings.Report(Code::kPromiseOfNothing, promise.span, "nothing can break this promise: it says nothing", "says nothing");
  }
}

}  // namespace stagecraft::sema::lint
