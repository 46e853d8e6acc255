import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import { repositoryRoot } from '../support/server.js';

const run = promisify(execFile);

const CACHE = join(repositoryRoot, '.cache/interop');
const INSTALL_WITHIN_MS = 10 * 60_000;
const OUTPUT_BYTES_MAX = 64 * 1024 * 1024;
// clip_client imports pkg_resources, which setuptools 70 and later no longer carry for everyone.
const BUILD_TOOLS = ['setuptools==69.5.1', 'wheel==0.48.0'];

/** Packages that a suite drives the server with, and the exact versions that work together for each Python. */
export interface PythonPackages {
  name: string;
  /** Requirements files of this folder by Python version, the preferred one first. */
  locks: readonly { python: string; file: string }[];
}

/** clip-client 0.8.3 on the jina of its day, and on the newest. */
export const clientReleases: readonly PythonPackages[] = [
  {
    name: 'jina 3.23',
    locks: [
      { python: '3.10', file: 'requirements-jina-3.23.txt' },
      { python: '3.11', file: 'requirements-jina-3.23-python-3.11.txt' },
      { python: '3.12', file: 'requirements-jina-3.23-python-3.12.txt' },
    ],
  },
  {
    // With pydantic 1: docarray 0.21 under pydantic 2 refuses its own documents over HTTP, before it sends any.
    name: 'jina 3.34',
    locks: [
      { python: '3.11', file: 'requirements-jina-latest.txt' },
      { python: '3.10', file: 'requirements-jina-latest.txt' },
      { python: '3.12', file: 'requirements-jina-latest.txt' },
    ],
  },
];

/** What reads the OpenAPI documents and makes requests from them. Its newer versions need Python 3.11. */
export const contractTools: PythonPackages = {
  name: 'schemathesis',
  locks: [
    { python: '3.11', file: 'requirements-schemathesis.txt' },
    { python: '3.12', file: 'requirements-schemathesis.txt' },
    { python: '3.10', file: 'requirements-schemathesis-python-3.10.txt' },
  ],
};

/** What writes and reads data sets: pyarrow, numpy, DuckDB, webdataset. */
export const datasetTools: PythonPackages = {
  name: 'pyarrow',
  locks: [
    { python: '3.11', file: 'requirements-dataset.txt' },
    { python: '3.12', file: 'requirements-dataset.txt' },
  ],
};

/** A Python that can import the packages, or why there is none. */
export type PythonEnvironment = { python: string } | { missing: string };

const environments = new Map<PythonPackages, Promise<PythonEnvironment>>();

/**
 * The environment of a release: the first lock whose Python this machine has, installed once into `.cache/interop`.
 * A machine without Python or without a package index answers `missing`; with `CI` set that is an error instead.
 */
export function pythonEnvironment(release: PythonPackages): Promise<PythonEnvironment> {
  const known = environments.get(release) ?? environmentOrThrow(release);
  environments.set(release, known);
  return known;
}

async function environmentOrThrow(release: PythonPackages): Promise<PythonEnvironment> {
  const environment = await findOrMake(release);
  if (!('missing' in environment)) return environment;
  if (isContinuousIntegration()) throw new Error(environment.missing);
  process.stderr.write(`${environment.missing}\n`);
  return environment;
}

async function findOrMake(release: PythonPackages): Promise<PythonEnvironment> {
  for (const lock of release.locks) {
    const python = await findPython(lock.python);
    if (python) return installed(python, lock);
  }
  const wanted = release.locks.map((lock) => lock.python).join(', ');
  return { missing: `Nothing was tested with ${release.name}: no Python ${wanted} was found on this machine.` };
}

async function installed(python: string, lock: { python: string; file: string }): Promise<PythonEnvironment> {
  const requirements = join(import.meta.dirname, lock.file);
  const folder = join(CACHE, fingerprint(lock.python, readFileSync(requirements)));
  const environment = { python: join(folder, process.platform === 'win32' ? 'Scripts/python.exe' : 'bin/python') };
  const done = join(folder, 'installed');
  if (existsSync(done)) return environment;
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(CACHE, { recursive: true });
  try {
    await call(python, ['-m', 'venv', folder]);
    await pip(environment.python, BUILD_TOOLS);
    // Exact locks: nothing to resolve. Their few source packages build with the tools that are there already.
    await pip(environment.python, ['--no-deps', '--no-build-isolation', '--no-compile', '-r', requirements]);
  } catch (err) {
    return { missing: `Nothing was tested with ${lock.file}: it could not be installed. ${reasonOf(err)}` };
  }
  writeFileSync(done, '');
  return environment;
}

/** The first interpreter of that minor version: on the PATH, or among pyenv's (whose shims may refuse to run). */
async function findPython(version: string): Promise<string | undefined> {
  for (const candidate of [`python${version}`, ...pyenvPythons(version), 'python3', 'python']) {
    if ((await versionOf(candidate)) === version) return candidate;
  }
  return undefined;
}

function pyenvPythons(version: string): string[] {
  const versions = join(process.env['PYENV_ROOT'] ?? join(homedir(), '.pyenv'), 'versions');
  if (!existsSync(versions)) return [];
  const matching = readdirSync(versions).filter((name) => name.startsWith(`${version}.`));
  return matching.map((name) => join(versions, name, 'bin/python'));
}

async function versionOf(python: string): Promise<string | undefined> {
  // venv and ensurepip are apart on some distributions.
  const program = 'import ensurepip, sys, venv; print("%d.%d" % sys.version_info[:2])';
  try {
    return (await call(python, ['-c', program])).trim();
  } catch {
    return undefined;
  }
}

function pip(python: string, args: string[]): Promise<string> {
  return call(python, ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', ...args]);
}

async function call(file: string, args: string[]): Promise<string> {
  const env = { ...process.env, PATH: pathWithoutGo() };
  const { stdout } = await run(file, args, { env, timeout: INSTALL_WITHIN_MS, maxBuffer: OUTPUT_BYTES_MAX });
  return stdout;
}

/**
 * Where jina comes as source (Python 3.12), its setup builds a Go extension if it finds a compiler; no client needs it.
 */
function pathWithoutGo(): string {
  const folders = (process.env['PATH'] ?? '').split(delimiter);
  return folders.filter((folder) => !existsSync(join(folder, 'go'))).join(delimiter);
}

function fingerprint(python: string, requirements: Buffer): string {
  return createHash('sha256').update(python).update(requirements).digest('hex').slice(0, 16);
}

function reasonOf(err: unknown): string {
  const text = err instanceof Error ? err.message : String(err);
  return text.split('\n').slice(-6).join(' ').slice(-600);
}

function isContinuousIntegration(): boolean {
  const value = process.env['CI'];
  return value !== undefined && value !== '' && value !== 'false' && value !== '0';
}
