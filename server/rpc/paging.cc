#include "server/rpc/paging.h"

#include <absl/strings/escaping.h>
#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <optional>

#include "runtime/model/reasons.h"
#include "server/rpc/limits.h"
#include "server/rpc/names.h"
#include "server/rpc/status_map.h"

namespace stagecraft::server {
namespace {

constexpr std::size_t kHashDigits = 16;

}  // namespace

runtime::Result<Page> ReadPage(int page_size, std::string_view page_token, std::string_view rest) {
  if (page_size < 0) {
    return tl::unexpected(InvalidField("page_size", "INVALID_PAGE_SIZE",
                                       "`page_size` is " + std::to_string(page_size) + "; expected 0 (for the default) or more"));
  }
  Page page;
  page.size = static_cast<std::size_t>(page_size == 0 ? limits::kPageSizeDefault : std::min(page_size, limits::kPageSizeMax));
  page.request = std::hash<std::string_view>()(rest);
  if (page_token.empty()) return page;
  std::string text;
  if (!absl::WebSafeBase64Unescape(absl::string_view(page_token.data(), page_token.size()), &text) || text.size() <= kHashDigits ||
      text.compare(0, kHashDigits, fmt::format("{:016x}", page.request)) != 0) {
    return tl::unexpected(InvalidPageToken());
  }
  page.resume = text.substr(kHashDigits);
  return page;
}

std::string MakeToken(const Page& page, std::string_view resume) {
  return absl::WebSafeBase64Escape(fmt::format("{:016x}{}", page.request, resume));
}

runtime::Result<std::int64_t> ResumeNumber(const Page& page, std::int64_t first) {
  if (page.resume.empty()) return first;
  const auto number = NumberIn<std::int64_t>(page.resume);
  if (!number || *number < 0) return tl::unexpected(InvalidPageToken());
  return *number;
}

runtime::Status InvalidPageToken() {
  return InvalidField("page_token", "INVALID_PAGE_TOKEN",
                      "`page_token` is not of this request; expected the `next_page_token` of an answer to the same request");
}

runtime::Status OrderTooCostly(std::string_view things, std::size_t count, std::chrono::milliseconds time) {
  return {
      runtime::StatusCode::kResourceExhausted,
      runtime::reasons::kQueryTooCostly,
      fmt::format("an order by values wants a look at all {}; after {} of them the {} s that one page may take were over; ask without an "
                  "order and sort what comes, or for fewer of them",
                  things, count, static_cast<double>(time.count()) / 1000),
      {}};
}

}  // namespace stagecraft::server
