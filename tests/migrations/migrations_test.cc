// Folders that each earlier format of the store was left in by the version that wrote it (README.md) are brought up to date, are clean, and
// answer as they should. UPDATE_GOLDEN=1 writes the expectations; that diff is reviewed like code.
#include <SQLiteCpp/SQLiteCpp.h>
#include <absl/time/time.h>

#include <algorithm>
#include <catch2/catch.hpp>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "runtime/engine/engine.h"
#include "runtime/engine/rule_states.h"
#include "runtime/engine/simulated.h"
#include "runtime/engine/view.h"
#include "runtime/exec/calendar.h"
#include "runtime/explain/explain.h"
#include "runtime/explain/runs.h"
#include "runtime/store/sqlite/schema.h"
#include "runtime/store/sqlite/sqlite_store.h"
#include "runtime/verify/verify.h"
#include "tests/store/temp_folder.h"

namespace stagecraft::runtime {
namespace {

namespace fs = std::filesystem;

constexpr Micros kDay = 86'400'000'000;
constexpr Micros kOpened = 1'796'083'200'000'000;  // 2026-12-01; the folders end a week before
constexpr Micros kYear = 365 * kDay;

std::string TextOf(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

std::vector<fs::path> Formats() {
  std::vector<fs::path> formats;
  for (const auto& entry : fs::directory_iterator(MIGRATIONS_DIR)) {
    if (fs::exists(entry.path() / "journal.sql")) formats.push_back(entry.path());
  }
  std::sort(formats.begin(), formats.end());
  return formats;
}

void Fill(const std::string& path, const fs::path& sql) {
  SQLite::Database db(path, SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE);
  db.exec(TextOf(sql));
}

std::string When(Micros at) { return FormatTime(at, absl::UTCTimeZone()); }

std::string Story(const Cause& cause, int depth) {
  std::string text(static_cast<std::size_t>(depth) * 2, ' ');
  text += cause.text;
  if (cause.line != 0) text += ", line " + std::to_string(cause.line);
  if (!cause.event_id.empty()) text += ", event " + cause.event_id;
  if (cause.at) text += ", " + When(*cause.at);
  text += "\n";
  for (const Cause& below : cause.causes) text += Story(below, depth + 1);
  return text;
}

// An engine of today on the folder.
class Opened {
 public:
  Opened(const std::string& folder, Micros now) : clock_(now) {
    auto store = OpenSqliteStore(folder);
    if (!store) FAIL(store.error().message);
    store_ = std::move(*store);
    auto engine = Engine::Open(*store_, clock_, random_, {});
    if (!engine) FAIL(engine.error().message);
    engine_ = std::move(*engine);
    REQUIRE(engine_->Settle().ok());
  }

  // All that it answers, as one text.
  std::string Told() {
    text_.clear();
    std::vector<std::string> contacts, names;
    Read([&](const View& view) {
      for (std::uint32_t number = 0; number < view.stats().contacts; ++number) {
        const Contact& contact = *view.ContactAt(number);
        if (contact.is_active()) contacts.push_back(contact.id());
        if (contact.departure().standing == Standing::kMerged)
          text_ += contact.id() + " is part of " + view.FindContact(contact.id())->id() + "\n";
        if (contact.departure().standing == Standing::kErased) text_ += "contact " + std::to_string(number) + " is erased\n";
      }
      const ir::Program& program = view.program();
      for (const auto* table : {&program.property_names, &program.node_names, &program.list_slots}) {
        for (const auto& [name, number] : *table) names.emplace_back(name);
      }
    });
    for (const std::string& contact : contacts) TellContact(contact, names);
    TellWhy("ana", "status");
    TellWhy("ana", "score");
    TellRuns();
    Read([&](const View& view) { TellItems(view); });
    return text_;
  }

 private:
  void Read(const std::function<void(const View&)>& reader) { REQUIRE(engine_->Read(reader).ok()); }

  void TellContact(const std::string& contact, const std::vector<std::string>& names) {
    text_ += "contact " + contact + "\n";
    std::map<std::string, std::string> values;
    for (const std::string& name : names) {
      const auto explanation = Explain(*engine_, contact, name);
      REQUIRE(explanation);
      if (!explanation->value.empty()) values[explanation->property] = explanation->value;
    }
    for (const auto& [property, value] : values) text_ += "  " + property + ": " + value + "\n";
    const auto timeline = Timeline(*engine_, contact, 0, 100);
    REQUIRE(timeline);
    for (const TimelineEntry& entry : timeline->entries) {
      text_ += "  " + When(entry.occurred_at) + " " + entry.title + (entry.actor.empty() ? "" : " by " + entry.actor) + "\n";
      for (const TimelineChange& change : entry.changes) text_ += "    " + change.text + "\n";
    }
  }

  void TellWhy(const std::string& contact, const std::string& name) {
    const auto explanation = Explain(*engine_, contact, name);
    REQUIRE(explanation);
    text_ += "why " + name + " of " + contact + " is " + explanation->value + "\n" + Story(explanation->cause, 1);
  }

  void TellRuns() {
    text_ += "runs\n";
    RunCursor cursor;
    for (bool more = true; more;) {
      const auto page = ListRuns(*engine_, {}, cursor, 100);
      REQUIRE(page);
      for (const RunEntry& run : page->entries) {
        text_ += "  " + run.contact + ": `" + run.rule + "`, line " + std::to_string(run.line) + ", " + run.text;
        if (run.wakes_at) text_ += ", goes on " + When(*run.wakes_at);
        text_ += "\n";
        for (const std::string& did : run.did) text_ += "    " + did + "\n";
      }
      more = page->next.has_value();
      if (more) cursor = *page->next;
    }
  }

  void TellItems(const View& view) {
    const auto of = [&](std::uint32_t contact) { return "  " + view.ContactAt(contact)->id() + ": "; };
    text_ += "timers: " + std::to_string(view.stats().timers) + "\ntasks\n";
    for (const Task& task : view.tasks()) {
      text_ += of(task.contact) + task.title + " for " + task.assignee + (task.due_at ? ", due " + When(*task.due_at) : "") +
               (task.completed ? ", done" : "") + "\n";
    }
    text_ += "notifications\n";
    for (const Notification& each : view.notifications()) text_ += of(each.contact) + "to " + each.recipient + ": " + each.text + "\n";
    text_ += "users\n";
    for (const User& user : view.users()) {
      text_ += "  " + user.name;
      for (const Absence& away : user.absences) text_ += ", away until " + When(away.until) + " (" + away.note + ")";
      text_ += "\n";
    }
    text_ += "rules that are off\n";
    for (std::uint32_t rule = 0; rule < view.program().rules.size(); ++rule) {
      if (view.rule_states().IsOff(rule)) text_ += "  " + view.program().rules[rule].name + "\n";
    }
    text_ += "deals\n";
    for (const Deal& deal : view.deals()) text_ += of(deal.contact) + deal.name + " in " + deal.pipeline + " at " + deal.stage + "\n";
    text_ += "deliveries\n";
    for (const Delivery& each : view.deliveries()) {
      text_ += of(each.contact) + each.name + " " + each.recipient + " \"" + each.subject + "\" \"" + each.body + "\"";
      for (const PayloadItem& item : each.payload) text_ += " " + item.name + "=" + item.text;
      text_ += "\n";
    }
    text_ += "to be sent\n";
    for (const Dispatch& each : view.dispatches()) {
      text_ +=
          of(each.contact) + "state " + std::to_string(static_cast<int>(each.state)) + " after " + std::to_string(each.attempts) + "\n";
    }
  }

  ManualClock clock_;
  SeededRandom random_{1};
  std::unique_ptr<Store> store_;
  std::unique_ptr<Engine> engine_;
  std::string text_;
};

void CheckClean(const std::string& folder) {
  const auto store = OpenSqliteStoreToLook(folder);
  REQUIRE(store);
  const auto report = Verify(**store);
  if (!report) FAIL(report.error().message);
  for (const Finding& finding : report->findings()) FAIL_CHECK(finding.what);
}

// All that the folder answers now, in which it must be clean, and what a year brings.
std::string Told(const fs::path& format, bool with_checkpoint) {
  const stagecraft::tests::TempFolder folder;
  Fill(JournalPath(folder.path()), format / "journal.sql");
  if (with_checkpoint) Fill(StatePath(folder.path()), format / "state.sql");
  std::string told = Opened(folder.path(), kOpened).Told();
  CheckClean(folder.path());
  CHECK(Opened(folder.path(), kOpened).Told() == told);
  told += "\n==== a year later\n" + Opened(folder.path(), kOpened + kYear).Told();
  CheckClean(folder.path());
  return told;
}

}  // namespace

TEST_CASE("each earlier format of either database has a folder that was left in it") {
  std::set<std::string> journals, states;
  for (const fs::path& folder : Formats()) {
    const std::string name = folder.filename().string();
    journals.insert(name.substr(0, name.find('-')));
    states.insert(name.substr(name.find('-') + 1));
  }
  for (std::size_t format = 1; format < JournalMigrations().size(); ++format) CHECK(journals.contains(std::to_string(format)));
  for (std::size_t format = 1; format < StateMigrations().size(); ++format) CHECK(states.contains(std::to_string(format)));
}

TEST_CASE("a folder as an older version left it is brought up to date, is clean, and answers as it should") {
  for (const fs::path& format : Formats()) {
    INFO(format);
    const std::string told = Told(format, true);
    if (std::getenv("UPDATE_GOLDEN") != nullptr) std::ofstream(format / "expected.txt", std::ios::binary) << told;
    CHECK(told == TextOf(format / "expected.txt"));
    INFO("without its checkpoint");
    CHECK(Told(format, false) == told);
  }
}

}  // namespace stagecraft::runtime
