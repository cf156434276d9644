// What callers are told when the disk is full, or what is on it is damaged, or more is waiting than may.
#include <catch2/catch.hpp>
#include <chrono>
#include <future>
#include <list>
#include <string>
#include <string_view>

#include "server/rpc/limits.h"
#include "stagecraft/v1/admin_service.grpc.pb.h"
#include "tests/api/api_fixture.h"
#include "tests/store/controlled_store.h"

namespace stagecraft::tests {
namespace {

using runtime::tests::ControlledStore;

class OnControlledStore : public ApiFixture {
 public:
  explicit OnControlledStore(ControlledStore* made = new ControlledStore)
      : ApiFixture({}, {}, std::unique_ptr<runtime::Store>(made)), store(*made) {}

  ControlledStore& store;
};

const runtime::Status kDiskFull{runtime::StatusCode::kResourceExhausted, runtime::reasons::kDiskFull, "the disk is full", {}};

}  // namespace

TEST_CASE_METHOD(OnControlledStore, "what no disk has room for is not acknowledged, and from then on nothing is taken") {
  REQUIRE(Publish(MakeEvent("e1", "ana", "page viewed")).ok());
  store.Hold(true);
  store.failure = kDiskFull;
  store.Hold(false);
  const grpc::Status full = Publish(MakeEvent("e2", "ana", "page viewed"));
  CHECK(full.error_code() == grpc::StatusCode::RESOURCE_EXHAUSTED);
  CHECK(ReasonOf(full) == "DISK_FULL");
  const grpc::Status later = Publish(MakeEvent("e3", "ana", "page viewed"));
  CHECK(later.error_code() == grpc::StatusCode::UNAVAILABLE);
  CHECK(ReasonOf(later) == "ENGINE_FAILED");
}

TEST_CASE_METHOD(OnControlledStore, "a backup that cannot be made to its end says why") {
  const auto admin = v1::AdminService::NewStub(channel());
  const auto reason = [&](const runtime::Status& failure) {
    store.backup_failure = failure;
    Call call;
    const auto parts = admin->Backup(call, {});
    v1::BackupResponse part;
    CHECK_FALSE(parts->Read(&part));
    return ReasonOf(parts->Finish());
  };
  CHECK(reason(kDiskFull) == "DISK_FULL");
  CHECK(reason({runtime::StatusCode::kDataLoss, runtime::reasons::kDataDamaged, "row 7 is not what was written", {}}) == "DATA_DAMAGED");
}

TEST_CASE_METHOD(OnControlledStore, "more calls than may wait are refused at once, say when to try again, and hold up none of the others") {
  struct Creation {
    Call call;
    v1::CreateContactRequest request;
    v1::CreateContactResponse response;
    std::promise<grpc::Status> done;
  };
  store.Hold(true);  // so the workers wait, and calls for them
  std::list<Creation> calls;
  std::promise<void> refused;
  std::once_flag first;
  for (std::size_t i = 0; i < 2 * server::limits::kCallsWaitingMax; ++i) {
    Creation& each = calls.emplace_back();
    each.request.set_contact_id("c" + std::to_string(i));
    contacts->async()->CreateContact(each.call, &each.request, &each.response, [&](const grpc::Status& status) {
      if (!status.ok()) std::call_once(first, [&] { refused.set_value(); });
      each.done.set_value(status);
    });
  }
  refused.get_future().wait();
  store.Hold(false);
  std::size_t accepted = 0;
  for (Creation& each : calls) {
    const grpc::Status status = each.done.get_future().get();
    if (status.ok()) {
      ++accepted;
      continue;
    }
    CHECK(status.error_code() == grpc::StatusCode::RESOURCE_EXHAUSTED);
    CHECK(ReasonOf(status) == "TOO_MANY_CALLS");
    CHECK(SaysWhenToRetry(status));
  }
  CHECK(accepted >= server::limits::kCallsWaitingMax);
}

}  // namespace stagecraft::tests
