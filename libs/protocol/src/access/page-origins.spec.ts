import { describe, expect, it } from 'vitest';
import { anonymous } from '#core';
import { PageOrigins } from './page-origins.js';

const HOST = '127.0.0.1:51000';
const pages = new PageOrigins(['https://shop.example']);
const refused = { code: 'permission_denied' };

describe('PageOrigins', () => {
  it.each([
    ['a program, which names no origin', undefined, HOST],
    ['a page of the service itself', `http://${HOST}`, HOST],
    ['the same by IPv6', 'http://[::1]:51000', '[::1]:51000'],
    ['the same as localhost', 'http://localhost:51000', 'localhost:51000'],
    ['an allowed page', 'https://shop.example', HOST],
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
    expect(() => new PageOrigins(true).require(anonymous, headers)).not.toThrow();
  });
});
