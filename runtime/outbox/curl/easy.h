// libcurl's handles, owned.
#ifndef STAGECRAFT_RUNTIME_OUTBOX_CURL_EASY_H_
#define STAGECRAFT_RUNTIME_OUTBOX_CURL_EASY_H_

#include <curl/curl.h>

#include <memory>
#include <mutex>
#include <string>
#include <vector>

namespace stagecraft::runtime {

struct FreeEasy {
  void operator()(CURL* easy) const { curl_easy_cleanup(easy); }
};
struct FreeMime {
  void operator()(curl_mime* mime) const { curl_mime_free(mime); }
};
struct FreeList {
  void operator()(curl_slist* list) const { curl_slist_free_all(list); }
};
using Easy = std::unique_ptr<CURL, FreeEasy>;
using Mime = std::unique_ptr<curl_mime, FreeMime>;
using List = std::unique_ptr<curl_slist, FreeList>;

// Of lines: headers, recipients.
List MakeList(const std::vector<std::string>& lines);

// Handles that are used again, one call after the other, since each keeps its connections. Thread-safe.
class EasyPool {
 public:
  EasyPool();

  // With no option set.
  Easy Take();
  void Give(Easy easy);

 private:
  std::mutex mutex_;
  std::vector<Easy> idle_;
};

}  // namespace stagecraft::runtime

#endif  // STAGECRAFT_RUNTIME_OUTBOX_CURL_EASY_H_
