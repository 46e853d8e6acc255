import { describe, expect, it } from 'vitest';
import { readFlow } from './read-flow.js';

const read = (text: string) => readFlow(Buffer.from(text));
const refusal = (why: RegExp) =>
  expect.objectContaining({ code: 'invalid_argument', message: expect.stringMatching(why) as string });

/** References that double level by level. */
function bomb(levels: number): string {
  const lines = Array.from(
    { length: levels },
    (_, at) => `a${at + 1}: &a${at + 1} [${Array(9).fill(`*a${at}`).join(', ')}]`,
  );
  return ['executors: []', 'a0: &a0 [x, x, x]', ...lines].join('\n');
}

describe('readFlow', () => {
  it('reads by the rules of YAML 1.1, with merged keys', () => {
    const flow = read('base: &base {replicas: 2}\nwith: {cors: yes, port: 51_000}\nexecutors: [{<<: *base, name: a}]');
    expect(flow).toMatchObject({ with: { cors: true, port: 51000 }, executors: [{ replicas: 2, name: 'a' }] });
  });

  it('takes a tag for the type, as older Flows write it', () => {
    const flow = read(
      "!Flow\nversion: '1'\nexecutors:\n  - uses: !CLIPEncoder\n      with: {name: RN50}\n  - uses: !CLIPEncoder",
    );
    expect(flow).toMatchObject({
      jtype: 'Flow',
      executors: [{ uses: { jtype: 'CLIPEncoder', with: { name: 'RN50' } } }, { uses: 'CLIPEncoder' }],
    });
  });

  it.each([
    ['nothing', '', /empty/],
    ['only comments', '# nothing', /no map|empty/],
    ['a list', '- a', /no map/],
    ['a text', 'hello', /no map/],
    ['no Flow', 'services: {web: {}}', /none of the keys/],
    ['a Deployment', 'jtype: Deployment\nwith: {}', /Deployment/],
    ['several documents', 'executors: []\n---\nexecutors: []', /several documents/],
    ['broken YAML', 'executors: [', /./],
    ['a key twice', 'with: {}\nwith: {}', /unique/],
    ['a tag that makes code', 'executors: !!js/function "function () {}"', /tag .*js\/function/],
    ['a tag that makes a Python object', 'with: !!python/object/apply:os.system [ls]', /tag .*python/],
    ['an unknown reference', 'executors: *nowhere', /./],
    ['an alias bomb', bomb(8), /alias/i],
    ['a small alias bomb', bomb(3), /alias/i],
    ['a circle of references', 'executors: &a [*a]', /itself/],
    ['a deep nest', `executors: ${'['.repeat(50_000)}`, /nested|./],
    ['a deep nest that is closed', `executors: ${'['.repeat(50_000)}${']'.repeat(50_000)}`, /nested/],
    ['more than any Flow holds', `executors: [${'a, '.repeat(200_000)}]`, /bytes/],
  ])('refuses %s, in a sentence', (_name, text, why) => {
    expect(() => read(text)).toThrow(refusal(why));
  });

  it('refuses bytes that are no text', () => {
    expect(() => readFlow(Buffer.from([0xff, 0xfe, 0x00, 0x80]))).toThrow(refusal(/UTF-8/));
  });

  it('gives no object another prototype', () => {
    const flow = read('with: {__proto__: {polluted: true}, constructor: {prototype: {polluted: true}}}');
    expect(Object.getPrototypeOf(flow['with'])).toBe(Object.prototype);
    expect('polluted' in {}).toBe(false);
  });
});
