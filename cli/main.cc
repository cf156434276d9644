#include <cstdint>
#include <cstdio>
#include <memory>
#include <variant>

#include "cli/arguments.h"
#include "cli/verbs.h"

#ifdef STAGECRAFT_MIMALLOC
#include <mimalloc.h>
#include <sys/mman.h>
#endif

namespace {

using namespace stagecraft::cli;

int RunCommand(const ServeOptions& options) { return Serve(options); }
int RunCommand(const CheckOptions& options) { return Check(options); }
int RunCommand(const FormatOptions& options) { return FormatScripts(options); }
int RunCommand(const TestOptions& options) { return Test(options); }
int RunCommand(const GraphOptions& options) { return Graph(options); }
int RunCommand(const RunOptions& options) { return Run(options); }
int RunCommand(const DeployOptions& options) { return Deploy(options); }
int RunCommand(const PublishOptions& options) { return Publish(options); }
int RunCommand(const ContactsListOptions& options) { return ContactsList(options); }
int RunCommand(const ContactsShowOptions& options) { return ContactsShow(options); }
int RunCommand(const ContactsImportOptions& options) { return ContactsImport(options); }
int RunCommand(const TasksOptions& options) { return Tasks(options); }
int RunCommand(const NotificationsOptions& options) { return Notifications(options); }
int RunCommand(const ExplainOptions& options) { return Explain(options); }
int RunCommand(const HelpOptions& options) { return Help(options); }
int RunCommand(const VersionOptions& options) { return Version(options); }

// A large script takes much memory for a short time: in small pages a fifth of its check goes into getting them.
void PreferLargePages() {
#ifdef STAGECRAFT_MIMALLOC
  mi_option_enable(mi_option_large_os_pages);
  // Else the first segment of each thread has small pages all the same.
  mi_option_set(mi_option_eager_commit_delay, 0);
  // The first one of all was there before this; where it does not lie so, this does nothing.
  constexpr std::uintptr_t kSegmentBytes = 32 << 20;
  const std::unique_ptr<void, decltype(&mi_free)> block(mi_malloc(1), mi_free);
  const auto segment = reinterpret_cast<std::uintptr_t>(block.get()) / kSegmentBytes * kSegmentBytes;
  madvise(reinterpret_cast<void*>(segment), kSegmentBytes, MADV_HUGEPAGE);
#endif
}

}  // namespace

int main(int argc, char** argv) {
  PreferLargePages();
  // By lines, so that results and messages stay in order where both go to one place.
  std::setvbuf(stdout, nullptr, _IOLBF, BUFSIZ);
  const auto parsed = ParseArguments(argc, argv);
  if (const int* exit_code = std::get_if<int>(&parsed)) return *exit_code;
  return std::visit([](const auto& options) { return RunCommand(options); }, std::get<Command>(parsed));
}
