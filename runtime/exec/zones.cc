#include "runtime/exec/zones.h"

#include <absl/time/internal/cctz/include/cctz/zone_info_source.h>

#include <algorithm>
#include <cstring>
#include <functional>
#include <memory>

#include "runtime/exec/zone_data.h"

namespace stagecraft::runtime {
namespace {

using Source = absl::time_internal::cctz::ZoneInfoSource;

class EmbeddedZone final : public Source {
 public:
  explicit EmbeddedZone(std::string_view bytes) : rest_(bytes) {}

  std::size_t Read(void* into, std::size_t size) override {
    const std::size_t count = std::min(size, rest_.size());
    std::memcpy(into, rest_.data(), count);
    rest_.remove_prefix(count);
    return count;
  }
  int Skip(std::size_t offset) override {
    rest_.remove_prefix(std::min(offset, rest_.size()));
    return 0;
  }
  std::string Version() const override { return std::string(embedded::kZonesVersion); }

 private:
  std::string_view rest_;
};

// Of the machine's own files only its local time is read, which is named by a path.
std::unique_ptr<Source> OpenZone(const std::string& name, const std::function<std::unique_ptr<Source>(const std::string&)>& fallback) {
  const auto* zone =
      std::find_if(std::begin(embedded::kZones), std::end(embedded::kZones), [&](const embedded::Zone& each) { return each.name == name; });
  if (zone != std::end(embedded::kZones)) return std::make_unique<EmbeddedZone>(zone->bytes);
  return name.starts_with('/') ? fallback(name) : nullptr;
}

}  // namespace

absl::TimeZone ZoneNamed(const std::string& name) {
  absl::TimeZone zone;
  return absl::LoadTimeZone(name, &zone) ? zone : absl::UTCTimeZone();
}

std::string_view ZonesVersion() { return embedded::kZonesVersion; }

}  // namespace stagecraft::runtime

// Takes the place of Abseil's own, which reads the machine's files.
namespace absl {
ABSL_NAMESPACE_BEGIN
namespace time_internal::cctz_extension {

ZoneInfoSourceFactory zone_info_source_factory = stagecraft::runtime::OpenZone;

}  // namespace time_internal::cctz_extension
ABSL_NAMESPACE_END
}  // namespace absl
