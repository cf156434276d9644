// Phrases: runs of words up to a keyword. What ends a run depends on where it stands; the keywords are contextual, and most of them
// end a phrase only in the shape in which they begin their own sentence. Included by parser.cc only.
#ifndef STAGECRAFT_DSL_SYNTAX_GRAMMAR_PHRASE_H_
#define STAGECRAFT_DSL_SYNTAX_GRAMMAR_PHRASE_H_

#include "dsl/syntax/grammar_lexical.h"

namespace stagecraft::grammar {

// True in files, false where a condition stands alone.
struct declarations_end_phrases {
  using rule_t = declarations_end_phrases;
  using subs_t = pegtl::empty_list;
  template <apply_mode, rewind_mode, template <typename...> class, template <typename...> class, typename Input>
  static bool match(Input&, Builder& builder) {
    return builder.declarations_end_phrases;
  }
};

// clang-format off

// ---- declarations in their own shape, as they stand at the start of a line -------------------------------------
// Look-ahead uses no labelled rule: a look-ahead that fails is not a mistake. Names in it are short, because it is tried on every line.
struct quoted_shape : pegtl::one<'"'> {};
struct name_shape : pegtl::sor<quoted_shape, word_start> {};
struct unit_shape : pegtl::seq<number, pegtl::opt<kw_business>, word> {};

struct word_unreserved;
struct score_shape : pegtl::seq<kw_score, pegtl::rep_opt<8, pegtl::not_at<kw_halving>, word_unreserved>, pegtl::sor<points, kw_halving>> {};
struct status_shape : pegtl::seq<kw_status, pegtl::sor<kw_start, kw_process, kw_outcome>, name_shape> {};
struct text_keyword : pegtl::sor<kw_workspace, kw_team, kw_list, kw_rule, kw_sequence, kw_template, kw_view, kw_test, kw_import> {};
struct text_after_shape : pegtl::seq<text_keyword, quoted_shape> {};
struct word_keyword : pegtl::sor<kw_use, kw_property, kw_define, kw_counter, kw_pipeline, kw_always, kw_never, kw_every, kw_migrate> {};
struct word_after_shape : pegtl::seq<word_keyword, word_start> {};
struct form_shape : pegtl::seq<kw_form, token<quoted_shape, text_letters, quoted_shape>, kw_level> {};
struct event_shape : pegtl::seq<kw_event, name_shape> {};
struct moves_shape : pegtl::seq<kw_moves, kw_of> {};
struct sla_shape : pegtl::seq<kw_within, unit_shape, kw_of> {};
struct timed_shape : pegtl::seq<unit_shape, pegtl::sor<kw_before, kw_after>> {};
struct trigger_shape : pegtl::sor<kw_on, kw_after> {};
struct declaration_shape : pegtl::sor<trigger_shape, text_after_shape, word_after_shape, event_shape, status_shape, score_shape,
                                      form_shape, moves_shape, sla_shape, timed_shape> {};
struct declaration_ahead : pegtl::seq<declarations_end_phrases, line_start, declaration_shape> {};

// ---- what ends a phrase ------------------------------------------------------------------------------------------
struct reserved : pegtl::sor<kw_set, kw_when, kw_on, kw_after, kw_and, kw_or, kw_not, kw_end, kw_rule, kw_test> {};
struct word_unreserved : pegtl::seq<pegtl::not_at<reserved>, word> {};
struct name : pegtl::sor<text, word_unreserved> {};
struct stops_anywhere : pegtl::sor<reserved, declaration_ahead> {};

struct list_of_shape : pegtl::seq<pegtl::sor<pegtl::seq<kw_add, kw_to>, pegtl::seq<kw_remove, kw_from>>, kw_list> {};
struct later_action_ahead : pegtl::sor<pegtl::seq<kw_send, kw_email>, pegtl::seq<kw_start, kw_sequence>, pegtl::seq<kw_call, kw_webhook>,
                                       pegtl::seq<kw_enrol, kw_in>, pegtl::seq<kw_wait, pegtl::sor<kw_until, number>>,
                                       pegtl::seq<kw_split, percent>, kw_if, kw_otherwise> {};
struct action_ahead : pegtl::sor<pegtl::seq<pegtl::sor<kw_clear, kw_assign, kw_notify>, name_shape>,
                                 pegtl::seq<kw_create, pegtl::sor<kw_task, kw_deal>>, list_of_shape, later_action_ahead> {};
struct modifier_ahead : pegtl::sor<kw_disabled, kw_until, pegtl::seq<kw_once, kw_per>, pegtl::seq<kw_at, kw_most, kw_once>,
                                   pegtl::seq<kw_every, kw_time>> {};
struct stops_in_rule : pegtl::sor<stops_anywhere, action_ahead, modifier_ahead> {};

// What follows `in`.
struct set_shape : pegtl::sor<open_paren, pegtl::digit, quoted_shape, pegtl::seq<pegtl::one<'-'>, pegtl::digit>> {};
struct comparator_ahead : pegtl::sor<kw_is, kw_was, kw_reaches, kw_contains, kw_before, pegtl::seq<kw_in, set_shape>,
                                     pegtl::seq<pegtl::sor<kw_starts, kw_ends>, kw_with, quoted_shape>,
                                     pegtl::seq<kw_matches, quoted_shape>,
                                     pegtl::seq<kw_at, pegtl::sor<kw_least, kw_most>>> {};
struct suffix_ahead : pegtl::sor<kw_with, kw_since, pegtl::seq<kw_within, pegtl::digit>> {};
struct stops_left : pegtl::sor<stops_in_rule, comparator_ahead, suffix_ahead, kw_then> {};
struct stops_value : pegtl::sor<stops_in_rule, suffix_ahead, kw_then> {};
struct stops_trigger : pegtl::sor<stops_in_rule, kw_with, kw_without> {};
struct stops_counted : pegtl::sor<stops_anywhere, suffix_ahead> {};
struct stops_score : pegtl::sor<stops_anywhere, kw_halving> {};
struct stops_counter : pegtl::sor<stops_anywhere, kw_of> {};
struct stops_action : pegtl::sor<stops_in_rule, kw_because, kw_otherwise, pegtl::seq<kw_back, kw_to>> {};
struct stops_assign : pegtl::sor<stops_action, kw_from, kw_to, kw_by> {};
struct stops_recipient : pegtl::sor<stops_action, pegtl::seq<kw_due, kw_in>, kw_priority, kw_for> {};

// ---- phrases -----------------------------------------------------------------------------------------------------
// The first term may be any word that is not reserved, so that `on notify changed …` and `clear disabled` can be said.
template <typename Stop> struct go_on : pegtl::not_at<keyword_ahead, Stop> {};
template <typename Stop, typename Term = term>
struct phrase : pegtl::seq<go_on<stops_anywhere>, Term, pegtl::star<go_on<Stop>, Term>> {};
template <typename Term>
struct single_term : pegtl::seq<go_on<stops_anywhere>, Term> {};

using left_phrase = phrase<stops_left>;
using words_phrase = phrase<stops_value, word>;
using single_phrase = single_term<pegtl::sor<text, signed_quantity>>;
struct value_phrase : pegtl::sor<single_phrase, words_phrase> {};
using since_phrase = phrase<stops_left>;
using trigger_phrase = phrase<stops_trigger>;
using state_phrase = phrase<stops_in_rule>;
using counted_phrase = phrase<stops_counted>;
using set_phrase = phrase<stops_action, value_term>;
using action_phrase = phrase<stops_assign>;
struct recipient_phrase : pegtl::sor<single_term<text>, phrase<stops_recipient, word>> {};
using define_phrase = phrase<stops_anywhere, word>;
using score_phrase = phrase<stops_score, word>;
using counter_phrase = phrase<stops_counter, word>;
using name_phrase = single_term<name>;
// clang-format on

}  // namespace stagecraft::grammar

namespace tao::pegtl {

template <typename Name>
struct analyze_traits<Name, stagecraft::grammar::declarations_end_phrases> : analyze_opt_traits<> {};

}  // namespace tao::pegtl

#endif  // STAGECRAFT_DSL_SYNTAX_GRAMMAR_PHRASE_H_
