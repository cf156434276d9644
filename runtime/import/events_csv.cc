#include "runtime/import/events_csv.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <span>

#include "dsl/support/text.h"
#include "runtime/exec/calendar.h"
#include "runtime/import/cell.h"
#include "runtime/import/csv.h"
#include "runtime/import/hubspot_headers.h"
#include "runtime/model/reasons.h"

namespace stagecraft::runtime {
namespace {

Status Invalid(Reason reason, std::string message) { return {StatusCode::kInvalidArgument, reason, std::move(message), {}}; }

// A pattern cut into pieces: a literal, then a column, then a literal …
struct Pattern {
  struct Piece {
    std::string literal;
    std::optional<std::size_t> column;  // used when present
  };
  std::vector<Piece> pieces;

  std::string Fill(std::span<const CsvValue> row) const {
    std::string text;
    for (const auto& piece : pieces) text += piece.column ? row[*piece.column].text : piece.literal;
    return text;
  }
  // The first column that it reads; nothing when it reads none.
  std::optional<std::size_t> FirstColumn() const {
    for (const auto& piece : pieces) {
      if (piece.column) return piece.column;
    }
    return std::nullopt;
  }
};

struct Target {
  std::string name;
  ir::Type type = ir::Type::kText;
  const ir::Property* property = nullptr;  // of an option property
  Pattern pattern;
};

// An EventMapping made ready for a file.
struct Ready {
  const EventMapping* mapping = nullptr;
  Pattern contact, occurred_at, id, actor;
  std::vector<Target> fields, properties;
  MomentReader moments;
};

}  // namespace

struct EventsCsv::Impl {
  Impl(std::shared_ptr<const ir::Program> with, std::vector<EventMapping> by)
      : program(std::move(with)), mappings(std::move(by)), reader([this](std::span<const CsvValue> row) { Row(row); }) {}

  void Row(std::span<const CsvValue> row) {
    if (!failure.ok()) return;
    if (headings.empty()) {
      for (const auto& value : row) headings.push_back(Nfc(value.text));
      failure = Prepare();
      return;
    }
    if (row.size() != headings.size()) {
      problems.push_back(
          {row.front().line, 0, "", "", fmt::format("the row has {} values, the heading has {}", row.size(), headings.size())});
      return;
    }
    for (std::size_t i = 0; i < row.size(); ++i) {
      if (!InvalidUtf8(row[i].text)) continue;
      Report(row, i, "", "the value is not in UTF-8; save the file as `CSV UTF-8`");
      return;
    }
    for (const auto& mapping : ready) Make(mapping, row);
  }

  Status Cut(std::string_view text, Pattern& out) const {
    while (!text.empty()) {
      const auto open = text.find('{');
      if (open != 0) out.pieces.push_back({std::string(text.substr(0, open)), std::nullopt});
      if (open == std::string_view::npos) return {};
      const auto close = text.find('}', open);
      if (close == std::string_view::npos)
        return Invalid(reasons::kInvalidMapping, fmt::format("`{}` lacks its closing `}}`", text.substr(open)));
      const auto heading = text.substr(open + 1, close - open - 1);
      const auto folded = FoldCase(heading);
      const auto found = std::find_if(headings.begin(), headings.end(), [&](const std::string& each) { return FoldCase(each) == folded; });
      if (found == headings.end()) {
        std::string list;
        for (const auto& each : headings) list += (list.empty() ? "`" : ", `") + each + "`";
        return Invalid(reasons::kInvalidMapping, fmt::format("there is no column `{}`; the columns are {}", heading, list));
      }
      out.pieces.push_back({"", static_cast<std::size_t>(found - headings.begin())});
      text.remove_prefix(close + 1);
    }
    return {};
  }

  Status PrepareProperty(const std::string& name, const std::string& pattern, Ready& out) const {
    const auto slot = PropertyOfHeader(*program, name);
    if (!slot) return Invalid(reasons::kInvalidMapping, fmt::format("there is no property `{}`", name));
    const ir::Property& property = program->properties[*slot];
    out.properties.push_back({property.name, property.type, property.type == ir::Type::kOption ? &property : nullptr, {}});
    return Cut(pattern, out.properties.back().pattern);
  }

  Status PrepareField(const ir::Event& event, const std::string& name, const std::string& pattern, Ready& out) const {
    const auto folded = FoldCase(name);
    const auto found = std::find_if(event.fields.begin(), event.fields.end(),
                                    [&](const ir::Field& field) { return field.declared && FoldCase(field.name) == folded; });
    if (found == event.fields.end())
      return Invalid(reasons::kInvalidMapping, fmt::format("the event `{}` has no field `{}`", event.name, name));
    out.fields.push_back({found->name, found->type, nullptr, {}});
    return Cut(pattern, out.fields.back().pattern);
  }

  Status PrepareOne(const EventMapping& mapping) {
    Ready one;
    one.mapping = &mapping;
    const auto event = program->event_names.find(FoldCase(mapping.type));
    if (event == program->event_names.end()) return Invalid(reasons::kInvalidMapping, fmt::format("there is no event `{}`", mapping.type));
    auto order = std::optional(DateOrder::kMonthDayYear);
    if (!mapping.date_order.empty()) order = ParseDateOrder(mapping.date_order);
    if (!order)
      return Invalid(reasons::kInvalidMapping,
                     fmt::format("`{}` is no order of dates; write `DD-MM-YYYY` or `MM/DD/YYYY`", mapping.date_order));
    one.moments = MomentReader(*order, ZoneOf(program->calendar));
    const std::pair<const std::string*, Pattern*> patterns[] = {
        {&mapping.contact, &one.contact}, {&mapping.occurred_at, &one.occurred_at}, {&mapping.id, &one.id}, {&mapping.actor, &one.actor}};
    for (const auto& [text, pattern] : patterns) {
      if (auto status = Cut(*text, *pattern); !status.ok()) return status;
    }
    for (const auto& [name, pattern] : mapping.fields) {
      if (auto status = PrepareField(program->events[event->second], name, pattern, one); !status.ok()) return status;
    }
    for (const auto& [name, pattern] : mapping.properties) {
      if (auto status = PrepareProperty(name, pattern, one); !status.ok()) return status;
    }
    ready.push_back(std::move(one));
    return {};
  }

  Status Prepare() {
    for (const auto& mapping : mappings) {
      if (auto status = PrepareOne(mapping); !status.ok()) return status;
    }
    return {};
  }

  void Report(std::span<const CsvValue> row, std::optional<std::size_t> column, std::string value, std::string reason) {
    if (!column) {
      problems.push_back({row.front().line, 0, "", std::move(value), std::move(reason)});
    } else {
      problems.push_back(
          {row[*column].line, static_cast<std::uint32_t>(*column + 1), headings[*column], std::move(value), std::move(reason)});
    }
  }

  // Fills what `targets` say into `out`; false when a value is bad (and reported).
  bool FillIn(const std::vector<Target>& targets, const MomentReader& moments, std::span<const CsvValue> row,
              std::vector<OwnedInput>& out) {
    for (const auto& target : targets) {
      auto text = target.pattern.Fill(row);
      if (text.empty()) continue;
      if (target.property != nullptr) text = ReadOption(*target.property, text);
      auto value = ReadCell(target.type, text, moments);
      if (!value) {
        Report(row, target.pattern.FirstColumn(), std::move(text), std::string(ExpectedMoment(target.type)));
        return false;
      }
      out.push_back({target.name, std::move(*value)});
    }
    return true;
  }

  void Make(const Ready& by, std::span<const CsvValue> row) {
    OwnedEvent event;
    event.line = row.front().line;
    event.type = by.mapping->type;
    event.create = by.mapping->create_if_missing ? CreateMode::kCreateIfMissing : CreateMode::kMustExist;
    event.contact = by.contact.Fill(row);
    event.actor = by.actor.Fill(row);
    if (event.contact.empty()) return Report(row, by.contact.FirstColumn(), "", "the row has no id of a contact");
    auto when = by.occurred_at.Fill(row);
    const auto moment = by.moments.Read(when);
    if (!moment) return Report(row, by.occurred_at.FirstColumn(), std::move(when), std::string(ExpectedMoment(ir::Type::kTime)));
    event.occurred_at = moment->at;
    if (!FillIn(by.fields, by.moments, row, event.fields) || !FillIn(by.properties, by.moments, row, event.properties)) return;
    event.id = by.id.Fill(row);
    if (event.id.empty()) {
      std::vector<std::string_view> parts = {event.type, event.contact, when};
      for (const auto& value : row) parts.push_back(value.text);
      event.id = HashedId("row-", parts);
    }
    events.push_back(std::move(event));
  }

  std::shared_ptr<const ir::Program> program;
  std::vector<EventMapping> mappings;
  CsvReader reader;
  Status failure;
  std::vector<std::string> headings;
  std::vector<Ready> ready;
  std::vector<OwnedEvent> events;
  std::vector<ImportProblem> problems;
};

EventsCsv::EventsCsv(std::shared_ptr<const ir::Program> program, std::vector<EventMapping> mappings)
    : impl_(std::make_unique<Impl>(std::move(program), std::move(mappings))) {}
EventsCsv::~EventsCsv() = default;

Status EventsCsv::Feed(std::string_view bytes) {
  if (impl_->failure.ok()) {
    auto status = impl_->reader.Feed(bytes);
    if (impl_->failure.ok()) impl_->failure = std::move(status);
  }
  return impl_->failure;
}

Status EventsCsv::Finish() {
  if (impl_->failure.ok()) {
    auto status = impl_->reader.Finish();
    if (impl_->failure.ok()) impl_->failure = std::move(status);
  }
  if (impl_->failure.ok() && impl_->headings.empty())
    impl_->failure = Invalid(reasons::kInvalidCsv, "the file is empty; expected a line of column headings");
  return impl_->failure;
}

std::vector<OwnedEvent> EventsCsv::TakeEvents() { return std::exchange(impl_->events, {}); }
std::vector<ImportProblem> EventsCsv::TakeProblems() { return std::exchange(impl_->problems, {}); }

}  // namespace stagecraft::runtime
