#include "runtime/engine/programs.h"

#include <algorithm>
#include <utility>

#include "runtime/exec/redeploy.h"

namespace stagecraft::runtime {

void Programs::Add(Revision revision, std::shared_ptr<const ir::Program> program) {
  const std::lock_guard lock(mutex_);
  entries_.push_back({std::move(revision), std::move(program)});
}

std::shared_ptr<const ir::Program> Programs::Of(std::uint32_t number) {
  const std::lock_guard lock(mutex_);
  if (number >= entries_.size()) return nullptr;
  return ProgramOf(number);
}

const std::shared_ptr<const ir::Program>& Programs::ProgramOf(std::uint32_t number) {
  Entry& entry = entries_[number];
  if (entry.program != nullptr) return entry.program;
  // Against its own layout, not against the one before it: what this revision wrote keeps its numbers, also when the
  // standard vocabulary of a newer Stagecraft names things in another order.
  if (const auto layout = ir::DecodeLayout(entry.revision.layout)) {
    entry.program = Compile(SourcesOf(entry.revision.files), *layout, {}, FilesOf(layout->retired)).program;
  }
  return entry.program;
}

std::vector<RetiredFile> Programs::FilesOf(const std::vector<ir::RetiredRule>& retired) const {
  std::vector<RetiredFile> files;
  for (const ir::RetiredRule& rule : retired) {
    auto file = std::find_if(files.begin(), files.end(),
                             [&](const RetiredFile& each) { return each.revision == rule.revision && each.name == rule.file; });
    if (file == files.end()) {
      file = files.insert(files.end(), {rule.revision, rule.file, {}, {}});
      const std::vector<Revision::File> none;
      for (const Revision::File& source : rule.revision < entries_.size() ? entries_[rule.revision].revision.files : none) {
        if (source.name == rule.file) file->text = source.text;
      }
    }
    file->rules.push_back(rule);
  }
  return files;
}

CompileResult Programs::CompileNext(const std::vector<Revision::File>& files, const std::vector<std::uint32_t>& in_progress) {
  std::vector<RetiredFile> retired;
  ir::Layout layout;
  {
    const std::lock_guard lock(mutex_);
    const auto newest = static_cast<std::uint32_t>(entries_.size() - 1);
    const ir::Program& running = *ProgramOf(newest);
    layout = running.layout;
    std::vector<ir::RetiredRule> rules;
    for (const std::uint32_t rule : in_progress) rules.push_back(RetiredAs(running, newest, rule));
    retired = FilesOf(rules);
  }
  return Compile(SourcesOf(files), layout, {}, retired);
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
