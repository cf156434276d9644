#include "dsl/fmt/same_tree.h"

#include <algorithm>
#include <cstddef>
#include <memory>
#include <optional>
#include <tuple>
#include <type_traits>
#include <variant>
#include <vector>

namespace stagecraft::layout {

namespace {

using namespace syntax;  // NOLINT: this file goes through all of it

// How many members the parts of the tree have. A wrong number does not compile, so a new member cannot be forgotten.
template <typename Part, typename... Parts>
constexpr bool kIsOneOf = (std::is_same_v<Part, Parts> || ...);

template <typename Part>
constexpr std::size_t Members() {
  if constexpr (kIsOneOf<Part, std::monostate, ByHandTrigger>) return 0;
  if constexpr (kIsOneOf<Part, AndCondition, OrCondition, NotCondition, ParenCondition, Use, ImportDecl, AnyChangeTrigger, TurnsTrueTrigger,
                         ClearAction, AddToListAction, RemoveFromListAction, SendEmailAction, EnrolAction, LeaveAction, SplitAction,
                         GivenStep, GivenStep::ContactFacts, ExpectStep>)
    return 1;
  if constexpr (kIsOneOf<Part, Phrase, Range, Operand, Condition, Holiday, OptionLabels::Label, OptionProbability, FormDecl, PipelineDecl,
                         PipelineDecl::Stage, CounterEvent, ListDecl, ViewDecl::SortKey, ChangeTrigger, ListTrigger, StayTrigger, Trigger,
                         CopyAction, AppendAction, NotifyAction, CallWebhookAction, SplitAction::Part, Action, MovesDecl, MovesDecl::Target,
                         Fact, GivenStep::Clock, TestStep, TestTable, TestTable::Row, Declaration>)
    return 2;
  if constexpr (kIsOneOf<Part, Days, OptionDecl, OptionLabels, TemplateDecl, TeamDecl, DefineDecl, OnTrigger, WithoutTrigger,
                         ScheduleTrigger, ArithmeticStep, AddAction, Recipient, Otherwise, IfAction, IfAction::Branch, PromiseDecl,
                         MovesDecl::Line, TestDecl>)
    return 3;
  if constexpr (kIsOneOf<Part, Term, Comparison, WorkspaceDecl, StatusGroup, StatusDecl, FieldDecl, EventDecl, ScoreDecl, CounterDecl,
                         ViewDecl, SlaTrigger, Modifier, RuleDecl, AssignAction, CreateTaskAction, CreateDealAction, GivenStep::Happened,
                         TestWaitStep>)
    return 4;
  if constexpr (kIsOneOf<Part, Duration, BareCondition, BusinessHours, PropertyDecl, ScoreLine, TimedTrigger, SetAction>) return 5;
  if constexpr (kIsOneOf<Part, SequenceDecl, WhenStep>) return 6;
  if constexpr (kIsOneOf<Part, WaitAction>) return 7;
  if constexpr (kIsOneOf<Part, Expectation>) return 11;
}

template <typename Part>
auto MembersOf(const Part& part) {
  constexpr std::size_t kCount = Members<Part>();
  if constexpr (kCount == 0) {
    return std::tie();
  } else if constexpr (kCount == 1) {
    const auto& [a] = part;
    return std::tie(a);
  } else if constexpr (kCount == 2) {
    const auto& [a, b] = part;
    return std::tie(a, b);
  } else if constexpr (kCount == 3) {
    const auto& [a, b, c] = part;
    return std::tie(a, b, c);
  } else if constexpr (kCount == 4) {
    const auto& [a, b, c, d] = part;
    return std::tie(a, b, c, d);
  } else if constexpr (kCount == 5) {
    const auto& [a, b, c, d, e] = part;
    return std::tie(a, b, c, d, e);
  } else if constexpr (kCount == 6) {
    const auto& [a, b, c, d, e, f] = part;
    return std::tie(a, b, c, d, e, f);
  } else if constexpr (kCount == 7) {
    const auto& [a, b, c, d, e, f, g] = part;
    return std::tie(a, b, c, d, e, f, g);
  } else if constexpr (kCount == 11) {
    const auto& [a, b, c, d, e, f, g, h, i, j, k] = part;
    return std::tie(a, b, c, d, e, f, g, h, i, j, k);
  }
}

class Comparer {
 public:
  Comparer(const Tokens& left, const Tokens& right) : left_(left), right_(right) {}

  bool Same(const Span& left, const Span& right) const {
    return left_.First(left) == right_.First(right) && left_.Last(left) == right_.Last(right);
  }

  template <typename Part>
  bool Same(const std::vector<Part>& left, const std::vector<Part>& right) const {
    return std::equal(left.begin(), left.end(), right.begin(), right.end(),
                      [this](const Part& one, const Part& other) { return Same(one, other); });
  }

  template <typename Part>
  bool Same(const std::optional<Part>& left, const std::optional<Part>& right) const {
    return left.has_value() == right.has_value() && (!left || Same(*left, *right));
  }

  template <typename Part>
  bool Same(const std::unique_ptr<Part>& left, const std::unique_ptr<Part>& right) const {
    return (left == nullptr) == (right == nullptr) && (left == nullptr || Same(*left, *right));
  }

  template <typename... Parts>
  bool Same(const std::variant<Parts...>& left, const std::variant<Parts...>& right) const {
    return left.index() == right.index() &&
           std::visit([this, &right](const auto& one) { return Same(one, std::get<std::decay_t<decltype(one)>>(right)); }, left);
  }

  template <typename Part>
  bool Same(const Part& left, const Part& right) const {
    if constexpr (std::is_class_v<Part> && !std::is_same_v<Part, std::string>) {
      return std::apply(
          [&](const auto&... one) { return std::apply([&](const auto&... other) { return (Same(one, other) && ...); }, MembersOf(right)); },
          MembersOf(left));
    } else {
      return left == right;
    }
  }

 private:
  const Tokens& left_;
  const Tokens& right_;
};

}  // namespace

bool SameTree(const Declaration& left, const Tokens& left_tokens, const Declaration& right, const Tokens& right_tokens) {
  return Comparer(left_tokens, right_tokens).Same(left, right);
}

}  // namespace stagecraft::layout
