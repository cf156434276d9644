#include "runtime/exec/pattern.h"

#include <re2/re2.h>

#include <unordered_map>

namespace stagecraft::runtime {
namespace {

// A thread forgets its patterns when it has met more: filters of the API are as many as people think of.
constexpr std::size_t kKeptMax = 64;

std::unique_ptr<re2::RE2> Compile(const std::string& pattern) {
  re2::RE2::Options options;
  options.set_case_sensitive(false);
  options.set_log_errors(false);
  return std::make_unique<re2::RE2>(pattern, options);
}

bool Matches(const re2::RE2& pattern, std::string_view text) {
  return pattern.ok() && re2::RE2::PartialMatch(re2::StringPiece(text.data(), text.size()), pattern);
}

}  // namespace

Patterns::Patterns(const ir::Program& program) : compiled_(program.texts.size()) {
  for (const ir::Test& test : program.tests) {
    const auto number = static_cast<std::size_t>(test.imm);
    if (test.op == ir::Op::kTextMatches && compiled_[number] == nullptr) compiled_[number] = Compile(program.texts[number]);
  }
}

Patterns::~Patterns() = default;

bool Patterns::Matches(std::size_t number, std::string_view text) const { return runtime::Matches(*compiled_[number], text); }

bool MatchPattern(const std::string& pattern, std::string_view text) {
  thread_local std::unordered_map<std::string, std::unique_ptr<re2::RE2>> kept;
  auto found = kept.find(pattern);
  if (found == kept.end()) {
    if (kept.size() >= kKeptMax) kept.clear();
    found = kept.emplace(pattern, Compile(pattern)).first;
  }
  return Matches(*found->second, text);
}

}  // namespace stagecraft::runtime
