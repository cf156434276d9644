#include <fmt/format.h>

#include "cli/files.h"
#include "cli/terminal.h"
#include "cli/verbs.h"
#include "cli/write_file.h"
#include "dsl/compile.h"
#include "dsl/graph/choose.h"
#include "dsl/graph/render.h"
#include "dsl/support/render.h"
#include "runtime/picture/draw_svg.h"

namespace stagecraft::cli {
namespace {

bool EndsWith(const std::string& text, std::string_view end) {
  return text.size() >= end.size() && std::string_view(text).substr(text.size() - end.size()) == end;
}

// What was asked for, else what the name of the output says.
GraphFormat FormatOf(const GraphOptions& options) {
  if (options.format.has_value()) return *options.format;
  if (EndsWith(options.output, ".svg")) return GraphFormat::kSvg;
  if (EndsWith(options.output, ".mmd") || EndsWith(options.output, ".mermaid")) return GraphFormat::kMermaid;
  return GraphFormat::kDot;
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
  const auto files = ReadScripts(options.paths);
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
  const auto text = Rendered(*graph, FormatOf(options));
  if (!text) return Failed(text.error().message);
  if (options.output.empty() || options.output == "-") {
    fmt::print("{}", *text);
    return kDone;
  }
  const runtime::Status written = ReplaceFile(options.output, *text);
  return written.ok() ? kDone : Failed(written.message);
}

}  // namespace stagecraft::cli
