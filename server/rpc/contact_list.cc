// ContactService.ListContacts: by creation, or by a value of the contacts.
#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <chrono>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "dsl/support/text.h"
#include "runtime/model/contact.h"
#include "runtime/model/reasons.h"
#include "server/rpc/blocking_call.h"
#include "server/rpc/contact_convert.h"
#include "server/rpc/contact_filter.h"
#include "server/rpc/contact_service.h"
#include "server/rpc/limits.h"
#include "server/rpc/paging.h"
#include "server/rpc/status_map.h"

namespace stagecraft::server {
namespace {

// What contacts are ordered by: a property, or a score or counter.
struct Order {
  bool given = false;
  bool descending = false;
  std::string name;
};

// Contacts without a value come last, equal ones by their number, whichever the direction.
struct SortKey {
  bool set = false;
  std::int64_t number = 0;
  std::string text;  // case-folded
  std::uint32_t contact = 0;
};

bool Before(const SortKey& a, const SortKey& b, bool descending) {
  if (a.set != b.set) return a.set;
  if (a.number != b.number) return (a.number < b.number) != descending;
  if (a.text != b.text) return (a.text < b.text) != descending;
  return a.contact < b.contact;
}

std::string EncodeKey(const SortKey& key) { return fmt::format("{}:{}:{}:{}", key.set ? 1 : 0, key.number, key.contact, key.text); }

std::optional<SortKey> DecodeKey(const std::string& resume) {
  SortKey key;
  int set = 0;
  const char* at = resume.data();
  const char* end = at + resume.size();
  const auto read = [&at, end](auto& number) {
    const auto [stop, error] = std::from_chars(at, end, number);
    if (error != std::errc() || stop == end || *stop != ':') return false;
    at = stop + 1;
    return true;
  };
  if (!read(set) || !read(key.number) || !read(key.contact)) return std::nullopt;
  key.set = set != 0;
  key.text.assign(at, end);
  return key;
}

Order ReadOrder(const std::string& order_by) {
  Order order;
  std::string_view text = order_by;
  const auto trim = [&text] {
    while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
    while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
  };
  const auto cut = [&](std::string_view word) {
    if (text.size() <= word.size() || FoldCase(text.substr(text.size() - word.size())) != word) return false;
    text.remove_suffix(word.size());
    trim();
    return true;
  };
  trim();
  if (cut(" desc")) {
    order.descending = true;
  } else {
    cut(" asc");
  }
  order.given = !text.empty();
  order.name = FoldCase(text);
  return order;
}

// Reads the sort keys of one program.
class KeyReader {
 public:
  // False when the program has nothing of this name.
  bool Bind(const ir::Program& program, const std::string& name) {
    slot_.reset();
    node_.reset();
    if (const auto found = program.property_names.find(name); found != program.property_names.end()) {
      slot_ = found->second;
      property_ = &program.properties[*slot_];
      return true;
    }
    if (const auto found = program.node_names.find(name); found != program.node_names.end()) {
      node_ = found->second;
      return true;
    }
    return false;
  }

  SortKey Read(const runtime::View& view, const runtime::Contact& contact) const {
    SortKey key;
    key.contact = contact.number();
    if (node_) {
      key.set = true;
      key.number = view.NodeOf(contact, *node_);
      return key;
    }
    key.set = contact.IsSet(*slot_);
    if (!key.set) return key;
    if (ir::IsText(property_->type)) {
      key.text = FoldCase(contact.Text(*slot_));
      return key;
    }
    key.number = contact.Number(*slot_);
    // Options are ordered as the script lists them.
    if (property_->type == ir::Type::kOption && static_cast<std::size_t>(key.number) < property_->options.size()) {
      const std::int32_t rank = property_->options[static_cast<std::size_t>(key.number)].rank;
      if (rank >= 0) key.number = rank;
    }
    return key;
  }

 private:
  std::optional<std::uint32_t> slot_;
  std::optional<std::uint32_t> node_;
  const ir::Property* property_ = nullptr;
};

class ContactLister {
 public:
  ContactLister(const ServiceContext& context, const grpc::CallbackServerContext& call, const v1::ListContactsRequest& request,
                v1::ListContactsResponse& response)
      : engine_(context.engine),
        call_(call),
        request_(request),
        response_(response),
        filter_(request.filter()),
        order_(ReadOrder(request.order_by())),
        deadline_(std::chrono::steady_clock::now() + limits::kListTimeMax) {}

  grpc::Status Run() {
    auto page = PageOf(request_);
    if (!page) return ToGrpcStatus(page.error());
    page_ = std::move(*page);
    return order_.given ? RunOrdered() : RunByCreation();
  }

 private:
  // Visits contacts from `next` on, slice by slice: begin(view) before each slice, visit(view, contact) for those that meet the filter,
  // until it returns false, the contacts are at their end or, when `bounded`, the time is over. At most `visits_max` visits a slice.
  struct Bounds {
    bool bounded = false;
    std::uint32_t visits_max = 0;
  };
  template <typename Begin, typename Visit>
  grpc::Status Scan(std::uint32_t& next, bool& at_end, Bounds bounds, const Begin& begin, const Visit& visit);

  bool IsListed(const runtime::Contact& contact) const {
    return contact.is_active() || (request_.show_deleted() && contact.departure().standing == runtime::Standing::kDeleted);
  }

  grpc::Status RunByCreation();
  grpc::Status RunOrdered();

  runtime::Engine& engine_;
  const grpc::CallbackServerContext& call_;
  const v1::ListContactsRequest& request_;
  v1::ListContactsResponse& response_;
  ContactFilter filter_;
  Order order_;
  std::chrono::steady_clock::time_point deadline_;
  Page page_;
};

template <typename Begin, typename Visit>
grpc::Status ContactLister::Scan(std::uint32_t& next, bool& at_end, Bounds bounds, const Begin& begin, const Visit& visit) {
  at_end = false;
  bool wanted = true;
  grpc::Status failure;
  while (wanted && !at_end) {
    if (Abandoned(call_)) return grpc::Status(grpc::StatusCode::CANCELLED, "nobody waited for the answer any more");
    const runtime::Status status = engine_.Read([&](const runtime::View& view) {
      failure = filter_.Prepare(view) ? begin(view) : filter_.status();
      if (!failure.ok()) return;
      const auto contacts = static_cast<std::uint32_t>(view.stats().contacts);
      const std::uint32_t stop = std::min(contacts, next + limits::kSliceMax);
      std::uint32_t visits = 0;
      while (next < stop && wanted && visits < bounds.visits_max) {
        const runtime::Contact* contact = view.ContactAt(next++);
        if (contact == nullptr || !IsListed(*contact) || !filter_.Meets(view, *contact)) continue;
        wanted = visit(view, *contact);
        ++visits;
      }
      at_end = next >= contacts;
    });
    if (!status.ok()) return ToGrpcStatus(status);
    if (!failure.ok()) return failure;
    if (bounds.bounded && std::chrono::steady_clock::now() > deadline_) break;
  }
  return grpc::Status::OK;
}

grpc::Status ContactLister::RunByCreation() {
  const auto first = ResumeNumber(page_, 0);
  if (!first) return ToGrpcStatus(first.error());
  auto next = static_cast<std::uint32_t>(*first);
  bool at_end = false;
  const grpc::Status status = Scan(
      next, at_end, {true, limits::kFillsPerReadMax}, [](const runtime::View&) { return grpc::Status::OK; },
      [this](const runtime::View& view, const runtime::Contact& contact) {
        FillContact(view, contact, *response_.add_contacts());
        return static_cast<std::size_t>(response_.contacts_size()) < page_.size;
      });
  if (status.ok() && !at_end) response_.set_next_page_token(MakeToken(page_, std::to_string(next)));
  return status;
}

// Keeps the first page_.size keys behind the page before, and one more to know whether there is a next page. Not bounded
// in time: half an order is none.
grpc::Status ContactLister::RunOrdered() {
  std::optional<SortKey> after;
  if (!page_.resume.empty()) {
    after = DecodeKey(page_.resume);
    if (!after) return ToGrpcStatus(InvalidPageToken());
  }
  const auto before = [this](const SortKey& a, const SortKey& b) { return Before(a, b, order_.descending); };
  KeyReader reader;
  std::vector<SortKey> kept;  // a heap: the last in order on top
  std::uint32_t next = 0;
  bool at_end = false;
  grpc::Status status = Scan(
      next, at_end, {false, limits::kSliceMax},
      [&](const runtime::View& view) {
        if (reader.Bind(view.program(), order_.name)) return grpc::Status::OK;
        return ToGrpcStatus(InvalidField("order_by", runtime::reasons::kUnknownProperty,
                                         "`" + request_.order_by() + "`: there is no property, score or counter of this name"));
      },
      [&](const runtime::View& view, const runtime::Contact& contact) {
        SortKey key = reader.Read(view, contact);
        if (after && !before(*after, key)) return true;
        if (kept.size() > page_.size) {
          if (!before(key, kept.front())) return true;
          std::pop_heap(kept.begin(), kept.end(), before);
          kept.pop_back();
        }
        kept.push_back(std::move(key));
        std::push_heap(kept.begin(), kept.end(), before);
        return true;
      });
  if (!status.ok()) return status;
  std::sort_heap(kept.begin(), kept.end(), before);
  const bool more = kept.size() > page_.size;
  if (more) kept.pop_back();
  for (std::size_t begin = 0; begin < kept.size(); begin += limits::kFillsPerReadMax) {
    const std::size_t end = std::min<std::size_t>(kept.size(), begin + limits::kFillsPerReadMax);
    const runtime::Status read = engine_.Read([&](const runtime::View& view) {
      for (std::size_t i = begin; i < end; ++i) FillContact(view, *view.ContactAt(kept[i].contact), *response_.add_contacts());
    });
    if (!read.ok()) return ToGrpcStatus(read);
  }
  if (more) response_.set_next_page_token(MakeToken(page_, EncodeKey(kept.back())));
  return grpc::Status::OK;
}

}  // namespace

grpc::ServerUnaryReactor* ContactService::ListContacts(grpc::CallbackServerContext* call, const v1::ListContactsRequest* request,
                                                       v1::ListContactsResponse* response) {
  return RunOnWorker(context_, call, "ListContacts",
                     [this, call, request, response] { return ContactLister(context_, *call, *request, *response).Run(); });
}

}  // namespace stagecraft::server
