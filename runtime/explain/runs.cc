#include "runtime/explain/runs.h"

#include <algorithm>
#include <memory>
#include <utility>

#include "dsl/support/nearest.h"
#include "dsl/support/text.h"
#include "runtime/engine/core.h"
#include "runtime/explain/describe.h"
#include "runtime/model/contact.h"
#include "runtime/model/reasons.h"

namespace stagecraft::runtime {
namespace {

constexpr std::uint32_t kContactsMax = 100'000;  // looked at by one call
constexpr std::uint32_t kRecordsMax = 20'000;    // likewise
constexpr std::uint32_t kRecordsPage = 512;
// How far back the beginning of a run is looked for.
constexpr std::uint32_t kBeginningMax = 1'024;

RunState StateOf(RunEnd end) {
  switch (end) {
    case RunEnd::kDone:
      return RunState::kDone;
    case RunEnd::kStopped:
      return RunState::kStopped;
    case RunEnd::kLeft:
      return RunState::kLeft;
    case RunEnd::kWithdrawn:
    case RunEnd::kNotBegun:
      return RunState::kNotBegun;
    case RunEnd::kMet:
      return RunState::kMet;
    case RunEnd::kMissed:
      return RunState::kMissed;
    case RunEnd::kRuleChanged:
    case RunEnd::kRuleGone:
    case RunEnd::kFailed:
    case RunEnd::kNotFitting:
    case RunEnd::kByHand:
    case RunEnd::kDeparted:
    case RunEnd::kLost:
      return RunState::kEnded;
  }
  return RunState::kEnded;
}

bool IsOpen(RunState state) { return state == RunState::kWaiting || state == RunState::kPaused || state == RunState::kToBegin; }

// Whether the list can have entries of this part at all.
bool Wants(const RunQuery& query, RunCursor::Part part) {
  if (query.state == RunState::kAny) return true;
  if (query.state == RunState::kFailed) return part == RunCursor::Part::kFailed || part == RunCursor::Part::kDead;
  return part == (IsOpen(query.state) ? RunCursor::Part::kOpen : RunCursor::Part::kEnded);
}

class RunList {
 public:
  RunList(Engine& engine, const RunQuery& query, std::size_t limit) : engine_(engine), query_(query), limit_(limit) {}

  Result<RunPage> Read(RunCursor cursor);

 private:
  using Part = RunCursor::Part;

  bool IsFull() const { return page_.entries.size() >= limit_; }
  bool IsOfRule(const ir::Program& program, std::uint32_t rule) const {
    return !query_.rule || (rule != kNoRule && program.rules[rule].family == *query_.rule);
  }
  void PlaceAt(const ir::Program& program, std::uint32_t rule, std::optional<std::uint32_t> action, RunEntry& entry) const;
  // Each sets `before` to where to go on; 0: nothing is left.
  void ReadFailed(const View& view, std::int64_t& before);
  void ReadDead(const View& view, std::int64_t& before);
  void ReadOpen(const View& view, std::int64_t& before);
  // What the journal says of the entries that ReadFailed and ReadDead have added.
  Status Place();
  Status PlaceDead(RunEntry& entry, bool& is_wanted);
  Result<HistoryPage> ReadRecords(Sequence from) const;
  Status ReadEnded(std::int64_t& before);
  Status AddEnded(const ir::Program& program, const Record& record);
  Status FindBeginning(const Record& record, std::uint32_t run, RunEntry& entry);
  // What the effect `by` did, in front of what is known already.
  static void AddDeeds(const ir::Program& program, const Record& record, std::uint32_t by, RunEntry& entry);

  Engine& engine_;
  const RunQuery& query_;
  const std::size_t limit_;
  std::optional<std::uint32_t> contact_;
  std::uint32_t revision_ = 0;
  // Failed entries whose place is in the scripts of their own revision.
  struct Lost {
    std::size_t entry = 0;
    std::uint32_t rule = 0;
    std::uint32_t action = 0;
  };
  std::vector<Lost> lost_;
  std::vector<std::string> names_;  // scratch
  RunPage page_;
};

void RunList::PlaceAt(const ir::Program& program, std::uint32_t number, std::optional<std::uint32_t> action, RunEntry& entry) const {
  const ir::Rule& rule = program.rules[number];
  const ir::Place& place = action && *action < rule.actions.size() ? rule.actions[*action].place : rule.place;
  entry.rule = rule.name;
  entry.file = FileOf(program, place);
  entry.line = place.line;
  if (rule.of_revision != 0) entry.revision = rule.of_revision;
}

void RunList::ReadFailed(const View& view, std::int64_t& before) {
  const std::vector<Failure>& all = view.failures();
  auto place = before == 0
                   ? all.end()
                   : std::lower_bound(all.begin(), all.end(), before, [](const Failure& each, std::int64_t id) { return each.id < id; });
  const ir::Program& program = view.program();
  while (place != all.begin() && !IsFull()) {
    const Failure& failure = *--place;
    before = failure.id;
    const bool is_wanted = !failure.is_closed && failure.kind == Failure::Kind::kAction && IsOfRule(program, failure.rule) &&
                           (!contact_ || failure.contact == *contact_);
    if (!is_wanted) continue;
    RunEntry& entry = page_.entries.emplace_back();
    entry.contact = view.ContactAt(failure.contact)->id();
    entry.revision = failure.revision;
    if (failure.rule != kNoRule) PlaceAt(program, failure.rule, failure.action, entry);
    entry.state = RunState::kFailed;
    entry.text = DescribeFailure(program, failure);
    entry.began_at = failure.occurred_at;
    entry.at = failure.tried_in != 0 ? failure.tried_at : failure.occurred_at;
    entry.sequence = failure.tried_in != 0 ? failure.tried_in : failure.cause();
    entry.failure = failure.id;
    if (static_cast<RefusalReason>(failure.reason) == RefusalReason::kNotFitting)
      lost_.push_back({page_.entries.size() - 1, failure.rule, failure.action});
  }
  if (place == all.begin()) before = 0;
}

void RunList::ReadDead(const View& view, std::int64_t& before) {
  const std::vector<Dispatch>& all = view.dispatches();
  auto place = before == 0
                   ? all.end()
                   : std::lower_bound(all.begin(), all.end(), before, [](const Dispatch& each, std::int64_t id) { return each.id < id; });
  while (place != all.begin() && !IsFull()) {
    const Dispatch& dispatch = *--place;
    before = dispatch.id;
    const Contact* contact = view.ContactAt(dispatch.contact);
    const bool is_wanted = dispatch.state == DispatchState::kDead && contact != nullptr && (!contact_ || dispatch.contact == *contact_);
    if (!is_wanted) continue;
    RunEntry& entry = page_.entries.emplace_back();
    entry.contact = contact->id();
    entry.state = RunState::kFailed;
    entry.text = "given up: " + dispatch.error;
    entry.at = dispatch.tried_at;
    entry.sequence = SenderOf(dispatch.id);
    entry.delivery = dispatch.id;
  }
  if (place == all.begin()) before = 0;
}

// Which action made it.
Status RunList::PlaceDead(RunEntry& entry, bool& is_wanted) {
  const Result<Record> record = engine_.FindRecord(entry.sequence);
  if (!record) return record.error();
  const std::shared_ptr<const ir::Program> program = engine_.ProgramOf(record->revision);
  is_wanted = !query_.rule;
  if (program == nullptr) return {};
  entry.revision = record->revision;
  entry.began_at = record->occurred_at;
  for (const Effect& effect : record->effects) {
    bool is_it = false;
    ForEachNewDispatch(*record, effect, [&](const Dispatch& made) { is_it = is_it || made.id == entry.delivery; });
    if (!is_it || effect.by == kByEvent) continue;
    const std::uint32_t rule = record->effects[effect.by].target;
    is_wanted = IsOfRule(*program, rule);
    PlaceAt(*program, rule, effect.action, entry);
    const auto change = DescribeEffect(*program, *record, effect);
    if (change) entry.text = change->text.substr(0, change->text.rfind(" queued")) + " " + entry.text;
  }
  return {};
}

Status RunList::Place() {
  for (const Lost& each : lost_) {
    RunEntry& entry = page_.entries[each.entry];
    if (const auto program = engine_.ProgramOf(entry.revision)) PlaceAt(*program, each.rule, each.action, entry);
  }
  std::vector<RunEntry> entries;
  for (RunEntry& entry : page_.entries) {
    bool is_wanted = true;
    if (entry.delivery != 0) {
      if (Status status = PlaceDead(entry, is_wanted); !status.ok()) return status;
    }
    if (is_wanted) entries.push_back(std::move(entry));
  }
  page_.entries = std::move(entries);
  return {};
}

void RunList::ReadOpen(const View& view, std::int64_t& before) {
  constexpr int kRunBits = 32;
  const auto contacts = static_cast<std::uint32_t>(view.stats().contacts);
  const std::int64_t end = before == 0 ? std::int64_t{contacts} << kRunBits : before;
  std::uint32_t number = contact_ ? *contact_ + 1 : static_cast<std::uint32_t>((end - 1) >> kRunBits) + 1;
  const std::uint32_t first = contact_ ? *contact_ : number - std::min(number, kContactsMax);
  const ir::Program& program = view.program();
  for (; number > first; --number) {
    const Contact& contact = *view.ContactAt(number - 1);
    for (auto run = contact.runs().rbegin(); run != contact.runs().rend(); ++run) {
      const std::int64_t key = std::int64_t{number - 1} << kRunBits | run->id;
      if (before != 0 && key >= before) continue;
      if (IsFull()) return;
      before = key;
      if (!IsOfRule(program, run->rule)) continue;
      RunEntry entry;
      entry.state = !run->HasBegun() ? RunState::kToBegin : program.rules[run->rule].IsPaused() ? RunState::kPaused : RunState::kWaiting;
      if (query_.state != RunState::kAny && entry.state != query_.state) continue;
      entry.contact = contact.id();
      entry.revision = view.revision();
      PlaceAt(program, run->rule, run->HasBegun() ? std::optional(run->at) : std::nullopt, entry);
      entry.run = run->id;
      entry.text = DescribeRun(program, *run);
      entry.began_at = run->started_at;
      entry.at = run->started_at;
      if (run->WakesAt() != Run::kNever) entry.wakes_at = run->WakesAt();
      page_.entries.push_back(std::move(entry));
    }
  }
  before = number == 0 || contact_ ? 0 : std::int64_t{number} << kRunBits;
}

void RunList::AddDeeds(const ir::Program& program, const Record& record, std::uint32_t by, RunEntry& entry) {
  std::vector<std::string> deeds;
  for (const Effect& effect : record.effects) {
    if (effect.by != by || effect.kind == EffectKind::kRunEnded) continue;
    if (effect.kind == EffectKind::kRefused && IsFailure(static_cast<RefusalReason>(effect.detail))) ++entry.failed_count;
    if (auto change = DescribeEffect(program, record, effect)) deeds.push_back(std::move(change->text));
  }
  entry.did.insert(entry.did.begin(), std::make_move_iterator(deeds.begin()), std::make_move_iterator(deeds.end()));
}

// Of a run that ended in the record: what it did in it, and before, back to its beginning.
Status RunList::FindBeginning(const Record& end, std::uint32_t run, RunEntry& entry) {
  const auto look_at = [&](const ir::Program& program, const Record& record) {
    for (std::uint32_t i = 0; i < record.effects.size(); ++i) {
      const Effect& effect = record.effects[i];
      const bool goes_on = effect.kind == EffectKind::kRunResumed || effect.kind == EffectKind::kRuleFired;
      if (goes_on && static_cast<std::uint32_t>(effect.number_before) == run) AddDeeds(program, record, i, entry);
      const bool begins = effect.kind == EffectKind::kRunWaiting && (effect.detail & kRunNew) != 0 && effect.number == run;
      if (!begins) continue;
      if (effect.by != kByEvent) AddDeeds(program, record, effect.by, entry);
      entry.began_at = record.occurred_at;
    }
  };
  std::shared_ptr<const ir::Program> program = engine_.ProgramOf(end.revision);
  look_at(*program, end);
  Sequence from = end.previous;
  for (std::uint32_t read = 0; from != 0 && !entry.began_at && read < kBeginningMax; read += kRecordsPage) {
    const auto page = engine_.History(entry.contact, from, kRecordsPage);
    if (!page) return page.error();
    for (const Record& record : page->records) {
      if (entry.began_at) break;
      program = engine_.ProgramOf(record.revision);
      // Runs of a contact that was merged into this one have numbers of their own.
      if (program != nullptr && record.contact == end.contact) look_at(*program, record);
    }
    from = page->next;
  }
  return {};
}

Status RunList::AddEnded(const ir::Program& program, const Record& record) {
  const auto add = [&](std::uint32_t rule, RunState state, std::string text) -> RunEntry* {
    if (!IsOfRule(program, rule) || (query_.state != RunState::kAny && query_.state != state)) return nullptr;
    RunEntry& entry = page_.entries.emplace_back();
    Status named = engine_.Read([&](const View& view) { entry.contact = view.ContactAt(record.contact)->id(); });
    entry.revision = record.revision;
    PlaceAt(program, rule, std::nullopt, entry);
    entry.state = state;
    entry.text = std::move(text);
    entry.at = record.occurred_at;
    entry.sequence = record.sequence;
    return named.ok() ? &entry : nullptr;
  };
  const auto began_to_wait = [&](std::uint32_t by) {
    return std::any_of(record.effects.begin(), record.effects.end(), [by](const Effect& effect) {
      return effect.kind == EffectKind::kRunWaiting && effect.by == by && (effect.detail & kRunPending) == 0;
    });
  };
  for (std::uint32_t i = static_cast<std::uint32_t>(record.effects.size()); i > 0; --i) {
    const Effect& effect = record.effects[i - 1];
    if (effect.kind == EffectKind::kRuleFired && effect.number_before == 0 && !began_to_wait(i - 1)) {
      RunEntry* entry = add(effect.target, RunState::kDone, "done");
      if (entry == nullptr) continue;
      entry->began_at = record.occurred_at;
      AddDeeds(program, record, i - 1, *entry);
      if (entry->did.empty()) entry->text = "there was nothing to change";
    }
    const auto end = static_cast<RunEnd>(effect.detail);
    const bool is_end = effect.kind == EffectKind::kRunEnded && (effect.number != 0 || end != RunEnd::kMissed);
    if (!is_end) continue;
    RunEntry* entry = add(effect.target, StateOf(end), DescribeEnd(program, effect));
    if (entry == nullptr || effect.number == 0) continue;
    entry->run = static_cast<std::uint32_t>(effect.number);
    if (Status status = FindBeginning(record, entry->run, *entry); !status.ok()) return status;
  }
  return {};
}

// Of the contact that is asked for, or of all.
Result<HistoryPage> RunList::ReadRecords(Sequence from) const {
  if (query_.contact) return engine_.History(*query_.contact, from, kRecordsPage);
  auto records = engine_.Records(from, kRecordsPage);
  if (!records) return tl::unexpected<Status>(std::move(records.error()));
  const Sequence next = records->empty() ? 0 : records->back().sequence - 1;
  return HistoryPage{std::move(*records), next};
}

Status RunList::ReadEnded(std::int64_t& before) {
  for (std::uint32_t read = 0; !IsFull() && read < kRecordsMax;) {
    const Result<HistoryPage> page = ReadRecords(before);
    if (!page) return page.error();
    for (std::size_t i = 0; i < page->records.size(); ++i) {
      if (IsFull()) return {};
      const Record& record = page->records[i];
      before = i + 1 < page->records.size() ? page->records[i + 1].sequence : page->next;
      ++read;
      const std::shared_ptr<const ir::Program> program = engine_.ProgramOf(record.revision);
      if (record.contact == kNoContact || program == nullptr) continue;
      if (Status status = AddEnded(*program, record); !status.ok()) return status;
    }
    if (page->records.empty()) before = 0;
    if (before == 0) return {};
  }
  return {};
}

Result<RunPage> RunList::Read(RunCursor cursor) {
  Status status = engine_.Read([&](const View& view) {
    const Contact* found = query_.contact ? view.FindContact(*query_.contact) : nullptr;
    if (found != nullptr) contact_ = found->number();
    if (cursor.part == Part::kFailed) {
      if (Wants(query_, cursor.part)) ReadFailed(view, cursor.before);
      if (IsFull() && cursor.before != 0) return;
      cursor = {Part::kDead, 0};
    }
    if (cursor.part == Part::kDead && !IsFull()) {
      if (Wants(query_, cursor.part)) ReadDead(view, cursor.before);
      if (IsFull() && cursor.before != 0) return;
      cursor = {Part::kOpen, 0};
    }
    if (cursor.part != Part::kOpen || IsFull()) return;
    if (Wants(query_, cursor.part)) ReadOpen(view, cursor.before);
    if (!Wants(query_, cursor.part) || cursor.before == 0) cursor = {Part::kEnded, 0};
  });
  if (!status.ok()) return tl::unexpected<Status>(std::move(status));
  if (status = Place(); !status.ok()) return tl::unexpected<Status>(std::move(status));
  if (query_.contact && !contact_)
    return Fail(StatusCode::kNotFound, reasons::kContactNotFound, "there is no contact `" + *query_.contact + "`");
  if (cursor.part == Part::kEnded && !Wants(query_, cursor.part)) return std::move(page_);
  if (cursor.part == Part::kEnded && !IsFull()) {
    if (status = ReadEnded(cursor.before); !status.ok()) return tl::unexpected<Status>(std::move(status));
    if (cursor.before == 0) return std::move(page_);
  }
  page_.next = cursor;
  return std::move(page_);
}

}  // namespace

Result<RunPage> ListRuns(Engine& engine, const RunQuery& query, const RunCursor& cursor, std::size_t limit) {
  return RunList(engine, query, limit).Read(cursor);
}

Result<std::uint32_t> FindRule(const ir::Program& program, std::string_view name) {
  const std::string wanted = FoldCase(name);
  std::vector<std::string> known;
  for (std::uint32_t number = 0; number < program.rules.size(); ++number) {
    const ir::Rule& rule = program.rules[number];
    if (!rule.declared) continue;
    if (FoldCase(rule.name) == wanted || FoldCase(program.layout.rules.Name(number)) == wanted) return number;
    known.push_back(rule.name);
  }
  std::string message = "the running scripts have no rule `" + std::string(name) + "`";
  if (const auto nearest = Nearest(std::string(name), known)) message += "; did you mean `" + *nearest + "`?";
  return Fail(StatusCode::kNotFound, reasons::kRuleNotFound, std::move(message));
}

}  // namespace stagecraft::runtime
