// All contacts, by dense number and by id, each with what the engine notes about it beside its state.
#ifndef STAGECRAFT_RUNTIME_ENGINE_CONTACT_TABLE_H_
#define STAGECRAFT_RUNTIME_ENGINE_CONTACT_TABLE_H_

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "runtime/engine/chunked.h"
#include "runtime/engine/hash_index.h"
#include "runtime/model/contact.h"

namespace stagecraft::runtime {

struct ContactCell {
  explicit ContactCell(Contact c) : contact(std::move(c)) {}

  Contact contact;
  Micros heard_at = 0;  // by the engine's clock: when its last event came in
  // The next closing of a window that is to be looked at: of those since the contact's now that are before it is known that nothing
  // changes by them.
  Micros closes_at = Contact::kNever;
  Micros window_at = Contact::kNever;  // the earliest closing of a window that the timer heap has for it
  bool waits_for_quiet = false;        // has overdue timers that wait for it to be quiet (docs/semantics.md, late events)
  bool dirty = false;                  // changed since it was last put into a checkpoint
};

class ContactTable {
 public:
  // Without a seed that callers cannot know, they could choose ids that all fall into one place.
  explicit ContactTable(std::uint64_t seed) : seed_(seed) {}

  std::size_t size() const { return cells_.size(); }
  ContactCell& operator[](std::uint32_t number) { return cells_[number]; }
  const ContactCell& operator[](std::uint32_t number) const { return cells_[number]; }

  std::uint64_t HashOf(std::string_view id) const;
  std::optional<std::uint32_t> Find(std::string_view id) const { return Find(id, HashOf(id)); }
  std::optional<std::uint32_t> Find(std::string_view id, std::uint64_t hash) const;
  // The contact that goes on for this one: itself, unless it was merged into another.
  std::uint32_t Survivor(std::uint32_t number) const;
  // With a million contacts nearly every look at one waits for memory. These two fetch ahead: first the place in the index,
  // then, once that is here, the contact that is probably meant. Gives its number.
  void PrefetchIndex(std::uint64_t hash) const { index_.Prefetch(hash); }
  std::optional<std::uint32_t> PrefetchContact(std::uint64_t hash) const;
  // Takes in a contact whose number is size().
  ContactCell& Add(Contact contact);
  // A contact under construction: it is there by number, but found by id only once it is published; until then it can be
  // dropped again.
  ContactCell& AddUnpublished(Contact contact) { return cells_.emplace_back(std::move(contact)); }
  void PublishLast();
  void DropLast() { cells_.pop_back(); }

  // Marks the contact for the next checkpoint.
  void Touch(std::uint32_t number);
  // The contacts touched since the last call, in no order; their marks stay until they are cleared one by one.
  std::vector<std::uint32_t> TakeTouched();

 private:
  const std::uint64_t seed_;
  Chunked<ContactCell> cells_;
  HashIndex index_;
  std::vector<std::uint32_t> touched_;
};

}  // namespace stagecraft::runtime

#endif  // STAGECRAFT_RUNTIME_ENGINE_CONTACT_TABLE_H_
