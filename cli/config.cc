#include "cli/config.h"

#include <fmt/format.h>
#include <toml++/toml.h>

#include <cctype>
#include <filesystem>
#include <optional>

#include "cli/files.h"
#include "dsl/support/nearest.h"
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
    try {
      const toml::table table = toml::parse(text);
      for (const auto& [key, node] : table) {
        if (key == "check") {
          ReadCheck(node);
        } else {
          Unknown(key, "`check`");
        }
      }
    } catch (const toml::parse_error& error) {
      std::string description(error.description());
      if (!description.empty()) description[0] = static_cast<char>(std::tolower(static_cast<unsigned char>(description[0])));
      Blame(error.source(), "this is no TOML: " + description);
    }
    if (failure_) return tl::unexpected<Status>(*failure_);
    return std::move(config_);
  }

 private:
  void Blame(const toml::source_region& at, std::string_view message) {
    if (failure_) return;
    failure_ = Status{StatusCode::kInvalidArgument,
                      runtime::reasons::kInvalidConfig,
                      fmt::format("{}:{}:{}: {}", name_, at.begin.line, at.begin.column, message),
                      {}};
  }

  void Unknown(const toml::key& key, std::string_view known) {
    Blame(key.source(), fmt::format("unknown key `{}`; the keys here are {}", key.str(), known));
  }

  void ReadCheck(const toml::node& node) {
    const auto* table = node.as_table();
    if (table == nullptr) return Blame(node.source(), "expected a table: `[check]`");
    for (const auto& [key, value] : *table) {
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
    for (const auto& [key, value] : *table) ReadSeverity(key, value);
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

// The configuration of one path: empty when there is none.
fs::path FindConfig(const std::string& path) {
  std::error_code error;
  fs::path folder = path == "-" ? fs::current_path(error) : fs::weakly_canonical(path, error);
  if (error) return {};
  if (!fs::is_directory(folder, error)) folder = folder.parent_path();
  while (true) {
    if (fs::is_regular_file(folder / kFileName, error)) return folder / kFileName;
    if (folder == folder.parent_path()) return {};
    folder = folder.parent_path();
  }
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
  const auto file = ReadFile(found.string());
  if (!file) return tl::unexpected<Status>(file.error());
  auto config = ParseConfig(shown(found), file->text);
  if (config) config->file = shown(found);
  return config;
}

}  // namespace stagecraft::cli
