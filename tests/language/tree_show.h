// The parts of a tree in one line each, for the dump.
#ifndef STAGECRAFT_TESTS_LANGUAGE_TREE_SHOW_H_
#define STAGECRAFT_TESTS_LANGUAGE_TREE_SHOW_H_

#include <string>
#include <string_view>
#include <vector>

#include "dsl/syntax/tree.h"
#include "tests/language/tree_dump.h"

namespace stagecraft::tests {

template <typename... Functions>
struct Overloaded : Functions... {
  using Functions::operator()...;
};
template <typename... Functions>
Overloaded(Functions...) -> Overloaded<Functions...>;

std::string Show(const syntax::Term& term);
std::string Show(const syntax::Phrase& phrase);
std::string Show(const syntax::Duration& duration);
std::string Show(const syntax::Days& days);
std::string Show(const syntax::Recipient& recipient);
std::string Show(const syntax::Trigger& trigger);
std::string Show(const syntax::OptionLabels::Label& label);
std::string Show(const syntax::OptionProbability& probability);
std::string Show(const syntax::PipelineDecl::Stage& stage);
std::string Show(const syntax::ViewDecl::SortKey& key);
std::string Show(const syntax::MovesDecl::Target& target);
// Several lines, each indented and with its line break.
std::string Lines(const syntax::Block& actions, const std::string& indent);
std::string Lines(const std::vector<syntax::Modifier>& modifiers);
std::string Lines(const syntax::TestDecl& test);

// `prefix` and the part, or nothing when there is none.
template <typename T>
std::string Optional(std::string_view prefix, const T& part) {
  return part ? std::string(prefix) + Show(*part) : std::string();
}
inline std::string Optional(std::string_view prefix, const syntax::ConditionPtr& condition) {
  return condition ? std::string(prefix) + Dump(*condition) : std::string();
}

template <typename T>
std::string Joined(const std::vector<T>& parts, std::string_view separator) {
  std::string text;
  for (const T& part : parts) text += (text.empty() ? "" : std::string(separator)) + Show(part);
  return text;
}

}  // namespace stagecraft::tests

#endif  // STAGECRAFT_TESTS_LANGUAGE_TREE_SHOW_H_
