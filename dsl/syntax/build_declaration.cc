#include "dsl/syntax/build.h"

namespace stagecraft::syntax {

namespace {

constexpr std::int64_t kScale = 1'000'000;  // millionths, as ir::kNumberScale

Span Keyword(const Span& sentence, std::string_view keyword) {
  return {sentence.source, sentence.begin, sentence.begin + static_cast<std::uint32_t>(keyword.size())};
}

Term WordAt(std::string_view text, const Span& span) { return {Term::Kind::kWord, std::string(text), 0, span}; }

// The words of a type, whatever stood between them; `one of` and `yes or no` are the only ones of several words.
Phrase TypePhrase(Children& children) {
  const Part* part = children.Find(Role::kTypeName);
  const std::string_view text = children.builder().TextOf(part->span);
  Phrase phrase;
  phrase.span = part->span;
  if (text.starts_with("one")) {
    phrase.terms = {WordAt("one", part->span), WordAt("of", part->span)};
  } else if (text.starts_with("yes")) {
    phrase.terms = {WordAt("yes", part->span), WordAt("or", part->span), WordAt("no", part->span)};
  } else {
    phrase.terms = {WordAt(text, part->span)};
  }
  return phrase;
}

}  // namespace

Declaration BuildUse(Children& children) { return {Use{children.Need<Phrase>()}, children.span()}; }

Declaration BuildImport(Children& children) { return {ImportDecl{children.Need<Term>()}, children.span()}; }

BusinessHours BuildBusinessHours(Children& children) {
  BusinessHours hours;
  std::vector<Term> days;
  std::vector<Term> times;
  for (Term& term : children.TakeAll<Term>()) {
    auto& kind = term.kind == Term::Kind::kWord ? days : times;
    kind.push_back(std::move(term));
  }
  hours.first_day = days.front();
  hours.last_day = days.back();
  hours.from_minute = static_cast<int>(times.front().number / kScale);
  hours.to_minute = static_cast<int>(times.back().number / kScale);
  hours.span = children.span();
  return hours;
}

Holiday BuildHoliday(Children& children) {
  const std::vector<Term> dates = children.TakeAll<Term>();
  return {dates.front(), dates.back()};
}

Declaration BuildWorkspace(Children& children) {
  WorkspaceDecl workspace;
  workspace.name = children.Need<Term>();
  workspace.time_zone = children.Take<Term>(Role::kTimeZone);
  workspace.business_hours = children.Take<BusinessHours>();
  workspace.holidays = children.TakeAll<Holiday>();
  return {std::move(workspace), children.span()};
}

OptionDecl BuildOption(Children& children) {
  OptionDecl option;
  option.name = children.Need<Term>();
  option.internal_name = children.Take<Term>(Role::kInternalName);
  option.sub_options = children.TakeAll<OptionDecl>();
  return option;
}

OptionLabels::Label BuildOptionLabel(Children& children) {
  std::vector<Term> terms = children.TakeAll<Term>();
  return {std::move(terms.at(0)), std::move(terms.at(1))};
}

OptionLabels BuildOptionLabels(Children& children) {
  return {children.Need<Term>(), children.TakeAll<OptionLabels::Label>(), children.span()};
}

OptionProbability BuildOptionProbability(Children& children) {
  std::vector<Term> terms = children.TakeAll<Term>();
  return {std::move(terms.at(0)), std::move(terms.at(1))};
}

StatusGroup BuildStatusGroup(Children& children) {
  return {children.Need<StatusGroupKind>(), children.TakeAll<OptionDecl>(), children.Has(Role::kForwardOnly), children.span()};
}

Declaration BuildStatus(Children& children) {
  return {StatusDecl{children.TakeAll<StatusGroup>(), children.TakeAll<OptionLabels>(), children.TakeAll<OptionProbability>(),
                     Keyword(children.span(), "status")},
          children.span()};
}

Declaration BuildProperty(Children& children) {
  PropertyDecl property;
  property.name = children.Need<Phrase>();
  property.type = TypePhrase(children);
  property.options = children.TakeAll<OptionDecl>();
  property.internal_name = children.Take<Term>(Role::kInternalName);
  property.labels = children.TakeAll<OptionLabels>();
  return {std::move(property), children.span()};
}

FieldDecl BuildField(Children& children) {
  return {children.Need<Phrase>(), TypePhrase(children), children.TakeAll<OptionDecl>(), children.Take<Phrase>(Role::kAnnounces)};
}

Declaration BuildEvent(Children& children) {
  EventDecl event;
  event.name = children.Need<Phrase>();
  event.synonyms = children.TakeAll<Phrase>(Role::kSynonym);
  event.fields = children.TakeAll<FieldDecl>();
  event.withdraws = children.TakeAll<Phrase>(Role::kWithdraws);
  return {std::move(event), children.span()};
}

Declaration BuildForm(Children& children) {
  std::vector<Term> terms = children.TakeAll<Term>();
  return {FormDecl{std::move(terms.at(0)), std::move(terms.at(1))}, children.span()};
}

PipelineDecl::Stage BuildPipelineStage(Children& children) {
  std::vector<Term> terms = children.TakeAll<Term>();
  PipelineDecl::Stage stage{std::move(terms.at(0)), std::nullopt};
  if (terms.size() > 1) stage.probability = std::move(terms[1]);
  return stage;
}

Declaration BuildPipeline(Children& children) {
  return {PipelineDecl{children.Need<Term>(), children.TakeAll<PipelineDecl::Stage>()}, children.span()};
}

Declaration BuildTemplate(Children& children) {
  return {TemplateDecl{children.Need<Term>(), children.Need<Term>(Role::kSubject), children.Need<Term>(Role::kBody)}, children.span()};
}

TeamDecl::Member BuildMember(Children& children) {
  return {children.Need<Term>(), children.Take<Term>(Role::kWeight), children.Take<Term>(Role::kAtMost)};
}

Declaration BuildTeam(Children& children) {
  TeamDecl team;
  team.name = children.Need<Term>();
  team.members = children.TakeAll<TeamDecl::Member>();
  team.manager = children.Take<Term>(Role::kManager);
  return {std::move(team), children.span()};
}

Declaration BuildDefine(Children& children) {
  DefineDecl define;
  define.name = children.Need<Phrase>();
  define.note = children.Take<Term>(Role::kNote);
  define.condition = children.Need<ConditionPtr>();
  return {std::move(define), children.span()};
}

ScoreLine BuildScoreLine(Children& children) {
  const Term points = children.Need<Term>();
  if (points.number % kScale != 0) {
    children.builder().Report(Code::kInvalidNumber, points.span, "`" + points.text + "` is not a whole number of points", "not whole");
  }
  ScoreLine line;
  line.points = points.number / kScale;
  line.each = children.Find(Role::kEach) != nullptr;
  line.condition = children.Need<ConditionPtr>(line.each ? Role::kEach : Role::kWhen);
  line.span = children.span();
  line.points_span = points.span;
  return line;
}

Declaration BuildScore(Children& children) {
  return {ScoreDecl{children.Take<Phrase>(), children.Take<Duration>(Role::kHalving), children.TakeAll<ScoreLine>(),
                    Keyword(children.span(), "score")},
          children.span()};
}

CounterEvent BuildCounterEvent(Children& children) { return {children.Need<Phrase>(), children.Need<ConditionPtr>(Role::kWith)}; }

Declaration BuildCounter(Children& children) {
  CounterDecl counter;
  counter.name = children.Need<Phrase>();
  counter.events = children.TakeAll<CounterEvent>();
  counter.within = children.Take<Duration>(Role::kWithin);
  counter.since = children.Take<Phrase>(Role::kSince);
  return {std::move(counter), children.span()};
}

Declaration BuildList(Children& children) { return {ListDecl{children.Need<Term>(), children.Need<ConditionPtr>()}, children.span()}; }

ViewDecl::SortKey BuildSortKey(Children& children) { return {children.Need<Phrase>(), children.Has(Role::kDescending)}; }

Declaration BuildView(Children& children) {
  return {ViewDecl{children.Need<Term>(), children.Need<ConditionPtr>(), children.TakeAll<Phrase>(Role::kColumn),
                   children.TakeAll<ViewDecl::SortKey>()},
          children.span()};
}

}  // namespace stagecraft::syntax
