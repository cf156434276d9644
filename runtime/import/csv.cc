#include "runtime/import/csv.h"

#include <csv.h>

#include <algorithm>
#include <array>
#include <stdexcept>
#include <vector>

#include "runtime/model/reasons.h"

namespace stagecraft::runtime {
namespace {

// A CRM's longest note is tens of kilobytes; a quote that was never closed would otherwise swallow the file.
constexpr std::size_t kValueBytesMax = 1U << 20;
// HubSpot allows 1000 properties; an export adds a few columns for each stage.
constexpr std::size_t kColumnsMax = 4096;
// A heading is one line; without a line break in this many bytes the file is no CSV.
constexpr std::size_t kHeadingBytesMax = 1U << 20;

Status Invalid(std::string message) { return Status{StatusCode::kInvalidArgument, reasons::kInvalidCsv, std::move(message), {}}; }

// The separator that the first line has most of, outside quotes.
char DetectSeparator(std::string_view line) {
  std::array<std::size_t, 3> counts{};
  constexpr std::string_view kCandidates = ",;\t";
  bool quoted = false;
  for (const char c : line) {
    if (c == '"') quoted = !quoted;
    const auto at = kCandidates.find(c);
    if (!quoted && at != std::string_view::npos) ++counts[at];
  }
  return kCandidates[static_cast<std::size_t>(std::max_element(counts.begin(), counts.end()) - counts.begin())];
}

bool IsBlank(std::string_view segment) {
  return std::all_of(segment.begin(), segment.end(), [](char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; });
}

}  // namespace

struct CsvReader::Impl {
  explicit Impl(OnRow callback) : on_row(std::move(callback)) {
    if (csv_init(&parser, 0) != 0) throw std::bad_alloc();
  }
  ~Impl() { csv_free(&parser); }

  static void FieldSeen(void* data, std::size_t size, void* self) {
    auto& impl = *static_cast<Impl*>(self);
    if (impl.count == impl.values.size()) impl.values.emplace_back();
    CsvValue& value = impl.values[impl.count++];
    value.text.assign(static_cast<const char*>(data), size);
    value.line = impl.value_line;
    impl.value_line = impl.line;
  }

  static void RowSeen(int, void* self) {
    auto& impl = *static_cast<Impl*>(self);
    impl.row_open = false;
    if (impl.count <= kColumnsMax) impl.on_row(std::span<const CsvValue>(impl.values.data(), impl.count));
    impl.too_many = impl.too_many || impl.count > kColumnsMax;
    impl.count = 0;
  }

  Status Parse(std::string_view segment) {
    if (!row_open) {
      value_line = line;
      row_open = !IsBlank(segment);
    }
    if (csv_parse(&parser, segment.data(), segment.size(), &FieldSeen, &RowSeen, this) != segment.size()) {
      return Invalid("line " + std::to_string(line) + ": " + csv_strerror(csv_error(&parser)));
    }
    if (too_many || count > kColumnsMax) {
      return Invalid("line " + std::to_string(line) + ": more than " + std::to_string(kColumnsMax) + " columns; is this a CSV file?");
    }
    if (parser.entry_pos > kValueBytesMax) {
      return Invalid("line " + std::to_string(value_line) + ": a value longer than 1 MiB begins here; is its closing quote missing?");
    }
    return {};
  }

  // libcsv does not say where it is, so it gets one physical line at a time.
  Status ParseLines(std::string_view bytes) {
    while (!bytes.empty()) {
      if (after_return && bytes.front() != '\n') ++line;
      after_return = false;
      const auto end = bytes.find_first_of("\r\n");
      const auto segment = bytes.substr(0, end == std::string_view::npos ? bytes.size() : end + 1);
      if (auto status = Parse(segment); !status.ok()) return status;
      after_return = segment.back() == '\r';
      if (segment.back() == '\n') ++line;
      bytes.remove_prefix(segment.size());
    }
    return {};
  }

  // Before the first line is complete, its bytes wait in `heading`.
  Status Begin() {
    std::string_view text = heading;
    if (text.substr(0, 2) == "\xFF\xFE" || text.substr(0, 2) == "\xFE\xFF") {
      return Invalid("the file is in UTF-16; save it as `CSV UTF-8` and try again");
    }
    if (text.substr(0, 3) == "\xEF\xBB\xBF") text.remove_prefix(3);
    csv_set_delim(&parser, static_cast<unsigned char>(DetectSeparator(text.substr(0, text.find_first_of("\r\n")))));
    begun = true;
    return ParseLines(text);
  }

  OnRow on_row;
  csv_parser parser{};
  std::string heading;
  bool begun = false;
  std::vector<CsvValue> values;  // the first `count` are the row's; the rest keeps its memory for later rows
  std::size_t count = 0;
  std::uint32_t line = 1;        // of the bytes being parsed
  std::uint32_t value_line = 1;  // where the value being parsed began
  bool row_open = false;
  bool after_return = false;
  bool too_many = false;
};

CsvReader::CsvReader(OnRow on_row) : impl_(std::make_unique<Impl>(std::move(on_row))) {}
CsvReader::~CsvReader() = default;

Status CsvReader::Feed(std::string_view bytes) {
  if (impl_->begun) return impl_->ParseLines(bytes);
  impl_->heading.append(bytes);
  if (impl_->heading.find_first_of("\r\n", 0) != std::string::npos) return impl_->Begin();
  if (impl_->heading.size() > kHeadingBytesMax) return Invalid("line 1: no line break in the first MiB; is this a CSV file?");
  return {};
}

Status CsvReader::Finish() {
  if (!impl_->begun) {
    if (auto status = impl_->Begin(); !status.ok()) return status;
  }
  // Strict only here: a stray quote within a value is let pass, one that was never closed is not.
  csv_set_opts(&impl_->parser, CSV_STRICT | CSV_STRICT_FINI);
  if (csv_fini(&impl_->parser, &Impl::FieldSeen, &Impl::RowSeen, impl_.get()) != 0) {
    return Invalid("line " + std::to_string(impl_->value_line) + ": the quoted value that begins here is never closed");
  }
  return {};
}

}  // namespace stagecraft::runtime
