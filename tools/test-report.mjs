/**
 * What a vitest JSON report counts. A file that could not be loaded is one failure; so is an error outside any test.
 */
export function tally(report, exitCode) {
  const tests = report.testResults.flatMap((file) =>
    file.assertionResults.map((test) => ({ ...test, file: file.name })),
  );
  const named = (status) => tests.filter((test) => status.includes(test.status)).map((test) => test.fullName);
  const broken = report.testResults.filter((file) => file.status === 'failed' && !file.assertionResults.some(isFailed));
  const failed = [...named(['failed']), ...broken.map((file) => `${file.name} (the file)`)];
  if (exitCode !== 0 && failed.length === 0) failed.push('an error outside of any test');
  return { passed: named(['passed']), failed, skipped: named(['pending', 'skipped', 'todo', 'disabled']) };
}

/** The sum of several tallies. */
export function total(tallies) {
  const all = (part) => tallies.flatMap((tally) => tally[part]);
  return { passed: all('passed'), failed: all('failed'), skipped: all('skipped') };
}

/** In CI nothing may be skipped: what a machine lacks there is a mistake to mend, so a skip counts as a failure. */
export function strict({ passed, failed, skipped }) {
  return {
    passed,
    failed: [...failed, ...skipped.map((name) => `${name} (skipped, which CI does not allow)`)],
    skipped: [],
  };
}

/** The last line of a test run: `12 passed, 0 failed`, with the skipped ones when there are any. */
export function closingLine({ passed, failed, skipped }) {
  const line = `${passed.length} passed, ${failed.length} failed`;
  return skipped.length === 0 ? line : `${line}, ${skipped.length} skipped`;
}

function isFailed(test) {
  return test.status === 'failed';
}
