// Small mistakes that could have been made in a script: each a change of its text, to be tried against the script's tests. A test that
// notices is worth having; a mutant that no test notices shows what is not tested.
#ifndef STAGECRAFT_DSL_MUTATION_MUTANTS_H_
#define STAGECRAFT_DSL_MUTATION_MUTANTS_H_

#include <string>
#include <vector>

#include "dsl/ir/program.h"
#include "dsl/support/diagnostic.h"
#include "dsl/support/source.h"
#include "dsl/syntax/tree.h"

namespace stagecraft {

struct Mutant {
  Span place;  // what the mistake is about
  Edit edit;
  std::string what;  // in words: "leaves out `and status is New`", "New instead of Open"
};

// The mutants of rules, sequences, scores, counters, lists and definitions, in the order of the text. `scripts` are the users', without
// an error; `program` is what was compiled from them: it knows the options. Some mutants do not compile, and some mean the same as the
// script: who tries them finds out.
std::vector<Mutant> FindMutants(const std::vector<syntax::Script>& scripts, const SourceSet& sources, const ir::Program& program);

// The lines that the mutant changes, as a diff: `- …` and `+ …`, each ending with a line break.
std::string DiffOf(const Mutant& mutant, const SourceSet& sources);

}  // namespace stagecraft

#endif  // STAGECRAFT_DSL_MUTATION_MUTANTS_H_
