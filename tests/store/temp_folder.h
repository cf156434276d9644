// A folder that goes when the test ends.
#ifndef STAGECRAFT_TESTS_STORE_TEMP_FOLDER_H_
#define STAGECRAFT_TESTS_STORE_TEMP_FOLDER_H_

#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <stdexcept>
#include <string>

namespace stagecraft::tests {

// Where files are in memory, if the machine has such a place: for tests that write much, and are not about the disk.
inline std::filesystem::path MemoryFolder() {
  const std::filesystem::path memory = "/dev/shm";
  return access(memory.c_str(), W_OK) == 0 ? memory : std::filesystem::temp_directory_path();
}

class TempFolder {
 public:
  explicit TempFolder(const std::filesystem::path& parent = std::filesystem::temp_directory_path())
      : path_((parent / "stagecraft-XXXXXX").string()) {
    if (mkdtemp(path_.data()) == nullptr) throw std::runtime_error("no temporary folder could be made");
  }
  ~TempFolder() {
    std::error_code ignored;  // a folder that stays behind in the temporary files breaks nothing
    std::filesystem::remove_all(path_, ignored);
  }
  TempFolder(const TempFolder&) = delete;
  TempFolder& operator=(const TempFolder&) = delete;

  const std::string& path() const { return path_; }

 private:
  std::string path_;
};

}  // namespace stagecraft::tests

#endif  // STAGECRAFT_TESTS_STORE_TEMP_FOLDER_H_
