// Records and their effects in people's words.
#ifndef STAGECRAFT_RUNTIME_EXPLAIN_DESCRIBE_H_
#define STAGECRAFT_RUNTIME_EXPLAIN_DESCRIBE_H_

#include <optional>
#include <string>

#include "runtime/explain/explain.h"

namespace stagecraft::runtime {

// `program`: the one that decided the record.
std::string TitleOf(const ir::Program& program, const Record& record);
// Nothing for an effect that only the machine cares about, such as a timer that was armed.
std::optional<TimelineChange> DescribeEffect(const ir::Program& program, const Record& record, const Effect& effect);
// The rule that did the effect; nullptr: the record itself.
const ir::Rule* RuleOf(const ir::Program& program, const Record& record, const Effect& effect);
std::string FileOf(const ir::Program& program, const ir::Place& place);

}  // namespace stagecraft::runtime

#endif  // STAGECRAFT_RUNTIME_EXPLAIN_DESCRIBE_H_
