// The revisions there have been, and the program of each. Thread-safe.
#ifndef STAGECRAFT_RUNTIME_ENGINE_PROGRAMS_H_
#define STAGECRAFT_RUNTIME_ENGINE_PROGRAMS_H_

#include <cstdint>
#include <memory>
#include <mutex>
#include <vector>

#include "dsl/compile.h"
#include "runtime/store/store.h"

namespace stagecraft::runtime {

class Programs {
 public:
  // Revisions are added in the order of their numbers, from 0 on: revision 0 is the standard vocabulary alone.
  // `program`: what was compiled from it; nullptr: compiled when it is asked for.
  void Add(Revision revision, std::shared_ptr<const ir::Program> program);

  // Compiles `files` as the revision behind the newest one. `in_progress`: the rules of that one that have runs, which are kept where the
  // new scripts have other rules in their place.
  CompileResult CompileNext(const std::vector<Revision::File>& files, const std::vector<std::uint32_t>& in_progress);

  // nullptr when there is no such revision, or when this version's compiler refuses its scripts.
  std::shared_ptr<const ir::Program> Of(std::uint32_t number);
  bool empty() const;
  std::uint32_t newest() const;
  // When revision 0 was made, and the store with it.
  Micros founded_at() const;
  // The deployed ones, oldest first.
  std::vector<Revision> Deployed() const;

 private:
  // As Of and the like; with mutex_ held.
  const std::shared_ptr<const ir::Program>& ProgramOf(std::uint32_t number);
  std::vector<RetiredFile> FilesOf(const std::vector<ir::RetiredRule>& retired) const;

  struct Entry {
    Revision revision;
    std::shared_ptr<const ir::Program> program;
  };

  mutable std::mutex mutex_;
  std::vector<Entry> entries_;  // by number
};

// The sources of a revision, as Compile takes them.
std::vector<Source> SourcesOf(const std::vector<Revision::File>& files);

}  // namespace stagecraft::runtime

#endif  // STAGECRAFT_RUNTIME_ENGINE_PROGRAMS_H_
