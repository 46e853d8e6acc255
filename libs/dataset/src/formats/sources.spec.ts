import { join } from 'node:path';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { SourceFolder, tarOf } from '../testing/source-folder.js';
import { openSource } from './open-source.js';

const bytes = (count: number): Uint8Array => new Uint8Array(count).fill(1);

describe('a folder', () => {
  it('gives its pictures and texts, folders below it too, in the order of their names and named by their paths', async () => {
    const files = {
      'b.txt': 'a dog\n',
      'a/2.png': bytes(2),
      'a/10.jpg': bytes(10),
      'notes.md': '#',
      '.hidden.jpg': bytes(1),
    };
    using source = new SourceFolder(files);

    expect(await source.rows()).toEqual([
      ['a/10.jpg', 10],
      ['a/2.png', 2],
      ['b.txt', 'a dog'],
    ]);
    expect(await source.rows({ only: 'texts' })).toEqual([['b.txt', 'a dog']]);
  });

  it('gives what cannot be encoded as bad rows', async () => {
    using source = new SourceFolder({ 'a.txt': ' \n', 'b.png': '', 'c.txt': Uint8Array.of(0xff, 0xfe) });

    expect(await source.rows()).toEqual([
      ['a.txt', 'The text is empty.'],
      ['b.png', 'The picture has no bytes.'],
      ['c.txt', 'The text is not UTF-8.'],
    ]);
  });
});

describe('a tar', () => {
  it('joins members that share the name up to its first dot, as webdataset does', async () => {
    const members = [
      ['./a.b/cat.jpg', bytes(3)],
      ['./a.b/cat.txt', 'a cat'],
      ['a.b/dog.TXT', 'a dog'],
      ['__notes__/all.txt', 'no sample'],
    ] as const;
    using source = new SourceFolder({ '0.tar': await tarOf(members) });

    expect(await source.rows()).toEqual([
      ['a.b/cat', 3],
      ['a.b/dog', 'a dog'],
    ]);
    expect(await source.rows({ textField: 'txt' })).toEqual([
      ['a.b/cat', 'a cat'],
      ['a.b/dog', 'a dog'],
    ]);
    expect(await source.rows({ imageField: 'jpg' })).toEqual([
      ['a.b/cat', 3],
      ['a.b/dog', 'The sample has no jpg.'],
    ]);
  });

  it('says so when a key with a dot joins two pictures, and takes the one that is named', async () => {
    const tar = await tarOf([
      ['cat.v1.jpg', bytes(1)],
      ['cat.v2.jpg', bytes(2)],
    ]);
    using source = new SourceFolder({ '0.tar.gz': gzipSync(tar) });

    expect(await source.rows()).toEqual([['cat', expect.stringMatching(/several pictures \(v1\.jpg, v2\.jpg\)/)]]);
    expect(await source.rows({ imageField: 'v2.jpg' })).toEqual([['cat', 2]]);
  });

  it('that ends early fails with its name', async () => {
    const tar = await tarOf([['cat.jpg', bytes(5_000)]]);
    using source = new SourceFolder({ '0.tar': tar.subarray(0, 3_000) });

    await expect(source.rows()).rejects.toThrow(/0\.tar is not a whole tar file/);
  });
});

describe('JSON Lines', () => {
  it('gives a row a line, and a bad row for a line that is no object', async () => {
    const lines = ['{"uid": 1, "caption": "a cat"}', '', '{"uid": 2', '[1]', '{"uid": 3}', '{"caption": "no id"}'];
    using source = new SourceFolder({ 'rows.jsonl': `\ufeff${lines.join('\r\n')}` });

    expect(await source.rows({ idField: 'uid' })).toEqual([
      ['1', 'a cat'],
      ['rows.jsonl:1', 'The line is not a JSON object.'],
      ['rows.jsonl:2', 'The line is not a JSON object.'],
      ['3', 'The field has no value.'],
      ['rows.jsonl:4', 'The field uid names no row.'],
    ]);
  });

  it('reads pictures as data and by paths below the source, and fetches no address', async () => {
    const data = Buffer.from(bytes(4)).toString('base64');
    const values = [
      `data:image/png;base64,${data}`,
      { bytes: data },
      'sub/cat.jpg',
      '../cat.jpg',
      'https://example.com/a.jpg',
    ];
    const lines = values.map((image) => JSON.stringify({ image })).join('\n');
    using source = new SourceFolder({ 'a/rows.jsonl.zst': zstdCompressSync(lines), 'a/sub/cat.jpg': bytes(7) });
    source.write('cat.jpg', bytes(8));

    expect((await source.rows({ format: 'jsonl' })).map(([, value]) => value)).toEqual([
      ...[4, 4, 7, 8],
      expect.stringMatching(/with --fetch only/),
    ]);
  });

  it('never leads out of the source', async () => {
    using source = new SourceFolder({ 'rows.jsonl': '{"image": "../secret.jpg"}\n{"image": "/etc/hosts"}' });

    expect((await source.rows()).map(([, value]) => value)).toEqual(Array(2).fill('The path leads out of the source.'));
  });
});

describe('CSV', () => {
  it('reads quotes, tabs and a byte order mark, and lists records of another length as bad', async () => {
    using source = new SourceFolder({ 'rows.csv': '\ufeffid,text\n1,"a ""cat"",\nthere"\n2\n3,a dog,more\n,x\n' });

    expect(await source.rows({ idField: 'id' })).toEqual([
      ['1', 'a "cat",\nthere'],
      ['rows.csv:1', 'The record has 1 fields, and the first line names 2.'],
      ['rows.csv:2', 'The record has 3 fields, and the first line names 2.'],
      ['rows.csv:3', 'The id is empty.'],
    ]);
    using tabs = new SourceFolder({ 'rows.tsv': 'a\ttitle\n1\ta cat, a dog\n' });
    expect(await tabs.rows()).toEqual([['rows.tsv:0', 'a cat, a dog']]);
  });

  it('says which columns there are when none is named and none has a usual name', async () => {
    using source = new SourceFolder({ 'rows.csv': 'a,b\n1,2\n' });

    await expect(source.rows()).rejects.toThrow('Name it with --image-field or --text-field. There are: a, b.');
    await expect(source.rows({ textField: 'c' })).rejects.toThrow('There is no column "c". There are: a, b.');
  });
});

describe('a source', () => {
  it('that is one text file has a row a line', async () => {
    using source = new SourceFolder({ 'texts.txt': 'a cat\n\na dog' });

    expect(await source.rows()).toEqual([
      ['texts.txt:0', 'a cat'],
      ['texts.txt:1', 'a dog'],
    ]);
  });

  it.each([
    ['of several formats', { 'a.csv': 'text\n', 'b.jsonl': '' }, /several kinds of files \(csv, jsonl\).*--format/],
    ['with nothing to encode', { 'a.md': '' }, /nothing that can be encoded/],
  ])('%s is refused with what to do', async (_, files, said) => {
    using source = new SourceFolder(files);

    await expect(source.rows()).rejects.toThrow(said);
  });

  it('that is not there is not found', async () => {
    using source = new SourceFolder();

    await expect(openSource({ source: join(source.folder, 'none') })).rejects.toMatchObject({ code: 'not_found' });
  });
});
