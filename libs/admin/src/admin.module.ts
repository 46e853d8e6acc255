import { type DynamicModule, Module } from '@nestjs/common';
import { APP_GUARD, APP_INTERCEPTOR } from '@nestjs/core';
import { AccessGuard } from './access/access-guard.js';
import { Cookies } from './access/cookies.js';
import { PublicAddress } from './access/public-address.js';
import { AccessTokenStrategy, SessionStrategy } from './access/strategies.js';
import { AboutController } from './about/about.controller.js';
import { AccountRows } from './accounts/account-rows.js';
import { AccountsController } from './accounts/accounts.controller.js';
import { EventsController } from './events/events.controller.js';
import { EventStreams } from './events/event-streams.js';
import { providersOf, type AdminServices } from './services/admin-services.js';
import { AuditController } from './audit/audit.controller.js';
import { CatalogueController } from './catalogue/catalogue.controller.js';
import { DevicesController } from './devices/devices.controller.js';
import { HealthController } from './health/health.controller.js';
import { InferenceCalls } from './inference/inference-calls.js';
import { BodyReader } from './http/body-reader.js';
import { LimitsController } from './limits/limits.controller.js';
import { LimitsReport } from './limits/limits-report.js';
import { WaitsReport } from './limits/waits-report.js';
import { LogLevelController } from './log-level/log-level.controller.js';
import { ModelsController } from './models/models.controller.js';
import { PlaygroundController } from './playground/playground.controller.js';
import { LinksController } from './session/links.controller.js';
import { OtherSessionsController } from './session/other-sessions.controller.js';
import { SessionController } from './session/session.controller.js';
import { SessionStarter } from './session/session-starter.js';
import { SettingsController } from './settings/settings.controller.js';
import { SettingsInForce, StartSettings } from './settings/settings-in-force.js';
import { SignOnController } from './sign-on/sign-on.controller.js';
import { OverviewController } from './overview/overview.controller.js';
import { PodAccess } from './pods/pod-access.js';
import { PodsController } from './pods/pods.controller.js';
import { RevocationImpact } from './tokens/revocation-impact.js';
import { TokenViews } from './tokens/token-views.js';
import { TokensController } from './tokens/tokens.controller.js';
import { Replay } from './traces/replay.js';
import { TraceAccess } from './traces/trace-access.js';
import { StoredRequestsController } from './traces/stored-requests.controller.js';
import { TraceCountsController } from './traces/trace-counts.controller.js';
import { TracesController } from './traces/traces.controller.js';
import { UsageReport } from './usage/usage-report.js';
import { UsageController } from './usage/usage.controller.js';

export interface AdminParts {
  readonly services: AdminServices;
  readonly cookies: Cookies;
  readonly address: PublicAddress;
}

/** The admin API over one set of services: AccessGuard, then BodyReader, then the controllers. */
@Module({})
export class AdminModule {
  static forRoot({ services, cookies, address }: AdminParts): DynamicModule {
    return {
      module: AdminModule,
      controllers: [
        LinksController,
        SessionController,
        OtherSessionsController,
        SignOnController,
        TokensController,
        AboutController,
        AccountsController,
        AuditController,
        UsageController,
        TraceCountsController,
        StoredRequestsController,
        TracesController,
        ModelsController,
        CatalogueController,
        DevicesController,
        PodsController,
        OverviewController,
        EventsController,
        LogLevelController,
        SettingsController,
        PlaygroundController,
        LimitsController,
        HealthController,
      ],
      providers: [
        SessionStarter,
        EventStreams,
        AccountRows,
        TokenViews,
        RevocationImpact,
        PodAccess,
        TraceAccess,
        InferenceCalls,
        Replay,
        AccessTokenStrategy,
        SessionStrategy,
        { provide: APP_GUARD, useClass: AccessGuard },
        { provide: APP_INTERCEPTOR, useClass: BodyReader },
        ...providersOf(services),
        { provide: StartSettings, useValue: new StartSettings(services.settings) },
        SettingsInForce,
        UsageReport,
        LimitsReport,
        WaitsReport,
        { provide: Cookies, useValue: cookies },
        { provide: PublicAddress, useValue: address },
      ],
    };
  }
}
