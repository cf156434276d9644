#include "tests/unit/engine/world.h"

#include <catch2/catch.hpp>

#include "dsl/support/text.h"

namespace stagecraft::runtime::tests {

const char kScript[] = R"(
status
  start   New
  process Open, "Attempted to Contact", Connected
  outcome Unqualified, Recycle

property budget money

team "Inside Sales" "aya@acme.example", "ben@acme.example", "cem@acme.example", manager "mika@acme.example"

counter attempts of email sent, call no answer since SQL
counter visits of page viewed within 90 days

score
  +5 when visits >= 2
  +10 when page viewed "/pricing" within 14 days

list "Hot" when score >= 10

on SQL set status New

rule "Hand-off"
  on SQL
  assign owner from "Inside Sales" by rotation
  notify owner "New SQL: {name}"
  create task "Call {name}" for owner due in 1 day

on email sent when status is New set status "Attempted to Contact"
on joining "Hot" set lifecycle SQL
after 3 days in status New set status Open
after 2 days in status Open notify owner "{name} is open"

rule "Four tries"
  when attempts reaches 4
  set status Recycle
)";

TestBatch::TestBatch(std::vector<TestEvent> events) : events_(std::move(events)) {
  values_.reserve(events_.size() * 2);
  const auto named = [&](const std::vector<std::pair<std::string, std::string>>& pairs) -> std::span<const NamedInput> {
    std::vector<NamedInput>& values = values_.emplace_back();
    for (const auto& [name, value] : pairs) {
      values.push_back({name, value.empty() ? InputValue(std::monostate()) : InputValue(std::string_view(value))});
    }
    return values;
  };
  for (const TestEvent& event : events_) {
    EventInput input;
    input.id = event.id;
    input.contact = event.contact;
    input.type = event.type;
    input.occurred_at = event.at;
    input.actor = event.actor;
    input.create = event.create;
    input.fields = named(event.fields);
    input.properties = named(event.properties);
    inputs_.push_back(input);
  }
}

std::string Digest(const View& view) {
  std::string out;
  for (std::uint32_t number = 0; number < view.stats().contacts; ++number) {
    const Contact& contact = *view.ContactAt(number);
    contact.Encode(out);
    for (const std::int64_t value : contact.derived) out += " " + std::to_string(value);
    out += " " + std::to_string(contact.next_window_close) + "\n";
  }
  for (const Task& task : view.tasks()) EncodeTask(task, out);
  for (const Notification& notification : view.notifications()) EncodeNotification(notification, out);
  for (const Deal& deal : view.deals()) EncodeDeal(deal, out);
  for (const Delivery& delivery : view.deliveries()) EncodeDelivery(delivery, out);
  for (const Dispatch& dispatch : view.dispatches()) EncodeDispatch(dispatch, out);
  for (std::uint32_t number = 0; number < view.companies().size(); ++number) {
    out += EncodeCompany(view.companies()[number]) + " members";
    for (const std::uint32_t member : view.companies()[number].members) out += " " + std::to_string(member);
  }
  for (const User& user : view.users()) EncodeUser(user, out);
  out += "timers " + std::to_string(view.stats().timers) + ", revision " + std::to_string(view.revision());
  return out;
}

Deployment MakeDeployment(Core& core, const std::string& script) {
  const std::vector<Revision::File> files = {{"test.stage", script}};
  CompileResult compiled = core.programs().CompileNext(files, core.view().RulesInProgress());
  for (const Diagnostic& diagnostic : compiled.diagnostics) {
    if (diagnostic.severity == Severity::kError) FAIL(CodeName(diagnostic.code) << " " << diagnostic.message);
  }
  Deployment deployment;
  deployment.revision = {core.view().revision() + 1, 0, "mika", "", files, ir::EncodeLayout(compiled.program->layout)};
  deployment.program = compiled.program;
  deployment.lost = compiled.lost;
  return deployment;
}

World::World(EngineOptions engine_options) : options(engine_options) { Restart(); }

void World::Restart() {
  core.reset();
  auto opened = Core::Open(*store, clock, random, options);
  if (!opened) FAIL(opened.error().message);
  core = std::move(*opened);
}

void World::Deploy(const std::string& script, bool enrol) {
  Deployment deployment = MakeDeployment(*core, script);
  deployment.enrol_existing = enrol;
  const Status status = core->Deploy(std::move(deployment));
  REQUIRE(status.message.empty());
}

EventResult World::Apply(const TestEvent& event) {
  const TestBatch batch({event});
  std::vector<EventResult> results;
  core->Process(batch.inputs(), results);
  REQUIRE(core->Commit().ok());
  return results.at(0);
}

std::uint32_t World::AdvanceTo(Micros at) {
  clock.Set(at);
  const std::uint32_t fired = core->FireDue(1'000'000);
  REQUIRE(core->Commit().ok());
  return fired;
}

int World::Checkpoint() {
  CheckpointBatch batch;
  int parts = 0;
  for (; core->NextCheckpoint(true, batch); ++parts) REQUIRE(store->WriteCheckpoint(batch).ok());
  return parts;
}

std::string World::Get(std::string_view contact, std::string_view property) const {
  const ir::Program& program = view().program();
  const std::uint32_t slot = program.property_names.at(FoldCase(property));
  const Contact* found = view().FindContact(contact);
  if (found == nullptr) return "(no contact)";
  const auto value = view().PropertyOf(*found, slot);
  return value ? FormatValue(program, program.properties[slot].type, slot, *value) : "";
}

std::int64_t World::Node(std::string_view contact, std::string_view name) const {
  return view().NodeOf(*view().FindContact(contact), view().program().node_names.at(FoldCase(name)));
}

}  // namespace stagecraft::runtime::tests
