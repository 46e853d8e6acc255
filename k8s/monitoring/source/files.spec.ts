import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { FILES } from './files.js';

describe('the generated files of k8s/monitoring', () => {
  it.each(Object.keys(FILES))(
    '%s is what its source makes (refresh it with: npx vitest run --project unit k8s -u)',
    async (name) => {
      await expect(await FILES[name]!()).toMatchFileSnapshot(join(import.meta.dirname, '..', name));
    },
  );
});
