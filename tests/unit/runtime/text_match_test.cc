#include "runtime/exec/text_match.h"

#include <catch2/catch.hpp>

namespace stagecraft::runtime {

TEST_CASE("texts are compared without regard to letter case, in any alphabet") {
  CHECK(MatchText(ir::Op::kTextEqual, "Acme", "acme"));
  CHECK(MatchText(ir::Op::kTextEqual, "ÄRGER", "ärger"));
  CHECK(MatchText(ir::Op::kTextEqual, "Straße", "strasse"));
  CHECK(MatchText(ir::Op::kTextEqual, "STRASSE", "strasse"));
  CHECK_FALSE(MatchText(ir::Op::kTextEqual, "acme2", "acme"));
  CHECK(MatchText(ir::Op::kTextContains, "VP of Sales", "of s"));
  CHECK(MatchText(ir::Op::kTextStarts, "VP of Sales", "vp"));
  CHECK(MatchText(ir::Op::kTextEnds, "ana@Acme.Example", "@acme.example"));
  CHECK_FALSE(MatchText(ir::Op::kTextEnds, "me", "@acme.example"));
}

TEST_CASE("a star stands for any run of characters") {
  CHECK(MatchText(ir::Op::kTextGlob, "/Pricing/enterprise", "/pricing*"));
  CHECK(MatchText(ir::Op::kTextGlob, "/pricing", "/pricing*"));
  CHECK_FALSE(MatchText(ir::Op::kTextGlob, "/docs/pricing", "/pricing*"));
  CHECK(MatchText(ir::Op::kTextGlob, "/docs/pricing/x", "*pricing*"));
  CHECK(MatchText(ir::Op::kTextGlob, "aXbXc", "a*b*c"));
  CHECK_FALSE(MatchText(ir::Op::kTextGlob, "aXbXcd", "a*b*c"));
  CHECK(MatchText(ir::Op::kTextGlob, "", "*"));
  CHECK_FALSE(MatchText(ir::Op::kTextGlob, "", "a"));
}

TEST_CASE("many stars do not make matching slow") {
  const std::string text(2000, 'a');
  std::string pattern;
  for (int i = 0; i < 200; ++i) pattern += "a*";
  CHECK_FALSE(MatchText(ir::Op::kTextGlob, text, pattern + "b"));
}

}  // namespace stagecraft::runtime
