import { describe, expect, it } from 'vitest';
import { bytesFormat, jsonFormat } from './frames.js';

describe('jsonFormat', () => {
  it.each(['{}', ' { } ', '{\n}'])('takes %j for the end of the input', (text) => {
    expect(jsonFormat.isEnd(Buffer.from(text))).toBe(true);
  });

  it.each(['{"data":[]}', '[]', '', `{${' '.repeat(20)}}`])('takes %j for no end', (text) => {
    expect(jsonFormat.isEnd(Buffer.from(text))).toBe(false);
  });

  it('reads a request and refuses what is no JSON', async () => {
    const request = await jsonFormat.decode(Buffer.from('{"data":[{"text":"a"}],"execEndpoint":"/encode"}'), 0);
    expect(request.count).toBe(1);
    await expect(jsonFormat.decode(Buffer.from('{'), 0)).rejects.toMatchObject({ code: 'invalid_argument' });
  });

  it('refuses what is not UTF-8 and says at which byte', async () => {
    const latin1 = Buffer.from('{"data":[{"text":"caf\xe9"}]}', 'latin1');
    await expect(jsonFormat.decode(latin1, 0)).rejects.toThrow('byte 21 ');
  });

  it('keeps a key named __proto__ from reaching any prototype', async () => {
    await jsonFormat.decode(Buffer.from('{"data":[],"parameters":{"__proto__":{"polluted":1}}}'), 0);
    expect(Reflect.get({}, 'polluted')).toBeUndefined();
  });
});

describe('bytesFormat', () => {
  it('takes one byte of any value for the end, and an empty frame for none', () => {
    expect([Buffer.of(0), Buffer.of(9), Buffer.of(), Buffer.of(0, 0)].map(bytesFormat.isEnd)).toEqual([
      true,
      true,
      false,
      false,
    ]);
  });

  it('throws on bytes that are no request', async () => {
    await expect(bytesFormat.decode(Buffer.from([0xff, 0xff, 0xff]), 0)).rejects.toThrow('cannot be decoded');
  });
});
