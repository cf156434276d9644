#include <algorithm>
#include <map>
#include <string_view>
#include <utility>

#include "dsl/ir/graph.h"
#include "dsl/ir/lower.h"
#include "dsl/ir/test_suite.h"
#include "dsl/support/text.h"

namespace stagecraft::ir {
namespace {

NodeKind KindOf(sema::DerivedKind kind) {
  switch (kind) {
    case sema::DerivedKind::kCounter:
      return NodeKind::kCounter;
    case sema::DerivedKind::kScore:
      return NodeKind::kScore;
    case sema::DerivedKind::kList:
      return NodeKind::kList;
    case sema::DerivedKind::kDefinition:
      break;
  }
  return NodeKind::kWatch;
}

// The numbers that the symbols of the script have in the program that was lowered from it.
Numbering NumberingOf(const sema::Vocabulary& vocabulary, const Program& program) {
  Layout layout = program.layout;
  Numbering numbering = NumberSymbols(vocabulary, layout);
  std::map<std::pair<NodeKind, std::string_view>, std::uint32_t> nodes;
  for (std::uint32_t number = 0; number < program.nodes.size(); ++number) {
    const Node& node = program.nodes[number];
    if (!node.name.empty()) nodes.emplace(std::pair(node.kind, std::string_view(node.name)), number);
  }
  for (const sema::DerivedSymbol& symbol : vocabulary.derived()) {
    const auto node = nodes.find({KindOf(symbol.kind), symbol.name});
    numbering.nodes.push_back(node == nodes.end() ? 0 : node->second);
  }
  return numbering;
}

// What people call a value that a condition reads.
std::string NameOf(const sema::Reference& reference, const sema::Vocabulary& vocabulary) {
  using Space = sema::Reference::Space;
  switch (reference.space) {
    case Space::kProperty:
    case Space::kPrevious:
      for (const sema::ListSymbol& list : vocabulary.lists()) {
        if (list.by_hand && list.member == reference.symbol) return list.name;
      }
      return vocabulary.property(reference.symbol).name;
    case Space::kEntered:
      return "became " + vocabulary.property(reference.symbol).options.options[reference.option].label + " date";
    case Space::kDerived:
      return vocabulary.derived()[reference.symbol].name;
    case Space::kField:
      return vocabulary.event(reference.event).fields[reference.symbol].name;
    case Space::kFact:
      break;
  }
  switch (static_cast<sema::Fact>(reference.symbol)) {
    case sema::Fact::kId:
      return "id";
    case sema::Fact::kCreated:
      return "created";
    case sema::Fact::kLastContacted:
      return "last contacted";
    case sema::Fact::kName:
      break;
  }
  return "name";
}

// Yes or no, whether it is one (a list by hand, a yes or no) or is kept as a count (a list, a definition).
bool IsYesOrNo(const sema::Reference& reference, const sema::Vocabulary& vocabulary) {
  if (reference.space != sema::Reference::Space::kDerived) return reference.type == sema::Type::kTruth;
  const sema::DerivedKind kind = vocabulary.derived()[reference.symbol].kind;
  return kind == sema::DerivedKind::kList || kind == sema::DerivedKind::kDefinition;
}

bool IsList(const sema::Reference& reference, const sema::Vocabulary& vocabulary) {
  const bool by_hand = reference.space == sema::Reference::Space::kProperty;
  if (!by_hand && reference.space != sema::Reference::Space::kDerived) return false;
  return std::any_of(vocabulary.lists().begin(), vocabulary.lists().end(),
                     [&](const sema::ListSymbol& list) { return list.by_hand == by_hand && list.member == reference.symbol; });
}

class ReadsFinder {
 public:
  ReadsFinder(const sema::Vocabulary& vocabulary, const GraphBuilder& graph) : vocabulary_(vocabulary), graph_(graph) {}

  void Find(const sema::Condition& condition) {
    using Kind = sema::Condition::Kind;
    for (const sema::Condition& operand : condition.operands) Find(operand);
    switch (condition.kind) {
      case Kind::kIsSet:
      case Kind::kOptionIn:
      case Kind::kCompare:
      case Kind::kText:
      case Kind::kLately:
      case Kind::kSoon:
      case Kind::kInTeam:
        return Add(condition.reference);
      default:
        return;
    }
  }

  std::vector<TestCondition::Read> Take() { return std::move(reads_); }

 private:
  void Add(const sema::Reference& reference) {
    std::string name = NameOf(reference, vocabulary_);
    const auto same = [&](const TestCondition::Read& read) { return read.name == name; };
    if (std::any_of(reads_.begin(), reads_.end(), same)) return;
    Operand operand = graph_.LowerReference(reference);
    if (IsYesOrNo(reference, vocabulary_)) operand.type = Type::kTruth;
    reads_.push_back({std::move(name), operand, IsList(reference, vocabulary_)});
  }

  const sema::Vocabulary& vocabulary_;
  const GraphBuilder& graph_;
  std::vector<TestCondition::Read> reads_;
};

// A graph that is never built: only its references are of use.
class NoTrackers : public TrackerSource {
 public:
  std::uint32_t TrackerOf(const sema::EventMatches&, std::int64_t, bool, Span) override { return 0; }
};

}  // namespace

TestSuite LowerTests(const sema::CheckedScript& script, const Program& program, std::vector<Diagnostic>& diagnostics) {
  TestSuite suite;
  suite.tests = script.tests;
  if (suite.tests->tests.empty()) return suite;
  const Numbering numbering = NumberingOf(script.vocabulary, program);
  suite.conditions.resize(script.tests->conditions);
  NoTrackers no_trackers;
  CompiledCondition scratch;
  const GraphBuilder references(script.vocabulary, numbering, no_trackers,
                                GraphTables{scratch.tests, scratch.masks, scratch.texts, scratch.sinces});
  for (const sema::Test& test : script.tests->tests) {
    for (const sema::TestStep& step : test.steps) {
      const auto* expects = std::get_if<sema::TestExpects>(&step.node);
      if (expects == nullptr) continue;
      for (const sema::TestExpectation& expectation : expects->expectations) {
        if (expectation.kind != sema::TestExpectation::Kind::kCondition) continue;
        MissingTimes missing;
        auto compiled = LowerCondition(expectation.condition, script.vocabulary, numbering, program, missing);
        if (!compiled.has_value()) {
          diagnostics.push_back({Code::kNotKept,
                                 CodeSeverity(Code::kNotKept),
                                 missing.span == Span{} ? expectation.span : missing.span,
                                 "the times of " + missing.events + " are not kept for as long as this asks",
                                 "not kept",
                                 {"a test can ask for events only as the scripts do: in a counter, a score, a list or a rule"},
                                 {},
                                 {}});
          continue;
        }
        ReadsFinder finder(script.vocabulary, references);
        finder.Find(expectation.condition);
        suite.conditions[expectation.condition_number] = {std::move(*compiled), finder.Take()};
      }
    }
  }
  return suite;
}

}  // namespace stagecraft::ir
