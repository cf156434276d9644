// Diagnostics of the language to their message on the wire.
#ifndef STAGECRAFT_SERVER_RPC_DIAGNOSTIC_CONVERT_H_
#define STAGECRAFT_SERVER_RPC_DIAGNOSTIC_CONVERT_H_

#include <google/protobuf/repeated_ptr_field.h>

#include <vector>

#include "dsl/support/diagnostic.h"
#include "stagecraft/v1/diagnostic.pb.h"

namespace stagecraft::server {

namespace v1 = ::stagecraft::v1;

// `sources` are those that the spans index into.
void FillRange(const Span& span, const SourceSet& sources, v1::Range& out);
void FillDiagnostic(const Diagnostic& diagnostic, const SourceSet& sources, v1::Diagnostic& out);
void FillDiagnostics(const std::vector<Diagnostic>& diagnostics, const SourceSet& sources,
                     google::protobuf::RepeatedPtrField<v1::Diagnostic>& out);

}  // namespace stagecraft::server

#endif  // STAGECRAFT_SERVER_RPC_DIAGNOSTIC_CONVERT_H_
