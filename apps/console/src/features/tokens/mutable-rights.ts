import type { Schemas } from '../../api/client.js';
import type { Rights } from './could.js';

/** Rights as the body of a request has them. */
export function mutableRights({
  scopes,
  models,
  limits,
}: Rights): Pick<Schemas['CreateTokenBody'], 'scopes' | 'models' | 'limits'> {
  return { scopes: [...scopes], models: models === null ? null : [...models], limits: { ...limits } };
}
