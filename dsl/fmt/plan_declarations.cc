// What a script declares: one part a line; short declarations of one kind in columns.
#include <algorithm>
#include <string_view>

#include "dsl/fmt/planner.h"

namespace stagecraft::layout {

namespace {

constexpr int kFirstColumn = 0;
constexpr int kSecondColumn = 1;
constexpr int kThirdColumn = 2;

}  // namespace

void Planner::AddNode(const syntax::Use&) {}

void Planner::AddNode(const syntax::ImportDecl&) {}

void Planner::AddNode(const syntax::WorkspaceDecl& workspace) {
  if (workspace.time_zone) Line(Before(First(*workspace.time_zone), {"time", "zone"}), kIndent);
  if (workspace.business_hours) {
    const syntax::BusinessHours& hours = *workspace.business_hours;
    const std::size_t end = tokens_.Last(hours.span);
    Line(First(hours), kIndent);
    // Of the hours only: `Mon-Fri` without spaces is one word, `Mon - Fri` is three.
    for (std::size_t i = First(hours) + 1; i < end; ++i) {
      if (Is(i, "-") && tokens_.KindOf(i - 1) == syntax::Token::Kind::kNumber) plan_.tight.insert({i, i + 1});
    }
  }
  for (const syntax::Holiday& holiday : workspace.holidays) {
    const std::size_t first = First(holiday.first);
    const std::size_t keyword = Before(first, {"holidays"});
    if (keyword != first) {
      Line(keyword, kIndent);
    } else {
      WrapAt(first, 0, true);
    }
  }
}

// ---- options ------------------------------------------------------------------------------------------------------------

bool Planner::AddItems(const std::vector<std::size_t>& items, std::size_t end, std::size_t indent) {
  if (items.empty()) return false;
  if (!tokens_.Breaks(items.front())) {
    WrapCommas(items.front(), end, 0);
    return false;
  }
  for (std::size_t i = 0; i < items.size(); ++i) {
    Line(items[i], indent);
    WrapCommas(items[i], i + 1 < items.size() ? items[i + 1] - 1 : end, 0);
  }
  return true;
}

std::size_t Planner::EndOf(const syntax::OptionDecl& option) const {
  // With the bracket.
  if (!option.sub_options.empty()) return EndOf(option.sub_options.back()) + 1;
  return tokens_.Last((option.internal_name ? *option.internal_name : option.name).span);
}

bool Planner::AddOptions(const std::vector<syntax::OptionDecl>& options, std::size_t end, std::size_t indent) {
  std::vector<std::size_t> items;
  for (const syntax::OptionDecl& option : options) items.push_back(First(option.name));
  if (!AddItems(items, end, indent)) return false;
  for (const syntax::OptionDecl& option : options) {
    plan_.kinds[First(option.name)] = "option";
    if (option.internal_name) AddColumn(Before(First(*option.internal_name), {"as"}), kFirstColumn, 1);
  }
  return true;
}

void Planner::AddLabels(const std::vector<syntax::OptionLabels>& labels) {
  for (const syntax::OptionLabels& line : labels) {
    const std::size_t first = First(line);
    Line(first, kIndent);
    if (line.labels.empty()) continue;
    const std::size_t label = First(line.labels.front().option);
    plan_.kinds[first] = "labels";
    plan_.cells[label] = {kFirstColumn, 2, true};
    plan_.hangs[first] = label;
    WrapCommas(label, tokens_.Last(line.span), 0);
  }
}

void Planner::AddNode(const syntax::StatusDecl& status) {
  for (const syntax::StatusGroup& group : status.groups) {
    const std::size_t first = First(group);
    Line(first, kIndent);
    if (AddOptions(group.options, tokens_.Last(group.span), 2 * kIndent) || group.options.empty()) continue;
    const std::size_t option = First(group.options.front().name);
    plan_.kinds[first] = "group";
    plan_.cells[option] = {kFirstColumn, 2, true};
    plan_.hangs[first] = option;
  }
  AddLabels(status.labels);
  for (const syntax::OptionProbability& probability : status.probabilities) {
    const std::size_t option = First(probability.option);
    const std::size_t keyword = Before(option, {"probability"});
    if (keyword != option) {
      Line(keyword, kIndent);
      plan_.hangs[keyword] = option;
    } else {
      WrapAt(option, 0, true);
    }
  }
}

void Planner::AddNode(const syntax::PropertyDecl& property) {
  const std::size_t type = First(property.type);
  AddLabels(property.labels);
  const std::size_t end = property.labels.empty() ? end_ : First(property.labels.front());
  if (AddOptions(property.options, end, kIndent) || !property.labels.empty()) return;
  plan_.kinds[begin_] = Is(begin_ + 1, "company") ? "company property" : "property";
  plan_.hangs[begin_] = type;
  AddColumn(type, kSecondColumn, 2);
  if (property.internal_name) {
    const std::size_t as = Before(First(*property.internal_name), {"as"});
    AddColumn(as, as < type ? kFirstColumn : kThirdColumn, 1);
  }
}

// ---- events -------------------------------------------------------------------------------------------------------------

void Planner::AddNode(const syntax::EventDecl& event) {
  for (const syntax::Phrase& synonym : event.synonyms) {
    const std::size_t also = Before(First(synonym), {"also"});
    if (also == First(synonym)) {
      WrapAt(also, 0, true);
    } else if (also != First(event.name) + 1 || tokens_.Breaks(also)) {
      Line(also, kIndent);
    }
  }
  for (const syntax::FieldDecl& field : event.fields) AddField(field);
  for (const syntax::Phrase& withdrawn : event.withdraws) {
    const std::size_t keyword = Before(First(withdrawn), {"withdraws"});
    if (keyword != First(withdrawn)) {
      Line(keyword, kIndent);
    } else {
      WrapAt(keyword, 0, true);
    }
  }
}

void Planner::AddField(const syntax::FieldDecl& field) {
  const std::size_t first = First(field.name);
  const std::size_t type = First(field.type);
  Line(first, kIndent);
  const std::size_t end = field.options.empty() ? type : EndOf(field.options.back());
  if (AddOptions(field.options, end, 2 * kIndent)) return;
  plan_.kinds[first] = "field";
  plan_.hangs[first] = type;
  AddColumn(type, kFirstColumn, 1);
  if (field.announces) AddColumn(Before(First(*field.announces), {"announces"}), kSecondColumn, 1);
}

// ---- people, forms, pipelines, templates -----------------------------------------------------------------------------------

void Planner::AddNode(const syntax::TeamDecl& team) {
  std::vector<std::size_t> items;
  for (std::size_t i = First(team.name) + 1; i < end_; ++i) {
    if (items.empty() || Is(i - 1, ",")) items.push_back(i);
  }
  AddItems(items, end_, kIndent);
}

void Planner::AddNode(const syntax::FormDecl& form) {
  plan_.kinds[begin_] = "form";
  AddColumn(Before(First(form.level), {"level"}), kFirstColumn, 2);
}

void Planner::AddNode(const syntax::PipelineDecl& pipeline) {
  std::vector<std::size_t> items;
  for (const auto& stage : pipeline.stages) items.push_back(First(stage.name));
  if (!AddItems(items, end_, kIndent)) return;
  for (const auto& stage : pipeline.stages) {
    plan_.kinds[First(stage.name)] = "stage";
    if (stage.probability) AddColumn(First(*stage.probability), kFirstColumn, 1);
  }
}

void Planner::AddNode(const syntax::TemplateDecl& text) {
  const std::size_t subject = Before(First(text.subject), {"subject"});
  const std::size_t body = Before(First(text.body), {"body"});
  plan_.kinds[begin_] = "template";
  AddColumn(subject, kFirstColumn, 1);
  AddColumn(body, kSecondColumn, 2);
  Choose(begin_, end_, [&] {
    Line(subject, kIndent);
    Line(body, kIndent);
  });
}

// ---- what the words mean -----------------------------------------------------------------------------------------------

void Planner::AddNode(const syntax::DefineDecl& define) {
  Choose(begin_, end_, [&] {
    if (define.note) Line(First(*define.note), kIndent);
    if (define.condition != nullptr) Line(Before(First(*define.condition), {"when"}), kIndent);
  });
  AddCondition(define.condition, 0);
}

void Planner::AddNode(const syntax::ScoreDecl& score) {
  for (const syntax::ScoreLine& line : score.lines) {
    const std::size_t first = First(line);
    Line(first, kIndent);
    if (line.condition == nullptr) continue;
    plan_.kinds[first] = "score";
    AddColumn(Before(First(*line.condition), {line.each ? "each" : "when"}), kFirstColumn, 1);
    AddCondition(line.condition, 0);
  }
}

void Planner::AddNode(const syntax::CounterDecl& counter) {
  plan_.kinds[begin_] = "counter";
  if (!counter.events.empty()) AddColumn(Before(First(counter.events.front().phrase), {"of"}), kFirstColumn, 1);
  WrapCommas(begin_, end_, 0);
  for (const syntax::CounterEvent& event : counter.events) AddWith(event.with, 1);
  if (counter.within) WrapAt(Before(First(*counter.within), {"within"}), 0, true);
  if (counter.since) WrapAt(Before(First(*counter.since), {"since"}), 0, true);
}

void Planner::AddNode(const syntax::ListDecl& list) {
  if (list.condition == nullptr) return;
  plan_.kinds[begin_] = "list";
  AddColumn(Before(First(*list.condition), {"when"}), kFirstColumn, 2);
  AddClause(list.condition, "when");
}

void Planner::AddNode(const syntax::ViewDecl& view) {
  std::size_t header_end = end_;
  if (!view.sort.empty()) {
    header_end = Before(First(view.sort.front().phrase), {"sort", "by"});
    Line(header_end, kIndent);
    WrapCommas(header_end, end_, 0);
  }
  if (!view.columns.empty()) {
    const std::size_t columns = Before(First(view.columns.front()), {"columns"});
    Line(columns, kIndent);
    WrapCommas(columns, header_end > columns ? header_end : end_, 0);
    header_end = std::min(header_end, columns);
  }
  if (view.condition == nullptr) return;
  Choose(begin_, header_end, [&] { Line(Before(First(*view.condition), {"when"}), kIndent); });
  AddCondition(view.condition, 0);
}

// ---- promises -----------------------------------------------------------------------------------------------------------

void Planner::AddNode(const syntax::PromiseDecl& promise) {
  AddClause(promise.when, "when");
  AddCondition(promise.condition, 1);
}

void Planner::AddNode(const syntax::MovesDecl& moves) {
  for (const auto& line : moves.lines) {
    const std::size_t first = First(line);
    const std::size_t end = tokens_.Last(line.span);
    Line(first, kIndent);
    WrapCommas(first, end, 0);
    std::size_t arrow = first;
    while (arrow < end && !Is(arrow, "->")) ++arrow;
    if (arrow == end) continue;
    plan_.kinds[first] = "move";
    plan_.hangs[first] = arrow + 1;
    AddColumn(arrow, kFirstColumn, 1);
  }
}

}  // namespace stagecraft::layout
