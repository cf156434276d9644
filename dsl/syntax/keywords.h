// The words that the language knows. They are known in small letters only; anything else is a name.
#ifndef STAGECRAFT_DSL_SYNTAX_KEYWORDS_H_
#define STAGECRAFT_DSL_SYNTAX_KEYWORDS_H_

#include <algorithm>
#include <array>
#include <string_view>
#include <vector>

namespace stagecraft::syntax {

// clang-format off
// In the order of the alphabet: the table of them is searched by the first letter.
#define STAGECRAFT_KEYWORDS(X) \
  X(add) X(after) X(ago) X(also) X(always) X(amount) X(and) X(announces) X(apart) X(append) X(as) X(ascending) X(assign) X(at) \
  X(back) X(because) X(becomes) X(before) X(body) X(broken) X(business) X(by) X(call) X(change) X(clear) X(cleared) X(columns) \
  X(contact) X(contains) X(copy) X(counter) X(create) X(date) X(day) X(deal) X(define) X(descending) X(disabled) X(do) X(due) \
  X(each) X(else) X(email) X(end) X(ends) X(enrol) X(event) X(every) X(expect) X(finally) X(fired) X(for) X(form) \
  X(forward) X(from) X(given) X(halving) X(hand) X(holidays) X(hours) X(if) X(import) X(in) X(is) X(it) X(joining) X(keeping) X(labels) \
  X(last) X(later) X(least) X(leave) X(leaving) X(level) X(list) X(manager) X(matches) X(met) X(migrate) X(missed) X(money) \
  X(month) X(most) X(move) X(moves) X(never) X(next) X(no) X(not) X(notification) X(notify) X(number) X(of) X(on) X(once) X(one) \
  X(only) X(or) X(otherwise) X(outcome) X(per) X(pipeline) X(priority) X(probability) X(process) X(promise) X(property) \
  X(reaches) X(remind) X(remove) X(row) X(rule) X(running) X(score) X(send) X(sequence) X(set) X(since) X(sort) X(split) X(stages) \
  X(start) X(started) X(starts) X(status) X(stop) X(subject) X(subtract) X(task) X(team) X(template) X(test) X(text) X(the) \
  X(then) X(time) X(times) X(to) X(until) X(use) X(user) X(view) X(wait) X(was) X(webhook) X(weight) X(when) X(with) X(withdraws) \
  X(within) X(without) X(workspace) X(yes) X(zone)
// clang-format on

constexpr auto kKeywords = std::to_array<std::string_view>({
#define STAGECRAFT_KEYWORD(word) #word,
    STAGECRAFT_KEYWORDS(STAGECRAFT_KEYWORD)
#undef STAGECRAFT_KEYWORD
});

// All of them, ascending, for pages and tools that list them. Units and days are no keywords: they are words that their sentences look for.
// Most keywords may be names all the same (language.md, "Letters and words").
const std::vector<std::string_view>& Keywords();

inline bool IsKeyword(std::string_view word) { return std::find(kKeywords.begin(), kKeywords.end(), word) != kKeywords.end(); }

}  // namespace stagecraft::syntax

#endif  // STAGECRAFT_DSL_SYNTAX_KEYWORDS_H_
