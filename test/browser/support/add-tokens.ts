import { randomUUID } from 'node:crypto';
import { Database, AccessTokenEntity } from '#database';

const ROWS_PER_WRITE = 100;

/** Writes tokens named `bulk 00000` and so on into the database of a service that runs. Nobody knows their secrets. */
export async function addTokens(dataDir: string, count: number): Promise<void> {
  const database = await Database.open({ dataDir });
  try {
    for (let from = 0; from < count; from += ROWS_PER_WRITE) {
      const rows = Array.from({ length: Math.min(ROWS_PER_WRITE, count - from) }, (_, at) => tokenOf(from + at));
      await database.transaction((manager) => manager.insert(AccessTokenEntity, rows));
    }
  } finally {
    await database.close();
  }
}

function tokenOf(at: number): AccessTokenEntity {
  const number = String(at).padStart(5, '0');
  return {
    ...{ id: randomUUID(), lookup: `bulk-${number}`, secretSha256: '0'.repeat(64), name: `bulk ${number}` },
    ...{ previousSecretSha256: null, previousValidUntilMs: null, ownerId: null, scopes: '["encode"]', models: null },
    ...{
      limits: '{}',
      purpose: null,
      storesInputs: null,
      createdAtMs: at,
      createdBy: 'test',
      expiresAtMs: null,
      revokedAtMs: null,
      changeSeq: 0,
    },
    ...{ lastUsedAtMs: null, lastUsedFrom: null, lastUsedProtocol: null, lastUsedModel: null },
    ...{ restorableUntilMs: null, rotatedAtMs: null, presentRequests: 0, presentUsedAtMs: null },
    ...{ previousRequests: 0, previousUsedAtMs: null, previousUsedFrom: null },
  };
}
