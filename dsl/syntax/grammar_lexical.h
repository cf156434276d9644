// The letters: white space, words, texts, numbers, keywords. Included by parser.cc only.
#ifndef STAGECRAFT_DSL_SYNTAX_GRAMMAR_LEXICAL_H_
#define STAGECRAFT_DSL_SYNTAX_GRAMMAR_LEXICAL_H_

#include <tao/pegtl.hpp>
#include <tao/pegtl/contrib/analyze_traits.hpp>

#include "dsl/support/text.h"
#include "dsl/syntax/builder.h"
#include "dsl/syntax/labels.h"

namespace stagecraft::grammar {

namespace pegtl = tao::pegtl;
using pegtl::apply_mode;
using pegtl::rewind_mode;
using syntax::Builder;
using syntax::Label;
using syntax::Role;

// ---- combinators ------------------------------------------------------------------------------------------

// Rules, and white space after them. Tokens alone skip white space, so the span of a part ends with its last letter.
template <typename... Rules>
struct token {
  using rule_t = token;
  using subs_t = pegtl::type_list<Rules...>;
  template <apply_mode A, rewind_mode, template <typename...> class Action, template <typename...> class Control, typename Input>
  static bool match(Input& in, Builder& builder);
};

// Rules that must match if the sentence is to be understood: where they begin is noted with the user's word for them.
template <Label L, typename... Rules>
struct expect {
  using rule_t = expect;
  using subs_t = pegtl::type_list<Rules...>;
  template <apply_mode A, rewind_mode M, template <typename...> class Action, template <typename...> class Control, typename Input>
  static bool match(Input& in, Builder& builder) {
    const std::size_t begin = in.byte();
    if (Control<pegtl::seq<Rules...>>::template match<A, M, Action, Control>(in, builder)) return true;
    builder.Expect(begin, L);
    return false;
  }
};

// Rules whose parts are given a role; without parts, a flag.
template <Role R, typename... Rules>
struct as : pegtl::seq<Rules...> {};

// ---- letters ----------------------------------------------------------------------------------------------

template <bool (*Is)(char32_t)>
struct letter {
  using rule_t = letter;
  using subs_t = pegtl::empty_list;
  template <typename Input>
  static bool match(Input& in) {
    const CodePoint point = DecodeFirst({in.current(), in.size()});
    if (point.bytes == 0 || !Is(point.value)) return false;
    in.bump(point.bytes);
    return true;
  }
};

// clang-format off
struct word_start : letter<IsWordStart> {};
struct word_part : letter<IsWordPart> {};
struct hyphen_inside : pegtl::seq<pegtl::one<'-'>, pegtl::at<word_start>> {};
struct word_letters : pegtl::seq<word_start, pegtl::star<pegtl::sor<word_part, hyphen_inside>>> {};
struct word_goes_on : pegtl::sor<word_part, hyphen_inside> {};

struct line_end : pegtl::one<'\n'> {};
struct comment : pegtl::seq<pegtl::one<'#'>, pegtl::star<pegtl::not_one<'\n'>>> {};
struct byte_order_mark : pegtl::string<'\xEF', '\xBB', '\xBF'> {};
// No-break space, ideographic space.
struct wide_blank : pegtl::sor<pegtl::string<'\xC2', '\xA0'>, pegtl::string<'\xE3', '\x80', '\x80'>> {};
struct blank : pegtl::sor<pegtl::one<' ', '\t', '\r', '\n'>, wide_blank, byte_order_mark, comment> {};
struct white_space : pegtl::star<blank> {};
// clang-format on

template <typename... Rules>
template <apply_mode A, rewind_mode, template <typename...> class Action, template <typename...> class Control, typename Input>
bool token<Rules...>::match(Input& in, Builder& builder) {
  if (!Control<pegtl::seq<Rules...>>::template match<A, rewind_mode::required, Action, Control>(in, builder)) return false;
  if constexpr (A == apply_mode::action) builder.EndToken(in.byte());
  return Control<white_space>::template match<apply_mode::nothing, rewind_mode::dontcare, Action, Control>(in, builder);
}

// True where nothing but spaces stands before on the line.
struct line_start {
  using rule_t = line_start;
  using subs_t = pegtl::empty_list;
  template <typename Input>
  static bool match(Input& in) {
    for (const char* at = in.current(); at != in.begin();) {
      --at;
      if (*at == '\n') return true;
      if (*at != ' ' && *at != '\t') return false;
    }
    return true;
  }
};

// ---- keywords and signs -----------------------------------------------------------------------------------

template <typename Letters>
struct keyword : token<Letters, pegtl::not_at<word_goes_on>> {};

// clang-format off
#define STAGECRAFT_KEYWORD(word) struct kw_##word : keyword<TAO_PEGTL_STRING(#word)> {}
STAGECRAFT_KEYWORD(add);       STAGECRAFT_KEYWORD(after);     STAGECRAFT_KEYWORD(also);      STAGECRAFT_KEYWORD(always);
STAGECRAFT_KEYWORD(and);       STAGECRAFT_KEYWORD(as);        STAGECRAFT_KEYWORD(assign);    STAGECRAFT_KEYWORD(at);
STAGECRAFT_KEYWORD(back);      STAGECRAFT_KEYWORD(because);   STAGECRAFT_KEYWORD(before);    STAGECRAFT_KEYWORD(business);
STAGECRAFT_KEYWORD(by);        STAGECRAFT_KEYWORD(call);      STAGECRAFT_KEYWORD(change);    STAGECRAFT_KEYWORD(clear);
STAGECRAFT_KEYWORD(contains);  STAGECRAFT_KEYWORD(counter);   STAGECRAFT_KEYWORD(create);    STAGECRAFT_KEYWORD(deal);
STAGECRAFT_KEYWORD(define);    STAGECRAFT_KEYWORD(disabled);  STAGECRAFT_KEYWORD(due);       STAGECRAFT_KEYWORD(each);
STAGECRAFT_KEYWORD(end);       STAGECRAFT_KEYWORD(ends);      STAGECRAFT_KEYWORD(enrol);     STAGECRAFT_KEYWORD(event);
STAGECRAFT_KEYWORD(every);     STAGECRAFT_KEYWORD(for);       STAGECRAFT_KEYWORD(form);      STAGECRAFT_KEYWORD(forward);
STAGECRAFT_KEYWORD(from);      STAGECRAFT_KEYWORD(hand);      STAGECRAFT_KEYWORD(holidays);  STAGECRAFT_KEYWORD(hours);
STAGECRAFT_KEYWORD(if);        STAGECRAFT_KEYWORD(import);    STAGECRAFT_KEYWORD(in);        STAGECRAFT_KEYWORD(is);
STAGECRAFT_KEYWORD(joining);   STAGECRAFT_KEYWORD(labels);    STAGECRAFT_KEYWORD(least);     STAGECRAFT_KEYWORD(leaving);
STAGECRAFT_KEYWORD(level);     STAGECRAFT_KEYWORD(list);      STAGECRAFT_KEYWORD(manager);   STAGECRAFT_KEYWORD(matches);
STAGECRAFT_KEYWORD(migrate);   STAGECRAFT_KEYWORD(money);     STAGECRAFT_KEYWORD(most);      STAGECRAFT_KEYWORD(moves);
STAGECRAFT_KEYWORD(never);     STAGECRAFT_KEYWORD(no);        STAGECRAFT_KEYWORD(not);       STAGECRAFT_KEYWORD(notify);
STAGECRAFT_KEYWORD(number);    STAGECRAFT_KEYWORD(of);        STAGECRAFT_KEYWORD(on);        STAGECRAFT_KEYWORD(once);
STAGECRAFT_KEYWORD(one);       STAGECRAFT_KEYWORD(only);      STAGECRAFT_KEYWORD(or);        STAGECRAFT_KEYWORD(otherwise);
STAGECRAFT_KEYWORD(outcome);   STAGECRAFT_KEYWORD(per);       STAGECRAFT_KEYWORD(pipeline);  STAGECRAFT_KEYWORD(priority);
STAGECRAFT_KEYWORD(process);   STAGECRAFT_KEYWORD(property);  STAGECRAFT_KEYWORD(reaches);   STAGECRAFT_KEYWORD(remove);
STAGECRAFT_KEYWORD(rule);      STAGECRAFT_KEYWORD(score);     STAGECRAFT_KEYWORD(send);      STAGECRAFT_KEYWORD(sequence);
STAGECRAFT_KEYWORD(set);       STAGECRAFT_KEYWORD(since);     STAGECRAFT_KEYWORD(split);     STAGECRAFT_KEYWORD(stages);
STAGECRAFT_KEYWORD(start);     STAGECRAFT_KEYWORD(starts);    STAGECRAFT_KEYWORD(status);    STAGECRAFT_KEYWORD(task);
STAGECRAFT_KEYWORD(team);      STAGECRAFT_KEYWORD(template);  STAGECRAFT_KEYWORD(test);      STAGECRAFT_KEYWORD(text);
STAGECRAFT_KEYWORD(then);      STAGECRAFT_KEYWORD(time);      STAGECRAFT_KEYWORD(date);      STAGECRAFT_KEYWORD(to);
STAGECRAFT_KEYWORD(until);     STAGECRAFT_KEYWORD(use);       STAGECRAFT_KEYWORD(user);      STAGECRAFT_KEYWORD(view);
STAGECRAFT_KEYWORD(wait);      STAGECRAFT_KEYWORD(was);       STAGECRAFT_KEYWORD(webhook);   STAGECRAFT_KEYWORD(when);
STAGECRAFT_KEYWORD(with);      STAGECRAFT_KEYWORD(within);    STAGECRAFT_KEYWORD(without);   STAGECRAFT_KEYWORD(workspace);
STAGECRAFT_KEYWORD(yes);       STAGECRAFT_KEYWORD(zone);      STAGECRAFT_KEYWORD(email);     STAGECRAFT_KEYWORD(halving);
STAGECRAFT_KEYWORD(probability);
#undef STAGECRAFT_KEYWORD

struct open_paren : token<pegtl::one<'('>> {};
struct close_paren : token<pegtl::one<')'>> {};
struct comma : token<pegtl::one<','>> {};
struct dots : token<pegtl::string<'.', '.'>> {};
struct dash : token<pegtl::one<'-'>> {};
struct arrow : token<pegtl::string<'-', '>'>> {};
// clang-format on

// ---- terms ------------------------------------------------------------------------------------------------

// clang-format off
struct escape : pegtl::seq<pegtl::one<'\\'>, pegtl::not_one<'\n'>> {};
struct text_letters : pegtl::star<pegtl::sor<escape, pegtl::not_one<'"', '\\', '\n'>>> {};
struct text_end : pegtl::one<'"'> {};
struct text_begin : pegtl::one<'"'> {};
struct text : token<text_begin, text_letters, expect<Label::kClosingQuote, text_end>> {};
struct word : token<word_letters> {};

struct digits : pegtl::plus<pegtl::digit> {};
struct fraction : pegtl::seq<pegtl::one<'.'>, digits> {};
struct number_letters : pegtl::seq<digits, pegtl::opt<fraction>> {};
struct signed_number_letters : pegtl::seq<pegtl::opt<pegtl::one<'-'>>, number_letters> {};
struct date_letters : pegtl::seq<pegtl::rep<4, pegtl::digit>, pegtl::one<'-'>, pegtl::rep<2, pegtl::digit>, pegtl::one<'-'>,
                                 pegtl::rep<2, pegtl::digit>, pegtl::not_at<pegtl::digit>> {};
struct percent : token<number_letters, pegtl::one<'%'>> {};
struct number : token<number_letters> {};
struct signed_number : token<signed_number_letters> {};
struct points : token<pegtl::one<'+', '-'>, number_letters> {};
struct date : token<date_letters> {};

struct quantity : pegtl::sor<date, percent, number> {};
struct signed_quantity : pegtl::sor<date, percent, signed_number> {};
// A sign begins a line of points, so only a value may have one.
struct term : pegtl::sor<text, word, quantity> {};
struct value_term : pegtl::sor<text, word, signed_quantity> {};

struct unit : as<Role::kUnit, word> {};
struct duration : pegtl::seq<number, pegtl::opt<as<Role::kBusiness, kw_business>>, expect<Label::kUnit, unit>> {};
// clang-format on

}  // namespace stagecraft::grammar

namespace tao::pegtl {

template <typename Name, typename... Rules>
struct analyze_traits<Name, stagecraft::grammar::token<Rules...>>
    : analyze_traits<Name, typename seq<Rules..., stagecraft::grammar::white_space>::rule_t> {};

template <typename Name, stagecraft::syntax::Label L, typename... Rules>
struct analyze_traits<Name, stagecraft::grammar::expect<L, Rules...>> : analyze_traits<Name, typename seq<Rules...>::rule_t> {};

template <typename Name, bool (*Is)(char32_t)>
struct analyze_traits<Name, stagecraft::grammar::letter<Is>> : analyze_any_traits<> {};

template <typename Name>
struct analyze_traits<Name, stagecraft::grammar::line_start> : analyze_opt_traits<> {};

}  // namespace tao::pegtl

#endif  // STAGECRAFT_DSL_SYNTAX_GRAMMAR_LEXICAL_H_
