#include "runtime/explain/turns.h"

#include "runtime/engine/backfill.h"
#include "runtime/exec/executor.h"

namespace stagecraft::runtime {
namespace {

bool IsTurned(const ir::Program& program, std::uint32_t rule) {
  if (rule >= program.rules.size() || !program.rules[rule].declared) return false;
  const ir::TriggerKind trigger = program.rules[rule].trigger;
  return trigger == ir::TriggerKind::kNodeRises || trigger == ir::TriggerKind::kNodeFalls;
}

bool BeginsRound(const Effect& effect) {
  return effect.kind == EffectKind::kRuleFired || effect.kind == EffectKind::kRunResumed || effect.kind == EffectKind::kRetried;
}

// The contact, record by record.
class Replay {
 public:
  Replay(std::uint32_t rule, Contact contact) : rule_(rule), contact_(std::move(contact)) {}

  // `past`: the records before those of this program, oldest last.
  void Follow(const std::shared_ptr<const ir::Program>& program, std::span<const Record> past);
  std::optional<std::uint32_t> Play(const Record& record);

 private:
  bool IsTrue() {
    executor_->Recompute(contact_);
    return contact_.derived[program_->rules[rule_].node] != 0;
  }

  const std::uint32_t rule_;
  Contact contact_;
  SharedState shared_;
  std::shared_ptr<const ir::Program> program_;
  std::optional<Executor> executor_;
};

// What a program tracks that the one before it did not is found in the past, as a deployment finds it.
void Replay::Follow(const std::shared_ptr<const ir::Program>& program, std::span<const Record> past) {
  if (program_ == program) return;
  if (program_ != nullptr) {
    const Backfill backfill(*program_, program);
    if (!backfill.empty()) {
      backfill.Clear(contact_);
      for (auto record = past.rbegin(); record != past.rend(); ++record) backfill.Feed(*record, contact_);
    }
  }
  program_ = program;
  executor_.emplace(program, ExecLimits{});
}

std::optional<std::uint32_t> Replay::Play(const Record& record) {
  // No rule fires by these.
  const bool is_quiet = record.kind == RecordKind::kDeployment || record.kind == RecordKind::kStanding;
  const bool is_turned = !is_quiet && IsTurned(*program_, rule_);
  const bool wanted = is_turned && program_->rules[rule_].trigger == ir::TriggerKind::kNodeRises;
  bool is = is_turned && IsTrue();
  std::optional<std::uint32_t> turned;
  std::uint32_t last = kByEvent;
  const auto look = [&] {
    if (!is_turned) return;
    const bool was = is;
    is = IsTrue();
    if (is != was && is == wanted) turned = last;
  };
  FoldHeader(record, contact_);
  std::int64_t round = 0;
  for (std::uint32_t i = 0; i < record.effects.size(); ++i) {
    const Effect& effect = record.effects[i];
    if (BeginsRound(effect) && effect.number > round) {
      look();
      round = effect.number;
    }
    FoldEffect(*program_, record, effect, contact_, shared_);
    if (effect.by != kByEvent) last = i;
  }
  look();
  return turned;
}

}  // namespace

std::vector<std::optional<std::uint32_t>> FindTurns(std::span<const Record> records,
                                                    std::span<const std::shared_ptr<const ir::Program>> programs, std::uint32_t rule,
                                                    Contact contact) {
  std::vector<std::optional<std::uint32_t>> turns(records.size());
  Replay replay(rule, std::move(contact));
  for (std::size_t i = records.size(); i > 0; --i) {
    if (programs[i - 1] == nullptr) continue;
    replay.Follow(programs[i - 1], records.subspan(i));
    turns[i - 1] = replay.Play(records[i - 1]);
  }
  return turns;
}

}  // namespace stagecraft::runtime
