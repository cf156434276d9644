// The first pass: what the scripts and the standard vocabulary declare, before anything that uses it is looked at.
#ifndef STAGECRAFT_DSL_SEMA_DECLARATIONS_H_
#define STAGECRAFT_DSL_SEMA_DECLARATIONS_H_

#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "dsl/sema/catalog.h"
#include "dsl/sema/checked.h"
#include "dsl/sema/names.h"
#include "dsl/sema/reporter.h"
#include "dsl/syntax/tree.h"

namespace stagecraft::sema {

// What the second pass reads of a derived symbol; exactly one pointer is set.
struct DerivedDecl {
  const syntax::DefineDecl* definition = nullptr;
  const syntax::ScoreDecl* score = nullptr;
  const syntax::CounterDecl* counter = nullptr;
  const syntax::ListDecl* list = nullptr;
  Span span{};  // of the whole sentence; definitions and counters only
};

// One of the two is set.
struct RuleToCheck {
  const syntax::RuleDecl* rule = nullptr;
  const syntax::SequenceDecl* sequence = nullptr;
  Span span;
};

template <typename Decl>
struct ToCheck {
  const Decl* decl = nullptr;
  Span span;
};

struct Declarations {
  std::vector<DerivedDecl> derived;  // by derived symbol; all null: the score that nobody gives criteria
  std::vector<RuleToCheck> rules;    // in the order of the script
  std::vector<ToCheck<syntax::TemplateDecl>> templates;
  std::vector<ToCheck<syntax::ViewDecl>> views;
  std::vector<ToCheck<syntax::PromiseDecl>> promises;
  std::vector<ToCheck<syntax::MovesDecl>> moves;
  Catalog catalog;
};

// The type behind a phrase, which is one: others cannot be read.
Type TypeOf(const syntax::Phrase& phrase);
// `stages`: options in an order.
bool IsStages(const syntax::Phrase& phrase);

inline std::string NameOf(const syntax::Phrase& phrase) { return Written(TermsOf(phrase)); }

class Declarer {
 public:
  Declarer(Reporter& reporter, const SourceSet& sources, CheckedScript& out) : reporter_(reporter), sources_(sources), out_(out) {}

  // `standard` is the index of the standard vocabulary among `scripts`.
  Declarations Declare(const std::vector<syntax::Script>& scripts, std::size_t standard);

 private:
  using NameSpans = std::unordered_map<std::string, Span>;

  void Collect(const syntax::Script& script, bool standard);
  void AddProperties();
  void AddEvents();
  void AddOthers();
  void AddDerived(DerivedKind kind, std::string name, Span span, DerivedDecl decl);

  void DeclareWorkspace(const syntax::WorkspaceDecl& decl);
  void DeclareTeam(const syntax::TeamDecl& decl);
  // Reads a whole number from 1 to `max` of a member; reported when it is none.
  std::optional<std::uint32_t> ReadShare(const syntax::Term& term, std::string_view what, std::uint32_t max);
  void DeclareList(const syntax::ListDecl& decl, Span span);
  void DeclareForm(const syntax::FormDecl& decl);
  void DeclarePipeline(const syntax::PipelineDecl& decl, Span span);
  void DeclareTemplate(const syntax::TemplateDecl& decl, Span span);
  void DeclareRule(const syntax::RuleDecl& decl, Span span);
  void DeclareSequence(const syntax::SequenceDecl& decl, Span span);
  void CheckUse(const syntax::Use& use);

  PropertySymbol MakeProperty(const syntax::PropertyDecl& decl, const PropertySymbol* base);
  PropertySymbol MakeStatus(const syntax::StatusDecl& decl, const PropertySymbol* base);
  EventSymbol MakeEvent(const syntax::EventDecl& decl);
  void AddOptions(const std::vector<syntax::OptionDecl>& decls, const OptionSymbol& model, const PropertySymbol* base, bool ranked,
                  OptionSet& set, std::string_view owner);
  void ReportTakenOption(const OptionSet& set, const syntax::OptionDecl& decl, std::string_view owner);
  void AddLabels(const std::vector<syntax::OptionLabels>& decls, OptionSet& set, std::string_view owner);
  void AddProbabilities(const std::vector<syntax::OptionProbability>& decls, OptionSet& set, std::string_view owner);
  std::optional<std::uint32_t> DeclaredOption(const OptionSet& set, std::string_view owner, const syntax::Term& term);
  // In millionths; nothing when an error was reported.
  std::optional<std::int64_t> ReadProbability(const syntax::Term& percent);
  void LinkEvent(Symbol symbol, const syntax::EventDecl& decl);
  std::optional<Symbol> AnnouncedEvent(const syntax::Phrase& name);
  // False, and reported, when a score, counter or definition cannot have this name.
  bool CheckDerivedName(DerivedKind kind, const std::string& name, Span span);
  // False, and reported, when a person or manager of a team is none.
  bool CheckMember(const syntax::Term& member);
  // False, and reported, when there are as many rules as there may be.
  bool HasRoom(Span span);
  // Names that scripts give with `as` must not be those of other properties.
  void CheckInternalNames(const std::vector<PropertySymbol>& ours, const std::vector<PropertySymbol>& standard);
  // False, and reported, when `name` is empty.
  bool CheckName(std::string_view name, Span span);
  // False, and reported, when `name` is empty or in `names` already; otherwise adds it.
  bool Claim(NameSpans& names, std::string_view name, Span span, std::string_view what);

  Reporter& reporter_;
  const SourceSet& sources_;
  CheckedScript& out_;
  Declarations result_;

  struct Declared {
    const syntax::Declaration* declaration = nullptr;
    bool standard = false;
  };
  std::vector<Declared> declared_;
  std::unordered_map<std::string, Span> internal_names_;  // by folded property: where `as` gives it
  NameSpans values_, events_, teams_, lists_, rules_, forms_, pipelines_, templates_, views_, moves_;  // what the scripts declare; folded
  std::optional<Span> workspace_;
  bool full_ = false;  // a rule too many was reported
};

}  // namespace stagecraft::sema

#endif  // STAGECRAFT_DSL_SEMA_DECLARATIONS_H_
