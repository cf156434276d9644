// ScriptService, through a real client on a real socket.
#include <catch2/catch.hpp>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>

#include "tests/api/api_fixture.h"

namespace stagecraft::tests {
namespace {

template <typename Request>
void AddFile(Request& request, const std::string& name, const std::string& text) {
  auto* file = request.add_files();
  file->set_name(name);
  file->set_text(text);
}

v1::GetDeploymentResponse GetDeployment(ApiFixture& api, const std::string& name, v1::DeploymentView view = v1::DEPLOYMENT_VIEW_FULL) {
  v1::GetDeploymentRequest request;
  request.set_name(name);
  request.set_view(view);
  v1::GetDeploymentResponse response;
  const grpc::Status status = api.scripts->GetDeployment(Call(), request, &response);
  INFO(status.error_message());
  REQUIRE(status.ok());
  return response;
}

}  // namespace

TEST_CASE_METHOD(ApiFixture, "a check of good scripts finds nothing") {
  v1::CheckScriptsRequest request;
  AddFile(request, "a.stage", "on SQL set status New\n");
  AddFile(request, "b.stage", "after meeting ends notify owner\n");
  v1::CheckScriptsResponse response;
  REQUIRE(scripts->CheckScripts(Call(), request, &response).ok());
  INFO(response.DebugString());
  CHECK(response.diagnostics_size() == 0);
  CHECK(response.deployable());
}

TEST_CASE_METHOD(ApiFixture, "a script is laid out, and what cannot be read stays and is named") {
  v1::FormatScriptRequest request;
  request.mutable_file()->set_name("a.stage");
  request.mutable_file()->set_text("on   SQL set status New  # now\non   MQL notfy owner\n");
  v1::FormatScriptResponse response;
  REQUIRE(scripts->FormatScript(Call(), request, &response).ok());
  CHECK(response.text() == "on SQL set status New  # now\non   MQL notfy owner\n");
  CHECK(response.changed());
  REQUIRE(response.diagnostics_size() == 1);
  CHECK(response.diagnostics(0).range().file() == "a.stage");
  CHECK(response.diagnostics(0).range().begin().line() == 2);

  request.mutable_file()->set_text(response.text());
  REQUIRE(scripts->FormatScript(Call(), request, &response).ok());
  CHECK_FALSE(response.changed());
}

TEST_CASE_METHOD(ApiFixture, "a script to be laid out needs a name") {
  v1::FormatScriptRequest request;
  request.mutable_file()->set_text("on SQL set status New\n");
  v1::FormatScriptResponse response;
  CHECK(ReasonOf(scripts->FormatScript(Call(), request, &response)) == "INVALID_FILE_NAME");
}

TEST_CASE_METHOD(ApiFixture, "a check says what is wrong, where, and how to mend it") {
  v1::CheckScriptsRequest request;
  AddFile(request, "a.stage", "on SQL set status New\n");
  AddFile(request, "b.stage", "\n  on SQL set status Nwe\n");
  v1::CheckScriptsResponse response;
  REQUIRE(scripts->CheckScripts(Call(), request, &response).ok());
  CHECK_FALSE(response.deployable());
  REQUIRE(response.diagnostics_size() == 1);
  const v1::Diagnostic& diagnostic = response.diagnostics(0);
  CHECK(diagnostic.code().substr(0, 2) == "SC");
  CHECK(diagnostic.severity() == v1::SEVERITY_ERROR);
  CHECK(diagnostic.range().file() == "b.stage");
  CHECK(diagnostic.range().begin().line() == 2);
  CHECK(diagnostic.range().begin().column() == 21);
  CHECK(diagnostic.range().end().column() == 24);
  CHECK(diagnostic.line_text() == "  on SQL set status Nwe");
  CHECK_FALSE(diagnostic.message().empty());
  REQUIRE(diagnostic.help_size() > 0);
  REQUIRE(diagnostic.fixes_size() == 1);
  const v1::Fix& fix = diagnostic.fixes(0);
  CHECK(fix.title() == "write `New`");
  CHECK(fix.safe());
  REQUIRE(fix.edits_size() == 1);
  CHECK(fix.edits(0).replacement() == "New");
  CHECK(fix.edits(0).range().DebugString() == diagnostic.range().DebugString());
}

TEST_CASE_METHOD(ApiFixture, "files need a name each, and there must be one") {
  v1::CheckScriptsRequest request;
  v1::CheckScriptsResponse response;
  CHECK(ReasonOf(scripts->CheckScripts(Call(), request, &response)) == "NO_FILES");
  AddFile(request, "a.stage", "");
  AddFile(request, "a.stage", "");
  CHECK(ReasonOf(scripts->CheckScripts(Call(), request, &response)) == "DUPLICATE_FILE_NAME");
  request.mutable_files(1)->set_name("");
  CHECK(ReasonOf(scripts->CheckScripts(Call(), request, &response)) == "INVALID_FILE_NAME");
}

TEST_CASE_METHOD(ApiFixture, "what is deployed can be looked at, now and later") {
  v1::GetDeploymentRequest none;
  none.set_name("deployments/current");
  v1::GetDeploymentResponse nothing;
  CHECK(scripts->GetDeployment(Call(), none, &nothing).error_code() == grpc::StatusCode::NOT_FOUND);

  v1::DeployScriptsRequest request;
  AddFile(request, "a.stage", "on SQL set status New\n");
  request.set_author("ana@acme.example");
  request.set_note("the first");
  v1::DeployScriptsResponse response;
  REQUIRE(scripts->DeployScripts(Call(), request, &response).ok());
  CHECK(response.deployment().name() == "deployments/1");
  CHECK(response.deployment().running());
  CHECK(response.deployment().files_size() == 0);
  Deploy();

  const v1::Deployment first = GetDeployment(*this, "deployments/1").deployment();
  CHECK(first.author() == "ana@acme.example");
  CHECK(first.note() == "the first");
  CHECK_FALSE(first.running());
  REQUIRE(first.files_size() == 1);
  CHECK(first.files(0).text() == "on SQL set status New\n");
  const v1::Deployment current = GetDeployment(*this, "deployments/current", v1::DEPLOYMENT_VIEW_BASIC).deployment();
  CHECK(current.revision() == 2);
  CHECK(current.running());
  CHECK(current.files_size() == 0);

  v1::GetDeploymentRequest bad;
  bad.set_name("deployments/first");
  CHECK(ReasonOf(scripts->GetDeployment(Call(), bad, &nothing)) == "INVALID_NAME");
  bad.set_name("deployments/3");
  CHECK(scripts->GetDeployment(Call(), bad, &nothing).error_code() == grpc::StatusCode::NOT_FOUND);
}

TEST_CASE_METHOD(ApiFixture, "a script with errors is not deployed, and what runs stays") {
  Deploy();
  v1::DeployScriptsRequest request;
  AddFile(request, "a.stage", "on SQL set status Nwe\n");
  v1::DeployScriptsResponse response;
  REQUIRE(scripts->DeployScripts(Call(), request, &response).ok());
  CHECK_FALSE(response.has_deployment());
  CHECK(response.diagnostics_size() == 1);
  CHECK(GetDeployment(*this, "deployments/current").deployment().revision() == 1);
}

TEST_CASE_METHOD(ApiFixture, "a deployment over somebody else's is refused when the etag says so") {
  Deploy();
  v1::DeployScriptsRequest request;
  AddFile(request, "a.stage", "on SQL set status New\n");
  request.set_etag(GetDeployment(*this, "deployments/current").deployment().etag());
  v1::DeployScriptsResponse response;
  REQUIRE(scripts->DeployScripts(Call(), request, &response).ok());
  const grpc::Status late = scripts->DeployScripts(Call(), request, &response);
  CHECK(late.error_code() == grpc::StatusCode::ABORTED);
  CHECK(ReasonOf(late) == "REVISION_CHANGED");
  request.set_validate_only(true);
  CHECK(ReasonOf(scripts->DeployScripts(Call(), request, &response)) == "REVISION_CHANGED");
}

TEST_CASE_METHOD(ApiFixture, "validate_only deploys nothing") {
  v1::DeployScriptsRequest request;
  AddFile(request, "a.stage", "on SQL set status New\n");
  request.set_validate_only(true);
  v1::DeployScriptsResponse response;
  REQUIRE(scripts->DeployScripts(Call(), request, &response).ok());
  CHECK(response.diagnostics_size() == 0);
  CHECK_FALSE(response.has_deployment());
  CHECK(engine().Revisions().empty());
}

TEST_CASE_METHOD(ApiFixture, "a graph of given scripts shows options, rules between them, and where they stand") {
  v1::GetRuleGraphRequest request;
  AddFile(request, "a.stage", "\non email sent when status is New set status \"Attempted to Contact\"\non SQL set status New\n");
  request.set_format(v1::RULE_GRAPH_FORMAT_DOT);
  v1::GetRuleGraphResponse response;
  REQUIRE(scripts->GetRuleGraph(Call(), request, &response).ok());
  CHECK(response.diagnostics_size() == 0);
  const v1::RuleGraph& graph = response.graph();
  CHECK(graph.title() == "status");
  REQUIRE(graph.nodes_size() > 2);
  CHECK(graph.nodes(0).kind() == v1::RULE_GRAPH_NODE_KIND_ANY);
  CHECK(graph.nodes(1).id() == "NEW");
  CHECK(graph.nodes(1).group() == v1::RULE_GRAPH_GROUP_START);
  CHECK(graph.nodes(1).rank() == 0);
  REQUIRE(graph.edges_size() == 2);
  CHECK(graph.edges(0).from() == "any");
  CHECK(graph.edges(1).from() == "NEW");
  CHECK(graph.edges(1).to() == "ATTEMPTED_TO_CONTACT");
  REQUIRE(graph.edges(1).causes_size() == 1);
  CHECK(graph.edges(1).causes(0).text() == "on email sent");
  CHECK(graph.edges(1).causes(0).place().file() == "a.stage");
  CHECK(graph.edges(1).causes(0).place().line() == 2);
  CHECK(response.rendering().substr(0, 16) == "digraph \"status\"");
}

TEST_CASE_METHOD(ApiFixture, "a graph is of the running deployment when no scripts are given") {
  v1::GetRuleGraphRequest request;
  v1::GetRuleGraphResponse response;
  CHECK(scripts->GetRuleGraph(Call(), request, &response).error_code() == grpc::StatusCode::NOT_FOUND);
  v1::DeployScriptsRequest deploy;
  AddFile(deploy, "a.stage", "on SQL set status New\non status New notify owner\n");
  v1::DeployScriptsResponse deployed;
  REQUIRE(scripts->DeployScripts(Call(), deploy, &deployed).ok());
  request.set_of("rules");
  REQUIRE(scripts->GetRuleGraph(Call(), request, &response).ok());
  REQUIRE(response.graph().edges_size() == 1);
  CHECK(response.graph().nodes(0).kind() == v1::RULE_GRAPH_NODE_KIND_RULE);
  CHECK(response.graph().nodes(0).label() == "on SQL");
  CHECK(response.graph().edges(0).causes(0).text() == "status New");
  CHECK(response.rendering().empty());
}

TEST_CASE_METHOD(ApiFixture, "a graph of broken scripts, or of nothing that can be drawn, says so") {
  v1::GetRuleGraphRequest request;
  AddFile(request, "a.stage", "on SQL set status Nwe\n");
  v1::GetRuleGraphResponse response;
  REQUIRE(scripts->GetRuleGraph(Call(), request, &response).ok());
  CHECK_FALSE(response.has_graph());
  CHECK(response.diagnostics_size() == 1);
  request.clear_files();
  AddFile(request, "a.stage", "on SQL set status New\n");
  request.set_of("owner");
  const grpc::Status status = scripts->GetRuleGraph(Call(), request, &response);
  CHECK(status.error_code() == grpc::StatusCode::INVALID_ARGUMENT);
  CHECK(status.error_message() == "`owner` is a user; a graph is of a property with options, such as `status`, or of `rules`");
}

TEST_CASE_METHOD(ApiFixture, "whatever takes scripts refuses files that are none, or too many, in the same words") {
  using Scripts = v1::ScriptService::Stub;
  const auto check = [this](auto method, auto request) {
    INFO(request.GetDescriptor()->name());
    const bool may_have_none = request.GetDescriptor() == v1::GetRuleGraphRequest::descriptor();
    if (!may_have_none) CHECK(ReasonOfCall(*scripts, method, request) == "NO_FILES");
    AddFile(request, "a.stage", "");
    AddFile(request, "a.stage", "");
    CHECK(ReasonOfCall(*scripts, method, request) == "DUPLICATE_FILE_NAME");
    request.mutable_files(1)->set_name(std::string(513, 'a'));
    CHECK(ReasonOfCall(*scripts, method, request) == "INVALID_FILE_NAME");
    while (request.files_size() <= 1000) request.add_files();
    CHECK(ReasonOfCall(*scripts, method, request) == "TOO_MANY_FILES");
  };
  check(&Scripts::CheckScripts, v1::CheckScriptsRequest());
  check(&Scripts::TestScripts, v1::TestScriptsRequest());
  check(&Scripts::DeployScripts, v1::DeployScriptsRequest());
  check(&Scripts::GetRuleGraph, v1::GetRuleGraphRequest());
}

TEST_CASE_METHOD(ApiFixture, "an etag that is none is no deployment's") {
  Deploy();
  v1::DeployScriptsRequest deploy;
  AddFile(deploy, "a.stage", "on SQL set status New\n");
  v1::RollbackDeploymentRequest rollback;
  rollback.set_name("deployments/1");
  for (const std::string etag : {"nonsense", "r0", "r", "s1", "r1x"}) {
    INFO(etag);
    deploy.set_etag(etag);
    CHECK(ReasonOfCall(*scripts, &v1::ScriptService::Stub::DeployScripts, deploy) == "INVALID_ETAG");
    rollback.set_etag(etag);
    CHECK(ReasonOfCall(*scripts, &v1::ScriptService::Stub::RollbackDeployment, rollback) == "INVALID_ETAG");
  }
}

TEST_CASE_METHOD(ApiFixture, "a graph of what is not there is refused, and in a form that is none") {
  using Scripts = v1::ScriptService::Stub;
  v1::GetRuleGraphRequest request;
  CHECK(ReasonOfCall(*scripts, &Scripts::GetRuleGraph, request) == "REVISION_NOT_FOUND");
  Deploy();
  request.set_of("shoe size");
  CHECK(ReasonOfCall(*scripts, &Scripts::GetRuleGraph, request) == "UNKNOWN_PROPERTY");
  request.clear_of();
  request.set_format(static_cast<v1::RuleGraphFormat>(9));
  CHECK(ReasonOfCall(*scripts, &Scripts::GetRuleGraph, request) == "INVALID_FORMAT");
}

TEST_CASE_METHOD(ApiFixture, "a picture that Graphviz does not draw is refused, and says whether it is missing, gave up, or failed") {
  Deploy();
  v1::GetRuleGraphRequest request;
  request.set_format(v1::RULE_GRAPH_FORMAT_SVG);
  const TempFolder folder;
  const std::string path = std::getenv("PATH");
  const auto reason = [&](const std::string& dot) {
    if (!dot.empty()) {
      std::ofstream(folder.path() + "/dot") << "#!/bin/sh\n" << dot << '\n';
      std::filesystem::permissions(folder.path() + "/dot", std::filesystem::perms::owner_all);
    }
    setenv("PATH", folder.path().c_str(), 1);
    std::string found = ReasonOfCall(*scripts, &v1::ScriptService::Stub::GetRuleGraph, request);
    setenv("PATH", path.c_str(), 1);
    return found;
  };
  CHECK(reason("") == "NO_GRAPHVIZ");
  CHECK(reason("kill -KILL $$") == "PICTURE_TOO_LARGE");
  CHECK(reason("exit 1") == "PICTURE_FAILED");
}

}  // namespace stagecraft::tests
