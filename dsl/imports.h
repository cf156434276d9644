// `import "other.stage"`: files are found by their names among the sources that are given, from the folder of the file that imports.
#ifndef STAGECRAFT_DSL_IMPORTS_H_
#define STAGECRAFT_DSL_IMPORTS_H_

#include <string>
#include <string_view>
#include <vector>

#include "dsl/support/diagnostic.h"
#include "dsl/support/source.h"
#include "dsl/syntax/tree.h"

namespace stagecraft {

// The name of the file that `import "path"` in `importer` means: "sales/other.stage" for `other.stage` in "sales/main.stage".
std::string ImportedName(std::string_view importer, std::string_view path);

// True when the file's name ends in .stage, in any letter case.
bool IsScriptName(std::string_view name);

// The names of the files that a file imports, as ImportedName gives them; what cannot be read is left out.
std::vector<std::string> ImportsOf(const Source& source);

// Reports imports of files that are not among the first `files` sources. Files that import each other are fine.
void CheckImports(const std::vector<syntax::Script>& scripts, const SourceSet& sources, std::size_t files,
                  std::vector<Diagnostic>& diagnostics);

}  // namespace stagecraft

#endif  // STAGECRAFT_DSL_IMPORTS_H_
