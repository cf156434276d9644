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
  bool imported = false;  // by a script: the user has not given it
};

// The whole of a file; `-`: standard input. NOT_FOUND or UNAVAILABLE, with the system's reason; INVALID_ARGUMENT when it has more than
// `bytes_max`, of which no more is read.
runtime::Result<TextFile> ReadFile(const std::string& path, std::size_t bytes_max);

// The scripts that `paths` stand for: files, `-`, and folders with all *.stage files in them and below; each once, however it is called,
// by name. NOT_FOUND when a path is not there or a folder holds no script; INVALID_ARGUMENT when a file is larger than all scripts together
// may be, or its lines end in CR alone.
runtime::Result<std::vector<TextFile>> ReadScripts(const std::vector<std::string>& paths);

// The same and what they import, and so on. An imported file that is not there, or whose name is not one of a script, is left out: the
// check says so, where it is imported. INVALID_ARGUMENT also when it is no regular file, or one of the others by another name.
// `looked_for`: if given, the names of all files, those that are not there as well, also on failure.
runtime::Result<std::vector<TextFile>> ReadProgram(const std::vector<std::string>& paths, std::vector<std::string>* looked_for = nullptr);

// Calls `take` with the pieces of a file, from its beginning to its end, until it fails; `-`: standard input.
runtime::Status ReadPieces(const std::string& path, const std::function<runtime::Status(std::string_view)>& take);

// Bytes of a file; 0 when nobody knows (standard input).
std::uint64_t FileBytes(const std::string& path);

}  // namespace stagecraft::cli

#endif  // STAGECRAFT_CLI_FILES_H_
