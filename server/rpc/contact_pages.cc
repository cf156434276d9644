#include "server/rpc/contact_pages.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <chrono>
#include <cstdint>
#include <optional>
#include <string_view>
#include <utility>

#include "dsl/support/text.h"
#include "runtime/model/contact.h"
#include "server/rpc/blocking_call.h"
#include "server/rpc/limits.h"
#include "server/rpc/status_map.h"

namespace stagecraft::server {
namespace {

using Order = std::vector<ir::View::SortKey>;
using Fill = std::function<void(const runtime::View&, const runtime::Contact&)>;

// What a contact is ordered by: a part for each key of the order.
struct Rank {
  struct Part {
    bool set = false;
    std::int64_t number = 0;
    std::string text;  // case-folded
  };
  std::vector<Part> parts;
  std::uint32_t contact = 0;
};

bool Before(const Rank& a, const Rank& b, const Order& order) {
  for (std::size_t i = 0; i < order.size(); ++i) {
    const Rank::Part& left = a.parts[i];
    const Rank::Part& right = b.parts[i];
    if (left.set != right.set) return left.set;
    if (left.number != right.number) return (left.number < right.number) != order[i].descending;
    if (left.text != right.text) return (left.text < right.text) != order[i].descending;
  }
  return a.contact < b.contact;
}

void ReadRank(const runtime::View& view, const runtime::Contact& contact, const Order& order, Rank& rank) {
  const runtime::Scene scene = view.SceneOf(contact, {});
  rank.contact = contact.number();
  rank.parts.resize(order.size());
  for (std::size_t i = 0; i < order.size(); ++i) {
    const ir::Operand& operand = order[i].operand;
    Rank::Part& part = rank.parts[i];
    const runtime::Reading reading = runtime::Read(scene, operand);
    part.set = reading.set;
    part.number = reading.set ? reading.number : 0;
    part.text.clear();
    if (reading.set && ir::IsText(operand.type)) {
      part.number = 0;
      part.text = FoldCase(reading.text);
    }
    // Options are ordered as the script lists them.
    const std::vector<ir::Option>* options = operand.type == ir::Type::kOption ? runtime::OptionsOf(scene, operand) : nullptr;
    if (!reading.set || options == nullptr || static_cast<std::size_t>(part.number) >= options->size()) continue;
    const std::int32_t place = (*options)[static_cast<std::size_t>(part.number)].rank;
    if (place >= 0) part.number = place;
  }
}

std::string EncodeRank(const Rank& rank) {
  std::string text = fmt::format("{}:{}:", rank.contact, rank.parts.size());
  for (const Rank::Part& part : rank.parts) text += fmt::format("{}:{}:{}:{}", part.set ? 1 : 0, part.number, part.text.size(), part.text);
  return text;
}

// Nothing when it is none of an order with `keys` keys.
std::optional<Rank> DecodeRank(std::string_view text, std::size_t keys) {
  const auto read = [&text](auto& number) {
    const auto [stop, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc() || stop == text.data() + text.size() || *stop != ':') return false;
    text.remove_prefix(static_cast<std::size_t>(stop - text.data()) + 1);
    return true;
  };
  Rank rank;
  std::size_t parts = 0;
  if (!read(rank.contact) || !read(parts) || parts != keys) return std::nullopt;
  for (std::size_t i = 0; i < keys; ++i) {
    Rank::Part& part = rank.parts.emplace_back();
    int set = 0;
    std::size_t length = 0;
    if (!read(set) || !read(part.number) || !read(length) || length > text.size()) return std::nullopt;
    part.set = set != 0;
    part.text = text.substr(0, length);
    text.remove_prefix(length);
  }
  return rank;
}

class PageReader {
 public:
  PageReader(const ServiceContext& context, const grpc::CallbackServerContext& call, const Page& page, ContactSelection& selection,
             const Fill& fill)
      : engine_(context.engine), order_time_(context.order_time), call_(call), page_(page), selection_(selection), fill_(fill) {}

  grpc::Status Read(std::string& next_page_token) {
    bool ordered = false;
    const grpc::Status status = WithSelection([&](const runtime::View&) { ordered = !selection_.order().empty(); });
    if (!status.ok()) return status;
    return ordered ? ReadOrdered(next_page_token) : ReadByCreation(next_page_token);
  }

 private:
  // One read, with the selection prepared for it.
  grpc::Status WithSelection(const std::function<void(const runtime::View&)>& work) {
    if (Abandoned(call_)) return NobodyWaits(call_);
    grpc::Status failure;
    const runtime::Status status = engine_.Read([&](const runtime::View& view) {
      failure = selection_.Prepare(view);
      if (failure.ok()) work(view);
    });
    return status.ok() ? failure : ToGrpcStatus(status);
  }

  grpc::Status ReadByCreation(std::string& next_page_token);
  grpc::Status ReadOrdered(std::string& next_page_token);
  // The next slice of all contacts, for the first page_.size behind `after_` and one more.
  void Keep(const runtime::View& view);
  grpc::Status FillKept();

  runtime::Engine& engine_;
  const std::chrono::milliseconds order_time_;
  const grpc::CallbackServerContext& call_;
  const Page& page_;
  ContactSelection& selection_;
  const Fill& fill_;

  std::optional<Rank> after_;  // the page before ends with it
  std::vector<Rank> kept_;     // a heap: the last in order on top
  Rank rank_;                  // scratch
  std::optional<std::uint32_t> revision_;
  std::uint32_t next_ = 0;
  bool at_end_ = false;
  bool bad_token_ = false;
};

grpc::Status PageReader::ReadByCreation(std::string& next_page_token) {
  const auto first = ResumeNumber(page_, 0);
  if (!first) return ToGrpcStatus(first.error());
  const auto deadline = std::chrono::steady_clock::now() + limits::kListTimeMax;
  next_ = static_cast<std::uint32_t>(*first);
  std::size_t filled = 0;
  while (!at_end_ && filled < page_.size && std::chrono::steady_clock::now() < deadline) {
    const grpc::Status status = WithSelection([&](const runtime::View& view) {
      const auto contacts = static_cast<std::uint32_t>(view.stats().contacts);
      const std::uint32_t stop = std::min(contacts, next_ + limits::kSliceMax);
      const std::size_t filled_max = std::min<std::size_t>(page_.size, filled + limits::kFillsPerReadMax);
      while (next_ < stop && filled < filled_max) {
        const runtime::Contact* contact = view.ContactAt(next_++);
        if (contact == nullptr || !selection_.Has(view, *contact)) continue;
        fill_(view, *contact);
        ++filled;
      }
      at_end_ = next_ >= contacts;
    });
    if (!status.ok()) return status;
  }
  if (!at_end_) next_page_token = MakeToken(page_, std::to_string(next_));
  return grpc::Status::OK;
}

void PageReader::Keep(const runtime::View& view) {
  const Order& order = selection_.order();
  if (revision_ != view.revision()) {  // another program may know another order
    revision_ = view.revision();
    kept_.clear();
    next_ = 0;
    after_ = page_.resume.empty() ? std::nullopt : DecodeRank(page_.resume, order.size());
    bad_token_ = !page_.resume.empty() && !after_;
  }
  const auto before = [&order](const Rank& a, const Rank& b) { return Before(a, b, order); };
  const auto contacts = static_cast<std::uint32_t>(view.stats().contacts);
  const std::uint32_t stop = std::min(contacts, next_ + limits::kSliceMax);
  while (next_ < stop && !bad_token_) {
    const runtime::Contact* contact = view.ContactAt(next_++);
    if (contact == nullptr || !selection_.Has(view, *contact)) continue;
    ReadRank(view, *contact, order, rank_);
    if (after_ && !before(*after_, rank_)) continue;
    if (kept_.size() > page_.size) {
      if (!before(rank_, kept_.front())) continue;
      std::pop_heap(kept_.begin(), kept_.end(), before);
      kept_.pop_back();
    }
    kept_.push_back(rank_);
    std::push_heap(kept_.begin(), kept_.end(), before);
  }
  at_end_ = next_ >= contacts;
  if (at_end_) std::sort_heap(kept_.begin(), kept_.end(), before);
}

// Half an order is none: there is no answering with what was found.
grpc::Status PageReader::ReadOrdered(std::string& next_page_token) {
  const auto deadline = std::chrono::steady_clock::now() + order_time_;
  while (!at_end_) {
    if (next_ > 0 && std::chrono::steady_clock::now() >= deadline) return ToGrpcStatus(OrderTooCostly("contacts", next_, order_time_));
    const grpc::Status status = WithSelection([this](const runtime::View& view) { Keep(view); });
    if (!status.ok()) return status;
    if (bad_token_) return ToGrpcStatus(InvalidPageToken());
  }
  const bool more = kept_.size() > page_.size;
  if (more) kept_.pop_back();
  const grpc::Status status = FillKept();
  if (status.ok() && more) next_page_token = MakeToken(page_, EncodeRank(kept_.back()));
  return status;
}

grpc::Status PageReader::FillKept() {
  for (std::size_t begin = 0; begin < kept_.size(); begin += limits::kFillsPerReadMax) {
    const std::size_t end = std::min<std::size_t>(kept_.size(), begin + limits::kFillsPerReadMax);
    const grpc::Status status = WithSelection([&](const runtime::View& view) {
      for (std::size_t i = begin; i < end; ++i) {
        const runtime::Contact& contact = *view.ContactAt(kept_[i].contact);
        if (selection_.Has(view, contact)) fill_(view, contact);  // it may have changed since its place was found
      }
    });
    if (!status.ok()) return status;
  }
  return grpc::Status::OK;
}

}  // namespace

const std::vector<ir::View::SortKey>& ContactSelection::order() const {
  static const std::vector<ir::View::SortKey> by_creation;
  return by_creation;
}

grpc::Status ReadContacts(const ServiceContext& context, const grpc::CallbackServerContext& call, const Page& page,
                          ContactSelection& selection, const Fill& fill, std::string& next_page_token) {
  return PageReader(context, call, page, selection, fill).Read(next_page_token);
}

}  // namespace stagecraft::server
