// Every bound of the HTTP door, with the reason for its value.
#ifndef STAGECRAFT_SERVER_HTTP_LIMITS_H_
#define STAGECRAFT_SERVER_HTTP_LIMITS_H_

#include <chrono>
#include <cstddef>
#include <cstdint>

namespace stagecraft::server::http_limits {

// Values of a request in JSON: an empty one takes three bytes there, and a hundred in memory. A batch of 10 000 events with ten properties
// each has some 300 000.
inline constexpr std::ptrdiff_t kJsonValuesMax = 1'000'000;

// What a message may have on the other port, and room for JSON, which is about twice as long.
inline constexpr std::size_t kBodyBytesMax = 16U << 20;
// What browsers send with some cookies; a token has 50 bytes.
inline constexpr std::uint32_t kHeaderBytesMax = 16U << 10;
// What has come of all bodies that are being read or answered, together: beyond, callers are told to come again.
inline constexpr std::size_t kBodiesBytesMax = 256U << 20;
// What of a connection was read and not looked at yet: a head, and a piece of a body. It is kept while the connection is.
inline constexpr std::size_t kBufferBytesMax = 80U << 10;
inline constexpr std::size_t kConnectionsMax = 2'048;

// Who connects wants something at once; who sends it slower than this is cut off.
inline constexpr std::chrono::seconds kHandshakeTime{10};
inline constexpr std::chrono::seconds kFirstRequestTime{10};
inline constexpr std::chrono::seconds kBodyTime{60};
// A browser comes again within this time while somebody looks at a page.
inline constexpr std::chrono::seconds kIdleTime{75};
// A piece of an answer that is not taken in this time belongs to nobody.
inline constexpr std::chrono::seconds kWriteTime{30};
// How often it is asked whether who waits for an answer is there yet.
inline constexpr std::chrono::milliseconds kPeerInterval{500};
// After the last call has ended, for its answer to be taken.
inline constexpr std::chrono::milliseconds kCloseTime{1'000};

// When certificates are looked at again.
inline constexpr std::chrono::seconds kTlsInterval{10};

// Calls wait for workers elsewhere: these threads read, write, and convert JSON.
inline constexpr int kThreads = 2;

}  // namespace stagecraft::server::http_limits

#endif  // STAGECRAFT_SERVER_HTTP_LIMITS_H_
