// What comes of a deployment, for the verbs that make one.
#ifndef STAGECRAFT_CLI_DEPLOYED_H_
#define STAGECRAFT_CLI_DEPLOYED_H_

#include <google/protobuf/repeated_ptr_field.h>
#include <stagecraft/v1/diagnostic.pb.h>
#include <stagecraft/v1/script_service.pb.h>

#include <string>

#include "cli/options.h"

namespace stagecraft::cli {

// Who is said to deploy: `author`, or the user of this machine, unless a token says who it is.
std::string AuthorOf(const std::string& author, const Remote& remote);

// On standard error, each with its source line.
void PrintFindings(const google::protobuf::RepeatedPtrField<stagecraft::v1::Diagnostic>& findings);

// Whose runs end by it, and which of them somebody is to look after.
void PrintEndedRuns(const google::protobuf::RepeatedPtrField<stagecraft::v1::EndedRuns>& all, bool dry_run);

// The enrolment of who is there already, and how to follow it. `operation`: its name; empty: there is none.
void PrintEnrolment(const stagecraft::v1::Deployment& deployment, const std::string& operation);

}  // namespace stagecraft::cli

#endif  // STAGECRAFT_CLI_DEPLOYED_H_
