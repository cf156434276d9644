// The scripts on the pages for people are true: each is right as it stands, is laid out as `fmt` lays it out, and its tests pass; each
// mistake that a page shows gives the finding that it names; each link leads somewhere.
#include <algorithm>
#include <catch2/catch.hpp>
#include <filesystem>

#include "dsl/compile.h"
#include "dsl/fmt/format.h"
#include "dsl/support/render.h"
#include "runtime/scenario/scenario.h"
#include "tests/unit/pages/markdown.h"

namespace stagecraft::pages {

namespace {

const std::vector<std::string> kPages = {"README.md", "docs/language.md", "docs/vocabulary.md"};

CompileResult Compiled(const std::string& script) { return Compile({Source("script.stage", script)}); }

std::string Shown(const std::vector<Diagnostic>& diagnostics, const CompileResult& result) { return Render(diagnostics, result.sources); }

// What is wrong with a script of a page; empty when nothing is.
std::string Fault(const std::string& script) {
  const CompileResult result = Compiled(script);
  if (result.program == nullptr) return Shown(result.diagnostics, result);
  const FormatResult formatted = Format(Source("script.stage", script));
  if (formatted.changed) return "is not laid out as `fmt` does it, which is\n" + formatted.text;
  const runtime::TestReport tests = RunTests(runtime::Prepared(result.program, *result.tests), {}, nullptr);
  return Shown(DiagnosticsOf(tests), result);
}

// The codes of a script, and the findings of its tests.
std::string CodesOf(const std::string& script) {
  const CompileResult result = Compiled(script);
  std::vector<Diagnostic> diagnostics = result.diagnostics;
  if (result.program != nullptr) {
    const std::vector<Diagnostic> failed = DiagnosticsOf(RunTests(runtime::Prepared(result.program, *result.tests), {}, nullptr));
    diagnostics.insert(diagnostics.end(), failed.begin(), failed.end());
  }
  std::string codes;
  for (const Diagnostic& diagnostic : diagnostics) codes += CodeName(diagnostic.code) + " ";
  return codes;
}

// Why a link of `page` leads nowhere; empty when it leads somewhere.
std::string Fault(const std::filesystem::path& page, const std::string& link) {
  const std::size_t hash = std::min(link.find('#'), link.size());
  const std::filesystem::path target = hash == 0 ? page : page.parent_path() / link.substr(0, hash);
  if (!std::filesystem::exists(std::filesystem::path(STAGECRAFT_SOURCE_FOLDER) / target)) return "there is no " + target.string();
  if (hash == link.size()) return "";
  const std::vector<std::string> anchors = AnchorsOf(ReadPage(target));
  const bool is_there = std::find(anchors.begin(), anchors.end(), link.substr(hash + 1)) != anchors.end();
  return is_there ? "" : target.string() + " has no section " + link.substr(hash);
}

}  // namespace

TEST_CASE("every script on a page is right, laid out as `fmt` does it, and its tests pass") {
  for (const std::string& page : kPages) {
    for (const Block& block : BlocksOf(ReadPage(page))) {
      if (block.language != "stage") continue;
      const std::string fault = Fault(block.code);
      INFO(page << ":" << block.line << ": " << fault);
      CHECK(fault.empty());
    }
  }
}

TEST_CASE("every mistake on a page gives the finding that stands beside it") {
  for (const std::string& page : kPages) {
    for (const Mistake& mistake : MistakesOf(ReadPage(page))) {
      const std::string codes = CodesOf(mistake.script);
      INFO(page << ":" << mistake.line << ": gives " << (codes.empty() ? "nothing" : codes) << "\n" << mistake.script);
      CHECK(codes.find(mistake.code) != std::string::npos);
    }
  }
}

TEST_CASE("every link on a page leads somewhere") {
  for (const std::string page : {"README.md", "docs/language.md", "docs/vocabulary.md", "docs/semantics.md", "docs/clients.md", "docs/codes/README.md"}) {
    for (const std::string& link : LinksOf(ReadPage(page))) {
      const std::string fault = Fault(page, link);
      INFO(page << ": " << link << ": " << fault);
      CHECK(fault.empty());
    }
  }
}

}  // namespace stagecraft::pages
