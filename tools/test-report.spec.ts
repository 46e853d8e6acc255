import { describe, expect, it } from 'vitest';
import { closingLine, strict, tally } from './test-report.mjs';

function aFile(...statuses: string[]) {
  const assertionResults = statuses.map((status, at) => ({ status, fullName: `${status} ${at}` }));
  return { name: 'a.spec.ts', status: statuses.includes('failed') ? 'failed' : 'passed', assertionResults };
}

describe('the closing line', () => {
  it('counts passed, failed and skipped tests', () => {
    const report = { testResults: [aFile('passed', 'passed', 'failed'), aFile('pending', 'skipped', 'todo')] };
    expect(closingLine(tally(report, 1))).toBe('2 passed, 1 failed, 3 skipped');
  });

  it('leaves out the skipped where there are none', () => {
    expect(closingLine(tally({ testResults: [aFile('passed')] }, 0))).toBe('1 passed, 0 failed');
  });

  it('counts a file that could not be loaded as a failure', () => {
    const report = { testResults: [{ name: 'a.spec.ts', status: 'failed', assertionResults: [] }] };
    expect(closingLine(tally(report, 1))).toBe('0 passed, 1 failed');
  });

  it('counts an error outside of any test as a failure', () => {
    expect(closingLine(tally({ testResults: [aFile('passed')] }, 1))).toBe('1 passed, 1 failed');
  });

  it('counts a skip as a failure in CI', () => {
    expect(closingLine(strict(tally({ testResults: [aFile('passed', 'pending')] }, 0)))).toBe('1 passed, 1 failed');
  });
});
