// What scripts declare and actions name, apart from the vocabulary: templates, pipelines, sequences, rules.
#ifndef STAGECRAFT_DSL_SEMA_CATALOG_H_
#define STAGECRAFT_DSL_SEMA_CATALOG_H_

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "dsl/sema/reporter.h"
#include "dsl/syntax/tree.h"

namespace stagecraft::sema {

class Catalog {
 public:
  enum class Kind : std::uint8_t { kTemplate, kPipeline, kSequence };

  // `index`: into the vector of CheckedScript that holds such things. The first of a name stays.
  void Add(Kind kind, std::string name, std::uint32_t index);

  std::optional<std::uint32_t> Find(Kind kind, std::string_view folded_name) const;
  // As Find; reports an unknown name, with the nearest one.
  std::optional<std::uint32_t> Resolve(Kind kind, const syntax::Term& term, Reporter& reporter) const;

 private:
  struct Names {
    std::vector<std::string> written;
    std::unordered_map<std::string, std::uint32_t> indexes;  // by folded name
  };
  std::array<Names, 3> names_;
};

}  // namespace stagecraft::sema

#endif  // STAGECRAFT_DSL_SEMA_CATALOG_H_
