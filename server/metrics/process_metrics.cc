// What the process takes, under the names that Prometheus's own clients use.
#include <unistd.h>

#include <algorithm>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <sstream>
#include <string>
#include <system_error>

#include "server/metrics/engine_metrics.h"

namespace stagecraft::server {
namespace {

using prometheus::ClientMetric;
using prometheus::MetricFamily;
using prometheus::MetricType;

// What /proc/self/stat says, from its third field on: the first ones may hold spaces.
struct ProcessTimes {
  double cpu_seconds = 0;
  double started_after_boot = 0;
  double resident_bytes = 0;
};

ProcessTimes ReadTimes() {
  std::ifstream file("/proc/self/stat");
  std::string text((std::istreambuf_iterator<char>(file)), {});
  std::istringstream fields(text.substr(std::min(text.rfind(')') + 1, text.size())));
  std::string skipped;
  for (int i = 3; i < 14; ++i) fields >> skipped;  // proc(5)
  std::uint64_t user = 0;
  std::uint64_t system = 0;
  std::uint64_t start = 0;
  std::uint64_t pages = 0;
  fields >> user >> system;
  for (int i = 16; i < 22; ++i) fields >> skipped;
  fields >> start >> skipped >> pages;
  const auto ticks = static_cast<double>(sysconf(_SC_CLK_TCK));
  return {static_cast<double>(user + system) / ticks, static_cast<double>(start) / ticks,
          static_cast<double>(pages) * static_cast<double>(sysconf(_SC_PAGESIZE))};
}

double BootTime() {
  std::ifstream file("/proc/stat");
  for (std::string line; std::getline(file, line);) {
    if (line.rfind("btime ", 0) == 0) return std::stod(line.substr(6));
  }
  return 0;
}

double OpenFiles() {
  std::error_code error;
  std::size_t count = 0;
  for (auto each = std::filesystem::directory_iterator("/proc/self/fd", error); !error && each != std::filesystem::directory_iterator();
       each.increment(error)) {
    ++count;
  }
  return static_cast<double>(count);
}

MetricFamily Single(MetricType type, const char* name, const char* help, double value) {
  ClientMetric metric;
  (type == MetricType::Counter ? metric.counter.value : metric.gauge.value) = value;
  return {name, help, type, {metric}};
}

}  // namespace

std::vector<MetricFamily> CollectProcess(const std::string& version) {
  const ProcessTimes times = ReadTimes();
  std::vector<MetricFamily> all = {
      Single(MetricType::Counter, "process_cpu_seconds_total", "Processor time that was used.", times.cpu_seconds),
      Single(MetricType::Gauge, "process_resident_memory_bytes", "Memory that is in use.", times.resident_bytes),
      Single(MetricType::Gauge, "process_open_fds", "Files and connections that are open.", OpenFiles()),
      Single(MetricType::Gauge, "process_start_time_seconds", "When it was started, since 1970.", BootTime() + times.started_after_boot),
      Single(MetricType::Gauge, "stagecraft_build_info", "1; which version this is.", 1),
  };
  all.back().metric.front().label.push_back({"version", version});
  return all;
}

}  // namespace stagecraft::server
