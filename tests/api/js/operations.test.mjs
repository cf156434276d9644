// docs/operations.md, the alerts and the dashboard know the metrics of a real server: no more and, of its own, no less.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { startServer } from './serve.mjs';

const text = (path) => readFile(fileURLToPath(new URL(`../../../${path}`, import.meta.url)), 'utf8');
const page = 'docs/operations.md';

// What /metrics says: by family its type, and the labels of its samples.
function parseExport(body) {
  const families = new Map();
  let family;
  for (const line of body.trimEnd().split('\n')) {
    const type = line.match(/^# TYPE (\S+) (\S+)$/);
    if (type) families.set(type[1], (family = { type: type[2], labels: new Set() }));
    if (line.startsWith('#')) continue;
    const labels = line.match(/^[a-z_]+(?:\{(.*)\})? \S+$/)[1] ?? '';
    for (const [, label] of labels.matchAll(/([a-z_]+)="(?:[^"\\]|\\.)*"/g)) if (label !== 'le') family.labels.add(label);
  }
  return families;
}

// The names by which the samples of these families are asked for.
function sampleNames(families) {
  const names = new Set();
  for (const [name, { type }] of families) {
    for (const suffix of type === 'histogram' ? ['_bucket', '_sum', '_count'] : ['']) names.add(name + suffix);
  }
  return names;
}

const functions = /^(?:and|or|unless|bool|offset|inf|nan)$/i;
// The metrics that an expression of PromQL names: what is left without texts, labels, groupings, ranges, functions and numbers.
function metricsOf(expression) {
  const rest = expression
    .replaceAll(/"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'/g, ' ')
    .replaceAll(/\{[^}]*\}|\[[^\]]*\]/g, ' ')
    .replaceAll(/\b(?:by|without|on|ignoring|group_left|group_right)\s*\([^)]*\)/g, ' ');
  const words = [...rest.matchAll(/(?<![\w:.])[a-zA-Z_:][\w:]*(?!\w|\s*\()/g)].map(([word]) => word);
  // Operators on series may have their grouping behind them: `sum by (le) (…)`.
  return words.filter((word) => !functions.test(word) && !/^(?:sum|min|max|avg|count|topk|bottomk|quantile|stddev)$/.test(word));
}

// The alerts of a file of rules in the layout of ours: name, expression, runbook.
function alertsOf(rules) {
  const alerts = [];
  const lines = rules.split('\n');
  for (let i = 0; i < lines.length; ++i) {
    const name = lines[i].match(/^ {6}- alert: (\S+)$/);
    if (name) alerts.push({ name: name[1], expression: '', runbook: '' });
    if (/^ {8}expr: >-$/.test(lines[i])) while (/^ {10}\S/.test(lines[i + 1] ?? '')) alerts.at(-1).expression += ` ${lines[++i].trim()}`;
    const runbook = lines[i].match(/^ {10}runbook_url: (\S+)$/);
    if (runbook) alerts.at(-1).runbook = runbook[1];
  }
  assert.equal(alerts.length, (rules.match(/alert:/g) ?? []).length, 'an alert is not laid out as the others');
  for (const { name, expression, runbook } of alerts) assert.ok(expression && runbook, `${name} has no expr or no runbook_url`);
  return alerts;
}

// All expressions of a dashboard, with the panel's title.
function expressionsOf(dashboard) {
  const found = [];
  const look = (value, title) => {
    if (value === null || typeof value !== 'object') return;
    const here = value.title ?? title;
    for (const key of ['expr', 'definition']) if (typeof value[key] === 'string') found.push({ where: here, expression: unwrapped(value[key]) });
    for (const each of Object.values(value)) look(each, here);
  };
  look(dashboard, 'dashboard');
  return found;
}
// `label_values(metric, label)` is Grafana's.
const unwrapped = (query) => query.replace(/^label_values\((.*),\s*\w+\)$/, '$1');

// The rows of the page's table of metrics: | `name` | type | `label`, `label` | meaning |
function tableOf(markdown) {
  const rows = markdown.matchAll(/^\| `([a-z_]+)` \| (counter|gauge|histogram) \|([^|]*)\| [^|]+ \|$/gm);
  return new Map([...rows].map(([, name, type, labels]) => [name, { type, labels: new Set([...labels.matchAll(/`([a-z_]+)`/g)].map(([, label]) => label)) }]));
}

// The anchors of a page, as GitHub makes them of its headings.
function anchorsOf(markdown) {
  const headings = markdown.replaceAll(/^```[\s\S]*?^```$/gm, '').matchAll(/^#+ (.*)$/gm);
  return new Set([...headings].map(([, heading]) => heading.toLowerCase().replaceAll(/[^\w\- ]/g, '').replaceAll(' ', '-')));
}

// What is wrong, a line each.
const unknownMetrics = (named, families) => {
  const known = sampleNames(families).add('up'); // Prometheus's own
  return named.flatMap(({ where, expression }) => metricsOf(expression).filter((name) => !known.has(name)).map((name) => `${where}: no such metric: ${name}`));
};
const withoutRunbook = (alerts, anchors) =>
  alerts.filter(({ name, runbook }) => runbook !== `${page}#${name.toLowerCase()}` || !anchors.has(name.toLowerCase())).map(({ name, runbook }) => `${name}: no such runbook: ${runbook}`);
function tableFindings(table, families) {
  const shown = ({ type, labels }) => `${type} ${[...labels].sort().join(', ')}`;
  const findings = [];
  for (const [name, row] of table) {
    if (!families.has(name)) findings.push(`the table has ${name}, which the server does not export`);
    else if (shown(row) !== shown(families.get(name))) findings.push(`${name} is ${shown(families.get(name))}, in the table ${shown(row)}`);
  }
  for (const name of families.keys()) if (!table.has(name)) findings.push(`the table lacks ${name}`);
  return findings;
}

let server;
let scripts;
let families;
before(async () => {
  scripts = await mkdtemp(join(tmpdir(), 'stagecraft-'));
  await writeFile(join(scripts, 'all.stage'), 'rule "Counted" on SQL set status New\n');
  server = await startServer(['--scripts', scripts]);
  // Calls and rules have figures once there was one.
  const event = { contact: 'ana', type: 'contact updated', occurred_at: '2026-10-05T09:14:00Z', properties: { lifecycle: 'SQL' }, create_if_missing: true };
  const sent = spawnSync(process.env.STAGECRAFT_BINARY, ['publish', '-', '--server', server.address], { input: `${JSON.stringify(event)}\n`, encoding: 'utf8' });
  assert.equal(sent.status, 0, sent.stderr);
  // The answer is there before the call is counted as ended.
  for (let i = 0; i < 500 && !families?.has('grpc_server_handled_total'); ++i) families = parseExport(await (await fetch(`${server.url}/metrics`)).text());
});
after(async () => {
  assert.equal(await server.stop(), 0);
  await rm(scripts, { recursive: true });
});

test('the alerts name metrics that the server exports, and their runbooks are there', async () => {
  const alerts = alertsOf(await text('packaging/prometheus/alerts.yml'));
  assert.ok(alerts.length > 10);
  assert.deepEqual(unknownMetrics(alerts.map(({ name, expression }) => ({ where: name, expression })), families), []);
  assert.deepEqual(withoutRunbook(alerts, anchorsOf(await text(page))), []);
  const cases = await text('packaging/prometheus/alerts_test.yml');
  for (const { name } of alerts) assert.match(cases, new RegExp(`alertname: ${name}\n        exp_alerts:\n          - exp_labels:`), `${name} has no case that fires it`);
});

test('the dashboard names metrics that the server exports', async () => {
  const expressions = expressionsOf(JSON.parse(await text('packaging/grafana/stagecraft.json')));
  assert.ok(expressions.length > 30);
  assert.deepEqual(unknownMetrics(expressions, families), []);
});

test('the table of metrics has those that the server exports, with their types and labels', async () => {
  assert.deepEqual(tableFindings(tableOf(await text(page)), families), []);
});

test('each of these checks can fail', () => {
  const some = parseExport('# TYPE a_seconds histogram\na_seconds_sum{x="1"} 2\n# TYPE b gauge\nb 1\n');
  const row = (name, type, labels) => new Map([['b', { type: 'gauge', labels: new Set() }], [name, { type, labels: new Set(labels) }]]);
  assert.deepEqual(metricsOf('histogram_quantile(0.9, sum by (le, x) (rate(a_bucket{b="c d"}[5m] offset 1h))) > 1e9 and on (x) b'), ['a_bucket', 'b']);
  assert.deepEqual(unknownMetrics([{ where: 'A', expression: 'rate(a_seconds_count[5m]) > b' }], some), []);
  assert.deepEqual(unknownMetrics([{ where: 'A', expression: 'a_seconds > c{b="1"}' }], some), ['A: no such metric: a_seconds', 'A: no such metric: c']);
  assert.deepEqual(unknownMetrics(expressionsOf({ panels: [{ title: 'P', targets: [{ expr: 'sum(d)' }] }] }), some), ['P: no such metric: d']);
  assert.deepEqual(withoutRunbook([{ name: 'Down', runbook: `${page}#down` }], anchorsOf('### Down\n')), []);
  assert.deepEqual(withoutRunbook([{ name: 'Down', runbook: `${page}#down` }], anchorsOf('### Up\n')), [`Down: no such runbook: ${page}#down`]);
  assert.deepEqual(tableFindings(row('a_seconds', 'histogram', ['x']), some), []);
  assert.deepEqual(tableFindings(row('a_seconds', 'gauge', ['x']), some), ['a_seconds is histogram x, in the table gauge x']);
  assert.deepEqual(tableFindings(row('a_seconds', 'histogram', []), some), ['a_seconds is histogram x, in the table histogram ']);
  assert.deepEqual(tableFindings(row('c', 'gauge', []), some), ['the table has c, which the server does not export', 'the table lacks a_seconds']);
  assert.throws(() => alertsOf('      - alert: A\n        expr: b > 1\n'), /A has no expr/);
  assert.throws(() => alertsOf('    - alert: A\n'), /not laid out/);
});
