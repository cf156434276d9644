#include "runtime/import/run_config.h"

#include <fmt/format.h>

#include <functional>
#include <map>
#include <optional>

#include "runtime/import/moment.h"
#include "runtime/import/toml.h"

namespace stagecraft::runtime {
namespace {

using Texts = std::vector<std::pair<std::string, std::string>>;

// Reads the keys of TOML tables and remembers the first thing that is wrong.
class Reader {
 public:
  explicit Reader(std::string_view name) : name_(name) {}

  const std::optional<Status>& failure() const { return failure_; }

  void Fail(const toml::source_region& at, std::string_view message) {
    if (!failure_) failure_ = WrongToml(name_, at, message);
  }

  // What a key's value is read by.
  using Keys = std::map<std::string_view, std::function<void(const toml::node&)>>;
  void ReadTable(const toml::table& table, const Keys& keys) {
    for (const auto& [key, node] : table) {
      if (failure_) return;
      const auto found = keys.find(key.str());
      if (found != keys.end()) {
        found->second(node);
        continue;
      }
      std::string list;
      for (const auto& [known, read] : keys) list += (list.empty() ? "`" : ", `") + std::string(known) + "`";
      Fail(key.source(), fmt::format("unknown key `{}`; the keys here are {}", key.str(), list));
    }
  }

  auto Text(std::string& out) {
    return [this, &out](const toml::node& node) {
      if (const auto* text = node.as_string()) {
        out = text->get();
      } else {
        Fail(node.source(), "expected a text in quotes");
      }
    };
  }

  auto Truth(bool& out) {
    return [this, &out](const toml::node& node) {
      if (const auto* truth = node.as_boolean()) {
        out = truth->get();
      } else {
        Fail(node.source(), "expected true or false");
      }
    };
  }

  auto DateOrderText(std::string& out) {
    return [this, &out](const toml::node& node) {
      Text(out)(node);
      if (!failure_ && !ParseDateOrder(out))
        Fail(node.source(), fmt::format("`{}` is no order of dates; write `DD-MM-YYYY` or `MM/DD/YYYY`", out));
    };
  }

  // A table of texts, in the order of the file: TOML tables have none of their own.
  auto TextTable(Texts& out) {
    return [this, &out](const toml::node& node) {
      const auto* table = node.as_table();
      if (table == nullptr) return Fail(node.source(), "expected a table of texts");
      std::map<std::pair<std::size_t, std::size_t>, std::pair<std::string, std::string>> by_place;
      for (const auto& [key, value] : *table) {
        std::string text;
        Text(text)(value);
        by_place[{key.source().begin.line, key.source().begin.column}] = {std::string(key.str()), std::move(text)};
      }
      for (auto& [place, entry] : by_place) out.push_back(std::move(entry));
    };
  }

  // An array of tables, `[[name]]`.
  template <typename T>
  auto Tables(std::vector<T>& out, void (Reader::*read)(const toml::table&, T&)) {
    return [this, &out, read](const toml::node& node) {
      const auto* array = node.as_array();
      if (array == nullptr || !array->is_array_of_tables())
        return Fail(node.source(), "expected tables, each begun by its name in double brackets");
      for (const auto& element : *array) (this->*read)(*element.as_table(), out.emplace_back());
    };
  }

  void Require(const toml::table& table, std::string_view key, const std::string& text) {
    if (text.empty()) Fail(table.source(), fmt::format("`{}` is missing here", key));
  }

  Keys ContactKeys(ContactMapping& out) {
    return {{"columns", TextTable(out.columns)},
            {"id_column", Text(out.id_column)},
            {"create_time_column", Text(out.create_time_column)},
            {"dates", DateOrderText(out.date_order)},
            {"actor", Text(out.actor)},
            {"as_of", [this, &out](const toml::node& node) { AsOf(node, out.as_of); }}};
  }

  void AsOf(const toml::node& node, Micros& out) {
    std::string text;
    Text(text)(node);
    if (failure_) return;
    const auto moment = MomentReader().Read(text);
    if (!moment) return Fail(node.source(), "expected a time with its offset, such as `2026-10-05T09:14:00Z`");
    out = moment->at;
  }

  void Contacts(const toml::table& table, ContactsFile& out) {
    auto keys = ContactKeys(out.mapping);
    keys["file"] = Text(out.file);
    ReadTable(table, keys);
    Require(table, "file", out.file);
  }

  void Events(const toml::table& table, EventsFile& out) {
    EventMapping& mapping = out.mapping;
    ReadTable(table, {{"file", Text(out.file)},
                      {"type", Text(mapping.type)},
                      {"contact", Text(mapping.contact)},
                      {"occurred_at", Text(mapping.occurred_at)},
                      {"id", Text(mapping.id)},
                      {"actor", Text(mapping.actor)},
                      {"fields", TextTable(mapping.fields)},
                      {"properties", TextTable(mapping.properties)},
                      {"create_if_missing", Truth(mapping.create_if_missing)},
                      {"dates", DateOrderText(mapping.date_order)}});
    Require(table, "file", out.file);
    if (IsNdjson(out.file)) return;
    Require(table, "type", mapping.type);
    Require(table, "contact", mapping.contact);
    Require(table, "occurred_at", mapping.occurred_at);
  }

  void Column(const toml::table& table, TableSpec::Column& out) {
    ReadTable(table, {{"heading", Text(out.heading)}, {"when", Text(out.when)}});
    Require(table, "heading", out.heading);
  }

  void Table(const toml::table& table, TableSpec& out) {
    ReadTable(table, {{"title", Text(out.title)},
                      {"by", Text(out.by)},
                      {"when", Text(out.when)},
                      {"total", Truth(out.total)},
                      {"columns", Tables(out.columns, &Reader::Column)}});
    Require(table, "title", out.title);
    Require(table, "by", out.by);
    if (out.columns.empty()) out.columns.push_back({"contacts", ""});
  }

 private:
  std::string name_;
  std::optional<Status> failure_;
};

// Parses `text` and has `read` take it apart.
template <typename T>
Result<T> Parse(std::string_view name, std::string_view text, const std::function<void(Reader&, const toml::table&, T&)>& read) {
  const auto table = ParseToml(name, text);
  if (!table) return tl::unexpected<Status>(table.error());
  Reader reader(name);
  T out;
  read(reader, *table, out);
  if (reader.failure()) return tl::unexpected<Status>(*reader.failure());
  return out;
}

}  // namespace

bool IsNdjson(std::string_view file) {
  const auto ends = [file](std::string_view end) { return file.size() >= end.size() && file.substr(file.size() - end.size()) == end; };
  return ends(".ndjson") || ends(".jsonl");
}

Result<RunConfig> ParseRunConfig(std::string_view name, std::string_view text) {
  return Parse<RunConfig>(name, text, [](Reader& reader, const toml::table& table, RunConfig& out) {
    reader.ReadTable(table, {{"contacts", reader.Tables(out.contacts, &Reader::Contacts)},
                             {"events", reader.Tables(out.events, &Reader::Events)},
                             {"table", reader.Tables(out.tables, &Reader::Table)}});
  });
}

Result<ContactMapping> ParseContactMapping(std::string_view name, std::string_view text) {
  return Parse<ContactMapping>(
      name, text, [](Reader& reader, const toml::table& table, ContactMapping& out) { reader.ReadTable(table, reader.ContactKeys(out)); });
}

}  // namespace stagecraft::runtime
