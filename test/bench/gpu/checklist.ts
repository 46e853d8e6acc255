/** What became of one point of the list. */
export interface CheckRow {
  readonly check: string;
  readonly passed: boolean;
  /** What was seen, or why it failed. */
  readonly found: string;
}

/** Points that are gone through one after the other; one that fails stops none of the others. */
export class Checklist {
  readonly rows: CheckRow[] = [];

  constructor(private readonly say: (line: string) => void) {}

  /** Passes with what `run` resolves to; fails with what it throws, and resolves to undefined. */
  async check(check: string, run: () => Promise<string>): Promise<void> {
    const row = await run().then(
      (found) => ({ check, passed: true, found }),
      (err: unknown) => ({ check, passed: false, found: reasonOf(err) }),
    );
    this.rows.push(row);
    this.say(`${row.passed ? 'pass' : 'FAIL'}  ${check}: ${row.found}`);
  }

  get isPassed(): boolean {
    return this.rows.every(({ passed }) => passed);
  }

  markdown(): string {
    return this.rows
      .map(({ check, passed, found }) => `- ${passed ? 'pass' : '**fail**'}: ${check}: ${found}`)
      .join('\n');
  }
}

/** The first line: what follows are the server's last lines or a stack. */
function reasonOf(err: unknown): string {
  return (err instanceof Error ? err.message : String(err)).split('\n')[0] ?? '';
}
