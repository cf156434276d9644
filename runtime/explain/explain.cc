#include "runtime/explain/explain.h"

#include <algorithm>
#include <functional>
#include <memory>
#include <set>
#include <tuple>
#include <utility>

#include "dsl/support/nearest.h"
#include "dsl/support/text.h"
#include "runtime/engine/core.h"
#include "runtime/engine/view.h"
#include "runtime/exec/format.h"
#include "runtime/exec/resolve.h"
#include "runtime/explain/describe.h"
#include "runtime/model/contact.h"
#include "runtime/model/reasons.h"

namespace stagecraft::runtime {
namespace {

// How many records are read at a time while looking for a change.
constexpr std::uint32_t kPage = 128;
// How far an explanation goes from one record to an older one. Beyond, nobody reads on.
constexpr int kRecordsDeep = 16;

// An effect and the record it stands in.
struct Found {
  const Record* record = nullptr;
  std::size_t record_index = 0;
  std::uint32_t effect = 0;
};

// The node that a kNodeChanged effect is about.
std::optional<std::uint32_t> NodeOf(const ir::Program& program, const Effect& effect) {
  if (effect.kind != EffectKind::kNodeChanged) return std::nullopt;
  const bool is_list = static_cast<ir::NodeKind>(effect.detail) == ir::NodeKind::kList;
  const auto node = program.node_names.find(FoldCase((is_list ? program.layout.lists : program.layout.scores).Name(effect.target)));
  if (node == program.node_names.end()) return std::nullopt;
  return node->second;
}

// A list changes because of what moved a score that it reads; people want to see the score in between. The score's effect
// in the same record; nothing when there is none.
std::optional<std::uint32_t> ScoreBehind(const ir::Program& program, const Found& found) {
  const auto list = NodeOf(program, found.record->effects[found.effect]);
  if (!list) return std::nullopt;
  for (std::uint32_t i = 0; i < found.effect; ++i) {
    const auto score = NodeOf(program, found.record->effects[i]);
    if (!score || *score >= program.index.nodes_by_node.size()) continue;
    const std::vector<std::uint32_t>& readers = program.index.nodes_by_node[*score];
    if (std::find(readers.begin(), readers.end(), *list) != readers.end()) return i;
  }
  return std::nullopt;
}

class Explainer {
 public:
  // `noted`: told of each record that is found; may be empty.
  Explainer(Past& past, std::string_view contact, std::function<void(Sequence)> noted = {})
      : past_(past), contact_(contact), noted_(std::move(noted)) {}

  using Matches = std::function<bool(const Effect&)>;
  // The newest effect for which `matches` holds, in the record at `from` or an older one of the contact of that number: of the one that is
  // explained, or of one that was merged into it.
  Result<std::optional<Found>> FindEffect(std::size_t from, std::uint32_t contact, const Matches& matches);
  // `effect` and what led to it.
  Result<Cause> OfEffect(const Found& found);
  // Explains all effects of the contact's records for which `matches` holds, the newest record first.
  Status ExplainAll(std::uint32_t contact, const Matches& matches);

 private:
  Result<bool> ReadMore();
  Result<std::shared_ptr<const ir::Program>> ProgramOf(const Record& record);
  Result<Cause> OfRule(const Found& fired);
  // What a record is itself: the event, the timer with what had armed it, or the merge with what it brought.
  Result<Cause> OfRecord(const Found& found);
  // What a contact took over from its company: who or what had changed that.
  Result<Cause> OfCompany(const Record& record, std::string title);
  Result<Cause> OfTrigger(const Found& found, std::uint32_t trigger);
  Result<Cause> OfMerge(const Found& found, Cause cause);
  // The newest effect before the record for which `matches` holds, and what led to it.
  Result<std::optional<Cause>> OfBeginning(const Found& found, const Matches& matches);
  void Note(Sequence record) const {
    if (noted_) noted_(record);
  }
  static Cause At(CauseKind kind, const Record& record, std::string text);

  Past& past_;
  const std::string contact_;
  const std::function<void(Sequence)> noted_;
  std::vector<std::unique_ptr<Record>> records_;  // newest first, as far as read
  Sequence next_ = 0;
  bool at_end_ = false;
  int depth_ = 0;
};

Result<bool> Explainer::ReadMore() {
  if (at_end_) return false;
  auto page = past_.History(contact_, next_, kPage);
  if (!page) return tl::unexpected<Status>(std::move(page.error()));
  for (Record& record : page->records) records_.push_back(std::make_unique<Record>(std::move(record)));
  next_ = page->next;
  at_end_ = next_ == 0;
  return !page->records.empty();
}

Result<std::optional<Found>> Explainer::FindEffect(std::size_t from, std::uint32_t contact, const Matches& matches) {
  for (std::size_t i = from;; ++i) {
    if (i >= records_.size()) {
      const auto more = ReadMore();
      if (!more) return tl::unexpected<Status>(more.error());
      if (!*more || i >= records_.size()) return std::optional<Found>();
    }
    if (records_[i]->contact != contact) continue;
    const std::vector<Effect>& effects = records_[i]->effects;
    for (std::size_t e = effects.size(); e > 0; --e) {
      if (!matches(effects[e - 1])) continue;
      Note(records_[i]->sequence);
      return std::optional<Found>(Found{records_[i].get(), i, static_cast<std::uint32_t>(e - 1)});
    }
  }
}

Result<std::shared_ptr<const ir::Program>> Explainer::ProgramOf(const Record& record) {
  auto program = past_.ProgramOf(record.revision);
  if (program == nullptr) {
    return Fail(StatusCode::kFailedPrecondition, reasons::kRevisionNotFound,
                "the scripts of revision " + std::to_string(record.revision) + " no longer compile");
  }
  return program;
}

Cause Explainer::At(CauseKind kind, const Record& record, std::string text) {
  Cause cause;
  cause.kind = kind;
  cause.text = std::move(text);
  cause.revision = record.revision;
  cause.sequence = record.sequence;
  cause.at = record.occurred_at;
  return cause;
}

Status Explainer::ExplainAll(std::uint32_t contact, const Matches& matches) {
  for (std::size_t i = 0;; ++i) {
    if (i >= records_.size()) {
      const auto more = ReadMore();
      if (!more) return more.error();
      if (!*more || i >= records_.size()) return {};
    }
    // Explaining reads on, and never moves what is read.
    const Record& record = *records_[i];
    if (record.contact != contact) continue;
    for (std::size_t e = record.effects.size(); e > 0; --e) {
      if (!matches(record.effects[e - 1])) continue;
      Note(record.sequence);
      depth_ = 0;
      if (auto cause = OfEffect({&record, i, static_cast<std::uint32_t>(e - 1)}); !cause) return cause.error();
    }
  }
}

Result<Cause> Explainer::OfEffect(const Found& found) {
  const auto program = ProgramOf(*found.record);
  if (!program) return tl::unexpected<Status>(program.error());
  const Effect& effect = found.record->effects[found.effect];
  const auto described = DescribeEffect(**program, *found.record, effect);
  if (!described) return OfRecord(found);  // an event that was counted, a timer that was due: the record says it

  Cause cause = At(effect.kind == EffectKind::kRefused ? CauseKind::kRefusal : CauseKind::kChange, *found.record, described->text);
  // Why it was this member of the team.
  const Effect* before = found.effect == 0 ? nullptr : &found.record->effects[found.effect - 1];
  if (effect.kind == EffectKind::kPropertySet && before != nullptr && before->kind == EffectKind::kAssigned)
    cause.text += " (" + AssignmentText(**program, *before) + ")";
  const std::uint32_t trigger = ScoreBehind(**program, found).value_or(effect.trigger);
  Result<Cause> led = effect.by != kByEvent ? OfRule({found.record, found.record_index, effect.by}) : OfTrigger(found, trigger);
  if (!led) return led;
  cause.causes.push_back(std::move(*led));
  for (const Effect& other : found.record->effects) {
    if (effect.kind != EffectKind::kPropertySet || other.kind != EffectKind::kRefused || other.target != effect.target) continue;
    const auto refused = DescribeEffect(**program, *found.record, other);
    cause.causes.push_back(
        At(CauseKind::kRefusal, *found.record, refused->text + (refused->rule.empty() ? "" : " (rule \"" + refused->rule + "\")")));
  }
  return cause;
}

Result<Cause> Explainer::OfRule(const Found& fired) {
  const auto program = ProgramOf(*fired.record);
  if (!program) return tl::unexpected<Status>(program.error());
  const Effect& effect = fired.record->effects[fired.effect];
  const ir::Rule& rule = (*program)->rules[effect.target];
  Cause cause = At(CauseKind::kRule, *fired.record, "rule \"" + rule.name + "\"");
  cause.rule = rule.name;
  cause.file = FileOf(**program, rule.place);
  cause.line = rule.place.line;
  auto led = OfTrigger(fired, effect.trigger);
  if (!led) return led;
  cause.causes.push_back(std::move(*led));
  // What an event made go on had begun before.
  const bool had_begun = effect.kind == EffectKind::kRunResumed && effect.trigger == kByEvent && fired.record->run == 0;
  if (!had_begun || ++depth_ > kRecordsDeep) return cause;
  auto waiting = OfBeginning(
      fired, [run = effect.number_before](const Effect& other) { return other.kind == EffectKind::kRunWaiting && other.number == run; });
  if (!waiting) return tl::unexpected<Status>(waiting.error());
  if (*waiting) cause.causes.push_back(std::move(**waiting));
  return cause;
}

Result<std::optional<Cause>> Explainer::OfBeginning(const Found& found, const Matches& matches) {
  const auto began = FindEffect(found.record_index + 1, found.record->contact, matches);
  if (!began) return tl::unexpected<Status>(began.error());
  if (!*began) return std::optional<Cause>();
  auto led = OfEffect(**began);
  if (!led) return tl::unexpected<Status>(led.error());
  return std::optional<Cause>(std::move(*led));
}

Result<Cause> Explainer::OfTrigger(const Found& found, std::uint32_t trigger) {
  if (trigger == kByEvent) return OfRecord(found);
  return OfEffect({found.record, found.record_index, trigger});
}

namespace {

// What a timer goes back to: the change that began a stay or set a date, the waiting of a run, whatever armed it.
Explainer::Matches BeginningOf(const ir::Rule& rule, const Record& timer) {
  if (timer.run != 0) {
    return [run = timer.run](const Effect& effect) { return effect.kind == EffectKind::kRunWaiting && effect.number == run; };
  }
  if (rule.trigger == ir::TriggerKind::kStays || rule.trigger == ir::TriggerKind::kDate) {
    const std::uint32_t slot = rule.trigger == ir::TriggerKind::kStays ? rule.slot : rule.date.index;
    return [slot](const Effect& effect) { return effect.kind == EffectKind::kPropertySet && effect.target == slot; };
  }
  return [number = timer.rule](const Effect& effect) { return effect.kind == EffectKind::kTimerArmed && effect.target == number; };
}

}  // namespace

Result<Cause> Explainer::OfCompany(const Record& record, std::string title) {
  Cause cause = At(CauseKind::kEvent, record, std::move(title));
  const auto origin = past_.FindRecord(static_cast<Sequence>(record.content));
  if (!origin) return tl::unexpected<Status>(origin.error());
  Note(origin->sequence);
  const auto program = ProgramOf(*origin);
  if (!program) return tl::unexpected<Status>(program.error());
  std::string by = origin->actor.empty() ? std::string() : " by " + origin->actor;
  if (origin->contact == kNoContact) {
    cause.causes.push_back(At(CauseKind::kEvent, *origin, "company changed" + by));
    return cause;
  }
  std::string contact;
  const Status status = past_.Read([&](const View& view) { contact = view.ContactAt(origin->contact)->id(); });
  if (!status.ok()) return tl::unexpected<Status>(status);
  // What led to it is that contact's own story, of which an erased one has none.
  cause.causes.push_back(
      At(CauseKind::kEvent, *origin,
         contact.empty() ? "something of a contact that was erased" : TitleOf(**program, *origin) + " of contact `" + contact + "`" + by));
  return cause;
}

Result<Cause> Explainer::OfRecord(const Found& found) {
  const Record& record = *found.record;
  const auto program = ProgramOf(record);
  if (!program) return tl::unexpected<Status>(program.error());
  std::string title = TitleOf(**program, record);
  if (record.kind == RecordKind::kCompany) return OfCompany(record, std::move(title));
  if (record.kind != RecordKind::kTimer) {
    Cause cause = At(CauseKind::kEvent, record, record.actor.empty() ? std::move(title) : title + " by " + record.actor);
    cause.event_id = record.event_id;
    return record.kind == RecordKind::kStanding ? OfMerge(found, std::move(cause)) : cause;
  }
  Cause cause = At(CauseKind::kTimer, record, std::move(title));
  if (record.rule >= kReminderRule || ++depth_ > kRecordsDeep) return cause;
  auto began = OfBeginning(found, BeginningOf((*program)->rules[record.rule], record));
  if (!began) return tl::unexpected<Status>(began.error());
  if (*began) cause.causes.push_back(std::move(**began));
  return cause;
}

// A value that came with another contact goes back to what that had been told.
Result<Cause> Explainer::OfMerge(const Found& found, Cause cause) {
  const Record& record = *found.record;
  const auto merged = std::find_if(record.effects.begin(), record.effects.end(),
                                   [](const Effect& effect) { return effect.kind == EffectKind::kMergedFrom; });
  if (merged == record.effects.end() || ++depth_ > kRecordsDeep) return cause;
  const Effect& effect = record.effects[found.effect];
  const auto before = FindEffect(found.record_index + 1, static_cast<std::uint32_t>(merged->number),
                                 [&effect](const Effect& other) { return other.kind == effect.kind && other.target == effect.target; });
  if (!before) return tl::unexpected<Status>(before.error());
  if (!*before) return cause;
  auto led = OfEffect(**before);
  if (!led) return led;
  cause.causes.push_back(std::move(*led));
  return cause;
}

constexpr const char* kMember = "member";
constexpr const char* kNoMember = "not a member";

// What is to be explained, found by name.
struct Subject {
  std::string name;
  std::string value;
  std::optional<std::uint32_t> slot;
  std::optional<std::uint32_t> node;
  std::vector<Cause> parts;  // of a score
  std::uint32_t contact = 0;
  Status failure;
};

// What a line of a score gives, for people. Where points halve it is less than a whole one at times.
std::string PointsText(const ir::Node& criterion, std::int64_t value) {
  if (criterion.halving_us == 0) return std::to_string(value);
  constexpr std::int64_t kPoint = std::int64_t{1} << ir::kHalvingsMax;
  std::string text;
  AppendNumber(value / kPoint * ir::kNumberScale + value % kPoint * ir::kNumberScale / kPoint, text);
  return text;
}

Cause PartOf(const View& view, const ir::Node& criterion, std::int64_t points) {
  Cause part;
  part.kind = CauseKind::kPart;
  part.revision = view.revision();
  part.text = (points > 0 ? "+" : "") + PointsText(criterion, points) + ": " + criterion.name;
  part.file = FileOf(view.program(), criterion.place);
  part.line = criterion.place.line;
  return part;
}

std::string ValueOfNode(ir::NodeKind kind, std::int64_t value) {
  if (kind == ir::NodeKind::kList) return value != 0 ? kMember : kNoMember;
  if (kind == ir::NodeKind::kWatch) return value != 0 ? "yes" : "no";
  return std::to_string(value);
}

void DescribeNode(const View& view, const Contact& contact, std::uint32_t number, Subject& subject) {
  const ir::Program& program = view.program();
  const ir::Node& node = program.nodes[number];
  const std::int64_t value = view.NodeOf(contact, number);
  subject.node = number;
  subject.name = node.name;
  subject.value = ValueOfNode(node.kind, value);
  for (const std::uint32_t criterion : node.criteria) {
    const std::int64_t points = view.NodeOf(contact, criterion);
    if (points != 0) subject.parts.push_back(PartOf(view, program.nodes[criterion], points));
  }
}

Status UnknownProperty(const ir::Program& program, std::string_view name) {
  std::vector<std::string> known;
  for (const auto* names : {&program.property_names, &program.node_names, &program.list_slots}) {
    for (const auto& [known_name, number] : *names) known.push_back(known_name);
  }
  std::sort(known.begin(), known.end());
  const auto nearest = Nearest(FoldCase(name), known);
  const std::string hint = nearest ? "; did you mean `" + std::string(*nearest) + "`?" : "";
  return {StatusCode::kInvalidArgument,
          reasons::kUnknownProperty,
          "there is no property, score, counter or list `" + std::string(name) + "`" + hint,
          {}};
}

void FindSubject(const View& view, std::string_view contact_id, std::string_view name, Subject& subject) {
  const Contact* contact = view.FindContact(contact_id);
  if (contact == nullptr) {
    subject.failure = {StatusCode::kNotFound, reasons::kContactNotFound, "there is no contact `" + std::string(contact_id) + "`", {}};
    return;
  }
  subject.contact = contact->number();
  const ir::Program& program = view.program();
  const std::string folded = FoldCase(name);
  if (const auto property = program.property_names.find(folded); property != program.property_names.end()) {
    subject.slot = property->second;
    subject.name = program.properties[property->second].name;
    if (const auto value = view.PropertyOf(*contact, property->second)) {
      subject.value = FormatValue(program, program.properties[property->second].type, property->second, *value);
    }
  } else if (const auto node = program.node_names.find(folded); node != program.node_names.end()) {
    DescribeNode(view, *contact, node->second, subject);
  } else if (const auto list = program.list_slots.find(folded); list != program.list_slots.end()) {
    subject.slot = list->second;
    subject.name = std::string(name);
    subject.value = view.PropertyOf(*contact, list->second) ? kMember : kNoMember;
  } else {
    subject.failure = UnknownProperty(program, name);
  }
}

Explainer::Matches ChangeOf(const ir::Program& program, const Subject& subject) {
  if (subject.slot) {
    return [slot = *subject.slot](const Effect& effect) { return effect.kind == EffectKind::kPropertySet && effect.target == slot; };
  }
  const ir::Node& node = program.nodes[*subject.node];
  if (node.kind == ir::NodeKind::kCounter) {
    return [tracker = node.tracker](const Effect& effect) { return effect.kind == EffectKind::kTracked && effect.target == tracker; };
  }
  const ir::Registry& names = node.kind == ir::NodeKind::kList ? program.layout.lists : program.layout.scores;
  const auto number = names.Find(node.name);
  return [number, kind = node.kind](const Effect& effect) {
    return effect.kind == EffectKind::kNodeChanged && number && effect.target == *number &&
           effect.detail == static_cast<std::uint8_t>(kind);
  };
}

// What there is to say where the journal has no change. It keeps none of definitions: those hold or not, by what they say.
Cause WithoutChange(const ir::Program& program, const Subject& subject) {
  Cause cause;
  if (subject.node && program.nodes[*subject.node].kind == ir::NodeKind::kWatch) {
    const ir::Place& place = program.nodes[*subject.node].place;
    cause.kind = CauseKind::kPart;
    cause.text = subject.name + (subject.value == "yes" ? " holds" : " does not hold");
    cause.file = FileOf(program, place);
    cause.line = place.line;
  } else {
    cause.text = subject.name + (subject.slot ? " was never set" : " has not changed since it was declared");
  }
  return cause;
}

// The effects that explanations begin with: of each value the last word on it, whatever it may be called, and all that is under way.
class Beginnings {
 public:
  explicit Beginnings(const Contact& contact) : contact_(contact) {}

  // Call it for the newest effect first.
  bool Has(const Effect& effect) {
    switch (effect.kind) {
      case EffectKind::kPropertySet:
      case EffectKind::kTracked:
        return IsNewest(effect, effect.target, 0);
      case EffectKind::kNodeChanged:
        return IsNewest(effect, effect.target, effect.detail);
      case EffectKind::kEntered:
        return IsNewest(effect, effect.target, effect.number_before);
      case EffectKind::kContacted:
        return IsNewest(effect, 0, 0);
      case EffectKind::kTimerArmed:
        return contact_.FindTimer(effect.target) != nullptr && IsNewest(effect, effect.target, 0);
      case EffectKind::kRunWaiting:
        return IsOpen(effect.number);
      case EffectKind::kRunResumed:
      case EffectKind::kRuleFired:
        return IsOpen(effect.number_before);
      default:
        return false;
    }
  }

 private:
  bool IsNewest(const Effect& effect, std::uint32_t target, std::int64_t part) { return seen_.emplace(effect.kind, target, part).second; }
  bool IsOpen(std::int64_t run) const {
    return std::any_of(contact_.runs().begin(), contact_.runs().end(), [run](const Run& open) { return open.id == run; });
  }

  const Contact& contact_;
  std::set<std::tuple<EffectKind, std::uint32_t, std::int64_t>> seen_;
};

}  // namespace

Status FindCauses(Past& past, const Contact& contact, const std::function<void(Sequence)>& needed) {
  Beginnings beginnings(contact);
  return Explainer(past, contact.id(), needed).ExplainAll(contact.number(), [&](const Effect& effect) { return beginnings.Has(effect); });
}

Result<Explanation> Explain(Past& past, std::string_view contact, std::string_view property) {
  Subject subject;
  std::uint32_t revision = 0;
  Status status = past.Read([&](const View& view) {
    revision = view.revision();
    FindSubject(view, contact, property, subject);
  });
  if (status.ok()) status = subject.failure;
  if (!status.ok()) return tl::unexpected<Status>(std::move(status));
  const auto program = past.ProgramOf(revision);

  Explanation explanation{subject.name, subject.value, {}};
  Explainer explainer(past, contact);
  const auto change = explainer.FindEffect(0, subject.contact, ChangeOf(*program, subject));
  if (!change) return tl::unexpected<Status>(change.error());
  if (*change) {
    auto cause = explainer.OfEffect(**change);
    if (!cause) return tl::unexpected<Status>(std::move(cause.error()));
    explanation.cause = std::move(*cause);
  } else {
    explanation.cause = WithoutChange(*program, subject);
    explanation.cause.revision = revision;
  }
  explanation.cause.causes.insert(explanation.cause.causes.begin(), subject.parts.begin(), subject.parts.end());
  return explanation;
}

}  // namespace stagecraft::runtime
