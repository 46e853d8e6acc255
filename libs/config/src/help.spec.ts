import { describe, expect, it } from 'vitest';
import { helpText, manualPage } from './help.js';
import { environmentName, flagName } from './setting.js';
import { SETTINGS } from './settings.js';

describe('help', () => {
  it.each(Object.entries(SETTINGS))('lists %s with its names, default, meaning and what is allowed', (key, setting) => {
    const words = helpText().replace(/\s+/g, ' ');
    expect(words).toContain(`${flagName(key)}, ${environmentName(key)} [`);
    expect(words).toContain(`${setting.doc} Allowed: ${setting.kind.allowed}.`);
  });

  it('names no place of this machine', () => {
    expect(helpText()).not.toContain(process.cwd());
  });

  it('is what docs/configuration.md says (refresh it with: npx vitest run --project unit libs/config -u)', async () => {
    await expect(manualPage()).toMatchFileSnapshot('../../../docs/configuration.md');
  });
});
