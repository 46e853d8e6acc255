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

const classic = () => json(dashboardClassic(ROWS));
const rule = () =>
  yaml({
    apiVersion: 'monitoring.coreos.com/v1',
    kind: 'PrometheusRule',
    metadata: { name: 'clip-as-service', labels: { 'app.kubernetes.io/name': 'clip-as-service' } },
    spec: { groups: GROUPS },
  });

/**
 * The generated files of `k8s/monitoring`, by their names; a test keeps them equal to this. A chart holds its files
 * itself, so two are there once more.
 */
export const FILES: Readonly<Record<string, () => Promise<string>>> = {
  'dashboard.json': () => json(dashboardV2(ROWS)),
  'dashboard-classic.json': classic,
  'rules.yml': () => yaml({ groups: GROUPS }),
  'prometheus-rule.yml': rule,
  '../chart/files/dashboard-classic.json': classic,
  '../chart/files/prometheus-rule.yml': rule,
};

function json(value: object): Promise<string> {
  return format(JSON.stringify(value), { parser: 'json', printWidth: 120 });
}

function yaml(value: object): Promise<string> {
  const text = `# Generated from k8s/monitoring/source\n${stringify(value, { aliasDuplicateObjects: false, lineWidth: 0 })}`;
  return format(text, { parser: 'yaml', printWidth: 120, singleQuote: true });
}
