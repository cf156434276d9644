#include "runtime/import/contacts_import.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <span>

#include "dsl/support/text.h"
#include "runtime/exec/calendar.h"
#include "runtime/exec/resolve.h"
#include "runtime/import/cell.h"
#include "runtime/import/csv.h"
#include "runtime/import/hubspot_headers.h"
#include "runtime/model/reasons.h"

namespace stagecraft::runtime {
namespace {

Status Invalid(Reason reason, std::string message) { return {StatusCode::kInvalidArgument, reason, std::move(message), {}}; }

// `17` of `17;23`.
std::string FirstOf(const std::string& list) {
  std::string first = list.substr(0, list.find(';'));
  while (first.ends_with(' ')) first.pop_back();
  return first;
}

struct Column {
  std::string heading;
  std::optional<std::uint32_t> slot;  // property that it fills
};

}  // namespace

struct ContactsImport::Impl {
  Impl(std::shared_ptr<const ir::Program> with, ContactMapping by)
      : program(std::move(with)), mapping(std::move(by)), reader([this](std::span<const CsvValue> row) { Row(row); }) {}

  void Row(std::span<const CsvValue> row) {
    if (!failure.ok()) return;
    if (columns.empty()) {
      failure = Heading(row);
    } else {
      ++rows;
      ReadRow(row);
    }
  }

  std::optional<std::size_t> ColumnCalled(std::string_view heading) const {
    const auto folded = FoldCase(heading);
    const auto found =
        std::find_if(columns.begin(), columns.end(), [&](const Column& column) { return FoldCase(column.heading) == folded; });
    if (found == columns.end()) return std::nullopt;
    return static_cast<std::size_t>(found - columns.begin());
  }

  std::string Headings() const {
    std::string list;
    for (const auto& column : columns) list += (list.empty() ? "`" : ", `") + column.heading + "`";
    return list;
  }

  Status MissingColumn(std::string_view heading) const {
    return Invalid(reasons::kInvalidMapping, fmt::format("there is no column `{}`; the columns are {}", heading, Headings()));
  }

  Status Heading(std::span<const CsvValue> row) {
    for (const auto& value : row) {
      if (InvalidUtf8(value.text))
        return Invalid(reasons::kInvalidCsv, "the heading is not in UTF-8; save the file as `CSV UTF-8` and try again");
      columns.push_back({Nfc(value.text), std::nullopt});
    }
    if (!mapping.date_order.empty()) {
      const auto order = ParseDateOrder(mapping.date_order);
      if (!order)
        return Invalid(reasons::kInvalidMapping,
                       fmt::format("`{}` is no order of dates; write `DD-MM-YYYY` or `MM/DD/YYYY`", mapping.date_order));
      moments = MomentReader(*order, ZoneOf(program->calendar));
    } else {
      moments = MomentReader(DateOrder::kMonthDayYear, ZoneOf(program->calendar));
    }
    if (auto status = FindIdentity(); !status.ok()) return status;
    return MapColumns();
  }

  Status FindIdentity() {
    if (!mapping.id_column.empty()) {
      id_column = ColumnCalled(mapping.id_column);
      if (!id_column) return MissingColumn(mapping.id_column);
    }
    if (!mapping.create_time_column.empty()) {
      create_column = ColumnCalled(mapping.create_time_column);
      if (!create_column) return MissingColumn(mapping.create_time_column);
    }
    std::optional<std::size_t> email;
    for (std::size_t i = 0; i < columns.size(); ++i) {
      const auto role = RoleOfHeader(columns[i].heading);
      if (role == HeaderRole::kRecordId && !id_column) id_column = i;
      if (role == HeaderRole::kCreateDate && !create_column) create_column = i;
      if (!email && IsIdentity(columns[i].heading)) email = i;
    }
    if (!id_column) id_column = email;
    id_is_email = id_column && id_column == email;
    if (id_column) return {};
    if (mapping.companies) {
      return Invalid(
          reasons::kNoIdColumn,
          fmt::format("no column identifies the companies: expected `Record ID` or `Company Domain Name`, or say which one does; "
                      "the columns are {}",
                      Headings()));
    }
    return Invalid(reasons::kNoIdColumn,
                   fmt::format("no column identifies the contacts: expected `Record ID` or `Email`, or say which one does; the columns "
                               "are {}",
                               Headings()));
  }

  // Without an id of the record: what people and companies are known by.
  bool IsIdentity(std::string_view heading) const {
    const auto slot = SlotOf(heading);
    if (!slot) return false;
    return mapping.companies ? program->properties[*slot].name == "company domain" : slot == program->well_known.email;
  }

  std::optional<std::uint32_t> SlotOf(std::string_view heading) const {
    return mapping.companies ? CompanyPropertyOfHeader(*program, heading) : PropertyOfHeader(*program, heading);
  }

  Status MapColumns() {
    std::vector<bool> named(columns.size());
    std::vector<bool> filled(program->properties.size());
    for (const auto& [heading, property] : mapping.columns) {
      const auto column = ColumnCalled(heading);
      if (!column) return MissingColumn(heading);
      named[*column] = true;
      if (property.empty()) continue;
      const auto slot = SlotOf(property);
      if (!slot)
        return Invalid(reasons::kInvalidMapping,
                       fmt::format("column `{}` is to fill `{}`, but there is no such property", heading, property));
      if (filled[*slot]) return Invalid(reasons::kInvalidMapping, fmt::format("two columns are to fill `{}`", property));
      filled[*slot] = true;
      columns[*column].slot = slot;
    }
    for (std::size_t i = 0; i < columns.size(); ++i) {
      if (named[i]) continue;
      const auto slot = SlotOf(columns[i].heading);
      if (slot && !filled[*slot]) {
        filled[*slot] = true;
        columns[i].slot = slot;
      } else if (i != *id_column && i != create_column) {
        ignored.push_back(columns[i].heading);
      }
    }
    return {};
  }

  void Report(const CsvValue& value, std::size_t column, std::string reason) {
    problems.push_back({value.line, static_cast<std::uint32_t>(column + 1), columns[column].heading, value.text, std::move(reason)});
  }

  // Why the row as a whole cannot be read; nothing when it can.
  std::optional<ImportProblem> CheckShape(std::span<const CsvValue> row) const {
    const auto line = row.front().line;
    if (row.size() != columns.size()) {
      return ImportProblem{line, 0, "", "", fmt::format("the row has {} values, the heading has {}", row.size(), columns.size())};
    }
    for (std::size_t i = 0; i < row.size(); ++i) {
      if (!InvalidUtf8(row[i].text)) continue;
      return ImportProblem{row[i].line, static_cast<std::uint32_t>(i + 1), columns[i].heading, "",
                           "the value is not in UTF-8; save the file as `CSV UTF-8`"};
    }
    return std::nullopt;
  }

  void ReadRow(std::span<const CsvValue> row) {
    if (auto problem = CheckShape(row)) {
      problems.push_back(std::move(*problem));
      return;
    }
    const auto problems_before = problems.size();
    OwnedEvent event;
    event.line = row.front().line;
    event.type = mapping.companies ? "company updated" : "list imported";
    event.actor = mapping.actor;
    event.occurred_at = mapping.as_of;
    event.create = CreateMode::kCreateIfMissing;
    const CsvValue& id = row[*id_column];
    event.contact = id_is_email ? FoldCase(id.text) : id.text;
    if (event.contact.empty())
      Report(id, *id_column, mapping.companies ? "the row has no id of a company" : "the row has no id of a contact");
    for (std::size_t i = 0; i < columns.size(); ++i) ReadValue(row[i], i, event);
    if (problems.size() != problems_before) {
      if (!event.contact.empty()) refused_lines.emplace(event.contact, event.line);
      return;
    }
    event.id = IdOf(event);
    events.push_back(std::move(event));
  }

  void ReadValue(const CsvValue& value, std::size_t column, OwnedEvent& event) {
    if (value.text.empty()) return;
    if (column == create_column) {
      const auto moment = moments.Read(value.text);
      if (!moment) {
        Report(value, column, std::string(ExpectedMoment(ir::Type::kTime)));
      } else if (mapping.as_of != 0 && moment->at > mapping.as_of) {
        Report(value, column, "the contact was created after the moment that the file is of");
      } else {
        event.created_at = moment->at;
      }
    }
    if (!columns[column].slot) return;
    const auto slot = *columns[column].slot;
    const ir::Property& property = program->properties[slot];
    if (slot == program->well_known.company_id) {
      // HubSpot lists all companies of a contact, the primary one first.
      event.properties.push_back({property.name, FirstOf(value.text)});
      return;
    }
    auto read =
        property.type == ir::Type::kOption ? OwnedValue(ReadOption(property, value.text)) : ReadCell(property.type, value.text, moments);
    if (!read) {
      Report(value, column, std::string(ExpectedMoment(property.type)));
      return;
    }
    const auto* text = std::get_if<std::string>(&*read);
    const auto resolved =
        ResolveValue(*program, slot, text != nullptr ? InputValue(std::string_view(*text)) : InputValue(std::get<Micros>(*read)));
    if (!resolved) {
      Report(value, column, resolved.error().message);
      return;
    }
    event.properties.push_back({property.name, std::move(*read)});
  }

  std::string IdOf(const OwnedEvent& event) const {
    std::vector<std::string> numbers = {std::to_string(event.occurred_at), std::to_string(event.created_at)};
    numbers.reserve(2 + event.properties.size());  // views into it are kept
    std::vector<std::string_view> parts = {event.contact, numbers[0], numbers[1]};
    for (const auto& property : event.properties) {
      parts.push_back(property.name);
      const auto* text = std::get_if<std::string>(&property.value);
      parts.push_back(text != nullptr ? std::string_view(*text) : numbers.emplace_back(std::to_string(std::get<Micros>(property.value))));
    }
    return HashedId("import-", parts);
  }

  std::shared_ptr<const ir::Program> program;
  ContactMapping mapping;
  CsvReader reader;
  MomentReader moments;
  Status failure;
  std::vector<Column> columns;
  std::optional<std::size_t> id_column, create_column;
  bool id_is_email = false;
  std::vector<std::string> ignored;
  std::uint64_t rows = 0;
  std::vector<OwnedEvent> events;
  std::vector<ImportProblem> problems;
  std::map<std::string, std::uint32_t> refused_lines;
};

ContactsImport::ContactsImport(std::shared_ptr<const ir::Program> program, ContactMapping mapping)
    : impl_(std::make_unique<Impl>(std::move(program), std::move(mapping))) {}
ContactsImport::~ContactsImport() = default;

Status ContactsImport::Feed(std::string_view bytes) {
  if (impl_->failure.ok()) {
    auto status = impl_->reader.Feed(bytes);
    if (impl_->failure.ok()) impl_->failure = std::move(status);
  }
  return impl_->failure;
}

Status ContactsImport::Finish() {
  if (impl_->failure.ok()) {
    auto status = impl_->reader.Finish();
    if (impl_->failure.ok()) impl_->failure = std::move(status);
  }
  if (impl_->failure.ok() && impl_->columns.empty())
    impl_->failure = Invalid(reasons::kInvalidCsv, "the file is empty; expected a line of column headings");
  return impl_->failure;
}

std::vector<OwnedEvent> ContactsImport::TakeEvents() { return std::exchange(impl_->events, {}); }
std::vector<ImportProblem> ContactsImport::TakeProblems() { return std::exchange(impl_->problems, {}); }
const std::map<std::string, std::uint32_t>& ContactsImport::refused_lines() const { return impl_->refused_lines; }
std::uint64_t ContactsImport::rows() const { return impl_->rows; }
const std::vector<std::string>& ContactsImport::ignored_columns() const { return impl_->ignored; }
std::string_view ContactsImport::id_column() const {
  return impl_->id_column ? std::string_view(impl_->columns[*impl_->id_column].heading) : std::string_view();
}

ImportProblem ContactsImport::ProblemOf(const OwnedEvent& event, const Status& status) {
  return {event.line, 0, "contact", event.contact, status.message};
}

}  // namespace stagecraft::runtime
