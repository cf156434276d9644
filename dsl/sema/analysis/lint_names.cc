#include <algorithm>
#include <map>
#include <set>
#include <string>

#include "dsl/sema/analysis/lint.h"
#include "dsl/sema/analysis/stage_words.h"
#include "dsl/sema/analysis/walk.h"
#include "dsl/sema/test_checked.h"
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

struct Name {
  std::string text;  // empty: it has none
  Span span;
};

template <typename Thing, typename NameOf>
void NameTwins(Findings& findings, const std::string& what, const std::vector<Thing>& things, NameOf name_of) {
  std::map<std::u32string, Name> seen;
  for (const Thing& thing : things) {
    const Name name = name_of(thing);
    const std::u32string letters = LettersOf(name.text);
    if (letters.empty() || !IsWritten(name.span)) continue;
    const auto [first, added] = seen.emplace(letters, name);
    if (added || FoldCase(first->second.text) == FoldCase(name.text)) continue;
    Diagnostic* found = findings.Report(
        Code::kSimilarNames, name.span,
        "the " + what + " " + Tick(first->second.text) + " and " + Tick(name.text) + " differ in signs only", "nearly the same name");
    if (found != nullptr) findings.Note(*found, first->second.span, "the other one");
  }
}

}  // namespace

// Two thirds of the options are translated: the others have been forgotten. Fewer may be on purpose.
void IncompleteLabels(const Facts& facts, Findings& findings) {
  for (const PropertySymbol& property : facts.vocabulary().properties()) {
    if (!property.IsOurs()) continue;
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
    if (!property.IsOurs()) continue;
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
    Diagnostic* found =
        findings.Report(Code::kPromiseOfNothing, promise.span, "nothing can break this promise: it says nothing", "says nothing");
    if (found != nullptr) found->fixes.push_back(findings.mender().TakeOutSentence(promise.span, "take the promise out"));
  }
}

void TemplatesNotSent(const Facts& facts, Findings& findings) {
  const CheckedScript& script = facts.script();
  std::vector<bool> sent(script.emails.size(), false);
  for (const Rule& rule : script.rules) {
    ForEachAction(rule, [&](const Action& action) {
      if (const auto* send = std::get_if<SendEmail>(&action.node)) sent[send->email] = true;
    });
  }
  for (std::size_t i = 0; i < sent.size(); ++i) {
    if (sent[i]) continue;
    const Email& email = script.emails[i];
    Diagnostic* found =
        findings.Report(Code::kTemplateNotSent, email.span, "nothing sends the template " + Tick("\"" + email.name + "\""), "never sent");
    if (found == nullptr) continue;
    found->fixes.push_back(findings.mender().TakeOutSentence(email.span, "take the template out"));
    // A test may speak of it.
    found->fixes.back().safe = found->fixes.back().safe && script.tests->tests.empty();
  }
}

void SimilarNames(const Facts& facts, Findings& findings) {
  const CheckedScript& script = facts.script();
  NameTwins(findings, "lists", facts.vocabulary().lists(), [](const ListSymbol& list) { return Name{list.name, list.span}; });
  NameTwins(findings, "rules", script.rules, [](const Rule& rule) { return Name{rule.name, rule.name_span}; });
  NameTwins(findings, "teams", facts.vocabulary().teams(), [](const TeamSymbol& team) { return Name{team.name, team.span}; });
  NameTwins(findings, "templates", script.emails, [](const Email& email) { return Name{email.name, email.span}; });
  NameTwins(findings, "properties", facts.vocabulary().properties(), [](const PropertySymbol& property) {
    return property.IsOurs() ? Name{property.name, property.span} : Name{};
  });
  NameTwins(findings, "names", facts.vocabulary().derived(), [](const DerivedSymbol& derived) {
    return derived.kind == DerivedKind::kList ? Name{} : Name{derived.name, derived.span};
  });
}

}  // namespace stagecraft::sema::lint
