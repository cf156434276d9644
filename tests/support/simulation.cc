#include "tests/support/simulation.h"

#include <algorithm>
#include <tuple>

namespace stagecraft::runtime {

Simulation::Simulation(std::shared_ptr<const ir::Program> program, Micros start, ExecLimits limits)
    : executor_(std::move(program), limits), now_(start) {
  shared_.companies = &companies_;
  shared_.deals = &deals_;
}

const Contact* Simulation::Find(std::string_view id) const {
  const auto found = std::find_if(contacts_.begin(), contacts_.end(), [&](const Contact& contact) { return contact.id() == id; });
  return found == contacts_.end() ? nullptr : &*found;
}

Record& Simulation::Begin(RecordKind kind, Contact& contact, Micros occurred_at) {
  Record& record = records_.emplace_back();
  record.kind = kind;
  record.sequence = static_cast<Sequence>(records_.size());
  record.previous = contact.last_sequence();
  record.contact = contact.number();
  record.received_at = now_;
  record.occurred_at = occurred_at;
  return record;
}

void Simulation::Finish(Contact& contact) {
  contact.set_last_sequence(static_cast<Sequence>(records_.size()));
  closes_at_.resize(contacts_.size(), Contact::kNever);
  closes_at_[contact.number()] = contact.next_window_close;
  deals_.Take(records_.back());
}

bool Simulation::IsBehind(const Contact& contact, const Company& company) const {
  const auto& slot = program().well_known.company_id;
  if (!slot || contact.Text(*slot) != company.id) return false;
  return company.deleted || std::any_of(company.values.begin(), company.values.end(),
                                        [&](const CompanyValue& value) { return !contact.Holds(value.slot, value.value); });
}

void Simulation::Spread(std::size_t first) {
  struct Pass {
    std::string company;
    Micros at = 0;
    int hops = 0;
  };
  std::deque<Pass> passes;
  const auto look = [&](int hops) {
    for (; first < records_.size(); ++first) {
      for (const Effect& effect : records_[first].effects) {
        if (effect.kind != EffectKind::kCompanySet || effect.before == effect.after) continue;
        const auto same = std::find_if(passes.begin(), passes.end(), [&](const Pass& pass) { return pass.company == effect.text; });
        if (same == passes.end()) {
          passes.push_back({effect.text, records_[first].occurred_at, hops});
        } else {
          same->at = std::max(same->at, records_[first].occurred_at);
        }
      }
    }
  };
  for (look(1); !passes.empty();) {
    const Pass pass = passes.front();
    passes.pop_front();
    for (std::size_t number = 0; number < contacts_.size(); ++number) {
      BringTo(contacts_[number], *companies_.FindEver(pass.company), pass.at, pass.hops > 64);
      look(pass.hops + 1);
    }
  }
}

void Simulation::BringTo(Contact& contact, const Company& company, Micros at, bool quiet) {
  if (!IsBehind(contact, company)) return;
  while (const auto due = quiet ? std::nullopt : NextDue(at, &contact)) Fire(*due);
  if (!IsBehind(contact, company)) return;
  Record& record = Begin(RecordKind::kCompany, contact, at);
  record.event_id = company.id;
  CompanyNews news{by_person_, quiet};
  if (contact.number() != by_person_of_) {
    std::erase_if(news.by_person, [&](std::uint32_t slot) { return !program().properties[slot].of_company; });
  }
  executor_.TakeFromCompany(news, contact, shared_, record);
  Finish(contact);
}

Status Simulation::Apply(const EventInput& input) {
  ResolvedEvent event;
  Status status = ResolveEvent(program(), input, now_, event);
  if (!status.ok()) return status;
  const Contact* known = Find(input.contact);
  const bool created = known == nullptr;
  if (created) contacts_.emplace_back(std::string(input.contact), static_cast<std::uint32_t>(contacts_.size()), event.occurred_at);
  Contact& contact = created ? contacts_.back() : contacts_[known->number()];
  by_person_.clear();
  while (const auto due = NextDue(event.occurred_at, &contact)) {
    Fire(*due);
    Spread(records_.size() - 1);
  }
  Record& record = Begin(RecordKind::kEvent, contact, event.occurred_at);
  record.event_id = input.id;
  record.event = event.event;
  record.fields = event.fields;
  const ExecResult result = executor_.ApplyEvent(event, created, contact, shared_, record);
  by_person_ = executor_.by_person();
  by_person_of_ = contact.number();
  Finish(contact);
  if (!result.failed) {
    Spread(records_.size() - 1);
    return {};
  }
  const std::string chain = record.effects.back().text;
  if (created) contacts_.pop_back();
  closes_at_.resize(contacts_.size(), Contact::kNever);
  return {StatusCode::kFailedPrecondition, "CASCADE_TOO_LONG", chain, {}};
}

std::optional<Simulation::Due> Simulation::NextDue(Micros by, const Contact* only) const {
  std::optional<Due> first;
  const auto consider = [&](const Due& due) {
    if (due.at > by) return;
    const auto key = [](const Due& each) { return std::tuple(each.at, each.contact, each.rule != kNoRule, each.rule, each.run); };
    if (!first || key(due) < key(*first)) first = due;
  };
  for (const Contact& contact : contacts_) {
    if (only != nullptr && &contact != only) continue;
    for (const ArmedTimer& timer : contact.timers()) consider({timer.due, contact.number(), timer.rule, 0});
    for (const Run& run : contact.runs()) {
      if (run.WakesAt() != Run::kNever) consider({run.WakesAt(), contact.number(), run.rule, run.id});
    }
    const Micros closes_at = contact.number() < closes_at_.size() ? closes_at_[contact.number()] : Contact::kNever;
    if (closes_at != Contact::kNever) consider({closes_at, contact.number(), kNoRule, 0});
  }
  return first;
}

void Simulation::Fire(const Due& due) {
  Contact& contact = contacts_[due.contact];
  Record& record = Begin(RecordKind::kTimer, contact, due.at);
  record.rule = due.rule;
  record.run = due.run;
  if (due.run != 0) {
    executor_.WakeRun(due.run, contact, shared_, record);
  } else if (due.rule != kNoRule) {
    executor_.FireTimer(due.rule, contact, shared_, record);
  } else {
    if (executor_.CloseWindows(contact, shared_, record).idle) {
      records_.pop_back();
      closes_at_[due.contact] = executor_.NextWindowClose(contact, due.at);
      return;
    }
  }
  Finish(contact);
}

void Simulation::AdvanceTo(Micros to) {
  while (const auto due = NextDue(to, nullptr)) {
    now_ = std::max(now_, due->at);
    by_person_.clear();
    Fire(*due);
    Spread(records_.size() - 1);
  }
  now_ = std::max(now_, to);
}

Simulation::Folded Simulation::Fold() const {
  Folded folded;
  folded.shared.companies = &folded.companies;
  for (const Record& record : records_) {
    const bool failed = !record.effects.empty() && record.effects.back().kind == EffectKind::kFailed;
    if (failed && record.kind == RecordKind::kEvent && record.previous == 0) continue;
    if (record.previous == 0) {
      folded.contacts.insert_or_assign(record.contact, Contact(record.effects.front().text, record.contact, 0));
    }
    Contact& contact = folded.contacts.at(record.contact);
    FoldHeader(record, contact);
    for (const Effect& effect : record.effects) FoldEffect(program(), record, effect, contact, folded.shared);
    contact.set_last_sequence(record.sequence);
  }
  for (auto& [number, contact] : folded.contacts) executor_.Recompute(contact);
  folded.shared.companies = nullptr;
  return folded;
}

namespace {

// All companies, a line each.
std::string Bytes(const Companies& companies) {
  std::string bytes;
  for (std::uint32_t number = 0; number < companies.size(); ++number) bytes += EncodeCompany(companies[number]) + "\n";
  return bytes;
}

std::string Bytes(const Contact& contact) {
  std::string bytes;
  contact.Encode(bytes);
  return bytes;
}

std::string FindContactFlaw(const Simulation& simulation, const Contact& contact, const Contact& folded) {
  Contact scratch = contact;
  simulation.executor().Recompute(scratch);
  if (scratch.derived != contact.derived) return "derived values are stale";
  if (scratch.next_window_close != contact.next_window_close) return "the next closing of a window is stale";
  const std::string bytes = Bytes(contact);
  const auto decoded = Contact::Decode(bytes);
  if (!decoded || Bytes(*decoded) != bytes) return "the packed form is read back as something else";
  if (Bytes(folded) != bytes) return "folding the journal gives another state";
  if (folded.derived != contact.derived) return "folding the journal gives other derived values";
  return {};
}

bool SurvivesPacking(const Record& record) {
  std::string bytes;
  EncodeRecord(record, bytes);
  std::size_t offset = 0;
  Record decoded;
  if (!DecodeRecord(bytes, offset, decoded) || offset != bytes.size()) return false;
  decoded.sequence = record.sequence;
  return decoded == record;
}

}  // namespace

std::string FindFlaw(const Simulation& simulation) {
  const Simulation::Folded folded = simulation.Fold();
  if (folded.contacts.size() != simulation.contacts().size()) return "folding the journal gives another number of contacts";
  for (const Contact& contact : simulation.contacts()) {
    const std::string flaw = FindContactFlaw(simulation, contact, folded.contacts.at(contact.number()));
    if (!flaw.empty()) return contact.id() + ": " + flaw;
  }
  std::vector<TeamTurns> teams = folded.shared.teams;
  teams.resize(simulation.shared().teams.size());
  if (teams != simulation.shared().teams) return "folding the journal gives another rotation";
  if (Bytes(folded.companies) != Bytes(simulation.companies())) return "folding the journal gives other companies";
  for (const Record& record : simulation.records()) {
    if (!SurvivesPacking(record)) return "record " + std::to_string(record.sequence) + " is read back as something else";
  }
  return {};
}

namespace {

constexpr const char* kReasons[] = {
    "backward", "overruled",        "a person set it", "late",        "nobody there", "out of range", "already running", "too many runs",
    "disabled", "the event failed", "no open deal",    "deactivated", "nobody free",  "not set",      "divided by zero", "not fitting"};
constexpr const char* kAssignedBy[] = {"turn of", "least has", "account of", "turn lost by", "joined"};
constexpr const char* kTaskParts[] = {"completion", "opening", "title", "assignee", "due time", "priority", "reminder"};
constexpr const char* kWaitEnds[] = {"time", "condition", "time-out", "lost"};
constexpr const char* kRunEnds[] = {"done",    "stopped", "left",   "withdrawn", "not begun",   "met",     "missed",
                                    "changed", "gone",    "failed", "departed",  "not fitting", "by hand", "lost"};
constexpr const char* kStandings[] = {"restored", "deleted", "merged", "erased"};
constexpr const char* kDealEnds[] = {"", ", won", ", lost"};
constexpr const char* kDealMembers[] = {"name changed", "amount changed", "owner changed", "close date changed", "deleted"};

class Describer {
 public:
  Describer(const ir::Program& program, const Record& record) : program_(program), record_(record) {}

  std::optional<std::string> Describe(const Effect& effect) const {
    switch (effect.kind) {
      case EffectKind::kContactCreated:
        return "created";
      case EffectKind::kPropertySet:
        return DescribeSet(effect);
      case EffectKind::kNodeChanged:
        return DescribeNode(effect);
      case EffectKind::kRuleFired:
        return "round " + std::to_string(effect.number) + ": " + Rule(effect.target);
      case EffectKind::kTimerArmed:
        return "timer of " + Rule(effect.target) + " armed for " + Time(effect.number);
      case EffectKind::kTimerDropped:
        return "timer of " + Rule(effect.target) + " gone";
      case EffectKind::kTaskCreated:
        return DescribeTask(record_.tasks[static_cast<std::size_t>(effect.number)]);
      case EffectKind::kNotified:
        return DescribeNotification(record_.notifications[static_cast<std::size_t>(effect.number)]);
      case EffectKind::kRefused:
        return DescribeRefusal(effect);
      case EffectKind::kFailed:
        return "failed: " + effect.text;
      case EffectKind::kRunWaiting:
        return DescribeWaiting(effect);
      case EffectKind::kRunResumed:
        return "round " + std::to_string(effect.number) + ": " + Rule(effect.target) + " goes on (" + kWaitEnds[effect.detail] + ")";
      case EffectKind::kRunEnded:
        return "run of " + Rule(effect.target) + " ends (" + kRunEnds[effect.detail] + ")";
      case EffectKind::kEnrolled:
        return "starts " + Rule(effect.target);
      case EffectKind::kDealCreated:
        return DescribeDeal(record_.deals[static_cast<std::size_t>(effect.number)]);
      case EffectKind::kSent:
        return DescribeDelivery(record_.deliveries[static_cast<std::size_t>(effect.number)]);
      case EffectKind::kDealMoved:
        return "deal \"" + effect.before.text + "\" → \"" + effect.after.text + "\"" + kDealEnds[effect.detail];
      case EffectKind::kDealSet:
        return std::string("deal: ") + kDealMembers[effect.detail];
      case EffectKind::kCompanyMade:
        return "company " + effect.text + " made";
      case EffectKind::kCompanySet:
        if (effect.before == effect.after) return std::nullopt;
        return "company " + effect.text + ": " + program_.properties[effect.target].name + " " + ValueOf(effect.target, effect.before) +
               " → " + ValueOf(effect.target, effect.after);
      case EffectKind::kAssigned:
        if (effect.after.text.empty()) return std::nullopt;
        return std::string(kAssignedBy[effect.detail]) + " " + effect.text + ": " + effect.after.text;
      case EffectKind::kTaskChanged:
        return std::string(kTaskParts[effect.detail]) + " of a task is another";
      case EffectKind::kReminder:
        return effect.number_before == Run::kNever ? "no reminder" : "reminder at " + Time(effect.number_before);
      case EffectKind::kDeparted:
        return std::string(kStandings[effect.detail]) + (effect.text.empty() ? "" : " into " + effect.text);
      case EffectKind::kMergedFrom:
        return "takes in " + effect.text;
      case EffectKind::kRunMoved:
        return "run of " + Rule(effect.target) + " goes on as " +
               (program_.rules[effect.target].of_revision == 0 ? "the rule is now" : "it began");
      case EffectKind::kRuleSwitched:
        return Rule(effect.target) + (effect.number != 0 ? " is on" : " is off");
      case EffectKind::kRetried:
        return "round " + std::to_string(effect.number) + ": " + Rule(effect.target) + " is tried again";
      case EffectKind::kPromiseBroken:
        return "breaks `" + program_.promises[effect.target].text + "`";
      default:
        return std::nullopt;
    }
  }

 private:
  std::string Rule(std::uint32_t rule) const { return "`" + program_.rules[rule].name + "`"; }
  std::string Time(Micros at) const { return FormatValue(program_, ir::Type::kTime, 0, {true, at, {}}); }
  std::string ValueOf(std::uint32_t slot, const Value& value) const {
    return value.set ? FormatValue(program_, program_.properties[slot].type, slot, value) : "unset";
  }
  std::string DescribeSet(const Effect& effect) const {
    std::string line = program_.properties[effect.target].name + ": " + ValueOf(effect.target, effect.before) + " → " +
                       ValueOf(effect.target, effect.after);
    return effect.text.empty() ? line : line + " because \"" + effect.text + "\"";
  }
  std::string DescribeNode(const Effect& effect) const {
    const bool is_score = effect.detail == static_cast<std::uint8_t>(ir::NodeKind::kScore);
    if (is_score)
      return program_.layout.scores.Name(effect.target) + ": " + std::to_string(effect.number_before) + " → " +
             std::to_string(effect.number);
    return (effect.number != 0 ? "joins \"" : "leaves \"") + program_.layout.lists.Name(effect.target) + "\"";
  }
  std::string DescribeTask(const Task& task) const {
    std::string line = "task \"" + task.title + "\" for " + (task.assignee.empty() ? "nobody" : task.assignee);
    if (task.due_at) line += " due " + Time(*task.due_at);
    return task.priority == static_cast<std::uint8_t>(ir::Priority::kHigh) ? line + " priority high" : line;
  }
  std::string DescribeNotification(const Notification& notification) const {
    return "notified " + notification.recipient + " \"" + notification.text + "\"";
  }
  std::string DescribeWaiting(const Effect& effect) const {
    std::string line = "run of " + Rule(effect.target) + ((effect.detail & kRunPending) != 0 ? " begins" : " waits");
    if (effect.number_before != Run::kNever) line += " at " + Time(effect.number_before);
    if (effect.after.set) line += " until " + Time(effect.after.number) + " at most";
    return line;
  }
  std::string DescribeDeal(const Deal& deal) const {
    std::string line = "deal \"" + deal.name + "\" in " + deal.pipeline + " at " + deal.stage;
    return deal.amount ? line + " amount " + FormatValue(program_, ir::Type::kMoney, 0, {true, *deal.amount, {}}) : line;
  }
  std::string DescribeDelivery(const Delivery& delivery) const {
    if (delivery.kind == DeliveryKind::kEmail)
      return "e-mail \"" + delivery.name + "\" to " + delivery.recipient + ": \"" + delivery.subject + "\", \"" + delivery.body + "\"";
    std::string line = "webhook \"" + delivery.name + "\"";
    for (const PayloadItem& item : delivery.payload) line += " " + item.name + "=" + (item.set ? item.text : "unset");
    return line;
  }
  std::string DescribeRefusal(const Effect& effect) const {
    const auto reason = static_cast<RefusalReason>(effect.detail);
    std::string line = std::string("refused (") + kReasons[effect.detail] + ")";
    if (effect.detail == static_cast<std::uint8_t>(RefusalReason::kNoDeal)) return line + ": \"" + effect.text + "\"";
    if (effect.target != kNoSlot) line += ": " + program_.properties[effect.target].name;
    if (effect.after.set && effect.target != kNoSlot) line += " " + ValueOf(effect.target, effect.after);
    if (effect.detail == static_cast<std::uint8_t>(RefusalReason::kOverruled))
      line += ", overruled by " + Rule(static_cast<std::uint32_t>(effect.number));
    if (reason == RefusalReason::kDeactivated || reason == RefusalReason::kNobodyFree || reason == RefusalReason::kNotSet)
      line += ": " + effect.text;
    if (reason >= RefusalReason::kRunning && reason <= RefusalReason::kDisabled)
      line += ": " + Rule(static_cast<std::uint32_t>(effect.number));
    return line;
  }

  const ir::Program& program_;
  const Record& record_;
};

}  // namespace

std::vector<std::string> DescribeEffects(const ir::Program& program, const Record& record) {
  std::vector<std::string> lines;
  const Describer describer(program, record);
  for (const Effect& effect : record.effects) {
    if (auto line = describer.Describe(effect)) lines.push_back(std::move(*line));
  }
  return lines;
}

}  // namespace stagecraft::runtime
