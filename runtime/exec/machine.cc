#include "runtime/exec/machine.h"

#include <algorithm>

#include "runtime/exec/pattern.h"
#include "runtime/exec/text_match.h"

namespace stagecraft::runtime {
namespace {

// A moment as the operand wants it: itself, or its date.
Reading FromMoment(const Scene& scene, const ir::Operand& operand, Micros at) {
  return {true, operand.type == ir::Type::kDate ? scene.calendar->DateOf(at) : at, {}};
}

bool IsMomentAsDate(const ir::Operand& operand, ir::Type stored) { return operand.type == ir::Type::kDate && stored == ir::Type::kTime; }

Reading FromSlot(const Scene& scene, const ir::Operand& operand) {
  const Contact& contact = *scene.contact;
  if (!contact.IsSet(operand.index)) return {};
  if (ir::IsText(operand.type)) return {true, 0, contact.Text(operand.index)};
  const std::int64_t number = contact.Number(operand.index);
  if (IsMomentAsDate(operand, scene.program->properties[operand.index].type)) return FromMoment(scene, operand, number);
  return {true, number, {}};
}

Reading FromValue(const Scene& scene, const ir::Operand& operand, const Value& value, ir::Type stored) {
  if (!value.set) return {};
  if (IsMomentAsDate(operand, stored)) return FromMoment(scene, operand, value.number);
  return {true, value.number, value.text};
}

Reading FromPrevious(const Scene& scene, const ir::Operand& operand) {
  if (scene.before != nullptr) {
    for (const SlotBefore& before : *scene.before) {
      if (before.slot == operand.index) return FromValue(scene, operand, before.value, scene.program->properties[operand.index].type);
    }
  }
  return FromSlot(scene, operand);
}

Reading FromField(const Scene& scene, const ir::Operand& operand) {
  if (scene.fields == nullptr || scene.event == nullptr || operand.index >= scene.event->fields.size()) return {};
  for (const RecordedField& field : *scene.fields) {
    if (field.field == operand.index) return FromValue(scene, operand, field.value, scene.event->fields[operand.index].type);
  }
  return {};
}

std::string_view NameOf(const Scene& scene) {
  const ir::WellKnown& known = scene.program->well_known;
  const auto text = [&](const std::optional<std::uint32_t>& slot) { return slot ? scene.contact->Text(*slot) : std::string_view(); };
  const std::string_view first = text(known.first_name);
  const std::string_view last = text(known.last_name);
  if (!first.empty() && !last.empty()) {
    thread_local std::string composed;
    composed.assign(first).append(1, ' ').append(last);
    return composed;
  }
  if (!first.empty() || !last.empty()) return first.empty() ? last : first;
  const std::string_view email = text(known.email);
  return email.empty() ? std::string_view(scene.contact->id()) : email;
}

Reading FromContact(const Scene& scene, const ir::Operand& operand) {
  switch (static_cast<ir::ContactFact>(operand.index)) {
    case ir::ContactFact::kId:
      return {true, 0, scene.contact->id()};
    case ir::ContactFact::kName:
      return {true, 0, NameOf(scene)};
    case ir::ContactFact::kCreated:
      return FromMoment(scene, operand, scene.contact->created_at());
    case ir::ContactFact::kLastContacted:
      if (scene.contact->last_contacted() == 0) return {};
      return FromMoment(scene, operand, scene.contact->last_contacted());
  }
  return {};
}

// What set the run off is not what it waits for: of its own moment, only events of other records count.
bool HasSeenSinceRun(const Track& track, Micros started_at, Sequence cause) {
  if (track.times.back() != started_at) return track.times.back() > started_at;
  return track.first_record != cause || track.last_record != cause;
}

bool HasSeen(const Scene& scene, const Tables& tables, const ir::Test& test) {
  const Track* track = scene.contact->FindTrack(test.operand.index);
  if (track == nullptr) return false;
  const Micros last = track->times.back();
  if (test.op == ir::Op::kSeen) return test.imm == 0 || last > scene.now - test.imm;
  if (test.op == ir::Op::kSeenSinceRun) return scene.run_started_at && HasSeenSinceRun(*track, *scene.run_started_at, scene.run_cause);
  const std::optional<Micros> since = MomentOf(scene, tables.sinces[static_cast<std::size_t>(test.imm)]);
  return since && last >= *since;
}

bool IsMember(const Scene& scene, std::string_view user, std::size_t team) {
  const std::vector<std::string>& members = scene.program->teams[team].members;
  return std::any_of(members.begin(), members.end(), [&](const std::string& member) { return SameName(member, user); });
}

bool PassesText(const Scene& scene, const Tables& tables, const ir::Test& test, std::string_view text) {
  const auto number = static_cast<std::size_t>(test.imm);
  switch (test.op) {
    case ir::Op::kTextMatches:
      return tables.patterns != nullptr ? tables.patterns->Matches(number, text) : MatchPattern(tables.texts[number], text);
    case ir::Op::kInTeam:
      return IsMember(scene, text, number);
    case ir::Op::kIsMe:
      return !scene.viewer.empty() && SameName(scene.viewer, text);
    default:
      return MatchText(test.op, text, tables.texts[number]);
  }
}

bool Passes(const Scene& scene, const Tables& tables, const ir::Test& test) {
  if (IsSeen(test.op)) return HasSeen(scene, tables, test);
  if (test.op == ir::Op::kLately || test.op == ir::Op::kSoon) {
    const NearSpan span = SpanOf(scene, test);
    return scene.now >= span.first && scene.now < span.end;
  }
  const Reading reading = Read(scene, test.operand);
  if (!reading.set) return false;
  switch (test.op) {
    case ir::Op::kIsSet:
      return true;
    case ir::Op::kOptionIn:
      return ir::MaskHas(tables.masks[static_cast<std::size_t>(test.imm)], reading.number);
    case ir::Op::kEqual:
      return reading.number == test.imm;
    case ir::Op::kLess:
      return reading.number < test.imm;
    case ir::Op::kLessEqual:
      return reading.number <= test.imm;
    case ir::Op::kGreater:
      return reading.number > test.imm;
    case ir::Op::kGreaterEqual:
      return reading.number >= test.imm;
    default:
      return PassesText(scene, tables, test, reading.text);
  }
}

}  // namespace

Reading Read(const Scene& scene, const ir::Operand& operand) {
  switch (operand.space) {
    case ir::Space::kProperty:
      return FromSlot(scene, operand);
    case ir::Space::kPrevious:
      return FromPrevious(scene, operand);
    case ir::Space::kEntered: {
      const std::optional<Micros> at = scene.contact->EnteredAt(operand.index, operand.option);
      return at ? FromMoment(scene, operand, *at) : Reading{};
    }
    case ir::Space::kField:
      return FromField(scene, operand);
    case ir::Space::kNode:
      return {true, scene.contact->derived[operand.index], {}};
    case ir::Space::kContact:
      return FromContact(scene, operand);
  }
  return {};
}

const std::vector<ir::Option>* OptionsOf(const Scene& scene, const ir::Operand& operand) {
  if (operand.space == ir::Space::kProperty || operand.space == ir::Space::kPrevious)
    return &scene.program->properties[operand.index].options;
  if (operand.space == ir::Space::kField && scene.event != nullptr && operand.index < scene.event->fields.size()) {
    return &scene.event->fields[operand.index].options;
  }
  return nullptr;
}

std::optional<Micros> MomentOf(const Scene& scene, const ir::Since& since) {
  const ir::Operand& operand = since.operand;
  if (operand.space == ir::Space::kEntered) return scene.contact->EnteredAt(operand.index, operand.option);
  if (!scene.contact->IsSet(operand.index)) return std::nullopt;
  const std::int64_t stored = scene.contact->Number(operand.index);
  return scene.program->properties[operand.index].type == ir::Type::kDate ? scene.calendar->StartOf(stored) : stored;
}

std::optional<Micros> MomentOf(const Scene& scene, const ir::Operand& operand) {
  const Reading reading = Read(scene, operand);
  if (!reading.set) return std::nullopt;
  return operand.type == ir::Type::kDate ? scene.calendar->StartOf(reading.number) : reading.number;
}

// Today is within both; this very moment is within the last: a moment is soon until it is there. Around a date whole days are days of the
// calendar, and a date is asked for whole days only.
NearSpan SpanOf(const Scene& scene, const ir::Test& test) {
  const Reading reading = Read(scene, test.operand);
  if (!reading.set) return {};
  const bool lately = test.op == ir::Op::kLately;
  if (test.operand.type != ir::Type::kDate) {
    return lately ? NearSpan{reading.number, reading.number + test.imm} : NearSpan{reading.number - test.imm, reading.number};
  }
  const std::int64_t days = test.imm / ir::kMicrosPerDay;
  const auto start = [&](std::int64_t date) { return scene.calendar->StartOf(date); };
  return lately ? NearSpan{start(reading.number), start(reading.number + days)}
                : NearSpan{start(reading.number - days), start(reading.number + 1)};
}

bool Meets(const Scene& scene, const Tables& tables, ir::Entry entry) {
  while (entry < ir::kFails) {
    const ir::Test& test = tables.tests[entry];
    entry = Passes(scene, tables, test) ? test.on_true : test.on_false;
  }
  return entry == ir::kHolds;
}

}  // namespace stagecraft::runtime
