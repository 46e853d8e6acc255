import { describe, expect, it } from 'vitest';
import { ByteSemaphore, type Permit } from './byte-semaphore.js';

/** Room for 100 bytes, of which one caller has 50; messages are up to 50 bytes long. */
function buildSemaphore(): ByteSemaphore {
  return new ByteSemaphore({ bytesMax: 100, messageBytesMax: 50 });
}

/** A message of `length` bytes of which `come` are there. */
function begun(semaphore: ByteSemaphore, caller: string, length: number, come: number): Permit {
  const permit = semaphore.open(caller, length);
  if (!semaphore.tryAcquire(permit, come)) throw new Error('no room');
  return permit;
}

/** A message that has come and waits for its answer. */
function answering(semaphore: ByteSemaphore, caller: string, length: number): Permit {
  const permit = begun(semaphore, caller, length, length);
  semaphore.complete(permit);
  return permit;
}

describe('ByteSemaphore', () => {
  it('gives room as bytes come: what was announced and not sent takes none', () => {
    const semaphore = buildSemaphore();
    for (let at = 0; at < 8; at++) begun(semaphore, `slow-${at}`, 50, 3);
    expect(semaphore.tryAcquire(semaphore.open('good', 50), 50)).toBe(true);
  });

  it('keeps bytes waiting while there is no room for them, and lets them in when somebody leaves', () => {
    const semaphore = buildSemaphore();
    const first = answering(semaphore, 'ann', 50);
    answering(semaphore, 'bob', 40);
    const permit = semaphore.open('cem', 20);
    expect(semaphore.tryAcquire(permit, 20)).toBe(false);
    let isIn = false;
    semaphore.wait(permit, 20, 0, () => (isIn = true));
    expect([isIn, permit.held]).toEqual([false, 0]);
    semaphore.release(first);
    expect([isIn, permit.held]).toEqual([true, 20]);
  });

  it('lets messages begin in the order of arrival: a small one does not overtake a large one', () => {
    const semaphore = buildSemaphore();
    const first = answering(semaphore, 'ann', 50);
    answering(semaphore, 'bob', 30);
    const names: string[] = [];
    for (const [name, bytes] of [
      ['large', 40],
      ['small', 10],
    ] as const) {
      const permit = semaphore.open(name, bytes);
      expect(semaphore.tryAcquire(permit, bytes)).toBe(false);
      semaphore.wait(permit, bytes, 0, () => names.push(name));
    }
    expect(names).toEqual([]);
    semaphore.release(first);
    expect(names).toEqual(['large', 'small']);
  });

  it('can always let one come to its end, however many have come half way', () => {
    const semaphore = buildSemaphore();
    const half: Permit[] = [];
    const waiting = new Map<Permit, boolean>();
    for (let at = 0; at < 20; at++) {
      const permit = semaphore.open(`caller-${at}`, 50);
      while (permit.held < 49 && semaphore.tryAcquire(permit, 7)) waiting.set(permit, false);
      if (permit.held > 0) half.push(permit);
    }
    expect(half.length).toBeGreaterThan(1);
    // Everybody wants the rest of it, piece by piece, and leaves as soon as it is there.
    const open = new Set(half);
    for (let round = 0; round < 1_000 && open.size > 0; round++) {
      for (const permit of open) {
        if (permit.held >= 50) {
          semaphore.complete(permit);
          semaphore.release(permit);
          open.delete(permit);
        } else semaphore.tryAcquire(permit, Math.min(7, 50 - permit.held));
      }
    }
    expect(open.size).toBe(0);
  });

  it('keeps half of the room free of what one caller holds, and one of its messages can come to its end', () => {
    const semaphore = buildSemaphore();
    const permits = [semaphore.open('ann', 40), semaphore.open('ann', 40), semaphore.open('ann', 40)];
    for (let round = 0; round < 40; round++)
      for (const permit of permits) if (permit.held < 40) semaphore.tryAcquire(permit, 1);
    expect(permits.reduce((sum, { held }) => sum + held, 0)).toBeLessThanOrEqual(50);
    expect(permits.some(({ held }) => held === 40)).toBe(true);
    expect(semaphore.tryAcquire(semaphore.open('bob', 50), 50)).toBe(true);
  });

  it('lets others begin while a caller waits for messages of its own', () => {
    const semaphore = buildSemaphore();
    answering(semaphore, 'ann', 50);
    const more = semaphore.open('ann', 10);
    expect(semaphore.tryAcquire(more, 10)).toBe(false);
    semaphore.wait(more, 10, 0, () => undefined);
    expect(semaphore.tryAcquire(semaphore.open('bob', 10), 10)).toBe(true);
  });

  it('lets a lone message in, however large: its own limit bounds it', () => {
    const semaphore = new ByteSemaphore({ bytesMax: 10, messageBytesMax: 5 });
    expect(semaphore.tryAcquire(semaphore.open('ann', 1_000), 1_000)).toBe(true);
  });

  it('gives a permit back once, however often it is left, and forgets who stops to wait', () => {
    const semaphore = buildSemaphore();
    const first = answering(semaphore, 'ann', 50);
    const second = answering(semaphore, 'bob', 50);
    const waiting = semaphore.open('cem', 10);
    semaphore.wait(waiting, 10, 0, () => expect.unreachable());
    semaphore.release(waiting);
    for (let time = 0; time < 3; time++) semaphore.release(first);
    answering(semaphore, 'dan', 50);
    expect(semaphore.tryAcquire(semaphore.open('eve', 1), 1)).toBe(false);
    semaphore.release(second);
  });
});
