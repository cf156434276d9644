// ContactService.ImportContacts, through a real client on a real socket.
#include <catch2/catch.hpp>
#include <string>
#include <string_view>
#include <vector>

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

}  // namespace stagecraft::tests
