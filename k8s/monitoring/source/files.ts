import { format } from 'prettier';
import { stringify } from 'yaml';
import { ALERTS } from './alerts.js';
import { burnRates } from './burn-rate.js';
import { dashboardClassic } from './dashboard-classic.js';
import { dashboardV2 } from './dashboard-v2.js';
import { ROWS } from './rows.js';
import type { RuleGroup } from './rule.js';

/** All groups of rules. */
export const GROUPS: readonly RuleGroup[] = [...burnRates(), ...ALERTS];

/** The generated files of `k8s/monitoring`, by their names; a test keeps them equal to this. */
export const FILES: Readonly<Record<string, () => Promise<string>>> = {
  'dashboard.json': () => json(dashboardV2(ROWS)),
  'dashboard-classic.json': () => json(dashboardClassic(ROWS)),
  'rules.yml': () => yaml({ groups: GROUPS }),
  'prometheus-rule.yml': () =>
    yaml({
      apiVersion: 'monitoring.coreos.com/v1',
      kind: 'PrometheusRule',
      metadata: { name: 'clip-as-service', labels: { 'app.kubernetes.io/name': 'clip-as-service' } },
      spec: { groups: GROUPS },
    }),
};

function json(value: object): Promise<string> {
  return format(JSON.stringify(value), { parser: 'json', printWidth: 120 });
}

function yaml(value: object): Promise<string> {
  const text = `# Generated from k8s/monitoring/source\n${stringify(value, { aliasDuplicateObjects: false, lineWidth: 0 })}`;
  return format(text, { parser: 'yaml', printWidth: 120, singleQuote: true });
}
