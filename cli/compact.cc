#include <absl/time/clock.h>
#include <absl/time/time.h>
#include <fmt/format.h>

#include <filesystem>
#include <optional>
#include <utility>

#include "cli/failure.h"
#include "cli/folder_size.h"
#include "cli/period.h"
#include "cli/terminal.h"
#include "cli/verbs.h"
#include "runtime/compact/compaction.h"
#include "runtime/engine/world.h"
#include "runtime/store/sqlite/sqlite_store.h"

namespace stagecraft::cli {
namespace {

std::string Records(std::uint64_t count) { return fmt::format("{} record{}", count, count == 1 ? "" : "s"); }

}  // namespace

int Compact(const CompactOptions& options) {
  const auto keep_from = Earlier(absl::Now(), options.keep);
  if (!keep_from) {
    PrintError(fmt::format("`--keep` is `{}`, which is no length of time", options.keep), kPeriodAdvice);
    return kFailed;
  }
  const std::filesystem::path folder(options.data);
  // An empty one would be set up.
  if (!std::filesystem::exists(folder / "journal.db") && !std::filesystem::exists(folder / "state.db")) {
    PrintError(fmt::format("`{}` is no data folder: there is neither a journal.db nor a state.db in it", options.data));
    return kFailed;
  }
  const std::uintmax_t before = BytesIn(options.data);
  runtime::CompactionReport report;
  {
    auto store = runtime::OpenSqliteStore(options.data);
    if (!store) return ReportFailure(store.error());
    runtime::SystemClock clock;
    runtime::SystemRandom random;
    auto core = runtime::Core::Open(**store, clock, random, {});
    if (!core) return ReportFailure(core.error());
    const runtime::Micros from = absl::ToUnixMicros(*keep_from);
    std::optional<Progress> line;
    const char* shown = nullptr;
    const auto progress = [&](const char* what, std::uint64_t so_far, std::uint64_t total) {
      if (std::exchange(shown, what) != what) line.emplace(what, total);
      line->Show(so_far);
    };
    auto done = options.dry_run ? runtime::PlanCompaction(**core, **store, from, progress)
                                : runtime::CompactJournal(**core, **store, from, progress);
    if (!done) return ReportFailure(done.error());
    report = *done;
  }
  PrintLine(stdout, fmt::format("{}{} removed, {} older kept for what is so now, {} removed before", Records(report.forgotten),
                                options.dry_run ? " would be" : "", report.needed, report.forgotten_before));
  if (!options.dry_run) PrintLine(stdout, fmt::format("{} bytes before, {} after", before, BytesIn(options.data)));
  return kDone;
}

}  // namespace stagecraft::cli
