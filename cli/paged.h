// Reading a list from a server page by page, and showing it.
#ifndef STAGECRAFT_CLI_PAGED_H_
#define STAGECRAFT_CLI_PAGED_H_

#include <google/protobuf/repeated_ptr_field.h>
#include <grpcpp/grpcpp.h>

#include <algorithm>
#include <string>
#include <string_view>

#include "cli/client.h"
#include "cli/table.h"

namespace stagecraft::cli {

// Calls `method` of `stub` with `request` page after page and moves the `items` of each into those of `out`, until there are `limit` of
// them (0: all). `out` keeps the token of the next page: it is empty when all were read.
template <typename Stub, typename Request, typename Response, typename Items>
grpc::Status ReadPages(Stub& stub, grpc::Status (Stub::*method)(grpc::ClientContext*, const Request&, Response*), Request request,
                       Items* (Response::*items)(), int limit, Response& out) {
  constexpr int kPageSize = 1000;
  Items& all = *(out.*items)();
  do {
    request.set_page_size(limit == 0 ? kPageSize : std::min(limit - all.size(), kPageSize));
    Response page;
    if (auto status = (stub.*method)(CallContext().get(), request, &page); !status.ok()) return status;
    for (auto& item : *(page.*items)()) all.Add()->Swap(&item);
    out.set_next_page_token(page.next_page_token());
    request.set_page_token(page.next_page_token());
  } while (!out.next_page_token().empty() && (limit == 0 || all.size() < limit));
  return grpc::Status::OK;
}

// How to see the rest: all of it, or by saying which, where the verb has --filter.
enum class More { kAll, kFilter };

// A page on standard output. `nothing` is a note in its place when it has no rows; empty: not a word. With a token of a next page a note
// says how to see the rest.
void PrintPage(const Table& table, std::string_view nothing, std::string_view next_page_token, More more = More::kAll);

}  // namespace stagecraft::cli

#endif  // STAGECRAFT_CLI_PAGED_H_
