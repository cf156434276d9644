// What the command line said to the verbs of whoever runs a server. A part of options.h.
#ifndef STAGECRAFT_CLI_OPTIONS_OPERATION_H_
#define STAGECRAFT_CLI_OPTIONS_OPERATION_H_

#include <cstdint>
#include <string>

#include "cli/remote.h"

namespace stagecraft::cli {

struct BackupOptions {
  Remote remote;
  std::string data;    // a folder that no server uses; empty: of the server
  std::string output;  // a folder that is made
};

struct RestoreOptions {
  std::string backup;
  std::string data = "stagecraft.data";
};

struct VerifyOptions {
  std::string data;
  bool json = false;
};

struct CompactOptions {
  std::string data;
  std::string keep;  // `24mo`
  bool dry_run = false;
};

struct TokenCreateOptions {
  std::string data = "stagecraft.data";
  std::string holder;
  std::string role;
  std::string expires;  // `90d`, or `never`
  std::int64_t calls_per_second = 0;
  std::string scope;   // a condition; empty: all contacts
  std::string output;  // a file for the secret; empty: standard output
};

struct TokenListOptions {
  std::string data = "stagecraft.data";
  bool json = false;
};

struct TokenRevokeOptions {
  std::string data = "stagecraft.data";
  std::string id;
};

struct AuditOptions {
  std::string data = "stagecraft.data";
  int limit = 50;  // 0: all
  bool json = false;
};

struct StatsOptions {
  Remote remote;
  bool json = false;
};

struct MaintenanceOptions {
  Remote remote;
  bool on = false;
  std::string note;
};

struct DoctorOptions {
  Remote remote;
  std::string data;  // a data folder to look at; empty: none
  bool json = false;
};

}  // namespace stagecraft::cli

#endif  // STAGECRAFT_CLI_OPTIONS_OPERATION_H_
