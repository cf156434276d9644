#include "runtime/scenario/story.h"

#include <algorithm>
#include <numeric>
#include <string>
#include <string_view>
#include <utility>

#include "dsl/support/show.h"
#include "runtime/explain/describe.h"

namespace stagecraft::runtime {
namespace {

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
  if (record.kind != RecordKind::kTimer || record.rule >= kReminderRule) return {};
  const bool ran = std::any_of(record.effects.begin(), record.effects.end(), [](const Effect& effect) {
    return effect.kind == EffectKind::kRuleFired || effect.kind == EffectKind::kRunResumed || effect.kind == EffectKind::kRunEnded;
  });
  const ir::Rule& rule = program.rules[record.rule];
  if (ran || rule.condition == ir::kHolds) return {};
  return rule.once == ir::Rule::Once::kAlways ? "did not run: its `when` does not hold"
                                              : "did not run: its `when` does not hold, or it has run already";
}

std::string Line(std::string_view text) { return CutBytes(text, kStoryLineBytesMax); }

std::size_t BytesOf(const std::vector<std::string>& lines) {
  return std::accumulate(lines.begin(), lines.end(), std::size_t{0}, [](std::size_t sum, const auto& line) { return sum + line.size(); });
}

std::size_t BytesOf(const Happening& happening) {
  std::size_t bytes = happening.at.size() + happening.title.size() + BytesOf(happening.changes);
  for (const Happening::RuleRun& run : happening.rules) bytes += run.rule.size() + run.file.size() + BytesOf(run.changes);
  return bytes;
}

// One record, told.
class Telling {
 public:
  Telling(const ir::Program& program, const Record& record) : program_(program), record_(record), run_of_(record.effects.size(), kUntold) {}

  Happening Tell() {
    for (std::size_t i = 0; i < record_.effects.size(); ++i) {
      const Effect& effect = record_.effects[i];
      if (effect.kind == EffectKind::kRuleFired || effect.kind == EffectKind::kRunResumed) {
        Begin(i);
      } else if (auto change = DescribeEffect(program_, record_, effect)) {
        Add(RuleBehind(record_, effect), change->text);
      }
    }
    if (const std::string why = WhyIdle(program_, record_); !why.empty()) Add(kByEvent, why);
    if (left_out_ > 0) {
      auto& last = happening_.rules.empty() ? happening_.changes : happening_.rules.back().changes;
      last.push_back("… and " + std::to_string(left_out_) + " more");
    }
    return std::move(happening_);
  }

 private:
  static constexpr std::size_t kUntold = static_cast<std::size_t>(-1);

  bool HasRoom() {
    if (lines_ < kStoryLinesMax) {
      ++lines_;
      return true;
    }
    ++left_out_;
    return false;
  }

  // A rule begins to run, or goes on.
  void Begin(std::size_t effect) {
    if (!HasRoom()) return;
    const ir::Rule& rule = program_.rules[record_.effects[effect].target];
    run_of_[effect] = happening_.rules.size();
    happening_.rules.push_back({Line(rule.name), FileOf(program_, rule.place), rule.place.line, {}});
  }

  void Add(std::uint32_t by, std::string_view change) {
    if (!HasRoom()) return;
    // There was room for this, so there was for its rule.
    auto& changes = by == kByEvent ? happening_.changes : happening_.rules[run_of_[by]].changes;
    changes.push_back(Line(change));
  }

  const ir::Program& program_;
  const Record& record_;
  Happening happening_;
  std::vector<std::size_t> run_of_;  // by effect that begins a run of a rule: its place in Happening::rules
  std::size_t lines_ = 0;
  std::size_t left_out_ = 0;
};

}  // namespace

std::vector<Happening> TellStory(const Prepared& prepared, const TestWorld& world) {
  const ir::Program& program = *prepared.program;
  const std::vector<Record>& records = world.records();
  std::vector<Happening> timeline;
  std::size_t bytes = 0;
  for (std::size_t i = records.size(); i > 0 && timeline.size() < kHappeningsMax; --i) {
    const Record& record = records[i - 1];
    Happening happening = Telling(program, record).Tell();
    happening.at =
        std::string(DayName(prepared.calendar.DateOf(record.occurred_at))) + " " + FormatTime(record.occurred_at, prepared.calendar.zone());
    happening.given = i <= world.given_records();
    happening.title = happening.given && IsAboutContact(program, record) ? "a contact" : Line(TitleOf(program, record));
    bytes += BytesOf(happening);
    if (!timeline.empty() && bytes > kStoryBytesMax) break;
    timeline.push_back(std::move(happening));
  }
  std::reverse(timeline.begin(), timeline.end());
  return timeline;
}

}  // namespace stagecraft::runtime
