// A request's `filter`: a condition of the language on contacts; and the scope of its caller, which is another.
#ifndef STAGECRAFT_SERVER_RPC_CONTACT_FILTER_H_
#define STAGECRAFT_SERVER_RPC_CONTACT_FILTER_H_

#include <grpcpp/support/status.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "dsl/compile.h"
#include "runtime/engine/engine.h"
#include "runtime/engine/view.h"
#include "server/auth/gate.h"

namespace stagecraft::server {

// Belongs to one call.
class ContactFilter {
 public:
  // Empty: every contact meets it. `caller`: to whom there are no contacts but those that its scope has.
  ContactFilter(std::string text, const Caller& caller) : filter_{std::move(text), {}}, scope_{caller.scope, {}} {}

  // Whether every contact meets it.
  bool empty() const { return filter_.text.empty() && scope_.text.empty(); }
  // That of the text; nullptr: there is none. Good until the next Prepare.
  const CompiledCondition* condition() const { return filter_.condition ? &*filter_.condition : nullptr; }

  // To be called within each read, before the others: compiles the text against the running program when that is another one than
  // before. False when it has errors, or is too long, or the scope does not fit the running scripts: then see status().
  bool Prepare(const runtime::View& view);
  const grpc::Status& status() const { return status_; }

  bool IsInScope(const runtime::View& view, const runtime::Contact& contact) const { return scope_.Holds(view, contact); }
  bool Meets(const runtime::View& view, const runtime::Contact& contact) const {
    return scope_.Holds(view, contact) && filter_.Holds(view, contact);
  }

 private:
  struct Part {
    std::string text;  // empty: it holds
    std::optional<CompiledCondition> condition;

    bool Holds(const runtime::View& view, const runtime::Contact& contact) const { return text.empty() || view.Meets(contact, *condition); }
  };

  grpc::Status CompileFilter(const ir::Program& program);
  grpc::Status CompileScope(const ir::Program& program);

  Part filter_, scope_;
  std::optional<std::uint32_t> revision_;
  grpc::Status status_;
};

// NOT_FOUND (CONTACT_NOT_FOUND) of a caller with a scope that does not have the contact: to it there is none. PERMISSION_DENIED
// (OUT_OF_SCOPE): the scope does not fit the running scripts. Of a caller without a scope nothing is looked at.
runtime::Status CheckInScope(runtime::Engine& engine, const Caller& caller, std::string_view contact);

}  // namespace stagecraft::server

#endif  // STAGECRAFT_SERVER_RPC_CONTACT_FILTER_H_
