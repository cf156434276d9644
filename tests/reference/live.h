// The engine that the reference is held against: the core that serves, on a store in memory, moved by hand.
#ifndef STAGECRAFT_TESTS_REFERENCE_LIVE_H_
#define STAGECRAFT_TESTS_REFERENCE_LIVE_H_

#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "runtime/engine/core.h"
#include "runtime/engine/simulated.h"
#include "runtime/store/memory_store.h"
#include "tests/support/random_history.h"

namespace stagecraft::reference {

// More falls due in one step than anybody wants to wait for: a rule that sets itself off, several times each time, for a month.
class TooLong : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

class Live {
 public:
  // `restarts`: Restart will be called; otherwise beginning is quicker.
  Live(std::shared_ptr<const ir::Program> program, const std::vector<runtime::Revision::File>& files, runtime::Micros start, bool restarts,
       std::uint8_t routes);

  const ir::Program& program() const { return core_->view().program(); }
  // The engine's time, which the machine's clock may be behind.
  runtime::Micros now() const { return now_; }
  const runtime::Contact* Find(std::string_view id) const { return core_->view().FindContact(id); }
  std::size_t contacts() const { return core_->view().stats().contacts; }
  const runtime::View& view() const { return core_->view(); }
  const runtime::Contact& contact(std::uint32_t number) const { return *core_->view().ContactAt(number); }

  runtime::EventResult Apply(const runtime::EventInput& input);
  // Fires what falls due up to `to`, in order; late events are not waited for. Throws TooLong.
  void AdvanceTo(runtime::Micros to);
  // Somebody sets the machine's clock back, until time passes or the engine starts anew.
  void SetBack(runtime::Micros by) { clock_.Set(now_ - by); }
  void SayOfUser(const runtime::UserChange& change);
  runtime::Status Retry(std::int64_t failure, bool& is_done);
  void PutOutcome(const runtime::Dispatch& outcome);
  runtime::Status RetryDispatch(std::int64_t dispatch);
  void SwitchRule(std::uint32_t rule, bool on);
  void StopRuns(const runtime::StopRunsRequest& request);
  // Deployed on top of what runs; nothing is when they do not compile.
  std::shared_ptr<const ir::Program> Deploy(const std::vector<runtime::Revision::File>& files, bool enrols);
  runtime::EventResult Change(const runtime::CompanyInput& input);
  // Values of companies, a line each.
  std::vector<std::string> ShowCompanies() const;
  // Gives the reason why it cannot be; empty: it is done.
  std::string Change(const runtime::RandomStanding& standing);
  // As after a crash, with a checkpoint or without one. What has become different by it; empty: nothing.
  std::string Restart(bool with_checkpoint);
  // The records since the last call.
  std::vector<runtime::Record> TakeRecords();

 private:
  std::string Digest() const;
  void Open();

  std::unique_ptr<runtime::Store> store_ = runtime::NewMemoryStore();
  runtime::EngineOptions options_;
  runtime::Micros now_;
  runtime::ManualClock clock_;
  runtime::SeededRandom random_{1};
  std::unique_ptr<runtime::Core> core_;
  runtime::Sequence taken_ = 0;
};

}  // namespace stagecraft::reference

#endif  // STAGECRAFT_TESTS_REFERENCE_LIVE_H_
