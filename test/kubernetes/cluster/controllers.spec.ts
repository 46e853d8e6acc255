import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually } from '../../e2e/support/server-process.js';
import { ControlPlane } from '../../support/kubernetes/control-plane.js';
import { kustomize } from '../../support/kubernetes/manifests.js';
import { MetricsApi } from '../../support/kubernetes/metrics-api.js';

// What scheduler and controllers make of the manifests. Nothing runs in the pods: a test says what a kubelet would have
// said.

const NODES = ['node-1', 'node-2', 'node-3'];
const started = new AsyncDisposableStack();
let plane: ControlPlane;
let metrics: MetricsApi;

afterAll(() => started.disposeAsync());

describe('with scheduler and controllers', () => {
  beforeAll(async () => {
    plane = started.use(await ControlPlane.start());
    // Before the controllers, which learn of new APIs after half a minute only.
    metrics = started.use(await MetricsApi.start());
    for (const found of metrics.objects('default')) await plane.create(found);
    await eventually('the API of metrics is there', () => plane.answers('/apis/custom.metrics.k8s.io/v1beta2'));
    await plane.startControllers();
    for (const name of NODES) {
      const labels = { 'kubernetes.io/hostname': name, 'topology.kubernetes.io/zone': `zone-${name}` };
      await plane.create({ apiVersion: 'v1', kind: 'Node', metadata: { name, labels } });
      const capacity = { cpu: '64', memory: '256Gi', pods: '110', 'ephemeral-storage': '200Gi' };
      const conditions = [{ type: 'Ready', status: 'True', reason: 'KubeletReady', message: 'said by the test' }];
      await plane.setStatus('node', name, 'default', { capacity, allocatable: capacity, conditions });
    }
  });

  /** A namespace with volumes for the claims of what is applied there. */
  async function namespaceWithVolumes(name: string, claims: readonly string[]): Promise<string> {
    const namespace = await plane.createNamespace(name);
    await eventually('the namespace has its service account', () =>
      plane.get('serviceaccount/default', namespace).then(
        () => true,
        () => false,
      ),
    );
    for (const claim of claims) {
      const modes = { accessModes: ['ReadWriteMany'] };
      const reference = { apiVersion: 'v1', kind: 'PersistentVolumeClaim', namespace, name: claim };
      await plane.create({
        ...{ apiVersion: 'v1', kind: 'PersistentVolume', metadata: { name: `${namespace}-${claim}` } },
        spec: { ...modes, capacity: { storage: '20Gi' }, hostPath: { path: '/volumes' }, claimRef: reference },
      });
      if (claim === 'cas-models' && name !== 'data-set') continue;
      await plane.create({
        ...{ apiVersion: 'v1', kind: 'PersistentVolumeClaim', metadata: { name: claim, namespace } },
        spec: { ...modes, resources: { requests: { storage: '20Gi' } } },
      });
    }
    return namespace;
  }

  const SERVERS = ['-l', 'app.kubernetes.io/component=server'];
  const alive = async (namespace: string) =>
    (await plane.get('pods', namespace, ...SERVERS)).filter(({ metadata }) => !('deletionTimestamp' in metadata));

  async function makeReady(namespace: string, count: number): Promise<string[]> {
    await eventually(`${count} pods have nodes`, async () => {
      const pods = await alive(namespace);
      return pods.length === count && pods.every(({ spec }) => spec.nodeName !== undefined);
    });
    const pods = await alive(namespace);
    for (const { metadata, spec } of pods) {
      const conditions = ['Ready', 'ContainersReady'].map((type) => ({ type, status: 'True' }));
      const state = { running: { startedAt: '2027-01-01T00:00:00Z' } };
      const containerStatuses = spec.containers.map(({ name, image }: { name: string; image: string }) => ({
        ...{ name, image, imageID: image, ready: true, restartCount: 0, started: true, state },
      }));
      await plane.setStatus('pod', metadata.name, namespace, { phase: 'Running', conditions, containerStatuses });
    }
    return pods.map(({ metadata }) => metadata.name);
  }

  it('the Job of a data set is done when each part was, one of them at its second attempt', async () => {
    const namespace = await namespaceWithVolumes('data-set', ['pictures', 'vectors', 'cas-models']);
    await plane.apply(await kustomize('jobs'), namespace);
    const done = new Set<string>();
    const failedOnce = new Set<string>();
    await eventually('the Job is complete', async () => {
      for (const { metadata, spec, status } of await plane.get('pods', namespace)) {
        if (spec.nodeName === undefined || ['Succeeded', 'Failed'].includes(status.phase)) continue;
        const index = metadata.annotations?.['batch.kubernetes.io/job-completion-index'] ?? '';
        const isBad = index === '3' && !failedOnce.has(index);
        (isBad ? failedOnce : done).add(index);
        const terminated = { exitCode: isBad ? 1 : 0, reason: isBad ? 'Error' : 'Completed' };
        const containerStatuses = [
          ...[{ name: 'encode', image: 'i', imageID: 'i', ready: false, restartCount: 0, state: { terminated } }],
        ];
        await plane.setStatus('pod', metadata.name, namespace, {
          ...{ phase: isBad ? 'Failed' : 'Succeeded', containerStatuses },
        });
      }
      const [job] = await plane.get('job/cas-encode', namespace);
      return (job!['status'].conditions ?? []).some(
        ({ type, status }: { type: string; status: string }) => type === 'Complete' && status === 'True',
      );
    });
    const [job] = await plane.get('job/cas-encode', namespace);
    expect(job!['status']).toMatchObject({ succeeded: 16, failed: 1, completedIndexes: '0-15' });
    expect(done.size).toBe(16);
  });

  it('pods spread over nodes, one is evicted, and the budget keeps the second', async () => {
    const namespace = await namespaceWithVolumes('evicted', ['cas-models']);
    await plane.apply(await kustomize('base'), namespace);
    await plane.kubectl(['scale', 'deployment/cas-server', '-n', namespace, '--replicas=3']);
    const names = await makeReady(namespace, 3);
    const nodes = (await alive(namespace)).map(({ spec }) => spec.nodeName as string);
    expect(nodes.toSorted()).toEqual(NODES);
    await eventually('the budget allows one', async () => {
      const [budget] = await plane.get('pdb/cas-server', namespace);
      return budget!['status'].disruptionsAllowed === 1;
    });
    const evict = (name: string) => {
      const eviction = { apiVersion: 'policy/v1', kind: 'Eviction', metadata: { name, namespace } };
      const path = `/api/v1/namespaces/${namespace}/pods/${name}/eviction`;
      return plane.kubectl(['create', '--raw', path, '-f', '-'], JSON.stringify(eviction));
    };
    await evict(names[0]!);
    await expect(evict(names[1]!)).rejects.toThrow(/disruption budget/);
    // What was scaled by hand stays when the manifest is applied again: it names no number.
    await plane.apply(await kustomize('base'), namespace);
    expect((await plane.get('deployment/cas-server', namespace))[0]!.spec.replicas).toBe(3);
  });

  it('the autoscaler brings as many pods as the rule says, and applying the manifest again leaves them', async () => {
    const namespace = await namespaceWithVolumes('scaled', ['cas-models']);
    const say = (pods: readonly string[], queued: number, running: number) => {
      metrics.values.set('clip_requests_queued', new Map(pods.map((name) => [name, queued])));
      metrics.values.set('clip_requests_running', new Map(pods.map((name) => [name, running])));
    };
    await plane.apply(await kustomize('base'), namespace);
    await plane.kubectl(['scale', 'deployment/cas-server', '-n', namespace, '--replicas=2']);
    say(await makeReady(namespace, 2), 48, 2);
    await plane.apply(await kustomize('overlays/cpu'), namespace);
    // 48 wait for each, 16 may: three times as many, of which the behaviour lets all come at once.
    await makeReady(namespace, 6);
    await plane.apply(await kustomize('overlays/cpu'), namespace);
    expect((await plane.get('deployment/cas-server', namespace))[0]!.spec.replicas).toBe(6);
    const [scaler] = await plane.get('hpa/cas-server', namespace);
    expect(scaler!['status'].conditions).toEqual(
      expect.arrayContaining([expect.objectContaining({ type: 'ScalingActive', status: 'True' })]),
    );
  });

  it('an upgrade is refused by the old Job, goes on without it, and is rolled back', async () => {
    const namespace = await namespaceWithVolumes('upgraded', ['cas-models']);
    const manifest = await kustomize('base');
    const next = manifest.replaceAll('clip-as-service:0.1.0', 'clip-as-service:0.2.0');
    const image = async () =>
      (await plane.get('deployment/cas-server', namespace))[0]!.spec.template.spec.containers[0].image as string;
    await plane.apply(manifest, namespace);
    await expect(plane.apply(next, namespace)).rejects.toThrow(/field is immutable/);
    await plane.kubectl(['delete', 'job', 'cas-migrate', 'cas-models', '-n', namespace, '--wait=false']);
    await eventually('the Jobs are gone', async () => (await plane.get('jobs', namespace)).length === 0);
    await plane.apply(next, namespace);
    expect(await image()).toBe('clip-as-service:0.2.0');
    await eventually('the new version has a set of pods', async () => {
      const sets = await plane.get('replicasets', namespace, ...SERVERS);
      return sets.length === 2;
    });
    await plane.kubectl(['rollout', 'undo', 'deployment/cas-server', '-n', namespace]);
    expect(await image()).toBe('clip-as-service:0.1.0');
  });
});
