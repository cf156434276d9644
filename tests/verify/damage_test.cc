// Damage done on purpose is found, and named.
#include <SQLiteCpp/SQLiteCpp.h>

#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>

#include "tests/fault/crash_events.h"
#include "tests/verify/damaged_folder.h"

namespace stagecraft::runtime::tests {
namespace {

struct Damaging {
  const char* name;
  void (*damage)(DamagedFolder& folder);
  std::vector<const char*> told;  // each stands in a line of what is told
};

void ResizeTo(const std::string& path, std::uintmax_t part) {
  std::filesystem::resize_file(path, std::filesystem::file_size(path) / 4096 * part / 4 * 4096);
}

void OverwritePage(const std::string& path, int page) {
  std::fstream file(path, std::ios::in | std::ios::out | std::ios::binary);
  file.seekp(4096 * page);
  file << std::string(4096, 'z');
}

// Of the first row of a table of the checkpoint.
std::int64_t FirstKeyOf(const DamagedFolder& folder, const std::string& table) {
  SQLite::Database db(folder.state());
  return db.execAndGet("SELECT min(key) FROM " + table).getInt64();
}

const std::vector<Damaging>& Damages() {
  static const std::vector<Damaging> damages = {
      {"a byte of a contact is another",
       [](DamagedFolder& f) { f.Execute(f.state(), "UPDATE contacts SET bytes = CAST(x'00' || bytes AS BLOB) WHERE key = 3"); },
       {"checkpoint: ", "row 3 of `contacts` is not what was written"}},
      {"a contact has another value, and its checksum fits",
       [](DamagedFolder& f) { f.ChangeContact(0, [&](Contact& c) {
                                c.Set(f.Slot("owner"), {true, 0, "eve"}, true, 1);
                              }); },
       {"state: contact number 0 `contact-0`: `owner`: eve in the checkpoint, aya@acme.example by the journal"}},
      {"a contact cannot be read",
       [](DamagedFolder& f) { f.ChangeRow("contacts", 1, [](std::string) { return std::string("\xff"); }); },
       {"checkpoint: contact number 1 of the checkpoint cannot be read"}},
      {"a contact is gone",
       [](DamagedFolder& f) { f.Execute(f.state(), "DELETE FROM contacts WHERE key = 2"); },
       {"checkpoint: contact number 2 is missing"}},
      {"two contacts have changed places",
       [](DamagedFolder& f) {
         f.Execute(f.state(),
                   "UPDATE contacts SET key = -1 WHERE key = 4; UPDATE contacts SET key = 4 WHERE key = 5;"
                   "UPDATE contacts SET key = 5 WHERE key = -1");
         f.MendChecksums();
       },
       {"checkpoint: contact number 4 of the checkpoint is in fact number 5",
        "checkpoint: contact number 5 of the checkpoint is in fact number 4"}},
      {"what a score is made of is lost",
       [](DamagedFolder& f) { f.ChangeContact(0, [](Contact& c) { c.mutable_tracks().clear(); }); },
       {"state: contact number 0 `contact-0`: its events of `email sent`: 4 in the checkpoint, 8 by the journal"}},
      {"a timer of no rule",
       [](DamagedFolder& f) { f.ChangeContact(DamagedFolder::kQuiet, [](Contact& c) {
                                c.Arm({999, 1'800'000'000'000'000, 1});
                              }); },
       {"timers: contact `quiet` has a timer of rule number 999", "there is no such rule"}},
      {"a timer that its rule does not want",
       [](DamagedFolder& f) { f.ChangeContact(DamagedFolder::kQuiet, [](Contact& c) { c.mutable_timers().at(0).due += 1; }); },
       {"timers: contact `quiet` has a timer of rule", "the rule does not want it for the contact's state", "state: "}},
      {"a run that waits at no wait",
       [](DamagedFolder& f) {
         f.ChangeContact(DamagedFolder::kQuiet, [](Contact& c) {
           for (Run& run : c.mutable_progress().runs) run.at = 77;
         });
       },
       {"runs: contact `quiet` has run", "there is no wait where it waits", "its runs"}},
      {"a list is left that was not left",
       [](DamagedFolder& f) {
         f.ChangeJournal([](std::vector<Record>& records) {
           for (Record& record : records) {
             for (Effect& effect : record.effects) {
               if (effect.kind != EffectKind::kNodeChanged || effect.detail != static_cast<std::uint8_t>(ir::NodeKind::kList)) continue;
               effect.number = 0;
               return;
             }
           }
         });
       },
       {"derived: after record", "list `Warm`: by its condition in it, by the journal not in it"}},
      {"a score is another than its criteria give",
       [](DamagedFolder& f) {
         f.ChangeJournal([](std::vector<Record>& records) {
           for (Record& record : records) {
             for (Effect& effect : record.effects) {
               if (effect.kind != EffectKind::kNodeChanged || effect.detail != static_cast<std::uint8_t>(ir::NodeKind::kScore)) continue;
               effect.number = 7;
               return;
             }
           }
         });
       },
       {"`score` is 5 by its criteria, and 7 by the journal"}},
      {"a row of the journal is gone",
       [](DamagedFolder& f) {
         f.Execute(f.journal(), "DELETE FROM journal WHERE first = (SELECT first FROM journal ORDER BY first LIMIT 1 OFFSET 2)");
       },
       {"journal: records ", " are missing", "the state was not compared with the journal"}},
      {"the journal's last rows are gone",
       [](DamagedFolder& f) { f.Execute(f.journal(), "DELETE FROM journal WHERE first > 200"); },
       {"is ahead of the journal: it is as of record"}},
      {"a row of the journal is another",
       [](DamagedFolder& f) {
         f.Execute(f.journal(), "UPDATE journal SET bytes = CAST(x'00' || substr(bytes, 2) AS BLOB) WHERE first = 1");
       },
       {"journal: ", "the journal's row of", "is not what was written"}},
      {"two records have changed places",
       [](DamagedFolder& f) {
         f.ChangeJournal([](std::vector<Record>& records) {
           const auto of_contact = [&](std::size_t from) {
             while (records[from].contact != 0) ++from;
             return from;
           };
           const std::size_t first = of_contact(300);
           const std::size_t second = of_contact(first + 1);
           std::swap(records[first], records[second]);
           std::swap(records[first].sequence, records[second].sequence);
         });
       },
       {"chain: record", "of contact `contact-0` says that record"}},
      {"an event stands in the journal twice",
       [](DamagedFolder& f) {
         f.ChangeJournal([](std::vector<Record>& records) {
           Record* before = nullptr;
           for (Record& record : records) {
             if (record.kind != RecordKind::kEvent) continue;
             if (before != nullptr) record.event_id = before->event_id;
             if (before != nullptr) return;
             before = &record;
           }
         });
       },
       {"journal: record 3 has the event id `event-0` of record 2", "event_ids: "}},
      {"an event id is missing",
       [](DamagedFolder& f) {
         f.ChangeRow("event_ids", 0, [](const std::string& bytes) {
           EventIds all;
           EventIds fewer;
           REQUIRE(all.DecodePart(bytes));
           for (std::size_t i = 1; i < all.size(); ++i) fewer.Add(all[i]);
           return fewer.EncodePart(0);
         });
       },
       {"event_ids: the event of record 2 is missing in the index of event ids"}},
      {"a task is gone",
       [](DamagedFolder& f) { f.Execute(f.state(), "DELETE FROM tasks WHERE key = (SELECT min(key) FROM tasks)"); },
       {"state: task ", "is missing, which the journal has"}},
      {"a notification that nobody sent",
       [](DamagedFolder& f) {
         f.Execute(f.state(), "UPDATE notifications SET bytes = CAST(substr(bytes, 1, length(bytes) - 1) || x'00' AS BLOB)");
         f.MendChecksums();
       },
       {"state: notification ", "is not what the journal says"}},
      {"a contact has left a list by hand that it is in",
       [](DamagedFolder& f) {
         f.ChangeContact(DamagedFolder::kAccount, [&](Contact& c) { c.Set(f.ListSlot("Press"), {}, true, kCrashNow); });
       },
       {"state: contact number 51 `account`: `list:Press`: unset in the checkpoint, yes by the journal"}},
      {"a contact is of another company",
       [](DamagedFolder& f) {
         f.ChangeContact(DamagedFolder::kAccount, [&](Contact& c) { c.Set(f.Slot("company id"), {true, 0, "bolt"}, true, kCrashNow); });
       },
       {"state: contact number 51 `account`: `company id`: bolt in the checkpoint, acme by the journal"}},
      {"a company has another value",
       [](DamagedFolder& f) {
         f.ChangeRow("companies", 0, [](const std::string& bytes) {
           Company company = DecodeCompany(bytes).value();
           company.values.at(0).value.text = "Bolt";
           return EncodeCompany(company);
         });
       },
       {"state: company number 0 is not what the journal says",
        "companies: contact `account` is in company `acme`, and has not what that has in `company name`"}},
      {"a company is gone",
       [](DamagedFolder& f) { f.Execute(f.state(), "DELETE FROM companies"); },
       {"company number 0 is missing, which the journal has"}},
      {"a company cannot be read",
       [](DamagedFolder& f) { f.ChangeRow("companies", 0, [](std::string) { return std::string("\xff"); }); },
       {"checkpoint: company number 0 of the checkpoint cannot be read"}},
      {"a company that nobody made",
       [](DamagedFolder& f) {
         f.Execute(f.state(), "INSERT INTO companies SELECT 1, bytes, 0 FROM companies");
         f.ChangeRow("companies", 1, [](const std::string& bytes) {
           Company company = DecodeCompany(bytes).value();
           company.number = 1;
           company.id = "bolt";
           return EncodeCompany(company);
         });
       },
       {"state: company number 1 is there, of which the journal knows nothing"}},
      {"a user who is away is there",
       [](DamagedFolder& f) {
         f.ChangeRow("users", 0, [](const std::string& bytes) {
           User user = DecodeUser(bytes).value();
           user.absences.clear();
           std::string changed;
           EncodeUser(user, changed);
           return changed;
         });
       },
       {"state: user number 0 is not what the journal says"}},
      {"a user is gone",
       [](DamagedFolder& f) { f.Execute(f.state(), "DELETE FROM users"); },
       {"state: user number 0 is missing, which the journal has"}},
      {"a deal has another amount",
       [](DamagedFolder& f) {
         f.ChangeRow("deals", FirstKeyOf(f, "deals"), [](const std::string& bytes) {
           Deal deal = DecodeDeal(bytes).value();
           deal.amount = deal.amount.value_or(0) + 1;
           std::string changed;
           EncodeDeal(deal, changed);
           return changed;
         });
       },
       {"state: deal ", "is not what the journal says"}},
      {"a deal is gone",
       [](DamagedFolder& f) { f.Execute(f.state(), "DELETE FROM deals"); },
       {"state: deal ", "is missing, which the journal has"}},
      {"a failure is gone",
       [](DamagedFolder& f) { f.Execute(f.state(), "DELETE FROM failures WHERE key = (SELECT min(key) FROM failures)"); },
       {"state: failure ", "is missing, which the journal has"}},
      {"the turn of a team is another's",
       [](DamagedFolder& f) {
         f.ChangeRow("engine", 0, [](const std::string& bytes) {
           EngineRow row = DecodeEngineRow(bytes).value();
           row.teams.at(0).time += 1;
           return EncodeEngineRow(row);
         });
       },
       {"the turns of team `Sales` in the checkpoint are not those of the journal"}},
      {"the engine's row is of a record to come",
       [](DamagedFolder& f) {
         f.ChangeRow("engine", 0, [](const std::string& bytes) {
           EngineRow row = DecodeEngineRow(bytes).value();
           row.through = 1'000'000;
           return EncodeEngineRow(row);
         });
       },
       {"engine's row 0 of the checkpoint is ahead of the journal: it is as of record 1000000"}},
      {"the checkpoint says that it is further than it is",
       [](DamagedFolder& f) {
         f.Execute(f.state(), "UPDATE progress SET complete_through = complete_through + 100");
         f.MendChecksums();
       },
       {"state: the state cannot be recovered: the journal is damaged: record ", " is missing"}},
      {"a script is another",
       [](DamagedFolder& f) { f.Execute(f.journal(), "UPDATE revision_files SET text = text || ' ' WHERE revision = 1"); },
       {"revisions: ", "the file `crash.stage` of revision 1 is not what was written"}},
      {"a script does not compile, and its checksum fits",
       [](DamagedFolder& f) {
         f.Execute(f.journal(), "UPDATE revision_files SET text = 'on SQL set status Nwe' WHERE revision = 1");
         f.MendChecksums();
       },
       {"revisions: revision 1: its scripts do not compile: SC"}},
      {"a revision is gone",
       [](DamagedFolder& f) {
         f.Execute(f.journal(), "DELETE FROM revision_files WHERE revision = 1; DELETE FROM revisions WHERE number = 1");
       },
       {"revisions: revision 1 is missing"}},
      {"the journal's file is cut", [](DamagedFolder& f) { ResizeTo(f.journal(), 2); }, {"journal.db` is damaged"}},
      {"the checkpoint's file is cut", [](DamagedFolder& f) { ResizeTo(f.state(), 2); }, {"state.db` is damaged"}},
      {"the journal's file is empty",
       [](DamagedFolder& f) { ResizeTo(f.journal(), 0); },
       {"journal.db` is damaged: there is nothing in it"}},
      {"the checkpoint's file is gone",
       [](DamagedFolder& f) { std::filesystem::remove(f.state()); },
       {"state.db` is damaged: it is missing"}},
      {"a page of the journal is another", [](DamagedFolder& f) { OverwritePage(f.journal(), 9); }, {"journal: "}},
      {"a page of the checkpoint is another", [](DamagedFolder& f) { OverwritePage(f.state(), 12); }, {"checkpoint: "}},
      {"the first page of the journal is another", [](DamagedFolder& f) { OverwritePage(f.journal(), 0); }, {"journal.db` is damaged"}},
  };
  return damages;
}

}  // namespace

TEST_CASE("a folder that nobody damaged is clean") {
  const DamagedFolder folder;
  const Report report = folder.Verify();
  CHECK(Told(report) == "");
  CHECK(report.records > 400);
  CHECK(report.contacts == 52);
  CHECK(report.revisions == 2);
}

TEST_CASE("damage is found and named") {
  const Damaging& damaging = Damages()[GENERATE(range(std::size_t{0}, Damages().size()))];
  CAPTURE(damaging.name);
  DamagedFolder folder;
  damaging.damage(folder);
  const std::string told = Told(folder.Verify());
  for (const char* part : damaging.told) {
    if (told.find(part) == std::string::npos) FAIL_CHECK("expected `" << part << "`, found:\n" << told);
  }
  // Looking changes nothing: the second look finds the same.
  CHECK(Told(folder.Verify()) == told);
}

}  // namespace stagecraft::runtime::tests
