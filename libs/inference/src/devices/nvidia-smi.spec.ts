import { ManualClock } from '#core';
import { describe, expect, it } from 'vitest';
import { cardLine, ends, endsInTurn, NOT_INSTALLED } from '../testing/device-sources.js';
import { flush } from '../testing/builders.js';
import { NVIDIA_SMI_MS_MAX, NvidiaSmi, runCommand, type CommandOutcome, type RunCommand } from './nvidia-smi.js';

function reading(run: RunCommand) {
  return new NvidiaSmi({ run, clock: new ManualClock() }).read();
}

const refusedField = (name: string): CommandOutcome => ({
  ...{ kind: 'ended', ok: false },
  output: `Field "${name}" is not a valid field to query.\n\n`,
});

describe('what nvidia-smi tells', () => {
  it('is the cards', async () => {
    expect(await reading(ends(`${cardLine(0)}\n`))).toMatchObject({ state: 'read', cards: [{ name: 'NVIDIA L4' }] });
  });

  it('is asked again without the fields that an old driver does not know', async () => {
    const line = '0, GPU-1, GeForce GTX 1080, 8116, 7800, 440.33.01\n';
    const { run, asked } = endsInTurn(refusedField('compute_cap'), refusedField('mig.mode.current'), {
      kind: 'ended',
      ok: true,
      output: line,
    });
    expect(await reading(run)).toMatchObject({ state: 'read', cards: [{ name: 'GeForce GTX 1080' }] });
    expect(asked.at(-1)).toBe(
      '--query-gpu=index,uuid,name,memory.total,memory.free,driver_version --format=csv,noheader,nounits',
    );
  });

  it('is not asked for ever: a field that all know and this one does not is a failure', async () => {
    const { run, asked } = endsInTurn(refusedField('uuid'));
    expect(await reading(run)).toEqual({ state: 'failed', said: 'Field "uuid" is not a valid field to query.' });
    expect(asked).toHaveLength(1);
  });

  it.each([
    "NVIDIA-SMI has failed because it couldn't communicate with the NVIDIA driver. Make sure that the latest NVIDIA driver is installed and running.",
    'Failed to initialize NVML: Driver/library version mismatch',
    'Failed to initialize NVML: Unknown Error',
    'Unable to determine the device handle for GPU 0000:01:00.0: Unknown Error',
  ])('is its reason when the driver does not work: %s', async (said) => {
    expect(await reading(ends(`${said}\n\n`, false))).toEqual({ state: 'failed', said });
  });

  it('is a failure when it is nothing that can be read', async () => {
    expect(await reading(ends('\n'))).toEqual({ state: 'failed', said: 'nothing' });
    expect(await reading(ends(`${'x'.repeat(1000)}\n`))).toEqual({ state: 'failed', said: 'x'.repeat(200) });
  });

  it('is no card where there is none', async () => {
    expect(await reading(ends('No devices were found\n', false))).toEqual({ state: 'read', cards: [] });
  });

  it('is nothing where it is not installed', async () => {
    expect(await reading(NOT_INSTALLED)).toEqual({ state: 'missing' });
    expect(await reading((_, args, signal) => runCommand('no-such-command-here', args, signal))).toEqual({
      state: 'missing',
    });
  });
});

describe('a question that is not answered', () => {
  it('is given up after its time, and no other process is made while that one hangs', async () => {
    const clock = new ManualClock();
    const started: { signal: AbortSignal; end: (outcome: CommandOutcome) => void }[] = [];
    const run: RunCommand = (_, __, signal) => new Promise((end) => started.push({ signal, end }));
    const nvidiaSmi = new NvidiaSmi({ run, clock });
    const both = Promise.all([nvidiaSmi.read(), nvidiaSmi.read()]);
    clock.advance(NVIDIA_SMI_MS_MAX);
    expect(await both).toEqual([{ state: 'hung' }, { state: 'hung' }]);
    expect(await nvidiaSmi.read()).toEqual({ state: 'hung' });
    expect(started.map(({ signal }) => signal.aborted)).toEqual([true]);

    started[0]?.end({ kind: 'ended', ok: false, output: '' });
    await flush();
    const next = nvidiaSmi.read();
    started[1]?.end({ kind: 'ended', ok: true, output: cardLine(0) });
    expect(await next).toMatchObject({ state: 'read' });
  });

  it('ends a real process', async () => {
    const giveUp = new AbortController();
    const outcome = runCommand(process.execPath, ['-e', 'setInterval(() => 0, 1000)'], giveUp.signal);
    giveUp.abort();
    expect(await outcome).toMatchObject({ kind: 'ended', ok: false });
  });

  it('ends a script too whose own child goes on and holds its output open', async () => {
    const giveUp = new AbortController();
    const outcome = runCommand('sh', ['-c', 'sleep 5; echo late'], giveUp.signal);
    giveUp.abort();
    expect(await outcome).toEqual({ kind: 'ended', ok: false, output: '\n' });
  });
});
