import { packageVersion, type RequestTracer, systemClock } from '#core';
import { inFlightBytes, type Settings } from '#config';
import { localCardMonitor, type PoolRegistry } from '#inference';
import {
  Activity,
  createInferenceServer,
  type InferenceServer,
  protocolParts,
  type ProtocolParts,
  RequestAuthorizer,
} from '#protocol';
import { DocumentService, EmbeddingCache, EncodeService, ExplainService, ImageFetcher, RankService } from '#serving';
import { AccessLog, AccessLogTracer, isPrettyLog, nestLogger, type Log, type ServiceMetrics } from '#telemetry';
import type { Access } from './access.js';
import { hostNames, inferenceHostsOnly } from './network/host-names.js';
import { listen, type Binding } from './network/listen.js';
import type { Readiness } from './process/readiness.js';
import type { ServedModels } from './models/served-models.js';
import type { TlsFiles } from './tls/tls-files.js';

/** What the inference API is made of. */
export interface InferenceParts {
  readonly settings: Settings;
  readonly access: Access;
  readonly metrics: ServiceMetrics;
  readonly readiness: Readiness;
  readonly tls: TlsFiles | undefined;
  readonly log: Log;
  /** Undefined where nothing is traced. */
  readonly tracer: RequestTracer | undefined;
}

/** The models and the port that serves them. */
export class Inference {
  private unfollow = (): void => undefined;

  private constructor(
    readonly models: ServedModels,
    readonly server: InferenceServer,
    private readonly fetcher: ImageFetcher,
    private readonly accessLog: AccessLog | undefined,
  ) {}

  /** Opens the port; callers are asked to come back until `models` serves one. Rejects when it cannot be bound. */
  static async open(models: ServedModels, binding: Binding, parts: InferenceParts): Promise<Inference> {
    const { settings } = parts;
    const fetcher = new ImageFetcher({ ...fetcherOptions(settings), observer: parts.metrics.fetches });
    const accessLog = accessLogOf(parts);
    const tracer = accessLog ? new AccessLogTracer(accessLog, parts.tracer) : parts.tracer;
    const services = useCases(models.registry, fetcher, { ...parts, tracer });
    parts.metrics.requests.followBytesInFlight(() => services.budget.held);
    parts.metrics.requests.followRunning(() => services.activity.requestsRunning);
    const cards = localCardMonitor();
    parts.metrics.devices.followCards(() => cards.read());
    const server = await createServer(parts, services);
    parts.metrics.requests.followConnections(() => server.connectionCount());
    await listen(server.app, binding);
    return new Inference(models, server, fetcher, accessLog);
  }

  /** Tells gRPC health checks from now on whether the process is ready. */
  follow(readiness: Readiness): void {
    this.unfollow = readiness.follow(systemClock, (ready) => this.server.setServing(ready, this.modelsReady()));
  }

  /** Tells gRPC health checks that nothing is served any more. */
  refuse(): void {
    this.unfollow();
    this.server.stopServing();
  }

  /** Answers what is in flight, then ends the port, the replicas and the fetches. */
  async close(): Promise<void> {
    await this.server.app.close();
    await this.models.drain();
    await this.fetcher.close();
    this.accessLog?.close();
  }

  private modelsReady(): Map<string, boolean> {
    return new Map(Array.from(this.models.registry.health(), ([name, { ready }]) => [name, ready]));
  }
}

/** The lines about requests that have ended; undefined where the settings want none. */
function accessLogOf({ settings, metrics, log }: InferenceParts): AccessLog | undefined {
  const { accessLinesPerSecond: linesPerSecondMax, logFormat } = settings;
  if (linesPerSecondMax === 0) return undefined;
  const isPretty = isPrettyLog(logFormat);
  const onDropped = (): void => metrics.telemetry.onLogLinesDropped();
  return new AccessLog({ log, clock: systemClock, linesPerSecondMax, isPretty, onDropped });
}

function fetcherOptions(settings: Settings): ConstructorParameters<typeof ImageFetcher>[0] {
  return {
    urlsAllowed: settings.fetchUrls,
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
  { settings, access, metrics, readiness, tracer }: InferenceParts,
): ProtocolParts {
  const { cacheBytesMax: bytesMax } = settings;
  const cache = bytesMax === 0 ? {} : { cache: new EmbeddingCache({ bytesMax, observer: metrics.cache }) };
  const encode = new EncodeService({ registry, fetcher, ...cache });
  const guard = access.guardPort((protocol, reason) => metrics.requests.onRefusedCaller(protocol, reason));
  return protocolParts({
    documents: new DocumentService({ encode, clock: systemClock }),
    encode,
    rank: new RankService({ encoder: encode }),
    explain: new ExplainService({ registry, fetcher }),
    registry,
    guard,
    authorizer: new RequestAuthorizer({ ...access.ports, registry, missing: () => guard.missing() }),
    clock: systemClock,
    activity: new Activity(systemClock),
    limits: { ...settings, inFlightBytesMax: inFlightBytes(settings) },
    ...(tracer ? { tracer } : {}),
    onRequest: (outcome) => {
      metrics.requests.onRequest(outcome);
      access.minutes.onRequest(outcome);
    },
    onFirstByte: (protocol, sinceHeadMs) => metrics.requests.onFirstByte(protocol, sinceHeadMs),
    state: { version: packageVersion(), isReady: () => readiness.now().ready },
  });
}

function createServer(
  { settings, tls, log, metrics }: InferenceParts,
  services: ProtocolParts,
): Promise<InferenceServer> {
  const { corsOrigins, trustedProxies, websocketWithoutToken } = settings;
  return createInferenceServer({
    parts: services,
    ...(tls ? { tls } : {}),
    ...(corsOrigins ? { corsOrigins: corsOrigins.includes('*') ? true : [...corsOrigins] } : {}),
    hosts: hostNames(settings),
    hostsOnly: inferenceHostsOnly(settings),
    ...(trustedProxies ? { trustedProxies } : {}),
    websocketWithoutToken,
    reflection: settings.grpcReflection,
    connectionsMax: settings.connectionsMax,
    onRefusedConnection: () => metrics.requests.onRefusedConnection(),
    graceMs: settings.shutdownGraceMs,
    logger: nestLogger(log),
  });
}
