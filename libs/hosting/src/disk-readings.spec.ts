import { describe, expect, it } from 'vitest';
import { ManualClock } from '#core';
import { DiskReadings } from './disk-readings.js';

/** Lets what has been read be noted. */
const settle = () => new Promise((resolve) => setImmediate(resolve));

describe('readings of disks', () => {
  it('follow the room that there is, in bytes that the service may use', async () => {
    const clock = new ManualClock();
    let bavail = 5;
    const disks = new DiskReadings({ data: '/data' }, clock, () =>
      Promise.resolve({ bsize: 4096, blocks: 100, bavail }),
    );
    expect(disks.now()).toEqual([]);
    disks.start();
    await settle();
    expect(disks.now()).toMatchObject([{ folder: 'data', freeBytes: 20_480, sizeBytes: 409_600 }]);
    bavail = 4;
    clock.advance(10_000);
    await settle();
    expect(disks.now()).toMatchObject([{ freeBytes: 16_384 }]);
    disks.stop();
  });

  it('are none of a folder that is not there, and those of the others are', async () => {
    const disks = new DiskReadings({ data: import.meta.dirname, models: '/nosuch/folder' }, new ManualClock());
    disks.start();
    await expect.poll(() => disks.now().map(({ folder }) => folder)).toEqual(['data']);
    disks.stop();
  });

  it('are none once a file system has not answered for a minute; nothing waits for it', async () => {
    const clock = new ManualClock();
    let answers = true;
    const disks = new DiskReadings({ data: '/data' }, clock, () =>
      answers ? Promise.resolve({ bsize: 1, blocks: 2, bavail: 1 }) : new Promise(() => undefined),
    );
    disks.start();
    await settle();
    answers = false;
    clock.advance(60_000);
    expect(disks.now()).toHaveLength(1);
    clock.advance(1);
    expect(disks.now()).toEqual([]);
    disks.stop();
  });
});
