#include "server/metrics/engine_metrics.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <utility>

#include "runtime/engine/view.h"

namespace stagecraft::server {
namespace {

using prometheus::ClientMetric;
using prometheus::MetricFamily;
using prometheus::MetricType;
using Label = std::pair<const char*, std::string>;

constexpr double kMicrosPerSecond = 1e6;
constexpr const char* kEventStates[] = {"applied", "duplicate", "rejected", "failed"};
constexpr std::array<const char*, runtime::kDispatchStates> kDispatchStates = {"pending", "waiting", "sent", "dry", "dead"};

class Families {
 public:
  // The family that following Adds are of.
  Families& Begin(MetricType type, const char* name, const char* help) {
    MetricFamily& family = all_.emplace_back();
    family.type = type;
    family.name = name;
    family.help = help;
    return *this;
  }
  Families& Add(double value, const std::vector<Label>& labels = {}) {
    ClientMetric& metric = AddMetric(labels);
    (all_.back().type == MetricType::Counter ? metric.counter.value : metric.gauge.value) = value;
    return *this;
  }
  template <std::size_t kBounds>
  void Add(const runtime::Distribution<kBounds>& distribution) {
    ClientMetric::Histogram& histogram = AddMetric({}).histogram;
    histogram.sample_sum = distribution.sum();
    std::uint64_t so_far = 0;
    for (std::size_t i = 0; i <= kBounds; ++i) {
      so_far += distribution.counts()[i];
      const double bound = i < kBounds ? distribution.bounds()[i] : std::numeric_limits<double>::infinity();
      histogram.bucket.push_back({so_far, bound});
    }
    histogram.sample_count = so_far;
  }
  std::vector<MetricFamily> Take() { return std::move(all_); }

 private:
  ClientMetric& AddMetric(const std::vector<Label>& labels) {
    ClientMetric& metric = all_.back().metric.emplace_back();
    for (const auto& [name, value] : labels) metric.label.push_back({name, value});
    return metric;
  }

  std::vector<MetricFamily> all_;
};

void AddDecided(const runtime::EngineFigures& figures, Families& out) {
  out.Begin(MetricType::Counter, "stagecraft_events_total", "Events that were decided, by what became of them.");
  for (std::size_t i = 0; i < std::size(kEventStates); ++i) {
    out.Add(static_cast<double>(figures.decided.events[i]), {{"state", kEventStates[i]}});
  }
  out.Begin(MetricType::Counter, "stagecraft_records_total", "Records of contacts that were put into the journal.")
      .Add(static_cast<double>(figures.decided.records));
  out.Begin(MetricType::Counter, "stagecraft_rounds_total", "Rounds in which rules fired.")
      .Add(static_cast<double>(figures.decided.rounds));
  out.Begin(MetricType::Histogram, "stagecraft_timer_lateness_seconds", "How long after its time a timer fired.")
      .Add(figures.decided.timer_lateness);
  out.Begin(MetricType::Histogram, "stagecraft_commit_seconds", "How long it took to make a group of records durable.")
      .Add(figures.commit_seconds);
  out.Begin(MetricType::Histogram, "stagecraft_commit_records", "How many records were made durable together.").Add(figures.commit_records);
  out.Begin(MetricType::Gauge, "stagecraft_inbox_events", "Events that wait to be decided.").Add(static_cast<double>(figures.inbox_events));
  out.Begin(MetricType::Gauge, "stagecraft_journal_bytes", "Size of the journal's file.").Add(static_cast<double>(figures.store.journal));
  out.Begin(MetricType::Gauge, "stagecraft_checkpoint_bytes", "Size of the checkpoint's file.")
      .Add(static_cast<double>(figures.store.checkpoint));
  out.Begin(MetricType::Gauge, "stagecraft_wal_bytes", "Size of the write-ahead logs of both.")
      .Add(static_cast<double>(figures.store.logs));
}

void AddFirings(const runtime::EngineFigures& figures, const ir::Program& program, Families& out) {
  out.Begin(MetricType::Counter, "stagecraft_rule_fired_total", "How often rules fired.");
  for (const auto& [rule, count] : runtime::FiringsByRule(figures, program)) {
    out.Add(static_cast<double>(count), {{"rule", rule.first}, {"file", rule.second}});
  }
}

void AddHeld(const runtime::View& view, Families& out) {
  const runtime::EngineStats stats = view.stats();
  const auto gauge = [&out](const char* name, const char* help, std::uint64_t value) {
    out.Begin(MetricType::Gauge, name, help).Add(static_cast<double>(value));
  };
  gauge("stagecraft_revision", "Number of the running revision of the scripts.", view.revision());
  gauge("stagecraft_contacts", "Contacts.", stats.contacts);
  gauge("stagecraft_timers", "Timers that are armed, and runs that wait.", stats.timers);
  gauge("stagecraft_tasks", "Tasks.", stats.tasks);
  gauge("stagecraft_deals", "Deals.", stats.deals);
  gauge("stagecraft_last_sequence", "The last record of the journal.", stats.last_sequence);
  out.Begin(MetricType::Gauge, "stagecraft_deliveries", "E-mails, webhooks and chat messages, by what became of them.");
  for (std::size_t i = 0; i < kDispatchStates.size(); ++i) {
    out.Add(static_cast<double>(stats.dispatches[i]), {{"state", kDispatchStates[i]}});
  }
}

void AddFailures(const runtime::View& view, Families& out) {
  std::uint64_t actions = 0;
  std::uint64_t events = 0;
  for (const runtime::Failure& failure : view.failures()) {
    if (!failure.is_closed) ++(failure.kind == runtime::Failure::Kind::kEvent ? events : actions);
  }
  out.Begin(MetricType::Gauge, "stagecraft_open_failures", "Runs and events that have failed, and that nobody has mended yet.")
      .Add(static_cast<double>(actions), {{"kind", "run"}})
      .Add(static_cast<double>(events), {{"kind", "event"}});
}

}  // namespace

std::vector<MetricFamily> CollectEngine(runtime::Engine& engine) {
  Families out;
  const runtime::EngineFigures figures = engine.Figures();
  out.Begin(MetricType::Gauge, "stagecraft_up", "1 while the engine works; 0 once its store has failed.").Add(engine.Health().ok() ? 1 : 0);
  AddDecided(figures, out);
  // An engine that has failed says what it did; what it holds is not sure.
  static_cast<void>(engine.Read([&](const runtime::View& view) {
    AddFirings(figures, view.program(), out);
    AddHeld(view, out);
    AddFailures(view, out);
    out.Begin(MetricType::Gauge, "stagecraft_outbox_age_seconds", "For how long the oldest of what is to be sent has been waiting.")
        .Add(static_cast<double>(runtime::OutboxAge(view)) / kMicrosPerSecond);
  }));
  return out.Take();
}

}  // namespace stagecraft::server
