// The first pass: what the scripts and the standard vocabulary declare, before anything that uses it is looked at.
#ifndef STAGECRAFT_DSL_SEMA_DECLARATIONS_H_
#define STAGECRAFT_DSL_SEMA_DECLARATIONS_H_

#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "dsl/sema/checked.h"
#include "dsl/sema/reporter.h"
#include "dsl/syntax/tree.h"

namespace stagecraft::sema {

// What the second pass reads of a derived symbol; exactly one pointer is set.
struct DerivedDecl {
  const syntax::DefineDecl* definition = nullptr;
  const syntax::ScoreDecl* score = nullptr;
  const syntax::CounterDecl* counter = nullptr;
  const syntax::ListDecl* list = nullptr;
};

struct RuleToCheck {
  const syntax::RuleDecl* decl = nullptr;
  Span span;
};

struct Declarations {
  std::vector<DerivedDecl> derived;  // by derived symbol; all null: the score that nobody gives criteria
  std::vector<RuleToCheck> rules;    // in the order of the script
};

class Declarer {
 public:
  Declarer(const SourceSet& sources, Reporter& reporter, CheckedScript& out) : sources_(sources), reporter_(reporter), out_(out) {}

  // `standard` is the index of the standard vocabulary among `scripts`.
  Declarations Declare(const std::vector<syntax::Script>& scripts, std::size_t standard);

 private:
  using Names = std::unordered_map<std::string, Span>;

  void Collect(const syntax::Script& script, bool standard);
  void AddProperties();
  void AddEvents();
  void AddOthers();
  void AddDerived(DerivedKind kind, std::string name, Span span, DerivedDecl decl);

  void DeclareWorkspace(const syntax::WorkspaceDecl& decl, Span span);
  void DeclareTeam(const syntax::TeamDecl& decl);
  void DeclareList(const syntax::ListDecl& decl);
  void DeclareRule(const syntax::RuleDecl& decl, Span span);
  void CheckUse(const syntax::Use& use);

  PropertySymbol MakeProperty(const syntax::PropertyDecl& decl, const PropertySymbol* base);
  PropertySymbol MakeStatus(const syntax::StatusDecl& decl, const PropertySymbol* base);
  EventSymbol MakeEvent(const syntax::EventDecl& decl);
  void AddOptions(const std::vector<syntax::OptionDecl>& decls, const OptionSymbol& model, const PropertySymbol* base, bool ranked,
                  OptionSet& set, std::string_view owner);
  // The type behind a phrase; reports unknown ones.
  std::optional<Type> ReadType(const syntax::Phrase& phrase);
  // False, and reported, when `name` is in `names` already; otherwise adds it.
  bool Claim(Names& names, std::string_view name, Span span, std::string_view what);

  const SourceSet& sources_;
  Reporter& reporter_;
  CheckedScript& out_;
  Declarations result_;

  struct Declared {
    const syntax::Declaration* declaration = nullptr;
    bool standard = false;
  };
  std::vector<Declared> declared_;
  Names values_, events_, teams_, lists_, rules_;  // what the scripts declare; folded
  std::optional<Span> workspace_;
};

}  // namespace stagecraft::sema

#endif  // STAGECRAFT_DSL_SEMA_DECLARATIONS_H_
