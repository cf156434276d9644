// How lines of the log look.
#ifndef STAGECRAFT_SERVER_LOG_LOG_FORMAT_H_
#define STAGECRAFT_SERVER_LOG_LOG_FORMAT_H_

#include <spdlog/formatter.h>

#include <cstdint>
#include <memory>

namespace stagecraft::server {

enum class LogFormat : std::uint8_t {
  kText,  // 2026-10-05T09:14:00.123Z error threw: … request=7f3a
  kJson,  // {"time":"2026-10-05T09:14:00.123Z","level":"error","message":"threw: …","request":"7f3a"}
};

// For a sink of spdlog. One line each, whatever is in it.
std::unique_ptr<spdlog::formatter> NewLogFormatter(LogFormat format);

}  // namespace stagecraft::server

#endif  // STAGECRAFT_SERVER_LOG_LOG_FORMAT_H_
