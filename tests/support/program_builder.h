// Programs made by hand, for tests of the machine that should not depend on the compiler. Everything that is declared gets
// the next number; Build works out the indexes.
#ifndef STAGECRAFT_TESTS_SUPPORT_PROGRAM_BUILDER_H_
#define STAGECRAFT_TESTS_SUPPORT_PROGRAM_BUILDER_H_

#include <cstdint>
#include <initializer_list>
#include <memory>
#include <string>
#include <vector>

#include "dsl/ir/program.h"

namespace stagecraft::runtime {

class ProgramBuilder {
 public:
  ProgramBuilder();

  // ---- vocabulary ----
  // Options are ranked in their order; "Parent/Child" is a sub-value of "Parent", which must come before it.
  std::uint32_t Options(const std::string& name, const std::vector<std::string>& labels, bool forward_only = false);
  std::uint32_t Property(const std::string& name, ir::Type type);
  std::uint32_t Event(const std::string& name, const std::vector<ir::Field>& fields = {});
  std::uint32_t Team(const std::string& name, const std::vector<std::string>& members, const std::string& manager = "");
  // `window_us` 0: for ever.
  std::uint32_t Tracker(std::uint32_t event, std::int64_t window_us = 0, bool keeps_all = true, ir::Entry condition = ir::kHolds);

  // ---- conditions; each goes on to `then` or `otherwise` ----
  ir::Entry Test(const ir::Test& test);
  ir::Entry Is(std::uint32_t slot, std::initializer_list<int> options, ir::Entry then = ir::kHolds, ir::Entry otherwise = ir::kFails);
  ir::Entry IsSet(std::uint32_t slot, ir::Entry then = ir::kHolds, ir::Entry otherwise = ir::kFails);
  ir::Entry Compare(ir::Op op, const ir::Operand& operand, std::int64_t imm, ir::Entry then = ir::kHolds, ir::Entry otherwise = ir::kFails);
  ir::Entry Text(ir::Op op, const ir::Operand& operand, const std::string& folded, ir::Entry then = ir::kHolds,
                 ir::Entry otherwise = ir::kFails);
  ir::Entry Seen(std::uint32_t tracker, std::int64_t window_us, ir::Entry then = ir::kHolds, ir::Entry otherwise = ir::kFails);
  ir::Entry SeenSinceRun(std::uint32_t tracker, ir::Entry then = ir::kHolds, ir::Entry otherwise = ir::kFails);
  ir::Entry SeenSince(std::uint32_t tracker, const ir::Since& since, ir::Entry then = ir::kHolds, ir::Entry otherwise = ir::kFails);

  // ---- derived values, in topological order ----
  std::uint32_t Watch(ir::Entry condition);
  std::uint32_t List(const std::string& name, ir::Entry condition);
  std::uint32_t Counter(const std::string& name, std::uint32_t tracker, std::int64_t window_us, std::optional<ir::Since> since = {});
  std::uint32_t Criterion(ir::Entry condition, std::int64_t points);
  std::uint32_t Each(std::uint32_t tracker, std::int64_t window_us, std::int64_t points);
  // `tracker` must keep kHalvingsMax times `halving_us`.
  std::uint32_t Halving(std::uint32_t tracker, std::int64_t halving_us, std::int64_t points);
  std::uint32_t Score(const std::string& name, const std::vector<std::uint32_t>& criteria);

  // ---- rules, in the order of the script ----
  ir::Rule& OnEvent(const std::string& name, std::uint32_t event, ir::Entry condition = ir::kHolds);
  ir::Rule& OnBecomes(const std::string& name, std::uint32_t slot, std::initializer_list<int> options);
  ir::Rule& OnChange(const std::string& name, std::uint32_t slot);
  ir::Rule& OnRise(const std::string& name, std::uint32_t node);
  ir::Rule& OnFall(const std::string& name, std::uint32_t node);
  ir::Rule& OnStay(const std::string& name, std::uint32_t slot, std::initializer_list<int> options, std::int64_t delay_us);
  ir::Rule& Without(const std::string& name, std::uint32_t tracker, std::int64_t delay_us);
  // `delay` after the event or before what its field announces.
  ir::Rule& AfterEvent(const std::string& name, std::uint32_t event, std::int64_t delay_us);
  ir::Rule& BeforeAnnounced(const std::string& name, std::uint32_t event, std::uint32_t field, std::int64_t delay_us);
  ir::Rule& OnDate(const std::string& name, const ir::Operand& date, const ir::Duration& delay, bool before);
  ir::Rule& Every(const std::string& name, const ir::Recurrence& recurrence);
  ir::Rule& Sequence(const std::string& name);

  // ---- waits, branches and sequences ----
  static ir::Action WaitFor(const ir::Duration& duration);
  static ir::Action WaitUntil(ir::Entry condition, std::optional<ir::Duration> at_most = {}, std::uint32_t timeout = ir::kNoAction);
  static ir::Action WaitUntilMoment(const ir::Operand& moment);
  static ir::Action Branch(ir::Entry condition, std::uint32_t otherwise);
  static ir::Action Jump(std::uint32_t target);
  static ir::Action Split(const std::vector<ir::Share>& shares);
  static ir::Action End();
  static ir::Action Enrol(std::uint32_t sequence);
  static ir::Action Leave(std::uint32_t sequence);
  static ir::Duration Hours(std::int64_t hours);
  static ir::Duration Months(std::int32_t months);

  // ---- promises ----
  ir::Promise& Promise(const std::string& text, ir::Promise::Kind kind);

  // ---- actions and the texts that they read ----
  static ir::Action Set(std::uint32_t slot, std::int64_t value);
  static ir::Action Clear(std::uint32_t slot);
  ir::Action SetText(std::uint32_t slot, const ir::Template& text);
  static ir::Action SetCopy(std::uint32_t slot, const ir::Operand& from);
  static ir::Action Rotate(std::uint32_t slot, std::uint32_t team);
  ir::Action Notify(const ir::Recipient& to, const ir::Template& text);
  ir::Action CreateTask(const std::optional<ir::Recipient>& to, const ir::Template& title);

  static ir::Operand Of(std::uint32_t slot, ir::Type type);
  static ir::Operand Node(std::uint32_t node);
  static ir::Operand Entered(std::uint32_t slot, std::uint32_t option);
  static ir::Operand Field(std::uint32_t field, ir::Type type);
  static ir::Mask MaskOf(std::initializer_list<int> options);

  ir::Program& program() { return program_; }
  std::shared_ptr<const ir::Program> Build();

 private:
  ir::Rule& AddRule(const std::string& name, ir::TriggerKind trigger);
  std::uint32_t AddNode(const std::string& name, ir::NodeKind kind);
  std::uint32_t AddTemplate(const ir::Template& text);

  ir::Program program_;
};

}  // namespace stagecraft::runtime

#endif  // STAGECRAFT_TESTS_SUPPORT_PROGRAM_BUILDER_H_
