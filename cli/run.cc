#include <fmt/format.h>

#include <chrono>
#include <filesystem>
#include <optional>

#include "cli/failure.h"
#include "cli/files.h"
#include "cli/offline.h"
#include "cli/report.h"
#include "cli/terminal.h"
#include "cli/verbs.h"
#include "dsl/support/render.h"
#include "dsl/support/show.h"
#include "runtime/import/moment.h"
#include "runtime/import/toml.h"

namespace stagecraft::cli {
namespace {

namespace fs = std::filesystem;
using runtime::Result;
using runtime::RunConfig;
using runtime::Status;
using runtime::TableSpec;
using runtime::View;

struct NamedTable {
  std::string title;
  Table table;
};

// The configuration, with the paths in it made whole.
Result<RunConfig> LoadConfig(const RunOptions& options) {
  auto path = options.config;
  std::error_code error;
  if (path.empty() && fs::is_directory(options.scripts.front(), error)) {
    const auto beside = fs::path(options.scripts.front()) / "run.toml";
    if (fs::exists(beside, error)) path = beside.string();
  }
  if (path.empty()) return RunConfig();
  const auto file = ReadFile(path, runtime::kTomlBytesMax);
  if (!file) return tl::unexpected<Status>(file.error());
  auto config = runtime::ParseRunConfig(path, file->text);
  if (!config) return config;
  const auto folder = options.input.empty() ? fs::path(path).parent_path() : fs::path(options.input);
  for (auto& each : config->contacts) each.file = (folder / each.file).lexically_normal().string();
  for (auto& each : config->events) each.file = (folder / each.file).lexically_normal().string();
  return config;
}

Status LoadFiles(const RunOptions& options, const RunConfig& config, OfflineRun& run) {
  std::vector<runtime::ContactsFile> contacts = config.contacts;
  for (const auto& file : options.contacts) contacts.push_back({file, {}});
  for (const auto& each : contacts) {
    if (runtime::IsNdjson(each.file)) {
      return {runtime::StatusCode::kInvalidArgument,
              "EVENTS_AS_CONTACTS",
              fmt::format("`{}` is given as contacts, but its name is one of events; expected a CSV file, or give it with `--events`",
                          each.file),
              {}};
    }
    if (auto status = run.LoadContacts(each.file, each.mapping); !status.ok()) return status;
  }
  for (const auto& each : config.events) {
    auto status = runtime::IsNdjson(each.file) ? run.LoadNdjson(each.file) : run.LoadCsv(each.file, {each.mapping});
    if (!status.ok()) return status;
  }
  for (const auto& file : options.events) {
    if (auto status = run.LoadNdjson(file); !status.ok()) return status;
  }
  return {};
}

// The tables of the configuration; without any, the contacts by stage and by status.
Result<std::vector<NamedTable>> Tables(const View& view, const RunConfig& config) {
  auto specs = config.tables;
  const auto& known = view.program().well_known;
  if (specs.empty()) {
    for (const auto& slot : {known.lifecycle, known.status}) {
      if (!slot) continue;
      const auto& name = view.program().properties[*slot].name;
      specs.push_back({"contacts by " + name, name, "", {{"contacts", ""}}, true});
    }
  }
  std::vector<NamedTable> tables;
  for (const auto& spec : specs) {
    auto table = CountContacts(view, spec);
    if (!table) return tl::unexpected<Status>(table.error());
    tables.push_back({spec.title, std::move(*table)});
  }
  return tables;
}

Result<std::vector<NamedTable>> Collect(const View& view, const RunOptions& options, const RunConfig& config) {
  switch (options.print) {
    case RunPrint::kTables:
      return Tables(view, config);
    case RunPrint::kContacts:
      return std::vector<NamedTable>{{"contacts", AllContacts(view)}};
    case RunPrint::kTasks:
      return std::vector<NamedTable>{{"tasks", AllTasks(view)}};
    case RunPrint::kNotifications:
      break;
  }
  return std::vector<NamedTable>{{"notifications", AllNotifications(view)}};
}

void PrintTables(const std::vector<NamedTable>& tables, RunFormat format) {
  const bool colour = HasColour(stdout);
  bool first = true;
  switch (format) {
    case RunFormat::kTable:
      for (const auto& [title, table] : tables) {
        fmt::print("{}{}\n{}", first ? "" : "\n", Styled(OneLine(title), Style::kGreen, colour), table.Text({TerminalWidth(), colour}));
        first = false;
      }
      return;
    case RunFormat::kCsv:
      for (const auto& [title, table] : tables) {
        fmt::print("{}{}", first ? "" : "\r\n", table.Csv());
        first = false;
      }
      return;
    case RunFormat::kNdjson:
      for (const auto& [title, table] : tables) fmt::print("{}", table.Ndjson(fmt::format("\"table\":{}", JsonText(title))));
      return;
    case RunFormat::kJson:
      fmt::print("[");
      for (const auto& [title, table] : tables) {
        fmt::print("{}{{\"title\":{},\"rows\":{}}}", first ? "" : ",", JsonText(title), table.Json());
        first = false;
      }
      fmt::print("]\n");
      return;
  }
}

// `nothing_went_in`: there was nothing else, or it stayed out too.
void PrintProblems(const Problems<FileProblem>& problems, bool nothing_went_in) {
  const auto count = problems.count();
  if (count == 0) return;
  for (const auto& [file, problem] : problems.first()) PrintLine(stderr, fmt::format("{}: {}", file, runtime::Describe(problem)));
  if (count > kProblemsShown) fmt::print(stderr, "… and {} more\n", count - kProblemsShown);
  PrintNote(fmt::format("{} stayed out; {} went in", count == 1 ? "1 row or event" : fmt::format("{} rows or events", count),
                        nothing_went_in ? "nothing" : "everything else"));
}

}  // namespace

int Run(const RunOptions& options) {
  const auto began = std::chrono::steady_clock::now();
  std::optional<runtime::Micros> until;
  if (!options.until.empty()) {
    const auto moment = runtime::MomentReader().Read(options.until);
    if (!moment) {
      PrintError(fmt::format("`--until {}` is no time; expected one such as `2026-10-31T09:00:00Z`", options.until));
      return kFailed;
    }
    until = moment->at;
  }
  auto scripts = ReadProgram(options.scripts);
  if (!scripts) return ReportFailure(scripts.error());
  const auto config = LoadConfig(options);
  if (!config) return ReportFailure(config.error());
  auto run = OfflineRun::Start(std::move(*scripts));
  if (!run) return ReportFailure(run.error());
  if (!(*run)->deployed()) {
    fmt::print(stderr, "{}", Render((*run)->diagnostics(), (*run)->sources(), FindingsOn(stderr)));
    return kFound;
  }
  if (options.contacts.empty() && options.events.empty() && config->contacts.empty() && config->events.empty()) {
    PrintNote("no file of contacts or events is given, so nothing happens; see `--contacts`, `--events` and `--config`");
  }
  if (auto status = LoadFiles(options, *config, **run); !status.ok()) return ReportFailure(status);
  if (auto status = (*run)->ApplyAll(until); !status.ok()) return ReportFailure(status);

  const View& view = (*run)->view();
  const auto stats = view.stats();
  const auto tables = Collect(view, options, *config);
  if (!tables) return ReportFailure(tables.error());
  PrintTables(*tables, options.format);
  if (options.format == RunFormat::kTable) {
    const auto& counts = (*run)->counts();
    const std::chrono::duration<double> took = std::chrono::steady_clock::now() - began;
    fmt::print("\n{}, {}, {} by {}, {}, {}", Counted(stats.contacts, "contact"), Counted(counts.events, "event"),
               Counted(counts.changes, "change"), Counted(counts.rules_fired, "rule run"), Counted(stats.tasks, "task"),
               Counted(stats.notifications, "notification"));
    if (IsTerminal(stdout)) fmt::print("; {:.1f} s", took.count());
    fmt::print("\n");
  }
  PrintProblems((*run)->problems(), stats.contacts == 0 && (*run)->counts().events == 0);
  return (*run)->problems().count() == 0 ? kDone : kFound;
}

}  // namespace stagecraft::cli
