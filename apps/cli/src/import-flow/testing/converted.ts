import { tmpdir } from 'node:os';
import { convertFlow } from '../convert-flow.js';
import { readFlow } from '../read-flow.js';
import { settingsFile, type StartPlace } from '../settings-file.js';

export interface Surroundings {
  readonly env?: NodeJS.ProcessEnv;
  readonly gpus?: number;
}

/** A place to start in, without a variable set. */
export const here: StartPlace = { env: {}, cwd: tmpdir() };

/** A Flow of one encoder with these lines, e.g. `replicas: 2`. */
export const flowOf = (encoder: string, flow = 'port: 51000') =>
  `jtype: Flow\nwith: {${flow}}\nexecutors:\n  - {uses: {jtype: CLIPEncoder, with: {name: RN50}}, ${encoder}}`;

/** Converts the text of a Flow that lies in `folder`: its settings and what is left out, by name, and the file. */
export function convert(text: string, { env = {}, gpus = 0 }: Surroundings = {}, folder = '/flows') {
  const result = convertFlow(readFlow(Buffer.from(text)), folder, { env, gpus });
  return {
    settings: Object.fromEntries(result.settings.map(({ key, value }) => [key, value])),
    left: Object.fromEntries(result.leftOut.map(({ where, why }) => [where, why])),
    yaml: settingsFile(result, 'flow.yml'),
  };
}
