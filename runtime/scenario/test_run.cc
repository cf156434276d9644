#include "runtime/scenario/test_run.h"

#include <algorithm>
#include <utility>

#include "dsl/support/overloaded.h"
#include "dsl/support/show.h"
#include "runtime/scenario/judge.h"
#include "runtime/scenario/story.h"

namespace stagecraft::runtime {
namespace {

// Monday 2026-01-05 at 09:00: a working day without a change of the clocks near it.
constexpr sema::TestMoment kFirstMoment{20'458, 9 * 60};

ir::Duration DurationOf(const sema::Duration& duration) { return {duration.micros, duration.months, duration.business}; }

ir::Recurrence RecurrenceOf(const sema::Recurrence& recurrence) {
  return {recurrence.days, recurrence.business_days, recurrence.day_of_month, recurrence.minute};
}

}  // namespace

TestRun::TestRun(const Prepared& prepared, const sema::Test& test, const Onlooker& onlooker)
    : prepared_(prepared), test_(test), counts_(onlooker.counts), world_(prepared, StartOf(), onlooker), span_(test.span) {}

Micros TestRun::MomentOf(const sema::TestMoment& moment) const {
  return prepared_.calendar.AtMinute(prepared_.calendar.StartOf(moment.days), moment.minute);
}

Micros TestRun::StartOf() const {
  const auto* clock = test_.steps.empty() ? nullptr : std::get_if<sema::TestClock>(&test_.steps.front().node);
  return MomentOf(clock != nullptr ? clock->at : kFirstMoment);
}

bool TestRun::Fail(std::string tried, std::string why) {
  failures_.push_back({Code::kStepFailed, span_, std::move(tried), CutBytes(why, kFailureBytesMax)});
  return false;
}

bool TestRun::Check(const Status& status, std::string tried) {
  cancelled_ = status.code == StatusCode::kCancelled;
  return status.ok() || (cancelled_ ? false : Fail(std::move(tried), status.message));
}

void TestRun::Run(TestOutcome& outcome, bool told) {
  bool good = Begin();
  for (const sema::TestStep& step : test_.steps) {
    if (!good) break;
    span_ = step.span;
    good = Take(step);
  }
  if (good) CheckPromises();
  if (counts_ != nullptr) {
    for (const Record& record : world_.records()) counts_->Add(record);
  }
  outcome.ran = !cancelled_;
  outcome.failures = std::move(failures_);
  if (outcome.failures.empty()) return;
  if (told) outcome.timeline = TellStory(prepared_, world_);
  outcome.untold = static_cast<std::uint32_t>(world_.records().size() - outcome.timeline.size());
}

bool TestRun::Begin() {
  std::vector<sema::TestValue> facts;
  std::vector<TestWorld::Past> past;
  for (const sema::TestStep& step : test_.steps) {
    if (const auto* given = std::get_if<sema::TestFacts>(&step.node)) {
      facts.insert(facts.end(), given->values.begin(), given->values.end());
      span_ = step.span;
    } else if (const auto* happened = std::get_if<sema::TestHappened>(&step.node)) {
      const Micros at = prepared_.calendar.Subtract(world_.now(), DurationOf(happened->ago));
      past.push_back({&happened->event, at});
    }
  }
  return Check(world_.Begin(facts, std::move(past)), "to begin with what is given");
}

bool TestRun::Take(const sema::TestStep& step) {
  return std::visit(
      Overloaded{[](const sema::TestClock&) { return true; }, [](const sema::TestFacts&) { return true; },
                 [](const sema::TestHappened&) { return true; }, [&](const sema::TestHappens& node) { return Happen(node.event); },
                 [&](const sema::TestUser& node) { return Check(world_.ChangeUser(node), "to say where `" + node.user + "` is"); },
                 [&](const sema::TestWait& node) { return Wait(node); }, [&](const sema::TestExpects& node) { return Expect(node); }},
      step.node);
}

bool TestRun::Happen(const sema::TestEvent& event) {
  for (std::uint32_t i = 0; i < event.times; ++i) {
    Status status;
    if (i > 0) status = PassTo(prepared_.calendar.Add(world_.now(), DurationOf(event.apart)));
    if (status.ok()) status = world_.Happen(event);
    if (!Check(status, "to apply `" + event.event + "`")) return false;
  }
  return true;
}

bool TestRun::Wait(const sema::TestWait& wait) {
  Micros moment = world_.now();
  if (wait.duration) {
    moment = prepared_.calendar.Add(moment, DurationOf(*wait.duration));
  } else if (wait.next) {
    moment = prepared_.calendar.Next(RecurrenceOf(*wait.next), moment);
    if (moment == Calendar::kNever) return Fail("to wait", "there is no such moment within ten years");
  } else if (wait.until) {
    moment = MomentOf(*wait.until);
    if (moment < world_.now()) {
      return Fail("to wait", "it is " + FormatTime(world_.now(), prepared_.calendar.zone()) + " already");
    }
  }
  return Check(PassTo(moment), "to wait");
}

Status TestRun::PassTo(Micros moment) {
  if (moment <= Calendar::kLastMoment) return world_.PassTo(moment);
  return {StatusCode::kInvalidArgument, reasons::kTestTooLong, "a test ends before the year 10000", {}};
}

bool TestRun::Expect(const sema::TestExpects& expects) {
  Judge judge(prepared_, world_);
  for (const sema::TestExpectation& expectation : expects.expectations) {
    std::optional<std::string> found = judge.Contradict(expectation);
    if (!found) continue;
    failures_.push_back(
        {Code::kExpectationFailed, expectation.span, CutBytes(expectation.written, kFailureBytesMax), CutBytes(*found, kFailureBytesMax)});
  }
  return failures_.empty();
}

void TestRun::CheckPromises() {
  const auto expects_broken = [](const sema::TestStep& step) {
    const auto* expects = std::get_if<sema::TestExpects>(&step.node);
    return expects != nullptr && std::any_of(expects->expectations.begin(), expects->expectations.end(), [](const auto& expectation) {
             return expectation.kind == sema::TestExpectation::Kind::kPromise && !expectation.negated;
           });
  };
  if (std::any_of(test_.steps.begin(), test_.steps.end(), expects_broken)) return;
  const std::optional<std::string> broken = Judge(prepared_, world_).BrokenPromise();
  if (!broken) return;
  failures_.push_back({Code::kExpectationFailed, test_.name_span, "no broken promise",
                       "`" + CutBytes(*broken, kFailureBytesMax) + "` is broken in this test"});
}

}  // namespace stagecraft::runtime
