// Actions that reach other systems, and those that start and end sequences.
#include <algorithm>
#include <utility>

#include "dsl/sema/rules.h"
#include "dsl/sema/values.h"
#include "dsl/support/text.h"

namespace stagecraft::sema {

using Node = ActionChecker::Node;
using syntax::Term;

std::optional<std::uint32_t> ActionChecker::DealStage(const Pipeline& pipeline, const Term& term) {
  const std::string folded = FoldCase(term.text);
  std::vector<std::string> names;
  for (std::uint32_t stage = 0; stage < pipeline.stages.size(); ++stage) {
    if (FoldCase(pipeline.stages[stage].name) == folded) return stage;
    names.push_back(pipeline.stages[stage].name);
  }
  Diagnostic* diagnostic = names_.reporter().ReportUnknown(Code::kUnknownDealStage, term.span, term.text,
                                                           "the pipeline \"" + pipeline.name + "\" has no stage \"" + term.text + "\"",
                                                           "not a stage of " + pipeline.name, names, '"');
  if (diagnostic != nullptr) Reporter::AddChoices(*diagnostic, "the stages are", names);
  return std::nullopt;
}

std::optional<Node> ActionChecker::operator()(const syntax::CreateDealAction& node) {
  bool ok = true;
  CreateDeal deal;
  std::optional<Text> title = OptionalText(node.title, ok);
  if (node.amount.has_value()) {
    deal.amount = ValueChecker(context_, scope_).Amount(TermsOf(*node.amount));
    ok = ok && deal.amount.has_value();
  }
  const std::optional<std::uint32_t> pipeline = context_.catalog.Resolve(Catalog::Kind::kPipeline, node.pipeline, names_.reporter());
  if (!pipeline.has_value()) return std::nullopt;
  deal.pipeline = *pipeline;
  if (node.stage.has_value()) {
    const std::optional<std::uint32_t> stage = DealStage(context_.pipelines[*pipeline], *node.stage);
    if (!stage.has_value()) return std::nullopt;
    deal.stage = *stage;
  }
  if (!ok) return std::nullopt;
  deal.title = std::move(*title);
  return deal;
}

std::optional<std::uint32_t> ActionChecker::PipelineOfStage(const Term& stage) {
  const std::string folded = FoldCase(stage.text);
  const std::vector<Pipeline>& pipelines = context_.pipelines;
  std::vector<std::uint32_t> found;
  std::vector<std::string> names;
  for (std::uint32_t number = 0; number < pipelines.size(); ++number) {
    for (const Pipeline::Stage& each : pipelines[number].stages) {
      if (std::find(names.begin(), names.end(), each.name) == names.end()) names.push_back(each.name);
      if (FoldCase(each.name) == folded) found.push_back(number);
    }
  }
  if (found.size() == 1) return found.front();
  if (found.empty()) {
    Diagnostic* diagnostic =
        names_.reporter().ReportUnknown(Code::kUnknownDealStage, stage.span, stage.text, "no pipeline has a stage \"" + stage.text + "\"",
                                        "not a stage of a deal", names, '"');
    if (diagnostic != nullptr) Reporter::AddChoices(*diagnostic, "the stages are", names);
    return std::nullopt;
  }
  Diagnostic& diagnostic = names_.reporter().Report(Code::kAmbiguousName, stage.span,
                                                    "\"" + stage.text + "\" is a stage of several pipelines", "which pipeline is meant?");
  for (const std::uint32_t number : found) {
    diagnostic.help.push_back("did you mean " + Tick("move deal in pipeline \"" + pipelines[number].name + "\" to \"" + stage.text + "\"") +
                              "?");
  }
  return std::nullopt;
}

std::optional<Node> ActionChecker::operator()(const syntax::MoveDealAction& node) {
  const std::optional<std::uint32_t> pipeline = node.pipeline.has_value()
                                                    ? context_.catalog.Resolve(Catalog::Kind::kPipeline, *node.pipeline, names_.reporter())
                                                    : PipelineOfStage(node.stage);
  if (!pipeline.has_value()) return std::nullopt;
  const std::optional<std::uint32_t> stage = DealStage(context_.pipelines[*pipeline], node.stage);
  if (!stage.has_value()) return std::nullopt;
  return MoveDeal{*pipeline, *stage};
}

std::optional<Node> ActionChecker::operator()(const syntax::SendEmailAction& node) {
  const auto email = context_.catalog.Resolve(Catalog::Kind::kTemplate, node.template_name, names_.reporter());
  if (!email.has_value()) return std::nullopt;
  return SendEmail{*email};
}

std::optional<Node> ActionChecker::operator()(const syntax::CallWebhookAction& node) {
  CallWebhook call;
  call.name = node.name.text;
  bool ok = true;
  for (const syntax::Phrase& phrase : node.with) {
    const std::optional<Reference> reference = names_.ResolveReference(TermsOf(phrase), scope_);
    ok = ok && reference.has_value();
    if (reference.has_value()) call.with.emplace_back(Written(TermsOf(phrase)), *reference);
  }
  if (!ok) return std::nullopt;
  return call;
}

std::optional<Node> ActionChecker::operator()(const syntax::EnrolAction& node) {
  const auto sequence = context_.catalog.Resolve(Catalog::Kind::kSequence, node.sequence, names_.reporter());
  if (!sequence.has_value()) return std::nullopt;
  return Enrol{*sequence};
}

std::optional<Node> ActionChecker::operator()(const syntax::LeaveAction& node) {
  const auto sequence = context_.catalog.Resolve(Catalog::Kind::kSequence, node.sequence, names_.reporter());
  if (!sequence.has_value()) return std::nullopt;
  return Leave{*sequence};
}

}  // namespace stagecraft::sema
