#include "tests/unit/pages/grammar_text.h"

#include <algorithm>
#include <regex>

#include "tests/unit/pages/markdown.h"

namespace stagecraft::pages {

namespace {

std::string GrammarBlock() {
  for (const Block& block : BlocksOf(ReadPage("docs/language.md"))) {
    if (block.language == "ebnf") return block.code;
  }
  return "";
}

}  // namespace

GrammarText ReadGrammar() {
  // A comment, what stands in quotes, what is said in words, a production's name, a name.
  static const std::regex kPart(R"re(\(\* (.*?) \*\)|"([^"]*)"|'[^']*'|\?[^?]*\?|([a-z][a-z0-9_]*) *=|([a-z][a-z0-9_]*))re");
  static const std::regex kWord("[A-Za-z]+");
  GrammarText grammar;
  std::string chapter;
  const std::string text = GrammarBlock();
  for (std::sregex_iterator part(text.begin(), text.end(), kPart), end; part != end; ++part) {
    if ((*part)[1].matched) chapter = (*part)[1];
    if ((*part)[3].matched) grammar.defined.insert((*part)[3]);
    if ((*part)[4].matched) grammar.used.insert((*part)[4]);
    const std::string word = (*part)[2];
    if (!std::regex_match(word, kWord)) continue;
    std::vector<std::string>& chapters = grammar.words[word];
    if (std::find(chapters.begin(), chapters.end(), chapter) == chapters.end()) chapters.push_back(chapter);
  }
  return grammar;
}

}  // namespace stagecraft::pages
