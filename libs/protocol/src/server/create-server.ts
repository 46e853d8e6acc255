import type { IncomingMessage, ServerResponse } from 'node:http';
import compress from '@fastify/compress';
import cors from '@fastify/cors';
import type { PackageDefinition } from '@grpc/proto-loader';
import type { Server } from '@grpc/grpc-js';
import type { LoggerService } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { type KnownHosts, requireOneHost, RouteTable } from '#core';
import { SERVED_PACKAGES, servedDefinitions } from '../grpc/definitions.js';
import { PROGRESS_MS_MAX } from '../budget/index.js';
import { addressesIn, clientAddressBehind, type ClientAddress, networkOf } from '../request/client-address.js';
import { authenticateGrpc } from '../grpc/grpc-access.js';
import { timeFirstByte } from '../http/first-byte.js';
import { authenticateHttp } from '../http/http-access.js';
import { PageOrigins } from '../request/page-origins.js';
import { onBaseCall } from '../grpc/base-call.js';
import { requireRows } from '../grpc/grpc-methods.js';
import { timeFirstAnswer } from '../grpc/first-answer.js';
import { GrpcHealth, type ModelsServing } from '../grpc/health.js';
import { InjectedGrpc } from '../grpc/injected-grpc.js';
import { addReflection } from '../grpc/reflection.js';
import { countMessages } from '../grpc/message-flow.js';
import { sendMessages } from '../grpc/send-messages.js';
import { statusAfterSending } from '../grpc/status-after-sending.js';
import { beginHttpTrace } from '../http/http-arrival.js';
import { registerBodyParser } from '../http/request-body.js';
import { answerUndecodable, HttpErrorFilter } from '../http/http-error.filter.js';
import { documentApi } from './document-api.js';
import { ConnectionLimit } from '../port/connection-limit.js';
import { Http2Requests } from '../port/http2-requests.js';
import { createSharedPort } from '../port/shared-port.js';
import type { TlsSource } from '../port/tls-source.js';
import { ProtocolModule } from '../protocol.module.js';
import { REQUEST_ID_HEADER, requestIdOf } from '../request/request-id.js';
import type { ProtocolParts } from '../request/protocol-parts.js';
import { SharedPortWsAdapter } from '../websocket/shared-port-ws.adapter.js';

/** What the inference server is made of. Left out, an option is off. */
export interface ServerOptions {
  parts: ProtocolParts;
  /** The certificate and its renewals; undefined for plain TCP. */
  tls?: TlsSource;
  /** Origins that browsers may call from; `true` for any. */
  corsOrigins?: string[] | true;
  /** The names that mean this service where no token is needed; by default those that nobody outside can own. */
  hosts?: KnownHosts;
  /** Whether callers without a token are answered under those names only. */
  hostsOnly?: boolean;
  /** Addresses and networks of proxies whose X-Forwarded-For is believed. */
  trustedProxies?: readonly string[];
  /** Whether WebSockets may do without a token although the rest needs one. */
  websocketWithoutToken?: boolean;
  reflection: boolean;
  /** Most connections at a time, whatever they speak; undefined for any number. */
  connectionsMax?: number;
  /** A connection was refused since there were too many. */
  onRefusedConnection?: () => void;
  graceMs: number;
  logger: LoggerService;
}

/** The inference server, and what its process asks of it. */
export interface InferenceServer {
  app: NestFastifyApplication;
  /** Tells `grpc.health.v1` whether the server is ready, and which models are served, each with whether it is. */
  setServing(isServing: boolean, models: ModelsServing): void;
  /** Tells `grpc.health.v1` that nothing is served any more. */
  stopServing(): void;
  /** Connections that are open now. */
  connectionCount(): number;
}

/**
 * The inference API on one port, complete but not yet listening: `app.listen(port, host)` opens it.
 *
 * @example
 * const parts = protocolParts(options);
 * const server = await createInferenceServer({ parts, reflection: true, graceMs: 30_000, logger });
 * await server.app.listen(51000, '127.0.0.1');
 * server.setServing(true, new Map([['mini-clip', true]]));
 */
export async function createInferenceServer(options: ServerOptions): Promise<InferenceServer> {
  const health = new GrpcHealth();
  const clientAddress = clientAddressBehind(options.trustedProxies ?? []);
  const { guard, budget, tracing, limits } = options.parts;
  const requests = new Http2Requests({ requestMsMax: PROGRESS_MS_MAX, clock: options.parts.clock });
  const webSocketPaths = new Set<string>();
  const connections = new ConnectionLimit({
    connectionsMax: options.connectionsMax ?? Number.POSITIVE_INFINITY,
    keyOf: networkOf,
    isProxy: addressesIn(options.trustedProxies ?? []),
    onRefused: options.onRefusedConnection ?? (() => undefined),
  });
  const grpc = createGrpc(options, health, clientAddress, requests);
  const app = await NestFactory.create<NestFastifyApplication>(
    ProtocolModule.forRoot(options.parts),
    createHttp(options, grpc, requests, webSocketPaths, connections),
    { logger: options.logger, bodyParser: false, forceCloseConnections: false },
  );
  const fastify = app.getHttpAdapter().getInstance();
  const routes = new RouteTable();
  fastify.addHook('onRoute', ({ method, url }) => {
    for (const one of [method].flat()) if (one !== 'HEAD' && one !== 'OPTIONS') routes.add(one, url);
  });
  fastify.addHook('onRequest', (req, res, done) => {
    void res.header(REQUEST_ID_HEADER, req.id);
    if (tracing) beginHttpTrace(tracing, req, res);
    requireOneHost(req.raw);
    done();
  });
  if (options.corsOrigins) await fastify.register(cors, { ...CORS, origin: options.corsOrigins });
  const access = { guard, clientAddress, pages: pagesOf(options) };
  timeFirstByte(fastify, options.parts.firstBytes);
  authenticateHttp(fastify, access);
  registerBodyParser(fastify, limits.requestBytesMax, budget, () => guard.missing());
  await fastify.register(compress, {
    global: true,
    globalDecompression: false, // the body parser does it, within the limit
    threshold: 4096,
    encodings: ['br', 'gzip', 'deflate'],
    ...FAST_COMPRESSION,
  });
  app.useWebSocketAdapter(
    new SharedPortWsAdapter(app, limits.requestBytesMax, webSocketPaths, {
      ...access,
      tracing,
      withoutToken: options.websocketWithoutToken ?? false,
    }),
  );
  app.useGlobalFilters(new HttpErrorFilter(routes));
  documentApi(app, options.parts);
  app.connectMicroservice({ strategy: grpc }, { inheritAppConfig: false });
  await app.startAllMicroservices();
  requireRows(grpc.methods);
  return {
    app,
    setServing: (isServing, models) => health.set(isServing, models),
    stopServing: () => health.stop(),
    connectionCount: () => connections.count,
  };
}

function pagesOf({ corsOrigins, hosts, hostsOnly }: ServerOptions): PageOrigins {
  return new PageOrigins({
    ...(corsOrigins ? { allowed: corsOrigins } : {}),
    ...(hosts ? { hosts } : {}),
    ...(hostsOnly === undefined ? {} : { hostsOnly }),
  });
}

/** A refusal must carry these headers too, or a browser's page cannot read why: hence before the guard. */
const CORS = {
  maxAge: 600,
  exposedHeaders: ['RateLimit', 'RateLimit-Policy', 'Retry-After', 'Server-Timing', 'Traceresponse', 'X-Request-Id'],
};

/** Vectors hardly shrink further with effort: level 1 and quality 1 give most of the gain at a tenth of the cost. */
const FAST_COMPRESSION = {
  zlibOptions: { level: 1 },
  brotliOptions: { params: { 1: 1 } }, // BROTLI_PARAM_QUALITY
};

function createGrpc(
  options: ServerOptions,
  health: GrpcHealth,
  clientAddress: ClientAddress,
  requests: Http2Requests,
): InjectedGrpc {
  const { limits, budget, guard, clock, tracing, firstBytes } = options.parts;
  const onLoadPackageDefinition = (_: PackageDefinition, server: Server): void => {
    if (options.reflection) addReflection(server);
    health.addTo(server);
  };
  return new InjectedGrpc(
    { package: SERVED_PACKAGES, packageDefinition: servedDefinitions, onLoadPackageDefinition },
    {
      'grpc.max_receive_message_length': limits.requestBytesMax,
      'grpc.max_send_message_length': -1,
      'grpc.max_concurrent_streams': 256,
      'grpc.keepalive_time_ms': 25_000,
      'grpc.keepalive_timeout_ms': 10_000,
      'grpc.max_connection_idle_ms': 300_000,
      interceptors: [
        onBaseCall(
          countMessages(
            budget,
            timeFirstAnswer(
              firstBytes,
              sendMessages(clock, statusAfterSending(clock, authenticateGrpc(guard, clientAddress, tracing))),
            ),
          ),
        ),
      ],
    },
    HTTP2_WINDOW_BYTES,
    requests,
  );
}

/** 4 MB carries 1,400 messages of 100 KB a second at 10 ms round trip, where the default of 64 KB carries 32. */
const HTTP2_WINDOW_BYTES = 4 * 1024 * 1024;

function createHttp(
  options: ServerOptions,
  grpc: InjectedGrpc,
  requests: Http2Requests,
  webSocketPaths: ReadonlySet<string>,
  connections: ConnectionLimit,
): FastifyAdapter {
  return new FastifyAdapter({
    bodyLimit: options.parts.limits.requestBytesMax,
    requestIdHeader: false,
    genReqId: (req: IncomingMessage) => requestIdOf(req.headers[REQUEST_ID_HEADER]),
    frameworkErrors: answerUndecodable,
    routerOptions: { maxParamLength: 512, ignoreTrailingSlash: true },
    serverFactory: (handler: (req: IncomingMessage, res: ServerResponse) => void) => {
      requests.serveBy(handler);
      const server = createSharedPort(
        {
          ...(options.tls ? { tls: options.tls } : {}),
          http2: () => grpc.injector,
          firstByteMsMax: 10_000,
          requestMsMax: PROGRESS_MS_MAX,
          webSocketPaths,
          connections,
          clock: options.parts.clock,
          graceMs: options.graceMs,
          quietMs: () => options.parts.activity.quietMs,
        },
        handler,
      );
      server.once('close', () => requests.close());
      return server;
    },
  });
}
