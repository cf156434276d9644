#include "tests/reference/resolve.h"

#include <cmath>

#include "dsl/support/text.h"

namespace stagecraft::reference {
namespace {

Value ReadText(sema::Type type, const sema::OptionSet& options, std::string_view text) {
  if (text.empty()) return {};
  if (sema::IsText(type)) return TextValue(std::string(text));
  const std::optional<std::uint32_t> option = type == sema::Type::kOption ? options.Find(FoldCase(text)) : std::nullopt;
  if (!option.has_value()) throw Unsupported("a value in words: " + std::string(text));
  return NumberValue(*option);
}

Value ReadInput(const Script& script, sema::Type type, const sema::OptionSet& options, const runtime::InputValue& input) {
  if (std::holds_alternative<std::monostate>(input)) return {};
  if (const auto* text = std::get_if<std::string_view>(&input)) return ReadText(type, options, *text);
  if (const auto* number = std::get_if<double>(&input)) return NumberValue(std::llround(*number * static_cast<double>(kScale)));
  if (const auto* truth = std::get_if<bool>(&input)) return NumberValue(*truth ? 1 : 0);
  const Micros at = std::get<runtime::Micros>(input);
  return NumberValue(type == sema::Type::kDate ? script.calendar().DateOf(at) : at);
}

}  // namespace

Incoming Resolve(const Script& script, const runtime::EventInput& input, int record) {
  const std::optional<Symbol> symbol = script.vocabulary().FindEvent(FoldCase(input.type));
  if (!symbol.has_value()) throw Unsupported("no such event");
  const sema::EventSymbol& event = script.vocabulary().event(*symbol);
  Incoming incoming;
  incoming.event = {*symbol, input.occurred_at, record, {}};
  for (const runtime::NamedInput& each : input.fields) {
    const std::uint32_t field = event.FindField(FoldCase(each.name)).value();
    const Value value = ReadInput(script, event.fields[field].type, event.fields[field].options, each.value);
    if (value.set) incoming.event.fields[field] = value;
  }
  incoming.properties = ResolveProperties(script, input);
  return incoming;
}

std::vector<std::pair<Symbol, Value>> ResolveProperties(const Script& script, const runtime::EventInput& input) {
  std::vector<std::pair<Symbol, Value>> properties;
  for (const runtime::NamedInput& each : input.properties) {
    const Symbol property = script.vocabulary().FindProperty(FoldCase(each.name)).value();
    const sema::PropertySymbol& declared = script.vocabulary().property(property);
    properties.emplace_back(property, ReadInput(script, declared.type, declared.options, each.value));
  }
  return properties;
}

}  // namespace stagecraft::reference
