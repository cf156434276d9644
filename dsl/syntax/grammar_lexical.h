// The letters: white space, words, texts, numbers, keywords. Included by parser.cc and, through apart_read.h, by the read_….cc only.
#ifndef STAGECRAFT_DSL_SYNTAX_GRAMMAR_LEXICAL_H_
#define STAGECRAFT_DSL_SYNTAX_GRAMMAR_LEXICAL_H_

#include <array>
#include <string_view>
#include <tao/pegtl.hpp>
#include <tao/pegtl/contrib/analyze_traits.hpp>

#include "dsl/support/signs.h"
#include "dsl/support/text.h"
#include "dsl/syntax/apart.h"
#include "dsl/syntax/builder.h"
#include "dsl/syntax/capitals.h"
#include "dsl/syntax/keywords.h"
#include "dsl/syntax/labels.h"

namespace stagecraft::grammar {

namespace pegtl = tao::pegtl;
using pegtl::apply_mode;
using pegtl::rewind_mode;
using syntax::Builder;
using syntax::Context;
using syntax::kKeywords;
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
    const std::size_t labels = builder.ExpectedAt(begin);
    if (Control<pegtl::seq<Rules...>>::template match<A, M, Action, Control>(in, builder)) return true;
    builder.Expect(begin, L, labels);
    return false;
  }
};

// Words of which each is expected under the same label: `found` is then the first that is another.
template <Label L, typename... Words>
struct words : pegtl::seq<expect<L, Words>...> {};

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
// No-break spaces, thin spaces, the ideographic space.
struct wide_blank : letter<IsWideBlank> {};
struct blank : pegtl::sor<pegtl::one<' ', '\t', '\r', '\n'>, pegtl::seq<pegtl::not_at<pegtl::range<'\0', '\x7f'>>, wide_blank>,
                          byte_order_mark, comment> {};
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

// True after white space.
struct after_blank {
  using rule_t = after_blank;
  using subs_t = pegtl::empty_list;
  template <typename Input>
  static bool match(Input& in) {
    return in.current() == in.begin() || static_cast<unsigned char>(*(in.current() - 1)) <= ' ';
  }
};

// Rules that stand in a sentence of this kind: words that mean something in it only are known by `in_context`.
template <Context C, typename... Rules>
struct inside {
  using rule_t = inside;
  using subs_t = pegtl::type_list<Rules...>;
  template <apply_mode A, rewind_mode M, template <typename...> class Action, template <typename...> class Control, typename Input>
  static bool match(Input& in, Builder& builder) {
    const Context outside = builder.context();
    builder.set_context(C);
    const bool matched = Control<pegtl::seq<Rules...>>::template match<A, M, Action, Control>(in, builder);
    builder.set_context(outside);
    return matched;
  }
};

template <Context C>
struct in_context {
  using rule_t = in_context;
  using subs_t = pegtl::empty_list;
  template <apply_mode, rewind_mode, template <typename...> class, template <typename...> class, typename Input>
  static bool match(Input&, Builder& builder) {
    return builder.context() == C;
  }
};

// ---- keywords and signs -----------------------------------------------------------------------------------

template <typename Letters>
struct keyword : token<Letters, pegtl::not_at<word_goes_on>> {};

// clang-format off
#define STAGECRAFT_KEYWORD(word) struct kw_##word : keyword<TAO_PEGTL_STRING(#word)> {};
STAGECRAFT_KEYWORDS(STAGECRAFT_KEYWORD)
#undef STAGECRAFT_KEYWORD
#undef STAGECRAFT_KEYWORDS

// Not in the table, since no phrase ends before them.
struct kw_a : keyword<TAO_PEGTL_STRING("a")> {};
struct kw_sla : keyword<TAO_PEGTL_STRING("SLA")> {};
struct kw_enroll : keyword<TAO_PEGTL_STRING("enroll")> {};  // as American English spells it
#define STAGECRAFT_KEYWORD(word) struct kw_##word : keyword<TAO_PEGTL_STRING(#word)> {};
STAGECRAFT_KEYWORD(minute) STAGECRAFT_KEYWORD(minutes) STAGECRAFT_KEYWORD(hour) STAGECRAFT_KEYWORD(days) STAGECRAFT_KEYWORD(week)
STAGECRAFT_KEYWORD(weeks) STAGECRAFT_KEYWORD(months) STAGECRAFT_KEYWORD(year) STAGECRAFT_KEYWORD(years)
#undef STAGECRAFT_KEYWORD

struct open_paren : token<pegtl::one<'('>> {};
struct close_paren : token<pegtl::one<')'>> {};
struct comma : token<pegtl::one<','>> {};
struct dots : token<pegtl::string<'.', '.'>> {};
struct dash : token<pegtl::one<'-'>> {};
struct colon : token<pegtl::one<':'>> {};
struct arrow : token<pegtl::string<'-', '>'>> {};
// clang-format on

// kKeywordsFrom[c - 'a'] is the first keyword that begins with c or a later letter.
constexpr auto kKeywordsFrom = [] {
  std::array<std::uint8_t, 27> from{};
  for (std::size_t letter = 0; letter < from.size(); ++letter) {
    std::size_t at = 0;
    while (at < kKeywords.size() && static_cast<std::size_t>(kKeywords[at].front() - 'a') < letter) ++at;
    from[letter] = static_cast<std::uint8_t>(at);
  }
  return from;
}();

// True before what is a declaration but for its capitals: without them it could only be the rest of the phrase before, whose mistake it
// would then seem.
struct capital_declaration {
  using rule_t = capital_declaration;
  using subs_t = pegtl::empty_list;
  template <typename Input>
  static bool match(Input& in) {
    if (!line_start::match(in)) return false;
    const std::string_view text(in.begin(), static_cast<std::size_t>(in.end() - in.begin()));
    return syntax::BeginsInCapitals(text, static_cast<std::size_t>(in.current() - in.begin()));
  }
};

// True before a keyword, a number or a column of a table: all that can end a phrase begins with one. Most words are neither, and are told
// so at once instead of by every keyword in turn.
struct keyword_ahead {
  using rule_t = keyword_ahead;
  using subs_t = pegtl::empty_list;
  template <typename Input>
  static bool match(Input& in) {
    const std::string_view rest(in.current(), in.size());
    if (rest.empty()) return false;
    if ((rest.front() >= '0' && rest.front() <= '9') || rest.front() == '{') return true;
    if (rest.front() >= 'A' && rest.front() <= 'Z') return capital_declaration::match(in);
    if (rest.front() < 'a' || rest.front() > 'z') return false;
    const auto letter = static_cast<std::size_t>(rest.front() - 'a');
    for (std::size_t i = kKeywordsFrom[letter]; i < kKeywordsFrom[letter + 1]; ++i) {
      if (rest.starts_with(kKeywords[i])) return true;
    }
    return false;
  }
};

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

struct clock_letters : pegtl::seq<pegtl::rep_min_max<1, 2, pegtl::digit>, pegtl::one<':'>, pegtl::rep<2, pegtl::digit>> {};
struct clock_time : token<clock_letters> {};
struct column_letters : pegtl::seq<word_start, pegtl::star<pegtl::not_one<'{', '}', '"', '\n'>>> {};
struct column_name : token<pegtl::one<'{'>, column_letters, pegtl::one<'}'>> {};
// A column of the test's table, in place of a value.
struct placeholder : pegtl::seq<in_context<Context::kTest>, column_name> {};

struct quantity : pegtl::sor<date, percent, number, placeholder> {};
struct signed_quantity : pegtl::sor<date, percent, clock_time, signed_number, placeholder> {};
// A sign begins a line of points, so only a value may have one.
struct term : pegtl::sor<text, word, quantity> {};
struct value_term : pegtl::sor<text, word, signed_quantity> {};

// The sign of a calculation has a space on both sides; one that touches its number is the number's own, or begins a line of points.
struct sign_end : pegtl::sor<blank, pegtl::eof> {};
template <char Sign> struct arithmetic_sign : pegtl::seq<after_blank, token<pegtl::one<Sign>, pegtl::at<sign_end>>> {};

// `two` in place of `2`: known, so that it is not taken for a part of the phrase before.
struct number_word : pegtl::sor<kw_a, keyword<TAO_PEGTL_STRING("an")>, kw_one, keyword<TAO_PEGTL_STRING("two")>,
                                keyword<TAO_PEGTL_STRING("three")>, keyword<TAO_PEGTL_STRING("four")>, keyword<TAO_PEGTL_STRING("five")>,
                                keyword<TAO_PEGTL_STRING("six")>, keyword<TAO_PEGTL_STRING("seven")>, keyword<TAO_PEGTL_STRING("eight")>,
                                keyword<TAO_PEGTL_STRING("nine")>, keyword<TAO_PEGTL_STRING("ten")>> {};
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

template <typename Name>
struct analyze_traits<Name, stagecraft::grammar::after_blank> : analyze_opt_traits<> {};

template <typename Name, stagecraft::syntax::Context C, typename... Rules>
struct analyze_traits<Name, stagecraft::grammar::inside<C, Rules...>> : analyze_traits<Name, typename seq<Rules...>::rule_t> {};

template <typename Name, stagecraft::syntax::Context C>
struct analyze_traits<Name, stagecraft::grammar::in_context<C>> : analyze_opt_traits<> {};

template <typename Name>
struct analyze_traits<Name, stagecraft::grammar::keyword_ahead> : analyze_opt_traits<> {};

template <typename Name>
struct analyze_traits<Name, stagecraft::grammar::capital_declaration> : analyze_opt_traits<> {};

}  // namespace tao::pegtl

#endif  // STAGECRAFT_DSL_SYNTAX_GRAMMAR_LEXICAL_H_
