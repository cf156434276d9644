// Recomputes every contact's scores and lists after every record, and compares them with what the record says that they became.
#ifndef STAGECRAFT_RUNTIME_VERIFY_NODE_WATCH_H_
#define STAGECRAFT_RUNTIME_VERIFY_NODE_WATCH_H_

#include <cstdint>
#include <map>
#include <memory>
#include <utility>
#include <vector>

#include "runtime/engine/core.h"
#include "runtime/verify/report.h"

namespace stagecraft::runtime {

class NodeWatch final : public FoldWatch {
 public:
  // `report` must outlive the watch.
  explicit NodeWatch(Report& report) : report_(report) {}

  void OnFolded(const std::shared_ptr<const ir::Program>& program, const Record& record, Contact& contact) override;
  void OnTaken(const std::shared_ptr<const ir::Program>& program, Contact& contact) override;

 private:
  void Use(const std::shared_ptr<const ir::Program>& program);
  void Compare(const Record& record, const Contact& contact, std::uint32_t node);

  Report& report_;
  std::shared_ptr<const ir::Program> program_;
  std::unique_ptr<Executor> executor_;
  std::map<std::pair<ir::NodeKind, std::uint32_t>, std::uint32_t> nodes_;  // scores and lists, by what effects name them
  std::vector<std::int64_t> said_;                                         // by node: its value by the record's effects so far
};

}  // namespace stagecraft::runtime

#endif  // STAGECRAFT_RUNTIME_VERIFY_NODE_WATCH_H_
