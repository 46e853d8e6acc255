import { HttpException } from '@nestjs/common';
import { describe, expect, it } from 'vitest';
import { domainErrorOf } from './http-failure.js';

describe('domainErrorOf', () => {
  it.each([
    [403, 'not_found'], // a path that leads out of the folder of the documentation
    [404, 'not_found'],
    [413, 'request_too_large'],
  ])("takes a framework's %i for the caller's mistake and repeats nothing of it", (status, code) => {
    const error = domainErrorOf(new HttpException('/docs/../planted', status));
    expect(error.code).toBe(code);
    expect(error.message).not.toContain('planted');
  });

  it('tells nothing of what nobody foresaw', () => {
    expect(domainErrorOf(new Error('planted'))).toMatchObject({ code: 'internal' });
    expect(domainErrorOf(new Error('planted')).message).not.toContain('planted');
  });
});
