// What the command line said, verb by verb. Filled by arguments….cc, read by the verbs.
#ifndef STAGECRAFT_CLI_OPTIONS_H_
#define STAGECRAFT_CLI_OPTIONS_H_

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "cli/options_operation.h"
#include "cli/remote.h"

namespace stagecraft::cli {

struct ServeOptions {
  enum class LogLevel : std::uint8_t { kDebug, kInfo, kWarn, kError };

  bool log_json = false;
  LogLevel log_level = LogLevel::kInfo;
  std::string data = "stagecraft.data";
  std::string listen = "127.0.0.1:7400";
  std::string scripts;   // empty: what is deployed already
  std::string tls_cert;  // files
  std::string tls_key;
  std::string tls_client_ca;
  bool insecure = false;
  std::string http_listen;                // `off`: no HTTP; empty: beside `listen`
  std::vector<std::string> http_origins;  // of pages that may make calls
  std::string public_url;
  std::string hubspot_secret_file;
  std::string webhook_secret_file;
  std::string deliveries;       // the file that says where deliveries go; empty: they are kept
  bool dry_deliveries = false;  // whatever the file says, nothing is sent
  int drain_seconds = 20;       // a deployment behind a load balancer is usually given 30 to stop
};

enum class CheckFormat { kText, kJson, kSarif, kJunit, kGithub };
struct CheckOptions {
  std::vector<std::string> paths;
  CheckFormat format = CheckFormat::kText;
  bool warnings_as_errors = false;
  bool fix = false;
  bool diff = false;  // only show what `fix` would change
};

struct FormatOptions {
  std::vector<std::string> paths;
  bool check = false;  // only list the files that are laid out otherwise
  bool diff = false;   // only show what would change
};

enum class TestFormat { kText, kJson, kJunit, kGithub, kSarif };
enum class CoverageFormat { kNone, kText, kJson, kLcov };
struct TestOptions {
  std::vector<std::string> paths;
  std::string filter;  // only tests with this in their name
  TestFormat format = TestFormat::kText;
  CoverageFormat coverage = CoverageFormat::kNone;
  std::string coverage_output;  // a file; empty: standard output
  bool mutate = false;
  int mutation_at_least = 90;  // percent of the mutants
  bool watch = false;
  int jobs = 0;  // threads; 0: as many as the machine has
};

enum class GraphFormat { kDot, kMermaid, kSvg };
struct GraphOptions {
  std::vector<std::string> paths;
  std::string of = "status";          // a property with options, or `rules`
  std::optional<GraphFormat> format;  // absent: by the name of the output, else dot
  std::string output;                 // empty, `-`: standard output
};

enum class RunFormat { kTable, kCsv, kNdjson, kJson };
enum class RunPrint { kTables, kContacts, kTasks, kNotifications };
struct RunOptions {
  std::vector<std::string> scripts;
  std::vector<std::string> contacts;  // CSV files besides those of the configuration
  std::vector<std::string> events;    // NDJSON files besides those of the configuration
  std::string config;                 // empty: run.toml beside the scripts, when it is there
  std::string input;                  // folder of the files that the configuration names; empty: the configuration's own
  std::string until;                  // how far the clock goes; empty: to the last event
  RunFormat format = RunFormat::kTable;
  RunPrint print = RunPrint::kTables;
};

struct DeployOptions {
  Remote remote;
  std::vector<std::string> paths;
  std::string author;
  std::string note;
  bool dry_run = false;
  bool enroll_existing = false;
  bool json = false;
};

struct RevisionsOptions {
  Remote remote;
  int limit = 20;  // 0: all
  bool json = false;
};

struct RevisionsShowOptions {
  Remote remote;
  std::string revision = "current";
  std::string output;  // a folder to write the scripts into; empty: standard output
  bool json = false;
};

// Without names: the running revision and the one before it. With one: that and the running one, or the running one and scripts.
struct DiffOptions {
  Remote remote;
  std::vector<std::string> names;  // revisions, or the scripts' paths
  bool json = false;
};

struct RollbackOptions {
  Remote remote;
  std::string revision;
  std::string author;
  std::string note;
  bool dry_run = false;
  bool enroll_existing = false;
  bool json = false;
};

struct PublishOptions {
  Remote remote;
  std::string file;  // `-`: standard input
  bool json = false;
};

struct ContactsListOptions {
  Remote remote;
  std::string filter;
  std::string order_by;
  std::vector<std::string> columns;
  std::string count_by;  // a property: how many contacts for each of its values, instead of a list
  int limit = 50;        // 0: all
  bool json = false;
};

struct ContactsExportOptions {
  Remote remote;
  std::string filter;
  std::vector<std::string> columns;  // empty: all
  bool ndjson = false;               // instead of CSV
};

struct ContactsShowOptions {
  Remote remote;
  std::string contact;
  int timeline = 10;  // how many entries
  bool json = false;
};

// Deletes, restores or erases contacts.
struct ContactsStandingOptions {
  enum class Change { kDelete, kRestore, kErase };
  Remote remote;
  Change change = Change::kDelete;
  std::vector<std::string> contacts;
  std::string actor;
  bool yes = false;  // kErase: really
};

struct ContactsMergeOptions {
  Remote remote;
  std::string contact;
  std::string other;
  std::string actor;
};

struct ContactsImportOptions {
  Remote remote;
  bool companies = false;  // the file is one of companies
  std::string file;
  std::string mapping;
  std::string id_column;
  std::string dates;
  std::string as_of;
  bool json = false;
};

struct CompaniesListOptions {
  Remote remote;
  std::string filter;
  std::vector<std::string> columns;
  int limit = 50;  // 0: all
  bool json = false;
};

struct CompaniesShowOptions {
  Remote remote;
  std::string company;
  int members = 20;  // how many of its contacts
  bool json = false;
};

struct DealsListOptions {
  Remote remote;
  std::string contact;
  std::string pipeline;
  std::string stage;
  std::string filter;
  int limit = 50;
  bool open = false;  // only those that go on
  bool json = false;
};

struct DealsShowOptions {
  Remote remote;
  std::string deal;
  bool json = false;
};

struct DealsMoveOptions {
  Remote remote;
  std::string deal;
  std::string stage;
  std::string actor;
  bool json = false;
};

struct ListsListOptions {
  Remote remote;
  int limit = 0;  // 0: all
  bool json = false;
};

struct ListsShowOptions {
  Remote remote;
  std::string list;
  int limit = 50;  // of its members; 0: all
  bool json = false;
};

// Adds contacts to a list by hand, or removes them.
struct ListsChangeOptions {
  Remote remote;
  bool add = false;
  std::string list;
  std::vector<std::string> contacts;
  std::string actor;
  std::string request_id;
  bool json = false;
};

struct ViewsListOptions {
  Remote remote;
  int limit = 0;  // 0: all
  bool json = false;
};

struct ViewsShowOptions {
  Remote remote;
  std::string view;
  std::string user;  // what `me` means; empty: nobody asks
  int limit = 50;    // 0: all
  bool json = false;
};

struct TasksOptions {
  Remote remote;
  std::string contact;
  std::string assignee;
  std::string filter;
  int limit = 50;
  bool all = false;  // completed ones too
  bool overdue = false;
  bool json = false;
};

// What a person does to a task.
struct TaskChangeOptions {
  enum class Kind { kCreate, kComplete, kReopen, kChange } kind = Kind::kComplete;
  Remote remote;
  std::string task;
  std::string contact;  // kCreate
  std::string title;    // kCreate, kChange; empty here and below: as it is
  std::string assignee;
  std::string due;
  std::string priority;
  std::string actor;
  bool json = false;
};

struct UsersListOptions {
  Remote remote;
  std::string team;
  int limit = 0;  // 0: all
  bool json = false;
};

// What is said of a user.
struct UserChangeOptions {
  enum class Kind { kAway, kBack, kDeactivate, kActivate } kind = Kind::kAway;
  Remote remote;
  std::string user;
  std::string from;   // kAway; empty: now
  std::string until;  // kAway
  std::string note;   // kAway
  std::string actor;
  bool is_new = false;  // nobody need have heard of the user
  bool json = false;
};

struct AssignmentsOptions {
  Remote remote;
  std::string team;
  std::string user;
  bool lost = false;  // turns that were passed on, too
  int limit = 50;
  bool json = false;
};

struct WatchOptions {
  Remote remote;
  std::string contact;
  std::string filter;
  std::string cursor;
  int count = 0;  // of changes, then it ends; 0: never
  bool json = false;
};
struct EventsListOptions {
  Remote remote;
  std::string contact;
  std::string type;
  std::string filter;
  int limit = 50;
  bool json = false;
};
struct EventsShowOptions {
  Remote remote;
  std::string event;
  bool json = false;
};

struct NotificationsOptions {
  Remote remote;
  std::string contact;
  std::string recipient;
  std::string filter;
  bool unread = false;
  int limit = 50;
  bool json = false;
};

struct NotificationsReadOptions {
  Remote remote;
  std::vector<std::string> ids;
  bool unread = false;  // they were not read, after all
  std::string actor;
};

enum class DeliveryState { kAny, kPending, kWaiting, kSent, kSentDry, kDead };
struct DeliveriesOptions {
  Remote remote;
  DeliveryState state = DeliveryState::kAny;
  std::string sender;  // a template or a webhook
  std::string contact;
  std::string filter;
  int limit = 50;
  bool json = false;
};

struct DeliveriesRetryOptions {
  Remote remote;
  std::vector<std::string> ids;
  bool dead = false;   // all that are dead, instead of those named
  std::string sender;  // with `dead`: only those of this template or webhook
};

struct OperationsListOptions {
  Remote remote;
  bool running = false;  // only those that are not over
  int limit = 50;
  bool json = false;
};

struct OperationsShowOptions {
  Remote remote;
  std::string name;
  bool json = false;
};

struct OperationsCancelOptions {
  Remote remote;
  std::string name;
};

struct OperationsWaitOptions {
  Remote remote;
  std::string name;
  bool json = false;
};

struct ExplainOptions {
  Remote remote;
  std::string contact;
  std::string property;  // empty: status
  std::string why_not;   // a rule: why it did not run, instead of a value
  bool json = false;
};

struct RunsOptions {
  Remote remote;
  std::string rule;
  std::string contact;
  int state = 0;  // number of a RunState of the API; 0: any
  int limit = 50;
  bool json = false;
};

struct RetryOptions {
  Remote remote;
  std::string name;  // one of the two
  std::string rule;
  bool json = false;
};

struct StartOptions {
  Remote remote;
  std::string rule;
  std::vector<std::string> contacts;
  std::string request_id;
  bool json = false;
};

struct StopOptions {
  Remote remote;
  std::string rule;
  std::string contact;
  std::string reason;
  bool json = false;
};

struct SwitchOptions {
  Remote remote;
  std::string rule;
  bool on = false;
  bool json = false;
};

struct EventsFailedOptions {
  Remote remote;
  int limit = 50;
  bool json = false;
};

struct EventsRetryOptions {
  Remote remote;
  std::string name;
  bool json = false;
};

struct HelpOptions {
  std::string code;  // `SC0203`, or its name in words; empty: the list of all
  bool json = false;
  std::vector<std::string> verbs = {};  // what else can be explained, for messages
};

struct VersionOptions {
  bool json = false;
};

using Command = std::variant<
    ServeOptions, CheckOptions, FormatOptions, TestOptions, GraphOptions, RunOptions, DeployOptions, RevisionsOptions, RevisionsShowOptions,
    DiffOptions, RollbackOptions, PublishOptions, ContactsListOptions, ContactsExportOptions, ContactsShowOptions, ContactsImportOptions,
    ContactsStandingOptions, ContactsMergeOptions, CompaniesListOptions, CompaniesShowOptions, DealsListOptions, DealsShowOptions,
    DealsMoveOptions, ListsListOptions, ListsShowOptions, ListsChangeOptions, ViewsListOptions, ViewsShowOptions, TasksOptions,
    TaskChangeOptions, UsersListOptions, UserChangeOptions, AssignmentsOptions, WatchOptions, EventsListOptions, EventsShowOptions,
    NotificationsOptions, NotificationsReadOptions, DeliveriesOptions, DeliveriesRetryOptions, OperationsListOptions, OperationsShowOptions, OperationsCancelOptions,
    OperationsWaitOptions, ExplainOptions, RunsOptions, RetryOptions, StartOptions, StopOptions, SwitchOptions, EventsFailedOptions,
    EventsRetryOptions, BackupOptions, RestoreOptions, VerifyOptions, CompactOptions, TokenCreateOptions, TokenListOptions,
    TokenRevokeOptions, AuditOptions, StatsOptions, MaintenanceOptions, DoctorOptions, HelpOptions, VersionOptions>;

}  // namespace stagecraft::cli

#endif  // STAGECRAFT_CLI_OPTIONS_H_
