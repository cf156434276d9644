#include "runtime/engine/event_ids.h"

#include <catch2/catch.hpp>

namespace stagecraft::runtime {
namespace {

KnownEvent Known(const EventIds& ids, const std::string& id, Sequence sequence) {
  KnownEvent known;
  known.key = ids.KeyOf(id);
  known.content = static_cast<std::uint64_t>(sequence) * 77;
  known.sequence = sequence;
  known.changes = static_cast<std::uint32_t>(sequence % 5);
  known.rules_fired = static_cast<std::uint32_t>(sequence % 7);
  known.failed = sequence % 11 == 0;
  return known;
}

TEST_CASE("the content of an event is all of it but its id") {
  std::string scratch;
  const NamedInput field{"minutes", 5.0};
  const NamedInput other_field{"minutes", 6.0};
  const NamedInput text_field{"minutes", std::string_view("5")};
  EventInput event;
  event.id = "1";
  event.contact = "ab";
  event.type = "c";
  event.fields = {&field, 1};
  const std::uint64_t content = HashContent(event, scratch);

  EventInput same = event;
  same.id = "2";
  CHECK(HashContent(same, scratch) == content);

  std::vector<EventInput> others(8, event);
  others[0].contact = "a";
  others[0].type = "bc";
  others[1].occurred_at = 1;
  others[2].actor = "ana";
  others[3].fields = {&other_field, 1};
  others[4].fields = {&text_field, 1};
  others[5].fields = {};
  others[5].properties = {&field, 1};
  others[6].create = CreateMode::kMustCreate;
  others[7].created_at = 1;
  for (const EventInput& other : others) CHECK(HashContent(other, scratch) != content);
}

TEST_CASE("ids come back from the parts of a checkpoint") {
  EventIds ids;
  ids.set_seed(5);
  constexpr Sequence kEvents = 2'500;
  for (Sequence sequence = 1; sequence <= kEvents; ++sequence) ids.Add(Known(ids, "id" + std::to_string(sequence), sequence));
  EventIds again;
  again.set_seed(5);
  for (std::size_t part = 0; part < 3; ++part) REQUIRE(again.DecodePart(ids.EncodePart(part)));
  CHECK(again.size() == kEvents);
  CHECK(again.last_sequence() == kEvents);
  int wrong = 0;
  for (Sequence sequence = 1; sequence <= kEvents; ++sequence) {
    const KnownEvent expected = Known(ids, "id" + std::to_string(sequence), sequence);
    const KnownEvent* found = again.Find(expected.key);
    if (found == nullptr || found->content != expected.content || found->sequence != sequence || found->changes != expected.changes ||
        found->rules_fired != expected.rules_fired || found->failed != expected.failed) {
      ++wrong;
    }
  }
  CHECK(wrong == 0);
  CHECK(again.Find(again.KeyOf("never seen")) == nullptr);
}

TEST_CASE("a damaged part is noticed") {
  EventIds ids;
  ids.Add(Known(ids, "id", 1));
  const std::string part = ids.EncodePart(0);
  EventIds again;
  CHECK_FALSE(again.DecodePart(part.substr(0, part.size() - 1)));
}

}  // namespace
}  // namespace stagecraft::runtime
