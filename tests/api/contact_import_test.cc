// ContactService.ImportContacts, through a real client on a real socket.
#include <catch2/catch.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "stagecraft/v1/company_service.grpc.pb.h"
#include "tests/api/api_fixture.h"

namespace stagecraft::tests {
namespace {

constexpr std::string_view kFile =
    "Record ID,First Name,Lead Status,Shoe Size\r\n"
    "101,Ana,NEW,38\r\n"
    "102,Ben,Nwe,44\r\n"
    "103,\"Cle\no\",Open,41\r\n";

// Sends the file in pieces of `piece` bytes.
grpc::Status Import(ApiFixture& api, std::string_view file, std::size_t piece, v1::ImportContactsResponse& response,
                    const v1::ImportConfig* config = nullptr) {
  Call call;
  const auto writer = api.contacts->ImportContacts(call, &response);
  v1::ImportContactsRequest request;
  if (config != nullptr) {
    *request.mutable_config() = *config;
    writer->Write(request);
  }
  for (std::size_t at = 0; at < file.size(); at += piece) {
    request.set_chunk(std::string(file.substr(at, piece)));
    if (!writer->Write(request)) break;
  }
  writer->WritesDone();
  return writer->Finish();
}

}  // namespace

TEST_CASE_METHOD(ApiFixture, "an import takes the good rows in and reports the bad ones, whatever the size of the pieces") {
  const std::size_t piece = GENERATE(as<std::size_t>(), 1, 7, 100'000);
  v1::ImportContactsResponse response;
  const grpc::Status status = Import(*this, kFile, piece, response);
  INFO(status.error_message());
  REQUIRE(status.ok());
  INFO(response.DebugString());
  CHECK(response.rows() == 3);
  CHECK(response.applied() == 2);
  CHECK(response.created() == 2);
  CHECK(response.unchanged() == 0);
  CHECK(response.rejected() == 1);
  CHECK(response.error_count() == 1);
  REQUIRE(response.errors_size() == 1);
  CHECK(response.errors(0).line() == 3);
  CHECK(response.errors(0).column() == 3);
  CHECK(response.errors(0).column_name() == "Lead Status");
  CHECK(response.errors(0).value() == "Nwe");
  CHECK_FALSE(response.errors(0).reason().empty());
  CHECK(response.id_column() == "Record ID");
  REQUIRE(response.ignored_columns_size() == 1);
  CHECK(response.ignored_columns(0) == "Shoe Size");
  CHECK(TextOf(Get("101"), "status") == "New");
  CHECK(TextOf(Get("103"), "first name") == "Cle\no");
}

TEST_CASE_METHOD(ApiFixture, "the same file twice changes nothing the second time") {
  v1::ImportConfig config;
  config.mutable_as_of_time()->set_seconds(1'700'000'000);
  v1::ImportContactsResponse first, second;
  REQUIRE(Import(*this, kFile, 1000, first, &config).ok());
  const std::string etag = Get("101").etag();
  REQUIRE(Import(*this, kFile, 1000, second, &config).ok());
  CHECK(second.applied() == 0);
  CHECK(second.unchanged() == 2);
  CHECK(Get("101").etag() == etag);
}

TEST_CASE_METHOD(ApiFixture, "a column can be mapped to a property, and the id be in any column") {
  v1::ImportConfig config;
  config.set_id_column("Key");
  auto* column = config.add_columns();
  column->set_column("Where it stands");
  column->set_property("status");
  v1::ImportContactsResponse response;
  const grpc::Status status = Import(*this, "Key;Where it stands\nana;Open\n", 1000, response, &config);
  INFO(status.error_message());
  REQUIRE(status.ok());
  CHECK(TextOf(Get("ana"), "status") == "Open");
}

TEST_CASE_METHOD(ApiFixture, "an import that cannot be understood is refused") {
  v1::ImportContactsResponse response;
  CHECK(ReasonOf(Import(*this, "First Name\nAna\n", 1000, response)) == "NO_ID_COLUMN");
  v1::ImportConfig config;
  auto* column = config.add_columns();
  column->set_column("Lead Status");
  column->set_property("shoe size");
  CHECK(ReasonOf(Import(*this, kFile, 1000, response, &config)) == "INVALID_MAPPING");
  CHECK(ReasonOf(Import(*this, "", 1000, response)) == "INVALID_CSV");
}

TEST_CASE_METHOD(ApiFixture, "the configuration of an import comes first and once, and its pieces have a bound, also of companies") {
  const auto reasons = [](auto open, auto request, auto response) {
    const auto reason = [&](auto... messages) {
      Call call;
      const auto writer = open(call, &response);
      static_cast<void>((writer->Write(messages) && ...));
      writer->WritesDone();
      return ReasonOf(writer->Finish());
    };
    auto config = request;
    config.mutable_config()->set_id_column("Key");
    auto piece = request;
    piece.set_chunk("Record ID\n");
    CHECK(reason(piece, config) == "CONFIG_NOT_FIRST");
    CHECK(reason(config, config) == "CONFIG_NOT_FIRST");
    piece.set_chunk("Key\n" + std::string(1 << 20, 'x'));
    CHECK(reason(piece) == "CHUNK_TOO_LARGE");
    config.mutable_config()->mutable_as_of_time()->set_nanos(-1);
    CHECK(reason(config) == "INVALID_VALUE");
    config.mutable_config()->clear_as_of_time();
    config.mutable_config()->set_actor(std::string(257, 'a'));
    CHECK(reason(config) == "TEXT_TOO_LONG");
    config.mutable_config()->clear_actor();
    auto* column = config.mutable_config()->add_columns();
    column->set_column("Key");
    column->set_property("shoe size");
    piece.set_chunk("Key,Name\nacme,Acme\n");
    CHECK(reason(config, piece) == "INVALID_MAPPING");
    CHECK(reason() == "INVALID_CSV");  // there is no file
    piece.set_chunk("Name\nAcme\n");
    CHECK(reason(piece) == "NO_ID_COLUMN");
  };
  reasons([&](Call& call, auto* response) { return contacts->ImportContacts(call, response); }, v1::ImportContactsRequest(),
          v1::ImportContactsResponse());
  const auto companies = v1::CompanyService::NewStub(channel());
  reasons([&](Call& call, auto* response) { return companies->ImportCompanies(call, response); }, v1::ImportCompaniesRequest(),
          v1::ImportCompaniesResponse());
}

}  // namespace stagecraft::tests
