#include <algorithm>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <utility>
#include <vector>

#include "dsl/sema/designs.h"

namespace stagecraft::sema {
namespace {

std::string_view GroupName(OptionGroup group) {
  switch (group) {
    case OptionGroup::kNone:
      return "";
    case OptionGroup::kStart:
      return "start";
    case OptionGroup::kProcess:
      return "process";
    case OptionGroup::kOutcome:
      return "outcome";
  }
  return "";
}

std::optional<OptionGroup> GroupNamed(Terms terms) {
  for (const OptionGroup group : {OptionGroup::kStart, OptionGroup::kProcess, OptionGroup::kOutcome}) {
    if (terms.size() == 1 && IsWord(terms.front(), GroupName(group))) return group;
  }
  return std::nullopt;
}

class MovesChecker {
 public:
  MovesChecker(const Context& context, const PropertySymbol& property) : context_(context), property_(property) {}

  Moves Check(const syntax::MovesDecl& decl) {
    Moves moves;
    allowed_.assign(Options().size(), std::vector<bool>(Options().size()));
    for (const syntax::MovesDecl::Line& line : decl.lines) AddLine(line);
    AddAlwaysAllowed();
    moves.allowed.resize(Options().size());
    for (std::uint32_t from = 0; from < Options().size(); ++from) {
      for (std::uint32_t to = 0; to < Options().size(); ++to) {
        if (allowed_[from][to]) moves.allowed[from].push_back(to);
      }
    }
    return moves;
  }

 private:
  const std::vector<OptionSymbol>& Options() const { return property_.options.options; }

  void AddLine(const syntax::MovesDecl::Line& line) {
    for (const syntax::MovesDecl::Target& from : line.from) {
      if (from.later) {
        context_.reporter().Report(Code::kMisplaced, from.phrase.span, "`later` is asked of what a move leads to, not of where it begins",
                                   "only after the arrow");
        continue;
      }
      const std::vector<std::uint32_t>& options = Named(from.phrase);
      for (const syntax::MovesDecl::Target& to : line.to) Allow(from.phrase, options, to);
    }
    // Each target once, so that an unknown one is reported once.
    if (line.from.empty()) return;
    for (const syntax::MovesDecl::Target& to : line.to) CheckTarget(to);
  }

  // A pair that was said before is not gone through again: groups are large, and their pairs few.
  void Allow(const syntax::Phrase& from, const std::vector<std::uint32_t>& options, const syntax::MovesDecl::Target& to) {
    const std::string key = Folded(TermsOf(from)) + (to.later ? "\n+" : "\n") + Folded(TermsOf(to.phrase));
    if (!said_.insert(key).second) return;
    const std::vector<std::uint32_t>& targets = Known(to.phrase);
    for (const std::uint32_t option : options) {
      for (const std::uint32_t target : targets) {
        if (!to.later || Options()[target].rank > Options()[option].rank) allowed_[option][target] = true;
      }
    }
  }

  void CheckTarget(const syntax::MovesDecl::Target& target) {
    Named(target.phrase);
    if (!target.later || IsGroup(target.phrase)) return;
    context_.reporter()
        .Report(Code::kMisplaced, target.phrase.span, "`later` is asked of a group, and this is one option", "expected a group")
        .help.emplace_back("such as `later process`");
  }

  bool IsGroup(const syntax::Phrase& phrase) const {
    const std::optional<OptionGroup> group = GroupNamed(TermsOf(phrase));
    return group.has_value() && HasGroup(*group);
  }

  bool HasGroup(OptionGroup group) const {
    return std::any_of(Options().begin(), Options().end(), [&](const OptionSymbol& option) { return option.group == group; });
  }

  // Silently: the options that a phrase names.
  const std::vector<std::uint32_t>& Known(const syntax::Phrase& phrase) {
    const auto [known, is_new] = known_.try_emplace(Folded(TermsOf(phrase)));
    std::vector<std::uint32_t>& result = known->second;
    if (!is_new) return result;
    if (!IsGroup(phrase)) {
      if (const auto option = property_.options.Find(known->first); option.has_value()) result = property_.options.WithSubValues(*option);
      return result;
    }
    for (std::uint32_t option = 0; option < Options().size(); ++option) {
      if (Options()[option].group == GroupNamed(TermsOf(phrase))) result.push_back(option);
    }
    return result;
  }

  // As Known; reports an unknown name.
  const std::vector<std::uint32_t>& Named(const syntax::Phrase& phrase) {
    const std::vector<std::uint32_t>& result = Known(phrase);
    if (!result.empty()) return result;
    std::vector<std::string> names = property_.options.Labels();
    for (const OptionGroup group : {OptionGroup::kStart, OptionGroup::kProcess, OptionGroup::kOutcome}) {
      if (HasGroup(group)) names.emplace_back(GroupName(group));
    }
    const std::string written = Written(TermsOf(phrase));
    Diagnostic* diagnostic = context_.reporter().ReportUnknown(Code::kUnknownOption, phrase.span, written,
                                                               Tick(property_.name) + " has no option and no group \"" + written + "\"",
                                                               "not an option of " + property_.name, names, '"');
    if (diagnostic != nullptr) Reporter::AddChoices(*diagnostic, "the options are", property_.options.Labels());
    return result;
  }

  // An option, its sub-values and those of the same option: language.md counts moves among them as none.
  void AddAlwaysAllowed() {
    const auto top = [&](std::uint32_t option) {
      return Options()[option].parent >= 0 ? static_cast<std::uint32_t>(Options()[option].parent) : option;
    };
    for (std::uint32_t option = 0; option < Options().size(); ++option) {
      for (const std::uint32_t kin : property_.options.WithSubValues(top(option))) allowed_[option][kin] = true;
    }
  }

  const Context& context_;
  const PropertySymbol& property_;
  std::vector<std::vector<bool>> allowed_;                             // [from option][to option]
  std::unordered_map<std::string, std::vector<std::uint32_t>> known_;  // by folded phrase
  std::unordered_set<std::string> said_;                               // from and to, folded
};

}  // namespace

std::optional<Moves> CheckMoves(const ToCheck<syntax::MovesDecl>& decl, const Context& context) {
  const std::optional<Symbol> symbol = context.names.ResolveProperty(TermsOf(decl.decl->property));
  if (!symbol.has_value()) return std::nullopt;
  const PropertySymbol& property = context.vocabulary().property(*symbol);
  if (property.type != Type::kOption) {
    context.reporter().Report(
        Code::kTypeMismatch, decl.decl->property.span,
        Tick(property.name) + " is " + std::string(TypeWithArticle(property.type)) + " and has no options to move between",
        "expected a property with options");
    return std::nullopt;
  }
  Moves moves = MovesChecker(context, property).Check(*decl.decl);
  moves.property = *symbol;
  moves.span = decl.span;
  return moves;
}

}  // namespace stagecraft::sema
