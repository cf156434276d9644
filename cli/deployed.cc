#include "cli/deployed.h"

#include <fmt/format.h>

#include <cstdint>
#include <cstdlib>

#include "cli/client.h"
#include "cli/scripts_sent.h"
#include "cli/terminal.h"
#include "dsl/support/show.h"

namespace stagecraft::cli {

std::string AuthorOf(const std::string& author, const Remote& remote) {
  // Whose token it is the server knows.
  if (!author.empty() || !TokenOf(remote).empty()) return author;
  const char* user = std::getenv("USER");
  return user == nullptr ? "" : user;
}

void PrintFindings(const google::protobuf::RepeatedPtrField<stagecraft::v1::Diagnostic>& findings) {
  const char* gap = "";
  for (const auto& finding : findings) {
    fmt::print(stderr, "{}{}", gap, RenderReceived(finding, FindingsOn(stderr)));
    gap = "\n";
  }
}

void PrintEndedRuns(const google::protobuf::RepeatedPtrField<stagecraft::v1::EndedRuns>& all, bool dry_run) {
  for (const auto& ended : all) {
    const auto count = static_cast<std::uint64_t>(ended.run_count());
    const char* verb = dry_run ? "would end" : "ended";
    const char* where = ended.failed() && !dry_run ? "; see `stagecraft runs --state failed`" : "";
    PrintNote(fmt::format("{} of `{}` ({}:{}, revision {}) {}: {}{}", Counted(count, "run"), ended.rule(), ended.file(), ended.line(),
                          ended.revision(), verb, ended.reason(), where));
  }
}

void PrintEnrolment(const stagecraft::v1::Deployment& deployment, const std::string& operation) {
  if (operation.empty()) return;
  const auto count = Counted(static_cast<std::uint64_t>(deployment.enrolment().contact_count()), "contact");
  fmt::print("enrolling {}: `stagecraft operations wait {}` waits for it\n", count, BareId(operation));
}

}  // namespace stagecraft::cli
