import { once } from 'node:events';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { readFileSync } from 'node:fs';
import { makeServerCertificate, type ServerCertificate } from '../certificates.js';

const GROUP = 'custom.metrics.k8s.io';
const VERSION = 'v1beta2';
const ROOT = `/apis/${GROUP}/${VERSION}`;

/** The metrics of the autoscaler's manifest. */
const METRICS = ['clip_requests_queued', 'clip_requests_running'];

/** The custom metrics API in place of prometheus-adapter: values of pods as a test says them. */
export class MetricsApi implements AsyncDisposable {
  /** Of each metric its value for each pod. */
  readonly values = new Map<string, ReadonlyMap<string, number>>(METRICS.map((name) => [name, new Map()]));

  private constructor(
    private readonly server: Server,
    private readonly certificate: ServerCertificate,
  ) {}

  static async start(): Promise<MetricsApi> {
    const certificate = makeServerCertificate();
    const server = createServer({
      cert: readFileSync(certificate.certificateFile),
      key: readFileSync(certificate.keyFile),
    });
    const api = new MetricsApi(server, certificate);
    server.on('request', ({ url = '' }, response) => {
      const body = api.answer(url.split('?')[0] ?? '');
      response.writeHead(body === undefined ? 404 : 200, { 'content-type': 'application/json' });
      response.end(JSON.stringify(body ?? {}));
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return api;
  }

  /** What the API server has to hold so that it asks here. */
  objects(namespace: string): object[] {
    const { port } = this.server.address() as AddressInfo;
    const name = 'custom-metrics';
    const service = { type: 'ExternalName', externalName: 'localhost' };
    return [
      { apiVersion: 'v1', kind: 'Service', metadata: { name, namespace }, spec: service },
      {
        ...{ apiVersion: 'apiregistration.k8s.io/v1', kind: 'APIService', metadata: { name: `${VERSION}.${GROUP}` } },
        spec: {
          ...{ group: GROUP, version: VERSION, insecureSkipTLSVerify: true },
          ...{ groupPriorityMinimum: 100, versionPriority: 100, service: { name, namespace, port } },
        },
      },
    ];
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const ended = once(this.server, 'close');
    this.server.close();
    this.server.closeAllConnections();
    await ended;
    this.certificate.remove();
  }

  private answer(path: string): object | undefined {
    if (path === ROOT) {
      const resources = [...this.values.keys()].map((name) => ({
        ...{ name: `pods/${name}`, namespaced: true, kind: 'MetricValueList', singularName: '', verbs: ['get'] },
      }));
      return { kind: 'APIResourceList', apiVersion: 'v1', groupVersion: `${GROUP}/${VERSION}`, resources };
    }
    const [, namespace, metric = ''] = /\/namespaces\/([^/]+)\/pods\/[^/]+\/([^/]+)$/.exec(path) ?? [];
    const values = this.values.get(metric);
    if (values === undefined) return undefined;
    const timestamp = new Date().toISOString();
    const items = [...values].map(([name, value]) => ({
      describedObject: { kind: 'Pod', namespace, name, apiVersion: '/v1' },
      ...{ metric: { name: metric }, timestamp, value: `${value}` },
    }));
    return { kind: 'MetricValueList', apiVersion: `${GROUP}/${VERSION}`, metadata: {}, items };
  }
}
