// Lists of rows that stand in the order of their ids (tasks, notifications), by page, filtered by their contacts.
#ifndef STAGECRAFT_SERVER_RPC_ROW_LIST_H_
#define STAGECRAFT_SERVER_RPC_ROW_LIST_H_

#include <grpcpp/server_context.h>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "runtime/engine/engine.h"
#include "runtime/engine/view.h"
#include "runtime/model/contact.h"
#include "server/rpc/blocking_call.h"
#include "server/rpc/contact_convert.h"
#include "server/rpc/contact_filter.h"
#include "server/rpc/limits.h"
#include "server/rpc/names.h"
#include "server/rpc/paging.h"
#include "server/rpc/status_map.h"

namespace stagecraft::server {

// `rows(view)` gives the rows; `accept(row)` says whether one is wanted, `fill(row, contact)` adds it to `response`. `request` has
// page_size, page_token, filter and contact.
template <typename Request, typename Response, typename Rows, typename Accept, typename Fill>
grpc::Status ListRows(runtime::Engine& engine, const grpc::CallbackServerContext& call, const AdmittedCall& admitted,
                      const Request& request, Response& response, const Rows& rows, const Accept& accept, const Fill& fill) {
  const auto page = PageOf(request);
  if (!page) return ToGrpcStatus(page.error());
  const auto first = ResumeNumber(*page, 0);
  if (!first) return ToGrpcStatus(first.error());
  const std::string_view contact_id = IdOf(kContacts, request.contact());
  const auto deadline = std::chrono::steady_clock::now() + limits::kListTimeMax;
  ContactFilter filter(request.filter(), *admitted.caller);
  std::int64_t next_id = *first;
  std::size_t filled = 0;
  bool at_end = false;
  grpc::Status failure;
  while (!at_end && filled < page->size && std::chrono::steady_clock::now() < deadline) {
    if (Abandoned(call)) return NobodyWaits(call);
    const runtime::Status status = engine.Read([&](const runtime::View& view) {
      const runtime::Contact* only = contact_id.empty() ? nullptr : view.FindContact(contact_id);
      if (!filter.Prepare(view)) {
        failure = filter.status();
      } else if (!contact_id.empty() && (only == nullptr || !filter.IsInScope(view, *only))) {
        failure = ToGrpcStatus(NoSuchContact(contact_id));
      }
      if (!failure.ok()) return;
      const auto& all = rows(view);
      auto row =
          std::lower_bound(all.begin(), all.end(), next_id, [](const auto& candidate, std::int64_t id) { return candidate.id < id; });
      const auto left = std::min<std::ptrdiff_t>(all.end() - row, limits::kSliceMax);
      for (const auto stop = row + left; row != stop && filled < page->size; ++row) {
        next_id = row->id + 1;
        if ((only != nullptr && row->contact != only->number()) || !accept(*row)) continue;
        const runtime::Contact& contact = *view.ContactAt(row->contact);
        if (!contact.is_active() || !filter.Meets(view, contact)) continue;
        fill(*row, contact);
        ++filled;
      }
      at_end = row == all.end();
    });
    if (!status.ok()) return ToGrpcStatus(status);
    if (!failure.ok()) return failure;
  }
  if (!at_end) response.set_next_page_token(MakeToken(*page, std::to_string(next_id)));
  return grpc::Status::OK;
}

}  // namespace stagecraft::server

#endif  // STAGECRAFT_SERVER_RPC_ROW_LIST_H_
