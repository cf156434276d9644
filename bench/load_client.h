// What the loads have in common: a connection, events that are new each time, and how a figure is printed.
#ifndef STAGECRAFT_BENCH_LOAD_CLIENT_H_
#define STAGECRAFT_BENCH_LOAD_CLIENT_H_

#include <grpcpp/channel.h>

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>

#include "bench/workload.h"
#include "stagecraft/v1/event_service.pb.h"

namespace stagecraft::bench {

using Clock = std::chrono::steady_clock;

double SecondsSince(Clock::time_point start);

// BENCH_SECONDS, or `otherwise`.
double MeasuredSeconds(double otherwise = 3.0);

[[noreturn]] void Die(const std::string& message);

// One line: name value unit.
void Print(const std::string& name, double value, const char* unit);

// A connection of its own. Dies when there is no server.
std::shared_ptr<grpc::Channel> Connect(const std::string& server);

// Ids never repeat between runs: the time this process started, the stream, a count.
class Ids {
 public:
  explicit Ids(std::uint32_t stream);
  void Next(std::string* out);

 private:
  static constexpr std::uint32_t kBytes = 24;

  char text_[kBytes + 1] = {};
  std::uint64_t count_ = 0;
};

// A random event of one of the contacts, without id and time.
void Fill(Rng& rng, std::uint32_t contacts, v1::Event* event);
void SetNow(v1::Event* event);

}  // namespace stagecraft::bench

#endif  // STAGECRAFT_BENCH_LOAD_CLIENT_H_
