// Erasing a contact for good (language.md E12). Its state is gone at once; the journal keeps its records until the checkpoint no longer
// needs them, and then only what others depend on.
#ifndef STAGECRAFT_RUNTIME_ENGINE_ERASURE_H_
#define STAGECRAFT_RUNTIME_ENGINE_ERASURE_H_

#include <cstdint>
#include <span>

#include "runtime/store/store.h"

namespace stagecraft::runtime {

// An erased contact whose records the journal still has; or one record of no contact, of an event that failed before it made the contact.
struct Erasure {
  std::uint32_t contact = 0;  // kNoContact: the one record
  Sequence record = 0;        // of the erasure: the head of the contact's chain; or the one record

  friend bool operator==(const Erasure&, const Erasure&) = default;
};

// Replaces all records of the contacts but those of their erasures, and the single ones, by ones that say nothing of them, and has the
// store forget what stood there. Recovery must begin behind the records of the erasures. When it was broken off it can be done again.
Status Scrub(Store& store, std::span<const Erasure> erasures);

}  // namespace stagecraft::runtime

#endif  // STAGECRAFT_RUNTIME_ENGINE_ERASURE_H_
