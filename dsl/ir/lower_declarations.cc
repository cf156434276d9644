#include <algorithm>
#include <set>
#include <utility>

#include "dsl/ir/lowering.h"

namespace stagecraft::ir {

void Lowering::LowerDeclarations() {
  for (const sema::Email& email : script_.emails)
    program_->emails.push_back({email.name, TemplateOf(email.subject), TemplateOf(email.body)});
  for (const sema::Pipeline& source : script_.pipelines) {
    Pipeline& pipeline = program_->pipelines.emplace_back();
    pipeline.name = source.name;
    for (const sema::Pipeline::Stage& stage : source.stages) {
      pipeline.stages.push_back({stage.name, static_cast<std::int32_t>(stage.probability.value_or(-1))});
    }
  }
  for (const sema::Form& form : script_.forms) program_->forms.push_back({form.name, form.level});
  for (const sema::ListSymbol& list : script_.vocabulary.lists()) {
    const std::uint32_t number = list.by_hand ? numbering_.slots[list.member] : numbering_.nodes[list.member];
    program_->lists.push_back({list.name, list.by_hand, number, list.text, PlaceOf(list.span)});
  }
  for (const sema::View& view : script_.views) LowerView(view);
}

void Lowering::LowerView(const sema::View& source) {
  View view;
  view.name = source.name;
  view.text = source.text;
  view.place = PlaceOf(source.span);
  view.condition = graph_.Build(source.condition);
  walk_(view.condition, [&view](const Test& test) { view.reads_viewer = view.reads_viewer || test.op == Op::kIsMe; });
  for (const sema::View::Column& column : source.columns) view.columns.push_back({column.name, graph_.LowerReference(column.reference)});
  for (const sema::View::SortKey& key : source.sort) view.sort.push_back({graph_.LowerReference(key.reference), key.descending});
  program_->views.push_back(std::move(view));
}

Promise& Lowering::PromiseOf(std::string text, Span span) {
  const std::uint32_t number = program_->layout.promises.Intern(text);
  if (program_->promises.size() <= number) program_->promises.resize(number + 1);
  Promise& promise = program_->promises[number];
  promise = {};
  promise.text = std::move(text);
  promise.declared = true;
  promise.place = PlaceOf(span);
  return promise;
}

// The properties that a condition reads, itself or through the derived values that it reads; ascending.
std::vector<std::uint32_t> Lowering::SlotsBehind(Entry entry) const {
  std::set<std::uint32_t> slots;
  std::set<std::uint32_t> nodes;
  std::vector<Entry> open = {entry};
  while (!open.empty()) {
    const Entry next = open.back();
    open.pop_back();
    walk_(next, [&](const Test& test) {
      const Operand& operand = test.operand;
      const bool seen = test.op == Op::kSeen || test.op == Op::kSeenSince || test.op == Op::kSeenSinceRun;
      const bool node = !seen && operand.space == Space::kNode;
      if (node && nodes.insert(operand.index).second) {
        open.push_back(program_->nodes[operand.index].condition);
        for (const std::uint32_t criterion : program_->nodes[operand.index].criteria) open.push_back(program_->nodes[criterion].condition);
      }
      const bool property = operand.space == Space::kProperty || operand.space == Space::kPrevious || operand.space == Space::kEntered;
      if (!seen && property) slots.insert(operand.index);
    });
  }
  return {slots.begin(), slots.end()};
}

void Lowering::LowerPromise(const sema::Promise& source) {
  if (!source.reads_previous) {
    const std::uint32_t node = WatchOf(source.broken, PlaceOf(source.span));
    PromiseOf(source.text, source.span).node = node;
    return;
  }
  const Entry broken = graph_.Build(source.broken);
  Promise& promise = PromiseOf(source.text, source.span);
  promise.kind = Promise::Kind::kEnds;
  promise.broken = broken;
  promise.slots = SlotsBehind(broken);
}

void Lowering::LowerMoves(const sema::Moves& source) {
  const sema::PropertySymbol& property = script_.vocabulary.property(source.property);
  const std::uint32_t slot = numbering_.slots[source.property];
  Promise& promise = PromiseOf("moves of " + property.name, source.span);
  promise.kind = Promise::Kind::kMoves;
  promise.slots = {slot};
  sema::Reference reference;
  reference.symbol = source.property;
  std::vector<std::uint32_t> all;
  for (std::uint32_t option = 0; option < property.options.options.size(); ++option) all.push_back(option);
  // Nothing is said of an option that no script declares any more: it may become anything.
  promise.allowed.assign(program_->properties[slot].options.size(), graph_.OptionMask(reference, all));
  for (std::uint32_t from = 0; from < source.allowed.size(); ++from) {
    promise.allowed[numbering_.options[source.property][from]] = graph_.OptionMask(reference, source.allowed[from]);
  }
}

// Those that no script declares any more keep their number and their text.
void Lowering::LowerPromises() {
  for (const sema::Promise& promise : script_.promises) LowerPromise(promise);
  for (const sema::Moves& moves : script_.moves) LowerMoves(moves);
  program_->promises.resize(program_->layout.promises.size());
  for (std::uint32_t number = 0; number < program_->promises.size(); ++number) {
    Promise& promise = program_->promises[number];
    if (!promise.declared) promise.text = program_->layout.promises.Name(number);
  }
}

}  // namespace stagecraft::ir
