// The grammar in the reference has the keywords of the grammar that is built, and is whole.
#include <algorithm>
#include <catch2/catch.hpp>
#include <iterator>

#include "dsl/syntax/keywords.h"
#include "tests/unit/pages/grammar_text.h"
#include "tests/unit/pages/markdown.h"

namespace stagecraft::pages {

namespace {

using Words = std::set<std::string>;

// Words that stand in the grammar's text but are looked for by the meaning of their sentence.
const Words kNoKeywords = {"Monday", "Sunday", "weekday"};

std::string Missing(const Words& from, const Words& in) {
  std::string missing;
  for (const std::string& word : from) missing += in.count(word) > 0 ? "" : word + " ";
  return missing;
}

}  // namespace

TEST_CASE("the reference's grammar has every keyword, and no other") {
  Words keywords = kNoKeywords;
  for (const std::string_view keyword : syntax::Keywords()) keywords.emplace(keyword);
  Words printed;
  for (const auto& [word, chapters] : ReadGrammar().words) printed.insert(word);
  CHECK(Missing(keywords, printed) == "");
  CHECK(Missing(printed, keywords) == "");
}

TEST_CASE("the reference's grammar defines what it uses, and uses what it defines") {
  const GrammarText grammar = ReadGrammar();
  CHECK(Missing(grammar.used, grammar.defined) == "");
  CHECK(Missing(grammar.defined, grammar.used) == "script ");
}

TEST_CASE("the chapters of the reference's grammar are those of the page") {
  const std::vector<std::string> anchors = AnchorsOf(ReadPage("docs/language.md"));
  for (const auto& [word, chapters] : ReadGrammar().words) {
    for (const std::string& chapter : chapters) {
      INFO(word << " in " << chapter);
      CHECK(std::find(anchors.begin(), anchors.end(), AnchorOf(chapter)) != anchors.end());
    }
  }
}

}  // namespace stagecraft::pages
