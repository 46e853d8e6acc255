import { status } from '@grpc/grpc-js';
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { getMetadataArgsStorage } from 'typeorm';
import { describe, expect, it } from 'vitest';
import { ERROR_TABLE } from '#core';
import { ENTITIES } from '#database';
import { repositoryRoot, startServer } from '../support/server.js';
import { pages, readPage } from './support/markdown.js';

/** What the Python client and its documents call themselves. */
const NO_METRICS = ['clip_client', 'clip_server', 'clip_score', 'clip_score_cosine'];

/** A variable of the reader's own shell in the examples. */
const NO_SETTINGS = ['CAS_ADMIN_TOKEN'];

describe('the reference pages', () => {
  it('give every error code the statuses that it has', () => {
    const documented = Object.fromEntries(
      tableRows(readPage('docs/errors.md'))
        .filter(([code = '']) => code.startsWith('`'))
        .map(([code = '', ...statuses]) => [code.replaceAll('`', ''), statuses.slice(0, 4)]),
    );
    const real = Object.entries(ERROR_TABLE).map(([code, answer]) => [
      code,
      [`\`${status[answer.grpc]}\``, `${answer.http}`, `${answer.wsClose}`, answer.retryable ? 'yes' : 'no'],
    ]);
    expect(documented).toEqual(Object.fromEntries(real));
  });

  it('name every metric of ours, and none that does not exist', async () => {
    await using server = await startServer();
    const exposed = await (await fetch(server.ops('/metrics'))).text();
    const real = [...exposed.matchAll(/^# TYPE (clip_\w+)/gm)].map((match) => match[1]);
    const documented = [...readPage('docs/operations.md').matchAll(/^\| `(clip_\w+)`/gm)].map((match) => match[1]);
    expect(documented.sort()).toEqual(real.sort());
    const named = namesIn(/\bclip_[a-z_]+/g).filter((name) => !NO_METRICS.includes(name));
    expect(named.filter((name) => !real.includes(name.replace(/_(bucket|count|sum)$/, '')))).toEqual([]);
  });

  it('name every path of the inference API', async () => {
    await using server = await startServer();
    const { paths } = (await (await fetch(server.http('/openapi.json'))).json()) as { paths: Record<string, unknown> };
    const text = readPage('docs/http.md') + readPage('docs/compatible.md');
    const named = (path: string): boolean => text.includes(`${path.replace('{model}', 'MODEL')}\``);
    expect(Object.keys(paths).filter((path) => path !== '/' && !named(path))).toEqual([]);
  });

  it('name every method of clip.v1.Clip', () => {
    const calls = tableRows(readPage('docs/grpc.md')).map(([name]) => name);
    const proto = readFileSync(join(repositoryRoot, 'proto/clip/v1/clip.proto'), 'utf8');
    const methods = [...proto.matchAll(/^ *rpc (\w+)/gm)].map(([, name]) => `\`${name}\``);
    expect(methods.length).toBeGreaterThan(3);
    expect(methods.filter((name) => !calls.includes(name))).toEqual([]);
  });

  it('say of every table what is stored in it', () => {
    const [, stored = ''] = readPage('docs/database.md').split('## What is stored');
    const tables = getMetadataArgsStorage().tables.map(({ name }) => `\`${name}\``);
    expect(tables.length).toBe(ENTITIES.length);
    expect(tables.filter((name) => !stored.includes(name))).toEqual([]);
  });

  it('name every attribute of spans of our own, and none that does not exist', () => {
    const files = globSync('libs/*/src/**/*.ts', { cwd: repositoryRoot, exclude: ['**/*.spec.ts'] });
    const sources = files.map((file) => readFileSync(join(repositoryRoot, file), 'utf8')).join();
    const real = new Set([...sources.matchAll(/'(clip\.[a-z_.]+)':/g)].map(([, name]) => name));
    const documented = [...readPage('docs/observability.md').matchAll(/^\| `(clip\.[a-z_.]+)`/gm)].map(
      ([, name]) => name,
    );
    expect(documented.sort()).toEqual([...real].sort());
  });

  it('name no setting that nothing reads', () => {
    const files = globSync('{apps,libs,tools}/**/*.{ts,mjs}', { cwd: repositoryRoot, exclude: ['**/*.spec.ts'] });
    const read = [readPage('docs/configuration.md'), ...files.map((file) => readFileSync(join(repositoryRoot, file)))];
    const real = new Set(
      read.flatMap((text) => [...`${text}`.matchAll(/CAS_[A-Z\d_]*[A-Z\d]/g)].map(([name]) => name)),
    );
    const isReal = (name: string): boolean => real.has(name) || real.has(name.replace(/_FILE$/, ''));
    const named = namesIn(/\bCAS_[A-Z\d_]*[A-Z\d]/g, ['docs/configuration.md']);
    expect(named.filter((name) => !isReal(name) && !NO_SETTINGS.includes(name))).toEqual([]);
  });
});

/** Every match of `pattern` in the pages, once. */
function namesIn(pattern: RegExp, besides: readonly string[] = []): string[] {
  const read = pages().filter((page) => !besides.includes(page));
  return [...new Set(read.flatMap((page) => [...readPage(page).matchAll(pattern)].map(([name]) => name)))];
}

function tableRows(markdown: string): string[][] {
  const lines = markdown.split('\n').filter((line) => line.startsWith('|'));
  return lines.map((line) =>
    line
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );
}
