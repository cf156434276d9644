#include "dsl/sema/type.h"

#include <array>

namespace stagecraft::sema {
namespace {

struct TypeWords {
  Type type;
  std::string_view name;
  std::string_view with_article;
  std::string_view key;
};

constexpr std::array<TypeWords, 8> kTypes = {{
    {Type::kOption, "one of", "an option", "option"},
    {Type::kTruth, "yes or no", "yes or no", "truth"},
    {Type::kNumber, "number", "a number", "number"},
    {Type::kMoney, "money", "an amount of money", "money"},
    {Type::kText, "text", "a text", "text"},
    {Type::kUser, "user", "a user", "user"},
    {Type::kDate, "date", "a date", "date"},
    {Type::kTime, "time", "a moment", "time"},
}};

const TypeWords& WordsOf(Type type) { return kTypes[static_cast<std::size_t>(type)]; }

}  // namespace

std::string_view TypeName(Type type) { return WordsOf(type).name; }
std::string_view TypeWithArticle(Type type) { return WordsOf(type).with_article; }
std::string_view TypeKey(Type type) { return WordsOf(type).key; }

std::optional<Type> FindType(std::string_view words) {
  if (words == "stages") return Type::kOption;
  for (const TypeWords& candidate : kTypes) {
    if (candidate.name == words) return candidate.type;
  }
  return std::nullopt;
}

}  // namespace stagecraft::sema
