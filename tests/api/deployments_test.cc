// ScriptService: the deployments there were, what is other in them, and the way back.
#include <catch2/catch.hpp>
#include <string>
#include <vector>

#include "tests/api/api_fixture.h"

namespace stagecraft::tests {
namespace {

struct Deployments : ApiFixture {
  // Deploys scripts by name and text; gives the revision.
  int DeployFiles(const std::vector<std::pair<std::string, std::string>>& files, const std::string& note = "") {
    v1::DeployScriptsRequest request;
    request.set_note(note);
    for (const auto& [name, text] : files) {
      request.add_files()->set_name(name);
      request.mutable_files(request.files_size() - 1)->set_text(text);
    }
    v1::DeployScriptsResponse response;
    REQUIRE(scripts->DeployScripts(Call(), request, &response).ok());
    REQUIRE(response.has_deployment());
    return response.deployment().revision();
  }

  grpc::Status Rollback(const std::string& name, v1::RollbackDeploymentResponse* response = nullptr,
                        const v1::RollbackDeploymentRequest& with = {}) {
    v1::RollbackDeploymentRequest request = with;
    request.set_name(name);
    v1::RollbackDeploymentResponse unused;
    return scripts->RollbackDeployment(Call(), request, response != nullptr ? response : &unused);
  }

  v1::Deployment Running() {
    v1::GetDeploymentRequest request;
    request.set_name("deployments/current");
    v1::GetDeploymentResponse response;
    REQUIRE(scripts->GetDeployment(Call(), request, &response).ok());
    return response.deployment();
  }

  grpc::Status Diff(const std::string& from, const std::string& to, v1::DiffDeploymentsResponse& response) {
    v1::DiffDeploymentsRequest request;
    request.set_from(from);
    request.set_to(to);
    return scripts->DiffDeployments(Call(), request, &response);
  }
};

}  // namespace

TEST_CASE_METHOD(Deployments, "deployments are listed by page, the newest first, without their scripts") {
  v1::ListDeploymentsRequest request;
  v1::ListDeploymentsResponse response;
  REQUIRE(scripts->ListDeployments(Call(), request, &response).ok());
  CHECK(response.deployments().empty());
  for (int i = 1; i <= 5; ++i) DeployFiles({{"a.stage", "on SQL set status New\n"}}, "number " + std::to_string(i));
  std::vector<int> revisions;
  request.set_page_size(2);
  do {
    REQUIRE(scripts->ListDeployments(Call(), request, &response).ok());
    CHECK(response.deployments_size() <= 2);
    for (const v1::Deployment& each : response.deployments()) {
      revisions.push_back(each.revision());
      CHECK(each.note() == "number " + std::to_string(each.revision()));
      CHECK(each.running() == (each.revision() == 5));
      CHECK(each.files().empty());
    }
    request.set_page_token(response.next_page_token());
  } while (!response.next_page_token().empty());
  CHECK(revisions == std::vector<int>{5, 4, 3, 2, 1});

  request.set_page_token("nonsense");
  CHECK(scripts->ListDeployments(Call(), request, &response).error_code() == grpc::StatusCode::INVALID_ARGUMENT);
  request.clear_page_token();
  request.set_page_size(-1);
  CHECK(scripts->ListDeployments(Call(), request, &response).error_code() == grpc::StatusCode::INVALID_ARGUMENT);
}

TEST_CASE_METHOD(Deployments, "a page goes on where it ended, also when something is deployed meanwhile") {
  for (int i = 0; i < 3; ++i) DeployFiles({{"a.stage", "on SQL set status New\n"}});
  v1::ListDeploymentsRequest request;
  request.set_page_size(2);
  v1::ListDeploymentsResponse response;
  REQUIRE(scripts->ListDeployments(Call(), request, &response).ok());
  DeployFiles({{"a.stage", "on SQL set status New\n"}});
  request.set_page_token(response.next_page_token());
  REQUIRE(scripts->ListDeployments(Call(), request, &response).ok());
  REQUIRE(response.deployments_size() == 1);
  CHECK(response.deployments(0).revision() == 1);
}

TEST_CASE_METHOD(Deployments, "two deployments differ by the files that are not the same") {
  DeployFiles({{"a.stage", "on SQL set status New\n"}, {"b.stage", "on MQL set status New\n"}, {"same.stage", "counter calls of call\n"}});
  DeployFiles({{"a.stage", "# what sales wants\non SQL set status Open\n"},
               {"c.stage", "on MQL set status Open\n"},
               {"same.stage", "counter calls of call\n"}});
  v1::DiffDeploymentsResponse response;
  REQUIRE(Diff("deployments/1", "deployments/current", response).ok());
  REQUIRE(response.files_size() == 3);
  CHECK(response.files(0).file() == "a.stage");
  CHECK(response.files(0).change() == v1::FILE_CHANGE_CHANGED);
  CHECK(response.files(0).patch() ==
        "--- a.stage\n+++ a.stage\n@@ -1,1 +1,2 @@\n-on SQL set status New\n+# what sales wants\n+on SQL set status Open\n");
  CHECK(response.files(0).added_line_count() == 2);
  CHECK(response.files(0).removed_line_count() == 1);
  CHECK(response.files(1).change() == v1::FILE_CHANGE_REMOVED);
  CHECK(response.files(1).patch() == "--- b.stage\n+++ b.stage\n@@ -1,1 +0,0 @@\n-on MQL set status New\n");
  CHECK(response.files(2).change() == v1::FILE_CHANGE_ADDED);
  REQUIRE(Diff("2", "deployments/2", response).ok());
  CHECK(response.files().empty());

  const grpc::Status gone = Diff("deployments/1", "deployments/9", response);
  CHECK(gone.error_code() == grpc::StatusCode::NOT_FOUND);
  CHECK(ReasonOf(gone) == "REVISION_NOT_FOUND");
  const grpc::Status none = Diff("deployments/first", "deployments/1", response);
  CHECK(none.error_code() == grpc::StatusCode::INVALID_ARGUMENT);
  CHECK(ReasonOf(none) == "INVALID_NAME");
  CHECK(FieldsOf(DetailsOf(none)) == std::vector<std::string>{"from"});
}

TEST_CASE_METHOD(Deployments, "a rollback deploys the scripts of an earlier revision as a new one") {
  DeployFiles({{"a.stage", "on SQL set status New\n"}});
  DeployFiles({{"a.stage", "on SQL set status Open\n"}});
  v1::RollbackDeploymentResponse response;
  REQUIRE(Rollback("deployments/1", &response).ok());
  CHECK(response.deployment().revision() == 3);
  const v1::Deployment running = Running();
  CHECK(running.revision() == 3);
  CHECK(running.note() == "back to revision 1");
  REQUIRE(running.files_size() == 1);
  CHECK(running.files(0).text() == "on SQL set status New\n");
  // It decides.
  v1::Event event = MakeEvent("e1", "ana", "contact updated");
  AddText(*event.mutable_properties(), "lifecycle", "SQL");
  REQUIRE(Publish(event).ok());
  CHECK(TextOf(Get("ana"), "status") == "New");
}

TEST_CASE_METHOD(Deployments, "a rollback says what it would do, and is refused where it has nothing to do, or somebody was first") {
  DeployFiles({{"a.stage", "on SQL wait 1 day set status New\n"}});
  v1::Event event = MakeEvent("e1", "ana", "contact updated");
  AddText(*event.mutable_properties(), "lifecycle", "SQL");
  REQUIRE(Publish(event).ok());
  DeployFiles({{"a.stage", "on SQL wait 1 day set status Open\n"}});
  v1::RollbackDeploymentRequest with;
  with.set_validate_only(true);
  v1::RollbackDeploymentResponse response;
  REQUIRE(Rollback("deployments/1", &response, with).ok());
  CHECK_FALSE(response.has_deployment());
  CHECK(Running().revision() == 2);

  const grpc::Status running = Rollback("deployments/2");
  CHECK(running.error_code() == grpc::StatusCode::FAILED_PRECONDITION);
  CHECK(ReasonOf(running) == "DEPLOYMENT_RUNNING");
  CHECK(Rollback("deployments/7").error_code() == grpc::StatusCode::NOT_FOUND);
  CHECK(ReasonOf(Rollback("")) == "INVALID_NAME");
  with.set_validate_only(false);
  with.set_etag("r1");
  CHECK(Rollback("deployments/1", nullptr, with).error_code() == grpc::StatusCode::ABORTED);
  with.set_etag(Running().etag());
  with.set_note(std::string(5'000, 'x'));
  CHECK(Rollback("deployments/1", nullptr, with).error_code() == grpc::StatusCode::INVALID_ARGUMENT);
  with.set_note("as it was");
  CHECK(Rollback("deployments/1", nullptr, with).ok());
  CHECK(Running().note() == "as it was");
}

TEST_CASE_METHOD(Deployments,
                 "a deployment that there is not is neither shown nor gone back to, and one that was overtaken is not, either") {
  DeployFiles({{"a.stage", "on SQL set status New\n"}});
  DeployFiles({{"a.stage", "on SQL set status Open\n"}});
  v1::GetDeploymentRequest get;
  get.set_name("deployments/7");
  CHECK(ReasonOfCall(*scripts, &v1::ScriptService::Stub::GetDeployment, get) == "REVISION_NOT_FOUND");
  CHECK(ReasonOf(Rollback("deployments/7")) == "REVISION_NOT_FOUND");
  v1::RollbackDeploymentRequest with;
  with.set_etag("r1");
  CHECK(ReasonOf(Rollback("deployments/1", nullptr, with)) == "REVISION_CHANGED");
  CHECK(Running().revision() == 2);
}

}  // namespace stagecraft::tests
