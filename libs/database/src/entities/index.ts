import { AccessTokenEntity } from './access-token.js';
import { AccountSessionEntity } from './account-session.js';
import { AccountEntity } from './account.js';
import { AuditEventEntity } from './audit-event.js';
import { ChangeCounterEntity } from './change-counter.js';
import { DesiredModelsEntity } from './desired-models.js';
import { LimitLeaseEntity, LimitWindowEntity } from './limit.js';
import { OneTimeLinkEntity } from './one-time-link.js';
import { PodCommandEntity, PodEntity } from './pod.js';
import { ServiceMinuteEntity } from './service-minute.js';
import { StoredRequestEntity } from './stored-request.js';
import { BatchTraceEntity, RequestTraceEntity } from './trace.js';
import { UsageDayEntity, UsageHourEntity } from './usage.js';

export * from './access-token.js';
export * from './account-session.js';
export * from './account.js';
export * from './audit-event.js';
export * from './change-counter.js';
export * from './desired-models.js';
export * from './limit.js';
export * from './one-time-link.js';
export * from './pod.js';
export * from './service-minute.js';
export * from './stored-request.js';
export * from './trace.js';
export * from './usage.js';

/** Every entity, for the data source. */
export const ENTITIES = [
  AccessTokenEntity,
  AccountEntity,
  AccountSessionEntity,
  AuditEventEntity,
  BatchTraceEntity,
  ChangeCounterEntity,
  DesiredModelsEntity,
  LimitLeaseEntity,
  LimitWindowEntity,
  OneTimeLinkEntity,
  PodCommandEntity,
  PodEntity,
  RequestTraceEntity,
  ServiceMinuteEntity,
  StoredRequestEntity,
  UsageDayEntity,
  UsageHourEntity,
];
