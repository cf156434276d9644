// Conditions to decision graphs: `and`, `or` and `not` become the two successors of each test.
#ifndef STAGECRAFT_DSL_IR_GRAPH_H_
#define STAGECRAFT_DSL_IR_GRAPH_H_

#include <cstdint>
#include <map>
#include <string>
#include <unordered_map>
#include <vector>

#include "dsl/ir/numbering.h"
#include "dsl/ir/program.h"
#include "dsl/sema/checked.h"

namespace stagecraft::ir {

// Where the tables of a graph are kept: in a Program, or in a CompiledCondition.
struct GraphTables {
  std::vector<Test>& tests;
  std::vector<Mask>& masks;
  std::vector<std::string>& texts;
  std::vector<Since>& sinces;
};

// Knows which number the tracker of some events has.
class TrackerSource {
 public:
  virtual ~TrackerSource() = default;
  // Somebody asks, at `span`, whether one of `events` happened within `window_us` (0: ever), and for their count when `counts`.
  virtual std::uint32_t TrackerOf(const sema::EventMatches& events, std::int64_t window_us, bool counts, Span span) = 0;
};

class GraphBuilder {
 public:
  GraphBuilder(const sema::Vocabulary& vocabulary, const Numbering& numbering, TrackerSource& trackers, GraphTables tables)
      : vocabulary_(vocabulary), numbering_(numbering), trackers_(trackers), tables_(tables) {}

  // The entry of `condition`; equal conditions share their tests.
  Entry Build(const sema::Condition& condition);
  Entry BuildAll(const std::vector<sema::Condition>& conditions);

  Operand LowerReference(const sema::Reference& reference) const;
  Since LowerSince(const sema::Reference& reference) const { return Since{LowerReference(reference)}; }
  // Options of the reference's property or field to a mask of layout numbers.
  Mask OptionMask(const sema::Reference& reference, const std::vector<std::uint32_t>& options) const;

 private:
  Entry Lower(const sema::Condition& condition, Entry on_true, Entry on_false);
  Entry Add(Test test, Entry on_true, Entry on_false);
  Test LowerTest(const sema::Condition& condition);
  Test LowerSeen(const sema::Condition& condition);
  std::int64_t MaskNumber(Mask mask);
  std::int64_t TextNumber(const std::string& text);
  std::int64_t SinceNumber(const sema::Reference& reference);

  const sema::Vocabulary& vocabulary_;
  const Numbering& numbering_;
  TrackerSource& trackers_;
  GraphTables tables_;
  std::vector<Test> pending_;  // of the condition being built, last test first
  std::unordered_map<std::string, Entry> built_;
  std::map<Mask, std::int64_t> mask_numbers_;
  std::unordered_map<std::string, std::int64_t> text_numbers_;
  std::unordered_map<std::string, std::int64_t> since_numbers_;
};

}  // namespace stagecraft::ir

#endif  // STAGECRAFT_DSL_IR_GRAPH_H_
