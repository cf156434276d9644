// What `check` prints for programs is read by others' readers: SARIF by its schema, JUnit by a parser, JSON by the schema in docs/formats.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import Ajv2020 from 'ajv/dist/2020.js';
import AjvDraft4 from 'ajv-draft-04';
import addFormats from 'ajv-formats';
import { parse as parseJunit } from 'junit2json';

const load = (relative) => JSON.parse(readFileSync(fileURLToPath(new URL(relative, import.meta.url)), 'utf8'));
const folder = mkdtempSync(join(tmpdir(), 'stagecraft-formats-'));
after(() => rmSync(folder, { recursive: true }));

const scripts = {
  'clean.stage': 'on SQL set status New\n',
  'my script é.stage': 'on SQL set status Nwe\non MQL -> SQL set lifecycle MQL\n',
  'סטטוס.stage': 'on SQL notify owner "{nme} \\q"\n# 新規\non status סטטוס notify owner "a & b <c>"\n',
  'allowed.stage': 'on Customer set lifecycle MQL  # allow SC0402: we win them back\n',
  'control.stage': 'on SQL set status \u0001\u001b[31m\u202e\n',
};
for (const [name, text] of Object.entries(scripts)) writeFileSync(join(folder, name), text);
writeFileSync(join(folder, 'bytes.stage'), Buffer.from([0x6f, 0x6e, 0x20, 0xff, 0xfe, 0x0a]));

const check = (format, files, ...options) => {
  const run = spawnSync(process.env.STAGECRAFT_BINARY, ['check', ...files, '--format', format, ...options], { cwd: folder, encoding: 'utf8' });
  assert.equal(run.error, undefined);
  assert.ok(run.status === 0 || run.status === 1, run.stderr);
  return run.stdout;
};
const each = [...Object.keys(scripts), 'bytes.stage'].map((file) => [file]);
const sets = [...each, Object.keys(scripts), ['.']];

const assertValid = (validate, value) => assert.ok(validate(value), JSON.stringify(validate.errors?.slice(0, 5), null, 2));

test('SARIF is valid by the schema of OASIS', () => {
  const ajv = new AjvDraft4({ strict: false, allErrors: true, unicodeRegExp: false });
  addFormats(ajv);
  const validate = ajv.compile(load('node_modules/@microsoft/jest-sarif/lib/schemas/sarif-2.1.0-rtm.5.json'));
  for (const files of sets) assertValid(validate, JSON.parse(check('sarif', files)));
});

test('SARIF: each result points at its rule, and allowed findings are suppressed', () => {
  const runOf = (file) => JSON.parse(check('sarif', [file])).runs[0];
  const run = runOf('my script é.stage');
  for (const result of run.results) assert.equal(run.tool.driver.rules[result.ruleIndex].id, result.ruleId);
  const suppressed = runOf('allowed.stage').results.filter((result) => result.suppressions);
  assert.deepEqual(suppressed.map((result) => [result.ruleId, result.suppressions[0].justification]), [['SC0402', 'we win them back']]);
  const wrong = run.results.find((result) => result.ruleId === 'SC0203');
  assert.equal(decodeURIComponent(wrong.locations[0].physicalLocation.artifactLocation.uri), 'my script é.stage');
});

test('JSON is valid by the schema in docs/formats', () => {
  const validate = new Ajv2020({ allErrors: true }).compile(load('../../docs/formats/check.schema.json'));
  for (const files of sets) assertValid(validate, JSON.parse(check('json', files)));
  const finding = JSON.parse(check('json', ['my script é.stage']))[0];
  assert.ok(!validate([{ ...finding, more: 1 }]) && !validate([{ ...finding, line: 0 }]), 'the schema refuses what is not documented');
});

test('JUnit is read by a reader: a test for each file, a failure for each finding that counts', async () => {
  for (const files of sets) await parseJunit(check('junit', files));
  const count = async (...options) => {
    const { testsuite } = await parseJunit(check('junit', ['clean.stage', 'my script é.stage'], ...options));
    assert.deepEqual(testsuite[0].testcase.map((one) => one.classname), ['clean.stage', 'my script é.stage']);
    assert.equal(testsuite[0].tests, 2);
    return testsuite[0].testcase.map((one) => one.failure?.map((failure) => failure.type) ?? []);
  };
  assert.deepEqual(await count(), [[], ['SC0203']]);
});

test('GitHub reads one command a line', () => {
  const lines = check('github', ['.']).trimEnd().split('\n');
  assert.ok(lines.length >= 4);
  for (const line of lines) assert.match(line, /^::(error|warning|notice) file=[^,:]+,line=\d+,endLine=\d+(,col=\d+,endColumn=\d+)?,title=SC\d{4}::.+$/);
});
