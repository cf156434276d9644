// Every bound of the wire, with the reason for its value. The protos and docs name the same figures.
#ifndef STAGECRAFT_SERVER_RPC_LIMITS_H_
#define STAGECRAFT_SERVER_RPC_LIMITS_H_

#include <chrono>
#include <cstddef>
#include <cstdint>

namespace stagecraft::server::limits {

// A batch of 10 000 usual events is 2 MB, one file of script at most 4 MiB. A message is held in memory as a whole before
// anything can be said about it, so not more than twice that.
inline constexpr int kMessageBytesMax = 8 << 20;

// The engine decides at most 8192 events under one commit: larger batches gain nothing and hold up others.
inline constexpr int kBatchEventsMax = 10'000;

// Enough that reading, deciding, syncing and acknowledging overlap; each holds a whole batch in memory.
inline constexpr std::size_t kStreamBatchesMax = 8;

// How long a stream waits before it offers a batch again to an inbox that was full: about one commit.
inline constexpr std::chrono::milliseconds kInboxRetry{2};

// What a caller is told to wait when too much is waiting: some commits.
inline constexpr std::chrono::milliseconds kRetryAfter{50};

inline constexpr int kPageSizeDefault = 50;
// A page of 1000 contacts of 50 properties is about 3 MB, below what clients accept by default (4 MiB).
inline constexpr int kPageSizeMax = 1000;

// One read holds up the engine's thread: 20 000 contacts against a filter take about 2 ms.
inline constexpr std::uint32_t kSliceMax = 20'000;
// Writing a contact with 50 properties into its message takes about 10 us.
inline constexpr std::uint32_t kFillsPerReadMax = 200;
// After this a list answers what it has, with a token to go on, rather than to keep a worker busy.
inline constexpr std::chrono::milliseconds kListTimeMax{2'000};

// Calls waiting for a worker; at some milliseconds a call more than this would wait past usual deadlines.
inline constexpr std::size_t kCallsWaitingMax = 256;

// One piece of an import is applied at once, by one worker: some thousand rows.
inline constexpr std::size_t kImportChunkBytesMax = 1U << 20;
// The answer must stay below what clients accept by default (4 MiB).
inline constexpr int kImportErrorsMax = 1000;

// A picture that takes longer than this has more in it than anybody can look at; it holds a worker up.
inline constexpr unsigned kDrawSeconds = 10;
inline constexpr std::size_t kDrawBytesMax = std::size_t{1} << 30;
// By the clock: below the time that a stopping server gives to what it has taken.
inline constexpr std::chrono::milliseconds kDrawTimeMax{15'000};

// Each is an event of its own, and the answer says what is wrong with any of them.
inline constexpr int kMembersMax = 1000;
inline constexpr std::size_t kRequestIdBytesMax = 128;

inline constexpr int kScriptFilesMax = 1000;
inline constexpr std::size_t kScriptNameBytesMax = 512;
inline constexpr std::size_t kNoteBytesMax = 4096;
inline constexpr std::size_t kActorBytesMax = 256;
// One value; what a form's free text or a note can hold in HubSpot (65 536 characters).
inline constexpr std::size_t kTextBytesMax = 65'536;
inline constexpr std::size_t kFilterBytesMax = 16'384;
inline constexpr int kPropertiesMax = 1000;

// Details travel in HTTP/2 trailers, of which clients accept 8 KiB, base64-coded, by default.
inline constexpr std::size_t kErrorDetailsBytesMax = 4096;
inline constexpr std::size_t kErrorMessageBytesMax = 1024;

// A worker runs tests for so long: thousands of tests; who has more runs them where the scripts are.
inline constexpr std::chrono::seconds kTestTimeMax{10};
// The answer must stay below what clients accept by default (4 MiB): failures and stories are told while there is room.
inline constexpr std::size_t kTestAnswerBytesMax = (4U << 20) - (64U << 10);
inline constexpr std::size_t kTestNameBytesMax = 1024;

// Memory that gRPC may use for what is on its way; beyond it, connections are slowed down and new ones refused.
inline constexpr std::size_t kTransportBytesMax = 512U << 20;

// The HTTP door is one connection with a call for each of its own (2048).
inline constexpr int kCallsPerConnectionMax = 4'096;

// A client that vanished without a word is found after about a minute and a half; clients may ping every 10 s.
inline constexpr std::chrono::seconds kKeepaliveTime{60};
inline constexpr std::chrono::seconds kKeepaliveTimeout{20};
inline constexpr std::chrono::seconds kClientPingInterval{10};
// A connection is asked to come again after this time, so that clients spread over the servers behind a name; calls on it may go on for so
// much longer.
inline constexpr std::chrono::minutes kConnectionAge{60};
inline constexpr std::chrono::minutes kConnectionGrace{10};

// Each has a message in memory, and what its client has not taken of it.
inline constexpr std::size_t kWatchesMax = 1'000;
// Records read for watchers at once: some hundred KB of messages.
inline constexpr std::int64_t kWatchRecordsMax = 256;
inline constexpr std::chrono::seconds kWatchTick{1};
// Imports and backups that are over: each has some KB, most of them the places of rows that did not go in.
inline constexpr std::ptrdiff_t kOperationsKept = 100;
inline constexpr int kOperationErrorsMax = 100;
// Longer than anybody waits for one answer, and short enough for a clock to hold it.
inline constexpr std::chrono::hours kOperationWaitMax{24};
// After so long without a change the cursor is sent alone: so both sides see that the connection is there.
inline constexpr std::chrono::seconds kWatchSilence{15};

// For so long behind the last answer a stopping server goes on telling callers that it stops, and they can read what they got: of a
// connection that is closed while its client sends, what the client has not read is lost.
inline constexpr std::chrono::milliseconds kLingerTime{200};
// When the last call of a stopping server has ended, its answer may be on its way by HTTP.
inline constexpr std::chrono::milliseconds kAnswerTime{2'000};

}  // namespace stagecraft::server::limits

#endif  // STAGECRAFT_SERVER_RPC_LIMITS_H_
