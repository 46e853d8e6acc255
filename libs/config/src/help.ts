import { CONFIG_VARIABLE } from './environment-source.js';
import { CONFIG_FILE_DEFAULT } from './read-sources.js';
import { environmentName, flagName, yamlKey, type Setting } from './setting.js';
import { OTEL_VARIABLES } from './open-telemetry.js';
import { SETTING_GROUPS } from './settings.js';

const SOURCES =
  'Settings come from defaults, then a YAML file, then the environment, then the command line; the later one wins. ' +
  `The file is named by --config or ${CONFIG_VARIABLE}; ./${CONFIG_FILE_DEFAULT} is read when it is there. ` +
  'CAS_NAME_FILE=<file> gives the value of CAS_NAME from a file (for secrets; not for settings that are paths).';

/**
 * What `--help` prints: every setting with its names, default, meaning and what is allowed. Plain text, 100 columns.
 */
export function helpText(): string {
  const groups = Object.entries(SETTING_GROUPS).map(([title, settings]) =>
    [`${title}`, ...Object.entries(settings).map(([key, setting]) => helpEntry(key, setting))].join('\n'),
  );
  const usage = 'Usage: npm start -- [--name value …]';
  return [usage, wrap(SOURCES, ''), ...groups].join('\n\n') + '\n';
}

/** The manual page `docs/configuration.md`; a test keeps the file equal to it. */
export function manualPage(): string {
  const groups = Object.entries(SETTING_GROUPS).map(([title, settings]) =>
    [`## ${title}`, ...Object.entries(settings).map(([key, setting]) => manualEntry(key, setting))].join('\n\n'),
  );
  return [MANUAL_HEAD, ...groups, openTelemetryEntry()].join('\n\n') + '\n';
}

const OTEL_HEAD = `## OpenTelemetry

The standard variables of OpenTelemetry are honoured; they have no CAS_ name, flag or place in the file. These are checked at the
start. The exporters read the rest of \`OTEL_EXPORTER_OTLP_…\` themselves (headers, timeout, compression, certificates);
\`OTEL_SERVICE_NAME\` (default \`clip-as-service\`) and \`OTEL_RESOURCE_ATTRIBUTES\` name the process.`;

function openTelemetryEntry(): string {
  const rows = Object.entries(OTEL_VARIABLES).map(([name, { kind, doc, ...rest }]) => {
    const text = 'default' in rest ? `\`${String(rest.default)}\`` : 'unset';
    return [`\`${name}\``, text, `${doc} ${kind.allowed[0]?.toUpperCase()}${kind.allowed.slice(1)}.`];
  });
  return `${OTEL_HEAD}\n\n${table([['variable', 'default', 'what'], ...rows])}`;
}

/** A table of Markdown with columns of even width, as the formatter of this repository wants it. */
function table(rows: readonly string[][]): string {
  const widths = rows[0]?.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0))) ?? [];
  const line = (row: readonly string[], fill: string): string =>
    `| ${widths.map((width, column) => (row[column] ?? '').padEnd(width, fill)).join(' | ')} |`;
  const [head = [], ...body] = rows;
  return [line(head, ' '), line([], '-'), ...body.map((row) => line(row, ' '))].join('\n');
}

const MANUAL_HEAD = `# Configuration

${SOURCES} Empty variables count as unset.

A file uses the names without \`CAS_\` in lower case; maps join their keys with \`_\`, and relative paths start at the file's
folder:

\`\`\`yaml
port: 51000
replicas: 2
devices: [cuda:0, cuda:1]
tls:
  cert: tls/server.crt
  key: tls/server.key
\`\`\`

A value that is not allowed, or a name that is no setting, stops the start; every problem is listed at once. In Kubernetes a
Service called \`cas\` makes the cluster inject variables such as \`CAS_PORT=tcp://…\`: set \`enableServiceLinks: false\`.`;

function helpEntry(key: string, setting: Setting<unknown>): string {
  const head = `  ${flagName(key)}, ${environmentName(key)}  [${defaultOf(setting)}]`;
  return [head, wrap(setting.doc, '      '), wrap(`Allowed: ${setting.kind.allowed}.`, '      ')].join('\n');
}

function manualEntry(key: string, setting: Setting<unknown>): string {
  const names = `\`${yamlKey(key)}\` in YAML, \`${flagName(key)}\``;
  const facts = `Default: ${setting.default === undefined ? 'unset' : `\`${defaultOf(setting)}\``}. Allowed: ${allowedInMarkdown(setting)}.`;
  return [`### ${environmentName(key)}`, `${setting.doc.replaceAll('*', '\\*')}`, `${names}. ${facts}`].join('\n\n');
}

function allowedInMarkdown(setting: Setting<unknown>): string {
  return setting.kind.allowed.replaceAll('*', '\\*');
}

function defaultOf(setting: Setting<unknown>): string {
  return setting.default === undefined ? 'unset' : (setting.defaultShown ?? setting.default);
}

function wrap(text: string, indent: string): string {
  const lines = [''];
  for (const word of text.split(' ')) {
    const line = lines.at(-1) ?? '';
    if (line !== '' && indent.length + line.length + 1 + word.length > 100) lines.push(word);
    else lines[lines.length - 1] = line === '' ? word : `${line} ${word}`;
  }
  return lines.map((line) => indent + line).join('\n');
}
