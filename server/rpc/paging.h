// page_size and page_token (AIP-158). Tokens are opaque to callers and bound to the rest of the request.
#ifndef STAGECRAFT_SERVER_RPC_PAGING_H_
#define STAGECRAFT_SERVER_RPC_PAGING_H_

#include <google/protobuf/message_lite.h>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "runtime/model/status.h"

namespace stagecraft::server {

struct Page {
  std::size_t size = 0;
  std::uint64_t request = 0;  // hash of all else in the request
  std::string resume;         // what MakeToken was given; empty: the first page
};

// INVALID_ARGUMENT for a negative size and for a token that is none or belongs to another request. `rest` is which
// request it is, and its bytes without page_size and page_token.
runtime::Result<Page> ReadPage(int page_size, std::string_view page_token, std::string_view rest);

// As above, for a request message with these two fields.
template <typename Request>
runtime::Result<Page> PageOf(const Request& request) {
  Request rest = request;
  rest.clear_page_size();
  rest.clear_page_token();
  return ReadPage(request.page_size(), request.page_token(), request.GetTypeName() + '\n' + rest.SerializeAsString());
}

// The token for the page that goes on at `resume`, which must not be empty.
std::string MakeToken(const Page& page, std::string_view resume);

// A resume text that is only a number.
runtime::Result<std::int64_t> ResumeNumber(const Page& page, std::int64_t first);

runtime::Status InvalidPageToken();

// RESOURCE_EXHAUSTED (QUERY_TOO_COSTLY), of a page that is ordered by values: `count` of the things were looked at, and there are more.
runtime::Status OrderTooCostly(std::string_view things, std::size_t count, std::chrono::milliseconds time);

}  // namespace stagecraft::server

#endif  // STAGECRAFT_SERVER_RPC_PAGING_H_
