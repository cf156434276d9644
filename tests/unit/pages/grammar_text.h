// The grammar as the reference prints it, in EBNF.
#ifndef STAGECRAFT_TESTS_UNIT_PAGES_GRAMMAR_TEXT_H_
#define STAGECRAFT_TESTS_UNIT_PAGES_GRAMMAR_TEXT_H_

#include <map>
#include <set>
#include <string>
#include <vector>

namespace stagecraft::pages {

struct GrammarText {
  std::set<std::string> defined;  // the names of its productions
  std::set<std::string> used;     // the names that their right sides use
  // The words in quotes, each with the chapters of the page, `(* Triggers *)` in the grammar, in which it stands, in their order.
  std::map<std::string, std::vector<std::string>> words;
};

// That of docs/language.md.
GrammarText ReadGrammar();

}  // namespace stagecraft::pages

#endif  // STAGECRAFT_TESTS_UNIT_PAGES_GRAMMAR_TEXT_H_
