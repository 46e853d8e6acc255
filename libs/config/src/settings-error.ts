/**
 * The settings do not allow a start. `problems` has every reason at once, each a sentence that names the setting, where
 * it was given and what is allowed. Meant for the operator's terminal: unlike a DomainError it names paths and values.
 */
export class SettingsError extends Error {
  constructor(readonly problems: readonly string[]) {
    const count = problems.length === 1 ? 'One setting is' : `${problems.length} settings are`;
    super([`${count} wrong:`, ...problems.map((problem) => `  - ${problem}`)].join('\n'));
    this.name = 'SettingsError';
  }
}
