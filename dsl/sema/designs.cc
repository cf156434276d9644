#include "dsl/sema/designs.h"

#include <utility>

#include "dsl/sema/rules.h"
#include "dsl/sema/texts.h"

namespace stagecraft::sema {

Email CheckTemplate(const ToCheck<syntax::TemplateDecl>& decl, const Context& context, std::vector<Symbol>& reads) {
  Scope scope;
  scope.reads = &reads;
  Email email;
  email.name = decl.decl->name.text;
  email.span = decl.span;
  email.subject = CheckText(decl.decl->subject, scope, context.sources, context.names).value_or(Text{});
  email.body = CheckText(decl.decl->body, scope, context.sources, context.names).value_or(Text{});
  return email;
}

View CheckView(const ToCheck<syntax::ViewDecl>& decl, const Context& context, std::vector<Symbol>& reads) {
  Scope scope;
  scope.in_view = true;
  scope.reads = &reads;
  View view;
  view.name = decl.decl->name.text;
  view.text = OneLine(context.sources, decl.span);
  view.span = decl.span;
  if (decl.decl->condition != nullptr) view.condition = context.conditions.Check(*decl.decl->condition, scope);
  for (const syntax::Phrase& column : decl.decl->columns) {
    const std::optional<Reference> reference = context.names.ResolveReference(TermsOf(column), scope);
    if (reference.has_value()) view.columns.push_back({Written(TermsOf(column)), *reference});
  }
  for (const syntax::ViewDecl::SortKey& key : decl.decl->sort) {
    const std::optional<Reference> reference = context.names.ResolveReference(TermsOf(key.phrase), scope);
    if (reference.has_value()) view.sort.push_back({*reference, key.descending});
  }
  return view;
}

// Conditions are two-valued: where A cannot be told because something is not set, A does not hold, and `always A` is broken.
Promise CheckPromise(const ToCheck<syntax::PromiseDecl>& decl, const Context& context, std::vector<Symbol>& reads) {
  Promise promise;
  promise.span = decl.span;
  promise.text = OneLine(context.sources, decl.span);
  Scope scope;
  scope.in_rule = true;
  scope.reads = &reads;
  scope.reads_previous = &promise.reads_previous;
  Condition said = context.conditions.Check(*decl.decl->condition, scope);
  const Span said_span = said.span;
  if (!decl.decl->never) said = Negate(std::move(said));
  said.span = said_span;
  std::vector<Condition> both;
  if (decl.decl->when != nullptr) both.push_back(context.conditions.Check(*decl.decl->when, scope));
  both.push_back(std::move(said));
  promise.broken = AllOf(std::move(both));
  promise.broken.span = decl.span;
  return promise;
}

}  // namespace stagecraft::sema
