#include "dsl/imports.h"

#include <filesystem>
#include <unordered_set>
#include <utility>

#include "dsl/support/nearest.h"
#include "dsl/support/text.h"
#include "dsl/syntax/parser.h"

namespace stagecraft {
namespace {

// Nobody reads a longer list.
constexpr std::size_t kShownFilesMax = 5;

std::string Normal(std::string_view name) { return std::filesystem::path(name).lexically_normal().generic_string(); }

Diagnostic NotGiven(const syntax::ImportDecl& decl, const std::string& importer, const SourceSet& sources, std::size_t files) {
  Diagnostic diagnostic{Code::kUnknownImport, CodeSeverity(Code::kUnknownImport), decl.path.span, {}, "not among the files", {}, {}, {}};
  const std::string name = ImportedName(importer, decl.path.text);
  if (name.empty() || IsScriptName(name)) {
    diagnostic.message = "the file `" + name + "` is not there";
  } else {
    diagnostic.message = "`" + name + "` is no script: the name of an imported file ends in .stage";
  }
  const std::filesystem::path folder = std::filesystem::path(importer).parent_path();
  std::vector<std::string> known;
  std::string given;
  for (std::size_t i = 0; i < files; ++i) {
    known.push_back(std::filesystem::path(sources[i].name()).lexically_proximate(folder).generic_string());
    if (i < kShownFilesMax) given += (i == 0 ? "" : ", ") + sources[i].name();
  }
  if (files > kShownFilesMax) given += ", …";
  if (const auto nearest = Nearest(decl.path.text, known); nearest.has_value()) {
    diagnostic.help.push_back("did you mean \"" + *nearest + "\"?");
    diagnostic.fixes = {Replace(decl.path.span, "\"" + *nearest + "\"")};
    // Another file is another script.
    diagnostic.fixes.front().safe = false;
  }
  diagnostic.help.push_back("the files are " + given);
  return diagnostic;
}

}  // namespace

bool IsScriptName(std::string_view name) { return FoldCase(std::filesystem::path(name).extension().string()) == ".stage"; }

std::string ImportedName(std::string_view importer, std::string_view path) {
  return Normal((std::filesystem::path(importer).parent_path() / std::filesystem::path(path)).generic_string());
}

std::vector<std::string> ImportsOf(const Source& source) {
  std::vector<std::string> names;
  // Most files import nothing, and need not be read twice.
  if (source.text().find("import") == std::string_view::npos) return names;
  const syntax::ParseResult parsed = syntax::Parse(source, 0);
  for (const syntax::Declaration& declaration : parsed.script.declarations) {
    const auto* decl = std::get_if<syntax::ImportDecl>(&declaration.node);
    if (decl != nullptr) names.push_back(ImportedName(source.name(), decl->path.text));
  }
  return names;
}

void CheckImports(const std::vector<syntax::Script>& scripts, const SourceSet& sources, std::size_t files,
                  std::vector<Diagnostic>& diagnostics) {
  std::unordered_set<std::string> names;
  for (std::size_t i = 0; i < files; ++i) names.insert(Normal(sources[i].name()));
  for (const syntax::Script& script : scripts) {
    const std::string& importer = sources[script.source].name();
    for (const syntax::Declaration& declaration : script.declarations) {
      const auto* decl = std::get_if<syntax::ImportDecl>(&declaration.node);
      if (decl == nullptr || names.count(ImportedName(importer, decl->path.text)) != 0) continue;
      diagnostics.push_back(NotGiven(*decl, importer, sources, files));
    }
  }
}

}  // namespace stagecraft
