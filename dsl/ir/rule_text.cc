#include "dsl/ir/rule_text.h"

#include <algorithm>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "dsl/support/text.h"

namespace stagecraft::ir {
namespace {

class Writer {
 public:
  explicit Writer(const sema::CheckedScript& script) : script_(script), vocabulary_(script.vocabulary) {}

  std::string Write(const sema::Rule& rule) {
    Number("kind", static_cast<int>(rule.kind));
    Trigger(rule.trigger);
    Condition("when", rule.guard);
    if (rule.until.has_value()) Condition("until", *rule.until);
    Number("once", static_cast<int>(rule.once));
    Duration(rule.period);
    Number("every time", rule.every_time ? 1 : 0);
    if (rule.expected.has_value()) Condition("expected", *rule.expected);
    Duration(rule.within);
    Block(rule.actions);
    Block(rule.finally);
    return std::move(out_);
  }

 private:
  void Word(std::string_view word) {
    out_ += word;
    out_ += '\n';
  }
  void Number(std::string_view name, std::int64_t number) {
    out_ += name;
    out_ += ' ';
    out_ += std::to_string(number);
    out_ += '\n';
  }
  // Its length first, so that no text can be taken for two.
  void Quoted(std::string_view text) {
    out_ += std::to_string(text.size());
    out_ += ':';
    out_ += text;
    out_ += '\n';
  }
  void Condition(std::string_view name, const sema::Condition& condition) {
    out_ += name;
    out_ += ' ';
    Quoted(sema::CanonicalText(condition, vocabulary_));
  }
  void Events(const sema::EventMatches& events) { Quoted(sema::CanonicalText(events, vocabulary_)); }
  void Reference(const sema::Reference& reference) { Quoted(sema::CanonicalText(reference, vocabulary_)); }
  void Property(sema::Symbol property) { Quoted(FoldCase(vocabulary_.property(property).name)); }
  void Duration(const sema::Duration& duration) {
    if (duration.micros == 0 && duration.months == 0) return;
    // A business day is one whatever the hours of business are.
    if (duration.business_days != 0) {
      Number("business days", duration.business_days);
    } else if (duration.business_weeks != 0) {
      Number("business weeks", duration.business_weeks);
    } else {
      Number(duration.business ? "business" : "micros", duration.micros);
    }
    Number("months", duration.months);
  }
  void Recurrence(const sema::Recurrence& recurrence) {
    Number("days", recurrence.days);
    Number("business days", recurrence.business_days ? 1 : 0);
    Number("day of month", recurrence.day_of_month);
    Number("minute", recurrence.minute);
  }

  void Options(sema::Symbol property, const std::vector<std::uint32_t>& options) {
    const sema::PropertySymbol& symbol = vocabulary_.property(property);
    std::vector<std::string> names;
    for (const std::uint32_t option : options) {
      names.push_back(symbol.type == sema::Type::kOption ? symbol.options.options[option].internal_name : std::to_string(option));
    }
    std::sort(names.begin(), names.end());
    for (const std::string& name : names) Quoted(name);
  }

  void Trigger(const sema::Trigger& trigger) {
    using Kind = sema::Trigger::Kind;
    Number("on", static_cast<int>(trigger.kind));
    Events(trigger.events);
    Duration(trigger.delay);
    switch (trigger.kind) {
      case Kind::kBecomes:
      case Kind::kStays:
        Property(trigger.symbol);
        Options(trigger.symbol, trigger.options);
        if (trigger.from.has_value()) Word("from");
        if (trigger.from.has_value()) Options(trigger.symbol, *trigger.from);
        break;
      case Kind::kChanges:
        Property(trigger.symbol);
        Condition("so that", trigger.condition);
        break;
      case Kind::kRises:
      case Kind::kFalls:
        Quoted(FoldCase(vocabulary_.derived()[trigger.symbol].name));
        break;
      case Kind::kTurnsTrue:
        Condition("turns", trigger.condition);
        break;
      case Kind::kBeforeEvent:
        for (const sema::Trigger::Announcement& announcement : trigger.announcements) {
          Events({announcement.match});
          Quoted(FoldCase(vocabulary_.event(announcement.match.event).fields[announcement.field].name));
        }
        for (const sema::Symbol event : trigger.withdrawals) Quoted(FoldCase(vocabulary_.event(event).name));
        break;
      case Kind::kDate:
        Reference(trigger.reference);
        Number("before", trigger.before ? 1 : 0);
        Number("at", trigger.minute.value_or(-1));
        break;
      case Kind::kSchedule:
        Recurrence(trigger.recurrence);
        Quoted(trigger.on_everybody ? std::string() : FoldCase(vocabulary_.lists()[trigger.symbol].name));
        break;
      case Kind::kEvent:
      case Kind::kWithout:
      case Kind::kAfterEvent:
      case Kind::kNone:
        break;
    }
  }

  void Text(const sema::Text& text) {
    for (const sema::TextPart& part : text) {
      if (part.reference.has_value()) {
        Word("value of");
        Reference(*part.reference);
      } else {
        Quoted(part.literal);
      }
    }
    Word("end of text");
  }

  void Value(const sema::Value& value, const sema::PropertySymbol* property) {
    if (const auto* constant = std::get_if<std::int64_t>(&value)) {
      const bool option = property != nullptr && property->type == sema::Type::kOption;
      if (option) Quoted(property->options.options[static_cast<std::size_t>(*constant)].internal_name);
      if (!option) Number("constant", *constant);
    } else if (const auto* reference = std::get_if<sema::Reference>(&value)) {
      Reference(*reference);
    } else if (const auto* text = std::get_if<sema::Text>(&value)) {
      Text(*text);
    } else {
      Computation(std::get<sema::Computation>(value));
    }
  }

  void Computation(const sema::Computation& computation) {
    Number("computed", static_cast<int>(computation.type));
    for (const sema::Computation::Step& step : computation.steps) {
      Number("step", static_cast<int>(step.op));
      if (step.op == sema::Computation::Op::kReference) Reference(step.reference);
      if (step.op == sema::Computation::Op::kConstant) Number("constant", step.constant);
      Duration(step.duration);
      if (step.back) Word("back");
    }
  }

  void Recipient(const sema::Recipient& recipient) {
    Number("to", static_cast<int>(recipient.kind));
    switch (recipient.kind) {
      case sema::Recipient::Kind::kProperty:
      case sema::Recipient::Kind::kManagerOfProperty:
        Property(recipient.symbol);
        break;
      case sema::Recipient::Kind::kUser:
        Quoted(recipient.user);
        break;
      case sema::Recipient::Kind::kTeam:
        Quoted(vocabulary_.teams()[recipient.symbol].name);
        break;
    }
  }

  void Step(const sema::SetValue& set) {
    Word(set.append ? "append" : set.back_to ? "set back to" : "set");
    Property(set.property);
    Value(set.value, &vocabulary_.property(set.property));
    if (set.because.has_value()) Text(*set.because);
  }
  void Step(const sema::ClearValue& clear) {
    Word("clear");
    Property(clear.property);
  }
  void Step(const sema::AssignRotation& assign) {
    Word("assign");
    Property(assign.property);
    Quoted(vocabulary_.teams()[assign.team].name);
    if (assign.by_load) Word("by load");
    if (assign.keeping_account) Word("keeping account owner");
  }
  void Step(const sema::Notify& notify) {
    Word("notify");
    Recipient(notify.recipient);
    if (notify.text.has_value()) Text(*notify.text);
  }
  void Step(const sema::CreateTask& task) {
    Word("create task");
    Text(task.title);
    if (task.assignee.has_value()) Recipient(*task.assignee);
    if (task.due_in.has_value()) Duration(*task.due_in);
    Number("priority", static_cast<int>(task.priority));
    if (task.remind_before.has_value()) Word("remind before");
    if (task.remind_before.has_value()) Duration(*task.remind_before);
  }
  void Step(const sema::MoveDeal& deal) {
    Word("move deal");
    const sema::Pipeline& pipeline = script_.pipelines[deal.pipeline];
    Quoted(pipeline.name);
    Quoted(pipeline.stages[deal.stage].name);
  }
  void Step(const sema::CreateDeal& deal) {
    Word("create deal");
    Text(deal.title);
    const sema::Pipeline& pipeline = script_.pipelines[deal.pipeline];
    Quoted(pipeline.name);
    Quoted(pipeline.stages[deal.stage].name);
    if (deal.amount.has_value()) Value(*deal.amount, nullptr);
  }
  void Step(const sema::SendEmail& send) {
    Word("send email");
    Quoted(script_.emails[send.email].name);
  }
  void Step(const sema::CallWebhook& call) {
    Word("call webhook");
    Quoted(call.name);
    for (const auto& [name, reference] : call.with) {
      Quoted(name);
      Reference(reference);
    }
  }
  void Step(const sema::Enrol& enrol) {
    Word("enrol");
    Quoted(script_.rules[enrol.sequence].name);
  }
  void Step(const sema::Leave& leave) {
    Word("leave");
    Quoted(script_.rules[leave.sequence].name);
  }
  void Step(const sema::Wait& wait) {
    Number("wait", static_cast<int>(wait.kind));
    Duration(wait.duration);
    if (wait.kind == sema::Wait::Kind::kCondition) Condition("until", wait.condition);
    if (wait.kind == sema::Wait::Kind::kMoment) Reference(wait.moment);
    if (wait.kind == sema::Wait::Kind::kMoment) Number("at", wait.minute.value_or(-1));
    if (wait.kind == sema::Wait::Kind::kRecurrence) Recurrence(wait.recurrence);
    if (wait.at_most.has_value()) Word("at most");
    if (wait.at_most.has_value()) Duration(*wait.at_most);
    if (wait.otherwise.has_value()) Block(*wait.otherwise);
  }
  void Step(const sema::If& chosen) {
    for (const sema::If::Branch& branch : chosen.branches) {
      Condition("if", branch.condition);
      Block(branch.actions);
    }
    Block(chosen.otherwise);
  }
  void Step(const sema::Split& split) {
    for (const sema::Split::Part& part : split.parts) {
      Number("share", part.share);
      Block(part.actions);
    }
  }

  void Block(const sema::Block& block) {
    Word("do");
    for (const sema::Action& action : block) {
      std::visit([this](const auto& step) { Step(step); }, action.node);
    }
    Word("end");
  }

  const sema::CheckedScript& script_;
  const sema::Vocabulary& vocabulary_;
  std::string out_;
};

}  // namespace

std::string CanonicalText(const sema::Rule& rule, const sema::CheckedScript& script) { return Writer(script).Write(rule); }

}  // namespace stagecraft::ir
