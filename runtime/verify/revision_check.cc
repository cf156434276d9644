#include "runtime/verify/revision_check.h"

#include "runtime/engine/programs.h"

namespace stagecraft::runtime {
namespace {

// What is wrong with it; empty: nothing.
std::string FlawOf(const Revision& revision) {
  const auto layout = ir::DecodeLayout(revision.layout);
  if (!layout) return "its layout cannot be read";
  const CompileResult compiled = Compile(SourcesOf(revision.files), *layout);
  if (compiled.program != nullptr) return {};
  std::string flaw = "its scripts do not compile";
  for (const Diagnostic& diagnostic : compiled.diagnostics) {
    if (diagnostic.severity == Severity::kError) return flaw + ": " + CodeName(diagnostic.code) + " " + diagnostic.message;
  }
  return flaw;
}

}  // namespace

void CheckRevisions(StoredRows& stored, Report& report) {
  const auto wrong = [&](std::string what) {
    stored.revisions_are_whole = false;
    report.Add(Invariant::kRevisions, std::move(what));
  };
  if (stored.revisions.empty() && stored.last_sequence != 0) wrong("there is no revision, but a journal");
  std::uint32_t next = 0;
  for (const Revision& revision : stored.revisions) {
    if (revision.number != next) wrong("revision " + std::to_string(next) + " is missing");
    next = revision.number + 1;
    if (const std::string flaw = FlawOf(revision); !flaw.empty()) wrong("revision " + std::to_string(revision.number) + ": " + flaw);
  }
  if (!stored.revisions.empty()) report.revisions = stored.revisions.back().number;
}

}  // namespace stagecraft::runtime
