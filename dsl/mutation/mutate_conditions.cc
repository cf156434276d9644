#include "dsl/mutation/mutator.h"
#include "dsl/support/overloaded.h"

namespace stagecraft {
namespace {

using syntax::Comparator;

// The comparator that says nearly the same; empty: none.
std::string_view NeighbourOf(Comparator op) {
  switch (op) {
    case Comparator::kIs:
      return "is not";
    case Comparator::kIsNot:
      return "is";
    case Comparator::kIn:
      return "not in";
    case Comparator::kNotIn:
      return "in";
    case Comparator::kLess:
      return "<=";
    case Comparator::kLessEqual:
      return "<";
    case Comparator::kGreater:
      return ">=";
    case Comparator::kGreaterEqual:
      return ">";
    case Comparator::kBefore:
      return "at most";
    case Comparator::kAfter:
      return "at least";
    case Comparator::kAtLeast:
      return "after";
    case Comparator::kAtMost:
      return "before";
    case Comparator::kIsSet:
      return "is not set";
    case Comparator::kIsNotSet:
      return "is set";
    default:
      return {};
  }
}

// Which way the number must move so that the comparison lets more through; 0: it lets through others.
std::int64_t LooserBy(Comparator op) {
  switch (op) {
    case Comparator::kLess:
    case Comparator::kLessEqual:
    case Comparator::kIs:
    case Comparator::kIsNot:
    case Comparator::kReaches:
      return 1;
    case Comparator::kGreater:
    case Comparator::kGreaterEqual:
      return -1;
    default:
      return 0;
  }
}

}  // namespace

void Mutator::Condition(const syntax::ConditionPtr& condition) {
  if (condition == nullptr) return;
  std::visit(Overloaded{[&](const syntax::Comparison& node) { Comparison(node); }, [&](const syntax::BareCondition& node) { Bare(node); },
                        [&](const syntax::AndCondition& node) { Operands(node.operands, "and", "or"); },
                        [&](const syntax::OrCondition& node) { Operands(node.operands, "or", "and"); },
                        [&](const syntax::NotCondition& node) { Not(node, condition->span); },
                        [&](const syntax::ParenCondition& node) { Condition(node.operand); }},
             condition->node);
}

void Mutator::Not(const syntax::NotCondition& node, const Span& span) {
  Add({span.source, span.begin, node.operand->span.begin}, {}, "leaves out `not`");
  Condition(node.operand);
}

void Mutator::Operands(const std::vector<syntax::ConditionPtr>& operands, std::string_view word, std::string_view other) {
  std::vector<Span> spans;
  for (const syntax::ConditionPtr& operand : operands) spans.push_back(operand->span);
  LeaveOutEach(spans);
  // With two operands there is one word to swap; more would need parentheses.
  if (operands.size() == 2) {
    const Span between{operands[0]->span.source, operands[0]->span.end, operands[1]->span.begin};
    const std::size_t at = TextOf(between).find(word);
    if (at != std::string_view::npos) {
      const auto begin = static_cast<std::uint32_t>(between.begin + at);
      Swap({between.source, begin, begin + static_cast<std::uint32_t>(word.size())}, other);
    }
  }
  for (const syntax::ConditionPtr& operand : operands) Condition(operand);
}

void Mutator::Comparison(const syntax::Comparison& comparison) {
  if (const std::string_view neighbour = NeighbourOf(comparison.op); !neighbour.empty()) Swap(comparison.op_span, neighbour);
  Operand(comparison);
}

void Mutator::Operand(const syntax::Comparison& comparison) {
  const std::int64_t looser = LooserBy(comparison.op);
  std::visit(Overloaded{[](std::monostate) {},
                        [&](const syntax::Phrase& phrase) {
                          if (phrase.terms.size() == 1 && looser != 0) MoveNumber(phrase.terms.front(), looser);
                          SwapOption(phrase);
                        },
                        [&](const std::vector<syntax::Phrase>& phrases) {
                          for (const syntax::Phrase& phrase : phrases) SwapOption(phrase);
                        },
                        [&](const syntax::Range& range) {
                          MoveNumber(range.low, 1);
                          MoveNumber(range.low, -1);
                          MoveNumber(range.high, 1);
                          MoveNumber(range.high, -1);
                        },
                        [&](const syntax::Duration& duration) { Lengthen(duration); }},
             comparison.right.value);
}

void Mutator::Bare(const syntax::BareCondition& bare) {
  SwapOption(bare.phrase);
  Condition(bare.with);
  Lengthen(bare.within);
  if (bare.since.has_value()) LeaveOutFrom("since", bare.since->span);
}

}  // namespace stagecraft
