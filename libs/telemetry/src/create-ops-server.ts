import type { RequestListener, Server } from 'node:http';
import { type LoggerService, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { TerminusModule } from '@nestjs/terminus';
import { OpsController } from './ops.controller.js';
import { OpsSources } from './ops-sources.js';

@Module({})
class OpsModule {}

/** Makes the HTTP server that Fastify listens on. */
export type ServerFactory = (handler: RequestListener) => Server;

/**
 * The ops port: health for orchestrators and metrics for Prometheus. `app.listen(port, host)` opens it. It is plain HTTP unless
 * `serverFactory` makes something else, such as an HTTPS server.
 */
export function createOpsServer(
  sources: OpsSources,
  logger: LoggerService,
  serverFactory?: ServerFactory,
): Promise<NestFastifyApplication> {
  const module = {
    module: OpsModule,
    imports: [TerminusModule.forRoot({ logger: false })],
    controllers: [OpsController],
    providers: [{ provide: OpsSources, useValue: sources }],
  };
  return NestFactory.create<NestFastifyApplication>(
    module,
    new FastifyAdapter(serverFactory ? { serverFactory } : {}),
    { logger },
  );
}
