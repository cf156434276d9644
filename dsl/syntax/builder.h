// What the grammar's actions build: a stack of finished parts. A rule that matches takes the parts that were made since it began
// and leaves one in their place; a rule that fails drops them, so that nothing of a failed alternative stays.
#ifndef STAGECRAFT_DSL_SYNTAX_BUILDER_H_
#define STAGECRAFT_DSL_SYNTAX_BUILDER_H_

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "dsl/support/diagnostic.h"
#include "dsl/support/limits.h"
#include "dsl/support/source.h"
#include "dsl/syntax/labels.h"
#include "dsl/syntax/tree.h"

namespace stagecraft::syntax {

// What a part is for, where its type alone does not say it.
enum class Role : std::uint8_t {
  kNone,
  kTypeName,
  kInternalName,
  kNote,
  kMember,
  kManager,
  kWeight,
  kSynonym,
  kAnnounces,
  kWithdraws,
  kForwardOnly,
  kSubject,
  kBody,
  kHalving,
  kEach,
  kByHand,
  kWith,
  kWithin,
  kSince,
  kLast,
  kNext,
  kExpected,
  kBusiness,
  kUnit,
  kNot,
  kAnd,
  kOr,
  kBackTo,
  kBecause,
  kSubtract,
  kFrom,
  kTo,
  kMethod,
  kKeeping,
  kFor,
  kDueIn,
  kPriority,
  kRemind,
  kPipeline,
  kStage,
  kAmount,
  kManagerOf,
  kLeaving,
  kWithout,
  kBefore,
  kAt,
  kAtMost,
  kDayOfMonth,
  kDo,
  kElse,
  kElseKeyword,
  kFinally,
  kFinallyKeyword,
  kStopWhen,
  kColumn,
  kDescending,
  kLater,
  kTimeZone,
  kWhen,
  kInList,
  kTimes,
  kAgo,
  kApart,
  kBecomes,
  kCleared,
  kStarted,
  kNo,
};

struct Flag {};

// The kind of sentence that is being read, where words mean something that they do not mean elsewhere.
enum class Context : std::uint8_t { kAny, kView, kTest };

// How the parts of the `split` that is being read are told from the percentages in its actions: none is being read; each part begins a
// line; or all stand in one line, and a percentage before an action begins a part.
enum class SplitStyle : std::uint8_t { kNone, kLines, kInline };

struct Part {
  Role role = Role::kNone;
  Span span;
  std::variant<Flag, Term, Phrase, Duration, ConditionPtr, Comparator, Operand, Range, OptionDecl, OptionLabels::Label, OptionLabels,
               OptionProbability, StatusGroup, StatusGroupKind, FieldDecl, PipelineDecl::Stage, TeamDecl::Member, ScoreLine, CounterEvent,
               ViewDecl::SortKey, MovesDecl::Target, MovesDecl::Line, Recipient, Days, Trigger, Modifier, ArithmeticOp, ArithmeticStep,
               Otherwise, IfAction::Branch, SplitAction::Part, Action, Fact, TestTable::Row, TestTable, Expectation, TestStep,
               BusinessHours, Holiday, Declaration>
      value;
};

class Builder {
 public:
  Builder(const Source& source, std::uint32_t source_index, const Limits& limits)
      : source_(source), source_index_(source_index), limits_(limits) {}

  // A place to go back to when a rule fails.
  struct Mark {
    std::size_t parts;
    std::size_t diagnostics;
    std::uint32_t begin;
    std::uint32_t last_end;
  };
  Mark SetMark(std::size_t begin) const { return {parts_.size(), diagnostics_.size(), static_cast<std::uint32_t>(begin), last_end_}; }
  void RollBack(const Mark& mark) {
    // Most rules that do not match have built nothing.
    if (parts_.size() != mark.parts) parts_.resize(mark.parts);
    if (diagnostics_.size() != mark.diagnostics) diagnostics_.resize(mark.diagnostics);
    last_end_ = mark.last_end;
  }

  // The end of the token before: white space after it belongs to no part.
  void EndToken(std::size_t end) { last_end_ = static_cast<std::uint32_t>(end); }
  std::uint32_t last_end() const { return last_end_; }
  Span SpanFrom(const Mark& mark) const { return {source_index_, mark.begin, std::max(mark.begin, last_end_)}; }
  Span SpanOf(std::size_t begin, std::size_t end) const {
    return {source_index_, static_cast<std::uint32_t>(begin), static_cast<std::uint32_t>(end)};
  }
  std::string_view TextOf(const Span& span) const { return source_.At(span); }

  std::vector<Part>& parts() { return parts_; }
  std::vector<Diagnostic>& diagnostics() { return diagnostics_; }
  const Source& source() const { return source_; }
  const Limits& limits() const { return limits_; }

  // A mistake that does not hinder reading on.
  void Report(Code code, const Span& span, std::string message, std::string label = {}, std::vector<std::string> help = {},
              std::vector<Fix> fixes = {});

  // The furthest place at which something was expected, and what: the base of the message when a declaration cannot be read.
  // `labels`: how many were expected there before; those that came later are parts of what this label stands for.
  void Expect(std::size_t offset, Label label, std::size_t labels);
  std::size_t ExpectedAt(std::size_t offset) const { return offset == furthest_ ? expected_.size() : 0; }
  std::uint32_t furthest() const { return furthest_; }
  // Where the last token before the furthest place ended.
  std::uint32_t furthest_token_end() const { return furthest_token_end_; }
  const std::vector<Label>& expected() const { return expected_; }

  // False when parentheses and blocks are nested deeper than the limit allows; then the place is noted.
  bool EnterNesting(std::size_t offset);
  void LeaveNesting() { --depth_; }
  std::optional<std::uint32_t> too_deep_at() const { return too_deep_at_; }
  // A phrase has more than kPhraseTermsMax terms; the first one too many stands at `offset`.
  void NoteTooLong(std::size_t offset) { too_long_at_ = static_cast<std::uint32_t>(offset); }
  std::optional<std::uint32_t> too_long_at() const { return too_long_at_; }
  void ForgetLimits() {
    too_deep_at_.reset();
    too_long_at_.reset();
  }

  // Whether a declaration keyword at the start of a line ends a phrase: in files, not in conditions alone.
  bool declarations_end_phrases = true;

  Context context() const { return context_; }
  void set_context(Context context) { context_ = context; }
  SplitStyle split_style() const { return split_style_; }
  void set_split_style(SplitStyle style) { split_style_ = style; }

 private:
  const Source& source_;
  std::uint32_t source_index_;
  const Limits& limits_;
  std::vector<Part> parts_;
  std::vector<Diagnostic> diagnostics_;
  std::vector<Label> expected_;
  std::uint32_t furthest_ = 0;
  std::uint32_t furthest_token_end_ = 0;
  std::uint32_t last_end_ = 0;
  std::uint32_t depth_ = 0;
  std::optional<std::uint32_t> too_deep_at_;
  std::optional<std::uint32_t> too_long_at_;
  Context context_ = Context::kAny;
  SplitStyle split_style_ = SplitStyle::kNone;
};

// The parts that one rule has made, for the function that makes one part of them.
class Children {
 public:
  Children(Builder& builder, std::size_t first, Span span) : builder_(builder), first_(first), span_(span) {}

  Builder& builder() { return builder_; }
  const Span& span() const { return span_; }

  // The part of this type and role; nothing when there is none. A second one is reported as repeated.
  template <typename T>
  std::optional<T> Take(Role role = Role::kNone) {
    std::optional<T> taken;
    const std::size_t end = builder_.parts().size();
    for (std::size_t i = first_; i < end; ++i) {
      T* value = ValueAt<T>(i, role);
      if (value == nullptr) continue;
      if (taken) {
        const Span repeated = builder_.parts()[i].span;
        const std::string text(builder_.TextOf(repeated));
        builder_.Report(Code::kRepeatedPart, repeated, "`" + text + "` repeats a part of the sentence", "given before");
        break;
      }
      taken = std::move(*value);
    }
    return taken;
  }

  // The part that the grammar guarantees.
  template <typename T>
  T Need(Role role = Role::kNone) {
    std::optional<T> taken = Take<T>(role);
    return taken ? std::move(*taken) : T{};
  }

  template <typename T>
  std::vector<T> TakeAll(Role role = Role::kNone) {
    std::vector<T> all;
    for (std::size_t i = first_; i < builder_.parts().size(); ++i) {
      if (T* value = ValueAt<T>(i, role)) all.push_back(std::move(*value));
    }
    return all;
  }

  const Part* Find(Role role) const {
    for (std::size_t i = first_; i < builder_.parts().size(); ++i) {
      if (builder_.parts()[i].role == role) return &builder_.parts()[i];
    }
    return nullptr;
  }
  // The roles of the flags, in their order.
  std::vector<Role> FlagRoles() const {
    std::vector<Role> roles;
    for (std::size_t i = first_; i < builder_.parts().size(); ++i) {
      if (std::holds_alternative<Flag>(builder_.parts()[i].value)) roles.push_back(builder_.parts()[i].role);
    }
    return roles;
  }
  // The first part of this type, whatever its role.
  template <typename T>
  const Part* FindOf() const {
    for (std::size_t i = first_; i < builder_.parts().size(); ++i) {
      if (std::holds_alternative<T>(builder_.parts()[i].value)) return &builder_.parts()[i];
    }
    return nullptr;
  }
  bool Has(Role role) const { return Find(role) != nullptr; }
  std::size_t Count(Role role) const {
    return static_cast<std::size_t>(std::count_if(builder_.parts().begin() + static_cast<std::ptrdiff_t>(first_), builder_.parts().end(),
                                                  [role](const Part& part) { return part.role == role; }));
  }

 private:
  template <typename T>
  T* ValueAt(std::size_t i, Role role) {
    Part& part = builder_.parts()[i];
    return part.role == role ? std::get_if<T>(&part.value) : nullptr;
  }

  Builder& builder_;
  std::size_t first_;
  Span span_;
};

}  // namespace stagecraft::syntax

#endif  // STAGECRAFT_DSL_SYNTAX_BUILDER_H_
