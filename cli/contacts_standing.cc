#include <fmt/format.h>
#include <stagecraft/v1/contact_service.grpc.pb.h>

#include "cli/client.h"
#include "cli/terminal.h"
#include "cli/verbs.h"
#include "dsl/support/show.h"

namespace stagecraft::cli {
namespace {

namespace wire = ::stagecraft::v1;
using Change = ContactsStandingOptions::Change;

// One call for one contact.
template <typename Request, typename Response>
grpc::Status Call(wire::ContactService::Stub& stub,
                  grpc::Status (wire::ContactService::Stub::*method)(grpc::ClientContext*, const Request&, Response*),
                  const std::string& contact, const std::string& actor) {
  Request request;
  request.set_name(contact);
  request.set_actor(actor);
  Response response;
  return (stub.*method)(CallContext().get(), request, &response);
}

grpc::Status Apply(wire::ContactService::Stub& stub, const ContactsStandingOptions& options, const std::string& contact) {
  using Stub = wire::ContactService::Stub;
  switch (options.change) {
    case Change::kDelete:
      return Call(stub, &Stub::DeleteContact, contact, options.actor);
    case Change::kRestore:
      return Call(stub, &Stub::UndeleteContact, contact, options.actor);
    case Change::kErase:
      return Call(stub, &Stub::EraseContact, contact, options.actor);
  }
  return {};
}

std::string_view DoneWord(Change change) {
  if (change == Change::kDelete) return "deleted";
  return change == Change::kRestore ? "restored" : "erased";
}

}  // namespace

int ContactsStanding(const ContactsStandingOptions& options) {
  if (options.change == Change::kErase && !options.yes) {
    PrintError("nothing brings an erased contact back; say that it is meant with --yes");
    return kFailed;
  }
  const auto stub = wire::ContactService::NewStub(Connect(options.remote));
  for (const std::string& contact : options.contacts) {
    if (const auto status = Apply(*stub, options, contact); !status.ok()) return ReportCall(status, options.remote);
    fmt::print("{} {}\n", OneLine(contact), DoneWord(options.change));
  }
  return kDone;
}

int ContactsMerge(const ContactsMergeOptions& options) {
  wire::MergeContactsRequest request;
  request.set_name(options.contact);
  request.set_other(options.other);
  request.set_actor(options.actor);
  const auto stub = wire::ContactService::NewStub(Connect(options.remote));
  wire::MergeContactsResponse response;
  const auto status = stub->MergeContacts(CallContext().get(), request, &response);
  if (!status.ok()) return ReportCall(status, options.remote);
  fmt::print("{} is now part of {}\n", OneLine(options.other), OneLine(BareId(response.contact().name())));
  return kDone;
}

}  // namespace stagecraft::cli
