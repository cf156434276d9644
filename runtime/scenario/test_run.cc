#include "runtime/scenario/test_run.h"

#include <algorithm>
#include <utility>

#include "dsl/support/overloaded.h"
#include "runtime/explain/describe.h"
#include "runtime/scenario/judge.h"

namespace stagecraft::runtime {
namespace {

// Monday 2026-01-05 at 09:00: a working day without a change of the clocks near it.
constexpr sema::TestMoment kFirstMoment{20'458, 9 * 60};

ir::Duration DurationOf(const sema::Duration& duration) { return {duration.micros, duration.months, duration.business}; }

ir::Recurrence RecurrenceOf(const sema::Recurrence& recurrence) {
  return {recurrence.days, recurrence.business_days, recurrence.day_of_month, recurrence.minute};
}

std::string_view DayName(std::int64_t days) {
  static constexpr std::string_view kNames[] = {"Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"};
  return kNames[((days % 7) + 7) % 7];
}

// What `given a contact` comes to.
bool IsAboutContact(const ir::Program& program, const Record& record) {
  return record.kind == RecordKind::kEvent &&
         (record.event == program.well_known.contact_created || record.event == program.well_known.contact_updated);
}

// The effect that begins what the rule behind `effect` did; of what follows from a change (a score, a list, a broken promise), the rule
// that made the change. kByEvent: no rule.
std::uint32_t RuleBehind(const Record& record, const Effect& effect) {
  const Effect* owed = &effect;
  while (owed->by == kByEvent && owed->trigger != kByEvent) owed = &record.effects[owed->trigger];
  return owed->by;
}

// Why a rule did nothing when its time had come; empty when it ran, or where there is no more to say.
std::string WhyIdle(const ir::Program& program, const Record& record) {
  if (record.kind != RecordKind::kTimer || record.rule == kNoRule) return {};
  const bool ran = std::any_of(record.effects.begin(), record.effects.end(), [](const Effect& effect) {
    return effect.kind == EffectKind::kRuleFired || effect.kind == EffectKind::kRunResumed || effect.kind == EffectKind::kRunEnded;
  });
  const ir::Rule& rule = program.rules[record.rule];
  if (ran || rule.condition == ir::kHolds) return {};
  return rule.once == ir::Rule::Once::kAlways ? "did not run: its `when` does not hold"
                                              : "did not run: its `when` does not hold, or it has run already";
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
  failures_.push_back({Code::kStepFailed, span_, std::move(tried), std::move(why)});
  return false;
}

bool TestRun::Check(const Status& status, std::string tried) {
  cancelled_ = status.code == StatusCode::kCancelled;
  return status.ok() || (cancelled_ ? false : Fail(std::move(tried), status.message));
}

void TestRun::Run(TestOutcome& outcome) {
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
  if (!outcome.failures.empty()) outcome.timeline = Timeline();
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
      for (std::uint32_t i = 0; i < happened->event.times; ++i) past.push_back({&happened->event, at});
    }
  }
  return Check(world_.Begin(facts, std::move(past)), "to begin with what is given");
}

bool TestRun::Take(const sema::TestStep& step) {
  return std::visit(
      Overloaded{[](const sema::TestClock&) { return true; }, [](const sema::TestFacts&) { return true; },
                 [](const sema::TestHappened&) { return true; }, [&](const sema::TestHappens& node) { return Happen(node.event); },
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
  return {StatusCode::kInvalidArgument, {}, "a test ends before the year 10000", {}};
}

bool TestRun::Expect(const sema::TestExpects& expects) {
  Judge judge(prepared_, world_);
  for (const sema::TestExpectation& expectation : expects.expectations) {
    std::optional<std::string> found = judge.Contradict(expectation);
    if (found) failures_.push_back({Code::kExpectationFailed, expectation.span, expectation.written, std::move(*found)});
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
  failures_.push_back({Code::kExpectationFailed, test_.name_span, "no broken promise", "`" + *broken + "` is broken in this test"});
}

std::vector<Happening> TestRun::Timeline() {
  const ir::Program& program = *prepared_.program;
  std::vector<Happening> timeline;
  for (const Record& record : world_.records()) {
    Happening happening;
    happening.at = std::string(DayName(prepared_.calendar.DateOf(record.occurred_at))) + " " +
                   FormatTime(record.occurred_at, prepared_.calendar.zone());
    happening.given = timeline.size() < world_.given_records();
    happening.title = happening.given && IsAboutContact(program, record) ? "a contact" : TitleOf(program, record);
    std::vector<std::size_t> run_of(record.effects.size(), 0);  // by effect that begins a run of a rule: its place in `rules`
    for (std::size_t i = 0; i < record.effects.size(); ++i) {
      const Effect& effect = record.effects[i];
      if (effect.kind == EffectKind::kRuleFired || effect.kind == EffectKind::kRunResumed) {
        const ir::Rule& rule = program.rules[effect.target];
        run_of[i] = happening.rules.size();
        happening.rules.push_back({rule.name, FileOf(program, rule.place), rule.place.line, {}});
        continue;
      }
      auto change = DescribeEffect(program, record, effect);
      if (!change) continue;
      const std::uint32_t by = RuleBehind(record, effect);
      auto& changes = by == kByEvent ? happening.changes : happening.rules[run_of[by]].changes;
      changes.push_back(std::move(change->text));
    }
    if (std::string why = WhyIdle(program, record); !why.empty()) happening.changes.push_back(std::move(why));
    timeline.push_back(std::move(happening));
  }
  if (timeline.size() > kHappeningsMax) timeline.erase(timeline.begin(), timeline.end() - static_cast<std::ptrdiff_t>(kHappeningsMax));
  return timeline;
}

}  // namespace stagecraft::runtime
