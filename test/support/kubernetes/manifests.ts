import { execFile } from 'node:child_process';
import { existsSync, globSync } from 'node:fs';
import { basename, delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import { parseAllDocuments } from 'yaml';
import { repositoryRoot } from '../server.js';

const run = promisify(execFile);

const CACHE = join(repositoryRoot, '.cache/kubernetes');
const OUTPUT_BYTES_MAX = 16 * 1024 * 1024;

/** The definitions of the kinds of Gateway API, KEDA and the Prometheus operator. */
export const DEFINITIONS = join(CACHE, 'crds');

/**
 * Whether kustomize and helm are there, or Go to build them with. With CI set it is always true, so that tests fail
 * there instead of being skipped when there is none.
 */
export const kubernetesToolsAvailable =
  process.env['CI'] !== undefined ||
  existsSync(DEFINITIONS) ||
  existsSync('/usr/local/go/bin/go') ||
  (process.env['PATH'] ?? '').split(delimiter).some((folder) => existsSync(join(folder, 'go')));

/** The overlays of k8s/overlays, by name. */
export const OVERLAYS = globSync('k8s/overlays/*/', { cwd: repositoryRoot })
  .map((path) => basename(path))
  .sort();

/** What a manifest holds, as far as every kind has it. */
export interface KubernetesObject {
  apiVersion: string;
  kind: string;
  metadata: { name: string; labels?: Record<string, string>; annotations?: Record<string, string> };
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- the kinds differ; tests look into what they know
  [field: string]: any;
}

/** Builds kustomize and helm where that was not done yet, which takes minutes. */
export async function buildKubernetesTools(): Promise<void> {
  await run(process.execPath, [join(repositoryRoot, 'tools/kubernetes.mjs')]);
}

/** A folder of k8s as Kustomize makes it. */
export async function renderKustomize(folder: string): Promise<KubernetesObject[]> {
  return parse(await kustomize(folder));
}

/** The same as text. */
export async function kustomize(folder: string): Promise<string> {
  return call('kustomize', ['build', join(repositoryRoot, 'k8s', folder)]);
}

/** The chart with its default values, a file of `k8s/chart/examples` over them, and single values over both. */
export async function renderChart(example?: string, set: readonly string[] = []): Promise<KubernetesObject[]> {
  return parse(await helmTemplate(example, set));
}

/** The same as text. */
export async function helmTemplate(example?: string, set: readonly string[] = [], namespace = 'clip'): Promise<string> {
  const chart = join(repositoryRoot, 'k8s/chart');
  const values = example === undefined ? [] : ['--values', join(chart, 'examples', `${example}.yaml`)];
  const args = ['template', 'cas', chart, '--namespace', namespace, '--kube-version', '1.37.2', ...values];
  return call('helm', [...args, ...set.flatMap((one) => ['--set', one])]);
}

/** Runs `kustomize` or `helm`. */
export async function call(program: 'helm' | 'kustomize', args: readonly string[]): Promise<string> {
  const env = { PATH: process.env['PATH'], HOME: join(CACHE, 'home') };
  const { stdout } = await run(join(CACHE, program), args, { env, maxBuffer: OUTPUT_BYTES_MAX });
  return stdout;
}

function parse(text: string): KubernetesObject[] {
  // As Kubernetes reads it, in which 0440 is octal.
  return parseAllDocuments(text, { version: '1.1' })
    .map((document) => document.toJS() as KubernetesObject | null)
    .filter((found) => found !== null);
}
