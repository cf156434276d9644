// ContactService: many contacts at once. ListContacts by creation, or by values of theirs; BatchGetContacts; ExportContacts.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string>
#include <utility>
#include <vector>

#include "dsl/support/text.h"
#include "runtime/model/contact.h"
#include "server/rpc/blocking_call.h"
#include "server/rpc/contact_convert.h"
#include "server/rpc/contact_filter.h"
#include "server/rpc/contact_pages.h"
#include "server/rpc/contact_service.h"
#include "server/rpc/limits.h"
#include "server/rpc/named_values.h"
#include "server/rpc/names.h"
#include "server/rpc/part_writer.h"
#include "server/rpc/status_map.h"

namespace stagecraft::server {
namespace {

// What contacts are to be ordered by: a property, or a score or counter.
struct NamedKey {
  std::string name;  // as given
  bool descending = false;
};

std::string_view Trimmed(std::string_view text) {
  while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
  while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
  return text;
}

NamedKey ReadKey(std::string_view text) {
  constexpr std::array<std::pair<std::string_view, bool>, 4> kDirections = {
      {{" desc", true}, {" descending", true}, {" asc", false}, {" ascending", false}}};
  NamedKey key;
  text = Trimmed(text);
  for (const auto& [word, descending] : kDirections) {
    if (text.size() <= word.size() || FoldCase(text.substr(text.size() - word.size())) != word) continue;
    key.descending = descending;
    text = Trimmed(text.substr(0, text.size() - word.size()));
    break;
  }
  key.name = text;
  return key;
}

std::vector<NamedKey> ReadOrder(std::string_view order_by) {
  std::vector<NamedKey> keys;
  if (Trimmed(order_by).empty()) return keys;
  for (;;) {
    const std::size_t comma = order_by.find(',');
    keys.push_back(ReadKey(order_by.substr(0, comma)));
    if (comma == std::string_view::npos) return keys;
    order_by.remove_prefix(comma + 1);
  }
}

// What is shown of each contact.
class ShownValues {
 public:
  explicit ShownValues(const google::protobuf::RepeatedPtrField<std::string>& values) : values_(values.begin(), values.end()) {}

  // Within each read, before the others.
  grpc::Status Prepare(const runtime::View& view) {
    kept_.clear();
    for (const std::string& value : values_) {
      const auto operand = ValueNamed(view.program(), value);
      if (!operand) return ToGrpcStatus(NoSuchValue(view.program(), "values", value));
      const bool is_property = operand->space == ir::Space::kProperty;
      kept_.push_back(is_property ? view.program().properties[operand->index].name : view.program().nodes[operand->index].name);
    }
    return grpc::Status::OK;
  }

  void Fill(const runtime::View& view, const runtime::Contact& contact, v1::Contact& out) const {
    FillContact(view, contact, out);
    if (values_.empty()) return;
    KeepNamed(kept_, *out.mutable_properties());
    KeepNamed(kept_, *out.mutable_scores());
    KeepNamed(kept_, *out.mutable_counters());
  }

 private:
  std::vector<std::string> values_;  // as given; empty: all
  std::vector<std::string> kept_;    // of the present read
};

class ListedContacts final : public ContactSelection {
 public:
  ListedContacts(const v1::ListContactsRequest& request, const Caller& caller)
      : filter_(request.filter(), caller),
        show_deleted_(request.show_deleted()),
        keys_(ReadOrder(request.order_by())),
        shown_(request.values()) {}
  ListedContacts(const v1::ExportContactsRequest& request, const Caller& caller)
      : filter_(request.filter(), caller), show_deleted_(request.show_deleted()), shown_(request.values()) {}

  grpc::Status Prepare(const runtime::View& view) override {
    if (!filter_.Prepare(view)) return filter_.status();
    order_.clear();
    for (const NamedKey& key : keys_) {
      const auto operand = ValueNamed(view.program(), key.name);
      if (!operand) return ToGrpcStatus(NoSuchValue(view.program(), "order_by", key.name));
      order_.push_back({*operand, key.descending});
    }
    return shown_.Prepare(view);
  }

  void Fill(const runtime::View& view, const runtime::Contact& contact, v1::Contact& out) const { shown_.Fill(view, contact, out); }

  bool Has(const runtime::View& view, const runtime::Contact& contact) const override {
    const bool listed = contact.is_active() || (show_deleted_ && contact.departure().standing == runtime::Standing::kDeleted);
    return listed && filter_.Meets(view, contact);
  }

  const std::vector<ir::View::SortKey>& order() const override { return order_; }

 private:
  ContactFilter filter_;
  bool show_deleted_ = false;
  std::vector<NamedKey> keys_;
  ShownValues shown_;
  std::vector<ir::View::SortKey> order_;  // of the present read
};

grpc::Status BatchGet(const ServiceContext& context, const grpc::CallbackServerContext& call, const Caller& caller,
                      const v1::BatchGetContactsRequest& request, v1::BatchGetContactsResponse& response) {
  const int count = request.names_size();
  if (count == 0 || count > limits::kPageSizeMax) {
    return ToGrpcStatus(
        InvalidField("names", runtime::reasons::kInvalidContacts, fmt::format("{} names; expected 1 to {}", count, limits::kPageSizeMax)));
  }
  ShownValues shown(request.values());
  ContactFilter scope({}, caller);
  for (int next = 0; next < count;) {
    if (Abandoned(call)) return NobodyWaits(call);
    grpc::Status failure;
    const runtime::Status read = context.engine.Read([&](const runtime::View& view) {
      failure = scope.Prepare(view) ? shown.Prepare(view) : scope.status();
      const int stop = std::min(count, next + static_cast<int>(limits::kFillsPerReadMax));
      for (; failure.ok() && next < stop; ++next) {
        const std::string_view id = IdOf(kContacts, request.names(next));
        const runtime::Contact* contact = view.FindContact(id);
        if (contact == nullptr || !scope.IsInScope(view, *contact)) {
          failure = ToGrpcStatus(NoSuchContact(id));
        } else {
          shown.Fill(view, *contact, *response.add_contacts());
        }
      }
    });
    if (!read.ok()) return ToGrpcStatus(read);
    if (!failure.ok()) return failure;
  }
  return grpc::Status::OK;
}

grpc::Status Export(runtime::Engine& engine, const Caller& caller, const v1::ExportContactsRequest& request,
                    PartWriter<v1::ExportContactsResponse>& writer) {
  ListedContacts listed(request, caller);
  std::uint32_t next = 0;
  for (bool at_end = false; !at_end;) {
    if (Abandoned(writer.call())) return NobodyWaits(writer.call());
    v1::ExportContactsResponse& part = writer.part();
    part.Clear();
    grpc::Status failure;
    const runtime::Status read = engine.Read([&](const runtime::View& view) {
      failure = listed.Prepare(view);
      if (!failure.ok()) return;
      const auto contacts = static_cast<std::uint32_t>(view.stats().contacts);
      const std::uint32_t stop = std::min(contacts, next + limits::kSliceMax);
      while (next < stop && part.contacts_size() < static_cast<int>(limits::kFillsPerReadMax)) {
        const runtime::Contact* contact = view.ContactAt(next++);
        if (contact != nullptr && listed.Has(view, *contact)) listed.Fill(view, *contact, *part.add_contacts());
      }
      at_end = next >= contacts;
      part.set_scanned_count(next);
      part.set_total_count(contacts);
    });
    if (!read.ok()) return ToGrpcStatus(read);
    if (!failure.ok()) return failure;
    if (const runtime::Status sent = writer.Send(); !sent.ok()) return ToGrpcStatus(sent);
  }
  return grpc::Status::OK;
}

}  // namespace

grpc::ServerUnaryReactor* ContactService::BatchGetContacts(grpc::CallbackServerContext* call, const v1::BatchGetContactsRequest* request,
                                                           v1::BatchGetContactsResponse* response) {
  return RunOnWorker(context_, call, "BatchGetContacts", [this, call, request, response](AdmittedCall& admitted) {
    return BatchGet(context_, *call, *admitted.caller, *request, *response);
  });
}

grpc::ServerWriteReactor<v1::ExportContactsResponse>* ContactService::ExportContacts(grpc::CallbackServerContext* call,
                                                                                     const v1::ExportContactsRequest* request) {
  return RunParts<v1::ExportContactsResponse>(
      context_, call, "ExportContacts", [this, request](PartWriter<v1::ExportContactsResponse>& writer, const AdmittedCall& admitted) {
        return Export(context_.engine, *admitted.caller, *request, writer);
      });
}

grpc::ServerUnaryReactor* ContactService::ListContacts(grpc::CallbackServerContext* call, const v1::ListContactsRequest* request,
                                                       v1::ListContactsResponse* response) {
  return RunOnWorker(context_, call, "ListContacts", [this, call, request, response](AdmittedCall& admitted) {
    const auto page = PageOf(*request);
    if (!page) return ToGrpcStatus(page.error());
    ListedContacts listed(*request, *admitted.caller);
    return ReadContacts(
        context_, *call, *page, listed,
        [&](const runtime::View& view, const runtime::Contact& contact) { listed.Fill(view, contact, *response->add_contacts()); },
        *response->mutable_next_page_token());
  });
}

}  // namespace stagecraft::server
