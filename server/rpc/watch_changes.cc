// EventService.WatchChanges and NotificationService.WatchNotifications.
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "dsl/support/text.h"
#include "runtime/explain/explain.h"
#include "server/rpc/blocking_call.h"
#include "server/rpc/contact_convert.h"
#include "server/rpc/contact_filter.h"
#include "server/rpc/event_service.h"
#include "server/rpc/notification_service.h"
#include "server/rpc/timeline_convert.h"
#include "server/rpc/watch_call.h"

namespace stagecraft::server {
namespace {

class ChangeTeller final : public WatchTeller<v1::WatchChangesResponse> {
 public:
  // `contact`: an id; empty: all.
  explicit ChangeTeller(std::string contact) : contact_(std::move(contact)) {}

  void Tell(const runtime::View& view, const ContactFilter& filter, const runtime::Record& record, v1::WatchChangesResponse&) override {
    if (record.kind == runtime::RecordKind::kScrubbed) return;  // of a contact that is erased by now
    const runtime::Contact* contact = view.ContactAt(record.contact);
    const bool is_deployment = record.kind == runtime::RecordKind::kDeployment && contact == nullptr;
    if (is_deployment && contact_.empty() && filter.empty()) told_.push_back({&record, {}});
    if (contact == nullptr || !filter.Meets(view, *contact)) return;
    if (contact_.empty() || view.FindContact(contact_) == contact) told_.push_back({&record, NameOf(kContacts, contact->id())});
  }

  bool Complete(runtime::Engine& engine, v1::WatchChangesResponse& out) override {
    for (Told& each : told_) {
      const auto program = engine.ProgramOf(each.record->revision);
      if (program == nullptr) continue;  // such as only another version of this server could compile
      runtime::TimelineEntry entry = runtime::EntryOf(*program, *each.record);
      if (!IsTold(*each.record, entry)) continue;
      v1::Change& change = *out.add_changes();
      change.set_contact(std::move(each.contact));
      FillEntry(entry, *change.mutable_entry());
    }
    told_.clear();
    return out.changes_size() > 0;
  }

 private:
  struct Told {
    const runtime::Record* record = nullptr;
    std::string contact;
  };

  const std::string contact_;
  std::vector<Told> told_;
};

class NotificationTeller final : public WatchTeller<v1::WatchNotificationsResponse> {
 public:
  // `recipient`: case-folded; empty: all.
  explicit NotificationTeller(std::string recipient) : recipient_(std::move(recipient)) {}

  void Tell(const runtime::View& view, const ContactFilter& filter, const runtime::Record& record,
            v1::WatchNotificationsResponse& out) override {
    if (record.notifications.empty()) return;
    const runtime::Contact* contact = view.ContactAt(record.contact);
    if (contact == nullptr || !filter.Meets(view, *contact)) return;
    for (const runtime::Notification& notification : record.notifications) {
      if (!recipient_.empty() && FoldCase(notification.recipient) != recipient_) continue;
      FillNotification(notification, *contact, *out.add_notifications());
    }
  }

  bool Complete(runtime::Engine&, v1::WatchNotificationsResponse& out) override { return out.notifications_size() > 0; }

 private:
  const std::string recipient_;
};

template <typename Response>
struct Asked {
  std::string cursor;
  std::string filter;
  std::string contact;  // an id that must be there; empty: none need be
  std::unique_ptr<WatchTeller<Response>> teller;
};

runtime::Status CheckContact(runtime::Engine& engine, const std::string& id) {
  bool is_there = id.empty();
  runtime::Status status = engine.Read([&](const runtime::View& view) { is_there = is_there || view.FindContact(id) != nullptr; });
  if (!status.ok() || is_there) return status;
  return NoSuchContact(id);
}

template <typename Response>
grpc::ServerWriteReactor<Response>* BeginWatch(const ServiceContext& context, ChangeFeed& feed, grpc::CallbackServerContext* call,
                                               const char* method, Asked<Response> asked) {
  const auto admitted = Admit(context, *call, method);
  ContactFilter filter(std::move(asked.filter), admitted ? *admitted->caller : Caller());
  const auto watch = std::make_shared<WatchCall<Response>>(context, feed, *call, std::move(filter), std::move(asked.teller));
  watch->Keep();
  const auto next = asked.cursor.empty() ? runtime::Result<runtime::Sequence>(0) : ReadCursor(asked.cursor);
  if (!admitted) {
    watch->Refuse(ToGrpcStatus(admitted.error()));
  } else if (!next) {
    watch->Refuse(ToGrpcStatus(next.error()));
  } else {
    const bool taken =
        context.workers.Submit([context, watch, next = *next, caller = admitted->caller, contact = std::move(asked.contact)] {
          runtime::Status status = CheckContact(context.engine, contact);
          if (status.ok() && !contact.empty()) status = CheckInScope(context.engine, *caller, contact);
          if (status.ok()) {
            watch->Start(next, caller);
          } else {
            watch->Refuse(ToGrpcStatus(status));
          }
        });
    if (!taken) watch->Refuse(TooManyCalls());
  }
  return watch.get();
}

}  // namespace

grpc::ServerWriteReactor<v1::WatchChangesResponse>* EventService::WatchChanges(grpc::CallbackServerContext* call,
                                                                               const v1::WatchChangesRequest* request) {
  const std::string contact(IdOf(kContacts, request->contact()));
  return BeginWatch<v1::WatchChangesResponse>(context_, feed_, call, "WatchChanges",
                                              {request->cursor(), request->filter(), contact, std::make_unique<ChangeTeller>(contact)});
}

grpc::ServerWriteReactor<v1::WatchNotificationsResponse>* NotificationService::WatchNotifications(
    grpc::CallbackServerContext* call, const v1::WatchNotificationsRequest* request) {
  return BeginWatch<v1::WatchNotificationsResponse>(
      context_, feed_, call, "WatchNotifications",
      {request->cursor(), request->filter(), {}, std::make_unique<NotificationTeller>(FoldCase(request->recipient()))});
}

}  // namespace stagecraft::server
