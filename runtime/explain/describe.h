// Records and their effects in people's words.
#ifndef STAGECRAFT_RUNTIME_EXPLAIN_DESCRIBE_H_
#define STAGECRAFT_RUNTIME_EXPLAIN_DESCRIBE_H_

#include <optional>
#include <string>

#include "runtime/explain/explain.h"
#include "runtime/model/failure.h"
#include "runtime/model/run.h"

namespace stagecraft::runtime {

// `program`: the one that decided the record.
std::string TitleOf(const ir::Program& program, const Record& record);
// Nothing for an effect that only the machine cares about, such as a timer that was armed.
std::optional<TimelineChange> DescribeEffect(const ir::Program& program, const Record& record, const Effect& effect);
// Of a run that is open: what it waits for.
std::string DescribeRun(const ir::Program& program, const Run& run);
// Of a kRunEnded effect.
std::string DescribeEnd(const ir::Program& program, const Effect& effect);
// What an action could not do, and why.
std::string DescribeFailure(const ir::Program& program, const Failure& failure);
// What an effect of kind kAssigned says, and why.
std::string AssignmentText(const ir::Program& program, const Effect& effect);
// The rule that did the effect; nullptr: the record itself.
const ir::Rule* RuleOf(const ir::Program& program, const Record& record, const Effect& effect);
std::string FileOf(const ir::Program& program, const ir::Place& place);

}  // namespace stagecraft::runtime

#endif  // STAGECRAFT_RUNTIME_EXPLAIN_DESCRIBE_H_
