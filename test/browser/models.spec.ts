import { mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { HubServer } from '../support/hub.js';
import { transformersRepository } from '../support/model-repositories.js';
import { repositoryRoot } from '../support/server.js';
import { ConsoleUnderTest } from './support/console-under-test.js';
import type { Person } from './support/person.js';
import { TextLoad } from './support/text-load.js';

const B32 = 'ViT-B-32::openai';
const MINI = { name: 'mini-clip', replicas: 1, devices: ['cpu'], isDefault: true };
const LOADS_WITHIN = { timeout: 30_000 };

let tested: ConsoleUnderTest;
let hub: HubServer;
let owner: Person;
let member: Person;
const modelDir = mkdtempSync(join(tmpdir(), 'cas-console-models-'));

beforeAll(async () => {
  makeModels(modelDir);
  hub = await HubServer.start();
  hub.publish('Xenova/clip-vit-base-patch32', transformersRepository());
  tested = await ConsoleUnderTest.open({
    env: { CAS_MODEL_DIR: modelDir, CAS_HUB_URL: hub.url, CAS_CACHE_BYTES_MAX: '0', CAS_AUTH: 'off' },
  });
  owner = await tested.setUp();
  member = await tested.account(owner, 'Mara', 'member');
});

afterEach(async () => {
  await tested.closePages();
  expect(tested.problems.splice(0)).toEqual([]);
});

afterAll(async () => {
  await tested?.[Symbol.asyncDispose]();
  await hub?.[Symbol.asyncDispose]();
  rmSync(modelDir, { recursive: true, force: true });
});

const apply = (...models: object[]) => owner.call<{ version: number }>('PUT', '/api/models', { models });
const podStatus = (page: Page, text: string) =>
  page.getByRole('region', { name: 'Pods' }).getByText(text, { exact: true });
const liveRow = (page: Page, name: string) => page.getByRole('row', { name: new RegExp(`^${name}`) });

describe('what is served', () => {
  it('is changed by the mouse: the plan before it, the default under load without a failed request, and the undo', async () => {
    const page = await tested.page('/models', { as: owner });
    await liveRow(page, 'mini-clip').getByText('Ready', { exact: true }).waitFor();
    const load = new TextLoad(tested.server.http('/v1/embeddings'));
    await load.answers(20);
    await page.getByRole('button', { name: 'Change what is served' }).click();
    await page.getByText('Change something, and the steps to it stand here').waitFor();
    await page.getByLabel('Add a model').fill('mini-copy');
    await page.getByRole('button', { name: 'Add', exact: true }).click();
    await page.getByRole('group', { name: 'mini-copy' }).getByRole('radio').check();
    await page.getByRole('button', { name: 'Take mini-clip out' }).click();
    const planned = await owner.call<{ steps: { text: string }[]; warnings: string[] }>('POST', '/api/models/plan', {
      models: [{ ...MINI, name: 'mini-copy' }],
    });
    await page.getByText(planned.steps.at(-1)!.text).waitFor();
    expect(
      await page
        .getByRole('listitem')
        .filter({ hasText: /mini-c/ })
        .allTextContents(),
    ).toEqual([...planned.steps.map(({ text }) => text), ...planned.warnings]);
    await page.getByLabel('Why').fill('try the copy');
    await page.getByRole('button', { name: 'Apply' }).click();
    await page.getByText('Version 2 is in force').waitFor();
    await podStatus(page, 'Version 2').waitFor(LOADS_WITHIN);
    await liveRow(page, 'mini-copy').getByText('default').nth(1).waitFor();
    expect(await liveRow(page, 'mini-clip').count()).toBe(0);
    await load.answers(load.answered + 20);

    await page.getByRole('button', { name: 'Undo this change' }).click();
    const dialog = page.getByRole('alertdialog');
    await dialog.getByText('Start mini-clip with 1 replica on cpu').waitFor();
    await dialog.getByRole('button', { name: 'Roll back' }).click();
    await podStatus(page, 'Version 3').waitFor(LOADS_WITHIN);
    await liveRow(page, 'mini-clip').getByText('Ready', { exact: true }).waitFor();
    await load.end();
    expect(load.failures).toEqual([]);
  });

  it('is changed by the keyboard alone', async () => {
    const { version } = await apply(MINI);
    const page = await tested.page('/models', { as: owner });
    await page.keyboard.press('n');
    await page.getByRole('form', { name: 'What should be served' }).waitFor();
    await tabTo(page, 'Items a run');
    await page.keyboard.type('8');
    await page.getByText('edited', { exact: true }).waitFor();
    await page.getByText('Set the limits of mini-clip: at most 8 items a run, no memory ceiling.').waitFor();
    await page.keyboard.press('Enter');
    await podStatus(page, `Version ${version + 1}`).waitFor(LOADS_WITHIN);
    await liveRow(page, 'mini-clip').getByText('at most 8 items a run').waitFor();
  });

  it('says why a model did not load, with its last lines, and the one way back', async () => {
    const good = await apply(MINI);
    await podServes(good.version);
    const { version } = await apply(MINI, { ...MINI, name: 'mini-broken', isDefault: false });
    const page = await tested.page('/models', { as: owner });
    await page
      .getByText(`Version ${version} is saved and not served: what was served before goes on.`)
      .waitFor(LOADS_WITHIN);
    await page.getByText('The step that failed:').waitFor();
    await page.getByRole('region', { name: 'Last log lines' }).getByText('mini-broken/0').first().waitFor();
    await tested.inspect('models-failed', '/models', owner, async (each) => {
      await each.getByText('is saved and not served').waitFor(LOADS_WITHIN);
    });
    const seen = await tested.page('/models', { as: member });
    await seen.getByText('The step that failed:').waitFor(LOADS_WITHIN);
    expect(await seen.getByText('Last log lines').count()).toBe(0);
    await page.getByRole('button', { name: `Roll back to version ${good.version}` }).click();
    await page.getByRole('alertdialog').getByRole('button', { name: 'Roll back' }).click();
    await podStatus(page, `Version ${version + 1}`).waitFor(LOADS_WITHIN);
    expect(await page.getByText('is saved and not').count()).toBe(0);
  });

  it('keeps what was typed when somebody else changes the models meanwhile, and goes on from there', async () => {
    await apply(MINI);
    const page = await tested.page('/models?edit=true', { as: owner });
    await page.getByLabel('Memory ceiling, MB', { exact: true }).fill('4000');
    const { version } = await owner.call<{ version: number }>('PUT', '/api/models', {
      models: [{ ...MINI, batchItemsMax: 16 }],
      note: 'smaller runs',
    });
    await page
      .getByText(`Version ${version} has come meanwhile, by olga@example.com. What you typed is still here.`)
      .waitFor();
    await page.getByText('The limits of mini-clip: at most 16 items a run').waitFor();
    expect(await page.getByRole('button', { name: 'Apply' }).isDisabled()).toBe(true);
    await page.getByRole('button', { name: `Go on from version ${version}` }).click();
    expect(await page.getByLabel('Memory ceiling, MB', { exact: true }).inputValue()).toBe('4000');
    await page.getByRole('button', { name: 'Put Items a run of mini-clip back' }).click();
    await page.getByRole('button', { name: 'Apply' }).click();
    await podStatus(page, `Version ${version + 1}`).waitFor(LOADS_WITHIN);
    await liveRow(page, 'mini-clip').getByText('at most 16 items a run, at most 4000 MB a replica').waitFor();
  });

  it('is refused in words beside what was typed', async () => {
    const page = await tested.page('/models?edit=true&add=nope', { as: owner });
    await page.getByText('There is no model "nope"').waitFor();
    await page.getByRole('button', { name: 'Take nope out' }).click();
    await page.getByLabel('Devices', { exact: true }).fill('tpu:0');
    await page.getByRole('alert').getByText('tpu:0').waitFor();
    await page.getByLabel('Replicas', { exact: true }).fill('two');
    await page.getByText('A whole number from 1.').waitFor();
    expect(await page.getByRole('button', { name: 'Apply' }).isDisabled()).toBe(true);
  });
});

describe('the catalogue', () => {
  it('pulls a model from the hub with progress, cancels, and finds its files here', async () => {
    const page = await tested.page('/models?tab=catalogue', { as: owner });
    await page.getByRole('searchbox', { name: 'Search' }).fill('b/32');
    await page.waitForURL('**/models?tab=catalogue&q=*');
    await page.getByText('MIT').first().waitFor();
    let open = (): void => undefined;
    hub.fail('tokenizer.json', {
      kind: 'hold',
      afterBytes: 1_500_000,
      until: new Promise((go) => (open = () => go())),
    });
    await page.getByRole('button', { name: `Pull ${B32}` }).click();
    await page.getByRole('progressbar', { name: `Download of ${B32}` }).waitFor();
    await page.getByText('Downloading 2 MB of 4 MB').waitFor();
    await page.getByRole('row', { name: B32 }).getByText(B32).click();
    await page.getByRole('dialog', { name: B32 }).getByText('512 dimensions').waitFor();
    await page.getByRole('button', { name: 'Cancel the download' }).click();
    await page.getByText('What has arrived is kept.').waitFor();
    open();
    await page.getByRole('button', { name: 'Pull again' }).click();
    await page.getByRole('dialog').getByText('Here', { exact: true }).waitFor(LOADS_WITHIN);
    await page.getByRole('button', { name: 'Verify the files' }).click();
    await page.getByText('Every byte is as it was downloaded.').waitFor(LOADS_WITHIN);
    await page.getByRole('button', { name: 'Serve it…' }).click();
    await page.getByText(`Start ${B32} with 1 replica on cpu, and serve it when all are ready.`).waitFor();
  });

  it('shows members all of it, and lets them change nothing', async () => {
    const page = await tested.page('/models?tab=catalogue&here=true', { as: member });
    await page.getByRole('row', { name: 'mini-clip' }).getByText('Served').waitFor();
    await page
      .getByRole('row', { name: 'mini-clip' })
      .getByText(/^[\d.,K]+ · [\d.,K]+$/)
      .waitFor();
    await page.getByRole('checkbox', { name: 'On a pod only' }).uncheck();
    await page.getByText('Not here').first().waitFor();
    expect(await page.getByRole('button', { name: /Pull|Change what is served/ }).count()).toBe(0);
  });
});

describe('versions', () => {
  it('tell in sentences what is other, and are gone back to by the keyboard', async () => {
    await apply({ ...MINI, batchItemsMax: 4 });
    const { version } = await apply(MINI);
    const page = await tested.page('/models?tab=versions', { as: owner });
    await page.getByRole('row', { name: new RegExp(`^${version} In force`) }).waitFor();
    for (const key of ['j', 'j', 'Enter']) await page.keyboard.press(key);
    await page
      .getByText('The limits of mini-clip: at most 32 items a run, no memory ceiling, instead of at most 4 items a run')
      .waitFor();
    await page.waitForURL(`**/models?tab=versions&from=${version - 1}&to=${version}`);
    await tested.inspect(
      'models-versions',
      `/models?tab=versions&from=${version - 1}&to=${version}`,
      owner,
      async (each) => {
        await each.getByText('The limits of mini-clip').waitFor();
      },
    );
  });
});

it('is accessible in both themes, on a desktop and a phone', async () => {
  await tested.inspect('models-editor', '/models?edit=true&add=mini-copy', owner, async (page) => {
    await page.getByLabel('Replicas', { exact: true }).first().fill('2');
    await page.getByText('Start mini-copy with 1 replica on cpu').waitFor();
  });
  await tested.inspect(
    'models-model',
    `/models?tab=catalogue&model=${encodeURIComponent(B32)}`,
    owner,
    async (page) => {
      await page.getByRole('dialog', { name: B32 }).getByText('On the pods').waitFor();
    },
  );
  await tested.inspect('models-catalogue', '/models?tab=catalogue', owner, async (page) => {
    await page
      .getByRole('row', { name: /^mini-clip/ })
      .getByText('Served')
      .waitFor();
  });
});

/** Waits until the pod tells that it serves a version. */
async function podServes(version: number): Promise<void> {
  await expect
    .poll(async () => (await owner.call<{ pods: { version: number; state: string }[] }>('GET', '/api/models')).pods, {
      timeout: 30_000,
    })
    .toEqual([expect.objectContaining({ version, state: 'applied' })]);
}

/** Goes to a field by Tab. */
async function tabTo(page: Page, label: string): Promise<void> {
  const field = page.getByLabel(label, { exact: true });
  for (let n = 0; n < 60; n += 1) {
    if (await field.evaluate((element) => element === document.activeElement)) return;
    await page.keyboard.press('Tab');
  }
  throw new Error(`Tab does not lead to ${label}.`);
}

/** The shipped model, a copy of it, and one whose weights are no ONNX: only loading tells. */
function makeModels(folder: string): void {
  const source = join(repositoryRoot, 'models', 'mini-clip');
  for (const name of ['mini-clip', 'mini-copy']) symlinkSync(source, join(folder, name));
  mkdirSync(join(folder, 'mini-broken'));
  for (const file of readdirSync(source)) {
    if (file.endsWith('.onnx')) writeFileSync(join(folder, 'mini-broken', file), 'no graph');
    else symlinkSync(join(source, file), join(folder, 'mini-broken', file));
  }
}
