// What a script declares. Included by parser.cc and, through apart_read.h, by the read_….cc only.
#ifndef STAGECRAFT_DSL_SYNTAX_GRAMMAR_DECLARATION_H_
#define STAGECRAFT_DSL_SYNTAX_GRAMMAR_DECLARATION_H_

#include "dsl/syntax/grammar_test.h"

namespace stagecraft::grammar {

using syntax::StatusGroupKind;

template <StatusGroupKind K, typename... Rules>
struct group_kind : pegtl::seq<Rules...> {};

// clang-format off

// ---- use, import, workspace --------------------------------------------------------------------------------------------------
struct use_declaration : pegtl::seq<kw_use, expect<Label::kName, name_phrase>> {};
struct import_declaration : pegtl::seq<kw_import, expect<Label::kText, text>> {};

struct time_zone : as<Role::kTimeZone, kw_time, kw_zone, expect<Label::kText, text>> {};
struct day : token<pegtl::plus<pegtl::alpha>> {};
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
// A group of a status or its labels that begin a line are no option of the group before.
struct group_ahead : pegtl::seq<line_start, pegtl::sor<kw_start, kw_process, kw_outcome, kw_labels, kw_probability>> {};
struct some_option : expect<Label::kOption, pegtl::not_at<group_ahead>, option> {};
struct options : pegtl::seq<some_option, pegtl::star<comma, some_option>> {};

struct option_label : pegtl::seq<name, expect<Label::kColon, colon>, expect<Label::kText, text>> {};
struct some_option_label : expect<Label::kOptionLabel, option_label> {};
struct option_labels : pegtl::seq<kw_labels, expect<Label::kLanguage, word>, some_option_label, pegtl::star<comma, some_option_label>> {};
struct option_probability : pegtl::seq<name, expect<Label::kPercent, percent>> {};
struct some_option_probability : expect<Label::kOptionProbability, option_probability> {};
struct option_probabilities : pegtl::seq<kw_probability, some_option_probability, pegtl::star<comma, some_option_probability>> {};

// ---- status ----------------------------------------------------------------------------------------------------------
struct forward_only : as<Role::kForwardOnly, kw_forward, expect<Label::kForwardOnly, kw_only>> {};
struct any_group_kind : pegtl::sor<group_kind<StatusGroupKind::kStart, kw_start>, group_kind<StatusGroupKind::kProcess, kw_process>,
                                   group_kind<StatusGroupKind::kOutcome, kw_outcome>> {};
struct status_group : pegtl::seq<any_group_kind, pegtl::opt<forward_only>, options, pegtl::opt<forward_only>> {};
struct status_declaration : pegtl::seq<kw_status, expect<Label::kGroup, status_group>,
                                       pegtl::star<pegtl::sor<status_group, option_labels, option_probabilities>>> {};

// ---- property, event -------------------------------------------------------------------------------------------------
// The type is the last of the words: `close date date` is the property `close date`. Only the end of the line can tell.
struct yes_or_no : pegtl::seq<kw_yes, kw_or, kw_no> {};
struct simple_type_word : pegtl::sor<kw_number, kw_money, kw_text, kw_date, kw_time, kw_user, yes_or_no> {};
struct option_type_name : pegtl::sor<pegtl::seq<kw_one, kw_of>, kw_stages> {};
struct ends_with_internal_name : pegtl::seq<kw_as, name, pegtl::not_at<pegtl::sor<simple_type_word, option_type_name>>> {};
struct property_ends : pegtl::sor<pegtl::eof, line_start, ends_with_internal_name, pegtl::seq<kw_announces, name_shape>> {};
struct simple_type : pegtl::seq<simple_type_word, pegtl::at<property_ends>> {};
struct simple_type_name : as<Role::kTypeName, simple_type> {};
struct options_type : pegtl::seq<as<Role::kTypeName, option_type_name>, options> {};
struct type : pegtl::sor<simple_type_name, options_type> {};
struct type_ahead : pegtl::sor<simple_type, pegtl::seq<option_type_name, name_shape>> {};
struct stops_property : pegtl::sor<stops_anywhere, type_ahead, kw_as> {};
using property_phrase = phrase<stops_property, name>;
struct simple_property_type : pegtl::seq<simple_type_name, pegtl::opt<internal_name>> {};
struct options_property_type : pegtl::seq<options_type, pegtl::opt<internal_name>, pegtl::star<option_labels>> {};
struct property_type : pegtl::sor<simple_property_type, options_property_type> {};
struct property_declaration : pegtl::seq<kw_property, expect<Label::kName, property_phrase>, pegtl::opt<internal_name>,
                                         expect<Label::kType, property_type>> {};

struct synonyms : pegtl::seq<kw_also, pegtl::at<name_shape>, as<Role::kSynonym, expect<Label::kName, name_phrase>>,
                             pegtl::star<comma, as<Role::kSynonym, expect<Label::kName, name_phrase>>>> {};
struct withdrawn : as<Role::kWithdraws, expect<Label::kEvent, name_phrase>> {};
struct withdraws : pegtl::seq<kw_withdraws, pegtl::at<quoted_shape>, withdrawn, pegtl::star<comma, withdrawn>> {};
struct announces : as<Role::kAnnounces, kw_announces, expect<Label::kEvent, name_phrase>> {};
struct field : pegtl::seq<property_phrase, expect<Label::kType, type>, pegtl::opt<announces>> {};
struct event_declaration : pegtl::seq<kw_event, expect<Label::kName, name_phrase>,
                                      pegtl::star<pegtl::sor<synonyms, withdraws, field>>> {};

// ---- form, pipeline, template ----------------------------------------------------------------------------------------
struct form_declaration : pegtl::seq<kw_form, expect<Label::kText, text>, expect<Label::kLevel, kw_level, expect<Label::kName, name>>> {};
struct pipeline_stage : pegtl::seq<name, pegtl::opt<percent>> {};
struct some_pipeline_stage : expect<Label::kStage, pipeline_stage> {};
struct pipeline_declaration : pegtl::seq<kw_pipeline, expect<Label::kName, name>, some_pipeline_stage,
                                         pegtl::star<comma, some_pipeline_stage>> {};
struct template_subject : as<Role::kSubject, kw_subject, expect<Label::kText, text>> {};
struct template_body : as<Role::kBody, kw_body, expect<Label::kText, text>> {};
struct template_declaration : pegtl::seq<kw_template, expect<Label::kText, text>, expect<Label::kSubject, template_subject>,
                                         expect<Label::kBody, template_body>> {};

// ---- team, define, score, counter, list -------------------------------------------------------------------------------
struct team_manager : as<Role::kManager, kw_manager, expect<Label::kText, text>> {};
struct member_weight : as<Role::kWeight, kw_weight, expect<Label::kWeight, number>> {};
struct member_capacity : as<Role::kAtMost, kw_at, kw_most, expect<Label::kCapacity, number>> {};
struct member : pegtl::seq<text, pegtl::star<pegtl::sor<member_weight, member_capacity>>> {};
struct team_member : pegtl::sor<team_manager, member> {};
struct team_declaration : pegtl::seq<kw_team, expect<Label::kText, text>, expect<Label::kTeamMember, team_member>,
                                     pegtl::star<comma, expect<Label::kTeamMember, team_member>>> {};

struct define_declaration : pegtl::seq<kw_define, expect<Label::kName, define_phrase>, pegtl::opt<as<Role::kNote, text>>,
                                       expect<Label::kWhen, when_part>> {};

struct each_part : as<Role::kEach, kw_each, expect<Label::kEvent, full_condition>> {};
struct score_line : pegtl::seq<points, expect<Label::kWhenOrEach, pegtl::sor<as<Role::kWhen, when_part>, each_part>>> {};
struct halving : as<Role::kHalving, kw_halving, expect<Label::kEveryDuration, kw_every>, expect<Label::kDuration, duration>> {};
struct score_declaration : pegtl::seq<kw_score, pegtl::opt<pegtl::not_at<kw_halving>, score_phrase>, pegtl::opt<halving>,
                                      expect<Label::kPoints, score_line>,
                                      pegtl::star<score_line>> {};

struct counted_event : pegtl::seq<counted_phrase, pegtl::opt<with_fields>> {};
struct counted_within : pegtl::seq<kw_within, within_length> {};
struct some_counted_event : expect<Label::kEvent, counted_event> {};
struct counter_declaration : pegtl::seq<kw_counter, expect<Label::kName, counter_phrase>, expect<Label::kOf, kw_of, some_counted_event>,
                                        pegtl::star<comma, some_counted_event>,
                                        pegtl::star<pegtl::not_at<declaration_ahead>, pegtl::sor<counted_within, since_part>>> {};

struct by_hand : as<Role::kByHand, kw_by, expect<Label::kWhenOrHand, kw_hand>> {};
struct list_declaration : pegtl::seq<kw_list, expect<Label::kText, text>, expect<Label::kWhenOrHand, pegtl::sor<when_part, by_hand>>> {};

// ---- views -------------------------------------------------------------------------------------------------------------
struct view_column : expect<Label::kViewColumn, column_phrase> {};
struct view_columns : as<Role::kColumn, kw_columns, view_column, pegtl::star<comma, view_column>> {};
struct direction : pegtl::sor<as<Role::kDescending, kw_descending>, kw_ascending> {};
struct sort_key : pegtl::seq<sort_phrase, pegtl::opt<direction>> {};
struct some_sort_key : expect<Label::kProperty, sort_key> {};
struct view_sort : pegtl::seq<kw_sort, expect<Label::kBy, kw_by>, some_sort_key, pegtl::star<comma, some_sort_key>> {};
struct view_body : pegtl::seq<pegtl::opt<when_part>, pegtl::star<pegtl::sor<view_columns, view_sort>>> {};
struct view_declaration : pegtl::seq<kw_view, expect<Label::kText, text>, inside<Context::kView, view_body>> {};

// ---- promises, moves -----------------------------------------------------------------------------------------------------
struct promised : pegtl::seq<expect<Label::kCondition, full_condition>, pegtl::opt<as<Role::kWhen, when_part>>> {};
struct promise_declaration : pegtl::sor<pegtl::seq<kw_always, promised>, pegtl::seq<as<Role::kNo, kw_never>, promised>> {};

struct later : as<Role::kLater, kw_later> {};
struct move_from : pegtl::seq<name_phrase> {};
struct later_than : pegtl::seq<later, pegtl::at<name_shape>, pegtl::not_at<word, arrow>> {};
struct move_to : pegtl::seq<pegtl::opt<later_than>, name_phrase> {};
struct some_move_from : as<Role::kFrom, expect<Label::kMoveFrom, move_from>> {};
struct some_move_to : as<Role::kTo, expect<Label::kMoveTo, move_to>> {};
struct moves_line : pegtl::seq<some_move_from, pegtl::star<comma, some_move_from>, expect<Label::kArrow, arrow>, some_move_to,
                               pegtl::star<comma, some_move_to>> {};
struct move_line_ahead : pegtl::seq<pegtl::not_at<stops_anywhere>, pegtl::list<whole_name_shape, comma>, arrow> {};
struct moves_declaration : pegtl::seq<kw_moves, expect<Label::kOf, kw_of, expect<Label::kProperty, moves_phrase>>,
                                      expect<Label::kMove, moves_line>, pegtl::star<pegtl::at<move_line_ahead>, moves_line>> {};

struct vocabulary_declaration : pegtl::sor<use_declaration, import_declaration, workspace_declaration, status_declaration,
                                           property_declaration, event_declaration, form_declaration, pipeline_declaration,
                                           template_declaration, team_declaration> {};
struct derived_declaration : pegtl::sor<define_declaration, score_declaration, counter_declaration, list_declaration, view_declaration,
                                        promise_declaration, moves_declaration> {};
struct any_declaration : pegtl::sor<apart<rule>, apart<vocabulary_declaration>, apart<derived_declaration>, apart<sequence_declaration>,
                                    apart<test_declaration>> {};
struct declaration : expect<Label::kDeclaration, any_declaration> {};
// clang-format on

}  // namespace stagecraft::grammar

#endif  // STAGECRAFT_DSL_SYNTAX_GRAMMAR_DECLARATION_H_
