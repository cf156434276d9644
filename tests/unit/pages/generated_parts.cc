#include "tests/unit/pages/generated_parts.h"

#include <fmt/format.h>

#include <set>
#include <stdexcept>
#include <utility>
#include <vector>

#include "dsl/compile.h"
#include "dsl/sema/checker.h"
#include "dsl/support/code_chapters.h"
#include "dsl/syntax/keywords.h"
#include "dsl/syntax/parser.h"
#include "runtime/model/reasons.h"
#include "tests/unit/pages/grammar_text.h"
#include "tests/unit/pages/markdown.h"

namespace stagecraft::pages {

namespace {

constexpr std::string_view kBegin = "<!-- generated: ";
constexpr std::string_view kBeginEnd = " -->\n";
constexpr std::string_view kEnd = "<!-- end -->\n";

std::string Joined(const std::vector<std::string>& parts) { return fmt::format("{}", fmt::join(parts, ", ")); }

std::string Quoted(std::string_view code) { return fmt::format("`{}`", code); }

sema::Vocabulary StandardVocabulary() {
  SourceSet sources;
  sources.emplace_back("hubspot.stage", std::string(stagecraft::StandardVocabulary("hubspot")));
  syntax::ParseResult parsed = syntax::Parse(sources.front(), 0);
  std::vector<Diagnostic> diagnostics = std::move(parsed.diagnostics);
  std::vector<syntax::Script> scripts;
  scripts.push_back(std::move(parsed.script));
  sema::CheckedScript checked = sema::Check(scripts, 0, sources, diagnostics);
  if (HasErrors(diagnostics)) throw std::runtime_error("the standard vocabulary has errors");
  return checked.vocabulary;
}

// ---- keywords -----------------------------------------------------------------------------------------------------

// A name in a place where a name must be.
bool IsReserved(std::string_view keyword) {
  return !syntax::Parse(Source("script.stage", fmt::format("pipeline Sales {}\n", keyword)), 0).diagnostics.empty();
}

std::string Keywords() {
  std::string table = "| keyword | as a name | stands in |\n|---|---|---|\n";
  const GrammarText grammar = ReadGrammar();
  for (const std::string_view keyword : syntax::Keywords()) {
    std::vector<std::string> chapters;
    const auto found = grammar.words.find(std::string(keyword));
    if (found != grammar.words.end()) {
      for (const std::string& chapter : found->second) chapters.push_back(fmt::format("[{}](language.md#{})", chapter, AnchorOf(chapter)));
    }
    table += fmt::format("| `{}` | {} | {} |\n", keyword, IsReserved(keyword) ? "in quotes" : "", Joined(chapters));
  }
  return table;
}

// ---- properties ---------------------------------------------------------------------------------------------------

std::string TypeOf(const sema::PropertySymbol& property) {
  if (property.type == sema::Type::kOption && property.name == "status") return "status";
  if (property.type == sema::Type::kOption && property.forward_only) return "stages";
  return std::string(sema::TypeName(property.type));
}

std::string OptionsOf(const sema::OptionSet& set) {
  std::vector<std::string> options;
  for (const sema::OptionSymbol& option : set.options) {
    options.push_back(option.internal_name.empty() ? option.label : fmt::format("{} ({})", option.label, Quoted(option.internal_name)));
  }
  return Joined(options);
}

std::string Properties(const sema::Vocabulary& vocabulary) {
  std::string table = "| property | stored as | type | options, and what they are stored as |\n|---|---|---|---|\n";
  for (const sema::PropertySymbol& property : vocabulary.properties()) {
    if (property.hidden) continue;
    table += fmt::format("| `{}` | {} | {} | {} |\n", property.name, property.internal_name.empty() ? "" : Quoted(property.internal_name),
                         TypeOf(property), OptionsOf(property.options));
  }
  return table;
}

// ---- events -------------------------------------------------------------------------------------------------------

std::string FieldsOf(const sema::EventSymbol& event, const sema::Vocabulary& vocabulary) {
  std::vector<std::string> fields;
  for (const sema::FieldSymbol& field : event.fields) {
    std::string text = fmt::format("`{}` {}", field.name, sema::TypeName(field.type));
    if (field.announces) text += fmt::format(", announces `{}`", vocabulary.event(*field.announces).name);
    fields.push_back(std::move(text));
  }
  return fmt::format("{}", fmt::join(fields, "; "));
}

std::string NamesOf(const sema::EventSymbol& event) {
  std::string names = Quoted(event.name);
  for (const std::string& synonym : event.synonyms) names += fmt::format(", also {}", Quoted(synonym));
  return names;
}

std::string WithdrawnBy(const sema::EventSymbol& event, const sema::Vocabulary& vocabulary) {
  std::vector<std::string> names;
  for (const sema::Symbol announced : event.withdraws) names.push_back(Quoted(vocabulary.event(announced).name));
  return Joined(names);
}

std::string Events(const sema::Vocabulary& vocabulary) {
  std::string table = "| event | family | fields | withdraws |\n|---|---|---|---|\n";
  for (const sema::EventSymbol& event : vocabulary.events()) {
    if (event.hidden) continue;
    table +=
        fmt::format("| {} | `{}` | {} | {} |\n", NamesOf(event), event.family, FieldsOf(event, vocabulary), WithdrawnBy(event, vocabulary));
  }
  return table;
}

std::string Families(const sema::Vocabulary& vocabulary) {
  std::string table = "| family | is any of |\n|---|---|\n";
  std::set<std::string> seen;
  const auto add = [&](const std::string& family) {
    std::vector<std::string> names;
    for (const sema::Symbol event : vocabulary.FindFamily(family)) names.push_back(Quoted(vocabulary.event(event).name));
    if (seen.insert(family).second && names.size() > 1) table += fmt::format("| `{}` | {} |\n", family, Joined(names));
  };
  add(std::string(sema::kActivity));
  for (const sema::EventSymbol& event : vocabulary.events()) add(event.family);
  return table;
}

// ---- codes --------------------------------------------------------------------------------------------------------

std::string Codes() {
  std::string text;
  for (const CodeChapter& chapter : CodeChapters()) {
    text += fmt::format("{}**{}: {}**\n\n| code | what is found | by default | its name in words |\n|---|---|---|---|\n",
                        text.empty() ? "" : "\n", chapter.numbers, chapter.title);
    for (const Code code : chapter.codes) {
      text += fmt::format("| [{0}]({0}.md) | {1} | {2} | `{3}` |\n", CodeName(code), CodeTitle(code), SeverityName(CodeSeverity(code)),
                          CodeWords(code));
    }
  }
  return text;
}

// ---- reasons ------------------------------------------------------------------------------------------------------

// An anchor for each, which /errors/REASON and a link can lead to.
std::string Reasons() {
  std::string text;
  std::string_view chapter;
  for (const runtime::ReasonInfo& reason : runtime::AllReasons()) {
    if (reason.chapter != chapter) {
      text += fmt::format("{}## {}\n\n| reason | code | what it means | what to do |\n|---|---|---|---|\n", text.empty() ? "" : "\n",
                          reason.chapter);
      chapter = reason.chapter;
    }
    text += fmt::format("| <a id=\"{0}\"></a>`{0}` | {1} | {2} | {3} |\n", reason.text, reason.codes, reason.meaning, reason.remedy);
  }
  return text;
}

}  // namespace

Parts GeneratedParts() {
  const sema::Vocabulary vocabulary = StandardVocabulary();
  return {{"keywords", Keywords()},
          {"properties", Properties(vocabulary)},
          {"events", Events(vocabulary)},
          {"families", Families(vocabulary)},
          {"codes", Codes()},
          {"reasons", Reasons()}};
}

std::string WithParts(std::string_view page, const Parts& parts) {
  std::string out;
  for (std::size_t at = page.find(kBegin); at != std::string_view::npos; at = page.find(kBegin)) {
    const std::size_t name_begin = at + kBegin.size();
    const std::size_t name_end = page.find(kBeginEnd, name_begin);
    const std::size_t end = page.find(kEnd, name_begin);
    if (name_end == std::string_view::npos || end == std::string_view::npos) throw std::runtime_error("a generated part has no end");
    const std::string_view name = page.substr(name_begin, name_end - name_begin);
    const auto part = parts.find(name);
    if (part == parts.end()) throw std::runtime_error(fmt::format("nothing generates `{}`", name));
    out += fmt::format("{}\n{}\n{}", page.substr(0, name_end + kBeginEnd.size()), part->second, kEnd);
    page.remove_prefix(end + kEnd.size());
  }
  return out + std::string(page);
}

}  // namespace stagecraft::pages
