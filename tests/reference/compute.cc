#include "tests/reference/compute.h"

#include <utility>
#include <vector>

#include "dsl/support/text.h"

namespace stagecraft::reference {
namespace {

using Wide = __int128;
using Step = sema::Computation::Step;
using Op = sema::Computation::Op;

constexpr std::int64_t kNumberMax = 9'200'000'000'000 * kScale;
constexpr std::size_t kTextMax = 64 << 10;

// To the nearest, halves away from zero.
Wide Rounded(Wide a, Wide by) {
  const bool negative = (a < 0) != (by < 0);
  const Wide size = a < 0 ? -a : a;
  const Wide parts = by < 0 ? -by : by;
  const Wide quotient = (size + parts / 2) / parts;
  return negative ? -quotient : quotient;
}

struct Entry {
  Wide number = 0;
  bool is_date = false;
};

class Stack {
 public:
  Stack(const Scene& scene, const sema::Computation& computation) : scene_(scene), computation_(computation) {}

  Computed Run() {
    for (std::size_t i = 0; i < computation_.steps.size(); ++i) {
      const Step& step = computation_.steps[i];
      if (step.op == Op::kReference && !Read(scene_, step.reference).set && !CountsAsZero(i))
        return {{}, "not set", NameOf(scene_, step.reference)};
      if (step.op == Op::kDivide && entries_.back().number == 0) return {{}, "divided by zero", {}};
      Do(step);
      if (out_of_range_) return {{}, "out of range", {}};
    }
    const Entry result = entries_.back();
    if (!InRange(result.number)) return {{}, "out of range", {}};
    return {NumberValue(static_cast<std::int64_t>(result.number)), {}, {}};
  }

 private:
  bool CountsAsZero(std::size_t step) const {
    return step + 1 < computation_.steps.size() && computation_.steps[step + 1].op == Op::kOrZero;
  }

  bool InRange(Wide number) const {
    if (sema::IsNumber(computation_.type)) return number >= -kNumberMax && number <= kNumberMax;
    const Micros first = runtime::Calendar::kFirstMoment;
    const Micros last = runtime::Calendar::kLastMoment;
    if (computation_.type == sema::Type::kTime) return number >= first && number <= last;
    return number >= runtime::DateIn(absl::UTCTimeZone(), first) && number <= runtime::DateIn(absl::UTCTimeZone(), last);
  }

  void Do(const Step& step) {
    switch (step.op) {
      case Op::kConstant:
        entries_.push_back({step.constant, computation_.type == sema::Type::kDate});
        break;
      case Op::kReference:
        Push(step.reference);
        break;
      case Op::kOrZero:
        break;  // what is not set has been pushed as 0
      case Op::kToday:
        entries_.push_back({scene_.script.calendar().DateOf(scene_.at), true});
        break;
      case Op::kNow:
        entries_.push_back({scene_.at, false});
        break;
      case Op::kShift:
        Shift(step);
        break;
      default:
        Join(step.op);
    }
  }

  void Push(const sema::Reference& reference) {
    const Value value = Read(scene_, reference);
    const bool whole = reference.space == sema::Reference::Space::kDerived;
    entries_.push_back({whole ? Wide{value.number} * kScale : Wide{value.number}, reference.type == sema::Type::kDate});
  }

  void Shift(const Step& step) {
    Entry& top = entries_.back();
    const runtime::Calendar& calendar = scene_.script.calendar();
    const ir::Duration duration = ToIr(step.duration);
    const auto from = static_cast<std::int64_t>(top.number);
    if (top.is_date) {
      top.number = calendar.ShiftDate(from, duration, step.back);
    } else {
      top.number = step.back ? calendar.Subtract(from, duration) : calendar.Add(from, duration);
    }
  }

  void Join(Op op) {
    const Entry b = entries_.back();
    entries_.pop_back();
    Entry& a = entries_.back();
    a.is_date = false;
    if (op == Op::kAdd) a.number += b.number;
    if (op == Op::kSubtract) a.number -= b.number;
    if (op == Op::kMultiply) a.number = Rounded(a.number * b.number, kScale);
    if (op == Op::kDivide) a.number = Rounded(a.number * kScale, b.number);
    if (op == Op::kDaysBetween) a.number = (a.number - b.number) * kScale;
    if (a.number < -kNumberMax || a.number > kNumberMax) out_of_range_ = true;
  }

  const Scene& scene_;
  const sema::Computation& computation_;
  std::vector<Entry> entries_;
  bool out_of_range_ = false;
};

Computed Copied(const Scene& scene, const sema::Reference& reference, sema::Type type) {
  Value value = Read(scene, reference);
  if (reference.space == sema::Reference::Space::kDerived) value.number *= sema::IsNumber(type) ? kScale : 1;
  if (type == sema::Type::kOption) throw Unsupported("a copy of an option");
  return {value, {}, {}};
}

}  // namespace

std::string NameOf(const Scene& scene, const sema::Reference& reference) {
  const sema::Vocabulary& vocabulary = scene.script.vocabulary();
  switch (reference.space) {
    case sema::Reference::Space::kField: {
      if (scene.event == nullptr) return "a field of the event";
      const sema::EventSymbol& event = vocabulary.event(scene.event->event);
      const auto field = event.FindField(FoldCase(vocabulary.event(reference.event).fields[reference.symbol].name));
      return field.has_value() ? event.fields[*field].name : "a field of the event";
    }
    case sema::Reference::Space::kFact:
      return "last contacted";
    case sema::Reference::Space::kEntered:
      return "became " + vocabulary.property(reference.symbol).options.options[reference.option].label + " date";
    default:
      return vocabulary.property(reference.symbol).name;
  }
}

Computed Compute(const Scene& scene, const sema::Value& value, sema::Type type) {
  if (const auto* constant = std::get_if<std::int64_t>(&value)) return {NumberValue(*constant), {}, {}};
  if (const auto* reference = std::get_if<sema::Reference>(&value)) return Copied(scene, *reference, type);
  if (const auto* text = std::get_if<sema::Text>(&value)) {
    const Value filled = TextValue(Fill(scene, *text));
    return {filled, filled.text.size() > kTextMax ? "out of range" : "", {}};
  }
  return Stack(scene, std::get<sema::Computation>(value)).Run();
}

}  // namespace stagecraft::reference
