#include <algorithm>
#include <iterator>
#include <utility>

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
    moves.allowed.resize(Options().size());
    for (const syntax::MovesDecl::Line& line : decl.lines) AddLine(line, moves);
    AddAlwaysAllowed(moves);
    for (std::vector<std::uint32_t>& targets : moves.allowed) {
      std::sort(targets.begin(), targets.end());
      targets.erase(std::unique(targets.begin(), targets.end()), targets.end());
    }
    return moves;
  }

 private:
  const std::vector<OptionSymbol>& Options() const { return property_.options.options; }

  void AddLine(const syntax::MovesDecl::Line& line, Moves& moves) {
    for (const syntax::MovesDecl::Target& from : line.from) {
      if (from.later) {
        context_.reporter().Report(Code::kMisplaced, from.phrase.span, "`later` is asked of what a move leads to, not of where it begins",
                                   "only after the arrow");
        continue;
      }
      for (const std::uint32_t option : Named(from.phrase)) Append(line, option, moves.allowed[option]);
    }
    // Each target once, so that an unknown one is reported once.
    if (line.from.empty()) return;
    for (const syntax::MovesDecl::Target& to : line.to) CheckTarget(to);
  }

  // What `line` allows from `option`.
  void Append(const syntax::MovesDecl::Line& line, std::uint32_t option, std::vector<std::uint32_t>& targets) {
    for (const syntax::MovesDecl::Target& to : line.to) {
      for (const std::uint32_t target : Known(to.phrase)) {
        if (!to.later || Options()[target].rank > Options()[option].rank) targets.push_back(target);
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
    return group.has_value() &&
           std::any_of(Options().begin(), Options().end(), [&](const OptionSymbol& option) { return option.group == *group; });
  }

  // Silently: the options that a phrase names.
  std::vector<std::uint32_t> Known(const syntax::Phrase& phrase) const {
    std::vector<std::uint32_t> result;
    if (!IsGroup(phrase)) {
      const auto option = property_.options.Find(Folded(TermsOf(phrase)));
      return option.has_value() ? property_.options.WithSubValues(*option) : result;
    }
    for (std::uint32_t option = 0; option < Options().size(); ++option) {
      if (Options()[option].group == GroupNamed(TermsOf(phrase))) result.push_back(option);
    }
    return result;
  }

  // As Known; reports an unknown name.
  std::vector<std::uint32_t> Named(const syntax::Phrase& phrase) {
    std::vector<std::uint32_t> result = Known(phrase);
    if (!result.empty()) return result;
    std::vector<std::string> names = property_.options.Labels();
    for (const OptionSymbol& option : Options()) {
      const std::string group(GroupName(option.group));
      if (!group.empty() && std::find(names.begin(), names.end(), group) == names.end()) names.push_back(group);
    }
    const std::string written = Written(TermsOf(phrase));
    Diagnostic* diagnostic = context_.reporter().ReportUnknown(Code::kUnknownOption, phrase.span, written,
                                                               Tick(property_.name) + " has no option and no group \"" + written + "\"",
                                                               "not an option of " + property_.name, names, '"');
    if (diagnostic != nullptr) Reporter::AddChoices(*diagnostic, "the options are", property_.options.Labels());
    return result;
  }

  // An option, its sub-values and those of the same option: language.md counts moves among them as none.
  void AddAlwaysAllowed(Moves& moves) const {
    const auto top = [&](std::uint32_t option) {
      return Options()[option].parent >= 0 ? static_cast<std::uint32_t>(Options()[option].parent) : option;
    };
    for (std::uint32_t option = 0; option < Options().size(); ++option) {
      const std::vector<std::uint32_t> kin = property_.options.WithSubValues(top(option));
      moves.allowed[option].insert(moves.allowed[option].end(), kin.begin(), kin.end());
    }
  }

  const Context& context_;
  const PropertySymbol& property_;
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
