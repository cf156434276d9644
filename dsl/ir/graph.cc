#include "dsl/ir/graph.h"

#include <utility>

namespace stagecraft::ir {
namespace {

Op CompareOp(sema::Relation relation) {
  switch (relation) {
    case sema::Relation::kEqual:
      return Op::kEqual;
    case sema::Relation::kLess:
      return Op::kLess;
    case sema::Relation::kLessEqual:
      return Op::kLessEqual;
    case sema::Relation::kGreater:
      return Op::kGreater;
    case sema::Relation::kGreaterEqual:
      return Op::kGreaterEqual;
  }
  return Op::kEqual;
}

Op TextOp(sema::TextRelation relation) {
  switch (relation) {
    case sema::TextRelation::kEqual:
      return Op::kTextEqual;
    case sema::TextRelation::kContains:
      return Op::kTextContains;
    case sema::TextRelation::kStarts:
      return Op::kTextStarts;
    case sema::TextRelation::kEnds:
      return Op::kTextEnds;
    case sema::TextRelation::kGlob:
      return Op::kTextGlob;
    case sema::TextRelation::kMatches:
      return Op::kTextMatches;
  }
  return Op::kTextEqual;
}

bool IsEntry(Entry entry) { return entry != kHolds && entry != kFails; }

}  // namespace

Operand GraphBuilder::LowerReference(const sema::Reference& reference) const {
  Operand operand;
  operand.type = reference.type;
  const auto slot = [&] { return static_cast<std::uint16_t>(numbering_.slots[reference.symbol]); };
  switch (reference.space) {
    case sema::Reference::Space::kProperty:
      operand.space = Space::kProperty;
      operand.index = slot();
      break;
    case sema::Reference::Space::kPrevious:
      operand.space = Space::kPrevious;
      operand.index = slot();
      break;
    case sema::Reference::Space::kEntered:
      operand.space = Space::kEntered;
      operand.index = slot();
      operand.option = static_cast<std::uint16_t>(numbering_.options[reference.symbol][reference.option]);
      break;
    case sema::Reference::Space::kField:
      operand.space = Space::kField;
      operand.index = static_cast<std::uint16_t>(numbering_.fields[reference.event][reference.symbol]);
      break;
    case sema::Reference::Space::kDerived:
      operand.space = Space::kNode;
      operand.index = static_cast<std::uint16_t>(numbering_.nodes[reference.symbol]);
      operand.type = Type::kNumber;
      break;
    case sema::Reference::Space::kFact:
      operand.space = Space::kContact;
      switch (static_cast<sema::Fact>(reference.symbol)) {
        case sema::Fact::kId:
          operand.index = static_cast<std::uint16_t>(ContactFact::kId);
          break;
        case sema::Fact::kCreated:
          operand.index = static_cast<std::uint16_t>(ContactFact::kCreated);
          break;
        case sema::Fact::kLastContacted:
          operand.index = static_cast<std::uint16_t>(ContactFact::kLastContacted);
          break;
        case sema::Fact::kName:
          operand.index = static_cast<std::uint16_t>(ContactFact::kName);
          break;
      }
      break;
  }
  return operand;
}

Mask GraphBuilder::OptionMask(const sema::Reference& reference, const std::vector<std::uint32_t>& options) const {
  const bool field = reference.space == sema::Reference::Space::kField;
  const bool truth = !field && vocabulary_.property(reference.symbol).type == Type::kTruth;
  Mask mask;
  for (const std::uint32_t option : options) {
    std::uint32_t number = option;
    if (!truth)
      number = field ? numbering_.field_options[reference.event][reference.symbol][option] : numbering_.options[reference.symbol][option];
    if (mask.size() <= number / 64) mask.resize(number / 64 + 1);
    mask[number / 64] |= std::uint64_t{1} << (number % 64);
  }
  return mask;
}

std::int64_t GraphBuilder::MaskNumber(Mask mask) {
  const auto [it, added] = mask_numbers_.emplace(std::move(mask), static_cast<std::int64_t>(tables_.masks.size()));
  if (added) tables_.masks.push_back(it->first);
  return it->second;
}

std::int64_t GraphBuilder::TextNumber(const std::string& text) {
  const auto [it, added] = text_numbers_.emplace(text, static_cast<std::int64_t>(tables_.texts.size()));
  if (added) tables_.texts.push_back(text);
  return it->second;
}

std::int64_t GraphBuilder::SinceNumber(const sema::Reference& reference) {
  const auto [it, added] =
      since_numbers_.emplace(sema::CanonicalText(reference, vocabulary_), static_cast<std::int64_t>(tables_.sinces.size()));
  if (added) tables_.sinces.push_back(LowerSince(reference));
  return it->second;
}

Test GraphBuilder::LowerSeen(const sema::Condition& condition) {
  Test test;
  test.op = Op::kSeen;
  if (condition.kind == sema::Condition::Kind::kSeenSince) {
    test.op = Op::kSeenSince;
    test.imm = SinceNumber(condition.since);
  } else if (condition.kind == sema::Condition::Kind::kSeenSinceRun) {
    test.op = Op::kSeenSinceRun;
  } else {
    test.imm = condition.within_us;
  }
  const std::int64_t kept_for = test.op == Op::kSeen ? condition.within_us : 0;
  test.operand.index = static_cast<std::uint16_t>(trackers_.TrackerOf(condition.events, kept_for, false, condition.span));
  return test;
}

Test GraphBuilder::LowerTest(const sema::Condition& condition) {
  Test test;
  switch (condition.kind) {
    case sema::Condition::Kind::kSeen:
    case sema::Condition::Kind::kSeenSince:
    case sema::Condition::Kind::kSeenSinceRun:
      return LowerSeen(condition);
    case sema::Condition::Kind::kOptionIn:
      test.op = Op::kOptionIn;
      test.imm = MaskNumber(OptionMask(condition.reference, condition.options));
      break;
    case sema::Condition::Kind::kCompare:
      test.op = CompareOp(condition.relation);
      test.imm = condition.number;
      break;
    case sema::Condition::Kind::kText:
      test.op = TextOp(condition.text_relation);
      test.imm = TextNumber(condition.text);
      break;
    case sema::Condition::Kind::kLately:
    case sema::Condition::Kind::kSoon:
      test.op = condition.kind == sema::Condition::Kind::kLately ? Op::kLately : Op::kSoon;
      test.imm = condition.within_us;
      break;
    case sema::Condition::Kind::kInTeam:
      test.op = Op::kInTeam;
      test.imm = numbering_.teams[condition.team];
      break;
    case sema::Condition::Kind::kIsMe:
      test.op = Op::kIsMe;
      break;
    default:
      test.op = Op::kIsSet;
      break;
  }
  test.operand = LowerReference(condition.reference);
  return test;
}

Entry GraphBuilder::Add(Test test, Entry on_true, Entry on_false) {
  test.on_true = on_true;
  test.on_false = on_false;
  pending_.push_back(test);
  return static_cast<Entry>(pending_.size() - 1);
}

Entry GraphBuilder::Lower(const sema::Condition& condition, Entry on_true, Entry on_false) {
  switch (condition.kind) {
    case sema::Condition::Kind::kAlways:
      return on_true;
    case sema::Condition::Kind::kNever:
      return on_false;
    case sema::Condition::Kind::kNot:
      return Lower(condition.operands.front(), on_false, on_true);
    case sema::Condition::Kind::kAnd: {
      Entry next = on_true;
      for (auto it = condition.operands.rbegin(); it != condition.operands.rend(); ++it) next = Lower(*it, next, on_false);
      return next;
    }
    case sema::Condition::Kind::kOr: {
      Entry next = on_false;
      for (auto it = condition.operands.rbegin(); it != condition.operands.rend(); ++it) next = Lower(*it, on_true, next);
      return next;
    }
    default:
      return Add(LowerTest(condition), on_true, on_false);
  }
}

Entry GraphBuilder::Build(const sema::Condition& condition) {
  const std::string key = sema::CanonicalText(condition, vocabulary_);
  if (const auto built = built_.find(key); built != built_.end()) return built->second;
  // A new tracker builds the conditions on its events in between.
  std::vector<Test> outer = std::exchange(pending_, {});
  const Entry first = Lower(condition, kHolds, kFails);
  // The last test was made first; turned round, every successor has a higher number.
  const auto base = static_cast<Entry>(tables_.tests.size());
  const auto count = static_cast<Entry>(pending_.size());
  const auto place = [&](Entry entry) { return IsEntry(entry) ? base + (count - 1 - entry) : entry; };
  for (auto test = pending_.rbegin(); test != pending_.rend(); ++test) {
    test->on_true = place(test->on_true);
    test->on_false = place(test->on_false);
    tables_.tests.push_back(*test);
  }
  pending_ = std::move(outer);
  built_.emplace(key, place(first));
  return place(first);
}

Entry GraphBuilder::BuildAll(const std::vector<sema::Condition>& conditions) { return Build(sema::AllOf(conditions)); }

}  // namespace stagecraft::ir
