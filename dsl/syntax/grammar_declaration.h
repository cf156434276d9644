// What a script declares. Included by parser.cc only.
#ifndef STAGECRAFT_DSL_SYNTAX_GRAMMAR_DECLARATION_H_
#define STAGECRAFT_DSL_SYNTAX_GRAMMAR_DECLARATION_H_

#include "dsl/syntax/grammar_rule.h"

namespace stagecraft::grammar {

using syntax::StatusGroupKind;

template <StatusGroupKind K, typename... Rules>
struct group_kind : pegtl::seq<Rules...> {};

// clang-format off

// ---- use, workspace --------------------------------------------------------------------------------------------------
struct use_declaration : pegtl::seq<kw_use, expect<Label::kName, name_phrase>> {};

struct time_zone : as<Role::kTimeZone, kw_time, kw_zone, expect<Label::kText, text>> {};
struct day : token<pegtl::plus<pegtl::alpha>> {};
struct clock_letters : pegtl::seq<pegtl::rep_min_max<1, 2, pegtl::digit>, pegtl::one<':'>, pegtl::rep<2, pegtl::digit>> {};
struct clock_time : token<clock_letters> {};
struct business_hours : pegtl::seq<kw_business, kw_hours, expect<Label::kDay, day, pegtl::opt<dash, day>>,
                                   expect<Label::kHours, clock_time, dash, clock_time>> {};
struct holiday : pegtl::seq<expect<Label::kDate, date>, pegtl::opt<dots, expect<Label::kDate, date>>> {};
struct holidays : pegtl::seq<kw_holidays, holiday, pegtl::star<comma, holiday>> {};
struct workspace_declaration : pegtl::seq<kw_workspace, expect<Label::kText, text>,
                                          pegtl::star<pegtl::sor<time_zone, business_hours, holidays>>> {};

// ---- options ---------------------------------------------------------------------------------------------------------
struct internal_name : as<Role::kInternalName, kw_as, expect<Label::kName, name>> {};
struct sub_option : pegtl::seq<name, pegtl::opt<internal_name>> {};
struct sub_options : pegtl::seq<open_paren, expect<Label::kOption, sub_option>, pegtl::star<comma, expect<Label::kOption, sub_option>>,
                                expect<Label::kOptionOrComma, close_paren>> {};
struct option : pegtl::seq<name, pegtl::opt<internal_name>, pegtl::opt<sub_options>> {};
struct options : pegtl::seq<expect<Label::kOption, option>, pegtl::star<comma, expect<Label::kOption, option>>> {};

// ---- status ----------------------------------------------------------------------------------------------------------
struct forward_only : as<Role::kForwardOnly, kw_forward, expect<Label::kForwardOnly, kw_only>> {};
struct any_group_kind : pegtl::sor<group_kind<StatusGroupKind::kStart, kw_start>, group_kind<StatusGroupKind::kProcess, kw_process>,
                                   group_kind<StatusGroupKind::kOutcome, kw_outcome>> {};
struct status_group : pegtl::seq<any_group_kind, pegtl::opt<forward_only>, options, pegtl::opt<forward_only>> {};
struct status_declaration : pegtl::seq<kw_status, expect<Label::kGroup, status_group>, pegtl::star<status_group>> {};

// ---- property, event -------------------------------------------------------------------------------------------------
// The type is the last of the words: `close date date` is the property `close date`. Only the end of the line can tell.
struct yes_or_no : pegtl::seq<kw_yes, kw_or, kw_no> {};
struct simple_type_word : pegtl::sor<kw_number, kw_money, kw_text, kw_date, kw_time, kw_user, yes_or_no> {};
struct option_type_name : pegtl::sor<pegtl::seq<kw_one, kw_of>, kw_stages> {};
struct ends_with_internal_name : pegtl::seq<kw_as, name, pegtl::not_at<pegtl::sor<simple_type_word, option_type_name>>> {};
struct property_ends : pegtl::sor<pegtl::eof, line_start, ends_with_internal_name> {};
struct simple_type : pegtl::seq<simple_type_word, pegtl::at<property_ends>> {};
struct simple_type_name : as<Role::kTypeName, simple_type> {};
struct options_type : pegtl::seq<as<Role::kTypeName, option_type_name>, options> {};
struct type : pegtl::sor<simple_type_name, options_type> {};
struct type_ahead : pegtl::sor<simple_type, pegtl::seq<option_type_name, name_shape>> {};
struct stops_property : pegtl::sor<stops_anywhere, type_ahead, kw_as> {};
using property_phrase = phrase<stops_property, name>;
struct property_declaration : pegtl::seq<kw_property, expect<Label::kName, property_phrase>, pegtl::opt<internal_name>,
                                         expect<Label::kType, type>, pegtl::opt<internal_name>> {};

struct synonyms : pegtl::seq<kw_also, pegtl::at<name_shape>, as<Role::kSynonym, expect<Label::kName, name_phrase>>,
                             pegtl::star<comma, as<Role::kSynonym, expect<Label::kName, name_phrase>>>> {};
struct field : pegtl::seq<property_phrase, expect<Label::kType, type>> {};
struct event_declaration : pegtl::seq<kw_event, expect<Label::kName, name_phrase>, pegtl::star<pegtl::sor<synonyms, field>>> {};

// ---- team, define, score, counter, list -------------------------------------------------------------------------------
struct team_manager : as<Role::kManager, kw_manager, expect<Label::kText, text>> {};
struct team_member : pegtl::sor<team_manager, as<Role::kMember, text>> {};
struct team_declaration : pegtl::seq<kw_team, expect<Label::kText, text>, expect<Label::kTeamMember, team_member>,
                                     pegtl::star<comma, expect<Label::kTeamMember, team_member>>> {};

struct define_declaration : pegtl::seq<kw_define, expect<Label::kName, define_phrase>, pegtl::opt<as<Role::kNote, text>>,
                                       expect<Label::kWhen, when_part>> {};

struct each_part : as<Role::kEach, kw_each, expect<Label::kEvent, full_condition>> {};
struct score_line : pegtl::seq<points, expect<Label::kWhenOrEach, pegtl::sor<as<Role::kWhen, when_part>, each_part>>> {};
struct score_declaration : pegtl::seq<kw_score, pegtl::opt<score_phrase>, expect<Label::kPoints, score_line>,
                                      pegtl::star<score_line>> {};

struct counted_event : pegtl::seq<counted_phrase, pegtl::opt<with_fields>> {};
struct some_counted_event : expect<Label::kEvent, counted_event> {};
struct counter_declaration : pegtl::seq<kw_counter, expect<Label::kName, counter_phrase>, expect<Label::kOf, kw_of, some_counted_event>,
                                        pegtl::star<comma, some_counted_event>,
                                        pegtl::star<pegtl::not_at<declaration_ahead>, pegtl::sor<within_part, since_part>>> {};

struct by_hand : as<Role::kByHand, kw_by, expect<Label::kWhenOrHand, kw_hand>> {};
struct list_declaration : pegtl::seq<kw_list, expect<Label::kText, text>, expect<Label::kWhenOrHand, pegtl::sor<when_part, by_hand>>> {};

struct any_declaration : pegtl::sor<rule, use_declaration, workspace_declaration, status_declaration, property_declaration,
                                    event_declaration, team_declaration, define_declaration, score_declaration, counter_declaration,
                                    list_declaration> {};
struct declaration : expect<Label::kDeclaration, any_declaration> {};
// clang-format on

}  // namespace stagecraft::grammar

#endif  // STAGECRAFT_DSL_SYNTAX_GRAMMAR_DECLARATION_H_
