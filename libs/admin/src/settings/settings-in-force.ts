import { Injectable } from '@nestjs/common';
import type { ExplainedSetting, SettingSource } from '#config';
import { ModelAdministration } from '#serving';
import { LogLevels } from '#telemetry';

/** The settings of this process as they were read at its start; a class, so that Nest can inject them. */
export class StartSettings {
  constructor(readonly rows: readonly ExplainedSetting[]) {}
}

/** A setting, whose value may also have been set while the service runs. */
export type SettingInForce = Omit<ExplainedSetting, 'source'> & { readonly source: SettingSource | 'database' };

/** What is in force now: the settings of the start, under what somebody has set since in the database. */
@Injectable()
export class SettingsInForce {
  constructor(
    private readonly start: StartSettings,
    private readonly levels: LogLevels,
    private readonly models: ModelAdministration,
  ) {}

  async list(): Promise<SettingInForce[]> {
    const stored = new Map([...this.storedLevel(), ...(await this.storedModels())]);
    return this.start.rows.map((row) => {
      const found = stored.get(row.name);
      if (found === undefined) return row;
      const overridden = row.from === null ? row.overridden : [...row.overridden, row.from];
      return { ...row, ...found, isSet: true, source: 'database', overridden };
    });
  }

  private storedLevel(): [string, Stored][] {
    const { level, untilMs } = this.levels.now();
    if (untilMs === null) return [];
    return [
      ['CAS_LOG_LEVEL', { value: level, from: `a change of the log level, until ${new Date(untilMs).toISOString()}` }],
    ];
  }

  /** Models that somebody has set through the admin API count more than the settings. */
  private async storedModels(): Promise<[string, Stored][]> {
    const { desired } = await this.models.overview();
    if (desired?.source !== 'admin') return [];
    const from = `version ${desired.version} of the models`;
    const first = desired.models.find(({ isDefault }) => isDefault) ?? desired.models[0];
    const names = desired.models.map(({ name }) => name).join(',');
    return [
      ['CAS_MODEL', { value: names, from }],
      ['CAS_REPLICAS', { value: first === undefined ? null : String(first.replicas), from }],
      ['CAS_DEVICES', { value: first?.devices.join(',') ?? null, from }],
    ];
  }
}

interface Stored {
  readonly value: string | null;
  readonly from: string;
}
