// Phrases: runs of words up to a keyword. What ends a run depends on where it stands; the keywords are contextual, and most of them
// end a phrase only in the shape in which they begin their own sentence. Included by parser.cc and, through apart_read.h, by the
// read_….cc only.
#ifndef STAGECRAFT_DSL_SYNTAX_GRAMMAR_PHRASE_H_
#define STAGECRAFT_DSL_SYNTAX_GRAMMAR_PHRASE_H_

#include "dsl/syntax/grammar_lexical.h"

namespace stagecraft::grammar {

using syntax::SplitStyle;

// True in files, false where a condition stands alone.
struct declarations_end_phrases {
  using rule_t = declarations_end_phrases;
  using subs_t = pegtl::empty_list;
  template <apply_mode, rewind_mode, template <typename...> class, template <typename...> class, typename Input>
  static bool match(Input&, Builder& builder) {
    return builder.declarations_end_phrases;
  }
};

template <SplitStyle S>
struct split_style_is {
  using rule_t = split_style_is;
  using subs_t = pegtl::empty_list;
  template <apply_mode, rewind_mode, template <typename...> class, template <typename...> class, typename Input>
  static bool match(Input&, Builder& builder) {
    return builder.split_style() == S;
  }
};

// A star that fails, noting the place, where one more would be too many for a phrase.
template <typename... Rules>
struct more_terms {
  using rule_t = more_terms;
  using subs_t = pegtl::type_list<Rules...>;
  template <apply_mode A, rewind_mode, template <typename...> class Action, template <typename...> class Control, typename Input>
  static bool match(Input& in, Builder& builder) {
    std::size_t terms = 1;
    std::size_t begin = in.byte();
    while (Control<pegtl::seq<Rules...>>::template match<A, rewind_mode::required, Action, Control>(in, builder)) {
      if (++terms > kPhraseTermsMax) {
        builder.NoteTooLong(begin);
        return false;
      }
      begin = in.byte();
    }
    return true;
  }
};

// clang-format off

// ---- declarations in their own shape, as they stand at the start of a line -------------------------------------
// Look-ahead uses no labelled rule: a look-ahead that fails is not a mistake. Names in it are short, because it is tried on every line.
struct quoted_shape : pegtl::one<'"'> {};
struct name_shape : pegtl::sor<quoted_shape, word_start> {};
struct condition_shape : pegtl::sor<name_shape, pegtl::one<'('>> {};
struct whole_text_shape : token<quoted_shape, text_letters, quoted_shape> {};
struct whole_name_shape : pegtl::sor<whole_text_shape, word> {};
struct unit_shape : pegtl::seq<number, pegtl::opt<kw_business>, word> {};

struct word_unreserved;
// Points that lack their sign, behind which no phrase goes on.
struct score_line_unsigned : pegtl::seq<line_start, number, pegtl::sor<kw_when, kw_each>> {};
struct score_shape : pegtl::seq<kw_score, pegtl::rep_opt<8, pegtl::not_at<kw_halving>, word_unreserved>,
                                pegtl::sor<points, kw_halving, score_line_unsigned>> {};
struct status_shape : pegtl::seq<kw_status, pegtl::sor<kw_start, kw_process, kw_outcome>, name_shape> {};
struct text_keyword : pegtl::sor<kw_workspace, kw_team, kw_list, kw_rule, kw_sequence, kw_template, kw_view, kw_test, kw_import> {};
struct text_after_shape : pegtl::seq<text_keyword, quoted_shape> {};
struct word_keyword : pegtl::sor<kw_use, kw_property, kw_define, kw_counter> {};
struct word_after_shape : pegtl::seq<word_keyword, word_start> {};
struct pipeline_shape : pegtl::seq<kw_pipeline, whole_name_shape, pegtl::not_at<kw_at>, pegtl::not_at<kw_amount>, name_shape> {};
struct form_shape : pegtl::seq<kw_form, whole_text_shape, kw_level> {};
struct event_shape : pegtl::seq<kw_event, name_shape> {};
struct promise_shape : pegtl::seq<pegtl::sor<kw_always, kw_never>, condition_shape> {};
struct moves_shape : pegtl::seq<kw_moves, kw_of> {};
struct schedule_shape : pegtl::seq<kw_every, pegtl::not_at<kw_time>, word_start> {};
struct sla_shape : pegtl::seq<kw_within, unit_shape, kw_of> {};
struct timed_shape : pegtl::seq<unit_shape, pegtl::sor<kw_before, kw_after>> {};
struct trigger_shape : pegtl::sor<kw_on, kw_after> {};
struct declaration_shape : pegtl::sor<trigger_shape, text_after_shape, word_after_shape, event_shape, status_shape, score_shape,
                                      form_shape, pipeline_shape, promise_shape, moves_shape, schedule_shape, sla_shape, timed_shape> {};
struct declaration_ahead : pegtl::seq<declarations_end_phrases, line_start,
                                      pegtl::sor<look_apart<declaration_shape>, capital_declaration>> {};

// ---- sentences inside views and tests ----------------------------------------------------------------------------
struct given_shape : pegtl::seq<kw_given, name_shape> {};
struct expect_shape : pegtl::seq<kw_expect, condition_shape> {};
struct wait_shape : pegtl::seq<kw_wait, pegtl::sor<kw_until, pegtl::digit, kw_for, number_word>> {};
struct table_shape : pegtl::seq<kw_for, kw_each, kw_row> {};
struct step_ahead : pegtl::seq<in_context<Context::kTest>, pegtl::sor<given_shape, expect_shape, pegtl::seq<kw_expect, pegtl::digit>,
                                                                       wait_shape, table_shape>> {};
struct view_part_ahead : pegtl::seq<in_context<Context::kView>, pegtl::sor<pegtl::seq<kw_columns, name_shape>,
                                                                           pegtl::seq<kw_sort, kw_by>>> {};

// ---- what ends a phrase ------------------------------------------------------------------------------------------
struct reserved : pegtl::sor<kw_set, kw_when, kw_on, kw_after, kw_and, kw_or, kw_not, kw_end, kw_rule, kw_test> {};
struct word_unreserved : pegtl::seq<pegtl::not_at<reserved>, word> {};
struct stops_anywhere : pegtl::sor<reserved, declaration_ahead> {};
template <typename Stop> struct go_on : pegtl::not_at<keyword_ahead, Stop> {};
struct plain_word : pegtl::seq<go_on<stops_anywhere>, word> {};
struct name : pegtl::sor<text, plain_word> {};

// Some words and then the one that makes an action of them: `copy owner to …`. Not too many, since this is tried at every such word.
struct shape_term : pegtl::sor<whole_text_shape, word_unreserved, signed_number> {};
template <typename Verb, typename Particle>
struct verb_shape : pegtl::seq<Verb, pegtl::rep_min_max<1, 6, pegtl::not_at<Particle>, shape_term>, Particle> {};
struct add_shape : pegtl::sor<pegtl::seq<kw_add, kw_to, kw_list>, pegtl::seq<kw_remove, kw_from, kw_list>, verb_shape<kw_add, kw_to>,
                              verb_shape<kw_subtract, kw_from>> {};
struct copy_shape : pegtl::sor<verb_shape<kw_copy, kw_to>, verb_shape<kw_append, kw_to>> {};
struct outside_shape : pegtl::sor<pegtl::seq<kw_send, kw_email>, pegtl::seq<kw_call, kw_webhook>> {};
struct any_enrol : pegtl::sor<kw_enrol, kw_enroll> {};
struct sequence_shape : pegtl::sor<pegtl::seq<kw_start, kw_sequence>, pegtl::seq<any_enrol, kw_in>,
                                   pegtl::seq<kw_stop, pegtl::sor<kw_sequence, kw_when, kw_if>>,
                                   pegtl::seq<kw_leave, pegtl::sor<quoted_shape, kw_sequence>>> {};
struct move_shape : pegtl::seq<kw_move, kw_deal, pegtl::sor<kw_to, kw_in>> {};
struct block_shape : pegtl::sor<kw_if, wait_shape, pegtl::seq<kw_split, percent>> {};
struct action_ahead : pegtl::sor<pegtl::seq<pegtl::sor<kw_clear, kw_assign, kw_notify>, name_shape>,
                                 pegtl::seq<kw_create, pegtl::sor<kw_task, kw_deal>>, move_shape, add_shape, copy_shape, outside_shape,
                                 sequence_shape, block_shape> {};
struct block_ends : pegtl::sor<kw_otherwise, kw_else, kw_finally, kw_then> {};
// `split 50% set … 50% set …`: where the next part begins.
struct part_on_line : pegtl::seq<split_style_is<SplitStyle::kLines>, line_start, percent> {};
struct part_in_line : pegtl::seq<split_style_is<SplitStyle::kInline>, percent, pegtl::sor<kw_set, action_ahead>> {};
struct part_ahead : pegtl::sor<part_on_line, part_in_line> {};

struct long_modifier_ahead : pegtl::sor<pegtl::seq<kw_once, kw_per>, pegtl::seq<kw_at, kw_most, kw_once>, pegtl::seq<kw_every, kw_time>,
                                        pegtl::seq<kw_until, condition_shape>> {};
struct modifier_ahead : pegtl::sor<kw_disabled, kw_migrate, long_modifier_ahead> {};
struct sentence_ahead : pegtl::sor<stops_anywhere, step_ahead, view_part_ahead, action_ahead, part_ahead, block_ends, expect_shape> {};
struct stops_in_rule : pegtl::sor<look_apart<sentence_ahead>, modifier_ahead> {};

// What follows `in`.
struct set_shape : pegtl::sor<open_paren, pegtl::digit, quoted_shape, pegtl::seq<pegtl::one<'-'>, pegtl::digit>> {};
struct comparator_ahead : pegtl::sor<kw_is, kw_was, kw_reaches, kw_contains, kw_before, pegtl::seq<kw_in, set_shape>,
                                     pegtl::seq<pegtl::sor<kw_starts, kw_ends>, kw_with, quoted_shape>,
                                     pegtl::seq<kw_matches, quoted_shape>,
                                     pegtl::seq<kw_at, pegtl::sor<kw_least, kw_most>>> {};
struct window_side : pegtl::seq<pegtl::opt<kw_the>, pegtl::sor<kw_last, kw_next>> {};
struct suffix_ahead : pegtl::sor<kw_with, kw_since, pegtl::seq<kw_within, pegtl::opt<window_side>,
                                                                pegtl::sor<pegtl::digit, number_word>>> {};
struct clock_ahead : pegtl::seq<kw_at, pegtl::digit> {};
struct at_most_ahead : pegtl::seq<kw_for, kw_at, kw_most> {};
struct stops_value : pegtl::sor<stops_in_rule, suffix_ahead, clock_ahead, at_most_ahead, kw_because> {};
struct stops_left : pegtl::sor<stops_value, look_apart<comparator_ahead>> {};
struct stops_trigger : pegtl::sor<stops_in_rule, clock_ahead, kw_with> {};
struct stops_counted : pegtl::sor<stops_anywhere, suffix_ahead> {};
struct stops_score : pegtl::sor<stops_anywhere, kw_halving> {};
struct stops_counter : pegtl::sor<stops_anywhere, kw_of> {};
struct stops_view : pegtl::sor<stops_anywhere, view_part_ahead> {};
struct stops_sort : pegtl::sor<stops_view, kw_ascending, kw_descending> {};
// A modifier after an action is out of place, and said to be; in one word it is more likely a value.
struct stops_action : pegtl::sor<look_apart<sentence_ahead>, long_modifier_ahead, kw_because, pegtl::seq<kw_back, kw_to>> {};
struct stops_assign : pegtl::sor<stops_action, kw_from, kw_to, kw_by> {};
struct stops_method : pegtl::sor<stops_assign, kw_keeping> {};
struct remind_shape : pegtl::seq<kw_remind, pegtl::sor<kw_when, pegtl::digit, number_word>> {};
struct stops_recipient : pegtl::sor<stops_action, kw_due, kw_priority, kw_for, clock_ahead, remind_shape> {};
struct stops_amount : pegtl::sor<stops_action, pegtl::seq<kw_in, kw_pipeline>, pegtl::seq<kw_at, name_shape>> {};
struct moves_line_shape : pegtl::sor<line_start, pegtl::seq<word, pegtl::sor<arrow, comma>>> {};
struct stops_moves : pegtl::sor<stops_anywhere, moves_line_shape> {};

// ---- phrases -----------------------------------------------------------------------------------------------------
// The first term may be any word that is not reserved, so that `on notify changed …` and `clear disabled` can be said.
template <typename Stop, typename Term = term>
struct phrase : pegtl::seq<go_on<stops_anywhere>, Term, more_terms<go_on<Stop>, Term>> {};
template <typename Term>
struct single_term : pegtl::seq<go_on<stops_anywhere>, Term> {};
// `2026-03-29 10:00`
struct moment : pegtl::seq<date, clock_time> {};

using left_phrase = phrase<stops_left>;
using words_phrase = phrase<stops_value, word>;
using single_phrase = single_term<pegtl::sor<text, moment, signed_quantity>>;
struct value_phrase : pegtl::sor<single_phrase, words_phrase> {};
using since_phrase = phrase<stops_left>;
using trigger_phrase = phrase<stops_trigger>;
using state_phrase = phrase<stops_in_rule>;
using counted_phrase = phrase<stops_counted>;
using set_phrase = phrase<stops_action, value_term>;
using target_phrase = phrase<stops_action>;
using action_phrase = phrase<stops_assign>;
using method_phrase = phrase<stops_method>;
using amount_phrase = phrase<stops_assign, value_term>;
using deal_amount_phrase = phrase<stops_amount, value_term>;
using sent_phrase = phrase<stops_action, word>;
struct recipient_phrase : pegtl::sor<single_term<text>, phrase<stops_recipient, word>> {};
using define_phrase = phrase<stops_anywhere, word>;
using score_phrase = phrase<stops_score, word>;
using counter_phrase = phrase<stops_counter, word>;
using column_phrase = phrase<stops_view, word>;
using sort_phrase = phrase<stops_sort, word>;
// Ends with its line, which no keyword tells.
struct moves_phrase : pegtl::seq<go_on<stops_anywhere>, word, pegtl::star<pegtl::not_at<stops_moves>, word>> {};
using name_phrase = single_term<name>;
// clang-format on

}  // namespace stagecraft::grammar

namespace tao::pegtl {

template <typename Name>
struct analyze_traits<Name, stagecraft::grammar::declarations_end_phrases> : analyze_opt_traits<> {};

template <typename Name, typename... Rules>
struct analyze_traits<Name, stagecraft::grammar::more_terms<Rules...>> : analyze_traits<Name, typename star<Rules...>::rule_t> {};

template <typename Name, stagecraft::syntax::SplitStyle S>
struct analyze_traits<Name, stagecraft::grammar::split_style_is<S>> : analyze_opt_traits<> {};

}  // namespace tao::pegtl

#endif  // STAGECRAFT_DSL_SYNTAX_GRAMMAR_PHRASE_H_
