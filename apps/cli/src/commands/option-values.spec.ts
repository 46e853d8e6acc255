import { describe, expect, it } from 'vitest';
import {
  auditHead,
  collected,
  duration,
  instant,
  lastInstant,
  wholeNumber,
  wholeNumberOrNone,
} from './option-values.js';

describe('option values', () => {
  it.each(['0', '-1', '1.5', '1e3', '', ' 1', 'many', '99999999999999999999'])('takes no count from %j', (text) => {
    expect(() => wholeNumber(text)).toThrow('whole number');
  });

  it('takes a count, and none where a limit can go', () => {
    expect([wholeNumber('30'), wholeNumberOrNone('30'), wholeNumberOrNone('none')]).toEqual([30, 30, 'none']);
  });

  it('collects what is repeated and what has commas', () => {
    expect(collected('c, d,', collected('a,b'))).toEqual(['a', 'b', 'c', 'd']);
    expect(() => collected(' , ')).toThrow('needs a value');
  });

  it.each([
    ['0', 0],
    ['90s', 90_000],
    ['30m', 1_800_000],
    ['24h', 86_400_000],
    ['7d', 604_800_000],
  ])('reads %s as a duration', (text, ms) => {
    expect(duration(text)).toBe(ms);
  });

  it.each(['', '24', 'h', '1.5h', '-1h', '1w', '1 h'])('reads no duration from %j', (text) => {
    expect(() => duration(text)).toThrow('such as 30m');
  });

  it.each([
    ['2026-01-31', '2026-01-31T00:00:00.000Z'],
    ['2026-01-31T09:30', '2026-01-31T09:30:00.000Z'],
    ['2026-01-31T09:30:05Z', '2026-01-31T09:30:05.000Z'],
    ['2026-01-31T09:30:00+02:00', '2026-01-31T07:30:00.000Z'],
  ])('reads %s in UTC unless it names a zone', (text, iso) => {
    expect(new Date(instant(text)).toISOString()).toBe(iso);
  });

  it.each([
    ['2026-01-31', '2026-01-31T23:59:59.999Z'],
    ['2026-01-31T09:30:00+02:00', '2026-01-31T07:30:00.000Z'],
  ])('ends a span that goes to %s with the whole of it', (text, iso) => {
    expect(new Date(lastInstant(text)).toISOString()).toBe(iso);
    expect(() => lastInstant('January')).toThrow('such as 2026-01-31');
  });

  it.each(['', 'yesterday', '31.01.2026', '2026-13-01', '5'])('reads no time from %j', (text) => {
    expect(() => instant(text)).toThrow('such as 2026-01-31');
  });

  it('reads the head of a trail', () => {
    const hash = 'ab'.repeat(32);
    expect(auditHead(`12:${hash.toUpperCase()}`)).toEqual({ seq: 12, hash });
    expect(() => auditHead('12:ab')).toThrow('64 hexadecimal digits');
  });
});
