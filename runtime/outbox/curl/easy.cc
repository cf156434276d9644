#include "runtime/outbox/curl/easy.h"

#include <utility>

#include "dsl/support/check.h"

namespace stagecraft::runtime {

List MakeList(const std::vector<std::string>& lines) {
  List list;
  for (const std::string& line : lines) {
    curl_slist* longer = curl_slist_append(list.get(), line.c_str());
    STAGECRAFT_CHECK(longer != nullptr);
    static_cast<void>(list.release());
    list.reset(longer);
  }
  return list;
}

EasyPool::EasyPool() {
  static const CURLcode ready = curl_global_init(CURL_GLOBAL_DEFAULT);
  STAGECRAFT_CHECK(ready == CURLE_OK);
}

Easy EasyPool::Take() {
  {
    const std::lock_guard lock(mutex_);
    if (!idle_.empty()) {
      Easy easy = std::move(idle_.back());
      idle_.pop_back();
      return easy;
    }
  }
  Easy easy(curl_easy_init());
  STAGECRAFT_CHECK(easy != nullptr);
  return easy;
}

void EasyPool::Give(Easy easy) {
  curl_easy_reset(easy.get());
  const std::lock_guard lock(mutex_);
  idle_.push_back(std::move(easy));
}

}  // namespace stagecraft::runtime
