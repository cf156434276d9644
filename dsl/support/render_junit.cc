#include <cstdio>
#include <pugixml.hpp>
#include <sstream>

#include "dsl/support/junit.h"
#include "dsl/support/render.h"
#include "dsl/support/show.h"

namespace stagecraft {

namespace {

struct Totals {
  std::size_t tests = 0, failures = 0, skipped = 0;
  double seconds = 0;
};

Totals TotalsOf(const JunitSuite& suite) {
  Totals totals;
  for (const JunitCase& test : suite.cases) {
    ++totals.tests;
    if (!test.failures.empty()) ++totals.failures;
    if (test.skipped) ++totals.skipped;
    totals.seconds += test.seconds;
  }
  return totals;
}

void Put(pugi::xml_node node, const char* name, const std::string& value) { node.append_attribute(name) = CleanText(value).c_str(); }

void PutSeconds(pugi::xml_node node, double seconds) {
  char text[32];
  std::snprintf(text, sizeof text, "%.3f", seconds);
  node.append_attribute("time") = text;
}

void PutTotals(pugi::xml_node node, const Totals& totals) {
  node.append_attribute("tests") = totals.tests;
  node.append_attribute("failures") = totals.failures;
  node.append_attribute("errors") = 0;
  node.append_attribute("skipped") = totals.skipped;
  PutSeconds(node, totals.seconds);
}

void PutCase(pugi::xml_node suite, const JunitCase& test) {
  auto node = suite.append_child("testcase");
  Put(node, "classname", test.class_name);
  Put(node, "name", test.name);
  PutSeconds(node, test.seconds);
  if (test.skipped) node.append_child("skipped");
  for (const JunitFailure& failure : test.failures) {
    auto element = node.append_child("failure");
    Put(element, "type", failure.type);
    Put(element, "message", failure.message);
    element.text() = CleanText(failure.text).c_str();
  }
  if (!test.output.empty()) node.append_child("system-out").text() = CleanText(test.output).c_str();
}

}  // namespace

std::string RenderJunit(const std::vector<JunitSuite>& suites) {
  pugi::xml_document document;
  auto declaration = document.append_child(pugi::node_declaration);
  declaration.append_attribute("version") = "1.0";
  declaration.append_attribute("encoding") = "UTF-8";
  auto root = document.append_child("testsuites");
  root.append_attribute("name") = "stagecraft";
  Totals all;
  for (const JunitSuite& suite : suites) {
    const Totals totals = TotalsOf(suite);
    all = {all.tests + totals.tests, all.failures + totals.failures, all.skipped + totals.skipped, all.seconds + totals.seconds};
    auto node = root.append_child("testsuite");
    Put(node, "name", suite.name);
    PutTotals(node, totals);
    for (const JunitCase& test : suite.cases) PutCase(node, test);
  }
  PutTotals(root, all);
  std::ostringstream out;
  document.save(out, "  ");
  return out.str();
}

std::string RenderJunit(const CheckReport& report) {
  JunitSuite suite{"stagecraft check", {}};
  for (std::uint32_t i = 0; i < report.sources.size(); ++i) {
    JunitCase test{report.sources[i].name(), "check", 0, false, {}, {}};
    for (const Diagnostic& diagnostic : report.diagnostics) {
      if (diagnostic.span.source != i) continue;
      std::string text = Render(diagnostic, report.sources);
      if (diagnostic.severity <= report.failing) {
        test.failures.push_back({CodeName(diagnostic.code), ShortenQuotes(diagnostic.message), std::move(text)});
      } else {
        test.output += text;
      }
    }
    // The standard vocabulary is no file of the user's, unless something is wrong there.
    if (i < report.files || !test.failures.empty()) suite.cases.push_back(std::move(test));
  }
  return RenderJunit(std::vector<JunitSuite>{std::move(suite)});
}

}  // namespace stagecraft
