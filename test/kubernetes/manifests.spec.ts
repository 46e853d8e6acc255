import { dirname } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { loadSettings } from '#config';
import { type PythonPackages, pythonEnvironment } from '../interop/python-environments.js';
import {
  buildKubernetesTools,
  call,
  type KubernetesObject,
  kubernetesToolsAvailable,
  OVERLAYS,
  renderChart,
  renderKustomize,
} from '../support/kubernetes/manifests.js';
import { bytesOf, environmentOf, podsOf } from '../support/kubernetes/pods.js';
import { problemsOf } from '../support/kubernetes/problems.js';
import { repositoryRoot } from '../support/server.js';

// Every overlay and every example of the chart, as kustomize and helm make them, held against the schemas of Kubernetes
// 1.37, Gateway API, KEDA and the Prometheus operator, and against what the service itself needs.

const validator: PythonPackages = {
  name: 'kubernetes-validate',
  locks: ['3.11', '3.10', '3.12'].map((python) => ({ python, file: 'requirements-kubernetes-validate.txt' })),
};

const FOLDERS = ['base', 'jobs', ...OVERLAYS.map((name) => `overlays/${name}`)];
const rendered = new Map<string, KubernetesObject[]>();
const objectsOf = (name: string) => rendered.get(name)!;
/** Names of what is rendered: folders of k8s, and the chart with each of its examples. */
const EVERYTHING = [...FOLDERS, 'chart', ...OVERLAYS.map((name) => `chart ${name}`)];

beforeAll(async () => {
  if (!kubernetesToolsAvailable) return;
  await buildKubernetesTools();
  for (const folder of FOLDERS) rendered.set(folder, await renderKustomize(folder));
  rendered.set('chart', await renderChart());
  for (const name of OVERLAYS) rendered.set(`chart ${name}`, await renderChart(name));
});

describe.skipIf(!kubernetesToolsAvailable)('the manifests', () => {
  it('are valid, and no version of an API in them is deprecated', async (context) => {
    const python = await pythonEnvironment(validator);
    if ('missing' in python) return context.skip(python.missing);
    const all = EVERYTHING.flatMap(objectsOf);
    expect(await problemsOf(all, python.python)).toEqual([]);
    // What makes the assertion mean something: a field that is not there is found, in kinds of both sorts.
    const wrong = structuredClone(all.filter(({ kind }) => ['Deployment', 'GRPCRoute'].includes(kind)).slice(0, 99));
    for (const { spec } of wrong) spec.replicaz = 1;
    const kinds = (await problemsOf(wrong, python.python)).map((problem) => problem.split(' ')[0]);
    expect(new Set(kinds)).toEqual(new Set(['Deployment', 'GRPCRoute']));
  });

  it.each(EVERYTHING)('of %s make pods that are restricted, and more', (name) => {
    for (const { owner, spec, container } of podsOf(objectsOf(name))) {
      expect(spec, owner).toMatchObject({
        automountServiceAccountToken: false,
        enableServiceLinks: false,
        hostUsers: false,
        securityContext: {
          runAsNonRoot: true,
          runAsUser: 65532,
          runAsGroup: 65532,
          supplementalGroupsPolicy: 'Strict',
          seccompProfile: { type: 'RuntimeDefault' },
        },
      });
      expect(container.securityContext, owner).toEqual({
        allowPrivilegeEscalation: false,
        readOnlyRootFilesystem: true,
        capabilities: { drop: ['ALL'] },
      });
      expect(container.resources.limits, owner).toEqual(container.resources.requests);
      for (const volume of spec.volumes) if (volume.emptyDir) expect(volume.emptyDir.sizeLimit, owner).toBeDefined();
    }
  });

  it.each(EVERYTHING)('of %s give the processes settings that they take', (name) => {
    const objects = objectsOf(name);
    for (const pod of podsOf(objects)) {
      const env = environmentOf(objects, pod);
      // What lies in volumes is not here.
      const {
        CAS_DATABASE_URL_FILE: url,
        CAS_MODEL_DIR,
        CAS_TLS_CERT,
        CAS_TLS_KEY,
        NODE_EXTRA_CA_CERTS,
        ...plain
      } = env;
      const database = url === undefined ? {} : { CAS_DATABASE_URL: 'postgres://cas:secret@db:5432/cas' };
      expect(() => loadSettings([], { ...plain, ...database }, repositoryRoot), pod.owner).not.toThrow();
      const mounted = pod.container.volumeMounts.map(({ mountPath }: { mountPath: string }) => mountPath);
      const files = [url, CAS_TLS_CERT, CAS_TLS_KEY, NODE_EXTRA_CA_CERTS].filter((one) => one !== undefined);
      const folders = [...files.map((file) => dirname(file)), ...(CAS_MODEL_DIR === undefined ? [] : [CAS_MODEL_DIR])];
      for (const folder of folders) expect(mounted, pod.owner).toContain(folder);
    }
  });

  it.each(EVERYTHING)('of %s leave the servers enough memory and time', (name) => {
    const objects = objectsOf(name);
    const servers = podsOf(objects).filter(({ container }) => container.args[0] === 'server');
    for (const pod of servers) {
      const env = environmentOf(objects, pod);
      const bytes = (setting: string) => bytesOf(env[setting]!);
      // A replica that has grown too large is there until the next one is ready. The process itself has half a GiB.
      const replicas = (Number(env['CAS_REPLICAS']) + 1) * bytes('CAS_REPLICA_RSS_BYTES_MAX');
      const waiting = bytes('CAS_QUEUE_BYTES_MAX') + bytes('CAS_IN_FLIGHT_BYTES_MAX');
      expect(bytesOf(pod.container.resources.limits.memory)).toBeGreaterThanOrEqual(replicas + waiting + 2 ** 29);
      const graceS = Number(env['CAS_SHUTDOWN_GRACE_MS']) / 1000;
      const { sleep } = pod.container.lifecycle.preStop;
      expect(pod.spec.terminationGracePeriodSeconds).toBeGreaterThanOrEqual(sleep.seconds + graceS + 3);
      // Longer than the longest run (CAS_RUN_MS_MAX).
      expect(graceS * 1000).toBeGreaterThan(loadSettings([], {}, repositoryRoot).runMsMax);
      const { periodSeconds, failureThreshold } = pod.container.startupProbe;
      expect(periodSeconds * failureThreshold).toBeGreaterThanOrEqual(600);
    }
  });

  it.each(EVERYTHING)('of %s select pods that are there, by Services, budgets and policies', (name) => {
    const objects = objectsOf(name);
    const labels = objects
      .filter(({ kind }) => ['Deployment', 'Job'].includes(kind))
      .map(({ spec }) => spec.template.metadata.labels as Record<string, string>);
    const selectors = objects.flatMap(({ kind, spec }): Record<string, string>[] => {
      if (kind === 'Service') return [spec.selector];
      if (kind === 'NetworkPolicy') return [spec.podSelector.matchLabels];
      return ['PodDisruptionBudget', 'Deployment'].includes(kind) ? [spec.selector.matchLabels] : [];
    });
    for (const selector of selectors) {
      const selected = labels.filter((one) => Object.entries(selector).every(([key, value]) => one[key] === value));
      expect(selected, JSON.stringify(selector)).not.toEqual([]);
    }
  });

  it.each(EVERYTHING)('of %s let no pod reach a link-local address', (name) => {
    const policies = objectsOf(name).filter(({ kind }) => kind === 'NetworkPolicy');
    const blocks = policies.flatMap(({ spec }) =>
      (spec.egress ?? []).flatMap(({ to }: { to?: { ipBlock?: { cidr: string; except?: string[] } }[] }) => {
        expect(to).not.toEqual([]);
        return (to ?? [{ ipBlock: { cidr: '0.0.0.0/0' } }]).flatMap(({ ipBlock }) => ipBlock ?? []);
      }),
    );
    for (const { cidr, except = [] } of blocks) {
      if (cidr === '0.0.0.0/0') expect(except).toContain('169.254.0.0/16');
      if (cidr === '::/0') expect(except).toContain('fe80::/10');
      expect(cidr).not.toMatch(/^169\.254|^fe80/);
    }
    expect(policies.filter(({ spec }) => spec.podSelector.matchLabels === undefined)).toEqual([]);
  });
});

describe.skipIf(!kubernetesToolsAvailable)('the chart', () => {
  it('makes what the base makes', () => {
    expect(normalized(objectsOf('chart'))).toEqual(normalized(objectsOf('base')));
  });

  it.each(OVERLAYS)('makes with its example %s what the overlay makes', (name) => {
    expect(normalized(objectsOf(`chart ${name}`))).toEqual(normalized(objectsOf(`overlays/${name}`)));
  });

  it('passes its own lint, and refuses values that are none', async () => {
    const chart = `${repositoryRoot}/k8s/chart`;
    expect(await call('helm', ['lint', '--strict', chart])).toContain('0 chart(s) failed');
    await expect(renderChart(undefined, ['server.replicas=3'])).rejects.toThrow(/additional properties/);
    await expect(renderChart(undefined, ['settings.PORT=3'])).rejects.toThrow(/PORT/);
    await expect(renderChart('cpu', ['keda.enabled=true'])).rejects.toThrow(/Turn one of them off/);
  });
});

/**
 * Objects by kind and name, without what only one of the two has: hashes in names and annotations, and what they say
 * to Helm.
 */
function normalized(objects: readonly KubernetesObject[]): Record<string, unknown> {
  const text = JSON.stringify(objects).replaceAll(/"cas-(?:[a-z0-9]{10})"/g, (name) =>
    name.includes('headless') ? name : '"cas"',
  );
  const plain = (JSON.parse(text) as KubernetesObject[]).map((found) => {
    const { annotations: _, ...metadata } = found.metadata;
    const name = metadata.name.replace(/^(cas-models)-[0-9a-f]{8}$/, '$1');
    const rest = structuredClone(found);
    delete rest.spec?.template?.metadata?.annotations;
    for (const list of ['volumes'] as const) rest.spec?.template?.spec?.[list]?.sort(byName);
    for (const container of rest.spec?.template?.spec?.containers ?? []) {
      container.volumeMounts.sort(byName);
      container.env?.sort(byName);
    }
    return [`${found.kind} ${name}`, { ...rest, metadata: { ...metadata, name } }] as const;
  });
  return Object.fromEntries(plain);
}

function byName(one: { name: string }, other: { name: string }): number {
  return one.name < other.name ? -1 : 1;
}
