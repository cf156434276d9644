// The verbs. Each runs its command and returns the exit code: 0 done, 1 something was found or refused, 2 could not run.
#ifndef STAGECRAFT_CLI_VERBS_H_
#define STAGECRAFT_CLI_VERBS_H_

#include "cli/options.h"

namespace stagecraft::cli {

inline constexpr int kDone = 0;
inline constexpr int kFound = 1;
inline constexpr int kFailed = 2;

int Serve(const ServeOptions& options);
int Check(const CheckOptions& options);
int FormatScripts(const FormatOptions& options);
int Test(const TestOptions& options);
int Graph(const GraphOptions& options);
int Run(const RunOptions& options);
int Deploy(const DeployOptions& options);
int Revisions(const RevisionsOptions& options);
int RevisionsShow(const RevisionsShowOptions& options);
int Diff(const DiffOptions& options);
int Rollback(const RollbackOptions& options);
int Publish(const PublishOptions& options);
int ContactsList(const ContactsListOptions& options);
int ContactsExport(const ContactsExportOptions& options);
int ContactsShow(const ContactsShowOptions& options);
int ContactsImport(const ContactsImportOptions& options);
int ContactsStanding(const ContactsStandingOptions& options);
int ContactsMerge(const ContactsMergeOptions& options);
int CompaniesList(const CompaniesListOptions& options);
int CompaniesShow(const CompaniesShowOptions& options);
int DealsList(const DealsListOptions& options);
int DealsShow(const DealsShowOptions& options);
int DealsMove(const DealsMoveOptions& options);
int ListsList(const ListsListOptions& options);
int ListsShow(const ListsShowOptions& options);
int ChangeList(const ListsChangeOptions& options);
int ViewsList(const ViewsListOptions& options);
int ViewsShow(const ViewsShowOptions& options);
int Tasks(const TasksOptions& options);
int ChangeTask(const TaskChangeOptions& options);
int UsersList(const UsersListOptions& options);
int ChangeUser(const UserChangeOptions& options);
int Assignments(const AssignmentsOptions& options);
int WatchChanges(const WatchOptions& options);
int EventsList(const EventsListOptions& options);
int EventsShow(const EventsShowOptions& options);
int Notifications(const NotificationsOptions& options);
int NotificationsRead(const NotificationsReadOptions& options);
int Deliveries(const DeliveriesOptions& options);
int DeliveriesRetry(const DeliveriesRetryOptions& options);
int OperationsList(const OperationsListOptions& options);
int OperationsShow(const OperationsShowOptions& options);
int OperationsCancel(const OperationsCancelOptions& options);
int OperationsWait(const OperationsWaitOptions& options);
int Explain(const ExplainOptions& options);
int Backup(const BackupOptions& options);
int Restore(const RestoreOptions& options);
int Verify(const VerifyOptions& options);
int Compact(const CompactOptions& options);
int TokenCreate(const TokenCreateOptions& options);
int TokenList(const TokenListOptions& options);
int TokenRevoke(const TokenRevokeOptions& options);
int Audit(const AuditOptions& options);
int Stats(const StatsOptions& options);
int SetMaintenance(const MaintenanceOptions& options);
int Doctor(const DoctorOptions& options);
// `explain --why-not`.
int WhyNot(const ExplainOptions& options);
int Runs(const RunsOptions& options);
int Retry(const RetryOptions& options);
int Start(const StartOptions& options);
int Stop(const StopOptions& options);
int Switch(const SwitchOptions& options);
int EventsFailed(const EventsFailedOptions& options);
int EventsRetry(const EventsRetryOptions& options);
int Help(const HelpOptions& options);
int Version(const VersionOptions& options);

}  // namespace stagecraft::cli

#endif  // STAGECRAFT_CLI_VERBS_H_
