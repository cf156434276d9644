// ContactService.GetTimeline and Explain, through a real client on a real socket.
#include <catch2/catch.hpp>
#include <string>
#include <vector>

#include "tests/api/api_fixture.h"

namespace stagecraft::tests {
namespace {

const v1::Cause* Find(const v1::Cause& cause, v1::CauseKind kind) {
  if (cause.kind() == kind) return &cause;
  for (const v1::Cause& below : cause.causes()) {
    if (const v1::Cause* found = Find(below, kind)) return found;
  }
  return nullptr;
}

v1::Event BecomesSql() {
  auto event = MakeEvent("becomes SQL", "ana", "contact updated");
  event.set_actor("ben@acme.example");
  AddText(*event.mutable_properties(), "lifecycle", "SQL");
  return event;
}

}  // namespace

TEST_CASE_METHOD(ApiFixture, "a timeline has what happened and what came of it, newest first, page by page") {
  Deploy();
  REQUIRE(Publish(BecomesSql()).ok());
  for (int i = 0; i < 5; ++i) REQUIRE(Publish(MakeEvent("view " + std::to_string(i), "ana", "page viewed")).ok());
  v1::GetTimelineRequest request;
  request.set_name("contacts/ana");
  request.set_page_size(4);
  std::vector<v1::TimelineEntry> entries;
  do {
    v1::GetTimelineResponse response;
    REQUIRE(contacts->GetTimeline(Call(), request, &response).ok());
    CHECK(response.entries_size() <= 4);
    for (const auto& entry : response.entries()) entries.push_back(entry);
    request.set_page_token(response.next_page_token());
  } while (!request.page_token().empty());

  REQUIRE(entries.size() == 6);
  CHECK(entries[0].event_id() == "view 4");
  CHECK(entries[0].title() == "page viewed");
  const v1::TimelineEntry& first = entries[5];
  INFO(first.DebugString());
  CHECK(first.kind() == v1::ENTRY_KIND_EVENT);
  CHECK(first.actor() == "ben@acme.example");
  CHECK(first.revision() == 1);
  CHECK(first.has_event_time());
  bool by_rule = false;
  for (const v1::TimelineChange& change : first.changes()) {
    if (change.property() == "status" && change.after() == "New") by_rule = change.line() == 3 && change.file() == "test.stage";
  }
  CHECK(by_rule);
}

TEST_CASE_METHOD(ApiFixture, "an explanation goes from the value by the rule to the event") {
  Deploy();
  REQUIRE(Publish(BecomesSql()).ok());
  v1::ExplainRequest request;
  request.set_name("contacts/ana");
  request.set_property("Status");
  v1::ExplainResponse response;
  const grpc::Status status = contacts->Explain(Call(), request, &response);
  INFO(status.error_message() << response.DebugString());
  REQUIRE(status.ok());
  CHECK(response.property() == "status");
  CHECK(response.value() == "New");
  const v1::Cause* rule = Find(response.cause(), v1::CAUSE_KIND_RULE);
  REQUIRE(rule != nullptr);
  CHECK(rule->line() == 3);
  CHECK(rule->revision() == 1);
  const v1::Cause* event = Find(*rule, v1::CAUSE_KIND_EVENT);
  REQUIRE(event != nullptr);
  CHECK(event->event_id() == "becomes SQL");

  request.set_property("shoe size");
  CHECK(ReasonOf(contacts->Explain(Call(), request, &response)) == "UNKNOWN_PROPERTY");
  request.set_name("contacts/nobody");
  CHECK(contacts->Explain(Call(), request, &response).error_code() == grpc::StatusCode::NOT_FOUND);
}

TEST_CASE_METHOD(ApiFixture, "a timeline does not go on with another contact that has the id of one that is erased") {
  for (const std::string id : {"e1", "e2", "e3"}) REQUIRE(Publish(MakeEvent(id, "ana", "page viewed")).ok());
  v1::GetTimelineRequest request;
  request.set_name("contacts/ana");
  request.set_page_size(1);
  v1::GetTimelineResponse response;
  REQUIRE(contacts->GetTimeline(Call(), request, &response).ok());
  request.set_page_token(response.next_page_token());
  v1::EraseContactRequest erase;
  erase.set_name("ana");
  REQUIRE(ReasonOfCall(*contacts, &v1::ContactService::Stub::EraseContact, erase).empty());
  REQUIRE(Publish(MakeEvent("e4", "ana", "page viewed")).ok());
  const grpc::Status other = contacts->GetTimeline(Call(), request, &response);
  CHECK(other.error_code() == grpc::StatusCode::NOT_FOUND);
  CHECK(ReasonOf(other) == "RECORD_NOT_FOUND");
}

}  // namespace stagecraft::tests
