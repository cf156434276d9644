#include "runtime/verify/journal_check.h"

#include <utility>

#include "runtime/engine/core.h"

namespace stagecraft::runtime {
namespace {

std::string NameOf(Sequence record) { return "record " + std::to_string(record); }

std::string NameOf(Sequence first, Sequence last) {
  return first == last ? NameOf(first) + " is" : "records " + std::to_string(first) + " to " + std::to_string(last) + " are";
}

}  // namespace

void JournalCheck::Take(const JournalRow& row, bool is_sound) {
  if (row.first > next_) {
    report_.Add(Invariant::kJournal, NameOf(next_, row.first - 1) + " missing");
    Lose();
  }
  const Sequence end = row.first + row.count;
  if (row.first < next_ || row.count == 0) {
    report_.Add(Invariant::kJournal, "the row that begins with " + NameOf(row.first) + " has " + std::to_string(row.count) +
                                         " records, where " + NameOf(next_) + " comes next");
    stored_.journal_is_whole = false;
  }
  if (!is_sound) {
    Lose();
  } else {
    Sequence read = row.first;
    const Status status = VisitRecords(row, scratch_, [&](const Record& record) {
      TakeRecord(record);
      read = record.sequence + 1;
      return true;
    });
    if (!status.ok()) {
      report_.Add(Invariant::kJournal, NameOf(read, end - 1) + " not readable");
      Lose();
    }
  }
  next_ = std::max(next_, end);
  stored_.last_sequence = next_ - 1;
}

void JournalCheck::Lose() {
  stored_.journal_is_whole = false;
  lost_any_ = true;
  for (Seen& contact : contacts_) contact.last = kUnknown;
}

void JournalCheck::TakeRecord(const Record& record) {
  stored_.last_time = std::max(stored_.last_time, record.received_at);
  TakeRevision(record);
  if (record.kind == RecordKind::kEvent) TakeEventId(record);
  if (record.kind == RecordKind::kScrubbed || record.kind == RecordKind::kForgotten) stored_.scrubbed.insert(record.sequence);
  if (record.kind == RecordKind::kForgotten && record.sequence > stored_.base_through.value_or(0)) {
    report_.Add(Invariant::kJournal, NameOf(record.sequence) + " is forgotten, and no base has what it did");
    stored_.journal_is_whole = false;
  }
  if (record.contact != kNoContact) {
    TakeContact(record);
  } else if (record.previous != 0) {
    report_.Add(Invariant::kChain,
                NameOf(record.sequence) + " is of no contact, but says that " + NameOf(record.previous) + " comes before it");
  }
}

void JournalCheck::TakeContact(const Record& record) {
  const bool creates = !record.effects.empty() && record.effects.front().kind == EffectKind::kContactCreated;
  const bool is_new = record.contact >= contacts_.size();
  if (is_new && !lost_any_ && (!creates || record.contact != contacts_.size())) {
    report_.Add(Invariant::kJournal,
                NameOf(record.sequence) + " is of contact number " + std::to_string(record.contact) + ", which is not there");
    stored_.journal_is_whole = false;
    return;
  }
  if (is_new) contacts_.resize(std::size_t{record.contact} + 1, {{}, lost_any_ ? kUnknown : 0});
  Seen& contact = contacts_[record.contact];
  if (creates) contact.id = record.effects.front().text;
  if (contact.last != kUnknown && record.previous != contact.last) {
    const auto named = [](Sequence sequence) { return sequence == 0 ? std::string("no record") : NameOf(sequence); };
    report_.Add(Invariant::kChain, NameOf(record.sequence) + " of contact `" + contact.id + "` says that " + named(record.previous) +
                                       " comes before it, but it is " + named(contact.last));
  }
  contact.last = record.sequence;
}

void JournalCheck::TakeEventId(const Record& record) {
  KnownEvent event = ids_.FromRecord(record);
  if (const KnownEvent* known = ids_.Find(event.key)) {
    report_.Add(Invariant::kJournal, NameOf(record.sequence) + " has the event id `" + record.event_id + "` of " + NameOf(known->sequence));
    return;
  }
  ids_.Add(event);
}

void JournalCheck::TakeRevision(const Record& record) {
  const bool deploys = record.kind == RecordKind::kDeployment && record.contact == kNoContact;
  const std::uint32_t expected = deploys ? revision_ + 1 : revision_;
  if (record.revision != expected && !lost_any_) {
    report_.Add(Invariant::kJournal, NameOf(record.sequence) + " says that revision " + std::to_string(record.revision) +
                                         " is running, but it is revision " + std::to_string(expected));
  }
  revision_ = record.revision;
}

void JournalCheck::Finish() {
  report_.records = stored_.last_sequence;
  report_.contacts = contacts_.size();
  const std::uint32_t newest = stored_.revisions.empty() ? 0 : stored_.revisions.back().number;
  if (revision_ != newest && !lost_any_) {
    report_.Add(Invariant::kJournal, "the journal ends with revision " + std::to_string(revision_) + ", but the newest one is revision " +
                                         std::to_string(newest));
    stored_.journal_is_whole = false;
  }
}

}  // namespace stagecraft::runtime
