// ScriptService.TestScripts, through a real client on a real socket.
#include <array>
#include <catch2/catch.hpp>
#include <chrono>
#include <future>
#include <string>
#include <vector>

#include "tests/api/api_fixture.h"

namespace stagecraft::tests {
namespace {

constexpr char kScript[] =
    "on SQL set status New\n"
    "score\n"
    "  +5 when opted out\n"
    "test \"good\"\n"
    "  when lifecycle becomes SQL\n"
    "  expect status New\n"
    "test \"bad\"\n"
    "  when lifecycle becomes SQL\n"
    "  expect status Open\n";

v1::TestScriptsResponse TestScripts(ApiFixture& api, const std::string& text, const std::string& filter = "", bool coverage = false) {
  v1::TestScriptsRequest request;
  auto* file = request.add_files();
  file->set_name("a.stage");
  file->set_text(text);
  request.set_filter(filter);
  request.set_coverage(coverage);
  v1::TestScriptsResponse response;
  const grpc::Status status = api.scripts->TestScripts(Call(), request, &response);
  INFO(status.error_message());
  REQUIRE(status.ok());
  return response;
}

}  // namespace

TEST_CASE_METHOD(ApiFixture, "tests are run, and one that fails tells its story") {
  const v1::TestScriptsResponse response = TestScripts(*this, kScript);
  CHECK(response.passed_count() == 1);
  CHECK(response.failed_count() == 1);
  CHECK(response.not_run_count() == 0);
  REQUIRE(response.tests_size() == 2);
  CHECK(response.tests(0).name() == "good");
  CHECK(response.tests(0).outcome() == v1::TEST_OUTCOME_PASSED);
  CHECK(response.tests(0).timeline_size() == 0);
  const v1::TestResult& bad = response.tests(1);
  CHECK(bad.outcome() == v1::TEST_OUTCOME_FAILED);
  CHECK(bad.range().begin().line() == 7);
  REQUIRE(bad.failures_size() == 1);
  CHECK(bad.failures(0).expected() == "status Open");
  CHECK(bad.failures(0).found() == "status is New");
  CHECK(bad.failures(0).diagnostic().code() == "SC0790");
  CHECK(bad.failures(0).diagnostic().range().begin().line() == 9);
  REQUIRE(bad.timeline_size() == 2);
  CHECK(bad.timeline(0).given());
  REQUIRE(bad.timeline(1).rules_size() == 1);
  CHECK(bad.timeline(1).rules(0).line() == 1);
  CHECK(bad.timeline(1).rules(0).changes(0) == "status set to New");
}

TEST_CASE_METHOD(ApiFixture, "tests can be chosen, and say what they have seen") {
  const v1::TestScriptsResponse response = TestScripts(*this, kScript, "GOOD", true);
  REQUIRE(response.tests_size() == 1);
  REQUIRE(response.coverage_size() == 1);
  CHECK(response.coverage(0).file() == "a.stage");
  REQUIRE(response.coverage(0).items_size() == 2);
  CHECK(response.coverage(0).items(0).kind() == v1::COVERAGE_KIND_RULE);
  CHECK(response.coverage(0).items(0).count() == 1);
  CHECK(response.coverage(0).items(1).kind() == v1::COVERAGE_KIND_SCORE_LINE);
  CHECK(response.coverage(0).items(1).count() == 0);
}

TEST_CASE_METHOD(ApiFixture, "tests of scripts with errors are not run") {
  const v1::TestScriptsResponse response = TestScripts(*this, "on SQL set status Nwe\ntest \"a\"\n  expect score 0\n");
  CHECK(response.diagnostics_size() == 1);
  CHECK(response.tests_size() == 0);
}

TEST_CASE_METHOD(ApiFixture, "the answer stays below 4 MiB, and says what it leaves out") {
  // A thousand tests that fail, each at a line of 4 KB and after fifty notifications of 400 bytes.
  std::string text;
  for (int i = 0; i < 50; ++i) text += "on email sent notify owner \"" + std::string(400, 'x') + std::to_string(i) + "\"\n";
  text += "test \"bad\"\n  for each row of n\n";
  for (int i = 0; i < 1'000; ++i) text += "    row " + std::to_string(i + 1) + "\n";
  text += "  given a contact with company employees {n}\n  when email sent\n  expect status Open  # " + std::string(4'000, 'x') + "\n";
  text += "test \"good\"\n  expect status is not set\n";
  const v1::TestScriptsResponse response = TestScripts(*this, text);
  CHECK(response.failed_count() == 1'000);
  CHECK(response.ByteSizeLong() < std::size_t{4} << 20);
  REQUIRE(response.tests_size() == 1'001);
  const v1::TestResult& first = response.tests(0);
  CHECK(first.failures_size() == 1);
  CHECK(!first.failures_left_out());
  const v1::TestResult& last = response.tests(999);
  CHECK(last.outcome() == v1::TEST_OUTCOME_FAILED);
  CHECK(last.failures_size() == 0);
  CHECK(last.failures_left_out());
  CHECK(last.timeline_size() == 0);
  CHECK(last.untold_count() == 2);
  const v1::TestResult& good = response.tests(1'000);
  CHECK(good.outcome() == v1::TEST_OUTCOME_PASSED);
  CHECK(!good.failures_left_out());
  CHECK(good.untold_count() == 0);
}

TEST_CASE_METHOD(ApiFixture, "a story that is too long is told from its end") {
  const v1::TestScriptsResponse response = TestScripts(*this, "test \"long\"\n  when email sent, 500 times\n  expect status Open\n");
  REQUIRE(response.tests_size() == 1);
  CHECK(response.tests(0).timeline_size() == 100);
  CHECK(response.tests(0).untold_count() == 401);
}

TEST_CASE_METHOD(ApiFixture, "a test in which more happens than can be kept fails at its step") {
  std::string text = "on email sent notify owner \"" + std::string(60'000, 'x') + "\"\ntest \"large\"\n";
  text += "  when email sent, 1000 times\n  expect status Open\n";
  const v1::TestScriptsResponse response = TestScripts(*this, text);
  REQUIRE(response.tests_size() == 1);
  REQUIRE(response.tests(0).failures_size() == 1);
  CHECK(response.tests(0).failures(0).diagnostic().code() == "SC0791");
  CHECK(response.tests(0).failures(0).found().substr(0, 42) == "more happens than a test can keep (64 MiB)");
}

TEST_CASE_METHOD(ApiFixture, "tests that take long hold up nobody who reads") {
  v1::TestScriptsRequest request;
  auto* file = request.add_files();
  file->set_name("a.stage");
  // Hundreds of tests with tens of thousands of timers each: more than the ten seconds of a call.
  std::string text = "list \"L\" when opted out is not set\nevery day at 09:00 for each contact in \"L\" create task \"a\"\n";
  text += "test \"long\"\n  for each row of n\n";
  for (int i = 0; i < 400; ++i) text += "    row 1\n";
  text += "  given a contact with company employees {n}\n";
  for (int i = 0; i < 4; ++i) text += "  wait 27 years\n";
  file->set_text(text + "  expect status is not set\n");
  v1::ListContactsResponse listed;
  REQUIRE(contacts->ListContacts(Call(), {}, &listed).ok());  // the connection is there
  // More than there are workers. Small requests of one connection reach the server in their order.
  struct Long {
    grpc::ClientContext call;
    v1::TestScriptsResponse response;
    std::promise<void> done;
  };
  std::array<Long, 8> calls;
  std::vector<std::future<void>> done;
  for (Long& each : calls) {
    done.push_back(each.done.get_future());
    scripts->async()->TestScripts(&each.call, &request, &each.response, [&each](const grpc::Status&) { each.done.set_value(); });
  }
  CHECK(contacts->ListContacts(Call(), {}, &listed).ok());
  for (const auto& each : done) CHECK(each.wait_for(std::chrono::seconds(0)) == std::future_status::timeout);
  for (Long& each : calls) each.call.TryCancel();
  for (const auto& each : done) each.wait();
}

TEST_CASE_METHOD(ApiFixture, "tests that would take long end with the call's deadline") {
  std::string text = "on email sent create task \"Call\"\n";
  for (int test = 0; test < 500; ++test) {
    text += "test \"" + std::to_string(test) + "\"\n";
    for (int i = 0; i < 30; ++i) text += "  when email sent, 1000 times\n";
    text += "  expect score 0\n";
  }
  v1::TestScriptsRequest request;
  auto* file = request.add_files();
  file->set_name("a.stage");
  file->set_text(text);
  v1::TestScriptsResponse response;
  grpc::ClientContext call;
  call.set_deadline(std::chrono::system_clock::now() + std::chrono::milliseconds(200));
  // Which of the two notices first is chance: the server, which says what it had no time for, or the client.
  const grpc::Status status = scripts->TestScripts(&call, request, &response);
  if (status.ok()) {
    CHECK(response.not_run_count() >= 1);
  } else {
    CHECK(status.error_code() == grpc::StatusCode::DEADLINE_EXCEEDED);
  }
  // The worker is free again.
  CHECK(TestScripts(*this, kScript).passed_count() == 1);
}

TEST_CASE_METHOD(ApiFixture, "more tests than one answer can tell of are refused, and some of them are not") {
  std::string text = "test \"" + std::string(250, 'x') + "\"\n  for each row of n\n";
  for (int i = 0; i < 19'000; ++i) text += "    row " + std::to_string(i) + "\n";
  text += "  given a contact with company employees {n}\n  expect status is not set\ntest \"good\"\n  expect status is not set\n";
  v1::TestScriptsRequest request;
  request.add_files()->set_name("a.stage");
  request.mutable_files(0)->set_text(text);
  CHECK(ReasonOfCall(*scripts, &v1::ScriptService::Stub::TestScripts, request) == "TOO_MANY_TESTS");
  CHECK(TestScripts(*this, text, "good").passed_count() == 1);
}

}  // namespace stagecraft::tests
