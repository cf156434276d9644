#include "cli/config.h"

#include <fmt/format.h>

#include <filesystem>
#include <optional>

#include "cli/files.h"
#include "dsl/support/nearest.h"
#include "runtime/import/toml.h"
#include "runtime/model/reasons.h"

namespace stagecraft::cli {
namespace {

namespace fs = std::filesystem;
using runtime::Fail;
using runtime::Result;
using runtime::Status;
using runtime::StatusCode;

constexpr const char* kFileName = "stagecraft.toml";

// Takes the tables apart and remembers the first thing that is wrong.
class Reader {
 public:
  explicit Reader(std::string_view name) : name_(name) {}

  Result<Config> Read(std::string_view text) {
    const auto table = runtime::ParseToml(name_, text);
    if (!table) return tl::unexpected<Status>(table.error());
    for (const auto& [key, node] : *table) {
      if (key == "check") {
        ReadCheck(node);
      } else {
        Unknown(key, "`check`");
      }
      if (failure_) break;
    }
    if (failure_) return tl::unexpected<Status>(*failure_);
    return std::move(config_);
  }

 private:
  void Blame(const toml::source_region& at, std::string_view message) {
    if (!failure_) failure_ = runtime::WrongToml(name_, at, message);
  }

  void Unknown(const toml::key& key, std::string_view known) {
    Blame(key.source(), fmt::format("unknown key `{}`; the keys here are {}", key.str(), known));
  }

  void ReadCheck(const toml::node& node) {
    const auto* table = node.as_table();
    if (table == nullptr) return Blame(node.source(), "expected a table: `[check]`");
    for (const auto& [key, value] : *table) {
      if (failure_) return;
      if (key == "severity") {
        ReadSeverities(value);
      } else if (key == "warnings_as_errors") {
        const auto* truth = value.as_boolean();
        if (truth == nullptr) return Blame(value.source(), "expected true or false");
        config_.warnings_as_errors = truth->get();
      } else {
        Unknown(key, "`severity`, `warnings_as_errors`");
      }
    }
  }

  void ReadSeverities(const toml::node& node) {
    const auto* table = node.as_table();
    if (table == nullptr) return Blame(node.source(), "expected a table: `[check.severity]`");
    for (const auto& [key, value] : *table) {
      if (failure_) return;
      ReadSeverity(key, value);
    }
  }

  void ReadSeverity(const toml::key& key, const toml::node& value) {
    const auto code = FindCode(key.str());
    if (!code) return Blame(key.source(), NoSuchCode(key.str()));
    const auto* word = value.as_string();
    const auto severity = word == nullptr ? std::nullopt : FindSeverity(word->get());
    if (word == nullptr || (!severity && word->get() != "off")) {
      return Blame(value.source(), R"(expected "error", "warning", "hint" or "off")");
    }
    if (!CanLower(*code) && severity != Severity::kError) {
      return Blame(key.source(), fmt::format("`{}` ({}) is an error: such a script cannot run, so it cannot be \"{}\"", key.str(),
                                             CodeTitle(*code), word->get()));
    }
    if (!config_.severities.by_code.emplace(*code, severity).second) {
      Blame(key.source(), fmt::format("the severity of `{}` is given twice, by its number and in words", CodeName(*code)));
    }
  }

  static std::string NoSuchCode(std::string_view name) {
    const auto nearest = Nearest(name, CodesInWords());
    return fmt::format("there is no finding `{}`; {}", name,
                       nearest ? "did you mean `" + *nearest + "`?" : "expected a code, such as `SC0402`, or its name in words");
  }

  std::string_view name_;
  Config config_;
  std::optional<Status> failure_;
};

// Where the configuration of one path may be, the nearest first.
std::vector<fs::path> PlacesOf(const std::string& path) {
  std::error_code error;
  fs::path folder = path == "-" ? fs::current_path(error) : fs::weakly_canonical(path, error);
  if (error) return {};
  if (!fs::is_directory(folder, error)) folder = folder.parent_path();
  std::vector<fs::path> places = {folder / kFileName};
  for (; folder != folder.parent_path(); folder = folder.parent_path()) places.push_back(folder.parent_path() / kFileName);
  return places;
}

// The configuration of one path: empty when there is none.
fs::path FindConfig(const std::string& path) {
  std::error_code error;
  for (const fs::path& place : PlacesOf(path)) {
    if (fs::is_regular_file(place, error)) return place;
  }
  return {};
}

}  // namespace

Result<Config> ParseConfig(std::string_view name, std::string_view text) { return Reader(name).Read(text); }

Result<Config> ReadConfig(const std::vector<std::string>& paths) {
  fs::path found;
  bool first = true;
  const auto shown = [](const fs::path& file) {
    std::error_code error;
    const fs::path near = fs::proximate(file, error);
    return error ? file.string() : near.string();
  };
  for (const std::string& path : paths) {
    const fs::path own = FindConfig(path);
    if (!first && own != found) {
      const auto named = [&shown](const fs::path& file) { return file.empty() ? std::string("none") : "`" + shown(file) + "`"; };
      return Fail(StatusCode::kInvalidArgument, runtime::reasons::kInvalidConfig,
                  fmt::format("the paths have different configurations: {} and {}; check them apart", named(found), named(own)));
    }
    found = own;
    first = false;
  }
  if (found.empty()) return Config();
  const auto file = ReadFile(found.string(), runtime::kTomlBytesMax);
  if (!file) return tl::unexpected<Status>(file.error());
  auto config = ParseConfig(shown(found), file->text);
  if (config) config->file = shown(found);
  return config;
}

std::vector<std::string> ConfigPlaces(const std::vector<std::string>& paths) {
  std::vector<std::string> places;
  for (const std::string& path : paths) {
    for (const fs::path& place : PlacesOf(path)) places.push_back(place.string());
  }
  return places;
}

}  // namespace stagecraft::cli
