#include "cli/files.h"

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <map>
#include <memory>
#include <set>
#include <utility>

#include "dsl/imports.h"
#include "dsl/support/limits.h"
#include "dsl/support/text.h"

namespace stagecraft::cli {
namespace {

namespace fs = std::filesystem;
using runtime::Fail;
using runtime::Result;
using runtime::Status;
using runtime::StatusCode;

constexpr std::size_t kPieceBytes = 1U << 18;
// More than all scripts together may have is not looked at.
constexpr std::size_t kScriptBytesMax = Limits().sources_bytes_max;

Status Unreadable(const std::string& path, int error) {
  return {error == ENOENT ? StatusCode::kNotFound : StatusCode::kUnavailable,
          "FILE_UNREADABLE",
          fmt::format("cannot read `{}`: {}", path, std::strerror(error)),
          {}};
}

struct CloseFile {
  void operator()(std::FILE* file) const {
    if (file != stdin) std::fclose(file);
  }
};

// A link that leads nowhere is a script that is missing, and reading it says so; but not the links by which Emacs marks a file as being
// edited (`.#a.stage`), which are meant to lead nowhere.
bool IsScriptToRead(const fs::directory_entry& entry) {
  if (!IsScriptName(entry.path().string())) return false;
  std::error_code ignored;
  const auto type = entry.status(ignored).type();
  if (type == fs::file_type::regular) return true;
  return type == fs::file_type::not_found && entry.path().filename().string().compare(0, 2, ".#") != 0;
}

Result<std::set<std::string>> ScriptsBelow(const std::string& folder) {
  std::set<std::string> found;
  std::error_code error;
  // What cannot be looked into is the folder that was come to last.
  std::string at = folder;
  for (auto it = fs::recursive_directory_iterator(folder, error); !error && it != fs::recursive_directory_iterator(); it.increment(error)) {
    at = it->path().string();
    if (IsScriptToRead(*it)) found.insert(at);
  }
  if (error) return tl::unexpected<Status>(Unreadable(at, error.value()));
  if (found.empty()) return Fail(StatusCode::kNotFound, "NO_SCRIPTS", fmt::format("there is no *.stage file in `{}`", folder));
  return found;
}

// `./a.stage` as `a.stage`: so a repository's tools know it.
std::string ShortName(std::string name) {
  while (name.size() > 2 && name.compare(0, 2, "./") == 0) name.erase(0, name.find_first_not_of('/', 1));
  return name;
}

// Line ends of old Macs would make one line of the whole file, and of a comment at its top the whole script.
bool HasOnlyCarriageReturns(std::string_view text) {
  const std::size_t first = text.find('\r');
  return first != std::string_view::npos && text.find('\n') == std::string_view::npos &&
         text.find_first_not_of("\r \t", first) != std::string_view::npos;
}

Status LineEnds(const std::vector<TextFile>& files) {
  for (const TextFile& file : files) {
    if (!HasOnlyCarriageReturns(file.text)) continue;
    return {StatusCode::kInvalidArgument,
            "LINE_ENDS",
            fmt::format("the lines of `{}` end in CR alone, as on old Macs; save it with LF or CRLF as line ends", file.name),
            {}};
  }
  return {};
}

// Which file a name means, whatever way leads there; the name itself where there is none in a folder (standard input, a pipe).
std::string FileOf(const std::string& name) {
  std::error_code error;
  const fs::path whole = name == "-" ? fs::path() : fs::canonical(name, error);
  return name == "-" || error ? name : whole.string();
}

// The names of the scripts that `paths` stand for, each file once: by the name that comes first.
Result<std::set<std::string>> NamesOf(const std::vector<std::string>& paths) {
  std::set<std::string> names, files;
  const auto add = [&](std::string name) {
    if (files.insert(FileOf(name)).second) names.insert(std::move(name));
  };
  for (const auto& path : paths) {
    std::error_code error;
    if (path == "-" || !fs::is_directory(path, error)) {
      add(ShortName(path));
      continue;
    }
    const auto below = ScriptsBelow(path);
    if (!below) return tl::unexpected<Status>(below.error());
    for (const std::string& name : *below) add(ShortName(name));
  }
  return names;
}

// Reads what the files import, and what those import, and so on.
class Imports {
 public:
  Imports(std::vector<TextFile>& files, std::vector<std::string>* looked_for) : files_(files), looked_for_(looked_for) {}

  Status Read() {
    for (const TextFile& file : files_) {
      names_.insert(fs::path(file.name).lexically_normal().generic_string());
      name_of_[FileOf(file.name)] = file.name;
    }
    for (std::size_t next = 0; next < files_.size(); ++next) {
      const std::string importer = files_[next].name;
      for (const std::string& name : ImportsOf(Source(importer, files_[next].text))) {
        if (!IsScriptName(name) || !names_.insert(name).second) continue;
        if (looked_for_ != nullptr) looked_for_->push_back(name);
        if (auto status = Add(name, importer); !status.ok()) return status;
      }
    }
    return {};
  }

 private:
  Status Add(const std::string& name, const std::string& importer) {
    const auto failed = [&importer](Status status) {
      status.message += fmt::format("; `{}` imports it", importer);
      return status;
    };
    std::error_code error;
    const fs::file_status status = fs::status(name, error);
    if (status.type() == fs::file_type::not_found) return {};
    if (error) return failed(Unreadable(name, error.value()));
    if (status.type() != fs::file_type::regular) {
      return failed({StatusCode::kInvalidArgument, "IMPORT_NO_FILE", fmt::format("cannot read `{}`: expected a regular file", name), {}});
    }
    const auto [known, is_new] = name_of_.emplace(FileOf(name), name);
    if (!is_new) return TwoNames(name, known->second, importer);
    auto file = ReadFile(name, kScriptBytesMax);
    if (!file) return failed(file.error());
    file->imported = true;
    files_.push_back(std::move(*file));
    return {};
  }

  // Diagnostics and deployments know a file by its name alone: by two names it would be there twice.
  static Status TwoNames(const std::string& name, const std::string& known, const std::string& importer) {
    const std::string path = fs::path(known).lexically_proximate(fs::path(importer).parent_path()).generic_string();
    return {StatusCode::kInvalidArgument,
            "IMPORT_BY_TWO_NAMES",
            fmt::format("`{}` imports `{}`, which is read as `{}` already; write `import \"{}\"`", importer, name, known, path),
            {}};
  }

  std::vector<TextFile>& files_;
  std::vector<std::string>* looked_for_;
  std::set<std::string> names_;
  std::map<std::string, std::string> name_of_;  // of a file (FileOf)
};

}  // namespace

Status ReadPieces(const std::string& path, const std::function<Status(std::string_view)>& take) {
  const std::unique_ptr<std::FILE, CloseFile> file(path == "-" ? stdin : std::fopen(path.c_str(), "rb"));
  if (file == nullptr) return Unreadable(path, errno);
  std::string piece(kPieceBytes, '\0');
  while (true) {
    const auto count = std::fread(piece.data(), 1, piece.size(), file.get());
    if (std::ferror(file.get()) != 0) return Unreadable(path, errno);
    if (count == 0) return {};
    if (auto status = take(std::string_view(piece.data(), count)); !status.ok()) return status;
  }
}

Result<TextFile> ReadFile(const std::string& path, std::size_t bytes_max) {
  TextFile file{path, ""};
  auto status = ReadPieces(path, [&](std::string_view piece) {
    if (file.text.size() + piece.size() > bytes_max) {
      return Status{StatusCode::kInvalidArgument,
                    "FILE_TOO_LARGE",
                    fmt::format("cannot read `{}`: it is larger than {} KiB, the most that is read", path, bytes_max >> 10U),
                    {}};
    }
    file.text += piece;
    return Status();
  });
  if (!status.ok()) return tl::unexpected<Status>(std::move(status));
  return file;
}

Result<std::vector<TextFile>> ReadScripts(const std::vector<std::string>& paths) {
  const auto names = NamesOf(paths);
  if (!names) return tl::unexpected<Status>(names.error());
  std::vector<TextFile> files;
  for (const auto& name : *names) {
    auto file = ReadFile(name, kScriptBytesMax);
    if (!file) return tl::unexpected<Status>(file.error());
    files.push_back(std::move(*file));
  }
  if (auto status = LineEnds(files); !status.ok()) return tl::unexpected<Status>(std::move(status));
  return files;
}

Result<std::vector<TextFile>> ReadProgram(const std::vector<std::string>& paths, std::vector<std::string>* looked_for) {
  auto files = ReadScripts(paths);
  if (!files) return files;
  if (looked_for != nullptr) {
    for (const TextFile& file : *files) looked_for->push_back(file.name);
  }
  auto status = Imports(*files, looked_for).Read();
  if (status.ok()) status = LineEnds(*files);
  if (!status.ok()) return tl::unexpected<Status>(std::move(status));
  std::sort(files->begin(), files->end(), [](const TextFile& a, const TextFile& b) { return a.name < b.name; });
  return files;
}

std::uint64_t FileBytes(const std::string& path) {
  std::error_code error;
  const auto bytes = fs::file_size(path, error);
  return error ? 0 : bytes;
}

}  // namespace stagecraft::cli
