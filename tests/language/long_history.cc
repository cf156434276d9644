// The kind long history: on the whole engine, with scripts that change, and contacts that come and go.
#include <optional>
#include <stdexcept>

#include "dsl/support/text.h"
#include "runtime/engine/row_packer.h"
#include "tests/language/cases.h"
#include "tests/language/steps.h"
#include "tests/support/simulation.h"
#include "tests/unit/engine/world.h"

namespace stagecraft::tests {
namespace {

using namespace runtime;  // NOLINT(google-build-using-namespace): a player is made of its types
using runtime::tests::Digest;
using runtime::tests::World;

constexpr std::string_view kNextRevision = "# the next revision\n";

std::vector<std::string> RevisionsOf(std::string_view script) {
  std::vector<std::string> revisions;
  for (std::size_t end = script.find(kNextRevision); end != std::string_view::npos; end = script.find(kNextRevision)) {
    revisions.emplace_back(script.substr(0, end));
    script.remove_prefix(end + kNextRevision.size());
  }
  revisions.emplace_back(script);
  return revisions;
}

class Player {
 public:
  explicit Player(std::string_view script) : revisions_(RevisionsOf(script)) {
    world_.clock.Set(kHistoryStart);
    Deploy(false);
  }

  std::vector<std::string> Play(std::string_view step) {
    if (step.starts_with("show ")) return {Show(step.substr(5))};
    answered_ = false;
    const Status status = Do(step);
    if (const Status kept = world_.core->Commit(); !kept.ok()) throw std::runtime_error(kept.message);
    std::vector<std::string> lines = NewRecords();
    if (answered_) lines.push_back("answered as before");
    if (!status.ok()) lines.push_back("! " + status.reason + ": " + status.message);
    return lines;
  }

  // Throws std::logic_error when a restart, from the journal or from a checkpoint, finds another state.
  void Check() {
    const std::string before = Digest(world_.view());
    world_.Restart();
    if (Digest(world_.view()) != before) throw std::logic_error("the journal says something else");
    world_.Checkpoint();
    world_.Restart();
    if (Digest(world_.view()) != before) throw std::logic_error("the checkpoint says something else");
  }

 private:
  const ir::Program& program() const { return world_.view().program(); }
  Micros now() const { return world_.clock.Now(); }

  Status Do(std::string_view step) {
    const std::size_t space = step.find(' ');
    const std::string_view verb = step.substr(0, space);
    const std::string_view rest = space == std::string_view::npos ? std::string_view() : step.substr(space + 1);
    if (verb == "wait") {
      const bool until = rest.starts_with("until ");
      world_.AdvanceTo(until ? ReadTime(program(), rest.substr(6)) : now() + ReadDuration(rest));
    } else if (verb == "sleep") {
      // Nobody runs the engine meanwhile.
      world_.clock.Set(now() + ReadDuration(rest));
      world_.Restart();
      world_.AdvanceTo(now());
    } else if (verb == "deploy") {
      Deploy(rest == "and enrol");
      world_.AdvanceTo(now());
    } else if (verb == "company") {
      const std::size_t end = std::min(rest.size(), rest.find(' '));
      return ChangeCompany(std::string(rest.substr(0, end)) + " contact updated" + std::string(rest.substr(end)), false);
    } else if (verb == "delete" && rest.starts_with("company ")) {
      return ChangeCompany(std::string(rest.substr(8)) + " contact updated", true);
    } else if (verb == "delete") {
      return world_.core->Delete({rest, "", 0});
    } else if (verb == "restore") {
      return world_.core->Restore({rest, "", 0});
    } else if (verb == "merge") {
      const std::size_t into = rest.find(" into ");
      return world_.core->Merge({rest.substr(into + 6), "", 0}, rest.substr(0, into));
    } else if (verb == "erase") {
      Sequence record = 0;
      return world_.core->Erase({rest, "", 0}, record);
    } else if (verb == "disable" || verb == "enable") {
      const Status status = world_.core->SwitchRule(RuleOf(rest), verb == "enable", "");
      if (status.ok()) world_.AdvanceTo(now());
      return status;
    } else if (verb == "stop") {
      std::optional<std::uint32_t> next;
      world_.core->StopRuns({RuleOf(rest), std::nullopt, "", ""}, 1'000'000, next);
    } else if (verb == "retry") {
      return RetryAll();
    } else {
      return Apply(step);
    }
    return {};
  }

  void Deploy(bool enrol) {
    world_.Deploy(revisions_.at(deployed_), enrol);
    ++deployed_;
  }

  Status RetryAll() {
    std::vector<std::int64_t> open;
    for (const Failure& failure : world_.view().failures()) {
      if (!failure.is_closed) open.push_back(failure.id);
    }
    for (const std::int64_t id : open) {
      Failure after;
      if (Status status = world_.core->Retry(id, "", after); !status.ok()) return status;
    }
    return {};
  }

  Status Apply(std::string_view step) {
    const EventStep event = ReadEvent(program(), now(), step);
    const std::string id = event.id.empty() ? "event " + std::to_string(++events_) : std::string(event.id);
    EventInput input;
    input.id = id;
    input.contact = event.contact;
    input.type = event.type;
    input.occurred_at = event.occurred_at;
    input.fields = event.fields;
    input.properties = event.properties;
    input.create = CreateMode::kCreateIfMissing;
    std::vector<EventResult> results;
    world_.core->Process({&input, 1}, results);
    answered_ = results.at(0).state == EventState::kDuplicate;
    return results.at(0).status;
  }

  // `step`: what an event would be whose contact is the company.
  Status ChangeCompany(const std::string& step, bool remove) {
    const EventStep event = ReadEvent(program(), now(), step);
    const std::string id = "company " + std::to_string(++events_);
    CompanyInput input;
    input.change.id = id;
    input.change.contact = event.contact;
    input.change.occurred_at = event.occurred_at;
    input.change.properties = event.properties;
    input.remove = remove;
    EventResult result;
    world_.core->ChangeCompany(input, result);
    return result.status;
  }

  std::uint32_t RuleOf(std::string_view name) const {
    const std::vector<ir::Rule>& rules = program().rules;
    for (std::uint32_t rule = 0; rule < rules.size(); ++rule) {
      if (FoldCase(rules[rule].name) == FoldCase(name)) return rule;
    }
    throw std::invalid_argument("no such rule: " + std::string(name));
  }

  std::vector<std::string> NewRecords() {
    std::vector<std::string> lines;
    const Sequence from = seen_ + 1;
    const Status status = world_.store->ScanJournal(from, [&](const JournalRow& row) {
      Record scratch;
      const Status damage = VisitRecords(row, scratch, [&](const Record& record) {
        if (record.sequence >= from) AddRecord(record, lines);
        seen_ = std::max(seen_, record.sequence);
        return true;
      });
      if (!damage.ok()) throw std::runtime_error(damage.message);
      return true;
    });
    if (!status.ok()) throw std::runtime_error(status.message);
    return lines;
  }

  void AddRecord(const Record& record, std::vector<std::string>& lines) const {
    std::vector<std::string> effects = DescribeEffects(program(), record);
    if (effects.empty()) return;
    const Contact* contact = record.contact == kNoContact ? nullptr : world_.view().ContactAt(record.contact);
    const std::string id = contact == nullptr || contact->id().empty() ? "" : contact->id() + " ";
    if (record.kind == RecordKind::kTimer) {
      lines.push_back(id + "at " + ShowTime(program(), record.occurred_at) + ":");
    } else if (record.kind != RecordKind::kEvent && !id.empty()) {
      lines.push_back(id.substr(0, id.size() - 1) + ":");
    }
    for (std::string& effect : effects) lines.push_back(std::move(effect));
  }

  std::string Show(std::string_view text) const {
    const std::size_t space = text.find(' ');
    return ShowContact(program(), world_.view().FindContact(text.substr(0, space)), text.substr(space));
  }

  const std::vector<std::string> revisions_;
  std::size_t deployed_ = 0;
  World world_;
  Sequence seen_ = 0;
  int events_ = 0;
  bool answered_ = false;  // the last step was an event that was there already
};

std::string Replay(const LanguageCase& one) {
  Player player(one.script);
  std::string out = PlaySteps(one.expected, [&](std::string_view step) { return player.Play(step); });
  player.Check();
  return out;
}

}  // namespace

void AddLongHistoryKind(Kinds& kinds) { kinds["long history"] = Replay; }

}  // namespace stagecraft::tests
