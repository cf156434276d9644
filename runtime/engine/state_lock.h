// The lock on the engine's state. A writer that waits comes before readers that come later: the engine's thread must not
// starve while reports are read; readers get in while it waits for the disk.
#ifndef STAGECRAFT_RUNTIME_ENGINE_STATE_LOCK_H_
#define STAGECRAFT_RUNTIME_ENGINE_STATE_LOCK_H_

#include <pthread.h>

namespace stagecraft::runtime {

// For std::unique_lock and std::shared_lock. Not recursive, not even for readers.
class StateLock {
 public:
  StateLock() {
    pthread_rwlockattr_t attributes;
    pthread_rwlockattr_init(&attributes);
    pthread_rwlockattr_setkind_np(&attributes, PTHREAD_RWLOCK_PREFER_WRITER_NONRECURSIVE_NP);
    pthread_rwlock_init(&lock_, &attributes);
    pthread_rwlockattr_destroy(&attributes);
  }
  ~StateLock() { pthread_rwlock_destroy(&lock_); }
  StateLock(const StateLock&) = delete;
  StateLock& operator=(const StateLock&) = delete;

  void lock() { pthread_rwlock_wrlock(&lock_); }
  void unlock() { pthread_rwlock_unlock(&lock_); }
  void lock_shared() { pthread_rwlock_rdlock(&lock_); }
  void unlock_shared() { pthread_rwlock_unlock(&lock_); }

 private:
  pthread_rwlock_t lock_;
};

}  // namespace stagecraft::runtime

#endif  // STAGECRAFT_RUNTIME_ENGINE_STATE_LOCK_H_
