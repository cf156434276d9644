// google.protobuf.Timestamp to microseconds and back.
#ifndef STAGECRAFT_SERVER_RPC_TIME_CONVERT_H_
#define STAGECRAFT_SERVER_RPC_TIME_CONVERT_H_

#include <google/protobuf/timestamp.pb.h>

#include <optional>

#include "runtime/model/event.h"

namespace stagecraft::server {

// Rounded down to the microsecond; nothing when the timestamp is not one (outside the years 1 to 9999, or nanos outside 0 to 999 999 999).
inline std::optional<runtime::Micros> ToMicros(const google::protobuf::Timestamp& time) {
  constexpr std::int64_t kYear1 = -62'135'596'800;
  constexpr std::int64_t kYear10000 = 253'402'300'800;
  if (time.seconds() < kYear1 || time.seconds() >= kYear10000 || time.nanos() < 0 || time.nanos() > 999'999'999) return std::nullopt;
  return time.seconds() * 1'000'000 + time.nanos() / 1000;
}

inline void FillTimestamp(runtime::Micros micros, google::protobuf::Timestamp& out) {
  std::int64_t seconds = micros / 1'000'000;
  std::int64_t rest = micros % 1'000'000;
  if (rest < 0) {
    rest += 1'000'000;
    --seconds;
  }
  out.set_seconds(seconds);
  out.set_nanos(static_cast<std::int32_t>(rest * 1000));
}

}  // namespace stagecraft::server

#endif  // STAGECRAFT_SERVER_RPC_TIME_CONVERT_H_
