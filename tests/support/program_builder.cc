#include "tests/support/program_builder.h"

#include <algorithm>

#include "dsl/ir/index.h"
#include "dsl/support/text.h"

namespace stagecraft::runtime {
ProgramBuilder::ProgramBuilder() {
  program_.files = {"test.stage"};
  program_.well_known.contact_created = Event("contact created");
  program_.well_known.contact_updated = Event("contact updated");
  program_.well_known.list_imported = Event("list imported");
}

std::uint32_t ProgramBuilder::Options(const std::string& name, const std::vector<std::string>& labels, bool forward_only) {
  const std::uint32_t slot = Property(name, ir::Type::kOption);
  ir::Property& property = program_.properties[slot];
  property.tracks_entry = true;
  property.forward_only = forward_only;
  for (const std::string& label : labels) {
    ir::Option option;
    const std::size_t slash = label.find('/');
    option.label = slash == std::string::npos ? label : label.substr(slash + 1);
    option.internal_name = option.label;
    option.rank = static_cast<std::int32_t>(property.options.size());
    option.forward_only = forward_only;
    option.declared = true;
    if (slash != std::string::npos) {
      const auto parent = std::find_if(property.options.begin(), property.options.end(),
                                       [&](const ir::Option& other) { return other.label == label.substr(0, slash); });
      option.parent = static_cast<std::int32_t>(parent - property.options.begin());
      option.rank = parent->rank;
    }
    property.options.push_back(option);
  }
  return slot;
}

std::uint32_t ProgramBuilder::Property(const std::string& name, ir::Type type) {
  ir::Property property;
  property.name = name;
  property.type = type;
  property.declared = true;
  program_.properties.push_back(property);
  const auto slot = static_cast<std::uint32_t>(program_.properties.size() - 1);
  program_.property_names[FoldCase(name)] = slot;
  if (name == "owner") program_.well_known.owner = slot;
  if (name == "first name") program_.well_known.first_name = slot;
  if (name == "last name") program_.well_known.last_name = slot;
  if (name == "email") program_.well_known.email = slot;
  return slot;
}

std::uint32_t ProgramBuilder::Event(const std::string& name, const std::vector<ir::Field>& fields) {
  ir::Event event;
  event.name = name;
  event.fields = fields;
  for (ir::Field& field : event.fields) field.declared = true;
  event.declared = true;
  program_.events.push_back(event);
  const auto number = static_cast<std::uint32_t>(program_.events.size() - 1);
  program_.event_names[FoldCase(name)] = number;
  return number;
}

std::uint32_t ProgramBuilder::Team(const std::string& name, const std::vector<std::string>& members, const std::string& manager) {
  program_.teams.push_back({name, members, manager, true, std::vector<std::uint8_t>(members.size(), 1), {}});
  program_.teams.back().capacities.resize(members.size());
  return static_cast<std::uint32_t>(program_.teams.size() - 1);
}

std::uint32_t ProgramBuilder::Tracker(std::uint32_t event, std::int64_t window_us, bool keeps_all, ir::Entry condition) {
  program_.trackers.push_back({{{event, condition}}, window_us, keeps_all, true});
  const auto number = static_cast<std::uint32_t>(program_.trackers.size() - 1);
  return number;
}

ir::Entry ProgramBuilder::Test(const ir::Test& test) {
  program_.tests.push_back(test);
  return static_cast<ir::Entry>(program_.tests.size() - 1);
}

ir::Entry ProgramBuilder::Is(std::uint32_t slot, std::initializer_list<int> options, ir::Entry then, ir::Entry otherwise) {
  program_.masks.push_back(MaskOf(options));
  return Test({ir::Op::kOptionIn, Of(slot, ir::Type::kOption), static_cast<std::int64_t>(program_.masks.size() - 1), then, otherwise});
}

ir::Entry ProgramBuilder::IsSet(std::uint32_t slot, ir::Entry then, ir::Entry otherwise) {
  return Test({ir::Op::kIsSet, Of(slot, program_.properties[slot].type), 0, then, otherwise});
}

ir::Entry ProgramBuilder::Compare(ir::Op op, const ir::Operand& operand, std::int64_t imm, ir::Entry then, ir::Entry otherwise) {
  return Test({op, operand, imm, then, otherwise});
}

ir::Entry ProgramBuilder::Text(ir::Op op, const ir::Operand& operand, const std::string& folded, ir::Entry then, ir::Entry otherwise) {
  program_.texts.push_back(folded);
  return Test({op, operand, static_cast<std::int64_t>(program_.texts.size() - 1), then, otherwise});
}

ir::Entry ProgramBuilder::Seen(std::uint32_t tracker, std::int64_t window_us, ir::Entry then, ir::Entry otherwise) {
  ir::Operand operand;
  operand.index = static_cast<std::uint16_t>(tracker);
  return Test({ir::Op::kSeen, operand, window_us, then, otherwise});
}

ir::Entry ProgramBuilder::SeenSinceRun(std::uint32_t tracker, ir::Entry then, ir::Entry otherwise) {
  ir::Operand operand;
  operand.index = static_cast<std::uint16_t>(tracker);
  return Test({ir::Op::kSeenSinceRun, operand, 0, then, otherwise});
}

ir::Entry ProgramBuilder::SeenSince(std::uint32_t tracker, const ir::Since& since, ir::Entry then, ir::Entry otherwise) {
  program_.sinces.push_back(since);
  ir::Operand operand;
  operand.index = static_cast<std::uint16_t>(tracker);
  return Test({ir::Op::kSeenSince, operand, static_cast<std::int64_t>(program_.sinces.size() - 1), then, otherwise});
}

std::uint32_t ProgramBuilder::AddNode(const std::string& name, ir::NodeKind kind) {
  ir::Node node;
  node.kind = kind;
  node.name = name;
  program_.nodes.push_back(node);
  return static_cast<std::uint32_t>(program_.nodes.size() - 1);
}

std::uint32_t ProgramBuilder::Watch(ir::Entry condition) {
  const std::uint32_t node = AddNode("", ir::NodeKind::kWatch);
  program_.nodes[node].condition = condition;
  return node;
}

std::uint32_t ProgramBuilder::List(const std::string& name, ir::Entry condition) {
  const std::uint32_t node = AddNode(name, ir::NodeKind::kList);
  program_.nodes[node].condition = condition;
  program_.layout.lists.Intern(name);
  return node;
}

std::uint32_t ProgramBuilder::Counter(const std::string& name, std::uint32_t tracker, std::int64_t window_us,
                                      std::optional<ir::Since> since) {
  const std::uint32_t node = AddNode(name, ir::NodeKind::kCounter);
  program_.nodes[node].tracker = tracker;
  program_.nodes[node].window_us = window_us;
  program_.nodes[node].since = since;
  return node;
}

std::uint32_t ProgramBuilder::Criterion(ir::Entry condition, std::int64_t points) {
  const std::uint32_t node = AddNode("", ir::NodeKind::kCriterion);
  program_.nodes[node].condition = condition;
  program_.nodes[node].points = points;
  return node;
}

std::uint32_t ProgramBuilder::Each(std::uint32_t tracker, std::int64_t window_us, std::int64_t points) {
  const std::uint32_t node = Counter("", tracker, window_us);
  program_.nodes[node].kind = ir::NodeKind::kCriterion;
  program_.nodes[node].each = true;
  program_.nodes[node].points = points;
  return node;
}

std::uint32_t ProgramBuilder::Halving(std::uint32_t tracker, std::int64_t halving_us, std::int64_t points) {
  const std::uint32_t node = Each(tracker, ir::kHalvingsMax * halving_us, points);
  program_.nodes[node].halving_us = halving_us;
  return node;
}

std::uint32_t ProgramBuilder::Score(const std::string& name, const std::vector<std::uint32_t>& criteria) {
  const std::uint32_t node = AddNode(name, ir::NodeKind::kScore);
  program_.nodes[node].criteria = criteria;
  for (const std::uint32_t criterion : criteria)
    program_.nodes[node].halving_us = std::max(program_.nodes[node].halving_us, program_.nodes[criterion].halving_us);
  for (const std::uint32_t criterion : criteria) program_.nodes[criterion].score = node;
  program_.layout.scores.Intern(name);
  return node;
}

ir::Rule& ProgramBuilder::AddRule(const std::string& name, ir::TriggerKind trigger) {
  ir::Rule& rule = program_.rules.emplace_back();
  rule.name = name;
  rule.order = static_cast<std::uint32_t>(program_.rules.size() - 1);
  rule.family = rule.order;
  rule.place = {0, static_cast<std::uint32_t>(program_.rules.size())};
  rule.declared = true;
  rule.trigger = trigger;
  program_.layout.rules.Intern(name);
  return rule;
}

ir::Rule& ProgramBuilder::OnEvent(const std::string& name, std::uint32_t event, ir::Entry condition) {
  ir::Rule& rule = AddRule(name, ir::TriggerKind::kEvent);
  rule.events = {event};
  rule.event_condition = condition;
  return rule;
}

ir::Rule& ProgramBuilder::OnBecomes(const std::string& name, std::uint32_t slot, std::initializer_list<int> options) {
  ir::Rule& rule = AddRule(name, ir::TriggerKind::kBecomes);
  rule.slot = slot;
  rule.mask = MaskOf(options);
  return rule;
}

ir::Rule& ProgramBuilder::OnChange(const std::string& name, std::uint32_t slot) {
  ir::Rule& rule = AddRule(name, ir::TriggerKind::kChanges);
  rule.slot = slot;
  return rule;
}

ir::Rule& ProgramBuilder::OnRise(const std::string& name, std::uint32_t node) {
  ir::Rule& rule = AddRule(name, ir::TriggerKind::kNodeRises);
  rule.node = node;
  return rule;
}

ir::Rule& ProgramBuilder::OnFall(const std::string& name, std::uint32_t node) {
  ir::Rule& rule = AddRule(name, ir::TriggerKind::kNodeFalls);
  rule.node = node;
  return rule;
}

ir::Rule& ProgramBuilder::OnStay(const std::string& name, std::uint32_t slot, std::initializer_list<int> options, std::int64_t delay_us) {
  ir::Rule& rule = AddRule(name, ir::TriggerKind::kStays);
  rule.slot = slot;
  rule.mask = MaskOf(options);
  rule.delay.micros = delay_us;
  return rule;
}

ir::Rule& ProgramBuilder::Without(const std::string& name, std::uint32_t tracker, std::int64_t delay_us) {
  ir::Rule& rule = AddRule(name, ir::TriggerKind::kWithout);
  rule.tracker = tracker;
  rule.delay.micros = delay_us;
  return rule;
}

ir::Rule& ProgramBuilder::AfterEvent(const std::string& name, std::uint32_t event, std::int64_t delay_us) {
  ir::Rule& rule = AddRule(name, ir::TriggerKind::kEventTimed);
  rule.timings = {{event, ir::kHolds, std::nullopt}};
  rule.delay.micros = delay_us;
  return rule;
}

ir::Rule& ProgramBuilder::BeforeAnnounced(const std::string& name, std::uint32_t event, std::uint32_t field, std::int64_t delay_us) {
  ir::Rule& rule = AfterEvent(name, event, delay_us);
  rule.timings.front().field = field;
  rule.before = true;
  return rule;
}

ir::Rule& ProgramBuilder::OnDate(const std::string& name, const ir::Operand& date, const ir::Duration& delay, bool before) {
  ir::Rule& rule = AddRule(name, ir::TriggerKind::kDate);
  rule.date = date;
  rule.delay = delay;
  rule.before = before;
  return rule;
}

ir::Rule& ProgramBuilder::Every(const std::string& name, const ir::Recurrence& recurrence) {
  ir::Rule& rule = AddRule(name, ir::TriggerKind::kSchedule);
  rule.recurrence = recurrence;
  rule.slot = rule.node = ir::kNoList;
  return rule;
}

ir::Rule& ProgramBuilder::Sequence(const std::string& name) {
  ir::Rule& rule = AddRule(name, ir::TriggerKind::kNone);
  rule.kind = ir::RuleKind::kSequence;
  return rule;
}

ir::Promise& ProgramBuilder::Promise(const std::string& text, ir::Promise::Kind kind) {
  ir::Promise& promise = program_.promises.emplace_back();
  promise.kind = kind;
  promise.text = text;
  promise.declared = true;
  program_.layout.promises.Intern(text);
  return promise;
}

namespace {

ir::Action OfKind(ir::ActionKind kind) {
  ir::Action action;
  action.kind = kind;
  return action;
}

}  // namespace

ir::Action ProgramBuilder::WaitFor(const ir::Duration& duration) {
  ir::Action action = OfKind(ir::ActionKind::kWait);
  action.wait.emplace().duration = duration;
  return action;
}

ir::Action ProgramBuilder::WaitUntil(ir::Entry condition, std::optional<ir::Duration> at_most, std::uint32_t timeout) {
  ir::Action action = OfKind(ir::ActionKind::kWait);
  ir::Wait& wait = action.wait.emplace();
  wait.kind = ir::Wait::Kind::kCondition;
  wait.condition = condition;
  wait.at_most = at_most;
  wait.timeout = timeout;
  return action;
}

ir::Action ProgramBuilder::WaitUntilMoment(const ir::Operand& moment) {
  ir::Action action = OfKind(ir::ActionKind::kWait);
  ir::Wait& wait = action.wait.emplace();
  wait.kind = ir::Wait::Kind::kMoment;
  wait.moment = moment;
  return action;
}

ir::Action ProgramBuilder::Branch(ir::Entry condition, std::uint32_t otherwise) {
  ir::Action action = OfKind(ir::ActionKind::kBranch);
  action.condition = condition;
  action.target = otherwise;
  return action;
}

ir::Action ProgramBuilder::Jump(std::uint32_t target) {
  ir::Action action = OfKind(ir::ActionKind::kJump);
  action.target = target;
  return action;
}

ir::Action ProgramBuilder::Split(const std::vector<ir::Share>& shares) {
  ir::Action action = OfKind(ir::ActionKind::kSplit);
  action.shares = shares;
  return action;
}

ir::Action ProgramBuilder::End() { return OfKind(ir::ActionKind::kEnd); }

ir::Action ProgramBuilder::Enrol(std::uint32_t sequence) {
  ir::Action action = OfKind(ir::ActionKind::kEnrol);
  action.sequence = sequence;
  return action;
}

ir::Action ProgramBuilder::Leave(std::uint32_t sequence) {
  ir::Action action = Enrol(sequence);
  action.kind = ir::ActionKind::kLeave;
  return action;
}

ir::Duration ProgramBuilder::Hours(std::int64_t hours) { return {hours * 3'600'000'000, 0, false}; }

ir::Duration ProgramBuilder::Months(std::int32_t months) { return {0, months, false}; }

ir::Action ProgramBuilder::Set(std::uint32_t slot, std::int64_t value) {
  ir::Action action;
  action.slot = slot;
  action.value.constant = value;
  return action;
}

ir::Action ProgramBuilder::Clear(std::uint32_t slot) {
  ir::Action action;
  action.kind = ir::ActionKind::kClear;
  action.slot = slot;
  return action;
}

ir::Action ProgramBuilder::SetText(std::uint32_t slot, const ir::Template& text) {
  ir::Action action = Set(slot, 0);
  action.value.kind = ir::ValueExpr::Kind::kTemplate;
  action.value.template_index = AddTemplate(text);
  return action;
}

ir::Action ProgramBuilder::SetCopy(std::uint32_t slot, const ir::Operand& from) {
  ir::Action action = Set(slot, 0);
  action.value.kind = ir::ValueExpr::Kind::kCopy;
  action.value.copy = from;
  return action;
}

ir::Action ProgramBuilder::Rotate(std::uint32_t slot, std::uint32_t team) {
  ir::Action action = Set(slot, 0);
  action.kind = ir::ActionKind::kAssign;
  action.team = team;
  return action;
}

ir::Action ProgramBuilder::Notify(const ir::Recipient& to, const ir::Template& text) {
  ir::Action action;
  action.kind = ir::ActionKind::kNotify;
  action.recipient = to;
  action.has_recipient = true;
  action.text = AddTemplate(text);
  return action;
}

ir::Action ProgramBuilder::CreateTask(const std::optional<ir::Recipient>& to, const ir::Template& title) {
  ir::Action action;
  action.kind = ir::ActionKind::kCreateTask;
  action.has_recipient = to.has_value();
  if (to) action.recipient = *to;
  action.text = AddTemplate(title);
  return action;
}

std::uint32_t ProgramBuilder::AddTemplate(const ir::Template& text) {
  program_.templates.push_back(text);
  return static_cast<std::uint32_t>(program_.templates.size() - 1);
}

ir::Operand ProgramBuilder::Of(std::uint32_t slot, ir::Type type) {
  return {ir::Space::kProperty, static_cast<std::uint16_t>(slot), 0, type};
}

ir::Operand ProgramBuilder::Node(std::uint32_t node) { return {ir::Space::kNode, static_cast<std::uint16_t>(node), 0, ir::Type::kNumber}; }

ir::Operand ProgramBuilder::Entered(std::uint32_t slot, std::uint32_t option) {
  return {ir::Space::kEntered, static_cast<std::uint16_t>(slot), static_cast<std::uint16_t>(option), ir::Type::kTime};
}

ir::Operand ProgramBuilder::Field(std::uint32_t field, ir::Type type) {
  return {ir::Space::kField, static_cast<std::uint16_t>(field), 0, type};
}

ir::Mask ProgramBuilder::MaskOf(std::initializer_list<int> options) {
  ir::Mask mask(1);
  for (const int option : options) mask[0] |= std::uint64_t{1} << option;
  return mask;
}

std::shared_ptr<const ir::Program> ProgramBuilder::Build() {
  auto program = std::make_shared<ir::Program>(program_);
  for (ir::Rule& rule : program->rules) {
    for (const ir::Action& action : rule.actions) {
      rule.has_waits = rule.has_waits || action.kind == ir::ActionKind::kWait;
      rule.branches = rule.branches || action.kind == ir::ActionKind::kBranch || action.kind == ir::ActionKind::kJump ||
                      action.kind == ir::ActionKind::kSplit || action.kind == ir::ActionKind::kWait || action.kind == ir::ActionKind::kEnd;
    }
  }
  ir::IndexProgram(*program);
  return program;
}

}  // namespace stagecraft::runtime
