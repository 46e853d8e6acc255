import { describe, expect, it } from 'vitest';
import { SettingsError } from '#config';
import { listen } from './listen.js';

const binding = { host: '::', port: 51000, hostSetting: 'CAS_HOST', portSetting: 'CAS_PORT' };

function failingWith(code: string) {
  return { listen: () => Promise.reject(Object.assign(new Error(`listen ${code}`), { code })) };
}

describe('a port that cannot be opened', () => {
  it.each(['EADDRNOTAVAIL', 'EAFNOSUPPORT', 'EINVAL', 'ENOTFOUND'])('blames the address for %s', async (code) => {
    const opening = listen(failingWith(code), binding);
    await expect(opening).rejects.toThrow(SettingsError);
    await expect(opening).rejects.toThrow('CAS_HOST: :: is not an address of this machine.');
  });

  it.each(['EADDRINUSE', 'EACCES'])('blames the port for %s', async (code) => {
    await expect(listen(failingWith(code), binding)).rejects.toThrow('CAS_PORT: ');
  });

  it('leaves an error that no setting explains as it is', async () => {
    await expect(listen(failingWith('EMFILE'), binding)).rejects.toThrow('listen EMFILE');
  });
});
