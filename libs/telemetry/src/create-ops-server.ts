import { type LoggerService, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { TerminusModule } from '@nestjs/terminus';
import { OpsController } from './ops.controller.js';
import { OpsSources } from './ops-sources.js';

@Module({})
class OpsModule {}

/** The ops port: health for orchestrators and metrics for Prometheus. `app.listen(port, host)` opens it. */
export function createOpsServer(sources: OpsSources, logger: LoggerService): Promise<NestFastifyApplication> {
  const module = {
    module: OpsModule,
    imports: [TerminusModule.forRoot({ logger: false })],
    controllers: [OpsController],
    providers: [{ provide: OpsSources, useValue: sources }],
  };
  return NestFactory.create<NestFastifyApplication>(module, new FastifyAdapter(), { logger });
}
