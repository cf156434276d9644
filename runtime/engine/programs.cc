#include "runtime/engine/programs.h"

#include <utility>

namespace stagecraft::runtime {

void Programs::Add(Revision revision, std::shared_ptr<const ir::Program> program) {
  const std::lock_guard lock(mutex_);
  entries_.push_back({std::move(revision), std::move(program)});
}

std::shared_ptr<const ir::Program> Programs::Of(std::uint32_t number) {
  const std::lock_guard lock(mutex_);
  if (number >= entries_.size()) return nullptr;
  Entry& entry = entries_[number];
  if (entry.program != nullptr) return entry.program;
  // Against its own layout, not against the one before it: what this revision wrote keeps its numbers, also when the
  // standard vocabulary of a newer Stagecraft names things in another order.
  const auto layout = ir::DecodeLayout(entry.revision.layout);
  if (!layout) return nullptr;
  entry.program = Compile(SourcesOf(entry.revision.files), *layout).program;
  return entry.program;
}

bool Programs::empty() const {
  const std::lock_guard lock(mutex_);
  return entries_.empty();
}

std::uint32_t Programs::newest() const {
  const std::lock_guard lock(mutex_);
  return static_cast<std::uint32_t>(entries_.size() - 1);
}

Micros Programs::founded_at() const {
  const std::lock_guard lock(mutex_);
  return entries_.front().revision.deployed_at;
}

std::vector<Revision> Programs::Deployed() const {
  const std::lock_guard lock(mutex_);
  std::vector<Revision> revisions;
  for (std::size_t i = 1; i < entries_.size(); ++i) revisions.push_back(entries_[i].revision);
  return revisions;
}

std::vector<Source> SourcesOf(const std::vector<Revision::File>& files) {
  std::vector<Source> sources;
  for (const Revision::File& file : files) sources.emplace_back(file.name, file.text);
  return sources;
}

}  // namespace stagecraft::runtime
