import { mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { repositoryRoot, startServer } from '../support/server.js';
import { ConsoleUnderTest } from './support/console-under-test.js';
import { Person } from './support/person.js';

const fixture = (name: string): string => join(repositoryRoot, 'test/fixtures', name);

/** However busy the machine is. */
const WITHIN = { timeout: 20_000 };

let tested: ConsoleUnderTest;
let owner: Person;

beforeAll(async () => {
  tested = await ConsoleUnderTest.open({ env: { CAS_AUTH: 'required', OTEL_TRACES_SAMPLER: 'always_on' } });
  owner = await tested.setUp();
});

afterEach(async () => {
  await tested.closePages();
  expect(tested.problems.splice(0)).toEqual([]);
});

afterAll(() => tested?.[Symbol.asyncDispose]());

/** Pastes a picture as the clipboard of a system gives it. */
async function paste(page: Page, name: string): Promise<void> {
  const base64 = readFileSync(fixture(name)).toString('base64');
  await page.evaluate(
    ([bytes = '', file = '']) => {
      const data = new DataTransfer();
      const content = Uint8Array.from(atob(bytes), (letter) => letter.charCodeAt(0));
      data.items.add(new File([content], file, { type: 'image/jpeg' }));
      window.dispatchEvent(new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true }));
    },
    [base64, name],
  );
}

const bestOf = (page: Page) =>
  page.getByRole('button', { name: /Explain it$/ }).filter({ has: page.getByLabel('best') });

describe('the playground', () => {
  it('ranks sentences for a pasted picture, explains a score, and leads to the trace', async () => {
    const page = await tested.page('/playground', { as: owner });
    await page.getByText('No picture yet').waitFor();
    await paste(page, 'photo-coffee.jpg');
    await page.getByRole('img', { name: 'photo-coffee.jpg' }).first().waitFor();
    await page.getByLabel('One a line').fill('a photo of a cat\na photo of a cup of coffee');
    await page.getByRole('button', { name: 'Compare' }).click();
    expect(await bestOf(page).getAttribute('aria-label')).toMatch(
      /^0\.\d{3}: photo-coffee\.jpg, a photo of a cup of coffee/,
    );
    await page.getByLabel(/Shares instead of cosines/).check();
    await page.getByRole('button', { name: /^100 %: photo-coffee\.jpg, a photo of a cup of coffee/ }).waitFor();

    await page.getByRole('tab', { name: 'Ranking' }).click();
    const ranking = page.getByRole('region', { name: 'Ranking of photo-coffee.jpg' });
    expect(await ranking.getByRole('listitem').first().textContent()).toContain('a photo of a cup of coffee');

    await page.getByRole('tab', { name: 'Matrix' }).click();
    await bestOf(page).click();
    const dialog = page.getByRole('dialog', { name: 'Why this answer' });
    await dialog.getByRole('img', { name: /most in row \d, column \d of 7/ }).waitFor();
    await dialog.getByText('The map as a table').click();
    expect(await dialog.getByRole('row').count()).toBe(8);
    await dialog.getByLabel(/Strength of the colours/).fill('20');
    await dialog.getByText('Strength of the colours: 20 %').waitFor();
    await dialog.getByRole('link', { name: 'Open its trace' }).click();
    await page.waitForURL('**/traces/*');
  });

  it('runs each example, and answers it right', async () => {
    const page = await tested.page('/playground', { as: owner });
    for (const [title, answer] of [
      ['What is it?', 'a photo of a cat'],
      ['How many?', 'a photo of two apples'],
      ['Which colour?', 'a green car'],
      ['What is where?', 'the cat is to the left of the car'],
    ] as const) {
      await page.getByRole('button', { name: title }).click();
      await bestOf(page)
        .and(page.getByRole('button', { name: `, ${answer}. ` }))
        .waitFor();
    }
  });

  it('is used by the keyboard alone: example, other sentences, explanation', async () => {
    const page = await tested.page('/playground?example=object', { as: owner });
    await page.getByRole('img', { name: 'photo-cat.jpg' }).first().waitFor();
    await page.getByLabel('One a line').focus();
    await page.keyboard.press('Control+a');
    await page.keyboard.type('a dog');
    await page.keyboard.press('Enter');
    await page.keyboard.type('a photo of a cat');
    await page.keyboard.press('Control+Enter');
    await bestOf(page).waitFor();
    expect(new URL(page.url()).searchParams.get('texts')).toContain('a dog\na photo of a cat');
    await page.getByRole('tab', { name: 'Matrix' }).focus();
    for (const tab of ['Ranking', 'Search', 'Map', 'Code']) {
      await page.keyboard.press('ArrowRight');
      await page.keyboard.press('Enter');
      await page.getByRole('tab', { name: tab, selected: true }).waitFor();
    }
    await page.keyboard.press('Home');
    await page.keyboard.press('Enter');
    await bestOf(page).focus();
    await page.keyboard.press('Enter');
    await page.getByRole('dialog', { name: 'Why this answer' }).getByRole('img').waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
  });

  it('finds pictures by a sentence, and lays all of them out on a map', async () => {
    const page = await tested.page('/playground?view=search&texts=a photo of a rocket%0Aa photo of a cat', {
      as: owner,
    });
    const files = ['photo-cat.jpg', 'photo-rocket.jpg', 'photo-coffee.jpg'].map(fixture);
    await page.getByLabel('Pictures', { exact: true }).setInputFiles(files);
    const found = page.getByRole('list', { name: 'Pictures, best first' }).getByRole('listitem');
    await expect.poll(() => found.count(), WITHIN).toBe(3);
    expect(await found.first().textContent()).toContain('photo-rocket.jpg');
    await page.getByLabel('Find pictures of').selectOption('a photo of a cat');
    expect(await found.first().textContent()).toContain('photo-cat.jpg');

    await page.getByRole('tab', { name: 'Map' }).click();
    const points = page.getByRole('list', { name: 'Map of pictures and sentences' }).getByRole('button');
    await expect.poll(() => points.count(), WITHIN).toBe(5);
    await page.getByRole('button', { name: 'Picture: photo-cat.jpg' }).focus();
    await page.getByRole('row', { name: /photo-cat\.jpg/ }).waitFor();
  });

  it('gives the same call as code, and keeps pictures out of the address', async () => {
    const page = await tested.page('/playground?example=count&view=code', { as: owner });
    await page.getByRole('region', { name: 'curl, ranking' }).getByText('a photo of two apples').waitFor();
    await page.getByRole('tab', { name: 'Python' }).click();
    await page.getByRole('region', { name: 'Python, ranking' }).getByText("os.environ['CLIP_URL']").waitFor();
    expect(page.url().length).toBeLessThan(400);
  });

  it('says what is wrong with a picture, and shows the rest', async () => {
    const page = await tested.page('/playground?texts=a photo of a cat', { as: owner });
    await page.getByLabel('Pictures', { exact: true }).setInputFiles([
      { name: 'photo-cat.jpg', mimeType: 'image/jpeg', buffer: readFileSync(fixture('photo-cat.jpg')) },
      { name: 'broken.jpg', mimeType: 'image/jpeg', buffer: Buffer.from('no picture at all') },
    ]);
    await page.getByRole('alert').getByText('broken.jpg got no vector').waitFor();
    await bestOf(page).waitFor();
    await page.getByLabel('Or its address').fill('ftp://example.com/cat.jpg');
    await page.getByRole('button', { name: 'Add' }).click();
    await page.getByText('begins with http://').waitFor();
  });

  it('shows a sign for a picture by address, and says why it shows no preview', async () => {
    const page = await tested.page('/playground', { as: owner });
    await page.getByText('this page does not, so it shows no preview').waitFor();
    await page.getByLabel('Or its address').fill('https://pictures.example/cat.jpg');
    await page.getByRole('button', { name: 'Add' }).click();
    const list = page.getByRole('list', { name: 'Pictures of this visit' });
    await list.getByTitle('pictures.example/cat.jpg: the service fetches it, so there is no preview').waitFor();
    expect(await list.getByRole('img').count()).toBe(0);
  });

  it('shows markup in names and sentences as text', async () => {
    const page = await tested.page('/playground', { as: owner });
    const markup = '<img src=x onerror=alert(1)>';
    await page
      .getByLabel('Pictures', { exact: true })
      .setInputFiles([
        { name: `${markup}.jpg`, mimeType: 'image/jpeg', buffer: readFileSync(fixture('photo-cat.jpg')) },
      ]);
    await page.getByLabel('One a line').fill(markup);
    await page.getByRole('button', { name: 'Compare' }).click();
    await page.getByRole('columnheader', { name: markup }).waitFor();
    await bestOf(page).waitFor();
  });

  it('takes what its address says and does not know for what is shown at first', async () => {
    const page = await tested.page('/playground?example=object&view=nothing&scores=none', { as: owner });
    await page.getByRole('tab', { name: 'Matrix', selected: true }).waitFor();
    await bestOf(page).waitFor();
  });

  it.each<[view: string, path: string, shows: (page: Page) => Promise<void>]>([
    ['empty', '/playground', (page) => page.getByText('No picture yet').waitFor()],
    ['matrix', '/playground?example=place', (page) => bestOf(page).waitFor()],
    ['ranking', '/playground?example=object&view=ranking', (page) => page.getByText('100 %').waitFor()],
    [
      'map',
      '/playground?example=colour&view=map',
      (page) => page.getByRole('button', { name: 'Picture: colour-thing.png' }).waitFor(),
    ],
    [
      'explain',
      '/playground?example=object',
      async (page) => {
        await bestOf(page).click();
        await page.getByRole('dialog').getByRole('img').waitFor();
      },
    ],
  ])('is accessible in both themes, on a desktop and a phone: %s', async (view, path, shows) => {
    await tested.inspect(`playground-${view}`, path, owner, shows);
  });
});

describe('a playground without a service to call', () => {
  it('says what to set', async () => {
    await using admin = await startServer({ app: 'admin' });
    await using alone = await ConsoleUnderTest.open({ server: admin });
    const page = await alone.page('/playground', { as: await alone.setUp() });
    await page.getByText('Set CAS_INFERENCE_URL').waitFor();
    expect(alone.problems).toEqual([]);
  });
});

describe('two models', () => {
  const modelDir = mkdtempSync(join(tmpdir(), 'cas-models-'));
  const names = ['mini-clip', 'mini-copy'];

  afterAll(() => rmSync(modelDir, { recursive: true, force: true }));

  it('stand side by side, each with its own scores', async () => {
    for (const name of names) symlinkSync(join(repositoryRoot, 'models/mini-clip'), join(modelDir, name));
    await using serving = await ConsoleUnderTest.open({ env: { CAS_MODEL_DIR: modelDir } });
    const person = await serving.setUp();
    const models = names.map((name, at) => ({ name, replicas: 1, devices: ['cpu'], isDefault: at === 0 }));
    await person.call('PUT', '/api/models', { models, note: 'two of them' });
    const served = () => person.call<{ data: unknown[] }>('GET', '/api/playground/models');
    await expect.poll(async () => (await served()).data.length, WITHIN).toBe(2);
    const page = await serving.page('/playground?example=object', { as: person });
    await page.getByLabel('Beside it').selectOption('mini-copy');
    for (const name of names) {
      const results = page.getByRole('region', { name: `Results of ${name}` });
      await results.getByRole('button', { name: /photo-cat\.jpg, a photo of a cat\. Explain it$/ }).waitFor();
    }
    expect(new URL(page.url()).searchParams.get('with')).toBe('mini-copy');
    expect(serving.problems).toEqual([]);
  });
});
