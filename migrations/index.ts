import type { MigrationInterface } from 'typeorm';
import { CreateChangeCounters1795514400000 } from './1795514400000-create-change-counters.js';
import { CreateAccessTokens1795514460000 } from './1795514460000-create-access-tokens.js';
import { CreateAccounts1795514520000 } from './1795514520000-create-accounts.js';
import { CreateAccountSessions1795514580000 } from './1795514580000-create-account-sessions.js';
import { CreateOneTimeLinks1795514640000 } from './1795514640000-create-one-time-links.js';
import { CreateAuditEvents1795514700000 } from './1795514700000-create-audit-events.js';
import { RefuseAuditChanges1795514760000 } from './1795514760000-refuse-audit-changes.js';
import { CreateUsage1795514820000 } from './1795514820000-create-usage.js';
import { CreateLimits1795514880000 } from './1795514880000-create-limits.js';
import { CreateDesiredModels1795515000000 } from './1795515000000-create-desired-models.js';
import { CreateTraces1796083200000 } from './1796083200000-create-traces.js';
import { CreatePods1796100000000 } from './1796100000000-create-pods.js';
import { CreateServiceMinutes1796100060000 } from './1796100060000-create-service-minutes.js';
import { CountUsesOfSecrets1796120000000 } from './1796120000000-count-uses-of-secrets.js';
import { SearchTracesByBatch1796130000000 } from './1796130000000-search-traces-by-batch.js';
import { StoreRequests1796130060000 } from './1796130060000-store-requests.js';
import { MarkTokensOfPages1796140000000 } from './1796140000000-mark-tokens-of-pages.js';
import { UsageByProtocolAndOutcome1796150000000 } from './1796150000000-usage-by-protocol-and-outcome.js';

/** One step of the schema; its class name, which ends in its time stamp, is what the database remembers. */
export type Migration = new () => MigrationInterface;

/** Every step, in the order in which they run. A step that has been released never changes: add another one. */
export const MIGRATIONS: readonly Migration[] = [
  CreateChangeCounters1795514400000,
  CreateAccessTokens1795514460000,
  CreateAccounts1795514520000,
  CreateAccountSessions1795514580000,
  CreateOneTimeLinks1795514640000,
  CreateAuditEvents1795514700000,
  RefuseAuditChanges1795514760000,
  CreateUsage1795514820000,
  CreateLimits1795514880000,
  CreateDesiredModels1795515000000,
  CreateTraces1796083200000,
  CreatePods1796100000000,
  CreateServiceMinutes1796100060000,
  CountUsesOfSecrets1796120000000,
  SearchTracesByBatch1796130000000,
  StoreRequests1796130060000,
  MarkTokensOfPages1796140000000,
  UsageByProtocolAndOutcome1796150000000,
];
