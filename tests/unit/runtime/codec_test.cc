#include "runtime/model/codec.h"

#include <catch2/catch.hpp>
#include <limits>

#include "runtime/model/contact.h"
#include "runtime/model/dispatch.h"
#include "runtime/model/failure.h"
#include "runtime/model/record.h"

namespace stagecraft::runtime {
namespace {

Record FullRecord() {
  Record record;
  record.kind = RecordKind::kEvent;
  record.previous = 41;
  record.revision = 3;
  record.contact = 7;
  record.received_at = 1'790'000'000'000'000;
  record.occurred_at = record.received_at - 5'000'000;
  record.event_id = "evt-1";
  record.event = 12;
  record.actor = "ana@acme.example";
  record.fields = {{0, {true, 42, ""}}, {3, {true, 0, "新規"}}, {5, {}}};
  Effect set;
  set.target = 300;
  set.before = {true, 1, ""};
  set.after = {true, 0, std::string(1000, 'x')};
  set.text = "because";
  Effect fired;
  fired.kind = EffectKind::kRuleFired;
  fired.target = 9999;
  fired.number = 1;
  fired.trigger = 0;
  Effect tracked;
  tracked.kind = EffectKind::kTracked;
  tracked.number = record.occurred_at;
  Effect entered;
  entered.kind = EffectKind::kEntered;
  entered.number = record.occurred_at + 1;
  entered.number_before = 1023;
  entered.by = 1;
  entered.action = 65535;
  Effect refused;
  refused.kind = EffectKind::kRefused;
  refused.detail = static_cast<std::uint8_t>(RefusalReason::kLate);
  refused.target = kNoSlot;
  refused.number = std::numeric_limits<std::int64_t>::min();
  Effect waiting;
  waiting.kind = EffectKind::kRunWaiting;
  waiting.number = 3;
  waiting.number_before = Run::kNever;
  waiting.after = {true, record.occurred_at + 5, ""};
  waiting.detail = kRunNew | kRunPending;
  Effect sent;
  sent.kind = EffectKind::kSent;
  sent.number = 1;
  record.effects = {set, fired, tracked, entered, refused, waiting, sent};
  record.tasks = {{(5LL << 16) | 1, 7, "Call Ana", "ben@acme.example", record.occurred_at, record.occurred_at + 1, 2, true, 5,
                   record.occurred_at - 7, record.occurred_at + 9, record.occurred_at + 11},
                  {}};
  record.notifications = {{(5LL << 16) | 2, 7, "mika@acme.example", "SLA missed", record.occurred_at, 5}};
  Deal deal;
  deal.id = (5LL << 16) | 3;
  deal.contact = 7;
  deal.name = "Acme";
  deal.pipeline = "Sales";
  deal.stage = "Qualified";
  deal.amount = 1'200'500'000;
  deal.created_at = record.occurred_at;
  deal.cause = 5;
  record.deals = {deal, {}};
  Delivery email;
  email.name = "intro";
  email.recipient = "ana@acme.example";
  email.subject = "Hello";
  email.body = "新規";
  Delivery webhook;
  webhook.kind = DeliveryKind::kWebhook;
  webhook.name = "crm";
  webhook.payload = {{"score", ir::Type::kNumber, true, "12"}, {"owner", ir::Type::kUser, false, ""}};
  webhook.trace = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
  record.deliveries = {email, webhook};
  return record;
}

Contact FullContact() {
  Contact contact("ana", 7, 1'790'000'000'000'000);
  contact.set_now(1'790'000'000'000'009);
  contact.set_last_sequence(99);
  contact.set_last_contacted(1'790'000'000'000'002);
  contact.Set(0, {true, 5, ""}, false, 1'790'000'000'000'001);
  contact.Set(130, {true, 0, "Ana"}, true, 1'790'000'000'000'003);
  contact.Set(131, {}, true, 1'790'000'000'000'003);
  contact.SetEntered(0, 5, 1'790'000'000'000'001);
  contact.AddTrack(4, 1'790'000'000'000'002, 7, 0, false);
  contact.AddTrack(4, 1'790'000'000'000'001, 8, 0, false);
  contact.Arm({12, 1'790'000'000'500'000, 1'790'000'000'000'001});
  Progress& progress = contact.mutable_progress();
  progress.last_run = 9;
  Run waits{4, 12, 3, 1'790'000'000'000'001, 1'790'000'000'700'000, Run::kNever, 2, {{1, {true, 5, ""}}, {2, {true, 0, "Demo"}}}, 98};
  Run pending{9, 13, Run::kPending, 1'790'000'000'000'004, Run::kNever, 1'790'000'000'900'000, kNoEvent, {}, 99};
  progress.runs = {waits, pending};
  progress.SetLastFiring(15, 1'790'000'000'000'002);
  progress.SetLastFiring(14, 1'790'000'000'000'001);
  progress.SetReminder(7LL << 16, 1'790'000'000'800'000);
  return contact;
}

}  // namespace

TEST_CASE("what came of a delivery survives packing, as a row and as an effect, and damage is noticed") {
  Dispatch dispatch;
  dispatch.id = DispatchId((5LL << 16) | 3, DispatchRoute::kChat);
  dispatch.contact = 7;
  dispatch.state = DispatchState::kWaiting;
  dispatch.attempts = 4;
  dispatch.next_at = 1'790'000'060'000'000;
  dispatch.tried_at = 1'790'000'000'000'000;
  dispatch.error = "HTTP 503: später";
  CHECK(ItemOf(dispatch.id) == ((5LL << 16) | 3));
  CHECK(RouteOf(dispatch.id) == DispatchRoute::kChat);

  std::string bytes;
  EncodeDispatch(dispatch, bytes);
  CHECK(DecodeDispatch(bytes) == dispatch);
  for (std::size_t size = 0; size < bytes.size(); ++size) CHECK_FALSE(DecodeDispatch(std::string_view(bytes).substr(0, size)));
  CHECK_FALSE(DecodeDispatch(bytes + "x"));

  Record record;
  record.kind = RecordKind::kDeliveryOutcome;
  PutOutcome(dispatch, record.effects.emplace_back());
  std::string packed;
  EncodeRecord(record, packed);
  Record unpacked;
  std::size_t offset = 0;
  REQUIRE(DecodeRecord(packed, offset, unpacked));
  CHECK(unpacked == record);
  Dispatch again;
  again.id = dispatch.id;
  again.contact = dispatch.contact;
  REQUIRE(TakeOutcome(unpacked.effects[0], again));
  CHECK(again == dispatch);
  unpacked.effects[0].detail = kDispatchStates;
  CHECK_FALSE(TakeOutcome(unpacked.effects[0], again));
  CHECK_FALSE(TakeOutcome(Effect(), again));
}

TEST_CASE("a notification survives packing as a row, read or not") {
  Notification notification{(5LL << 16) | 2, 7, "mika@acme.example", "SLA missed", 1'790'000'000'000'000, 5};
  for (const Micros read_at : {Micros{0}, Micros{1'790'000'060'000'000}}) {
    notification.read_at = read_at;
    std::string bytes;
    EncodeNotification(notification, bytes);
    CHECK(DecodeNotification(bytes) == notification);
    CHECK_FALSE(DecodeNotification(bytes + "xy"));
  }
}

TEST_CASE("integers of any size survive packing") {
  const std::int64_t numbers[] = {0,
                                  1,
                                  -1,
                                  63,
                                  -64,
                                  64,
                                  127,
                                  128,
                                  1'790'000'000'000'000,
                                  std::numeric_limits<std::int64_t>::min(),
                                  std::numeric_limits<std::int64_t>::max()};
  std::string bytes;
  {
    Writer writer(bytes);
    for (const std::int64_t number : numbers) {
      writer.Signed(number);
      writer.Relative(number, std::numeric_limits<std::int64_t>::max());
      writer.Unsigned(static_cast<std::uint64_t>(number));
    }
  }
  Reader reader(bytes);
  for (const std::int64_t number : numbers) {
    CHECK(reader.Signed() == number);
    CHECK(reader.Relative(std::numeric_limits<std::int64_t>::max()) == number);
    CHECK(reader.Unsigned() == static_cast<std::uint64_t>(number));
  }
  CHECK(reader.ok());
  CHECK(reader.AtEnd());
}

TEST_CASE("texts longer than the writer's buffer survive packing") {
  std::string bytes;
  const std::string text(5000, 'a');
  {
    Writer writer(bytes);
    writer.Text("x");
    writer.Text(text);
    writer.Text("");
  }
  Reader reader(bytes);
  CHECK(reader.Text() == "x");
  CHECK(reader.Text() == text);
  CHECK(reader.Text().empty());
  CHECK(reader.AtEnd());
}

TEST_CASE("records survive packing, one after the other") {
  const Record full = FullRecord();
  Record timer;
  timer.kind = RecordKind::kTimer;
  timer.rule = kNoRule;
  Record fired = timer;
  fired.rule = 0;
  Record deployment;
  deployment.kind = RecordKind::kDeployment;
  std::string bytes;
  for (const Record& record : {full, timer, fired, deployment, full}) EncodeRecord(record, bytes);
  std::size_t offset = 0;
  Record read;
  for (const Record& record : {full, timer, fired, deployment, full}) {
    REQUIRE(DecodeRecord(bytes, offset, read));
    CHECK(read == record);
  }
  CHECK(offset == bytes.size());
  CHECK_FALSE(DecodeRecord(bytes, offset, read));
}

TEST_CASE("an event without effects takes few bytes") {
  Record record;
  record.received_at = 1'790'000'000'000'000;
  record.occurred_at = record.received_at;
  record.event_id = "0123456789";
  std::string bytes;
  EncodeRecord(record, bytes);
  CHECK(bytes.size() <= 32);
}

TEST_CASE("a damaged record is noticed and never read beyond") {
  std::string bytes;
  EncodeRecord(FullRecord(), bytes);
  Record read;
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    std::size_t offset = 0;
    const std::string cut = bytes.substr(0, size);
    CHECK_FALSE(DecodeRecord(cut, offset, read));
    CHECK(offset == 0);
  }
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    for (const int flip : {0x01, 0x80, 0xFF}) {
      std::string damaged = bytes;
      damaged[i] = static_cast<char>(damaged[i] ^ flip);
      std::size_t offset = 0;
      if (DecodeRecord(damaged, offset, read)) CHECK(offset <= damaged.size());
    }
  }
}

TEST_CASE("a record whose effects point at what is not there is damaged") {
  const auto reads = [](const Effect& effect) {
    Record record;
    record.effects = {Effect{}, effect};
    record.tasks.resize(1);
    std::string bytes;
    EncodeRecord(record, bytes);
    std::size_t offset = 0;
    Record out;
    return DecodeRecord(bytes, offset, out);
  };
  Effect effect;
  CHECK(reads(effect));
  effect.by = 1;  // itself
  CHECK_FALSE(reads(effect));
  effect.by = kByEvent;
  effect.trigger = 7;
  CHECK_FALSE(reads(effect));
  effect.trigger = 0;
  CHECK(reads(effect));
  effect.kind = EffectKind::kTaskCreated;
  CHECK(reads(effect));
  effect.number = 1;
  CHECK_FALSE(reads(effect));
  effect.kind = EffectKind::kNotified;
  effect.number = 0;
  CHECK_FALSE(reads(effect));
}

TEST_CASE("a contact for which nothing ever waited packs as it did before there were runs") {
  Contact contact("ana", 7, 0);
  std::string bytes, again;
  contact.Encode(bytes);
  contact.mutable_progress();
  contact.Encode(again);
  CHECK(again == bytes);
}

TEST_CASE("a contact survives packing") {
  const Contact contact = FullContact();
  std::string bytes;
  contact.Encode(bytes);
  const auto read = Contact::Decode(bytes);
  REQUIRE(read);
  std::string again;
  read->Encode(again);
  CHECK(again == bytes);
  CHECK(read->id() == "ana");
  CHECK(read->Number(0) == 5);
  CHECK(read->Text(130) == "Ana");
  CHECK_FALSE(read->IsSet(131));
  CHECK(read->ChangedAt(131) == 1'790'000'000'000'003);
  CHECK(read->EnteredAt(0, 5) == 1'790'000'000'000'001);
  CHECK(read->FindTrack(4)->times == std::vector<Micros>{1'790'000'000'000'001, 1'790'000'000'000'002});
  CHECK(read->FindTrack(4)->first_record == 7);
  CHECK(read->FindTrack(4)->last_record == 7);
  CHECK(read->FindTimer(12)->due == 1'790'000'000'500'000);
  CHECK(read->last_contacted() == 1'790'000'000'000'002);
  CHECK(read->runs() == contact.runs());
  CHECK(read->progress().last_run == 9);
  CHECK(read->progress().last_firings == std::vector<LastFiring>{{14, 1'790'000'000'000'001}, {15, 1'790'000'000'000'002}});
}

TEST_CASE("a contact that was packed before tracks knew their records is read") {
  Contact contact("ana", 7, 0);
  std::string bytes;
  contact.Encode(bytes);
  bytes[0] = 1;
  CHECK(Contact::Decode(bytes));

  Contact tracked("ana", 7, 0);
  tracked.AddTrack(4, 5, 3, 0, false);
  bytes.clear();
  tracked.Encode(bytes);
  // Its end: the track's time, its two records, no timers.
  bytes.erase(bytes.size() - 3, 2);
  bytes[0] = 1;
  const auto read = Contact::Decode(bytes);
  REQUIRE(read);
  CHECK(read->FindTrack(4)->times == std::vector<Micros>{5});
  CHECK(read->FindTrack(4)->last_record == 0);
}

TEST_CASE("a damaged contact is noticed") {
  std::string bytes;
  FullContact().Encode(bytes);
  for (std::size_t size = 0; size < bytes.size(); ++size) CHECK_FALSE(Contact::Decode(std::string_view(bytes).substr(0, size)));
  CHECK_FALSE(Contact::Decode(bytes + "x"));
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    std::string damaged = bytes;
    damaged[i] = static_cast<char>(damaged[i] ^ 0xFF);
    Contact::Decode(damaged);
  }
}

TEST_CASE("equal contacts have equal bytes, whatever way they came to be") {
  Contact straight("ana", 0, 1);
  straight.Set(2, {true, 0, "b"}, true, 5);
  Contact detour("ana", 0, 1);
  detour.Set(9, {true, 0, "gone"}, true, 3);
  detour.Set(2, {true, 0, "a"}, true, 4);
  detour.Set(2, {true, 0, "b"}, true, 5);
  detour.Set(9, {}, true, 0);
  std::string left, right;
  straight.Encode(left);
  detour.Encode(right);
  CHECK(left == right);
}

TEST_CASE("tasks and notifications survive packing by themselves") {
  const Record record = FullRecord();
  for (const Task& task : record.tasks) {
    std::string bytes;
    EncodeTask(task, bytes);
    CHECK(DecodeTask(bytes) == task);
    CHECK_FALSE(DecodeTask(bytes.substr(0, bytes.size() - 1)));
  }
  std::string bytes;
  EncodeNotification(record.notifications[0], bytes);
  CHECK(DecodeNotification(bytes) == record.notifications[0]);
}

TEST_CASE("attempts and enrolments survive packing as records") {
  Record attempt = FullRecord();
  attempt.kind = RecordKind::kRetry;
  attempt.event_id.clear();
  attempt.failure = (7LL << 16) | 3;
  Record without_event = attempt;
  without_event.event = kNoEvent;
  without_event.deals.clear();
  without_event.deliveries.clear();
  without_event.effects.clear();
  Record enrolment = without_event;
  enrolment.kind = RecordKind::kEnrolment;
  enrolment.event = 0;
  enrolment.failure = 0;
  enrolment.rule = 12;
  for (const Record& record : {attempt, without_event, enrolment}) {
    std::string bytes;
    EncodeRecord(record, bytes);
    Record read;
    std::size_t offset = 0;
    REQUIRE(DecodeRecord(bytes, offset, read));
    CHECK(read == record);
  }
}

TEST_CASE("failures survive packing, and damaged ones are refused") {
  Failure of_action{(9LL << 16) | 1, 7, Failure::Kind::kAction, 1'790'000'000'000'000, 3,  12,  4, 2,
                    kNoSlot,         8, "ben@acme.example",     1'790'000'000'000'001, 10, true};
  Failure of_event;
  of_event.id = 11LL << 16;
  of_event.contact = 0xFFFF'FFFF;
  of_event.kind = Failure::Kind::kEvent;
  for (const Failure& failure : {of_action, of_event}) {
    std::string bytes;
    EncodeFailure(failure, bytes);
    CHECK(DecodeFailure(bytes) == failure);
    for (std::size_t size = 0; size < bytes.size(); ++size) CHECK_FALSE(DecodeFailure(bytes.substr(0, size)).has_value());
    CHECK_FALSE(DecodeFailure(bytes + "x").has_value());
  }
}

}  // namespace stagecraft::runtime
