import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { prometheusAvailable } from '../../../test/support/prometheus.js';
import { BURN_RATE_CASES } from './cases-burn-rate.js';
import { SERVING_CASES } from './cases-serving.js';
import { UPKEEP_CASES } from './cases-upkeep.js';
import { GROUPS } from './files.js';
import type { AlertRule } from './rule.js';
import type { RuleCase } from './rule-case.js';

// Prometheus' own tool reads the rules and plays series to them.

const run = promisify(execFile);
/** Every alert, once with trouble and at least once without. */
const CASES: readonly RuleCase[] = [...BURN_RATE_CASES, ...SERVING_CASES, ...UPKEEP_CASES];
const RULES = join(import.meta.dirname, '../rules.yml');
const PAGE = join(import.meta.dirname, '../../../docs/observability.md');

const alerts = GROUPS.flatMap(({ rules }) => rules).filter((rule): rule is AlertRule => 'alert' in rule);

/** Playing hours takes a while on a busy machine. */
const PLAYED_WITHIN_MS = 120_000;

/** What promtool said of each case, in their order, and of those that failed why. */
let verdicts: string[] = [];
let reasons = '';

beforeAll(async () => {
  if (!prometheusAvailable) return;
  const folder = mkdtempSync(join(tmpdir(), 'cas-rules-'));
  const files = CASES.map((one, index) => {
    const file = join(folder, `${index}.yml`);
    writeFileSync(file, stringify(unitTest(one)));
    return file;
  });
  // One run for all: each would read the rules anew. It ends with 1 when a case failed, and tells all the same.
  const told = await run('promtool', ['test', 'rules', ...files]).catch(
    (err: { stdout: string; stderr: string }) => err,
  );
  verdicts = told.stdout.split('Unit Testing: ').slice(1);
  reasons = told.stderr;
  rmSync(folder, { recursive: true, force: true });
}, PLAYED_WITHIN_MS);

describe('the rules for Prometheus', () => {
  it.skipIf(!prometheusAvailable)('are valid', async () => {
    const { stdout } = await run('promtool', ['check', 'rules', '--lint=all', '--lint-fatal', RULES]);
    expect(stdout).toContain('SUCCESS');
  });

  it('each have a case in which they fire and one in which they do not', () => {
    const names = alerts.map(({ alert }) => alert).sort();
    const cased = (fires: boolean): string[] => [
      ...new Set(CASES.filter((one) => (one.fires !== undefined) === fires).map(({ alert }) => alert)),
    ];
    expect(cased(true).sort()).toEqual(names);
    expect(cased(false).sort()).toEqual(names);
  });

  it('each lead to a chapter of the documentation that says what to do', () => {
    const chapters = [...readFileSync(PAGE, 'utf8').matchAll(/^### (Clip\w+)$/gm)].map(([, title]) => title);
    expect(chapters.sort()).toEqual(alerts.map(({ alert }) => alert).sort());
    for (const { alert, annotations } of alerts) {
      expect(annotations.runbook_url).toBe(`docs/observability.md#${alert.toLowerCase()}`);
    }
  });

  it.skipIf(!prometheusAvailable).each(CASES.map((one, index) => ({ ...one, index })))('$alert: $name', ({ index }) => {
    expect(verdicts[index], reasons).toContain('SUCCESS');
  });
});

/** The file that promtool takes. */
function unitTest({ alert, series, at, fires }: RuleCase): object {
  const rule = alerts.find((one) => one.alert === alert)!;
  const { severity } = rule.labels;
  const expected = fires && {
    exp_labels: { severity, ...fires.labels },
    exp_annotations: { ...rule.annotations, summary: fires.summary, description: fires.description },
  };
  return {
    rule_files: [RULES],
    evaluation_interval: '1m',
    tests: [
      {
        interval: '1m',
        input_series: Object.entries(series).map(([name, values]) => ({ series: name, values })),
        alert_rule_test: [{ eval_time: at, alertname: alert, exp_alerts: expected ? [expected] : [] }],
      },
    ],
  };
}
