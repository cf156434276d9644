// The symbols of the world: what the standard vocabulary and the scripts declare together, and the names they are known by.
// Names are kept as written and looked up without regard to letter case, in NFC (language.md, principle 5).
#ifndef STAGECRAFT_DSL_SEMA_VOCABULARY_H_
#define STAGECRAFT_DSL_SEMA_VOCABULARY_H_

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <utility>
#include <vector>

#include "dsl/sema/option.h"
#include "dsl/sema/type.h"
#include "dsl/support/source.h"

namespace stagecraft::sema {

// Index into one of Vocabulary's vectors.
using Symbol = std::uint32_t;

struct OptionSymbol {
  std::string label;
  std::string internal_name;
  std::int32_t rank = -1;    // order for `before`, `at least` and E9; -1: no order
  std::int32_t parent = -1;  // option of which this is a sub-value
  OptionGroup group = OptionGroup::kNone;
  bool forward_only = false;
  bool declared = true;
  std::optional<std::int64_t> probability;                  // millionths
  std::vector<std::pair<std::string, std::string>> labels;  // language ("ja"), text
  Span span;
};

// The options of a property or field.
struct OptionSet {
  std::vector<OptionSymbol> options;
  std::unordered_map<std::string, std::uint32_t> names;  // labels in any language and internal names, folded

  // True when `before` and `at least` have a meaning.
  bool ordered() const;
  std::optional<std::uint32_t> Find(std::string_view folded_name) const;
  // The option and its sub-values, ascending.
  std::vector<std::uint32_t> WithSubValues(std::uint32_t option) const;
  // Labels in the order of declaration, for messages.
  std::vector<std::string> Labels() const;
};

struct PropertySymbol {
  std::string name;
  std::string internal_name;
  Type type = Type::kText;
  OptionSet options;
  bool forward_only = false;
  bool tracks_entry = false;
  bool hidden = false;    // membership of a list by hand, or known to an older program only: has no names
  bool standard = false;  // from the standard vocabulary
  bool broken = false;    // its declaration has errors: what depends on it stays silent
  Span span;

  // The scripts declare it, and rightly.
  bool IsOurs() const { return !standard && !hidden && !broken; }
  // The contacts of a company share it: `company …`, but for `company id`, which says whose contact it is.
  bool IsOfCompany() const;
  // The engine keeps it up to date, and nobody else sets it: `deal stage`, `deal amount`, `open deals`.
  bool IsKept() const;
  // Its options can be said without its name. Not those of the standard `company lifecycle`: a stage that the script's own `lifecycle`
  // does not have is a mistake, and no stage of the company.
  bool HasBareOptions() const;
  // Of the standard ones: many workspaces have no value of it.
  bool IsSeldom() const;
};

struct FieldSymbol {
  std::string name;
  Type type = Type::kText;
  OptionSet options;
  std::optional<Symbol> announces;  // the event whose moment this field tells ahead; kDate and kTime only
};

struct EventSymbol {
  std::string name;
  std::vector<std::string> synonyms;
  std::string family;
  std::vector<FieldSymbol> fields;
  std::vector<Symbol> withdraws;  // announced events that are no longer to be expected
  bool standard = false;
  bool hidden = false;  // known to an older program only: has no names
  bool broken = false;
  Span span;

  std::optional<std::uint32_t> FindField(std::string_view folded_name) const;
};

struct TeamSymbol {
  std::string name;
  std::vector<std::string> members;
  std::string manager;
  Span span;
  // By member.
  std::vector<std::uint8_t> weights;                     // 1 … 100
  std::vector<std::optional<std::uint32_t>> capacities;  // contacts owned at once; absent: any number
};

struct FormSymbol {
  std::string name;
  std::string level;
  Span span;
};

enum class DerivedKind : std::uint8_t { kCounter, kScore, kDefinition, kList };

// What the engine keeps up to date for every contact.
struct DerivedSymbol {
  DerivedKind kind = DerivedKind::kDefinition;
  std::string name;
  Span span;
};

struct ListSymbol {
  std::string name;
  bool by_hand = false;
  Symbol member = 0;  // by hand: the hidden property; else the derived symbol
  Span span;
  std::string text = {};  // its declaration as written, single spaces
};

// A value that conditions and texts can name.
struct ValueName {
  enum class Kind : std::uint8_t { kProperty, kDerived, kFact } kind = Kind::kProperty;
  Symbol symbol = 0;  // kFact: the Fact
};

struct OptionUse {
  Symbol property = 0;
  std::uint32_t option = 0;
};

class Vocabulary {
 public:
  // For the one declared name, folded: its symbol.
  const ValueName* FindValue(std::string_view folded_name) const;
  std::optional<Symbol> FindProperty(std::string_view folded_name) const;
  std::optional<Symbol> FindEvent(std::string_view folded_name) const;
  // The events of a family ("call") or, for "activity", of all families that are activities; empty when there is none.
  const std::vector<Symbol>& FindFamily(std::string_view folded_word) const;
  // Every property that has an option of this name; those of the company only where no other has it, and the standard
  // ones of the company never.
  const std::vector<OptionUse>& FindOption(std::string_view folded_name) const;
  std::optional<Symbol> FindTeam(std::string_view folded_name) const;
  std::optional<Symbol> FindList(std::string_view folded_name) const;

  // Each adds a symbol and its names (none when hidden or nameless). A name that is taken stays with who had it: the caller has checked for
  // duplicates.
  Symbol AddProperty(PropertySymbol property);
  Symbol AddEvent(EventSymbol event);
  Symbol AddTeam(TeamSymbol team);
  Symbol AddDerived(DerivedSymbol derived);
  Symbol AddList(ListSymbol list);
  Symbol AddForm(FormSymbol form);
  // A field of `event` tells the moment of `announced` ahead; `event` takes such an announcement back.
  void Announce(Symbol event, std::uint32_t field, Symbol announced) { events_[event].fields[field].announces = announced; }
  void Withdraw(Symbol event, Symbol announced) { events_[event].withdraws.push_back(announced); }
  // No value's name has more words.
  std::size_t value_words_max() const { return value_words_max_; }
  bool HasForm(std::string_view folded_name) const { return form_names_.contains(std::string(folded_name)); }
  // The forms of a level, in the order of declaration; empty when there is none.
  const std::vector<Symbol>& FormsOfLevel(std::string_view folded_level) const;
  // Each as first written.
  const std::vector<std::string>& form_levels() const { return form_levels_; }

  // Makes `name` and, for scores, `score NAME` known.
  void AddFact(std::string_view name, Fact fact);

  const std::vector<PropertySymbol>& properties() const { return properties_; }
  const std::vector<EventSymbol>& events() const { return events_; }
  const std::vector<TeamSymbol>& teams() const { return teams_; }
  const std::vector<DerivedSymbol>& derived() const { return derived_; }
  const std::vector<ListSymbol>& lists() const { return lists_; }
  const std::vector<FormSymbol>& forms() const { return forms_; }
  const PropertySymbol& property(Symbol symbol) const { return properties_[symbol]; }
  const EventSymbol& event(Symbol symbol) const { return events_[symbol]; }

  // Every name of a kind as written, for suggestions.
  std::vector<std::string> ValueNames() const;
  std::vector<std::string> PropertyNames() const;
  // Names, synonyms and families.
  std::vector<std::string> EventNames() const;
  std::vector<std::string> OptionNames() const;
  std::vector<std::string> TeamNames() const;
  std::vector<std::string> ListNames() const;
  std::vector<std::string> FormNames() const;

 private:
  void AddValue(const std::string& folded_name, ValueName value);
  void AddOptionUses(Symbol symbol);

  std::vector<PropertySymbol> properties_;
  std::vector<EventSymbol> events_;
  std::vector<TeamSymbol> teams_;
  std::vector<DerivedSymbol> derived_;
  std::vector<ListSymbol> lists_;
  std::vector<FormSymbol> forms_;
  std::unordered_map<std::string, ValueName> values_;
  std::size_t value_words_max_ = 1;
  std::unordered_map<std::string, Symbol> event_names_;
  std::unordered_map<std::string, std::vector<Symbol>> families_;
  std::unordered_map<std::string, std::vector<OptionUse>> option_uses_;
  std::unordered_map<std::string, Symbol> team_names_;
  std::unordered_map<std::string, Symbol> list_names_;
  std::unordered_set<std::string> form_names_;
  std::unordered_map<std::string, std::vector<Symbol>> forms_of_level_;
  std::vector<std::string> form_levels_;
};

// Adds an option with its names. False when one of the names is taken.
bool AddOption(OptionSet& set, OptionSymbol option);

// `activity`: any event of the families email, call, meeting, form, page.
inline constexpr std::string_view kActivity = "activity";

// The property that says to which company a contact belongs.
inline constexpr std::string_view kCompanyId = "company id";
inline constexpr std::string_view kCompanyLifecycle = "company lifecycle";

// Of the contact's present deal, and how many are open.
inline constexpr std::string_view kDealStage = "deal stage";
inline constexpr std::string_view kDealAmount = "deal amount";
inline constexpr std::string_view kOpenDeals = "open deals";
inline constexpr std::array<std::string_view, 3> kKeptProperties = {kDealStage, kDealAmount, kOpenDeals};

// The hidden property of a list by hand.
std::string ListPropertyName(std::string_view list_name);

}  // namespace stagecraft::sema

#endif  // STAGECRAFT_DSL_SEMA_VOCABULARY_H_
