#include "dsl/fmt/planner.h"

#include <algorithm>
#include <variant>

namespace stagecraft::layout {

void AddDeclaration(const syntax::Declaration& declaration, const Tokens& tokens, Plan& plan) { Planner(tokens, plan).Add(declaration); }

void Planner::Add(const syntax::Declaration& declaration) {
  begin_ = tokens_.First(declaration.span);
  end_ = tokens_.Last(declaration.span);
  Line(begin_, 0);
  std::visit([this](const auto& node) { AddNode(node); }, declaration.node);
}

std::size_t Planner::Before(std::size_t at, std::initializer_list<std::string_view> words) const {
  if (at < begin_ + words.size()) return at;
  const std::size_t first = at - words.size();
  std::size_t i = first;
  const bool all = std::all_of(words.begin(), words.end(), [this, &i](std::string_view word) { return tokens_.Text(i++) == word; });
  return all ? first : at;
}

void Planner::Line(std::size_t at, std::size_t indent) { (choice_ != nullptr ? choice_->lines : plan_.lines)[at] = indent; }

void Planner::WrapAt(std::size_t at, int level, bool fill) { plan_.wraps.insert({at, {level, fill}}); }

void Planner::WrapCommas(std::size_t first, std::size_t end, int level) {
  int depth = 0;
  for (std::size_t i = first; i + 1 < end; ++i) {
    if (Is(i, "(")) ++depth;
    if (Is(i, ")")) --depth;
    if (Is(i, ",")) WrapAt(i + 1, level + depth, true);
  }
}

}  // namespace stagecraft::layout
