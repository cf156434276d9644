#include "server/rpc/list_service.h"

#include <algorithm>
#include <array>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_set>
#include <utility>
#include <vector>

#include "runtime/import/owned_event.h"
#include "runtime/model/contact.h"
#include "runtime/model/reasons.h"
#include "server/rpc/blocking_call.h"
#include "server/rpc/contact_convert.h"
#include "server/rpc/contact_pages.h"
#include "server/rpc/declared.h"
#include "server/rpc/limits.h"
#include "server/rpc/names.h"
#include "server/rpc/status_map.h"
#include "server/rpc/time_convert.h"

namespace stagecraft::server {
namespace {

runtime::Status NoSuchList(const ir::Program& program, std::string_view name) {
  return NoSuch("list", runtime::reasons::kListNotFound, program.lists, name);
}

bool IsMember(const runtime::View& view, const runtime::Contact& contact, const ir::List& list) {
  if (!contact.is_active()) return false;
  return list.by_hand ? contact.IsSet(list.number) : view.NodeOf(contact, list.number) != 0;
}

void FillList(const ir::Program& program, const ir::List& list, v1::List& out) {
  out.set_name(NameOf(kLists, list.name));
  out.set_by_hand(list.by_hand);
  out.set_text(list.text);
  FillPlace(program, list.place, out);
}

// Which of the lists an answer has, as of one revision of the scripts; nothing when they are none.
using Choose = std::function<runtime::Result<std::vector<ir::List>>(const runtime::View&)>;

// Fills lists with how many contacts are in each, slice by slice; when the scripts change meanwhile it begins anew.
grpc::Status ReadLists(runtime::Engine& engine, const grpc::CallbackServerContext& call, const Choose& choose,
                       const std::function<v1::List*()>& add) {
  std::optional<std::uint32_t> revision;
  std::vector<ir::List> lists;
  std::vector<std::int64_t> counts;
  std::uint32_t next = 0;
  bool at_end = false;
  runtime::Status failure;
  while (!at_end) {
    if (Abandoned(call)) return NobodyWaits(call);
    const runtime::Status status = engine.Read([&](const runtime::View& view) {
      if (revision != view.revision()) {
        auto chosen = choose(view);
        if (!chosen) {
          failure = chosen.error();
          return;
        }
        revision = view.revision();
        lists = std::move(*chosen);
        counts.assign(lists.size(), 0);
        next = 0;
      }
      const auto contacts = static_cast<std::uint32_t>(view.stats().contacts);
      const std::uint32_t stop = std::min(contacts, next + limits::kSliceMax);
      for (; next < stop; ++next) {
        const runtime::Contact& contact = *view.ContactAt(next);
        for (std::size_t i = 0; i < lists.size(); ++i) counts[i] += IsMember(view, contact, lists[i]) ? 1 : 0;
      }
      at_end = next >= contacts;
      if (!at_end) return;
      for (std::size_t i = 0; i < lists.size(); ++i) {
        v1::List& out = *add();
        FillList(view.program(), lists[i], out);
        out.set_member_count(counts[i]);
      }
    });
    if (!status.ok()) return ToGrpcStatus(status);
    if (!failure.ok()) return ToGrpcStatus(failure);
  }
  return grpc::Status::OK;
}

grpc::Status AllLists(runtime::Engine& engine, const grpc::CallbackServerContext& call, const v1::ListListsRequest& request,
                      v1::ListListsResponse& response) {
  const auto page = PageOf(request);
  if (!page) return ToGrpcStatus(page.error());
  const auto first = ResumeNumber(*page, 0);
  if (!first) return ToGrpcStatus(first.error());
  const auto choose = [&](const runtime::View& view) -> runtime::Result<std::vector<ir::List>> {
    const std::vector<ir::List>& all = view.program().lists;
    const std::size_t begin = std::min(all.size(), static_cast<std::size_t>(*first));
    response.clear_next_page_token();
    const std::size_t stop = StopOf(*page, begin, all.size(), *response.mutable_next_page_token());
    return std::vector<ir::List>(all.begin() + static_cast<std::ptrdiff_t>(begin), all.begin() + static_cast<std::ptrdiff_t>(stop));
  };
  return ReadLists(engine, call, choose, [&response] { return response.add_lists(); });
}

grpc::Status OneList(runtime::Engine& engine, const grpc::CallbackServerContext& call, std::string_view name, v1::GetListResponse& out) {
  const auto choose = [&](const runtime::View& view) -> runtime::Result<std::vector<ir::List>> {
    const ir::List* list = FindDeclared(view.program().lists, name);
    if (list == nullptr) return tl::unexpected(NoSuchList(view.program(), name));
    return std::vector<ir::List>{*list};
  };
  return ReadLists(engine, call, choose, [&out] { return out.mutable_list(); });
}

class Members final : public ContactSelection {
 public:
  explicit Members(std::string_view list) : name_(list) {}

  grpc::Status Prepare(const runtime::View& view) override {
    list_ = FindDeclared(view.program().lists, name_);
    return list_ == nullptr ? ToGrpcStatus(NoSuchList(view.program(), name_)) : grpc::Status::OK;
  }
  bool Has(const runtime::View& view, const runtime::Contact& contact) const override { return IsMember(view, contact, *list_); }

  void FillMember(const runtime::View& view, const runtime::Contact& contact, v1::ListMember& out) const {
    FillContact(view, contact, *out.mutable_contact());
    if (list_->by_hand) FillTimestamp(contact.ChangedAt(list_->number), *out.mutable_add_time());
  }

 private:
  const std::string_view name_;
  const ir::List* list_ = nullptr;  // of the present read
};

grpc::Status MembersOf(const ServiceContext& context, const grpc::CallbackServerContext& call, const v1::ListListMembersRequest& request,
                       v1::ListListMembersResponse& response) {
  const auto page = PageOf(request);
  if (!page) return ToGrpcStatus(page.error());
  Members members(IdOf(kLists, request.name()));
  return ReadContacts(
      context, call, *page, members,
      [&](const runtime::View& view, const runtime::Contact& contact) { members.FillMember(view, contact, *response.add_members()); },
      *response.mutable_next_page_token());
}

// The contacts of a request, as events that say who is in a list by hand, and who is not.
class MembershipEvents {
 public:
  template <typename Request>
  MembershipEvents(const ServiceContext& context, const AdmittedCall& admitted, const Request& request, const std::string& list,
                   bool is_member)
      : property_(std::string(ir::kListPrefix) + list), value_{property_, is_member} {
    const auto count = static_cast<std::size_t>(request.contacts_size());
    ids_.reserve(count);
    inputs_.reserve(count);
    for (const std::string& name : request.contacts()) {
      const std::string_view contact = IdOf(kContacts, name);
      const std::array<std::string_view, 2> parts = {request.request_id(), contact};
      ids_.push_back(request.request_id().empty() ? context.ids.Next() : runtime::HashedId("member-", parts));
      runtime::EventInput& input = inputs_.emplace_back();
      input.id = ids_.back();
      input.contact = contact;
      input.type = "contact updated";
      input.actor = request.actor();
      input.trace = admitted.trace;
      input.properties = std::span(&value_, 1);
    }
  }
  MembershipEvents(const MembershipEvents&) = delete;
  MembershipEvents& operator=(const MembershipEvents&) = delete;

  std::span<const runtime::EventInput> inputs() const { return inputs_; }

 private:
  const std::string property_;
  const runtime::NamedInput value_;
  std::vector<std::string> ids_;
  std::vector<runtime::EventInput> inputs_;
};

template <typename Request>
runtime::Status CheckContacts(const Request& request) {
  if (request.contacts_size() == 0 || request.contacts_size() > limits::kMembersMax) {
    return InvalidField("contacts", "INVALID_CONTACTS",
                        std::to_string(request.contacts_size()) + " contacts; expected 1 to " + std::to_string(limits::kMembersMax));
  }
  return {};
}

// Adds the contacts of the request to its list, or takes them out.
template <typename Request, typename Response>
grpc::Status ChangeMembers(const ServiceContext& context, const AdmittedCall& admitted, const Request& request, bool is_member,
                           Response& response) {
  if (const runtime::Status status = CheckContacts(request); !status.ok()) return ToGrpcStatus(status);
  runtime::Status failure;
  std::string list_name;
  std::vector<bool> were_so;
  const runtime::Status read = context.engine.Read([&](const runtime::View& view) {
    const std::string_view name = IdOf(kLists, request.name());
    const ir::List* list = FindDeclared(view.program().lists, name);
    if (list == nullptr) {
      failure = NoSuchList(view.program(), name);
    } else if (!list->by_hand) {
      failure = {runtime::StatusCode::kFailedPrecondition,
                 runtime::reasons::kListByCondition,
                 "who is in list `" + list->name + "` follows its condition; only lists `by hand` can be joined and left",
                 {}};
    } else {
      list_name = list->name;
      std::unordered_set<const runtime::Contact*> named;  // who is named twice is changed once
      for (const std::string& contact_name : request.contacts()) {
        const runtime::Contact* contact = view.FindContact(IdOf(kContacts, contact_name));
        were_so.push_back(contact != nullptr && (!named.insert(contact).second || IsMember(view, *contact, *list) == is_member));
      }
    }
  });
  if (!read.ok()) return ToGrpcStatus(read);
  if (!failure.ok()) return ToGrpcStatus(failure);

  const MembershipEvents events(context, admitted, request, list_name, is_member);
  const auto results = context.engine.Apply(events.inputs());
  if (!results) return ToGrpcStatus(results.error());
  for (std::size_t i = 0; i < results->size(); ++i) {
    const runtime::EventResult& result = (*results)[i];
    if (!result.status.ok()) {
      v1::MemberError& error = *response.add_errors();
      error.set_contact(request.contacts(static_cast<int>(i)));
      // What the engine says of an event that may create its contact does not help here.
      const bool unknown = result.status.reason == runtime::reasons::kContactNotFound;
      FillRpcStatus(unknown ? NoSuchContact(events.inputs()[i].contact) : result.status, *error.mutable_status());
    } else if (were_so[i] || result.state == runtime::EventState::kDuplicate) {
      response.set_unchanged_count(response.unchanged_count() + 1);
    } else {
      response.set_changed_count(response.changed_count() + 1);
    }
  }
  return grpc::Status::OK;
}

}  // namespace

grpc::ServerUnaryReactor* ListService::ListLists(grpc::CallbackServerContext* call, const v1::ListListsRequest* request,
                                                 v1::ListListsResponse* response) {
  return RunOnWorker(context_, call, "ListLists",
                     [this, call, request, response] { return AllLists(context_.engine, *call, *request, *response); });
}

grpc::ServerUnaryReactor* ListService::GetList(grpc::CallbackServerContext* call, const v1::GetListRequest* request,
                                               v1::GetListResponse* response) {
  return RunOnWorker(context_, call, "GetList",
                     [this, call, request, response] { return OneList(context_.engine, *call, IdOf(kLists, request->name()), *response); });
}

grpc::ServerUnaryReactor* ListService::ListListMembers(grpc::CallbackServerContext* call, const v1::ListListMembersRequest* request,
                                                       v1::ListListMembersResponse* response) {
  return RunOnWorker(context_, call, "ListListMembers",
                     [this, call, request, response] { return MembersOf(context_, *call, *request, *response); });
}

grpc::ServerUnaryReactor* ListService::AddMembers(grpc::CallbackServerContext* call, const v1::AddMembersRequest* request,
                                                  v1::AddMembersResponse* response) {
  return RunChangeOnWorker(context_, call, "AddMembers", *request, [this, request, response](AdmittedCall& admitted) {
    return ChangeMembers(context_, admitted, *request, true, *response);
  });
}

grpc::ServerUnaryReactor* ListService::RemoveMembers(grpc::CallbackServerContext* call, const v1::RemoveMembersRequest* request,
                                                     v1::RemoveMembersResponse* response) {
  return RunChangeOnWorker(context_, call, "RemoveMembers", *request, [this, request, response](AdmittedCall& admitted) {
    return ChangeMembers(context_, admitted, *request, false, *response);
  });
}

}  // namespace stagecraft::server
