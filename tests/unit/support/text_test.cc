#include "dsl/support/text.h"

#include <catch2/catch.hpp>

namespace stagecraft {

TEST_CASE("names are the same however their letters are composed") {
  CHECK(Nfc("e\xCC\x81") == "é");
  CHECK(Nfc("plain") == "plain");
  CHECK(FoldCase("É") == FoldCase("e\xCC\x81"));
}

TEST_CASE("names are the same in capitals and small letters") {
  CHECK(FoldCase("Attempted TO Contact") == "attempted to contact");
  CHECK(FoldCase("ПОДКЛЮЧЁН") == FoldCase("подключён"));
  CHECK(FoldCase("Straße") == FoldCase("STRASSE"));
}

TEST_CASE("the first byte that is not UTF-8 is found") {
  CHECK_FALSE(InvalidUtf8("on 新規"));
  CHECK(InvalidUtf8("ab\xFF") == 2U);
  CHECK(InvalidUtf8("\xC3") == 0U);
  CHECK(InvalidUtf8("a\xC0\x80") == 1U);         // an overlong zero
  CHECK(InvalidUtf8("a\xED\xA0\x80") == 1U);     // half of a UTF-16 pair
  CHECK(InvalidUtf8("\xF4\x90\x80\x80") == 0U);  // beyond the last letter
  CHECK(Nfc("bad \xFF") == "bad \xFF");
}

TEST_CASE("a terminal shows wide letters in two columns and marks in none") {
  CHECK(DisplayWidth("abc") == 3);
  CHECK(DisplayWidth("新規") == 4);
  CHECK(DisplayWidth("e\xCC\x81") == 1);
  CHECK(DisplayWidth("סטטוס") == 5);
  CHECK(DisplayWidth("🔥") == 2);
  CHECK(DisplayWidth("👨‍👩‍👧") == 2);
  CHECK(DisplayWidth("") == 0);
}

TEST_CASE("a word is letters, marks and digits of any alphabet") {
  for (const char32_t letter : {U'a', U'Z', U'_', U'é', U'新', U'ס', U'ह'}) CHECK(IsWordStart(letter));
  for (const char32_t sign : {U'1', U'-', U' ', U'"', U'🔥', U'。', U'“'}) CHECK_FALSE(IsWordStart(sign));
  for (const char32_t part : {U'1', U'٣', U'\x093F', U'\x200D'}) CHECK(IsWordPart(part));
}

}  // namespace stagecraft
