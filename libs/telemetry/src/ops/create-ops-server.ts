import type { IncomingMessage, RequestListener, Server } from 'node:http';
import { type LoggerService, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { TerminusModule } from '@nestjs/terminus';
import { OpsController, OpsSources } from './ops.controller.js';

@Module({})
class OpsModule {}

/** Makes the HTTP server that Fastify listens on. */
export type ServerFactory = (handler: RequestListener) => Server;

/** Why a request is not answered. */
export interface OpsRefusal {
  readonly httpStatus: number;
  readonly message: string;
}

export interface OpsServerOptions {
  readonly logger: LoggerService;
  /** Makes something else than a plain HTTP server, such as an HTTPS one. */
  readonly serverFactory?: ServerFactory;
  /** Which requests are not answered; by default all are. */
  readonly refusalOf?: (req: IncomingMessage) => OpsRefusal | undefined;
}

/** The ops port: health for orchestrators and metrics for Prometheus. `app.listen(port, host)` opens it. */
export async function createOpsServer(sources: OpsSources, options: OpsServerOptions): Promise<NestFastifyApplication> {
  const { logger, serverFactory, refusalOf } = options;
  const module = {
    module: OpsModule,
    imports: [TerminusModule.forRoot({ logger: false })],
    controllers: [OpsController],
    providers: [{ provide: OpsSources, useValue: sources }],
  };
  const adapter = new FastifyAdapter(serverFactory ? { serverFactory } : {});
  const app = await NestFactory.create<NestFastifyApplication>(module, adapter, { logger });
  if (refusalOf) {
    app
      .getHttpAdapter()
      .getInstance()
      .addHook('onRequest', (req, res, done) => {
        const refusal = refusalOf(req.raw);
        if (refusal) void res.code(refusal.httpStatus).type('text/plain').send(`${refusal.message}\n`);
        else done();
      });
  }
  return app;
}
