#include <fmt/format.h>

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

#include "cli/files.h"
#include "cli/terminal.h"
#include "cli/verbs.h"
#include "cli/write_file.h"
#include "dsl/compile.h"
#include "dsl/graph/choose.h"
#include "dsl/graph/render.h"
#include "dsl/support/render.h"
#include "dsl/support/text.h"
#include "runtime/picture/draw_svg.h"

namespace stagecraft::cli {
namespace {

std::string_view NameOf(GraphFormat format) {
  switch (format) {
    case GraphFormat::kMermaid:
      return "mermaid";
    case GraphFormat::kSvg:
      return "svg";
    case GraphFormat::kDot:
      break;
  }
  return "dot";
}

// What the name of a file says that it holds.
std::optional<GraphFormat> FormatOfName(const std::string& name) {
  const std::string extension = FoldCase(std::filesystem::path(name).extension().string());
  if (extension == ".dot" || extension == ".gv") return GraphFormat::kDot;
  if (extension == ".mmd" || extension == ".mermaid") return GraphFormat::kMermaid;
  if (extension == ".svg") return GraphFormat::kSvg;
  return std::nullopt;
}

// What was asked for, else what the name of the output says. A name of another kind needs the format beside it (`--format mermaid
// --output README.md`).
runtime::Result<GraphFormat> FormatOf(const GraphOptions& options) {
  if (options.output.empty() || options.output == "-") return options.format.value_or(GraphFormat::kDot);
  const std::optional<GraphFormat> named = FormatOfName(options.output);
  if (!named && !options.format) {
    return runtime::Fail(runtime::StatusCode::kInvalidArgument, "NO_FORMAT",
                         fmt::format("`{}` does not say what to write; expected a name that ends in .dot, .gv, .mmd or .svg, or `--format`",
                                     options.output));
  }
  if (named && options.format && *named != *options.format) {
    return runtime::Fail(runtime::StatusCode::kInvalidArgument, "TWO_FORMATS",
                         fmt::format("`{}` is a name for {}, but the format is {}; change one of them", options.output, NameOf(*named),
                                     NameOf(*options.format)));
  }
  return named ? *named : *options.format;
}

runtime::Result<std::string> Rendered(const graph::RuleGraph& graph, GraphFormat format) {
  switch (format) {
    case GraphFormat::kMermaid:
      return graph::RenderMermaid(graph);
    case GraphFormat::kSvg:
      return runtime::DrawSvg(graph::RenderDot(graph));
    case GraphFormat::kDot:
      break;
  }
  return graph::RenderDot(graph);
}

int Failed(const std::string& message) {
  PrintError(message);
  return kFailed;
}

}  // namespace

int Graph(const GraphOptions& options) {
  const auto format = FormatOf(options);
  if (!format) return Failed(format.error().message);
  const auto files = ReadProgram(options.paths);
  if (!files) return Failed(files.error().message);
  std::vector<Source> sources;
  for (const TextFile& file : *files) sources.emplace_back(file.name, file.text);
  const CompileResult compiled = Compile(std::move(sources));
  if (compiled.program == nullptr) {
    fmt::print(stderr, "{}", Render(compiled.diagnostics, compiled.sources, FindingsOn(stderr)));
    return kFound;
  }
  const auto graph = graph::MakeGraph(*compiled.program, options.of);
  if (!graph) return Failed(graph.error());
  const auto text = Rendered(*graph, *format);
  if (!text) return Failed(text.error().message);
  if (options.output.empty() || options.output == "-") {
    fmt::print("{}", *text);
    return kDone;
  }
  const runtime::Status written = WriteFile(options.output, *text);
  return written.ok() ? kDone : Failed(written.message);
}

}  // namespace stagecraft::cli
