import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ControlPlane } from '../../support/kubernetes/control-plane.js';
import {
  DEFINITIONS,
  helmTemplate,
  kustomize,
  OVERLAYS,
  renderChart,
  renderKustomize,
} from '../../support/kubernetes/manifests.js';

// The manifests on a real API server, which is the one that refuses and fills in.

const started = new AsyncDisposableStack();
let plane: ControlPlane;

beforeAll(async () => {
  plane = started.use(await ControlPlane.start());
  for (const file of globSync('*.yaml', { cwd: DEFINITIONS }).filter((name) => !name.includes('_vap_')))
    await plane.apply(readFileSync(join(DEFINITIONS, file), 'utf8'), 'default');
  for (const definition of [
    'scaledobjects.keda.sh',
    'gateways.gateway.networking.k8s.io',
    'podmonitors.monitoring.coreos.com',
  ])
    await plane.kubectl(['wait', '--for=condition=Established', `crd/${definition}`, '--timeout=60s']);
});

afterAll(() => started.disposeAsync());

/** What a controller does later on: without it no pod is made. */
function makeAccount(namespace: string): Promise<void> {
  return plane.create({ apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'default', namespace } });
}

/**
 * Objects as they are stored, with who owns which field since when. Not their version: the first time that a claim is
 * applied again, it gets a new one with nothing changed.
 */
async function stored(kinds: string, namespace: string): Promise<Record<string, unknown>> {
  const found = await plane.get(kinds, namespace, '--show-managed-fields');
  return Object.fromEntries(
    found.map(({ kind, metadata, ...rest }) => [
      `${kind} ${metadata.name}`,
      { ...rest, metadata: { ...metadata, resourceVersion: undefined } },
    ]),
  );
}

describe('every overlay and the chart', () => {
  const manifests = [
    ...['base', 'jobs', ...OVERLAYS.map((name) => `overlays/${name}`)].map(
      (folder) => [folder, () => kustomize(folder), () => renderKustomize(folder)] as const,
    ),
    ...[undefined, ...OVERLAYS].map(
      (name) => [`chart ${name ?? ''}`.trim(), () => helmTemplate(name), () => renderChart(name)] as const,
    ),
  ];

  it.each(manifests)('%s is admitted, and a second time changes nothing', async (name, text, objects) => {
    const namespace = await plane.createNamespace(name.replaceAll(/[ /]/g, '-'));
    const manifest = await text();
    await plane.apply(manifest, namespace);
    const kinds = [...new Set((await objects()).map(({ kind }) => kind))].join(',');
    const first = await stored(kinds, namespace);
    await plane.apply(manifest, namespace);
    expect(await stored(kinds, namespace)).toEqual(first);
    // A Deployment is taken whatever its pods are; only the pods themselves are held against `restricted`.
    await makeAccount(namespace);
    for (const { kind, metadata, spec } of await objects()) {
      if (!['Deployment', 'Job'].includes(kind)) continue;
      const pod = { apiVersion: 'v1', kind: 'Pod', metadata: { name: metadata.name }, spec: spec.template.spec };
      await plane.kubectl(['create', '--dry-run=server', '-n', namespace, '-f', '-'], JSON.stringify(pod));
    }
  });

  it('would be refused there without the profile of system calls', async () => {
    const [server] = (await renderKustomize('base')).filter(({ kind }) => kind === 'Deployment');
    const { seccompProfile: _, ...securityContext } = server!.spec.template.spec.securityContext;
    const spec = { ...server!.spec.template.spec, securityContext };
    const pod = JSON.stringify({ apiVersion: 'v1', kind: 'Pod', metadata: { name: 'loose' }, spec });
    const namespace = await plane.createNamespace('loose');
    await makeAccount(namespace);
    await expect(plane.kubectl(['create', '--dry-run=server', '-n', namespace, '-f', '-'], pod)).rejects.toThrow(
      /violates PodSecurity "restricted:latest".*seccompProfile/s,
    );
  });
});
