#include "runtime/scenario/test_world.h"

#include <algorithm>
#include <unordered_map>
#include <utility>

#include "dsl/support/check.h"
#include "dsl/support/text.h"
#include "runtime/engine/row_packer.h"
#include "runtime/exec/calendar.h"
#include "runtime/model/reasons.h"
#include "runtime/store/memory_store.h"

namespace stagecraft::runtime {
namespace {

constexpr std::string_view kContactId = "contact";
constexpr std::string_view kPerson = "somebody@example.test";

// Who `given a contact` is, unless the test says otherwise (language.md, "In tests").
struct Default {
  std::string_view property;
  std::string_view value;
};

std::vector<Default> DefaultsOf(const ir::Program& program) {
  const ir::WellKnown& known = program.well_known;
  std::vector<Default> defaults;
  const auto add = [&](const std::optional<std::uint32_t>& slot, std::string_view value) {
    if (slot && ir::IsText(program.properties[*slot].type)) defaults.push_back({program.properties[*slot].name, value});
  };
  add(known.first_name, "Test");
  add(known.last_name, "Contact");
  add(known.email, "contact@example.test");
  add(known.owner, "owner@example.test");
  return defaults;
}

EngineOptions OptionsOf() {
  EngineOptions options;
  options.allowed_lateness = 0;  // nothing comes late, so nothing is waited for
  return options;
}

std::vector<NamedInput> InputsOf(const std::vector<sema::TestValue>& values) {
  std::vector<NamedInput> inputs;
  for (const sema::TestValue& value : values) {
    inputs.push_back({value.name, value.value ? InputValue(std::string_view(*value.value)) : InputValue()});
  }
  return inputs;
}

// About what a record takes up: the bytes of its row once more for the texts of the record, and once for what the engine keeps of them.
std::size_t BytesOf(const JournalRow& row, const Record& record) {
  constexpr std::size_t kCopies = 3;
  return sizeof(JournalRow) + sizeof(Record) + record.effects.size() * sizeof(Effect) + kCopies * row.bytes.size() / row.count;
}

}  // namespace

TestWorld::TestWorld(const Prepared& prepared, Micros start, const Onlooker& onlooker)
    : prepared_(prepared), onlooker_(onlooker), start_(start), store_(NewMemoryStore()), clock_(start) {}

Status TestWorld::Look() {
  Keep();
  if (kept_bytes_ > kTestBytesMax) {
    return {StatusCode::kResourceExhausted,
            reasons::kTestTooLong,
            "more happens than a test can keep (" + std::to_string(kTestBytesMax >> 20) + " MiB): " + std::to_string(records_.size()) +
                " events and timers by now; let less happen, or make several tests of it",
            {}};
  }
  if (onlooker_.counts != nullptr) onlooker_.counts->Add(contact().derived);
  if (onlooker_.cancelled != nullptr && (*onlooker_.cancelled)())
    return {StatusCode::kCancelled, reasons::kCancelled, "the run was ended", {}};
  return {};
}

Status TestWorld::Open(std::shared_ptr<const ir::Program> program, Micros at) {
  clock_.Set(at);
  running_ = program;
  core_ = Core::OpenEmpty(*store_, clock_, random_, OptionsOf(), std::move(program));
  if (onlooker_.counts != nullptr) core_->CountPaths(&onlooker_.counts->paths);
  return {};
}

Status TestWorld::Change(std::shared_ptr<const ir::Program> program) {
  if (program == running_) return {};
  running_ = program;
  Revision revision;
  revision.number = core_->view().revision() + 1;
  if (Status status = core_->Commit(); !status.ok()) return status;
  const Status status = core_->Deploy({std::move(revision), std::move(program)});
  if (onlooker_.counts != nullptr) core_->CountPaths(&onlooker_.counts->paths);
  return status;
}

Status TestWorld::Begin(const std::vector<sema::TestValue>& facts, std::vector<Past> past) {
  std::vector<sema::TestValue> values;
  const auto put = [&](const sema::TestValue& value) {
    const auto same = [&](const sema::TestValue& other) { return FoldCase(other.name) == FoldCase(value.name); };
    const auto found = std::find_if(values.begin(), values.end(), same);
    if (found == values.end()) {
      values.push_back(value);
    } else {
      *found = value;
    }
  };
  for (const Default& each : DefaultsOf(*prepared_.program)) put({std::string(each.property), std::string(each.value)});
  for (const sema::TestValue& fact : facts) put(fact);

  std::stable_sort(past.begin(), past.end(), [](const Past& a, const Past& b) { return a.at < b.at; });
  const bool has_past = !past.empty() && past.front().at < start_;
  const ir::Program& program = *prepared_.program;
  const std::string& created = program.events[program.well_known.contact_created].name;
  const std::string& updated = program.events[program.well_known.contact_updated].name;
  Status status;
  if (has_past) {
    status = Open(prepared_.quiet, past.front().at);
    if (status.ok()) status = Send(created, {}, {}, CreateMode::kMustCreate);
    for (const Past& each : past) {
      if (each.at >= start_) break;
      if (status.ok()) status = PassTo(each.at);
      if (status.ok()) status = HappenTimes(each);
    }
    if (status.ok()) status = PassTo(start_);
    if (status.ok()) status = Change(prepared_.watching);
    if (status.ok()) status = Send(updated, {}, values, CreateMode::kMustExist);
  } else {
    status = Open(prepared_.watching, start_);
    if (status.ok()) status = Send(created, {}, values, CreateMode::kMustCreate);
  }
  for (const Past& each : past) {
    if (each.at >= start_ && status.ok()) status = HappenTimes(each);
  }
  if (status.ok()) status = Change(prepared_.program);
  given_records_ = status.ok() ? records_.size() : 0;
  return status;
}

Status TestWorld::Send(std::string_view type, const std::vector<sema::TestValue>& fields, const std::vector<sema::TestValue>& changes,
                       CreateMode create) {
  const std::vector<NamedInput> field_inputs = InputsOf(fields);
  const std::vector<NamedInput> change_inputs = InputsOf(changes);
  const std::string id = std::to_string(++events_);
  EventInput input;
  input.id = id;
  input.contact = kContactId;
  input.type = type;
  input.occurred_at = clock_.Now();
  input.actor = kPerson;
  input.fields = field_inputs;
  input.properties = change_inputs;
  input.create = create;
  std::vector<EventResult> results;
  core_->Process({&input, 1}, results);
  Keep();
  if (results.front().state != EventState::kApplied) return results.front().status;
  if (Status status = Look(); !status.ok()) return status;
  return PassTo(clock_.Now());
}

Status TestWorld::HappenTimes(const Past& past) {
  Status status;
  for (std::uint32_t i = 0; i < past.event->times && status.ok(); ++i) status = Happen(*past.event);
  return status;
}

Status TestWorld::Happen(const sema::TestEvent& event) {
  if (!event.task) return Send(event.event, event.fields, event.changes, CreateMode::kMustExist);
  auto task = TaskOf(event);
  if (!task) return task.error();
  std::vector<sema::TestValue> fields = event.fields;
  fields.push_back({"task", std::move(*task)});
  return Send(event.event, fields, event.changes, CreateMode::kMustExist);
}

Result<std::string> TestWorld::TaskOf(const sema::TestEvent& event) const {
  const std::string wanted = FoldCase(*event.task);
  const bool reopens = FoldCase(event.event) == "task reopened";
  const Task* found = nullptr;
  for (const Task& task : view().tasks()) {
    if (task.completed != reopens || !FoldCase(task.title).starts_with(wanted)) continue;
    found = &task;
    if (!reopens) break;
  }
  if (found != nullptr) return std::to_string(found->id);
  return Fail(
      StatusCode::kNotFound, reasons::kTaskNotFound,
      std::string("the contact has no ") + (reopens ? "completed" : "open") + " task whose title begins with \"" + *event.task + "\"");
}

Status TestWorld::ChangeUser(const sema::TestUser& user) {
  using State = sema::TestUser::State;
  UserChange change;
  change.user = user.user;
  change.actor = kPerson;
  switch (user.state) {
    case State::kAway:
      change.absences = {{clock_.Now(), Calendar::kLastMoment, {}}};
      break;
    case State::kBack:
      change.absences.emplace();
      break;
    case State::kDeactivated:
    case State::kActive:
      change.deactivated = user.state == State::kDeactivated;
      break;
  }
  if (Status status = core_->ChangeUser(change); !status.ok()) return status;
  return Look();
}

Status TestWorld::PassTo(Micros moment) {
  std::uint32_t fired = 0;
  for (auto due = core_->NextDue(); due && *due <= moment; due = core_->NextDue()) {
    clock_.Set(std::max(clock_.Now(), *due));
    // One at a time, so that whoever looks on sees each moment.
    fired += core_->FireDue(1);
    if (Status status = Look(); !status.ok()) return status;
    if (fired > kTimersPerEventMax) {
      return {StatusCode::kResourceExhausted,
              reasons::kTimersBehind,
              "more than " + std::to_string(kTimersPerEventMax) + " timers fire while time passes: rules that set each other off by timers",
              {}};
    }
  }
  clock_.Set(std::max(clock_.Now(), moment));
  return {};
}

const Contact& TestWorld::contact() const {
  const Contact* contact = core_->view().FindContact(kContactId);
  STAGECRAFT_CHECK(contact != nullptr);
  return *contact;
}

void TestWorld::Keep() {
  // The store is memory: neither of these can fail.
  STAGECRAFT_CHECK(core_->Commit().ok());
  Record scratch;
  const Status scanned = store_->ScanJournal(read_through_ + 1, [&](const JournalRow& row) {
    const Status visited = VisitRecords(row, scratch, [&](const Record& record) {
      if (record.sequence > read_through_) {
        read_through_ = record.sequence;
        kept_bytes_ += BytesOf(row, record);
        if (record.kind != RecordKind::kDeployment) records_.push_back(record);
      }
      return true;
    });
    STAGECRAFT_CHECK(visited.ok());
    return true;
  });
  STAGECRAFT_CHECK(scanned.ok());
}

}  // namespace stagecraft::runtime
