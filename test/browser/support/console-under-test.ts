import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { AxeBuilder } from '@axe-core/playwright';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { expect } from 'vitest';
import { repositoryRoot, startServer, type RunningServer, type ServerOptions } from '../../support/server.js';
import { launchChromium } from './chromium.js';
import { Person } from './person.js';

const SCREENSHOTS = join(repositoryRoot, '.cache/screenshots');

export const PASSWORD = 'tidal lantern forty-two';

/** The screens that pages are looked at on. */
const SCREENS = {
  desktop: { viewport: { width: 1280, height: 800 } },
  phone: { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true },
} as const;
const THEMES = ['light', 'dark'] as const;

/** How a page is opened. */
export interface Look {
  /** Who is logged in; nobody by default. */
  readonly as?: Person;
  readonly theme?: (typeof THEMES)[number];
  readonly screen?: keyof typeof SCREENS;
}

/**
 * A real service with its console, and a real browser. What a page logs as an error, throws, or asks for against the
 * Content-Security-Policy is kept in `problems`: assert that there are none at the end.
 *
 * @example
 * const tested = await ConsoleUnderTest.open();
 * const owner = await tested.setUp();
 * const page = await tested.page('/tokens', { as: owner });
 */
export class ConsoleUnderTest implements AsyncDisposable {
  /** What went wrong in any page, in words. */
  readonly problems: string[] = [];
  private readonly contexts: BrowserContext[] = [];

  private constructor(
    readonly server: RunningServer,
    readonly browser: Browser,
    private readonly ownsServer: boolean,
  ) {}

  /** Starts a service of its own; `server` uses one that the caller has started and stops. */
  static async open({
    server,
    ...options
  }: ServerOptions & { server?: RunningServer } = {}): Promise<ConsoleUnderTest> {
    const browser = await launchChromium();
    return new ConsoleUnderTest(server ?? (await startServer(options)), browser, server === undefined);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.browser.close();
    if (this.ownsServer) await this.server.stop();
  }

  /** The address of a path of the console. */
  url(path: string): string {
    return this.server.admin(path);
  }

  /** The one-time link that the start of the service printed. */
  async setUpLink(): Promise<string> {
    const { setupUrl } = await this.server.logged((line) => line['setupUrl'] !== undefined);
    return String(setupUrl);
  }

  /** Makes the first account by the API: Olga, who owns the service. */
  async setUp(): Promise<Person> {
    const secret = (await this.setUpLink()).split('#')[1] ?? '';
    const person = { email: 'olga@example.com', name: 'Olga', password: PASSWORD };
    return Person.begin(this.url('/api/setup'), { secret, ...person });
  }

  /** Lets `by` invite somebody, who then takes the invitation and logs in. */
  async account(by: Person, name: string, role: 'owner' | 'admin' | 'member' | 'viewer'): Promise<Person> {
    const email = `${name.toLowerCase()}@example.com`;
    const { link } = await by.call<{ link: { url: string } }>('POST', '/api/accounts', { email, name, role });
    const secret = link.url.split('#')[1] ?? '';
    await by.call('POST', '/api/links/accept', { secret, password: PASSWORD });
    return Person.begin(this.url('/api/session'), { email, password: PASSWORD });
  }

  /** Opens a page and waits until it is there and quiet. */
  async page(path: string, { as, theme = 'light', screen = 'desktop' }: Look = {}): Promise<Page> {
    const context = await this.browser.newContext({
      ...SCREENS[screen],
      colorScheme: theme,
      baseURL: this.url('/'),
      locale: 'en-GB',
      timezoneId: 'UTC',
      reducedMotion: 'reduce',
    });
    this.contexts.push(context);
    await context.grantPermissions(['clipboard-read', 'clipboard-write']);
    if (as) await context.addCookies(as.cookiesFor(this.url('/')));
    const page = await context.newPage();
    this.watch(page);
    await page.goto(path);
    await page.getByRole('heading', { level: 1 }).waitFor();
    await page.waitForFunction(() => [...document.images].every((image) => image.complete));
    return page;
  }

  /** Closes all pages. */
  async closePages(): Promise<void> {
    await Promise.all(this.contexts.splice(0).map((context) => context.close()));
  }

  /**
   * Opens `path` and lets `prepare` bring it into the state to look at. Then, in both themes and as wide as a desktop
   * and a phone: checks it with axe, and that nothing is wider than the screen; and writes a picture to
   * `.cache/screenshots`.
   */
  async inspect(
    name: string,
    path: string,
    as: Person | undefined,
    prepare?: (page: Page) => Promise<void>,
  ): Promise<void> {
    mkdirSync(SCREENSHOTS, { recursive: true });
    const page = await this.page(path, as ? { as } : {});
    await prepare?.(page);
    for (const screen of ['desktop', 'phone'] as const) {
      await showOn(page, screen);
      for (const colorScheme of THEMES) {
        await page.emulateMedia({ colorScheme });
        const file = join(SCREENSHOTS, `${name}-${colorScheme}-${screen}.png`);
        await page.screenshot({ path: file, fullPage: screen === 'phone' });
        await expectAccessible(page, `${name}, ${colorScheme}, ${screen}`);
      }
    }
    await page.context().close();
  }

  private watch(page: Page): void {
    page.on('pageerror', (err) => this.problems.push(`${page.url()}: ${err.message}`));
    page.on('console', (message) => {
      const text = message.text();
      // A refused call is the API's answer, which the page shows.
      if (
        message.type() === 'error' &&
        !/^Failed to load resource: the server responded with a status of 4/.test(text)
      ) {
        this.problems.push(`${page.url()}: ${text}`);
      }
    });
  }
}

/** Makes a page that is open as large as the screen, with a finger for a pointer on a phone. */
async function showOn(page: Page, screen: keyof typeof SCREENS): Promise<void> {
  const devtools = await page.context().newCDPSession(page);
  await devtools.send('Emulation.setTouchEmulationEnabled', { enabled: screen === 'phone' });
  await page.setViewportSize(SCREENS[screen].viewport);
  // Whoever watches sizes, as charts do, has seen the new one after two frames.
  await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
}

/** Fails with every violation that axe finds, of any impact, and when something is wider than the screen. */
async function expectAccessible(page: Page, what: string): Promise<void> {
  // No page of ours has frames, for which the other mode opens a window each time.
  const { violations } = await new AxeBuilder({ page }).setLegacyMode().analyze();
  const told = violations.map(({ id, help, nodes }) => `${id}: ${help}: ${nodes.map(({ html }) => html).join(' | ')}`);
  expect(told, what).toEqual([]);
  const overflow = await page.evaluate(
    () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
  );
  expect(overflow, `${what}: pixels that are wider than the screen`).toBeLessThanOrEqual(0);
}
