import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { chromium, type Browser } from 'playwright-core';

/** What the system's Chromium may be called. */
const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];

/** Starts the system's Chromium without a window; rejects, saying what to install, where there is none. */
export function launchChromium(): Promise<Browser> {
  const asRoot = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
  return chromium.launch({ executablePath: pathOfChromium(), args: [...asRoot, '--disable-gpu'] });
}

function pathOfChromium(): string {
  const given = process.env['CAS_TEST_CHROMIUM'];
  if (given !== undefined && given !== '') return given;
  const folders = (process.env['PATH'] ?? '').split(delimiter);
  const found = NAMES.flatMap((name) => folders.map((folder) => join(folder, name))).find((path) => existsSync(path));
  if (found === undefined)
    throw new Error('The browser tests need Chromium: the package chromium, or CAS_TEST_CHROMIUM.');
  return found;
}
