#include "tests/reference/derived.h"

#include <algorithm>
#include <set>

namespace stagecraft::reference {
namespace {

constexpr int kHalvingsMax = 20;
constexpr std::int64_t kHalvedScale = std::int64_t{1} << kHalvingsMax;

// The events that count: those in the window, and since the moment, where there is one.
std::vector<Micros> Counted(const Scene& scene, const sema::EventMatches& matches, Micros within,
                            const std::optional<sema::Reference>& since) {
  std::vector<Micros> times;
  std::optional<Micros> from;
  if (since.has_value()) {
    from = MomentOf(scene, *since);
    if (!from.has_value()) return times;
  }
  for (const Happening& event : scene.contact.happened) {
    const bool inside = within == 0 || scene.contact.now - event.at < within;
    if (inside && (!from.has_value() || event.at >= *from) && MatchesAny(scene.script, matches, event)) times.push_back(event.at);
  }
  return times;
}

// In 2^-20 of a point.
std::int64_t HalvedPoints(const Scene& scene, const sema::Criterion& criterion, Micros at) {
  const std::int64_t whole = criterion.points * kHalvedScale;
  if (criterion.halving_us == 0) return whole;
  const std::int64_t halvings = (scene.contact.now - at) / criterion.halving_us;
  if (halvings >= kHalvingsMax) return 0;
  return whole / (std::int64_t{1} << halvings);
}

std::int64_t ScoreOf(const Scene& scene, const std::vector<sema::Criterion>& criteria) {
  std::int64_t sum = 0;
  for (const sema::Criterion& criterion : criteria) {
    if (!criterion.each) {
      if (Holds(scene, criterion.condition)) sum += criterion.points * kHalvedScale;
      continue;
    }
    for (const Micros at : Counted(scene, criterion.events, criterion.within_us, criterion.since)) {
      sum += HalvedPoints(scene, criterion, at);
    }
  }
  const std::int64_t rest = ((sum % kHalvedScale) + kHalvedScale) % kHalvedScale;
  return (sum - rest) / kHalvedScale;
}

// Everything that time alone could change.
class Candidates {
 public:
  Candidates(const Script& script, const Contact& contact) : scene_{script, contact} {}

  void Add(const sema::Condition& condition) {
    Walk(condition, [&](const sema::Condition& each) {
      if (each.kind == sema::Condition::Kind::kSeen && each.within_us != 0) AddLast(each.events, each.within_us);
      if (each.kind == sema::Condition::Kind::kLately || each.kind == sema::Condition::Kind::kSoon) {
        const Span span = NearSpan(scene_, each);
        moments_.insert(span.first);
        moments_.insert(span.end);
      }
    });
  }
  // Whether something happened within a time changes when the last one of it is over.
  void AddLast(const sema::EventMatches& matches, Micros after) {
    std::optional<Micros> last;
    for (const Happening& event : scene_.contact.happened) {
      if (MatchesAny(scene_.script, matches, event)) last = std::max(last.value_or(event.at), event.at);
    }
    if (last.has_value()) moments_.insert(*last + after);
  }
  void AddEvents(const sema::EventMatches& matches, Micros after) {
    for (const Happening& event : scene_.contact.happened) {
      if (after != 0 && MatchesAny(scene_.script, matches, event)) moments_.insert(event.at + after);
    }
  }
  void Add(const sema::Criterion& criterion) {
    if (!criterion.each) {
      Add(criterion.condition);
      return;
    }
    AddEvents(criterion.events, criterion.within_us);
    for (int i = 1; i <= kHalvingsMax; ++i) {
      const Micros after = i * criterion.halving_us;
      if (criterion.within_us == 0 || after < criterion.within_us) AddEvents(criterion.events, after);
    }
  }
  void Add(const sema::Derived& derived) {
    Add(derived.condition);
    for (const sema::Criterion& criterion : derived.criteria) Add(criterion);
    AddEvents(derived.events, derived.within_us);
  }
  const std::set<Micros>& moments() const { return moments_; }

 private:
  Scene scene_;
  std::set<Micros> moments_;
};

// Every condition whose turning is awaited: what turns true, and what breaks a promise.
void WalkAwaited(const Script& script, const std::function<void(const sema::Condition&)>& look) {
  for (const sema::Promise& promise : script.checked().promises) {
    if (!promise.reads_previous) look(promise.broken);  // the others are looked at when a value changes
  }
  for (std::size_t number = 0; number < script.rules(); ++number) {
    const sema::Trigger& trigger = script.rule(number).trigger;
    if (trigger.kind == sema::Trigger::Kind::kTurnsTrue) look(trigger.condition);
  }
}

// What ends the runs of the contact, or their waits.
void WalkRuns(const Script& script, const Contact& contact, const std::function<void(const sema::Condition&)>& look) {
  for (const Run& run : contact.runs) {
    const sema::Rule& rule = script.rule(run.rule);
    if (!run.begun) continue;
    if (rule.until.has_value()) look(*rule.until);
    if (script.IsDisabled(run.rule)) continue;
    if (run.IsSla()) look(*rule.expected);
    if (run.wait != nullptr) look(run.wait->condition);
  }
}

// What rules see of the contact by time: derived values, then what is awaited.
std::vector<std::int64_t> Seen(const Script& script, const Contact& contact) {
  std::vector<std::int64_t> seen = DerivedOf(script, contact);
  Contact now = contact;
  now.derived = seen;
  WalkAwaited(script, [&](const sema::Condition& condition) { seen.push_back(IsTrue(script, now, condition) ? 1 : 0); });
  return seen;
}

}  // namespace

std::vector<std::int64_t> DerivedOf(const Script& script, const Contact& contact) {
  const sema::CheckedScript& checked = script.checked();
  Contact copy = contact;
  copy.derived.assign(checked.derived.size(), 0);
  if (!contact.IsHere()) return copy.derived;
  const Scene scene{script, copy};
  for (const Symbol symbol : checked.derived_order) {
    const sema::Derived& derived = checked.derived[symbol];
    switch (script.vocabulary().derived()[symbol].kind) {
      case sema::DerivedKind::kCounter:
        copy.derived[symbol] = static_cast<std::int64_t>(Counted(scene, derived.events, derived.within_us, derived.since).size());
        break;
      case sema::DerivedKind::kScore:
        copy.derived[symbol] = ScoreOf(scene, derived.criteria);
        break;
      default:
        copy.derived[symbol] = Holds(scene, derived.condition) ? 1 : 0;
    }
  }
  return copy.derived;
}

bool IsTrue(const Script& script, const Contact& contact, const sema::Condition& condition) {
  return contact.exists && Holds(Scene{script, contact}, condition);
}

Micros NextClosing(const Script& script, const Contact& contact) {
  Candidates candidates(script, contact);
  for (const sema::Derived& derived : script.checked().derived) candidates.Add(derived);
  WalkAwaited(script, [&](const sema::Condition& condition) { candidates.Add(condition); });
  WalkRuns(script, contact, [&](const sema::Condition& condition) { candidates.Add(condition); });
  const auto seen_by = [&](const Contact& each) {
    std::vector<std::int64_t> seen = Seen(script, each);
    Contact now = each;
    now.derived = DerivedOf(script, each);
    WalkRuns(script, each, [&](const sema::Condition& condition) { seen.push_back(IsTrue(script, now, condition) ? 1 : 0); });
    return seen;
  };
  const std::vector<std::int64_t> before = seen_by(contact);
  Contact later = contact;
  for (const Micros moment : candidates.moments()) {
    if (moment <= contact.now || moment == kNever) continue;
    later.now = moment;
    if (seen_by(later) != before) return moment;
  }
  return kNever;
}

bool TimeChangesValues(const Script& script, const Contact& contact, Micros to) {
  Contact later = contact;
  later.now = to;
  return Seen(script, later) != Seen(script, contact);
}

}  // namespace stagecraft::reference
