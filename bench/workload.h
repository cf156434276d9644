// The workload of the load generator: contacts, events with a moderate skew (the hottest fifth of the contacts gets three fifths of
// the events), and rule sets of any size. Everything follows from a seed.
#ifndef STAGECRAFT_BENCH_WORKLOAD_H_
#define STAGECRAFT_BENCH_WORKLOAD_H_

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

namespace stagecraft::bench {

// splitmix64.
class Rng {
 public:
  explicit Rng(std::uint64_t seed) : state_(seed) {}
  std::uint64_t Next();
  // Uniform in [0, n), n > 0.
  std::uint32_t Below(std::uint32_t n);

 private:
  std::uint64_t state_;
};

enum class EventType : std::uint8_t { kPageViewed, kEmailSent, kFormSubmitted, kCallNoAnswer, kMeetingBooked, kMeetingEnded };

struct GeneratedEvent {
  std::uint32_t contact = 0;
  EventType type = EventType::kPageViewed;
  std::string_view attribute;  // page, template or form; empty for calls and meetings
};

// "email sent" …; and the event's field that carries the attribute, empty for none.
std::string_view TypeName(EventType type);
std::string_view AttributeField(EventType type);

GeneratedEvent NextEvent(Rng& rng, std::uint32_t contacts);

// A contact's id and its properties as of its creation.
std::string ContactId(std::uint32_t contact);
struct GeneratedContact {
  std::string_view status, lifecycle, country, sector;
  std::int32_t employees = 0;
  std::string owner;
};
GeneratedContact MakeContact(std::uint32_t contact);

// A script of `rules` rules over this vocabulary: two to three conditions each; actions in equal parts set status, notify, create a task.
std::string MakeScript(std::uint32_t rules);

}  // namespace stagecraft::bench

#endif  // STAGECRAFT_BENCH_WORKLOAD_H_
