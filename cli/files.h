// Files that the verbs read.
#ifndef STAGECRAFT_CLI_FILES_H_
#define STAGECRAFT_CLI_FILES_H_

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "runtime/model/status.h"

namespace stagecraft::cli {

struct TextFile {
  std::string name;  // as the user gave it, without `./`
  std::string text;
};

// The whole of a file; `-`: standard input. NOT_FOUND or UNAVAILABLE, with the system's reason.
runtime::Result<TextFile> ReadFile(const std::string& path);

// The scripts that `paths` stand for: files, `-`, and folders with all *.stage files in them and below, and what these import, each
// once, by name. An imported file that cannot be read is left out: the check says so, where it is imported. NOT_FOUND when a path is not
// there or a folder holds no script; INVALID_ARGUMENT when the lines of a file end in CR alone.
runtime::Result<std::vector<TextFile>> ReadScripts(const std::vector<std::string>& paths);

// Whether a folder's file of this name is a script: `a.stage`, in any letter case.
bool IsScriptName(std::string_view path);

// Calls `take` with the pieces of a file, from its beginning to its end, until it fails; `-`: standard input.
runtime::Status ReadPieces(const std::string& path, const std::function<runtime::Status(std::string_view)>& take);

// Bytes of a file; 0 when nobody knows (standard input).
std::uint64_t FileBytes(const std::string& path);

}  // namespace stagecraft::cli

#endif  // STAGECRAFT_CLI_FILES_H_
