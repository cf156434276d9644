// Why a rule did not run: worked out from the contact's records, and its state as it was when the rule was last set off.
#include <algorithm>
#include <utility>

#include "dsl/ir/test_walk.h"
#include "dsl/syntax/parser.h"
#include "dsl/syntax/scan.h"
#include "runtime/engine/view.h"
#include "runtime/exec/executor.h"
#include "runtime/exec/format.h"
#include "runtime/exec/plan.h"
#include "runtime/exec/resolve.h"
#include "runtime/explain/describe.h"
#include "runtime/explain/runs.h"
#include "runtime/explain/turns.h"
#include "runtime/model/reasons.h"

namespace stagecraft::runtime {
namespace {

constexpr std::uint32_t kRecordsMax = 20'000;
constexpr std::uint32_t kRecordsPage = 1'024;

// What set a rule off in a record.
struct Cause {
  std::size_t record = 0;  // among the records read, newest first
  std::uint32_t effect = kByEvent;
  bool ran = false;
};

bool IsOf(const ir::Program& program, std::uint32_t number, std::uint32_t rule) {
  return number < program.rules.size() && program.rules[number].family == rule;
}

class Investigation {
 public:
  Investigation(Engine& engine, std::string_view contact, std::uint32_t rule) : engine_(engine), contact_(contact), rule_(rule) {}

  Result<WhyNot> Answer();

 private:
  Status Read();
  // Down to the contact's first record.
  bool IsWhole() const { return !has_forgotten_ && records_.size() < kRecordsMax; }
  std::optional<Cause> FindCause();
  // The effect of the record by which the rule was set off; kByEvent: by the record itself.
  std::optional<std::uint32_t> SetOffIn(const Plan& plan, const Contact& contact, const Record& record) const;
  std::optional<std::uint32_t> ByEffects(const Plan& plan, const ir::Rule& rule, const Record& record) const;
  // The contact as it was when the round began in which the rule was set off.
  Contact Rebuild(const ir::Program& program, const Cause& cause) const;
  // `; its time is …`: when time will set the rule off; empty: nothing is known of that.
  std::string Awaits(const ir::Program& program) const;
  // What keeps the rule from firing for this contact, apart from its `when`; empty: nothing.
  std::string Keeps(const ir::Program& program, const Plan& plan, const Contact& contact, Micros at) const;
  void AddParts(const Executor& executor, const Contact& contact, WhyNot& answer) const;

  Engine& engine_;
  const std::string contact_;
  const std::uint32_t rule_;
  std::vector<Record> records_;  // newest first, down to the first one that is forgotten
  bool has_forgotten_ = false;
  std::vector<std::shared_ptr<const ir::Program>> programs_;  // of each
  std::shared_ptr<const ir::Program> now_;                    // the running one, with what is switched off
  std::uint32_t revision_ = 0;
  std::optional<Contact> contact_now_;
};

Status Investigation::Read() {
  Status status = engine_.Read([&](const View& view) {
    now_ = std::make_shared<const ir::Program>(view.program());
    revision_ = view.revision();
    const Contact* found = view.FindContact(contact_);
    if (found != nullptr) contact_now_ = *found;
  });
  if (!status.ok()) return status;
  if (!contact_now_) return {StatusCode::kNotFound, reasons::kContactNotFound, "there is no contact `" + contact_ + "`", {}};
  for (Sequence from = contact_now_->last_sequence(); from != 0 && records_.size() < kRecordsMax;) {
    auto page = engine_.History(contact_, from, kRecordsPage);
    if (!page) return page.error();
    from = page->next;
    // What happened to a contact that was merged into this one did not happen to this one.
    for (Record& record : page->records) {
      if (record.contact != contact_now_->number()) continue;
      has_forgotten_ = has_forgotten_ || record.kind == RecordKind::kForgotten;
      if (!has_forgotten_) records_.push_back(std::move(record));
    }
    if (has_forgotten_) break;
  }
  for (const Record& record : records_) {
    programs_.push_back(!programs_.empty() && records_[programs_.size() - 1].revision == record.revision
                            ? programs_.back()
                            : engine_.ProgramOf(record.revision));
  }
  return {};
}

std::optional<std::uint32_t> Investigation::ByEffects(const Plan& plan, const ir::Rule& rule, const Record& record) const {
  const ir::Program& program = *plan.program;
  for (std::uint32_t i = 0; i < record.effects.size(); ++i) {
    const Effect& effect = record.effects[i];
    const bool is_change = effect.kind == EffectKind::kPropertySet && effect.target == rule.slot;
    const bool from = !rule.from_mask || InMask(*rule.from_mask, effect.before);
    const bool becomes = is_change && rule.trigger == ir::TriggerKind::kBecomes && InMask(rule.mask, effect.after) &&
                         !InMask(rule.mask, effect.before) && from;
    // The journal says it of lists.
    const bool is_node = rule.trigger == ir::TriggerKind::kNodeRises || rule.trigger == ir::TriggerKind::kNodeFalls;
    const bool turns = is_node && effect.kind == EffectKind::kNodeChanged && program.nodes[rule.node].kind == ir::NodeKind::kList &&
                       static_cast<ir::NodeKind>(effect.detail) == ir::NodeKind::kList && effect.target == plan.node_targets[rule.node] &&
                       (effect.number != 0) == (rule.trigger == ir::TriggerKind::kNodeRises);
    const bool is_started = rule.trigger == ir::TriggerKind::kNone && (effect.kind == EffectKind::kEnrolled && effect.target == rule_);
    const bool not_begun = effect.kind == EffectKind::kRunEnded && IsOf(program, effect.target, rule_) &&
                           static_cast<RunEnd>(effect.detail) == RunEnd::kNotBegun;
    if (becomes || turns || is_started || not_begun || (is_change && rule.trigger == ir::TriggerKind::kChanges)) return i;
  }
  return std::nullopt;
}

std::optional<std::uint32_t> Investigation::SetOffIn(const Plan& plan, const Contact& contact, const Record& record) const {
  const ir::Rule& rule = plan.program->rules[rule_];
  // No rule fires by these.
  if (record.kind == RecordKind::kDeployment || record.kind == RecordKind::kStanding) return std::nullopt;
  if (record.kind == RecordKind::kTimer && record.run == 0 && record.rule == rule_) return kByEvent;
  const bool by_event = record.kind == RecordKind::kEvent && rule.trigger == ir::TriggerKind::kEvent &&
                        std::find(rule.events.begin(), rule.events.end(), record.event) != rule.events.end();
  if (by_event) {
    Scene scene = plan.SceneOf(contact);
    scene.event = &plan.program->events[record.event];
    scene.fields = &record.fields;
    if (Meets(scene, plan.tables(), rule.EventCondition(record.event))) return kByEvent;
  }
  // A contact that another event makes is created, too.
  const bool is_created = !record.effects.empty() && record.effects.front().kind == EffectKind::kContactCreated;
  const std::uint32_t created = plan.program->well_known.contact_created;
  const bool by_creation = is_created && rule.trigger == ir::TriggerKind::kEvent &&
                           std::find(rule.events.begin(), rule.events.end(), created) != rule.events.end();
  if (by_creation && Meets(plan.SceneOf(contact), plan.tables(), rule.EventCondition(created))) return kByEvent;
  return ByEffects(plan, rule, record);
}

std::optional<Cause> Investigation::FindCause() {
  std::shared_ptr<const ir::Program> planned;
  std::optional<Plan> plan;
  std::vector<std::optional<std::uint32_t>> turns(records_.size());
  if (IsWhole())
    turns = FindTurns(records_, programs_, rule_, Contact(contact_now_->id(), contact_now_->number(), contact_now_->created_at()));
  for (std::size_t i = 0; i < records_.size(); ++i) {
    const std::shared_ptr<const ir::Program>& program = programs_[i];
    if (program == nullptr || rule_ >= program->rules.size() || !program->rules[rule_].declared) continue;
    const std::vector<Effect>& effects = records_[i].effects;
    const bool ran = std::any_of(effects.begin(), effects.end(),
                                 [&](const Effect& effect) { return effect.kind == EffectKind::kRuleFired && effect.target == rule_; });
    if (ran) return Cause{i, kByEvent, true};
    if (planned != program) plan.emplace(planned = program);
    const auto effect = turns[i] ? turns[i] : SetOffIn(*plan, *contact_now_, records_[i]);
    if (effect) return Cause{i, *effect, false};
  }
  return std::nullopt;
}

Contact Investigation::Rebuild(const ir::Program& program, const Cause& cause) const {
  Contact contact(contact_now_->id(), contact_now_->number(), contact_now_->created_at());
  SharedState shared;
  for (std::size_t i = records_.size(); i > cause.record + 1; --i) {
    const Record& record = records_[i - 1];
    FoldHeader(record, contact);
    for (const Effect& effect : record.effects) FoldEffect(program, record, effect, contact, shared);
  }
  const Record& record = records_[cause.record];
  FoldHeader(record, contact);
  // The round behind the one that the cause is of.
  std::int64_t round = 0;
  if (cause.effect != kByEvent && record.effects[cause.effect].by != kByEvent)
    round = record.effects[record.effects[cause.effect].by].number;
  for (const Effect& effect : record.effects) {
    const bool begins = effect.kind == EffectKind::kRuleFired || effect.kind == EffectKind::kRunResumed;
    if (begins && effect.number > round) break;
    FoldEffect(program, record, effect, contact, shared);
  }
  return contact;
}

std::string Investigation::Awaits(const ir::Program& program) const {
  const auto at = [&](Micros due) { return FormatValue(program, ir::Type::kTime, kNoSlot, Value{true, due, {}}); };
  if (const ArmedTimer* timer = contact_now_->FindTimer(rule_)) return "; its time is " + at(timer->due);
  for (const Run& run : contact_now_->runs()) {
    if (!run.HasBegun() && IsOf(program, run.rule, rule_)) return "; it is to begin at " + at(run.due);
  }
  return {};
}

std::string Investigation::Keeps(const ir::Program& program, const Plan& plan, const Contact& contact, Micros at) const {
  const ir::Rule& rule = program.rules[rule_];
  if (rule.disabled) return "the rule is disabled in its script";
  if (rule.switched_off) return "the rule is switched off";
  const bool one_at_a_time = rule.has_waits && !rule.every_time && rule.trigger != ir::TriggerKind::kEventTimed;
  for (const Run& run : contact.runs()) {
    if (one_at_a_time && run.HasBegun() && IsOf(program, run.rule, rule_)) return "it is running already: " + DescribeRun(program, run);
  }
  const LastFiring* last = rule.once == ir::Rule::Once::kAlways ? nullptr : contact.progress().FindLastFiring(rule_);
  if (last != nullptr) {
    const std::string ran = "it ran at " + FormatValue(program, ir::Type::kTime, kNoSlot, Value{true, last->at, {}});
    if (rule.once == ir::Rule::Once::kPerContact) return ran + ", and runs once per contact";
    const Micros again = plan.calendar.Add(last->at, rule.period);
    if (again > at)
      return ran + ", and may run again from " + FormatValue(program, ir::Type::kTime, kNoSlot, Value{true, again, {}}) + " on";
  }
  Scene scene = plan.SceneOf(contact);
  scene.run_started_at = at;
  return Meets(scene, plan.tables(), rule.until) ? "its `until` held" : std::string();
}

// The conditions that `condition` asks together.
void Split(const syntax::Condition& condition, std::vector<const syntax::Condition*>& parts) {
  const auto* both = std::get_if<syntax::AndCondition>(&condition.node);
  if (both == nullptr) {
    parts.push_back(&condition);
    return;
  }
  for (const syntax::ConditionPtr& operand : both->operands) Split(*operand, parts);
}

// A part of a condition, as written, and as a filter of contacts asks it.
struct Asked {
  std::string text;
  std::string filter;
};

Asked AskedBy(const Source& source, const syntax::Condition& part) {
  Asked asked{syntax::OneLine(source.At(part.span)), {}};
  const auto* comparison = std::get_if<syntax::Comparison>(&part.node);
  const bool reaches = comparison != nullptr && comparison->op == syntax::Comparator::kReaches;
  // `attempts reaches 4` is the moment at which `attempts >= 4` turns true.
  asked.filter = !reaches ? asked.text
                          : std::string(source.At({part.span.source, part.span.begin, comparison->op_span.begin})) +
                                ">=" + std::string(source.At({part.span.source, comparison->op_span.end, part.span.end}));
  return asked;
}

// The parts of the `when` modifiers of the rule or sequence that begins in the line.
std::vector<Asked> GuardsAt(const Source& source, std::uint32_t line) {
  const syntax::Script script = syntax::Parse(source, 0).script;
  std::vector<const syntax::Condition*> parts;
  for (const syntax::Declaration& declaration : script.declarations) {
    if (source.LineAt(declaration.span.begin) != line) continue;
    const auto* rule = std::get_if<syntax::RuleDecl>(&declaration.node);
    const auto* sequence = std::get_if<syntax::SequenceDecl>(&declaration.node);
    if (rule == nullptr && sequence == nullptr) continue;
    for (const syntax::Modifier& modifier : rule != nullptr ? rule->modifiers : sequence->modifiers) {
      if (modifier.kind == syntax::Modifier::Kind::kWhen) Split(*modifier.condition, parts);
    }
    // `when attempts reaches 4` sets off as well as it asks.
    const auto* turns = rule != nullptr ? std::get_if<syntax::TurnsTrueTrigger>(&rule->trigger.node) : nullptr;
    if (turns != nullptr) Split(*turns->condition, parts);
  }
  std::vector<Asked> asked;
  for (const syntax::Condition* part : parts) asked.push_back(AskedBy(source, *part));
  return asked;
}

std::string NodeText(const ir::Node& node, std::int64_t value) {
  switch (node.kind) {
    case ir::NodeKind::kList:
      return (value != 0 ? "in " : "not in ") + node.name;
    case ir::NodeKind::kWatch:
      return node.name + (value != 0 ? " holds" : " does not hold");
    default:
      return node.name + " is " + std::to_string(value);
  }
}

// `status is Open, budget is not set`: what the condition reads.
std::string ValuesOf(const ir::Program& program, const CompiledCondition& condition, const Contact& contact) {
  std::vector<std::string> values;
  ir::TestWalk walk(condition.tests);
  walk(condition.entry, [&](const ir::Test& test) {
    std::string value;
    if (test.op == ir::Op::kSeen || test.op == ir::Op::kSeenSince) return;
    if (test.operand.space == ir::Space::kProperty) {
      const ir::Property& property = program.properties[test.operand.index];
      value = property.name + (contact.IsSet(test.operand.index)
                                   ? " is " + FormatValue(program, property.type, test.operand.index, contact.Get(test.operand.index))
                                   : " is not set");
    } else if (test.operand.space == ir::Space::kNode && !program.nodes[test.operand.index].name.empty()) {
      const ir::Node& node = program.nodes[test.operand.index];
      value = NodeText(node, contact.derived[test.operand.index]);
    }
    if (!value.empty() && std::find(values.begin(), values.end(), value) == values.end()) values.push_back(std::move(value));
  });
  std::string text;
  for (const std::string& value : values) text += (text.empty() ? "" : ", ") + value;
  return text;
}

void Investigation::AddParts(const Executor& executor, const Contact& contact, WhyNot& answer) const {
  const ir::Program& program = executor.program();
  const ir::Rule& rule = program.rules[rule_];
  const std::string file = FileOf(program, rule.place);
  for (const Revision& revision : engine_.Revisions()) {
    if (revision.number != answer.revision) continue;
    for (const Revision::File& source : revision.files) {
      if (source.name != file) continue;
      for (Asked& asked : GuardsAt(Source(source.name, source.text), rule.place.line)) {
        const ConditionResult compiled = CompileCondition(asked.filter, program);
        // What asks for the fields of an event stands in no filter.
        if (!compiled.condition) continue;
        WhyNot::Part& part = answer.parts.emplace_back();
        part.text = std::move(asked.text);
        part.holds = executor.Meets(contact, *compiled.condition, contact.now());
        part.values = ValuesOf(program, *compiled.condition, contact);
      }
    }
  }
}

Result<WhyNot> Investigation::Answer() {
  if (Status status = Read(); !status.ok()) return tl::unexpected<Status>(std::move(status));
  const std::optional<Cause> cause = FindCause();
  WhyNot answer;
  std::shared_ptr<const ir::Program> program = now_;
  Contact contact = *contact_now_;
  answer.revision = revision_;
  if (cause) {
    const Record& record = records_[cause->record];
    answer.at = record.occurred_at;
    answer.sequence = record.sequence;
    answer.revision = record.revision;
    if (cause->ran) {
      answer.ran = true;
      answer.text = "it ran when it was last set off";
      return answer;
    }
    if (!record.effects.empty() && record.effects.back().kind == EffectKind::kFailed) {
      answer.text = "what set it off was taken back: its rules do not come to an end";
      return answer;
    }
    if (has_forgotten_) {
      answer.text = "it was set off, but what the contact was then is not known any more: its older history was removed";
      return answer;
    }
    program = programs_[cause->record];
    contact = Rebuild(*program, *cause);
  }
  const Executor executor(program, {});
  executor.Recompute(contact);
  const Plan plan(program);
  const std::string keeps = Keeps(*program, plan, contact, answer.at.value_or(contact.now()));
  AddParts(executor, contact, answer);
  const bool fails = std::any_of(answer.parts.begin(), answer.parts.end(), [](const WhyNot::Part& part) { return !part.holds; });
  if (!cause) {
    answer.text = IsWhole() ? "nothing has set it off" : "nothing among the contact's last records has set it off";
    answer.text += Awaits(*program);
    if (!keeps.empty()) answer.text += "; and " + keeps;
  } else if (!keeps.empty()) {
    answer.text = keeps;
  } else if (fails) {
    answer.text = "its `when` did not hold when it was last set off";
  } else if (now_->rules[rule_].switched_off) {
    answer.text = "the rule is switched off";
  } else {
    answer.text = "it was set off, but what its condition asks of the event did not hold";
  }
  return answer;
}

}  // namespace

Result<WhyNot> ExplainNotRun(Engine& engine, std::string_view contact, std::uint32_t rule) {
  return Investigation(engine, contact, rule).Answer();
}

}  // namespace stagecraft::runtime
