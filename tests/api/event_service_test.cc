// EventService, through a real client on a real socket.
#include <catch2/catch.hpp>
#include <chrono>
#include <future>
#include <limits>
#include <mutex>
#include <string>
#include <vector>

#include "runtime/engine/view.h"
#include "tests/api/api_fixture.h"

namespace stagecraft::tests {
namespace {

using Fields = std::vector<std::string>;

// Sends the batches without waiting in between, and reads every answer.
std::vector<v1::StreamEventsResponse> StreamAll(ApiFixture& api, const std::vector<v1::StreamEventsRequest>& batches) {
  Call call;
  const auto stream = api.events->StreamEvents(call);
  for (const auto& batch : batches) REQUIRE(stream->Write(batch));
  REQUIRE(stream->WritesDone());
  std::vector<v1::StreamEventsResponse> answers;
  v1::StreamEventsResponse answer;
  while (stream->Read(&answer)) answers.push_back(answer);
  const grpc::Status status = stream->Finish();
  INFO(status.error_message());
  REQUIRE(status.ok());
  return answers;
}

v1::StreamEventsRequest Batch(std::int64_t number, int events, const std::string& contact) {
  v1::StreamEventsRequest batch;
  batch.set_batch(number);
  for (int i = 0; i < events; ++i) {
    *batch.add_events() = MakeEvent("b" + std::to_string(number) + "-" + std::to_string(i), contact, "page viewed");
  }
  return batch;
}

}  // namespace

TEST_CASE_METHOD(ApiFixture, "an event that was answered is applied, with what the rules make of it") {
  Deploy();
  auto event = MakeEvent("e1", "ana", "contact updated");
  AddText(*event.mutable_properties(), "lifecycle", "SQL");
  v1::EventResult result;
  REQUIRE(Publish(event, &result).ok());
  CHECK(result.state() == v1::EVENT_STATE_APPLIED);
  CHECK(result.sequence() > 0);
  CHECK(result.changes() == 2);
  CHECK(result.rules_fired() == 2);
  CHECK(TextOf(Get("ana"), "status") == "New");
}

TEST_CASE_METHOD(ApiFixture, "the same event twice changes nothing the second time") {
  const auto event = MakeEvent("e1", "ana", "page viewed");
  v1::EventResult first, second;
  REQUIRE(Publish(event, &first).ok());
  REQUIRE(Publish(event, &second).ok());
  CHECK(second.state() == v1::EVENT_STATE_DUPLICATE);
  CHECK(second.sequence() == first.sequence());
}

TEST_CASE_METHOD(ApiFixture, "the id of an event with other content is refused") {
  REQUIRE(Publish(MakeEvent("e1", "ana", "page viewed")).ok());
  const grpc::Status status = Publish(MakeEvent("e1", "ben", "page viewed"));
  CHECK(status.error_code() == grpc::StatusCode::ALREADY_EXISTS);
  CHECK(ReasonOf(status) == "EVENT_ID_REUSED");
}

TEST_CASE_METHOD(ApiFixture, "an event without an id gets one") {
  const auto event = MakeEvent("", "ana", "page viewed");
  v1::EventResult first, second;
  REQUIRE(Publish(event, &first).ok());
  REQUIRE(Publish(event, &second).ok());
  CHECK(second.state() == v1::EVENT_STATE_APPLIED);
  CHECK(second.sequence() > first.sequence());
}

TEST_CASE_METHOD(ApiFixture, "each event of a batch is answered by itself, and a bad one does not spoil the rest") {
  REQUIRE(Publish(MakeEvent("made", "ana", "contact created")).ok());
  v1::PublishEventsRequest request;
  *request.add_events() = MakeEvent("good", "ana", "page viewed");
  *request.add_events() = MakeEvent("type", "ana", "page veiwed");
  auto* missing = request.add_events();
  *missing = MakeEvent("missing", "nobody", "page viewed");
  missing->set_create_if_missing(false);
  auto* field = request.add_events();
  *field = MakeEvent("field", "ana", "page viewed");
  AddText(*field->mutable_fields(), "no such field", "x");
  auto* property = request.add_events();
  *property = MakeEvent("property", "ana", "contact updated");
  AddText(*property->mutable_properties(), "status", "Nwe");
  auto* old = request.add_events();
  *old = MakeEvent("old", "ana", "page viewed");
  old->mutable_occurred_at()->set_seconds(1'000'000);
  auto* future = request.add_events();
  *future = MakeEvent("future", "ana", "page viewed");
  future->mutable_occurred_at()->set_seconds(250'000'000'000);
  auto* no_time = request.add_events();
  *no_time = MakeEvent("no time", "ana", "page viewed");
  no_time->mutable_occurred_at()->set_nanos(-1);
  auto* no_number = request.add_events();
  *no_number = MakeEvent("no number", "ana", "contact updated");
  auto* budget = no_number->add_properties();
  budget->set_name("budget");
  budget->set_number(std::numeric_limits<double>::quiet_NaN());
  auto* actor = request.add_events();
  *actor = MakeEvent("actor", "ana", "page viewed");
  actor->set_actor(std::string(257, 'x'));
  auto* long_text = request.add_events();
  *long_text = MakeEvent("long text", "ana", "contact updated");
  AddText(*long_text->mutable_properties(), "first name", std::string(65'537, 'x'));
  *request.add_events() = MakeEvent("also good", "ana", "page viewed");

  v1::PublishEventsResponse response;
  REQUIRE(events->PublishEvents(Call(), request, &response).ok());
  REQUIRE(response.results_size() == request.events_size());
  const auto expect = [&response](int i, grpc::StatusCode code, const std::string& reason, const Fields& fields) {
    const v1::EventResult& result = response.results(i);
    INFO(result.DebugString());
    CHECK(result.index() == i);
    CHECK(result.state() == v1::EVENT_STATE_REJECTED);
    CHECK(result.sequence() == 0);
    CHECK(result.error().code() == code);
    CHECK_FALSE(result.error().message().empty());
    CHECK(ReasonOf(result.error()) == reason);
    CHECK(FieldsOf(result.error()) == fields);
  };
  CHECK(response.results(0).state() == v1::EVENT_STATE_APPLIED);
  expect(1, grpc::INVALID_ARGUMENT, "UNKNOWN_EVENT_TYPE", {"type"});
  expect(2, grpc::NOT_FOUND, "CONTACT_NOT_FOUND", {"contact"});
  expect(3, grpc::INVALID_ARGUMENT, "UNKNOWN_FIELD", {"fields.no such field"});
  expect(4, grpc::INVALID_ARGUMENT, "INVALID_VALUE", {"properties.status"});
  expect(5, grpc::FAILED_PRECONDITION, "EVENT_BEFORE_CONTACT", {"occurred_at"});
  expect(6, grpc::INVALID_ARGUMENT, "EVENT_IN_FUTURE", {"occurred_at"});
  expect(7, grpc::INVALID_ARGUMENT, "INVALID_VALUE", {"occurred_at"});
  expect(8, grpc::INVALID_ARGUMENT, "INVALID_VALUE", {"properties.budget"});
  expect(9, grpc::INVALID_ARGUMENT, "TEXT_TOO_LONG", {"actor"});
  expect(10, grpc::INVALID_ARGUMENT, "TEXT_TOO_LONG", {"properties.first name"});
  CHECK(response.results(11).state() == v1::EVENT_STATE_APPLIED);
}

TEST_CASE_METHOD(ApiFixture, "a batch has 1 to 10 000 events") {
  v1::PublishEventsRequest request;
  v1::PublishEventsResponse response;
  const grpc::Status empty = events->PublishEvents(Call(), request, &response);
  CHECK(empty.error_code() == grpc::StatusCode::INVALID_ARGUMENT);
  CHECK(ReasonOf(empty) == "INVALID_BATCH_SIZE");
  for (int i = 0; i < 10'001; ++i) request.add_events();
  const grpc::Status large = events->PublishEvents(Call(), request, &response);
  CHECK(large.error_code() == grpc::StatusCode::INVALID_ARGUMENT);
  CHECK(FieldsOf(DetailsOf(large)) == Fields{"events"});
}

TEST_CASE_METHOD(ApiFixture, "a stream acknowledges its batches in their order, with many on their way") {
  Deploy();
  std::vector<v1::StreamEventsRequest> batches;
  for (int i = 0; i < 40; ++i) batches.push_back(Batch(100 + i, 25, "ana"));
  const auto answers = StreamAll(*this, batches);
  REQUIRE(answers.size() == batches.size());
  for (std::size_t i = 0; i < answers.size(); ++i) {
    CHECK(answers[i].batch() == batches[i].batch());
    CHECK(answers[i].applied() == 25);
    CHECK(answers[i].results_size() == 0);
  }
  const v1::Contact ana = Get("ana");
  REQUIRE(ana.counters_size() == 1);
  CHECK(ana.counters(0).name() == "views");
  CHECK(ana.counters(0).value() == 1000);
}

TEST_CASE_METHOD(ApiFixture, "a stream names the events of a batch that were not applied, and all of them when asked") {
  auto batch = Batch(1, 3, "ana");
  batch.mutable_events(1)->set_type("nothing of the kind");
  auto all = Batch(2, 2, "ana");
  all.set_all_results(true);
  const auto answers = StreamAll(*this, {batch, Batch(3, 0, "ana"), batch, all});
  REQUIRE(answers.size() == 4);
  CHECK(answers[0].applied() == 2);
  CHECK(answers[0].rejected() == 1);
  REQUIRE(answers[0].results_size() == 1);
  CHECK(answers[0].results(0).index() == 1);
  CHECK(ReasonOf(answers[0].results(0).error()) == "UNKNOWN_EVENT_TYPE");
  CHECK(answers[1].batch() == 3);
  CHECK(answers[1].applied() == 0);
  CHECK(answers[2].duplicates() == 2);
  CHECK(answers[2].rejected() == 1);
  REQUIRE(answers[3].results_size() == 2);
  CHECK(answers[3].results(1).index() == 1);
  CHECK(answers[3].results(1).sequence() > answers[3].results(0).sequence());
}

TEST_CASE_METHOD(ApiFixture, "a batch that is too large is refused as a whole, and the stream goes on") {
  const auto answers = StreamAll(*this, {Batch(1, 1, "ana"), Batch(2, 10'001, "ana"), Batch(3, 1, "ana")});
  REQUIRE(answers.size() == 3);
  CHECK(answers[0].applied() == 1);
  CHECK(ReasonOf(answers[1].error()) == "INVALID_BATCH_SIZE");
  CHECK(answers[1].applied() == 0);
  CHECK(answers[2].applied() == 1);
}

TEST_CASE_METHOD(ApiFixture, "more than the inbox holds comes in over a stream without an error: the writer waits") {
  std::vector<v1::StreamEventsRequest> batches;
  for (int i = 0; i < 12; ++i) batches.push_back(Batch(i, 10'000, "c" + std::to_string(i)));
  std::int64_t applied = 0;
  for (const auto& answer : StreamAll(*this, batches)) applied += answer.applied();
  CHECK(applied == 120'000);
}

TEST_CASE_METHOD(ApiFixture, "what the inbox does not hold is refused at once, says when to try again, and goes in then") {
  constexpr int kCalls = 12;  // 120 000 events, of which the inbox holds 65 536
  constexpr int kEvents = 10'000;
  Deploy();
  // While somebody reads, nothing is decided.
  std::promise<void> held, released;
  auto read = std::async(std::launch::async, [&] {
    return engine().Read([&](const runtime::View&) {
      held.set_value();
      released.get_future().wait();
    });
  });
  held.get_future().wait();

  std::promise<void> refused;
  std::once_flag first;
  const auto publish = [&](int number) {
    v1::PublishEventsRequest request;
    *request.mutable_events() = Batch(number, kEvents, "ana").events();
    v1::PublishEventsResponse response;
    const grpc::Status status = events->PublishEvents(Call(), request, &response);
    if (!status.ok()) std::call_once(first, [&] { refused.set_value(); });
    return status;
  };
  std::vector<std::future<grpc::Status>> calls;
  for (int number = 0; number < kCalls; ++number) calls.push_back(std::async(std::launch::async, publish, number));
  refused.get_future().wait();  // nothing is acknowledged yet
  released.set_value();
  CHECK(read.get().ok());

  int accepted = 0;
  for (int number = 0; number < kCalls; ++number) {
    const grpc::Status status = calls[static_cast<std::size_t>(number)].get();
    if (status.ok()) {
      ++accepted;
      continue;
    }
    CHECK(status.error_code() == grpc::StatusCode::RESOURCE_EXHAUSTED);
    CHECK(ReasonOf(status) == "INBOX_FULL");
    CHECK(SaysWhenToRetry(status));
    while (!publish(number).ok()) {}  // the others of them are on their way as well
  }
  CHECK(accepted < kCalls);
  const v1::Contact ana = Get("ana");
  REQUIRE(ana.counters_size() == 1);
  CHECK(ana.counters(0).value() == kCalls * kEvents);
}

TEST_CASE_METHOD(ApiFixture, "draining answers what a stream has sent, then ends it with UNAVAILABLE") {
  Call call;
  const auto stream = events->StreamEvents(call);
  REQUIRE(stream->Write(Batch(1, 100, "ana")));
  v1::StreamEventsResponse answer;
  REQUIRE(stream->Read(&answer));
  CHECK(answer.applied() == 100);
  server().Drain(std::chrono::seconds(20));
  CHECK_FALSE(stream->Read(&answer));
  const grpc::Status status = stream->Finish();
  CHECK(status.error_code() == grpc::StatusCode::UNAVAILABLE);
  CHECK(ReasonOf(status) == "SERVER_STOPPING");
  CHECK(SaysWhenToRetry(status));
}

TEST_CASE_METHOD(ApiFixture, "a client that leaves in the middle of a stream harms nobody") {
  for (int round = 0; round < 20; ++round) {
    Call call;
    const auto stream = events->StreamEvents(call);
    for (int i = 0; i <= round % 5; ++i) stream->Write(Batch(100 * round + i, 50, "ana"));
    call->TryCancel();
    CHECK(stream->Finish().error_code() == grpc::StatusCode::CANCELLED);
  }
  CHECK(Publish(MakeEvent("after", "ana", "page viewed")).ok());
}

TEST_CASE_METHOD(ApiFixture, "a batch that is sent again with its ids changes nothing, and says so of each event") {
  v1::PublishEventsRequest request;
  *request.mutable_events() = Batch(1, 3, "ana").events();
  v1::PublishEventsResponse first, second;
  REQUIRE(events->PublishEvents(Call(), request, &first).ok());
  REQUIRE(events->PublishEvents(Call(), request, &second).ok());
  REQUIRE(second.results_size() == 3);
  for (int i = 0; i < 3; ++i) {
    CHECK(second.results(i).state() == v1::EVENT_STATE_DUPLICATE);
    CHECK(second.results(i).sequence() == first.results(i).sequence());
  }
}

TEST_CASE_METHOD(ApiFixture, "what is wrong with an event that is sent alone is how the call ends, with the field to blame") {
  Deploy("list \"Big\" when company employees >= 100\n");
  REQUIRE(Publish(MakeEvent("made", "ana", "contact created")).ok());
  const auto check = [this](const v1::Event& event, grpc::StatusCode code, const std::string& reason, const std::string& field) {
    const grpc::Status status = Publish(event);
    INFO(status.error_message());
    CHECK(status.error_code() == code);
    CHECK(ReasonOf(status) == reason);
    CHECK(FieldsOf(DetailsOf(status)) == Fields{field});
  };
  check(MakeEvent(std::string(129, 'e'), "ana", "page viewed"), grpc::INVALID_ARGUMENT, "INVALID_EVENT_ID", "id");
  check(MakeEvent("e", "no spaces please", "page viewed"), grpc::INVALID_ARGUMENT, "INVALID_CONTACT_ID", "contact");
  check(MakeEvent("e", "ana", "page veiwed"), grpc::INVALID_ARGUMENT, "UNKNOWN_EVENT_TYPE", "type");
  auto event = MakeEvent("e", "ana", "page viewed");
  AddText(*event.mutable_fields(), "shoe size", "38");
  check(event, grpc::INVALID_ARGUMENT, "UNKNOWN_FIELD", "fields.shoe size");

  const auto with = [](const std::string& property, const std::string& value) {
    auto update = MakeEvent("e", "ana", "contact updated");
    AddText(*update.mutable_properties(), property, value);
    return update;
  };
  check(with("shoe size", "38"), grpc::INVALID_ARGUMENT, "UNKNOWN_PROPERTY", "properties.shoe size");
  check(with("status", "Nwe"), grpc::INVALID_ARGUMENT, "INVALID_VALUE", "properties.status");
  check(with("list:Small", "yes"), grpc::INVALID_ARGUMENT, "LIST_NOT_FOUND", "properties.list:Small");
  check(with("list:Big", "yes"), grpc::INVALID_ARGUMENT, "LIST_BY_CONDITION", "properties.list:Big");

  event = MakeEvent("e", "ana", "page viewed");
  event.mutable_occurred_at()->set_seconds(250'000'000'000);
  check(event, grpc::INVALID_ARGUMENT, "EVENT_IN_FUTURE", "occurred_at");
  event.mutable_occurred_at()->set_seconds(1'000'000);
  check(event, grpc::FAILED_PRECONDITION, "EVENT_BEFORE_CONTACT", "occurred_at");
  event = MakeEvent("e", "nobody", "page viewed");
  event.set_create_if_missing(false);
  check(event, grpc::NOT_FOUND, "CONTACT_NOT_FOUND", "contact");
  event = MakeEvent("e", "ana", "task completed");
  AddText(*event.mutable_fields(), "task", "7");
  check(event, grpc::NOT_FOUND, "TASK_NOT_FOUND", "fields.task");

  v1::UpdateUserRequest user;
  user.mutable_user()->set_name("users/gone@acme.example");
  user.mutable_user()->set_deactivated(true);
  user.set_allow_missing(true);
  v1::UpdateUserResponse updated;
  REQUIRE(users->UpdateUser(Call(), user, &updated).ok());
  event = MakeEvent("e", "ana", "task created");
  AddText(*event.mutable_fields(), "title", "Call");
  AddText(*event.mutable_fields(), "assignee", "gone@acme.example");
  check(event, grpc::FAILED_PRECONDITION, "USER_DEACTIVATED", "fields.assignee");
}

TEST_CASE_METHOD(ApiFixture,
                 "an event before which more timers are due than may fire at once is refused, and goes in after some more attempts") {
  Deploy("after 1 minute in status New set status Open\nafter 1 minute in status Open set status New\n");
  auto event = MakeEvent("e1", "ana", "contact updated");
  AddText(*event.mutable_properties(), "status", "New");
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  event.mutable_occurred_at()->set_seconds(std::chrono::duration_cast<std::chrono::seconds>(now - std::chrono::hours(20 * 24)).count());
  REQUIRE(Publish(event).ok());
  grpc::Status status;
  int refused = 0;
  while (status = Publish(MakeEvent("e2", "ana", "page viewed")), !status.ok()) {
    CHECK(status.error_code() == grpc::StatusCode::RESOURCE_EXHAUSTED);
    CHECK(ReasonOf(status) == "TIMERS_BEHIND");
    CHECK(SaysWhenToRetry(status));
    ++refused;
  }
  CHECK(refused > 0);
}

}  // namespace stagecraft::tests
