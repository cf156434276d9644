#include "runtime/engine/contact_table.h"

#define XXH_INLINE_ALL
#include <xxhash.h>

#include <utility>

namespace stagecraft::runtime {

std::uint64_t ContactTable::HashOf(std::string_view id) const { return XXH3_64bits_withSeed(id.data(), id.size(), seed_); }

std::optional<std::uint32_t> ContactTable::Find(std::string_view id, std::uint64_t hash) const {
  return index_.Find(hash, [&](std::uint32_t number) { return cells_[number].contact.id() == id; });
}

std::uint32_t ContactTable::Survivor(std::uint32_t number) const {
  while (cells_[number].contact.departure().standing == Standing::kMerged) number = cells_[number].contact.departure().into;
  return number;
}

std::optional<std::uint32_t> ContactTable::PrefetchContact(std::uint64_t hash) const {
  constexpr std::size_t kLine = 64;
  const auto number = index_.Find(hash, [](std::uint32_t) { return true; });
  if (!number) return number;
  const char* cell = reinterpret_cast<const char*>(&cells_[*number]);
  for (std::size_t at = 0; at < sizeof(ContactCell); at += kLine) __builtin_prefetch(cell + at);
  return number;
}

ContactCell& ContactTable::Add(Contact contact) {
  ContactCell& cell = AddUnpublished(std::move(contact));
  PublishLast();
  return cell;
}

void ContactTable::PublishLast() {
  const Contact& contact = cells_.back().contact;
  if (contact.id().empty()) return;  // erased
  index_.Insert(HashOf(contact.id()), contact.number());
}

void ContactTable::Touch(std::uint32_t number) {
  ContactCell& cell = cells_[number];
  if (cell.dirty) return;
  cell.dirty = true;
  touched_.push_back(number);
}

std::vector<std::uint32_t> ContactTable::TakeTouched() { return std::exchange(touched_, {}); }

}  // namespace stagecraft::runtime
