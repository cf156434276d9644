// A request's `filter`: a condition of the language on contacts.
#ifndef STAGECRAFT_SERVER_RPC_CONTACT_FILTER_H_
#define STAGECRAFT_SERVER_RPC_CONTACT_FILTER_H_

#include <grpcpp/support/status.h>

#include <cstdint>
#include <optional>
#include <string>

#include "dsl/compile.h"
#include "runtime/engine/view.h"

namespace stagecraft::server {

// Belongs to one call.
class ContactFilter {
 public:
  // Empty: every contact meets it.
  explicit ContactFilter(std::string text) : text_(std::move(text)) {}

  bool empty() const { return text_.empty(); }
  // nullptr: every contact meets it. Good until the next Prepare.
  const CompiledCondition* condition() const { return condition_ ? &*condition_ : nullptr; }

  // To be called within each read, before Meets: compiles the text against the running program when that is another one than
  // before. False when it has errors, or is too long: then see status().
  bool Prepare(const runtime::View& view);
  const grpc::Status& status() const { return status_; }

  bool Meets(const runtime::View& view, const runtime::Contact& contact) const { return text_.empty() || view.Meets(contact, *condition_); }

 private:
  std::string text_;
  std::optional<std::uint32_t> revision_;
  std::optional<CompiledCondition> condition_;
  grpc::Status status_;
};

}  // namespace stagecraft::server

#endif  // STAGECRAFT_SERVER_RPC_CONTACT_FILTER_H_
