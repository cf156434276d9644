// Erasing a contact for good (language.md E12). Its state is gone at once; the journal keeps its records until the checkpoint no longer
// needs them, and then only what others depend on.
#ifndef STAGECRAFT_RUNTIME_ENGINE_ERASURE_H_
#define STAGECRAFT_RUNTIME_ENGINE_ERASURE_H_

#include <cstdint>
#include <span>

#include "runtime/store/store.h"

namespace stagecraft::runtime {

// An erased contact whose records the journal still has; or a record of no contact, of an event that failed before it made the contact,
// with those of other attempts at it that made none either.
struct Erasure {
  std::uint32_t contact = 0;  // kNoContact: an event that failed
  Sequence record = 0;        // of the erasure: the head of the contact's chain; or the one in which the event failed first

  friend bool operator==(const Erasure&, const Erasure&) = default;
};

// Replaces all records of the contacts but those of their erasures, and of the events that failed, by ones that say nothing of them, and
// has the store forget what stood there. Recovery must begin behind the records of the erasures. When it was broken off it can be done
// again.
Status Scrub(Store& store, std::span<const Erasure> erasures);

}  // namespace stagecraft::runtime

#endif  // STAGECRAFT_RUNTIME_ENGINE_ERASURE_H_
