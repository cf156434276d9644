// ContactService.ListContacts: by creation, or by values of the contacts.
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
#include "server/rpc/named_values.h"
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

class ListedContacts final : public ContactSelection {
 public:
  explicit ListedContacts(const v1::ListContactsRequest& request)
      : filter_(request.filter()),
        show_deleted_(request.show_deleted()),
        keys_(ReadOrder(request.order_by())),
        values_(request.values().begin(), request.values().end()) {}

  grpc::Status Prepare(const runtime::View& view) override {
    if (!filter_.Prepare(view)) return filter_.status();
    order_.clear();
    for (const NamedKey& key : keys_) {
      const auto operand = ValueNamed(view.program(), key.name);
      if (!operand) return ToGrpcStatus(NoSuchValue(view.program(), "order_by", key.name));
      order_.push_back({*operand, key.descending});
    }
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

  bool Has(const runtime::View& view, const runtime::Contact& contact) const override {
    const bool listed = contact.is_active() || (show_deleted_ && contact.departure().standing == runtime::Standing::kDeleted);
    return listed && filter_.Meets(view, contact);
  }

  const std::vector<ir::View::SortKey>& order() const override { return order_; }

 private:
  ContactFilter filter_;
  bool show_deleted_ = false;
  std::vector<NamedKey> keys_;
  std::vector<std::string> values_;  // as given
  // Of the present read:
  std::vector<ir::View::SortKey> order_;
  std::vector<std::string> kept_;  // what is shown of a contact, if not all
};

}  // namespace

grpc::ServerUnaryReactor* ContactService::ListContacts(grpc::CallbackServerContext* call, const v1::ListContactsRequest* request,
                                                       v1::ListContactsResponse* response) {
  return RunOnWorker(context_, call, "ListContacts", [this, call, request, response] {
    const auto page = PageOf(*request);
    if (!page) return ToGrpcStatus(page.error());
    ListedContacts listed(*request);
    return ReadContacts(
        context_.engine, *call, *page, listed,
        [&](const runtime::View& view, const runtime::Contact& contact) { listed.Fill(view, contact, *response->add_contacts()); },
        *response->mutable_next_page_token());
  });
}

}  // namespace stagecraft::server
