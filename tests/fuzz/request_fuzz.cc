// Whatever is sent to the server, by whichever door, it is answered, or refused with a reason of the table; and the next caller notices
// nothing. A broken promise aborts, which libFuzzer reports with the input.
//
//   request_fuzz --seeds=FOLDER       writes requests to begin with, and ends
//   request_fuzz FILE…                sends them in this order: of a finding that hangs on what came before
//
// What was sent since the server was started is in the folder that REQUEST_FUZZ_HISTORY names, a file each.
#include <google/protobuf/stubs/logging.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <memory>
#include <string>

#include "tests/fuzz/doors.h"
#include "tests/fuzz/fuzzed_server.h"
#include "tests/fuzz/request_input.h"
#include "tests/fuzz/request_mutator.h"
#include "tests/fuzz/words.h"

extern "C" std::size_t LLVMFuzzerMutate(std::uint8_t* data, std::size_t size, std::size_t max_size);

namespace stagecraft::tests {
namespace {

// Then another takes its place: nothing grows for ever, and a finding hangs on no more than these.
constexpr int kRequestsOfOneServer = 4'000;
constexpr int kRequestsBetweenChecks = 100;
constexpr int kSeedsOfEach = 3;

struct Fuzzing {
  std::unique_ptr<FuzzedServer> server;
  Doors doors;
  Words words;
  int requests = 0;
};

// Not destroyed: an exit in the midst of a request must find it whole.
Fuzzing& Everything() {
  static auto* const kFuzzing = new Fuzzing();
  return *kFuzzing;
}

void Keep(int number, const RequestInput& input) {
  const char* folder = std::getenv("REQUEST_FUZZ_HISTORY");
  if (folder == nullptr) return;
  if (number == 0) {
    std::filesystem::remove_all(folder);
    std::filesystem::create_directories(folder);
  }
  char name[16];
  std::snprintf(name, sizeof name, "%05d", number);
  std::ofstream(std::filesystem::path(folder) / name, std::ios::binary) << input.Write();
}

// What would leave all that comes after it with nothing to do.
bool LeavesItOther(const RequestInput& input) {
  if (input.door == Door::kWebhook) return false;
  if (input.door == Door::kHttp)
    return input.payload.find("Maintenance") != std::string::npos || input.payload.find("Deploy") != std::string::npos;
  const std::string& name = input.Method().name();
  return name == "SetMaintenance" || name == "DeployScripts" || name == "RollbackDeployment";
}

void Send(const RequestInput& input) {
  Fuzzing& all = Everything();
  if (all.server == nullptr || all.requests == kRequestsOfOneServer) {
    all.server.reset();
    all.server = std::make_unique<FuzzedServer>();
    all.requests = 0;
  }
  Keep(all.requests, input);
  ++all.requests;
  all.doors.Send(*all.server, input, all.words);
  if (LeavesItOther(input)) all.server->Restore();
  if (all.requests % kRequestsBetweenChecks == 0) all.server->CheckItWorks();
}

std::string ChangeBytes(std::string bytes, std::size_t size_max) {
  const std::size_t size = std::min(bytes.size(), size_max);
  bytes.resize(std::max<std::size_t>(size_max, 1));
  bytes.resize(LLVMFuzzerMutate(reinterpret_cast<std::uint8_t*>(bytes.data()), size, bytes.size()));
  return bytes;
}

void WriteSeeds(const std::filesystem::path& folder) {
  std::filesystem::create_directories(folder);
  Chance chance(1);
  const Words words;
  RequestMutator mutator(words, chance, [](std::string bytes, std::size_t) { return bytes; });
  for (int door = 0; door < kDoors; ++door) {
    for (std::size_t method = 0; method < Methods().size(); ++method) {
      for (int i = 0; i < kSeedsOfEach; ++i) {
        const RequestInput input = mutator.Make(static_cast<Door>(door), static_cast<std::uint8_t>(method));
        std::ofstream(folder / (std::to_string(door) + "-" + std::to_string(method) + "-" + std::to_string(i)), std::ios::binary)
            << input.Write();
      }
    }
  }
}

void PrintReport() {
  Everything().server.reset();
  std::fputs(Everything().doors.Report().c_str(), stderr);
}

}  // namespace
}  // namespace stagecraft::tests

using stagecraft::tests::RequestInput;

extern "C" int LLVMFuzzerInitialize(int* argc, char*** argv) {
  constexpr char kSeeds[] = "--seeds=";
  spdlog::set_level(spdlog::level::off);
  google::protobuf::SetLogHandler(nullptr);  // it complains of each text that is none
  if (*argc == 2 && std::strncmp((*argv)[1], kSeeds, sizeof kSeeds - 1) == 0) {
    stagecraft::tests::WriteSeeds((*argv)[1] + sizeof kSeeds - 1);
    std::exit(0);
  }
  std::atexit(stagecraft::tests::PrintReport);
  return 0;
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  stagecraft::tests::Send(RequestInput::Read({reinterpret_cast<const char*>(data), size}));
  return 0;
}

extern "C" std::size_t LLVMFuzzerCustomMutator(std::uint8_t* data, std::size_t size, std::size_t max_size, unsigned seed) {
  stagecraft::tests::Chance chance(seed);
  stagecraft::tests::RequestMutator mutator(stagecraft::tests::Everything().words, chance, stagecraft::tests::ChangeBytes);
  RequestInput input = RequestInput::Read({reinterpret_cast<const char*>(data), size});
  mutator.Change(input, max_size > 3 ? max_size - 3 : 0);
  const std::string bytes = input.Write();
  const std::size_t written = std::min(bytes.size(), max_size);
  std::memcpy(data, bytes.data(), written);
  return written;
}
