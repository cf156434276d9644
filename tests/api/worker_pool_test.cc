// The pool behind the calls that wait: bounded, and it does what it took.
#include "server/rpc/worker_pool.h"

#include <atomic>
#include <catch2/catch.hpp>
#include <future>

namespace stagecraft::server {

TEST_CASE("a pool takes no more jobs than may wait, and does all that it took before it ends") {
  std::atomic<int> done = 0;
  std::promise<void> begun, go;
  {
    WorkerPool pool(1, 2);
    std::shared_future<void> wait(go.get_future());
    REQUIRE(pool.Submit([&begun, wait, &done] {
      begun.set_value();
      wait.wait();
      ++done;
    }));
    begun.get_future().wait();
    CHECK(pool.Submit([&done] { ++done; }));
    CHECK(pool.Submit([&done] { ++done; }));
    CHECK_FALSE(pool.Submit([&done] { ++done; }));
    go.set_value();
  }
  CHECK(done == 3);
}

}  // namespace stagecraft::server
