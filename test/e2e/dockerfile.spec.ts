import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { repositoryRoot } from '../support/server.js';

const read = (file: string): string => readFileSync(join(repositoryRoot, file), 'utf8');
const dockerfile = read('Dockerfile');
const lock = JSON.parse(read('package-lock.json')) as { packages: Record<string, { version: string }> };
const versionOf = (name: string): string | undefined => lock.packages[`node_modules/${name}`]?.version;

describe('the Dockerfile', () => {
  it('begins with the Node that package-lock.json names, by an exact tag', () => {
    expect(/^ARG BASE=(.*)$/m.exec(dockerfile)?.[1]).toBe(`docker.io/library/node:${versionOf('node')}-trixie-slim`);
    expect([...dockerfile.matchAll(/^FROM (\S+)/gm)].map(([, from]) => from)).toEqual([
      ...['${BASE}', '${BASE}', '${BASE}', 'scratch', 'service', 'service'],
    ]);
  });

  it('names the version of the service', () => {
    const { version } = JSON.parse(read('package.json')) as { version: string };
    expect(dockerfile).toContain(`org.opencontainers.image.version="${version}"`);
    expect(dockerfile).toContain(`clip-as-service:${version}-cuda`);
  });

  it('runs as a numeric user that is not root, without a shell and without a health check of its own', () => {
    expect(dockerfile).toMatch(/^USER 65532:65532$/m);
    expect(dockerfile).toMatch(/^ENTRYPOINT \["/m);
    expect(dockerfile).not.toMatch(/^HEALTHCHECK/m);
  });

  it('takes providers of the very version of onnxruntime-node, and every wheel by its hash', () => {
    expect(read('tools/image/onnxruntime-requirements.txt')).toContain(
      `onnxruntime-gpu==${versionOf('onnxruntime-node')} --hash=sha256:`,
    );
    const wheels = read('tools/image/cuda-requirements.txt')
      .split('\n')
      .filter((line) => /^[a-z]/.test(line));
    expect(wheels.length).toBeGreaterThan(0);
    for (const wheel of wheels) expect(wheel).toMatch(/^[a-z0-9-]+==[0-9.]+ --hash=sha256:[0-9a-f]{64}$/);
  });
});
