// Pages of contacts: those that a selection wants, by creation or by values of theirs.
#ifndef STAGECRAFT_SERVER_RPC_CONTACT_PAGES_H_
#define STAGECRAFT_SERVER_RPC_CONTACT_PAGES_H_

#include <grpcpp/server_context.h>

#include <functional>
#include <string>
#include <vector>

#include "runtime/engine/engine.h"
#include "runtime/engine/view.h"
#include "server/rpc/paging.h"
#include "server/rpc/service_context.h"

namespace stagecraft::server {

// Which contacts a call is about, and in which order. Belongs to one call.
class ContactSelection {
 public:
  virtual ~ContactSelection() = default;
  // To be called within each read, before the others: binds names to the running program. What it returns ends the call when it is an
  // error.
  virtual grpc::Status Prepare(const runtime::View& view) = 0;
  virtual bool Has(const runtime::View& view, const runtime::Contact& contact) const = 0;
  // The first key counts most. Equal contacts come by their creation, those without a value last, whichever the direction. Empty: by
  // creation.
  virtual const std::vector<ir::View::SortKey>& order() const;
};

// Reads one page: calls fill(view, contact) within a read for each contact that is on it, and sets the token of the next page, which stays
// empty on the last. RESOURCE_EXHAUSTED (QUERY_TOO_COSTLY) when an order is not found within ServiceContext::order_time.
grpc::Status ReadContacts(const ServiceContext& context, const grpc::CallbackServerContext& call, const Page& page,
                          ContactSelection& selection, const std::function<void(const runtime::View&, const runtime::Contact&)>& fill,
                          std::string& next_page_token);

}  // namespace stagecraft::server

#endif  // STAGECRAFT_SERVER_RPC_CONTACT_PAGES_H_
