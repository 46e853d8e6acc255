import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { pack } from 'tar-stream';
import { openSource } from '../formats/open-source.js';
import type { SourceRow } from '../rows/source-row.js';

/** A folder with files of a source, and room for an output. */
export class SourceFolder implements Disposable {
  readonly folder = mkdtempSync(join(tmpdir(), 'cas-dataset-'));
  readonly out = join(this.folder, 'out');

  constructor(files: Readonly<Record<string, string | Uint8Array>> = {}) {
    for (const [name, content] of Object.entries(files)) this.write(name, content);
  }

  get source(): string {
    return join(this.folder, 'in');
  }

  write(name: string, content: string | Uint8Array): void {
    const path = join(this.source, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, content);
  }

  /** The rows of the source as `[id, text, number of bytes, or why it is bad]`. */
  async rows(options: Omit<Parameters<typeof openSource>[0], 'source'> = {}): Promise<[string, unknown][]> {
    const { tables, close } = await openSource({ source: this.source, ...options });
    const rows: [string, unknown][] = [];
    for (const table of tables) for await (const row of table.rows(() => true)) rows.push([row.id, shown(row)]);
    await close();
    return rows;
  }

  /** What all files of an output say whose names begin with `prefix`, a JSON value a line. */
  lines<T>(prefix: string): T[] {
    const names = readdirSync(this.out).filter((name) => name.startsWith(prefix) && name.endsWith('.jsonl'));
    const texts = names.sort().map((name) => readFileSync(join(this.out, name), 'utf8'));
    return texts.flatMap((text) => text.split('\n').slice(0, -1)).map((line) => JSON.parse(line) as T);
  }

  [Symbol.dispose](): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}

function shown({ content }: SourceRow): unknown {
  if ('error' in content) return content.error.message;
  if (content.item.kind === 'text') return content.item.text;
  return content.item.kind === 'image' ? content.item.bytes.length : undefined;
}

/** A tar with these members in this order. */
export async function tarOf(members: readonly (readonly [string, string | Uint8Array])[]): Promise<Buffer> {
  const tar = pack();
  for (const [name, content] of members) tar.entry({ name }, content);
  tar.finalize();
  const pieces: Uint8Array[] = [];
  for await (const piece of tar) if (piece instanceof Uint8Array) pieces.push(piece);
  return Buffer.concat(pieces);
}
