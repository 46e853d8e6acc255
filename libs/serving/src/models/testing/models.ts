import type { Actor } from '#audit';
import type { DesiredModel } from '#inference';

/** For specs: somebody who changes things. */
export const ADA: Actor = { kind: 'account', id: 'account-1', name: 'ada@example.com', from: '192.0.2.1' };

/** For specs: the default model, on one CPU replica unless said otherwise. */
export function aModel(name: string, changes: Partial<DesiredModel> = {}): DesiredModel {
  return { name, replicas: 1, devices: ['cpu'], isDefault: true, ...changes };
}
