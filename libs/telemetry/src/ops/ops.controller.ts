import { Controller, Get, Headers, Res } from '@nestjs/common';
import { HealthCheck, type HealthCheckResult, HealthCheckService, HealthIndicatorService } from '@nestjs/terminus';
import type { FastifyReply } from 'fastify';
import type { ServiceMetrics } from '../metrics/service-metrics.js';

/** `database` says what is wrong with the database, which most requests do not need. */
export type Readiness = { ready: true; database?: string } | { ready: false; reason: string };

/** Whether the start has finished; before that, what is being done, for people. */
export type Startup = { finished: true } | { finished: false; step: string };

/**
 * What the ops port shows. A class, so that it is its own injection token; before its user, whose decorator names it.
 */
export class OpsSources {
  constructor(
    readonly metrics: ServiceMetrics,
    readonly readiness: () => Readiness,
    readonly startup: () => Startup,
  ) {}
}

/**
 * What orchestrators and Prometheus ask. It is open to everybody who reaches the port, so it says nothing about
 * callers.
 */
@Controller()
export class OpsController {
  constructor(
    private readonly sources: OpsSources,
    private readonly health: HealthCheckService,
    private readonly indicators: HealthIndicatorService,
  ) {}

  /** Says that the event loop turns, and nothing else: nobody should kill a pod that is merely busy or loading. */
  @Get('health/live')
  live(): { status: 'ok' } {
    return { status: 'ok' };
  }

  /** 503 while the process starts, with what it is doing; 200 from then on, whatever becomes of it. */
  @Get('health/startup')
  @HealthCheck()
  startup(): Promise<HealthCheckResult> {
    return this.health.check([
      () => {
        const startup = this.sources.startup();
        const check = this.indicators.check('startup');
        return startup.finished ? check.up() : check.down(startup.step);
      },
    ]);
  }

  /** 200 when the default model passed a real forward run lately and the server is not on its way down; else 503. */
  @Get('health/ready')
  @HealthCheck()
  ready(): Promise<HealthCheckResult> {
    return this.health.check([
      () => {
        const readiness = this.sources.readiness();
        const check = this.indicators.check('inference');
        if (!readiness.ready) return check.down(readiness.reason);
        return readiness.database === undefined ? check.up() : check.up({ database: readiness.database });
      },
    ]);
  }

  @Get('metrics')
  async metrics(@Headers('accept') accept: string | undefined, @Res() res: FastifyReply): Promise<void> {
    const { contentType, text } = await this.sources.metrics.page(accept);
    await res.header('content-type', contentType).header('vary', 'accept').send(text);
  }
}
