import { spawn } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { repositoryRoot } from '../support/server.js';

const FOLDER = join(import.meta.dirname, 'scenarios');
const FIXTURES = join(repositoryRoot, 'test/fixtures');
const MODEL = 'mini-clip';
const RUN_WITHIN_MS = 5 * 60_000;
const STDERR_CHARS_KEPT = 4_000;

/**
 * A scenario as its Python source declares it; known without running Python, so that a skipped test still has its name.
 */
export interface Scenario {
  name: string;
  protocols: readonly string[];
  slow: boolean;
}

export interface Outcome {
  ok: boolean;
  detail: string;
}

/** What one Python process reported. */
export interface ScenarioRun {
  versions: Record<string, string>;
  outcomes: ReadonlyMap<string, Outcome>;
  /** The end of its stderr, for scenarios that never reported. */
  stderr: string;
}

export interface ScenarioOptions {
  python: string;
  /** `grpc://…`, `https://…`, `ws://…` */
  url: string;
  slow: boolean;
  /** PEM file of the authority that the client has to trust. */
  authorityFile?: string;
  /** What the user has put into CLIP_AUTH_TOKEN. */
  token?: string;
}

/** Every `@scenario('name', protocols=(…), slow=True)` of `scenarios/*.py`. */
export function declaredScenarios(): Scenario[] {
  const sources = readdirSync(FOLDER).filter((name) => name.endsWith('.py'));
  return sources.sort().flatMap((name) => scenariosOf(readFileSync(join(FOLDER, name), 'utf8')));
}

function scenariosOf(source: string): Scenario[] {
  const declarations = source.matchAll(/^@scenario\((?:'([^']+)'|"([^"]+)")(.*)\)$/gm);
  return [...declarations].map(([, single, double, options = '']) => ({
    name: single ?? double ?? '',
    protocols: [
      ...(/protocols=\(([^)]*)\)/.exec(options)?.[1] ?? "'grpc','http','websocket'").matchAll(/'(\w+)'/g),
    ].map(([, protocol = '']) => protocol),
    slow: options.includes('slow=True'),
  }));
}

/** Runs all scenarios in one Python process: importing jina costs more than most of them. */
export function runScenarios(options: ScenarioOptions): Promise<ScenarioRun> {
  const child = spawn(options.python, commandLine(options), {
    env: environment(options),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const timer = setTimeout(() => child.kill('SIGKILL'), RUN_WITHIN_MS);
  const outcomes = new Map<string, Outcome>();
  let versions: Record<string, string> = {};
  let stderr = '';
  createInterface({ input: child.stdout }).on('line', (line) => {
    const { name, ok, detail, ...rest } = JSON.parse(line) as { name?: string } & Outcome & Record<string, string>;
    if (name === undefined) versions = rest;
    else outcomes.set(name, { ok, detail });
  });
  child.stderr.on('data', (chunk: Buffer) => {
    stderr = (stderr + chunk.toString()).slice(-STDERR_CHARS_KEPT);
  });
  return new Promise((settle, reject) => {
    child.once('error', reject);
    child.once('close', () => {
      clearTimeout(timer);
      settle({ versions, outcomes, stderr });
    });
  });
}

function commandLine(options: ScenarioOptions): string[] {
  const model = ['--model', MODEL, '--logit-scale', String(logitScale())];
  return [join(FOLDER, 'run.py'), options.url, '--fixtures', FIXTURES, ...model, ...(options.slow ? ['--slow'] : [])];
}

function logitScale(): number {
  const file = readFileSync(join(repositoryRoot, 'models', MODEL, 'config.json'), 'utf8');
  const config = JSON.parse(file) as { logit_scale: number };
  return config.logit_scale;
}

function environment(options: ScenarioOptions): NodeJS.ProcessEnv {
  const trust = options.authorityFile
    ? // grpcio reads the first, aiohttp (through OpenSSL) the second.
      { GRPC_DEFAULT_SSL_ROOTS_FILE_PATH: options.authorityFile, SSL_CERT_FILE: options.authorityFile }
    : {};
  // Set or unset by the test alone, never by the machine.
  const credential = { CLIP_AUTH_TOKEN: options.token };
  return { ...process.env, ...credential, PYTHONDONTWRITEBYTECODE: '1', PYTHONUNBUFFERED: '1', ...trust };
}
