import { describe, expect, it } from 'vitest';
import { anonymous, KnownHosts } from '#core';
import { PageOrigins } from './page-origins.js';

const HOST = '127.0.0.1:51000';
const pages = new PageOrigins({ allowed: ['https://shop.example'] });
const refused = { code: 'permission_denied' };

describe('PageOrigins', () => {
  it.each([
    ['a program, which names no origin', undefined, HOST],
    ['a page of the service itself', `http://${HOST}`, HOST],
    ['the same by IPv6', 'http://[::1]:51000', '[::1]:51000'],
    ['the same as localhost', 'http://localhost:51000', 'localhost:51000'],
    ['an allowed page', 'https://shop.example', HOST],
    ['a page of its own under a name that nobody else can own', 'http://clip:51000', 'clip:51000'],
  ])('lets %s do without a token', (_who, origin, host) => {
    expect(() => pages.require(anonymous, { host, ...(origin === undefined ? {} : { origin }) })).not.toThrow();
  });

  it.each([
    ['another page', 'https://evil.example', HOST],
    ['a page of another port', 'http://127.0.0.1:8080', HOST],
    ['a page without an origin', 'null', HOST],
    ['a page whose name leads here for a moment', 'http://evil.example:51000', 'evil.example:51000'],
  ])('refuses %s', (_who, origin, host) => {
    expect(() => pages.require(anonymous, { origin, host })).toThrow(expect.objectContaining(refused));
  });

  it('leaves who has a token alone, and lets every page in where the operator says so', () => {
    const headers = { origin: 'https://evil.example', host: HOST };
    expect(() => pages.require({ ...anonymous, id: 'token-1' }, headers)).not.toThrow();
    expect(() => new PageOrigins({ allowed: true }).require(anonymous, headers)).not.toThrow();
  });

  it('answers only known names to who has no token, where that is asked for', () => {
    const known = new PageOrigins({ hosts: new KnownHosts(['clip.example.com']), hostsOnly: true });
    for (const host of [HOST, 'localhost:51000', 'clip.example.com', undefined]) {
      expect(() => known.require(anonymous, host === undefined ? {} : { host })).not.toThrow();
    }
    expect(() => known.require(anonymous, { host: 'evil.example' })).toThrow(expect.objectContaining(refused));
    expect(() => known.requireHost({ host: 'evil.example' })).toThrow(expect.objectContaining(refused));
    expect(() => known.require({ ...anonymous, id: 'token-1' }, { host: 'evil.example' })).not.toThrow();
    expect(() => pages.require(anonymous, { host: 'evil.example' })).not.toThrow();
  });

  it('takes the pages of a name that the operator has named for its own', () => {
    const named = new PageOrigins({ hosts: new KnownHosts(['clip.example.com']) });
    const page = { origin: 'https://clip.example.com', host: 'clip.example.com' };
    expect(() => named.require(anonymous, page)).not.toThrow();
  });
});
