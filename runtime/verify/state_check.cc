#include "runtime/verify/state_check.h"

#include <algorithm>
#include <memory>
#include <set>
#include <utility>

#include "runtime/engine/core.h"
#include "runtime/engine/simulated.h"
#include "runtime/verify/contact_difference.h"
#include "runtime/verify/node_watch.h"
#include "runtime/verify/progress_check.h"

namespace stagecraft::runtime {
namespace {

constexpr RowKey kEngineKey{CheckpointKind::kEngine, 0};

// An engine that was recovered, in a world that stands still.
struct Recovered {
  explicit Recovered(const StoredRows& stored) : clock(stored.last_time) {}

  ManualClock clock;
  SeededRandom random{1};
  std::unique_ptr<Core> core;
  Rows rows;  // all that a checkpoint of it has
};

// Writes a checkpoint of all that is not yet in `into.rows`.
void TakeRows(Recovered& into) {
  CheckpointBatch batch;
  while (into.core->NextCheckpoint(true, batch)) {
    for (CheckpointRow& row : batch.rows) into.rows.insert_or_assign({row.kind, row.key}, std::move(row.bytes));
  }
}

std::optional<std::uint64_t> SeedOf(const StoredRows& stored) {
  const auto found = stored.rows.find(kEngineKey);
  if (found == stored.rows.end()) return std::nullopt;
  const auto row = DecodeEngineRow(found->second);
  return row ? std::optional(row->ids_seed) : std::nullopt;
}

template <typename Item>
std::string PackedAnew(const std::optional<Item>& item, void (*encode)(const Item&, std::string&), const std::string& bytes) {
  if (!item) return bytes;
  std::string anew;
  encode(*item, anew);
  return anew;
}

// The row as this version packs it: one that has not changed since is as an older version left it, and may end before what came later.
std::string PackedAnew(CheckpointKind kind, const std::string& bytes) {
  switch (kind) {
    case CheckpointKind::kTask:
      return PackedAnew(DecodeTask(bytes), EncodeTask, bytes);
    case CheckpointKind::kNotification:
      return PackedAnew(DecodeNotification(bytes), EncodeNotification, bytes);
    case CheckpointKind::kDeal:
      return PackedAnew(DecodeDeal(bytes), EncodeDeal, bytes);
    case CheckpointKind::kDelivery:
      return PackedAnew(DecodeDelivery(bytes), EncodeDelivery, bytes);
    case CheckpointKind::kFailure:
      return PackedAnew(DecodeFailure(bytes), EncodeFailure, bytes);
    case CheckpointKind::kDispatch:
      return PackedAnew(DecodeDispatch(bytes), EncodeDispatch, bytes);
    case CheckpointKind::kUser:
      return PackedAnew(DecodeUser(bytes), EncodeUser, bytes);
    case CheckpointKind::kCompany:
    case CheckpointKind::kContact:
    case CheckpointKind::kEventIds:
    case CheckpointKind::kEngine:
      break;
  }
  return bytes;
}

class StateCheck {
 public:
  StateCheck(Store& store, const StoredRows& stored, Report& report)
      : store_(store), stored_(stored), report_(report), folded_(stored), recovered_(stored) {}

  void Run() {
    if (stored_.journal_is_whole && stored_.revisions_are_whole) {
      Fold();
    } else {
      report_.AddNote("the state was not compared with the journal, which cannot be read from its beginning to its end");
    }
    Recover();
    if (folded_.core != nullptr && recovered_.core != nullptr) Compare();
    if (Core* core = recovered_.core != nullptr ? recovered_.core.get() : folded_.core.get()) CheckContacts(*core);
  }

 private:
  // The whole journal: over its base, or over a checkpoint that has nothing but the seed of its event ids.
  void Fold() {
    Rows begin = stored_.base;
    const auto seed = SeedOf(stored_);
    if (!stored_.base_through && seed) begin.emplace(kEngineKey, EncodeEngineRow({0, *seed, {}, {}}));
    RecoveredFrom source(store_, stored_.revisions, begin, stored_.base_through.value_or(0));
    NodeWatch watch(report_);
    auto core = Core::Open(source, folded_.clock, folded_.random, {}, &watch);
    if (!core) {
      report_.Add(Invariant::kJournal, "the journal cannot be folded: " + core.error().message);
      return;
    }
    folded_.core = std::move(*core);
    folded_.rows = std::move(begin);
    TakeRows(folded_);
  }

  // As a server does it.
  void Recover() {
    // A server that finds its checkpoint behind the base begins with that.
    const bool is_behind = stored_.complete_through < stored_.base_through.value_or(0);
    Rows rows = is_behind ? stored_.base : stored_.rows;
    for (const RowKey& key : is_behind ? std::set<RowKey>() : stored_.damaged) {
      const auto mended = folded_.rows.find(key);
      if (mended != folded_.rows.end()) {
        rows[key] = mended->second;
      } else if (key.first == CheckpointKind::kContact || key.first == CheckpointKind::kEngine || key.first == CheckpointKind::kEventIds) {
        report_.AddNote("the state was not looked at: " + NameOf(key) + " of the checkpoint is damaged");
        return;
      }
    }
    RecoveredFrom source(store_, stored_.revisions, rows, std::max(stored_.complete_through, stored_.base_through.value_or(0)));
    auto core = Core::Open(source, recovered_.clock, recovered_.random, {});
    if (!core) {
      report_.Add(Invariant::kState, "the state cannot be recovered: " + core.error().message);
      return;
    }
    recovered_.core = std::move(*core);
    recovered_.rows = std::move(rows);
    TakeRows(recovered_);
  }

  void Compare() {
    for (const auto& [key, bytes] : folded_.rows) {
      if (key.first == CheckpointKind::kEventIds) continue;
      const auto found = recovered_.rows.find(key);
      if (found == recovered_.rows.end()) {
        report_.Add(Invariant::kState, NameOf(key) + " is missing, which the journal has");
      } else {
        CompareRow(key, found->second, bytes);
      }
    }
    for (const auto& [key, bytes] : recovered_.rows) {
      if (key.first == CheckpointKind::kEventIds || folded_.rows.contains(key) || IsOfErased(key.first, bytes)) continue;
      report_.Add(Invariant::kState, NameOf(key) + " is there, of which the journal knows nothing");
    }
    if (SeedOf(stored_)) CompareIds();
  }

  // What was made for a contact that is erased: the journal does not tell of it any more.
  bool IsOfErased(CheckpointKind kind, const std::string& bytes) const {
    const auto is_erased = [this](const auto& item) {
      const Contact* contact = item ? recovered_.core->view().ContactAt(item->contact) : nullptr;
      return contact != nullptr && contact->departure().standing == Standing::kErased;
    };
    switch (kind) {
      case CheckpointKind::kTask:
        return is_erased(DecodeTask(bytes));
      case CheckpointKind::kNotification:
        return is_erased(DecodeNotification(bytes));
      case CheckpointKind::kDeal:
        return is_erased(DecodeDeal(bytes));
      case CheckpointKind::kDelivery:
        return is_erased(DecodeDelivery(bytes));
      case CheckpointKind::kFailure:
        return is_erased(DecodeFailure(bytes));
      case CheckpointKind::kDispatch:
        return is_erased(DecodeDispatch(bytes));
      default:
        return false;
    }
  }

  void CompareRow(const RowKey& key, const std::string& stored, const std::string& folded) {
    if (key.first == CheckpointKind::kContact) return CompareContacts(key, stored, folded);
    if (key.first == CheckpointKind::kEngine) return CompareShared(stored, folded);
    if (PackedAnew(key.first, stored) != PackedAnew(key.first, folded))
      report_.Add(Invariant::kState, NameOf(key) + " is not what the journal says");
  }

  void CompareContacts(const RowKey& key, const std::string& stored, const std::string& folded) {
    Sequence through = 0;
    const auto from_checkpoint = DecodeContactRow(stored, through);
    const auto from_journal = DecodeContactRow(folded, through);
    std::string difference = from_checkpoint && from_journal && from_checkpoint->id() == from_journal->id()
                                 ? DifferenceOf(recovered_.core->view().program(), *from_checkpoint, *from_journal)
                                 : "it is another contact than the journal says";
    if (difference.empty()) return;
    const std::string id = from_journal ? " `" + from_journal->id() + "`" : "";
    report_.Add(Invariant::kState, NameOf(key) + id + ": " + difference);
  }

  static EventIds IdsOf(const Rows& rows) {
    EventIds ids;
    for (auto row = rows.lower_bound({CheckpointKind::kEventIds, 0}); row != rows.end() && row->first.first == CheckpointKind::kEventIds;
         ++row) {
      if (!ids.DecodePart(row->second)) break;
    }
    return ids;
  }

  // By their keys, not by the places that they have: the journal does not tell of the events of erased contacts any more.
  void CompareIds() {
    const EventIds index = IdsOf(recovered_.rows);
    const EventIds journal = IdsOf(folded_.rows);
    for (std::size_t i = 0; i < journal.size(); ++i) {
      const KnownEvent* known = index.Find(journal[i].key);
      const std::string event = "the event of record " + std::to_string(journal[i].sequence);
      if (known == nullptr) {
        report_.Add(Invariant::kEventIds, event + " is missing in the index of event ids");
      } else if (!(*known == journal[i])) {
        report_.Add(Invariant::kEventIds, event + " stands in the index of event ids otherwise than in the journal");
      }
    }
    for (std::size_t i = 0; i < index.size(); ++i) {
      if (journal.Find(index[i].key) != nullptr || stored_.scrubbed.contains(index[i].sequence)) continue;
      report_.Add(Invariant::kEventIds, "the index of event ids has an event of record " + std::to_string(index[i].sequence) +
                                            ", which the journal does not have");
    }
  }

  void CompareShared(const std::string& stored, const std::string& folded) {
    auto from_checkpoint = DecodeEngineRow(stored);
    auto from_journal = DecodeEngineRow(folded);
    if (!from_checkpoint || !from_journal) return;
    if (!from_checkpoint->next_member.empty()) return;  // of an older folder, which kept the place of the next member only
    std::vector<TeamTurns>& stored_turns = from_checkpoint->teams;
    std::vector<TeamTurns>& turns = from_journal->teams;
    stored_turns.resize(std::max(stored_turns.size(), turns.size()));
    turns.resize(stored_turns.size());
    const ir::Program& program = recovered_.core->view().program();
    for (std::size_t team = 0; team < turns.size(); ++team) {
      if (stored_turns[team] == turns[team]) continue;
      const std::string name = team < program.teams.size() ? "`" + program.teams[team].name + "`" : "number " + std::to_string(team);
      report_.Add(Invariant::kState, "the turns of team " + name + " in the checkpoint are not those of the journal");
    }
  }

  void CheckContacts(Core& core) {
    const View& view = core.view();
    const Executor executor(core.programs().Of(view.revision()), ExecLimits{});
    const Micros deployed_at = stored_.revisions.back().deployed_at;
    for (std::uint32_t number = 0; number < view.stats().contacts; ++number) {
      const Contact& contact = *view.ContactAt(number);
      CheckProgress(executor, deployed_at, contact, report_);
      CheckCompany(view, contact);
    }
  }

  void CheckCompany(const View& view, const Contact& contact) {
    const std::optional<std::uint32_t>& id_slot = view.program().well_known.company_id;
    if (!id_slot || !contact.is_active()) return;
    const Company* company = view.companies().FindEver(contact.Text(*id_slot));
    if (company == nullptr || !IsBehind(contact, *company)) return;
    const auto lacking = std::find_if(company->values.begin(), company->values.end(),
                                      [&](const CompanyValue& value) { return !contact.Holds(value.slot, value.value); });
    report_.Add(Invariant::kCompanies,
                "contact `" + contact.id() + "` is in company `" + company->id + "`, " +
                    (company->deleted ? "which is deleted"
                                      : "and has not what that has in `" + view.program().properties[lacking->slot].name + "`"));
  }

  Store& store_;
  const StoredRows& stored_;
  Report& report_;
  Recovered folded_;
  Recovered recovered_;
};

}  // namespace

void CheckState(Store& store, const StoredRows& stored, Report& report) {
  if (stored.revisions.empty()) return;
  StateCheck(store, stored, report).Run();
}

}  // namespace stagecraft::runtime
