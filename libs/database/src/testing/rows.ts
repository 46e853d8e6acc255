import type { EntityTarget, ObjectLiteral } from 'typeorm';
import {
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
} from '../entities/index.js';

/** Past 32 bits, so that a column that is too narrow shows. */
const AT_MS = 1_795_514_400_123;
const HASH = 'ab'.repeat(32);

/** One row of every entity with every column filled, in an order that foreign keys allow. */
export function sampleRows(): { entity: EntityTarget<ObjectLiteral>; row: ObjectLiteral }[] {
  const account = buildAccount();
  const link = { purpose: 'reset', accountId: account.id, createdAtMs: AT_MS, expiresAtMs: AT_MS + 1, usedAtMs: AT_MS };
  const counts = { requests: 3, items: 5_000_000_000, refused: 1, denied: 1 };
  const session = { accountId: account.id, createdAtMs: AT_MS, lastSeenAtMs: AT_MS, expiresAtMs: AT_MS + 1 };
  return [
    { entity: AccountEntity, row: account },
    {
      entity: AccountSessionEntity,
      row: { id: 'session-1', secretSha256: HASH, fromAddress: '::1', userAgent: 'A browser', ...session },
    },
    { entity: OneTimeLinkEntity, row: { id: 'link-1', secretSha256: HASH, ...link } },
    { entity: AccessTokenEntity, row: buildToken() },
    { entity: AuditEventEntity, row: buildAuditEvent() },
    {
      entity: UsageHourEntity,
      row: { principalId: 'token-1', model: 'm', protocol: 'http', outcome: 'ok', hourStartMs: AT_MS, ...counts },
    },
    {
      entity: UsageDayEntity,
      row: { principalId: 'token-1', model: 'm', protocol: 'http', outcome: 'ok', dayStartMs: AT_MS, ...counts },
    },
    {
      entity: LimitWindowEntity,
      row: { subject: 'token-1', limitName: 'itemsPerDay', windowStartMs: AT_MS, granted: 5_000_000_000 },
    },
    { entity: LimitLeaseEntity, row: { subject: 'token-1', holder: 'process-1', amount: 7, expiresAtMs: AT_MS } },
    {
      entity: DesiredModelsEntity,
      row: {
        ...{ version: 5_000_000_000, models: '[]', source: 'admin', createdAtMs: AT_MS, createdBy: 'account-1' },
        ...{ createdByName: 'Ada Ł', note: 'more of them', servedAtMs: AT_MS },
      },
    },
    {
      entity: RequestTraceEntity,
      row: {
        ...{ id: 'trace-span', traceId: 'a'.repeat(32), spanId: 'b'.repeat(16), requestId: 'request-1', pod: 'pod-1' },
        ...{ startedAtMs: AT_MS, durationUs: 5_000_000_000, protocol: 'grpc', operation: 'encode', model: 'm' },
        ...{ outcome: 'ok', principalId: 'token-1', items: 7, kept: 'slow', bytes: 5_000_000_000, detail: '{}' },
        ...{ queueUs: 5_000_000_000, replica: 'm/0', device: 'cuda:0', batchItems: 16, batchItemsMax: 32 },
      },
    },
    {
      entity: StoredRequestEntity,
      row: {
        ...{ id: 'trace-span', traceId: 'a'.repeat(32), requestId: 'request-1', principalId: 'token-1' },
        ...{ operation: 'encode', model: 'm', startedAtMs: AT_MS, items: 1, bytes: 5_000_000_000, content: '[]' },
      },
    },
    { entity: BatchTraceEntity, row: { id: 'batch-1', startedAtMs: AT_MS, bytes: 5_000_000_000, detail: '{}' } },
    {
      entity: PodEntity,
      row: {
        ...{ name: 'pod-1-2', instance: 'instance-1', host: 'pod-1', pid: 5_000_000_000, version: '1.2.3' },
        ...{ roles: 'inference,admin', startedAtMs: AT_MS, reportedAtMs: AT_MS, report: '{}' },
      },
    },
    {
      entity: PodCommandEntity,
      row: {
        ...{ id: 'command-1', pod: 'pod-1', kind: 'replica.drain', arguments: '{}', askedById: 'account-1' },
        ...{ askedByName: 'Ada Ł', askedAtMs: AT_MS, takenAtMs: AT_MS, endedAtMs: AT_MS, outcome: 'ok', answer: '{}' },
      },
    },
    {
      entity: ServiceMinuteEntity,
      row: {
        ...{ minuteStartMs: AT_MS, instance: 'instance-1', protocol: 'grpc', model: 'm', requests: 5_000_000_000 },
        ...{ items: 5_000_000_000, errors: '{}', durations: '[]', batches: 1, batchItems: 2, batchItemsMax: 3 },
        ...{ queueItemsMax: 4, queueAgeMsMax: 5_000_000_000, replicasReadyMin: 1 },
      },
    },
    { entity: ChangeCounterEntity, row: { name: 'sample', value: 5_000_000_000 } },
  ];
}

export function buildAccount(changes: Partial<AccountEntity> = {}): AccountEntity {
  return {
    ...{ id: 'account-1', email: 'ada@example.org', name: 'Ada Ł', role: 'owner', passwordHash: '$argon2id$…' },
    ...{ oidcIssuer: 'https://login.example.org', oidcSubject: 'ada', disabledAtMs: AT_MS },
    ...{ createdAtMs: AT_MS, lastLoginAtMs: AT_MS },
    ...changes,
  } as AccountEntity;
}

function buildToken(changes: Partial<AccessTokenEntity> = {}): AccessTokenEntity {
  return {
    ...{ id: 'token-1', lookup: 'abcdefghijkl', secretSha256: HASH, previousSecretSha256: HASH },
    ...{ previousValidUntilMs: AT_MS, name: 'ci', ownerId: 'account-1', scopes: '["encode"]', models: '["m"]' },
    ...{ limits: '{"itemsPerDay":1}', createdAtMs: AT_MS, createdBy: 'account-1', expiresAtMs: AT_MS },
    ...{ purpose: 'playground', storesInputs: 1 },
    ...{ revokedAtMs: AT_MS, changeSeq: 1, lastUsedAtMs: AT_MS, lastUsedFrom: '::1', lastUsedProtocol: 'grpc' },
    ...{ lastUsedModel: 'm', restorableUntilMs: AT_MS, rotatedAtMs: AT_MS, presentRequests: 5_000_000_000 },
    ...{ presentUsedAtMs: AT_MS, previousRequests: 5_000_000_000, previousUsedAtMs: AT_MS, previousUsedFrom: '::1' },
    ...changes,
  };
}

export function buildAuditEvent(changes: Partial<AuditEventEntity> = {}): AuditEventEntity {
  return {
    ...{ seq: 1, atMs: AT_MS, actorKind: 'account', actorId: 'account-1', actorName: 'Ada', action: 'token.create' },
    ...{ targetKind: 'token', targetId: 'token-1', targetName: 'ci', before: '{}', after: '{"name":"ci"}' },
    ...{ fromAddress: '::1', previousHash: '0'.repeat(64), hash: HASH },
    ...changes,
  };
}
