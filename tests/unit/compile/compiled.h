// Scripts to programs, for tests: a script that does not compile fails the test with its diagnostics.
#ifndef STAGECRAFT_TESTS_UNIT_COMPILE_COMPILED_H_
#define STAGECRAFT_TESTS_UNIT_COMPILE_COMPILED_H_

#include <catch2/catch.hpp>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "dsl/compile.h"
#include "dsl/support/render.h"

namespace stagecraft::tests {

inline CompileResult CompileText(const std::string& text, const ir::Layout& before = {}, const Limits& limits = {}) {
  std::vector<Source> sources;
  sources.emplace_back("script.stage", text);
  return Compile(std::move(sources), before, limits);
}

inline std::shared_ptr<const ir::Program> ProgramOf(const std::string& text, const ir::Layout& before = {}) {
  CompileResult result = CompileText(text, before);
  INFO(Render(result.diagnostics, result.sources));
  REQUIRE(result.program != nullptr);
  return result.program;
}

inline std::uint32_t RuleOf(const ir::Program& program, const std::string& key) {
  INFO(key);
  const auto number = program.layout.rules.Find(key);
  REQUIRE(number.has_value());
  return *number;
}

}  // namespace stagecraft::tests

#endif  // STAGECRAFT_TESTS_UNIT_COMPILE_COMPILED_H_
