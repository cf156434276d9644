// `check --fix`: the safe fixes of all findings, made again and again until there is none left.
#ifndef STAGECRAFT_DSL_MEND_H_
#define STAGECRAFT_DSL_MEND_H_

#include <cstddef>
#include <functional>
#include <set>
#include <string>
#include <vector>

#include "dsl/compile.h"

namespace stagecraft {

// A fix that was made.
struct Mend {
  std::string file;
  Position at;       // as the text was then
  std::string what;  // "`Nwe` -> `New`", or what it does where words only came or went: "take `to` out"
};

struct Mended {
  CompileResult result;     // the check of what came of it: its first sources are the files, changed
  std::vector<Mend> mends;  // in the order in which they were made
};

// Mends `files`, which `check` compiles, but those with names in `untouched`. A fix after which there would be more errors than before it
// is not made; the others are.
Mended MendScripts(std::vector<Source> files, const std::function<CompileResult(std::vector<Source>)>& check,
                   const std::set<std::string>& untouched = {});

}  // namespace stagecraft

#endif  // STAGECRAFT_DSL_MEND_H_
