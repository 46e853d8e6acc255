import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startServer, type RunningServer } from '../support/server.js';
import { TokenDesk } from '../support/tokens.js';
import { contractTools, pythonEnvironment } from './python-environments.js';

// Strangers' readers of OpenAPI against the documents of both ports: openapi-spec-validator says whether they are
// valid, and schemathesis makes requests from them, right ones and wrong ones, and compares the answers with them.

const run = promisify(execFile);

const RUN_WITHIN_MS = 3 * 60_000;

/**
 * Every check but one: that what fits a schema is never refused. No schema says which base64 is a picture, or who has
 * which e-mail address.
 */
const CHECKS = ['--checks', 'all', '--exclude-checks', 'positive_data_acceptance'];

/** Always the same requests, so that who changes nothing breaks nothing. */
const BOUNDS = ['--seed', '1', '--max-examples', '5', '--request-timeout', '20'];

/** What other routes do as well, by the same code; their kinds are covered there. */
const TWINS = '(WithoutV1|indexDocuments|searchDocuments|encodeDocuments|rankDocuments)';

/**
 * They lead to pages for people, which the schemathesis of Python 3.10 follows them to; test/e2e/openapi.spec.ts has
 * them.
 */
const REDIRECTS = '^/api/oidc/(start|callback)$';

let folder: string;
let missing = '';
let tools = '';
let desks: TokenDesk[] = [];
const servers: RunningServer[] = [];

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'cas-contract-'));
  const environment = await pythonEnvironment(contractTools);
  if ('missing' in environment) {
    missing = environment.missing;
    return;
  }
  tools = dirname(environment.python);
  desks = [await TokenDesk.open(), await TokenDesk.open()];
});

afterAll(async () => {
  for (const server of servers) await server.stop();
  for (const desk of desks) await desk[Symbol.asyncDispose]();
  rmSync(folder, { recursive: true, force: true });
});

async function started(app: 'server' | 'admin', desk: TokenDesk): Promise<RunningServer> {
  const server = await startServer({ app, env: { ...desk.env, CAS_AUTH: 'required' } });
  servers.push(server);
  return server;
}

/** What the tool wrote; rejects with it where it found something. */
async function tool(name: string, args: readonly string[]): Promise<string> {
  const env = { ...process.env, SCHEMATHESIS_HOOKS: '', NO_COLOR: '1' };
  const options = { cwd: folder, env, timeout: RUN_WITHIN_MS, maxBuffer: 64 * 1024 * 1024 };
  try {
    return (await run(join(tools, name), args, options)).stdout;
  } catch (err) {
    const { stdout = '', stderr = '' } = err as { stdout?: string; stderr?: string };
    throw new Error(`${name} found something.\n${stdout.slice(-6_000)}\n${stderr.slice(-2_000)}`, { cause: err });
  }
}

async function validate(url: string): Promise<void> {
  const file = join(folder, 'openapi.json');
  writeFileSync(file, await (await fetch(url)).text());
  expect(await tool('openapi-spec-validator', [file])).toContain('OK');
}

function schemathesis(url: string, token: string, ...rest: string[]): Promise<string> {
  return tool('schemathesis', ['run', url, '-H', `Authorization: Bearer ${token}`, ...CHECKS, ...BOUNDS, ...rest]);
}

/** How many operations a document has that lead to no other site. */
async function operationsAt(url: string): Promise<number> {
  const { paths } = (await (await fetch(url)).json()) as { paths: Record<string, object> };
  const methods = Object.entries(paths).filter(([path]) => !new RegExp(REDIRECTS).test(path));
  return methods.flatMap(([, item]) => Object.keys(item).filter((key) => key !== 'parameters')).length;
}

describe('the document of the inference port', () => {
  let url: string;
  let token: string;

  beforeAll(async () => {
    const [desk] = desks;
    if (!desk) return;
    ({ token } = await desk.create());
    url = (await started('server', desk)).http('/openapi.json');
  });

  it('is valid for openapi-spec-validator', async ({ skip }) => {
    skip(missing !== '', missing);
    await validate(url);
  });

  it('is kept by every route, for examples and for what is made of the schemas', async ({ skip }) => {
    skip(missing !== '', missing);
    expect(await schemathesis(url, token, '--phases', 'examples,fuzzing')).toContain(
      `Tested: ${await operationsAt(url)}\n`,
    );
  });

  it('is kept by each kind of route for every field at its bounds and past them', async ({ skip }) => {
    skip(missing !== '', missing);
    await schemathesis(url, token, '--phases', 'coverage', '--exclude-operation-id-regex', TWINS);
  });
});

describe('the document of the admin port', () => {
  let url: string;
  let token: string;

  beforeAll(async () => {
    const desk = desks[1];
    if (!desk) return;
    ({ token } = await desk.create({ scopes: ['admin:*'] }));
    // Alone it runs no models: whichever are asked for here are only written down.
    url = (await started('admin', desk)).admin('/openapi.json');
  });

  it('is valid for openapi-spec-validator', async ({ skip }) => {
    skip(missing !== '', missing);
    await validate(url);
  });

  it('is kept by every route', async ({ skip }) => {
    skip(missing !== '', missing);
    const phases = ['--phases', 'examples,coverage,fuzzing', '--exclude-path-regex', REDIRECTS];
    expect(await schemathesis(url, token, ...phases)).toContain(`Tested: ${await operationsAt(url)}\n`);
  });
});
