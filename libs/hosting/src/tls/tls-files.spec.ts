import { readFileSync, rmSync, symlinkSync, renameSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ManualClock } from '#core';
import { SettingsError } from '#config';
import { makeServerCertificate, type ServerCertificate } from '../../../../test/support/certificates.js';
import { TlsFiles } from './tls-files.js';
import type { TlsPaths } from './tls-material.js';

const DAY_MS = 24 * 60 * 60 * 1000;

let certificate: ServerCertificate;
beforeEach(() => {
  certificate = makeServerCertificate();
});
afterEach(() => certificate.remove());

/** TlsFiles over `paths` (default: the certificate's files) and all that they tell. */
function watched(paths: TlsPaths = pathsOf(certificate), pollMs = 10_000) {
  const clock = new ManualClock();
  const told = { problems: [] as SettingsError[], expiring: [] as number[], certs: [] as string[] };
  const files = new TlsFiles(paths, {
    clock,
    pollMs,
    onProblem: (problem) => told.problems.push(problem),
    onExpiring: (notAfterMs) => told.expiring.push(notAfterMs),
  });
  files.onChange(({ cert }) => told.certs.push(cert));
  return { files, clock, told };
}

function pathsOf(files: ServerCertificate): TlsPaths {
  return { cert: files.certificateFile, key: files.keyFile };
}

function certNow(): string {
  return readFileSync(certificate.certificateFile, 'utf8');
}

describe('TlsFiles at the start', () => {
  it('gives the files as they are', () => {
    const { files } = watched({ ...pathsOf(certificate), clientCa: certificate.authorityFile });
    expect(files.material).toEqual({
      cert: certNow(),
      key: readFileSync(certificate.keyFile, 'utf8'),
      clientCa: certificate.authority,
    });
  });

  it('refuses a key of another certificate, and tells nothing of the key', () => {
    const other = makeServerCertificate();
    expect(() => watched({ cert: certificate.certificateFile, key: other.keyFile })).toThrow(
      /CAS_TLS_CERT and CAS_TLS_KEY cannot be used together \(key values mismatch\)/,
    );
    other.remove();
  });

  it('names every file that cannot be read at once', () => {
    const start = () => watched({ cert: '/nosuch/a.pem', key: '/nosuch/b.pem' });
    expect(start).toThrow(SettingsError);
    expect(start).toThrow(/CAS_TLS_CERT: \/nosuch\/a\.pem cannot be read \(ENOENT\)[^]*CAS_TLS_KEY: \/nosuch\/b\.pem/);
  });

  it.each([
    ['nothing', () => ''],
    ['half of a certificate', (pem: string) => pem.slice(0, pem.length / 2)],
    ['a whole certificate and half of another', (pem: string) => pem + pem.slice(0, pem.length / 2)],
    ['no certificate in the frame of one', () => '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n'],
  ])('refuses authorities of clients that are %s', (_what, written) => {
    const clientCa = join(dirname(certificate.keyFile), 'clients.pem');
    writeFileSync(clientCa, written(certificate.authority));
    expect(() => watched({ ...pathsOf(certificate), clientCa })).toThrow(/CAS_TLS_CLIENT_CA/);
  });
});

describe('TlsFiles that watch', () => {
  it('take up a new pair within ten seconds, once', () => {
    const { files, clock, told } = watched();
    files.start();
    certificate.renew();
    clock.advance(10_000);
    expect(told.certs).toEqual([certNow()]);
    expect(files.material.cert).toBe(certNow());
    clock.advance(60_000);
    expect(told.certs).toHaveLength(1);
    expect(told.problems).toHaveLength(0);
  });

  it('see through the symbolic links that Kubernetes swaps', () => {
    const folder = dirname(certificate.keyFile);
    const renewed = makeServerCertificate();
    symlinkSync(folder, join(folder, '..data'));
    const { files, told } = watched({
      cert: join(folder, '..data/certificate.pem'),
      key: join(folder, '..data/key.pem'),
    });
    symlinkSync(dirname(renewed.keyFile), join(folder, '..data_tmp'));
    renameSync(join(folder, '..data_tmp'), join(folder, '..data'));
    expect(files.reread()).toBe('changed');
    expect(told.certs).toEqual([readFileSync(renewed.certificateFile, 'utf8')]);
    renewed.remove();
  });

  it('keep the old pair while only one of the new files is there, tell it once, and take the pair when it is whole', () => {
    const { files, clock, told } = watched();
    files.start();
    const before = files.material;
    const oldKey = readFileSync(certificate.keyFile);
    certificate.renew();
    const newKey = readFileSync(certificate.keyFile);
    writeFileSync(certificate.keyFile, oldKey);
    clock.advance(60_000);
    expect(files.material).toBe(before);
    expect(told.problems).toHaveLength(1);
    expect(told.problems[0]?.message).not.toContain('PRIVATE');
    expect(files.reread()).toBe('refused');
    writeFileSync(certificate.keyFile, newKey);
    clock.advance(10_000);
    expect(told.certs).toEqual([certNow()]);
  });

  it.each([
    ['deleted', (path: string) => rmSync(path)],
    ['a folder', (path: string) => (rmSync(path), mkdirSync(path))],
    ['empty', (path: string) => writeFileSync(path, '')],
  ])('keep the old pair when a file is %s', (_what, breakFile) => {
    const { files, told } = watched();
    const before = files.material;
    breakFile(certificate.certificateFile);
    expect(files.reread()).toBe('refused');
    expect(files.material).toBe(before);
    expect(told.problems).toHaveLength(1);
  });

  it('say nothing when a broken file becomes again what is in use', () => {
    const { files, told } = watched();
    const cert = certNow();
    writeFileSync(certificate.certificateFile, 'x');
    files.reread();
    writeFileSync(certificate.certificateFile, cert);
    expect(files.reread()).toBe('unchanged');
    expect(told.certs).toHaveLength(0);
  });

  it('do not look any more once stopped, nor tell those who left', () => {
    const { files, clock, told } = watched();
    files.start();
    const left: string[] = [];
    files.onChange(({ cert }) => left.push(cert))();
    files.stop();
    certificate.renew();
    clock.advance(60_000);
    expect(told.certs).toHaveLength(0);
    files.reread();
    expect(told.certs).toHaveLength(1);
    expect(left).toHaveLength(0);
  });
});

describe('the end of a certificate', () => {
  it('is told at the start and once a day when it is near, and not when it is far', () => {
    const { files, clock, told } = watched(pathsOf(certificate), DAY_MS);
    clock.advance(files.notAfterMs - 20 * DAY_MS);
    files.start();
    expect(told.expiring).toHaveLength(0);
    clock.advance(7 * DAY_MS);
    expect(told.expiring).toEqual([files.notAfterMs]);
    clock.advance(DAY_MS);
    expect(told.expiring).toHaveLength(2);
  });
});
