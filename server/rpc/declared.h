// What the scripts declare by a name, for services that read it: lists, views.
#ifndef STAGECRAFT_SERVER_RPC_DECLARED_H_
#define STAGECRAFT_SERVER_RPC_DECLARED_H_

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "dsl/ir/program.h"
#include "dsl/support/nearest.h"
#include "dsl/support/text.h"
#include "runtime/model/status.h"
#include "server/rpc/paging.h"

namespace stagecraft::server {

// The one of that name, in any letter case; nullptr: there is none.
template <typename Declared>
const Declared* FindDeclared(const std::vector<Declared>& all, std::string_view name) {
  const std::string folded = FoldCase(name);
  const auto found = std::find_if(all.begin(), all.end(), [&](const Declared& each) { return FoldCase(each.name) == folded; });
  return found == all.end() ? nullptr : &*found;
}

// NOT_FOUND, with the name that is nearest. `what`: `list`.
template <typename Declared>
runtime::Status NoSuch(std::string_view what, runtime::Reason reason, const std::vector<Declared>& all, std::string_view name) {
  std::vector<std::string_view> names;
  for (const Declared& each : all) names.push_back(each.name);
  const auto near = Nearest(name, names);
  return {runtime::StatusCode::kNotFound,
          reason,
          "there is no " + std::string(what) + " `" + std::string(name) + "`" + (near ? "; did you mean `" + *near + "`?" : ""),
          {}};
}

// Those of `all` that are on the page, [first, stop), and the token of the next one; `first` is where the page begins.
inline std::size_t StopOf(const Page& page, std::size_t first, std::size_t all, std::string& next_page_token) {
  const std::size_t stop = std::min(all, first + page.size);
  if (stop < all) next_page_token = MakeToken(page, std::to_string(stop));
  return stop;
}

// Where it stands in the scripts.
template <typename Message>
void FillPlace(const ir::Program& program, const ir::Place& place, Message& out) {
  if (place.file < program.files.size()) out.set_file(program.files[place.file]);
  out.set_line(static_cast<std::int32_t>(place.line));
}

}  // namespace stagecraft::server

#endif  // STAGECRAFT_SERVER_RPC_DECLARED_H_
