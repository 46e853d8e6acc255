import { expect, it } from 'vitest';
import { loadSettings, redactedSettings } from './load-settings.js';

it('names every setting and no secret', () => {
  const env = { CAS_DATABASE_URL: 'postgres://cas:hunter22@db/cas', CAS_PORT: '1234' };
  const shown = redactedSettings(loadSettings([], env, '/nowhere'));
  expect(shown).toMatchObject({ CAS_PORT: 1234, CAS_DATABASE_URL: '(set)', CAS_OIDC_CLIENT_SECRET: null });
  expect(JSON.stringify(shown)).not.toContain('hunter22');
});
