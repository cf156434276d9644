#include "runtime/exec/text_match.h"

#include <algorithm>
#include <string>

#include "dsl/support/glob.h"
#include "dsl/support/text.h"

namespace stagecraft::runtime {
namespace {

char Lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

}  // namespace

bool IsUtf8(std::string_view text) { return IsAscii(text) || !InvalidUtf8(text); }

std::string_view Folded(std::string_view text) {
  thread_local std::string scratch;
  unsigned char bits = 0;
  unsigned char capitals = 0;
  for (const char c : text) {
    bits |= static_cast<unsigned char>(c);
    capitals |= static_cast<unsigned char>(c >= 'A' && c <= 'Z');
  }
  // Folding ASCII is lowering it, which spares the allocations of the general case.
  if (bits < 0x80) {
    if (capitals == 0) return text;
    scratch.resize(text.size());
    std::transform(text.begin(), text.end(), scratch.begin(), Lower);
  } else {
    scratch = FoldCase(text);
  }
  return scratch;
}

bool MatchText(ir::Op op, std::string_view text, std::string_view folded) {
  const std::string_view own = Folded(text);
  switch (op) {
    case ir::Op::kTextEqual:
      return own == folded;
    case ir::Op::kTextContains:
      return own.find(folded) != std::string_view::npos;
    case ir::Op::kTextStarts:
      return own.starts_with(folded);
    case ir::Op::kTextEnds:
      return own.ends_with(folded);
    case ir::Op::kTextGlob:
      return MatchesGlob(own, folded);
    default:
      return false;
  }
}

bool SameName(std::string_view a, std::string_view b) {
  if (a == b) return true;
  if (IsAscii(a) && IsAscii(b)) {
    return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](char x, char y) { return Lower(x) == Lower(y); });
  }
  return FoldCase(a) == FoldCase(b);
}

}  // namespace stagecraft::runtime
