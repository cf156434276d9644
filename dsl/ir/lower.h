// A checked script to the program that the engine runs.
#ifndef STAGECRAFT_DSL_IR_LOWER_H_
#define STAGECRAFT_DSL_IR_LOWER_H_

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "dsl/ir/condition.h"
#include "dsl/ir/numbering.h"
#include "dsl/ir/program.h"
#include "dsl/sema/checked.h"

namespace stagecraft::ir {

struct LowerResult {
  std::shared_ptr<const Program> program;  // null when a table outgrew its numbers
  std::string too_many;                    // what there are too many of, for a message: "lists, scores and counters"
  std::vector<LostRule> settled;           // retired rules that do what their rule does today; without a reason
};

// `script` must be free of errors. The numbers of `before` stay. `retired`: what script.retired are; their numbers are given here. Those
// that do not fit, and those that do what their rule does today, are left out.
LowerResult Lower(const sema::CheckedScript& script, const SourceSet& sources, const Layout& before,
                  std::span<const RetiredRule> retired = {});

// What `program` declares, as a vocabulary in which every symbol is the number that the program gave it, except that
// derived symbols are numbered by themselves: `nodes` has their node numbers.
struct ProgramVocabulary {
  sema::Vocabulary vocabulary;
  std::vector<std::uint32_t> nodes;
};
ProgramVocabulary VocabularyOf(const Program& program);

// Times of events that a condition asks for and a program does not keep, or not for so long.
struct MissingTimes {
  std::string events;  // in the user's words, each name in backticks
  Span span;           // where the condition asks for them
};

// A condition that was checked against `vocabulary`. Nothing, and `missing` set, when it asks for what `program` does not keep.
std::optional<CompiledCondition> LowerCondition(const sema::Condition& condition, const ProgramVocabulary& vocabulary,
                                                const Program& program, MissingTimes& missing);
// As above, for a vocabulary whose symbols have the numbers of `numbering`.
std::optional<CompiledCondition> LowerCondition(const sema::Condition& condition, const sema::Vocabulary& vocabulary,
                                                const Numbering& numbering, const Program& program, MissingTimes& missing);

}  // namespace stagecraft::ir

#endif  // STAGECRAFT_DSL_IR_LOWER_H_
