import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import cookie from '@fastify/cookie';
import type { LoggerService } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { requireOneHost } from '#core';
import { Cookies } from '../access/cookies.js';
import { PublicAddress } from '../access/public-address.js';
import { AdminModule } from '../admin.module.js';
import { answerWithPage, serveConsole } from '../console/serve-console.js';
import type { AdminServices } from '../services/admin-services.js';
import { documentApi } from '../http/api-docs.js';
import { leaveBodiesUnread } from '../http/body-reader.js';
import { answerUnroutable, ErrorFilter } from '../http/error.filter.js';
import { InputValidation } from '../http/input-validation.js';
import { checkRoutes } from '../http/route-checks.js';
import { addSecurityHeaders, headersWithoutHooks } from '../http/security-headers.js';

export interface AdminServerOptions {
  readonly services: AdminServices;
  /** Makes the listening server, with TLS where that is wanted; by default plain HTTP. */
  readonly serverFactory?: (handler: (req: IncomingMessage, res: ServerResponse) => void) => Server;
  /** Whether browsers reach it over TLS, ended here or by a proxy in front: cookies travel over TLS only then. */
  readonly secureCookies: boolean;
  /** Where people reach it; by default what the Host header of each request says. */
  readonly publicUrl?: string;
  /** Addresses and networks of proxies whose X-Forwarded-… headers are believed; none by default. */
  readonly trustedProxies?: readonly string[];
  readonly version: string;
  readonly logger: LoggerService;
}

/** How long a client may take to send its headers, and a whole request, in milliseconds. */
const HEADERS_MS_MAX = 10_000;
const REQUEST_MS_MAX = 30_000;

/** The admin API and the console, complete but not yet listening: `app.listen(port, host)` opens it. */
export async function createAdminServer(options: AdminServerOptions): Promise<NestFastifyApplication> {
  const { services, secureCookies, version, logger } = options;
  const cookies = new Cookies(secureCookies);
  const address = new PublicAddress(options.publicUrl);
  const app = await NestFactory.create<NestFastifyApplication>(
    AdminModule.forRoot({ services, cookies, address }),
    createHttp(options),
    { logger, bodyParser: false },
  );
  const fastify = app.getHttpAdapter().getInstance();
  leaveBodiesUnread(fastify);
  fastify.decorateRequest('caller');
  fastify.addHook('onRequest', (req, _res, done) => {
    requireOneHost(req.raw);
    done();
  });
  await addSecurityHeaders(fastify, { overTls: secureCookies });
  await fastify.register(cookie);
  answerWithPage(fastify);
  checkRoutes(fastify);
  await serveConsole(fastify);
  app.useGlobalFilters(new ErrorFilter());
  app.useGlobalPipes(new InputValidation());
  documentApi(app, version, cookies.nameOf('session'));
  return app;
}

function createHttp({ serverFactory, secureCookies, trustedProxies = [] }: AdminServerOptions): FastifyAdapter {
  const unseen = headersWithoutHooks({ overTls: secureCookies });
  const adapter = new FastifyAdapter({
    trustProxy: trustedProxies.length === 0 ? false : [...trustedProxies],
    frameworkErrors: (reason: Error, req: FastifyRequest, res: FastifyReply) => {
      answerUnroutable(reason, req, res.headers(unseen));
    },
    routerOptions: { maxParamLength: 200 },
    ...(serverFactory === undefined ? {} : { serverFactory }),
  });
  const server = adapter.getInstance().server;
  server.headersTimeout = HEADERS_MS_MAX;
  server.requestTimeout = REQUEST_MS_MAX;
  return adapter;
}
