import { mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { HurriedClock } from '../../../../test/support/hurried-clock.js';
import { underLock } from './folder-lock.js';
import { placeOfProcess } from './lock-holder.js';

const DEAD_PROCESS = 4_194_305;

let folder: string;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'cas-lock-'))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** How often somebody looked before the lock was theirs. */
async function looksUntilTaken(file: string, clock: HurriedClock): Promise<number> {
  let looks = 0;
  await underLock(
    file,
    clock,
    () => Promise.resolve((looks = clock.delaysMs.length)),
    () => undefined,
  );
  return looks;
}

describe('the lock of a download', () => {
  it('that a dead process of this machine holds is not taken twice when two find it so', async () => {
    const file = join(folder, 'lock');
    writeFileSync(file, `${await placeOfProcess()} ${DEAD_PROCESS} gone`);
    const clock = new ClockWithNeighbour((beat) => {
      if (beat === 1) writeFileSync(file, 'another-machine 1 found-it-too');
      if (beat === 10) rmSync(file);
    });

    expect(await looksUntilTaken(file, clock)).toBeGreaterThan(10);
    expect(readdirSync(folder)).toEqual([]);
  });

  it('is not taken from a process that this one cannot see, though its number is nobody’s here', async () => {
    const file = join(folder, 'lock');
    writeFileSync(file, `${hostname()} ${DEAD_PROCESS} in-another-container`);

    expect(await looksUntilTaken(file, new HurriedClock())).toBeGreaterThan(60);
  });

  it('is not taken from a holder that shows itself, however wrong its clock is', async () => {
    const file = join(folder, 'lock');
    writeFileSync(file, 'another-machine 1 alive');
    const clock = new ClockWithNeighbour((beat) => {
      if (beat < 200) utimesSync(file, beat, beat);
      if (beat === 200) rmSync(file);
    });

    expect(await looksUntilTaken(file, clock)).toBeGreaterThan(200);
  });
});

/** Another machine does something at each look at the lock; half a second apart. */
class ClockWithNeighbour extends HurriedClock {
  private beats = 0;

  constructor(private readonly beat: (count: number) => void) {
    super();
  }

  override after(delayMs: number, task: () => void): () => void {
    if (delayMs === 500) this.beat((this.beats += 1));
    return super.after(delayMs, task);
  }
}
