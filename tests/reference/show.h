// What the engine has, in the words of the reference.
#ifndef STAGECRAFT_TESTS_REFERENCE_SHOW_H_
#define STAGECRAFT_TESTS_REFERENCE_SHOW_H_

#include <string>
#include <vector>

#include "dsl/ir/program.h"
#include "runtime/model/contact.h"
#include "runtime/model/failure.h"
#include "runtime/model/record.h"
#include "runtime/model/user.h"
#include "tests/reference/world.h"

namespace stagecraft::reference {

std::string FormatTime(const ir::Program& program, Micros at);
// What the engine says of a record, without what is compared as state: timers, waits, reminders, scores and lists.
std::vector<std::string> LinesOf(const ir::Program& program, const runtime::Record& record);
// Of a contact that has become part of another one nothing is looked at; of one that was erased there should be nothing.
// `tasks`: all that there are, in the order in which they were made.
std::vector<std::string> Show(const ir::Program& program, const runtime::Contact& contact, const std::vector<runtime::Task>& tasks);
// Of whom something is said still.
std::vector<std::string> Show(const ir::Program& program, const std::vector<runtime::User>& users);
std::vector<std::string> ShowPeople(const World& world);
std::string ReasonOf(const runtime::Failure& failure);

}  // namespace stagecraft::reference

#endif  // STAGECRAFT_TESTS_REFERENCE_SHOW_H_
