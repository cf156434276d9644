// A store that lives as long as its object: for tests and offline runs. Several engines may be opened on it one after the
// other, as several processes are on a data folder.
#ifndef STAGECRAFT_RUNTIME_STORE_MEMORY_STORE_H_
#define STAGECRAFT_RUNTIME_STORE_MEMORY_STORE_H_

#include <memory>

#include "runtime/store/store.h"

namespace stagecraft::runtime {

std::unique_ptr<Store> NewMemoryStore();

}  // namespace stagecraft::runtime

#endif  // STAGECRAFT_RUNTIME_STORE_MEMORY_STORE_H_
