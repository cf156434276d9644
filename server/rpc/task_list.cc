#include "server/rpc/task_list.h"

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "server/rpc/blocking_call.h"
#include "server/rpc/contact_convert.h"
#include "server/rpc/contact_filter.h"
#include "server/rpc/limits.h"
#include "server/rpc/names.h"
#include "server/rpc/paging.h"
#include "server/rpc/status_map.h"

namespace stagecraft::server {
namespace {

// The place of a task in the list.
using Key = std::tuple<std::int64_t, runtime::Micros, std::int64_t>;

Key KeyOf(const runtime::Task& task) {
  return {task.completed ? 1 : 0, task.due_at.value_or(std::numeric_limits<runtime::Micros>::max()), task.id};
}

std::string TextOf(const Key& key) {
  return std::to_string(std::get<0>(key)) + "," + std::to_string(std::get<1>(key)) + "," + std::to_string(std::get<2>(key));
}

std::optional<Key> KeyOf(const std::string& text) {
  std::int64_t numbers[3] = {};
  const char* at = text.data();
  const char* const end = at + text.size();
  for (std::int64_t& number : numbers) {
    const auto [stop, error] = std::from_chars(at, end, number);
    if (error != std::errc()) return std::nullopt;
    at = stop == end ? stop : stop + 1;
  }
  return at == end ? std::optional(Key{numbers[0], numbers[1], numbers[2]}) : std::nullopt;
}

// The first tasks behind a place, out of all that are offered in any order.
class FirstTasks {
 public:
  FirstTasks(std::size_t size, const std::optional<Key>& behind) : size_(size), behind_(behind) {}

  bool Wants(const Key& key) const {
    if (behind_ && key <= *behind_) return false;
    return heap_.size() <= size_ || key < heap_.front().first;
  }
  void Add(const Key& key, v1::Task task) {
    heap_.emplace_back(key, std::move(task));
    std::push_heap(heap_.begin(), heap_.end(), Before);
    // One more than the page has tells whether there is another page.
    if (heap_.size() <= size_ + 1) return;
    std::pop_heap(heap_.begin(), heap_.end(), Before);
    heap_.pop_back();
  }
  // Where the next page begins; nothing on the last.
  std::optional<Key> MoveTo(v1::ListTasksResponse& response) {
    std::sort_heap(heap_.begin(), heap_.end(), Before);
    const bool has_more = heap_.size() > size_;
    if (has_more) heap_.pop_back();
    for (auto& [key, task] : heap_) response.add_tasks()->Swap(&task);
    return has_more ? std::optional(heap_.back().first) : std::nullopt;
  }

 private:
  using Entry = std::pair<Key, v1::Task>;
  static bool Before(const Entry& a, const Entry& b) { return a.first < b.first; }

  const std::size_t size_;
  const std::optional<Key> behind_;
  std::vector<Entry> heap_;  // the last on top
};

}  // namespace

grpc::Status ListTasksByDue(const ServiceContext& context, const grpc::CallbackServerContext& call, const Caller& caller,
                            const v1::ListTasksRequest& request, const std::function<bool(const runtime::Task&)>& accept,
                            v1::ListTasksResponse& response) {
  const auto page = PageOf(request);
  if (!page) return ToGrpcStatus(page.error());
  const std::optional<Key> behind = KeyOf(page->resume);
  if (!page->resume.empty() && !behind) return ToGrpcStatus(InvalidPageToken());
  const std::string_view contact_id = IdOf(kContacts, request.contact());
  ContactFilter filter(request.filter(), caller);
  FirstTasks first(page->size, behind);
  std::size_t next = 0;
  bool at_end = false;
  grpc::Status failure;
  const auto deadline = std::chrono::steady_clock::now() + context.order_time;
  while (!at_end) {
    if (next > 0 && std::chrono::steady_clock::now() >= deadline) return ToGrpcStatus(OrderTooCostly("tasks", next, context.order_time));
    if (Abandoned(call)) return NobodyWaits(call);
    const runtime::Status status = context.engine.Read([&](const runtime::View& view) {
      const runtime::Contact* only = contact_id.empty() ? nullptr : view.FindContact(contact_id);
      if (!filter.Prepare(view)) {
        failure = filter.status();
      } else if (!contact_id.empty() && (only == nullptr || !filter.IsInScope(view, *only))) {
        failure = ToGrpcStatus(NoSuchContact(contact_id));
      }
      if (!failure.ok()) return;
      const std::vector<runtime::Task>& tasks = view.tasks();
      const std::size_t stop = std::min(tasks.size(), next + limits::kSliceMax);
      for (; next < stop; ++next) {
        const runtime::Task& task = tasks[next];
        if ((only != nullptr && task.contact != only->number()) || !accept(task) || !first.Wants(KeyOf(task))) continue;
        const runtime::Contact& contact = *view.ContactAt(task.contact);
        if (!contact.is_active() || !filter.Meets(view, contact)) continue;
        v1::Task out;
        FillTask(task, contact, out);
        first.Add(KeyOf(task), std::move(out));
      }
      at_end = next == tasks.size();
    });
    if (!status.ok()) return ToGrpcStatus(status);
    if (!failure.ok()) return failure;
  }
  if (const auto resume = first.MoveTo(response)) response.set_next_page_token(MakeToken(*page, TextOf(*resume)));
  return grpc::Status::OK;
}

}  // namespace stagecraft::server
