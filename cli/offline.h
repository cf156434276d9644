// The engine without a server: scripts over files, nothing is kept. Time is that of the events.
#ifndef STAGECRAFT_CLI_OFFLINE_H_
#define STAGECRAFT_CLI_OFFLINE_H_

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "cli/files.h"
#include "cli/problems.h"
#include "dsl/compile.h"
#include "runtime/engine/view.h"
#include "runtime/import/owned_event.h"
#include "runtime/import/run_config.h"
#include "runtime/model/status.h"

namespace stagecraft::cli {

// What a file could not bring in.
struct FileProblem {
  std::string file;
  runtime::ImportProblem problem;
};

struct OfflineCounts {
  std::uint64_t events = 0;  // that went in
  std::uint64_t duplicates = 0;
  std::uint64_t changes = 0;
  std::uint64_t rules_fired = 0;
};

class OfflineRun {
 public:
  // Starts an engine with the scripts. A script with errors is no failure: see deployed().
  static runtime::Result<std::unique_ptr<OfflineRun>> Start(std::vector<TextFile> scripts);
  virtual ~OfflineRun() = default;

  // What the language says about the scripts; nothing can be run when an error is among it.
  virtual const std::vector<Diagnostic>& diagnostics() const = 0;
  virtual const SourceSet& sources() const = 0;
  bool deployed() const { return !HasErrors(diagnostics()); }

  // Read files into memory. A file that cannot be read at all is a failure; what is wrong in it is a problem.
  virtual runtime::Status LoadContacts(const std::string& path, const runtime::ContactMapping& mapping) = 0;
  virtual runtime::Status LoadNdjson(const std::string& path) = 0;
  virtual runtime::Status LoadCsv(const std::string& path, std::vector<runtime::EventMapping> mappings) = 0;

  // Applies everything that was loaded, by its own time; where times are equal, in the order of loading. Contacts without a time
  // of their own are there before the first event. Then time passes to `until`, if there is one.
  virtual runtime::Status ApplyAll(std::optional<runtime::Micros> until) = 0;

  virtual const OfflineCounts& counts() const = 0;
  virtual const Problems<FileProblem>& problems() const = 0;
  // The state as it is now; good until the next call.
  virtual const runtime::View& view() const = 0;
};

}  // namespace stagecraft::cli

#endif  // STAGECRAFT_CLI_OFFLINE_H_
