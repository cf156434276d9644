// Histories: data files that say what a script does as time goes by. A file holds cases:
//
//   # a title, in one line or more
//   script
//   on SQL set status New
//   ----
//   > ana contact updated | lifecycle = SQL
//     created
//     lifecycle: unset → SQL
//     ...
//   > wait 2 hours
//   > show ana status, score
//     status New, score 0
//
// Lines that begin with `>` are steps, the indented ones behind a step all that it did, or what was wrong with it. A step
//   <contact> <event> | <field>: <value> | <property> = <value> | at <time> | <number> <units> late
// is an event (its contact is made when it is missing; a value may be `unset`); `wait <number> <units>` and `wait until <time>`
// let time pass; `show <contact> <names>` prints properties, scores, counters and lists by name. Times are written as
// 2026-10-01 09:00, in the script's zone; a history begins at 2026-10-01 09:00 (a Thursday) in UTC.
// UPDATE_GOLDEN=1 writes the file anew with what really happened.
#ifndef STAGECRAFT_TESTS_HISTORIES_HISTORY_H_
#define STAGECRAFT_TESTS_HISTORIES_HISTORY_H_

#include <string>
#include <string_view>
#include <vector>

namespace stagecraft::runtime {

struct HistoryStep {
  std::string text;                 // without `> `
  std::vector<std::string> output;  // without the indent
};

struct HistoryCase {
  std::string title;  // its lines, with their `# `
  std::string script;
  std::vector<HistoryStep> steps;
};

std::vector<HistoryCase> ParseHistories(std::string_view file);
std::string PrintHistories(const std::vector<HistoryCase>& cases);

// The same case with the output that its steps really have.
HistoryCase Replay(const HistoryCase& history);

}  // namespace stagecraft::runtime

#endif  // STAGECRAFT_TESTS_HISTORIES_HISTORY_H_
