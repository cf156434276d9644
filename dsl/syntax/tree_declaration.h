// What a script declares, apart from rules, promises and tests. Part of tree.h.
#ifndef STAGECRAFT_DSL_SYNTAX_TREE_DECLARATION_H_
#define STAGECRAFT_DSL_SYNTAX_TREE_DECLARATION_H_

#include <cstdint>
#include <optional>
#include <vector>

#include "dsl/syntax/tree_condition.h"

namespace stagecraft::syntax {

// `use hubspot`
struct Use {
  Phrase name;
};

// `workspace "Acme" time zone "Asia/Tokyo" business hours Mon-Fri 09:00-18:00 holidays 2026-12-29..2027-01-03, 2027-01-11`
struct BusinessHours {
  Term first_day;
  Term last_day;
  int from_minute = 0;
  int to_minute = 0;
  Span span;
};
struct Holiday {
  Term first;
  Term last;
};  // the same term for a single day
struct WorkspaceDecl {
  Term name;
  std::optional<Term> time_zone;
  std::optional<BusinessHours> business_hours;
  std::vector<Holiday> holidays;
};

// `"New Lead" as NEW`, `Nurturing ("Bad Timing", Pricing)`
struct OptionDecl {
  Term name;
  std::optional<Term> internal_name;
  std::vector<OptionDecl> sub_options;
};

enum class StatusGroupKind : std::uint8_t { kStart, kProcess, kOutcome };

struct StatusGroup {
  StatusGroupKind kind = StatusGroupKind::kStart;
  std::vector<OptionDecl> options;
  bool forward_only = false;
  Span span;
};

// `labels ja "New Lead": "新規", Connected: "接続済み"`
struct OptionLabels {
  Term language;  // a word: `ja`, `pt-BR`
  struct Label {
    Term option;
    Term text;
  };
  std::vector<Label> labels;
  Span span;
};
// `probability "Meeting Scheduled" 30%, "In Progress" 50%`
struct OptionProbability {
  Term option;
  Term percent;
};
// `status …` with its groups. `stages …` (in the standard vocabulary: the lifecycle, in order, forward only) is a property.
struct StatusDecl {
  std::vector<StatusGroup> groups;
  std::vector<OptionLabels> labels;
  std::vector<OptionProbability> probabilities;
  Span keyword_span;
};

// `property NAME TYPE`. For `one of` the options are listed; `stages` is an ordered, forward-only `one of`.
struct PropertyDecl {
  Phrase name;
  Phrase type;  // `number`, `money`, `text`, `date`, `time`, `yes or no`, `user`, `one of`, `stages`; as written
  std::vector<OptionDecl> options;
  std::optional<Term> internal_name;  // `as hs_lead_status`
  std::vector<OptionLabels> labels;   // `one of` and `stages` only
};

// `event "webinar attended"` and its fields, one a line: `topic text`.
struct FieldDecl {
  Phrase name;
  Phrase type;
  std::vector<OptionDecl> options;
  std::optional<Phrase> announces;  // `starts at time announces "meeting starts"`: the moment at which that event is to be expected
};
struct EventDecl {
  Phrase name;
  std::vector<Phrase> synonyms;  // `also "meeting ended"`
  std::vector<FieldDecl> fields;
  std::vector<Phrase> withdraws;  // `withdraws "meeting starts"`: the announced event is no longer to be expected
};

// `form "Whitepaper" level TOFU`
struct FormDecl {
  Term name;
  Term level;  // a word: TOFU, MOFU, BOFU, or any other
};

// `pipeline Sales "Qualified" 20%, "Proposal" 50%, Won 100%, Lost 0%`
struct PipelineDecl {
  Term name;
  struct Stage {
    Term name;
    std::optional<Term> probability;
  };
  std::vector<Stage> stages;
};

// `template "intro" subject "…" body "…"`
struct TemplateDecl {
  Term name;
  Term subject;
  Term body;
};

// `import "other.stage"`
struct ImportDecl {
  Term path;
};

// `team "Inside Sales" "aya@acme.example" weight 2, "ben@acme.example" at most 30, manager "mika@acme.example"`
struct TeamDecl {
  struct Member {
    Term user;
    std::optional<Term> weight;
    std::optional<Term> at_most;
  };
  Term name;
  std::vector<Member> members;
  std::optional<Term> manager;
};

// `define target_account "Agreed …" when …`
struct DefineDecl {
  Phrase name;
  std::optional<Term> note;
  ConditionPtr condition;
};

// `+50 when form "Pricing" submitted`; `+1 each email opened`
struct ScoreLine {
  std::int64_t points = 0;  // whole points
  bool each = false;
  ConditionPtr condition;
  Span span;
  Span points_span;
};
struct ScoreDecl {
  std::optional<Phrase> name;       // absent: `score` itself
  std::optional<Duration> halving;  // `halving every 30 days`
  std::vector<ScoreLine> lines;
  Span keyword_span;
};

// `counter visits of page viewed within 90 days`, `counter attempts of email sent, call no answer since SQL`
struct CounterEvent {
  Phrase phrase;
  ConditionPtr with;
};
struct CounterDecl {
  Phrase name;
  std::vector<CounterEvent> events;
  std::optional<Duration> within;
  std::optional<Phrase> since;
};

// `list "MQL candidates" when …`, `list "Going cold" by hand` (no condition)
struct ListDecl {
  Term name;
  ConditionPtr condition;
};

// `view "My new SQLs" when … columns … sort by …`
struct ViewDecl {
  Term name;
  ConditionPtr condition;  // absent: every contact
  std::vector<Phrase> columns;
  struct SortKey {
    Phrase phrase;
    bool descending = false;
  };
  std::vector<SortKey> sort;
};

}  // namespace stagecraft::syntax

#endif  // STAGECRAFT_DSL_SYNTAX_TREE_DECLARATION_H_
