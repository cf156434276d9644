#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <cstdint>
#include <cstdio>
#include <exception>
#include <memory>
#include <new>
#include <system_error>
#include <variant>

#include "cli/arguments.h"
#include "cli/terminal.h"
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
int RunCommand(const RevisionsOptions& options) { return Revisions(options); }
int RunCommand(const RevisionsShowOptions& options) { return RevisionsShow(options); }
int RunCommand(const DiffOptions& options) { return Diff(options); }
int RunCommand(const RollbackOptions& options) { return Rollback(options); }
int RunCommand(const PublishOptions& options) { return Publish(options); }
int RunCommand(const ContactsListOptions& options) { return ContactsList(options); }
int RunCommand(const ContactsExportOptions& options) { return ContactsExport(options); }
int RunCommand(const ContactsShowOptions& options) { return ContactsShow(options); }
int RunCommand(const ContactsImportOptions& options) { return ContactsImport(options); }
int RunCommand(const ContactsStandingOptions& options) { return ContactsStanding(options); }
int RunCommand(const ContactsMergeOptions& options) { return ContactsMerge(options); }
int RunCommand(const CompaniesListOptions& options) { return CompaniesList(options); }
int RunCommand(const CompaniesShowOptions& options) { return CompaniesShow(options); }
int RunCommand(const DealsListOptions& options) { return DealsList(options); }
int RunCommand(const DealsShowOptions& options) { return DealsShow(options); }
int RunCommand(const DealsMoveOptions& options) { return DealsMove(options); }
int RunCommand(const ListsListOptions& options) { return ListsList(options); }
int RunCommand(const ListsShowOptions& options) { return ListsShow(options); }
int RunCommand(const ListsChangeOptions& options) { return ChangeList(options); }
int RunCommand(const ViewsListOptions& options) { return ViewsList(options); }
int RunCommand(const ViewsShowOptions& options) { return ViewsShow(options); }
int RunCommand(const TasksOptions& options) { return Tasks(options); }
int RunCommand(const TaskChangeOptions& options) { return ChangeTask(options); }
int RunCommand(const UsersListOptions& options) { return UsersList(options); }
int RunCommand(const UserChangeOptions& options) { return ChangeUser(options); }
int RunCommand(const AssignmentsOptions& options) { return Assignments(options); }
int RunCommand(const WatchOptions& options) { return WatchChanges(options); }
int RunCommand(const EventsListOptions& options) { return EventsList(options); }
int RunCommand(const EventsShowOptions& options) { return EventsShow(options); }
int RunCommand(const NotificationsOptions& options) { return Notifications(options); }
int RunCommand(const NotificationsReadOptions& options) { return NotificationsRead(options); }
int RunCommand(const DeliveriesOptions& options) { return Deliveries(options); }
int RunCommand(const DeliveriesRetryOptions& options) { return DeliveriesRetry(options); }
int RunCommand(const OperationsListOptions& options) { return OperationsList(options); }
int RunCommand(const OperationsShowOptions& options) { return OperationsShow(options); }
int RunCommand(const OperationsCancelOptions& options) { return OperationsCancel(options); }
int RunCommand(const OperationsWaitOptions& options) { return OperationsWait(options); }
int RunCommand(const ExplainOptions& options) { return Explain(options); }
int RunCommand(const BackupOptions& options) { return Backup(options); }
int RunCommand(const RestoreOptions& options) { return Restore(options); }
int RunCommand(const VerifyOptions& options) { return Verify(options); }
int RunCommand(const CompactOptions& options) { return Compact(options); }
int RunCommand(const TokenCreateOptions& options) { return TokenCreate(options); }
int RunCommand(const TokenListOptions& options) { return TokenList(options); }
int RunCommand(const TokenRevokeOptions& options) { return TokenRevoke(options); }
int RunCommand(const AuditOptions& options) { return Audit(options); }
int RunCommand(const StatsOptions& options) { return Stats(options); }
int RunCommand(const MaintenanceOptions& options) { return SetMaintenance(options); }
int RunCommand(const DoctorOptions& options) { return Doctor(options); }
int RunCommand(const RunsOptions& options) { return Runs(options); }
int RunCommand(const RetryOptions& options) { return Retry(options); }
int RunCommand(const StartOptions& options) { return Start(options); }
int RunCommand(const StopOptions& options) { return Stop(options); }
int RunCommand(const SwitchOptions& options) { return Switch(options); }
int RunCommand(const EventsFailedOptions& options) { return EventsFailed(options); }
int RunCommand(const EventsRetryOptions& options) { return EventsRetry(options); }
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

// Where one of them is closed, the next file that is opened would take its number, and what is printed would go into that file. Opened the
// wrong way round, using it fails as it does when it is closed.
void FillClosedStreams() {
  for (const int stream : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) {
    if (::fcntl(stream, F_GETFD) == -1 && errno == EBADF) ::open("/dev/null", stream == STDIN_FILENO ? O_WRONLY : O_RDONLY);
  }
}

int RunArguments(int argc, char** argv) {
  const auto parsed = ParseArguments(argc, argv);
  if (const int* exit_code = std::get_if<int>(&parsed)) return *exit_code;
  return std::visit([](const auto& options) { return RunCommand(options); }, std::get<Command>(parsed));
}

bool CouldWrite() { return std::ferror(stdout) == 0 && std::ferror(stderr) == 0; }

// `why`: where it is known.
int CannotWrite(const std::error_code& why) {
  const char* stream = std::ferror(stdout) != 0 ? "standard output" : "standard error";
  PrintError(fmt::format("cannot write to {}{}{}", stream, why ? ": " : "", why ? why.message() : ""));
  return kFailed;
}

// Results that did not arrive are none, whatever came of the work.
int RunAndFlush(int argc, char** argv) {
  try {
    const int exit_code = RunArguments(argc, argv);
    if (std::fflush(stdout) != 0) return CannotWrite({errno, std::generic_category()});
    return CouldWrite() ? exit_code : CannotWrite({});
  } catch (const std::system_error& error) {
    // `fmt::print` throws it.
    if (!CouldWrite()) return CannotWrite(error.code());
    PrintError(error.what());
  } catch (const std::bad_alloc&) {
    PrintError("there is not enough memory");
  } catch (const std::exception& error) {
    PrintError(fmt::format("{}; this is a fault of `stagecraft`, please report it", error.what()));
  }
  return kFailed;
}

}  // namespace

int main(int argc, char** argv) {
  PreferLargePages();
  FillClosedStreams();
  // By lines, so that results and messages stay in order where both go to one place.
  std::setvbuf(stdout, nullptr, _IOLBF, BUFSIZ);
  return RunAndFlush(argc, argv);
}
