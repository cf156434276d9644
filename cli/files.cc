#include "cli/files.h"

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <memory>
#include <set>

#include "dsl/imports.h"
#include "dsl/support/text.h"

namespace stagecraft::cli {
namespace {

namespace fs = std::filesystem;
using runtime::Fail;
using runtime::Result;
using runtime::Status;
using runtime::StatusCode;

constexpr std::size_t kPieceBytes = 1U << 18;

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

Result<std::vector<std::string>> ScriptsBelow(const std::string& folder) {
  std::vector<std::string> found;
  std::error_code error;
  for (auto it = fs::recursive_directory_iterator(folder, error); !error && it != fs::recursive_directory_iterator(); it.increment(error)) {
    if (IsScriptToRead(*it)) found.push_back(it->path().string());
  }
  if (error) return tl::unexpected<Status>(Unreadable(folder, error.value()));
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

// Adds what the files import, and what those import, and so on.
void ReadImports(std::vector<TextFile>& files) {
  std::set<std::string> known;
  for (const TextFile& file : files) known.insert(fs::path(file.name).lexically_normal().generic_string());
  for (std::size_t next = 0; next < files.size(); ++next) {
    for (const std::string& name : ImportsOf(Source(files[next].name, files[next].text))) {
      if (!known.insert(name).second) continue;
      if (auto file = ReadFile(name)) files.push_back(std::move(*file));
    }
  }
  std::sort(files.begin(), files.end(), [](const TextFile& a, const TextFile& b) { return a.name < b.name; });
}

}  // namespace

bool IsScriptName(std::string_view path) { return FoldCase(fs::path(path).extension().string()) == ".stage"; }

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

Result<TextFile> ReadFile(const std::string& path) {
  TextFile file{path, ""};
  auto status = ReadPieces(path, [&](std::string_view piece) {
    file.text += piece;
    return Status();
  });
  if (!status.ok()) return tl::unexpected<Status>(std::move(status));
  return file;
}

Result<std::vector<TextFile>> ReadScripts(const std::vector<std::string>& paths) {
  std::set<std::string> names;
  for (const auto& path : paths) {
    std::error_code error;
    if (path == "-" || !fs::is_directory(path, error)) {
      names.insert(ShortName(path));
      continue;
    }
    auto below = ScriptsBelow(path);
    if (!below) return tl::unexpected<Status>(below.error());
    for (std::string& name : *below) names.insert(ShortName(std::move(name)));
  }
  std::vector<TextFile> files;
  for (const auto& name : names) {
    auto file = ReadFile(name);
    if (!file) return tl::unexpected<Status>(file.error());
    files.push_back(std::move(*file));
  }
  ReadImports(files);
  for (const TextFile& file : files) {
    if (!HasOnlyCarriageReturns(file.text)) continue;
    return Fail(StatusCode::kInvalidArgument, "LINE_ENDS",
                fmt::format("the lines of `{}` end in CR alone, as on old Macs; save it with LF or CRLF as line ends", file.name));
  }
  return files;
}

std::uint64_t FileBytes(const std::string& path) {
  std::error_code error;
  const auto bytes = fs::file_size(path, error);
  return error ? 0 : bytes;
}

}  // namespace stagecraft::cli
