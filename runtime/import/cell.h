// Texts of a table's cells as values of properties and fields.
#ifndef STAGECRAFT_RUNTIME_IMPORT_CELL_H_
#define STAGECRAFT_RUNTIME_IMPORT_CELL_H_

#include <optional>
#include <string>
#include <string_view>

#include "dsl/ir/program.h"
#include "runtime/import/moment.h"
#include "runtime/import/owned_event.h"

namespace stagecraft::runtime {

// `text`, of a property or field of type `type`, in the form that the engine reads: dates and times in any form that
// `moments` knows become values of their own, everything else stays text. Nothing for a date or time that is none.
std::optional<OwnedValue> ReadCell(ir::Type type, std::string_view text, const MomentReader& moments);

// The internal name of the option that `text` means although it is spelt as the exporting system's label
// ("Marketing Qualified Lead" for `marketingqualifiedlead`); otherwise `text` itself.
std::string ReadOption(const ir::Property& property, std::string_view text);

// What a date or a time should look like, for messages.
std::string_view ExpectedMoment(ir::Type type);

}  // namespace stagecraft::runtime

#endif  // STAGECRAFT_RUNTIME_IMPORT_CELL_H_
