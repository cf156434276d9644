#include "runtime/verify/checkpoint_check.h"

#include <iterator>
#include <optional>

#include "runtime/engine/checkpoint.h"
#include "runtime/engine/event_ids.h"

namespace stagecraft::runtime {
namespace {

// What a row says of itself.
struct Content {
  std::int64_t key = 0;
  Sequence through = 0;  // the journal record up to which it is; 0: it does not say
};

template <typename Item>
std::optional<Content> ContentOf(std::optional<Item> item) {
  if (!item) return std::nullopt;
  return Content{item->id, 0};
}

// Nothing when the row cannot be read.
std::optional<Content> ContentOf(const RowKey& key, const std::string& bytes) {
  switch (key.first) {
    case CheckpointKind::kContact: {
      Sequence through = 0;
      const auto contact = DecodeContactRow(bytes, through);
      if (!contact) return std::nullopt;
      return Content{contact->number(), through};
    }
    case CheckpointKind::kTask:
      return ContentOf(DecodeTask(bytes));
    case CheckpointKind::kNotification:
      return ContentOf(DecodeNotification(bytes));
    case CheckpointKind::kDeal:
      return ContentOf(DecodeDeal(bytes));
    case CheckpointKind::kDelivery:
      return ContentOf(DecodeDelivery(bytes));
    case CheckpointKind::kDispatch:
      return ContentOf(DecodeDispatch(bytes));
    case CheckpointKind::kFailure:
      return ContentOf(DecodeFailure(bytes));
    case CheckpointKind::kUser:
      return DecodeUser(bytes) ? std::optional(Content{key.second, 0}) : std::nullopt;
    case CheckpointKind::kCompany: {
      const auto company = DecodeCompany(bytes);
      if (!company) return std::nullopt;
      return Content{company->number, 0};
    }
    case CheckpointKind::kEventIds: {
      EventIds part;
      if (!part.DecodePart(bytes)) return std::nullopt;
      return Content{key.second, part.last_sequence()};
    }
    case CheckpointKind::kEngine: {
      const auto row = DecodeEngineRow(bytes);
      if (!row) return std::nullopt;
      return Content{0, row->through};
    }
  }
  return std::nullopt;
}

// What is wrong with the row; empty: nothing.
std::string FlawOf(const RowKey& key, const std::string& bytes, Sequence last_sequence) {
  const std::optional<Content> content = ContentOf(key, bytes);
  if (!content) return " cannot be read";
  if (content->key != key.second) return " is in fact number " + std::to_string(content->key);
  if (content->through <= last_sequence) return {};
  return " is ahead of the journal: it is as of record " + std::to_string(content->through) + ", and the journal ends with record " +
         std::to_string(last_sequence);
}

// Contacts and parts of the event ids are numbered without gaps.
void CheckGaps(CheckpointKind kind, StoredRows& stored, Report& report) {
  std::int64_t next = 0;
  const auto known = [&](const RowKey& key) { return stored.rows.contains(key) || stored.damaged.contains(key); };
  std::int64_t end = 0;
  for (auto at = stored.rows.lower_bound({kind, 0}); at != stored.rows.end() && at->first.first == kind; ++at) end = at->first.second + 1;
  for (; next < end; ++next) {
    const RowKey key{kind, next};
    if (known(key)) continue;
    report.Add(Invariant::kCheckpoint, NameOf(key) + " is missing in the checkpoint");
    stored.damaged.insert(key);
  }
}

}  // namespace

void CheckRows(StoredRows& stored, Report& report) {
  for (auto at = stored.rows.begin(); at != stored.rows.end();) {
    const std::string flaw = FlawOf(at->first, at->second, stored.last_sequence);
    if (flaw.empty()) {
      ++at;
      continue;
    }
    report.Add(Invariant::kCheckpoint, NameOf(at->first) + " of the checkpoint" + flaw);
    stored.damaged.insert(at->first);
    // Of the engine's row the seed of the event ids is needed, whatever else it says.
    const bool is_needed = at->first.first == CheckpointKind::kEngine && DecodeEngineRow(at->second);
    at = is_needed ? std::next(at) : stored.rows.erase(at);
  }
  CheckGaps(CheckpointKind::kContact, stored, report);
  CheckGaps(CheckpointKind::kEventIds, stored, report);
  const RowKey engine{CheckpointKind::kEngine, 0};
  if (!stored.rows.empty() && !stored.rows.contains(engine) && stored.damaged.insert(engine).second) {
    report.Add(Invariant::kCheckpoint, "the engine's row is missing in the checkpoint");
  }
  if (stored.complete_through > stored.last_sequence) {
    report.Add(Invariant::kCheckpoint, "the checkpoint says that it is complete through record " + std::to_string(stored.complete_through) +
                                           ", and the journal ends with record " + std::to_string(stored.last_sequence));
  }
}

}  // namespace stagecraft::runtime
