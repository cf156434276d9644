// NotificationService: deliveries, over a server that sends nothing: what came of them is put down by the test.
#include <catch2/catch.hpp>
#include <string>
#include <vector>

#include "runtime/engine/view.h"
#include "stagecraft/v1/admin_service.grpc.pb.h"
#include "tests/api/api_fixture.h"

namespace stagecraft::tests {
namespace {

constexpr std::string_view kSending = R"(template "intro" subject "Hello {first name}" body "Welcome."
on SQL call webhook "crm" with email
on SQL send email "intro"
)";

std::vector<std::string> NamesOf(const v1::ListDeliveriesResponse& response) {
  std::vector<std::string> names;
  for (const v1::Delivery& delivery : response.deliveries()) names.push_back(delivery.name());
  return names;
}

class Deliveries : public ApiFixture {
 public:
  Deliveries() { Deploy(kSending); }

  void Become(const std::string& contact) {
    v1::Event event = MakeEvent("e-" + contact, contact, "contact updated");
    AddText(*event.mutable_properties(), "lifecycle", "SQL");
    AddText(*event.mutable_properties(), "email", contact + "@acme.example");
    AddText(*event.mutable_properties(), "first name", contact);
    REQUIRE(Publish(event).ok());
  }
  v1::ListDeliveriesResponse List(const v1::ListDeliveriesRequest& request = {}) {
    v1::ListDeliveriesResponse response;
    const grpc::Status status = notifications->ListDeliveries(Call(), request, &response);
    INFO(status.error_message());
    REQUIRE(status.ok());
    return response;
  }
  // What came of the delivery at `place`.
  void Put(std::size_t place, runtime::DispatchState state, const std::string& error = "") {
    runtime::Dispatch dispatch;
    REQUIRE(engine().Read([&](const runtime::View& view) { dispatch = view.dispatches().at(place); }).ok());
    dispatch.state = state;
    dispatch.attempts = 3;
    dispatch.tried_at = 1'790'000'000'000'000;
    dispatch.next_at = state == runtime::DispatchState::kWaiting ? dispatch.tried_at + 60'000'000 : 0;
    dispatch.error = error;
    REQUIRE(engine().PutOutcomes({&dispatch, 1}).ok());
  }
  grpc::Status Retry(const std::string& name, v1::RetryDeliveryResponse* response) {
    v1::RetryDeliveryRequest request;
    request.set_name(name);
    return notifications->RetryDelivery(Call(), request, response);
  }
};

}  // namespace

TEST_CASE_METHOD(Deliveries, "what was given up is among the runs that failed, with its rule and line, and is counted") {
  Become("ana");
  Put(0, runtime::DispatchState::kDead, "410 gone");
  v1::ListRunsRequest request;
  request.set_state(v1::RUN_STATE_FAILED);
  v1::ListRunsResponse failed;
  REQUIRE(scripts->ListRuns(Call(), request, &failed).ok());
  REQUIRE(failed.runs_size() == 1);
  CHECK(failed.runs(0).name() == List().deliveries(0).name());
  CHECK(failed.runs(0).contact() == "contacts/ana");
  CHECK_FALSE(failed.runs(0).rule().empty());
  CHECK(failed.runs(0).line() > 0);
  CHECK(failed.runs(0).text() == "webhook \"crm\" given up: 410 gone");
  request.set_rule(failed.runs(0).rule());
  REQUIRE(scripts->ListRuns(Call(), request, &failed).ok());
  CHECK(failed.runs_size() == 1);

  v1::GetServerInfoResponse info;
  REQUIRE(v1::AdminService::NewStub(channel())->GetServerInfo(Call(), {}, &info).ok());
  CHECK(info.dead_delivery_count() == 1);
  CHECK(info.failed_action_count() == 0);
  CHECK(info.failed_event_count() == 0);

  v1::RetryDeliveryResponse again;
  REQUIRE(Retry(failed.runs(0).name(), &again).ok());
  REQUIRE(scripts->ListRuns(Call(), request, &failed).ok());
  CHECK(failed.runs_size() == 0);
}

TEST_CASE_METHOD(Deliveries, "deliveries are listed with what they are and what came of them") {
  Become("ana");
  Put(1, runtime::DispatchState::kWaiting, "451 later");
  const v1::ListDeliveriesResponse all = List();
  REQUIRE(all.deliveries_size() == 2);
  const v1::Delivery& webhook = all.deliveries(0);
  CHECK(webhook.contact() == "contacts/ana");
  CHECK(webhook.channel() == v1::Delivery::CHANNEL_WEBHOOK);
  CHECK(webhook.sender() == "crm");
  CHECK(webhook.recipient().empty());
  CHECK(webhook.state() == v1::Delivery::STATE_PENDING);
  CHECK(webhook.attempts() == 0);
  CHECK(webhook.has_create_time());
  CHECK_FALSE(webhook.has_last_attempt_time());
  CHECK(webhook.cause_sequence() > 0);
  const v1::Delivery& email = all.deliveries(1);
  CHECK(email.channel() == v1::Delivery::CHANNEL_EMAIL);
  CHECK(email.sender() == "intro");
  CHECK(email.recipient() == "ana@acme.example");
  CHECK(email.subject() == "Hello ana");
  CHECK(email.state() == v1::Delivery::STATE_WAITING);
  CHECK(email.attempts() == 3);
  CHECK(email.last_error() == "451 later");
  CHECK(email.last_attempt_time().seconds() == 1'790'000'000);
  CHECK(email.next_attempt_time().seconds() == 1'790'000'060);
  CHECK(email.key() != webhook.key());
}

TEST_CASE_METHOD(Deliveries, "deliveries are chosen by state, sender and contact, and listed by page") {
  Become("ana");
  Become("ben");
  Put(0, runtime::DispatchState::kDead, "HTTP 400");
  Put(3, runtime::DispatchState::kSent);
  const std::vector<std::string> all = NamesOf(List());
  REQUIRE(all.size() == 4);

  v1::ListDeliveriesRequest request;
  request.set_state(v1::Delivery::STATE_DEAD);
  CHECK(NamesOf(List(request)) == std::vector<std::string>{all[0]});
  request.set_sender("INTRO");
  CHECK(NamesOf(List(request)).empty());
  request.clear_state();
  CHECK(NamesOf(List(request)) == std::vector<std::string>{all[1], all[3]});
  request.set_contact("contacts/ben");
  CHECK(NamesOf(List(request)) == std::vector<std::string>{all[3]});

  v1::ListDeliveriesRequest paged;
  paged.set_page_size(3);
  const v1::ListDeliveriesResponse first = List(paged);
  CHECK(first.deliveries_size() == 3);
  paged.set_page_token(first.next_page_token());
  CHECK(NamesOf(List(paged)) == std::vector<std::string>{all[3]});
  paged.set_sender("crm");
  v1::ListDeliveriesResponse response;
  CHECK(ReasonOf(notifications->ListDeliveries(Call(), paged, &response)) == "INVALID_PAGE_TOKEN");
  v1::ListDeliveriesRequest unknown;
  unknown.set_contact("nobody");
  CHECK(notifications->ListDeliveries(Call(), unknown, &response).error_code() == grpc::StatusCode::NOT_FOUND);
}

TEST_CASE_METHOD(Deliveries, "a dead delivery is tried again, one that was sent is not") {
  Become("ana");
  Put(0, runtime::DispatchState::kDead, "HTTP 400");
  Put(1, runtime::DispatchState::kSent);
  const v1::ListDeliveriesResponse all = List();
  v1::RetryDeliveryResponse response;
  REQUIRE(Retry(all.deliveries(0).name(), &response).ok());
  CHECK(response.delivery().state() == v1::Delivery::STATE_PENDING);
  CHECK(response.delivery().attempts() == 0);
  CHECK(response.delivery().key() == all.deliveries(0).key());
  const grpc::Status sent = Retry(all.deliveries(1).name(), &response);
  CHECK(sent.error_code() == grpc::StatusCode::FAILED_PRECONDITION);
  CHECK(ReasonOf(sent) == "ALREADY_SENT");
  const grpc::Status unknown = Retry("deliveries/12345", &response);
  CHECK(unknown.error_code() == grpc::StatusCode::NOT_FOUND);
  CHECK(ReasonOf(unknown) == "DELIVERY_NOT_FOUND");
  for (const char* name : {"", "deliveries/", "deliveries/x", "deliveries/-4", "deliveries/99999999999999999999"}) {
    INFO(name);
    const grpc::Status bad = Retry(name, &response);
    CHECK(bad.error_code() == grpc::StatusCode::INVALID_ARGUMENT);
    CHECK(ReasonOf(bad) == "INVALID_NAME");
    CHECK(FieldsOf(DetailsOf(bad)) == std::vector<std::string>{"name"});
  }
}

}  // namespace stagecraft::tests
