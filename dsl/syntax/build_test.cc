#include "dsl/syntax/build.h"

namespace stagecraft::syntax {

Fact BuildFact(Children& children) { return {children.Need<Phrase>(), children.Has(Role::kInList)}; }

TestStep BuildGivenContact(Children& children) { return {GivenStep{GivenStep::ContactFacts{children.TakeAll<Fact>()}}, children.span()}; }

TestStep BuildGivenClock(Children& children) {
  std::vector<Term> terms = children.TakeAll<Term>();
  GivenStep::Clock clock{terms.front(), std::nullopt};
  if (terms.size() > 1) clock.time = std::move(terms.back());
  return {GivenStep{std::move(clock)}, children.span()};
}

TestStep BuildGivenEvent(Children& children) {
  GivenStep::Happened happened;
  happened.event = children.Need<Phrase>();
  happened.fields = children.TakeAll<Fact>();
  happened.times = children.Take<Term>(Role::kTimes);
  happened.ago = children.Take<Duration>(Role::kAgo);
  return {GivenStep{std::move(happened)}, children.span()};
}

TestStep BuildWhenStep(Children& children) {
  WhenStep when;
  when.phrase = children.Need<Phrase>();
  when.fields = children.TakeAll<Fact>();
  when.times = children.Take<Term>(Role::kTimes);
  when.apart = children.Take<Duration>(Role::kApart);
  if (children.Has(Role::kStarted)) when.kind = WhenStep::Kind::kRuleStarted;
  if (children.Has(Role::kCleared)) when.kind = WhenStep::Kind::kCleared;
  if (auto value = children.Take<Phrase>(Role::kBecomes)) {
    when.kind = WhenStep::Kind::kBecomes;
    when.value = std::move(*value);
  }
  return {std::move(when), children.span()};
}

TestStep BuildTestWait(Children& children) {
  TestWaitStep wait;
  wait.duration = children.Take<Duration>();
  wait.days = children.Take<Days>();
  wait.at = children.Take<Term>(Role::kAt);
  for (Term& term : children.TakeAll<Term>()) {
    auto& place = term.kind == Term::Kind::kClock ? wait.at : wait.date;
    place = std::move(term);
  }
  return {std::move(wait), children.span()};
}

Expectation BuildExpected(Children& children, Expectation::Kind kind) {
  Expectation expected;
  expected.kind = kind;
  expected.negated = children.Has(Role::kNot);
  expected.condition = children.Need<ConditionPtr>();
  expected.because = children.Take<Term>(Role::kBecause);
  expected.text = children.Take<Term>();
  expected.recipient = children.Take<Recipient>(Role::kFor);
  expected.due_in = children.Take<Duration>(Role::kDueIn);
  expected.times = children.Take<Term>(Role::kTimes);
  auto& stage = kind == Expectation::Kind::kSla ? expected.state : expected.stage;
  stage = children.Take<Term>(Role::kStage);
  expected.span = children.span();
  return expected;
}

// `no task "Call"`
Expectation BuildNoThing(Children& children) {
  Expectation expected = children.Need<Expectation>();
  expected.negated = true;
  expected.span = children.span();
  return expected;
}

TestStep BuildExpectStep(Children& children) { return {ExpectStep{children.TakeAll<Expectation>()}, children.span()}; }

// The whole sentence, with its `given`.
TestStep BuildStep(Children& children) {
  TestStep step = children.Need<TestStep>();
  step.span = children.span();
  return step;
}

TestTable::Row BuildRow(Children& children) { return {children.TakeAll<Term>(), children.span()}; }

TestTable BuildTable(Children& children) { return {children.TakeAll<Term>(Role::kColumn), children.TakeAll<TestTable::Row>()}; }

Declaration BuildTest(Children& children) {
  TestDecl test;
  test.name = children.Need<Term>();
  test.table = children.Take<TestTable>();
  test.steps = children.TakeAll<TestStep>();
  return {std::move(test), children.span()};
}

}  // namespace stagecraft::syntax
