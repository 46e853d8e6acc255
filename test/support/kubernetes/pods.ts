import type { KubernetesObject } from './manifests.js';

/** A pod of a manifest, with what makes it. */
export interface PodOf {
  owner: string;
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- the fields of a pod, as Kubernetes has them
  spec: any;
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- the fields of a container
  container: any;
}

/** The pods that objects make; each has one container here. */
export function podsOf(objects: readonly KubernetesObject[]): PodOf[] {
  return objects
    .filter(({ kind }) => ['Deployment', 'Job'].includes(kind))
    .map(({ kind, metadata, spec }) => {
      const pod = spec.template.spec;
      if (pod.containers.length !== 1) throw new Error(`${metadata.name} has more than one container`);
      return { owner: `${kind} ${metadata.name}`, spec: pod, container: pod.containers[0] };
    });
}

/** The environment of a pod's container: its own variables over those of the ConfigMaps that it takes. */
export function environmentOf(objects: readonly KubernetesObject[], { container }: PodOf): Record<string, string> {
  const maps = (container.envFrom ?? []).map(
    ({ configMapRef }: { configMapRef: { name: string } }) =>
      objects.find(({ kind, metadata }) => kind === 'ConfigMap' && metadata.name === configMapRef.name)?.['data'] ?? {},
  );
  const own = (container.env ?? []).map(({ name, value }: { name: string; value: string }) => [name, value]);
  return Object.assign({}, ...maps, Object.fromEntries(own));
}

const UNITS: Readonly<Record<string, number>> = { Ki: 2 ** 10, Mi: 2 ** 20, Gi: 2 ** 30, '': 1 };

/** The bytes of a quantity such as `3Gi`, or of a setting such as `1GiB`. */
export function bytesOf(quantity: string): number {
  const [, number, unit = ''] = /^(\d+)([KMG]i)?B?$/.exec(quantity) ?? [];
  return Number(number) * UNITS[unit]!;
}
