import { systemClock } from '#core';
import type { Settings } from '#config';
import { startPools, type PoolRegistry } from '#inference';
import {
  Activity,
  createInferenceServer,
  Gate,
  type InferenceServer,
  logUnforeseen,
  ProtocolServices,
} from '#protocol';
import { DocumentService, EncodeService, ImageFetcher, RankService } from '#serving';
import { nestLogger, type Log, type ServiceMetrics } from '#telemetry';
import type { Access } from './access.js';
import { listen } from './listen.js';
import { poolOptions } from './pools.js';
import type { Readiness } from './readiness.js';
import type { TlsFiles } from './tls/index.js';
import { packageVersion } from './version.js';

/** What the inference API is made of. */
export interface InferenceParts {
  readonly settings: Settings;
  readonly access: Access;
  readonly metrics: ServiceMetrics;
  readonly readiness: Readiness;
  readonly tls: TlsFiles | undefined;
  readonly log: Log;
}

/** The models and the port that serves them. */
export class Inference {
  private constructor(
    readonly registry: PoolRegistry,
    readonly server: InferenceServer,
    private readonly fetcher: ImageFetcher,
  ) {}

  /** Starts the replicas; `startPools` rejects when a model cannot be loaded. */
  static startPools({
    settings,
    metrics,
    log,
  }: Pick<InferenceParts, 'settings' | 'metrics' | 'log'>): Promise<PoolRegistry> {
    return startPools([poolOptions(settings, metrics, log)]);
  }

  /** Opens the port over pools that serve; rejects when it cannot be bound. */
  static async open(registry: PoolRegistry, parts: InferenceParts): Promise<Inference> {
    const { settings } = parts;
    const fetcher = new ImageFetcher(fetcherOptions(settings));
    const server = await createServer(parts, useCases(registry, fetcher, parts));
    const { host, port } = settings;
    await listen(server.app, { host, port, hostSetting: 'CAS_HOST', portSetting: 'CAS_PORT' });
    return new Inference(registry, server, fetcher);
  }

  /** Answers what is in flight, then ends the port, the replicas and the fetches. */
  async close(): Promise<void> {
    await this.server.app.close();
    await this.registry.drain();
    await this.fetcher.close();
  }
}

function fetcherOptions(settings: Settings): ConstructorParameters<typeof ImageFetcher>[0] {
  return {
    allowPrivate: settings.allowPrivateFetch,
    bytesMax: settings.fetchBytesMax,
    timeoutMs: settings.fetchTimeoutMs,
    concurrencyMax: 64,
    ...(settings.fileRoot === undefined ? {} : { fileRoot: settings.fileRoot }),
  };
}

function useCases(
  registry: PoolRegistry,
  fetcher: ImageFetcher,
  { settings, access, metrics, readiness }: InferenceParts,
): ProtocolServices {
  const encode = new EncodeService({ registry, fetcher });
  const guard = access.guardPort((protocol, reason) => metrics.onRefusedCaller(protocol, reason));
  return new ProtocolServices({
    documents: new DocumentService({ encode, clock: systemClock, onFailure: logUnforeseen }),
    encode,
    rank: new RankService({ encoder: encode }),
    registry,
    guard,
    gate: new Gate({ ...access.gatePorts, registry, missing: () => guard.missing() }),
    clock: systemClock,
    activity: new Activity(systemClock),
    limits: settings,
    isReady: () => readiness.now().ready,
    onRequest: (outcome) => metrics.onRequest(outcome),
    version: packageVersion(),
  });
}

function createServer({ settings, tls, log }: InferenceParts, services: ProtocolServices): Promise<InferenceServer> {
  const { corsOrigins, trustedProxies, websocketWithoutToken } = settings;
  return createInferenceServer({
    services,
    ...(tls ? { tls } : {}),
    ...(corsOrigins ? { corsOrigins: corsOrigins.includes('*') ? true : [...corsOrigins] } : {}),
    ...(trustedProxies ? { trustedProxies } : {}),
    websocketWithoutToken,
    reflection: settings.grpcReflection,
    graceMs: settings.shutdownGraceMs,
    logger: nestLogger(log),
  });
}
