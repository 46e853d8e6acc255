import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, openSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { promisify } from 'node:util';
import { eventually } from '../../e2e/support/server-process.js';
import { freePort } from '../free-port.js';
import { repositoryRoot } from '../server.js';
import type { KubernetesObject } from './manifests.js';

const run = promisify(execFile);
const PROGRAMS = join(repositoryRoot, '.cache/kubernetes/api');
const OUTPUT_BYTES_MAX = 64 * 1024 * 1024;

/** A Kubernetes control plane on loopback, without kubelets: nothing runs in its pods. */
export class ControlPlane implements AsyncDisposable {
  private readonly children: ChildProcess[] = [];

  private constructor(
    private readonly folder: string,
    private readonly kubeconfig: string,
  ) {}

  /** etcd and the API server; nothing acts on the objects yet, so that they stay as they were applied. */
  static async start(): Promise<ControlPlane> {
    const folder = mkdtempSync(join(tmpdir(), 'cas-kubernetes-'));
    const plane = new ControlPlane(folder, join(folder, 'kubeconfig'));
    const [client, peer, api] = await Promise.all([freePort(), freePort(), freePort()]);
    plane.writeFiles(api);
    const etcd = `http://127.0.0.1:${client}`;
    plane.spawn('etcd', 'etcd', [
      ...['--data-dir', join(folder, 'etcd'), '--listen-client-urls', etcd, '--advertise-client-urls', etcd],
      ...['--listen-peer-urls', `http://127.0.0.1:${peer}`, '--unsafe-no-fsync'],
    ]);
    plane.spawn('kube-apiserver', join(PROGRAMS, 'kube-apiserver'), [
      ...[`--etcd-servers=${etcd}`, '--bind-address=127.0.0.1', `--secure-port=${api}`, `--cert-dir=${folder}/pki`],
      ...['--service-account-issuer=https://localhost', `--service-account-key-file=${folder}/pki/sa.pub`],
      ...[`--service-account-signing-key-file=${folder}/pki/sa.key`, `--token-auth-file=${folder}/pki/tokens.csv`],
      ...['--authorization-mode=RBAC', '--service-cluster-ip-range=10.0.0.0/24', '--endpoint-reconciler-type=none'],
    ]);
    await eventually('the API server is ready', () => plane.answers('/readyz'));
    return plane;
  }

  /** From now on Deployments, Jobs, budgets and autoscalers are acted on, and pods are given to nodes. */
  async startControllers(): Promise<void> {
    const [manager, scheduler] = await Promise.all([freePort(), freePort()]);
    const common = [`--kubeconfig=${this.kubeconfig}`, '--leader-elect=false', '--bind-address=127.0.0.1'];
    this.spawn('kube-controller-manager', join(PROGRAMS, 'kube-controller-manager'), [
      ...[...common, `--secure-port=${manager}`, '--horizontal-pod-autoscaler-sync-period=2s'],
      // Nobody renews the leases of nodes that are none.
      ...['--node-monitor-grace-period=24h', `--service-account-private-key-file=${this.folder}/pki/sa.key`],
    ]);
    this.spawn('kube-scheduler', join(PROGRAMS, 'kube-scheduler'), [...common, `--secure-port=${scheduler}`]);
  }

  /** Runs kubectl; what it wrote. */
  async kubectl(args: readonly string[], input?: string): Promise<string> {
    const child = run(join(PROGRAMS, 'kubectl'), ['--kubeconfig', this.kubeconfig, ...args], {
      maxBuffer: OUTPUT_BYTES_MAX,
      env: { HOME: this.folder, PATH: process.env['PATH'] },
    });
    child.child.stdin?.end(input ?? '');
    return (await child).stdout;
  }

  /** Applies a manifest as `kubectl apply --server-side` does. */
  apply(manifest: string, namespace: string): Promise<string> {
    return this.kubectl(['apply', '--server-side', '-n', namespace, '-f', '-'], manifest);
  }

  async create(object: object): Promise<void> {
    await this.kubectl(['create', '-f', '-'], JSON.stringify(object));
  }

  /** A namespace that takes only pods that are restricted, by the newest rules. */
  async createNamespace(name: string): Promise<string> {
    const labels = Object.fromEntries(
      ['enforce', 'warn'].flatMap((mode) => [
        [`pod-security.kubernetes.io/${mode}`, 'restricted'],
        [`pod-security.kubernetes.io/${mode}-version`, 'latest'],
      ]),
    );
    await this.create({ apiVersion: 'v1', kind: 'Namespace', metadata: { name, labels } });
    return name;
  }

  async get(resource: string, namespace: string, ...more: string[]): Promise<KubernetesObject[]> {
    const text = await this.kubectl(['get', resource, '-n', namespace, '-o', 'json', ...more]);
    const found = JSON.parse(text) as KubernetesObject & { items?: KubernetesObject[] };
    return found.items ?? [found];
  }

  /** Says of an object what a kubelet would have said. */
  async setStatus(resource: string, name: string, namespace: string, status: object): Promise<void> {
    const patch = JSON.stringify({ status });
    await this.kubectl(['patch', resource, name, '-n', namespace, '--subresource=status', '--type=merge', '-p', patch]);
  }

  async answers(path: string): Promise<boolean> {
    return this.kubectl(['get', '--raw', path]).then(
      () => true,
      () => false,
    );
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const child of this.children.toReversed()) {
      const ended = once(child, 'close');
      if (child.exitCode === null && child.kill()) await ended;
    }
    rmSync(this.folder, { recursive: true, force: true });
  }

  private writeFiles(port: number): void {
    const pki = join(this.folder, 'pki');
    mkdirSync(pki);
    const { privateKey, publicKey } = generateKeyPairSync('rsa', {
      modulusLength: 2048,
      privateKeyEncoding: { type: 'pkcs1', format: 'pem' },
      publicKeyEncoding: { type: 'spki', format: 'pem' },
    });
    writeFileSync(join(pki, 'sa.key'), privateKey);
    writeFileSync(join(pki, 'sa.pub'), publicKey);
    writeFileSync(join(pki, 'tokens.csv'), 'admin-of-the-test,admin,admin,"system:masters"\n');
    const config = {
      ...{ apiVersion: 'v1', kind: 'Config', 'current-context': 'test' },
      clusters: [{ name: 'test', cluster: { server: `https://127.0.0.1:${port}`, 'insecure-skip-tls-verify': true } }],
      users: [{ name: 'test', user: { token: 'admin-of-the-test' } }],
      contexts: [{ name: 'test', context: { cluster: 'test', user: 'test' } }],
    };
    writeFileSync(this.kubeconfig, JSON.stringify(config));
  }

  private spawn(name: string, program: string, args: readonly string[]): void {
    const log = openSync(join(this.folder, `${name}.log`), 'w');
    this.children.push(spawn(program, args, { stdio: ['ignore', log, log] }));
  }
}
