import type { Conversion, Placed } from './conversion.js';
import { convertDevices } from './device-settings.js';
import { modelDefault, modelNameOf } from './model-names.js';
import { isTree, listOf, lookUp, textOf, treeOf, type Tree } from './tree.js';

/** An executor of the Flow that encodes. */
export interface Encoder {
  /** Where it stands in the Flow: `executors[0]`. */
  readonly where: string;
  readonly executor: Tree;
}

const modelReasons: Readonly<Record<string, string>> = {
  num_worker_preprocess: 'decoding and tokenizing follow the cores of the machine',
  jit: 'there is no TorchScript; models are ONNX files',
  dtype: 'the precision is that of the model’s files',
  model_path: 'PyTorch weights are not read; export them to ONNX (docs/models.md)',
  access_paths: 'send access_paths as a parameter of the request',
  traversal_paths: 'send access_paths as a parameter of the request',
  pool_backend: 'decoding runs in the replica processes',
  providers: 'see devices',
};

const executorReasons: Readonly<Record<string, string>> = {
  shards: 'a model is not divided; replicas are copies',
  polling: 'a request goes to one replica',
  port_monitoring: 'one port has the metrics of everything: ops_port',
  volumes: 'no container is started',
  docker_kwargs: 'no container is started',
  gpus: 'no container is started; see devices',
  install_requirements: 'nothing is installed at the start',
  external: 'the model runs in this service',
  host: 'the model runs in this service',
  port: 'replicas have no port',
  port_in: 'replicas have no port',
  timeout_send: 'the deadline of a call is the caller’s',
  uses_dynamic_batching: 'batches form by themselves, of all callers, without a wait',
  uses_requests: 'the endpoints are fixed',
  uses_before: 'nothing runs before the model',
  uses_after: 'nothing runs after the model',
  when: 'every document is encoded',
  needs: 'there is one step only',
  workspace: 'nothing is stored but the database, in data_dir',
};

/** What needs no setting and loses nothing. */
const needless = new Set([
  ...['name', 'uses', 'uses_with', 'uses_metas', 'metas', 'py_modules', 'env', 'replicas', 'jtype', 'with'],
  ...['timeout_ready', 'monitoring', 'exit_on_exceptions', 'quiet_error', 'requests'],
]);

const logLevels: Readonly<Record<string, string>> = {
  DEBUG: 'debug',
  INFO: 'info',
  SUCCESS: 'info',
  WARNING: 'warn',
  ERROR: 'error',
  CRITICAL: 'error',
};

/** What the conversion knows of the machine and the process that ran the Flow. */
export interface Machine {
  readonly env: NodeJS.ProcessEnv;
  /** 0 = not known. */
  readonly gpus: number;
}

/** Reads the one executor that encodes; `flowEnv` is the Flow's own `env`. */
export function convertEncoder(
  { where, executor }: Encoder,
  flowEnv: Tree,
  machine: Machine,
  result: Conversion,
): void {
  const uses = executor['uses'];
  const model = {
    ...Object.fromEntries(withOf(uses, `${where}.uses.with`)),
    ...Object.fromEntries(entriesOf(executor['uses_with'], `${where}.uses_with`)),
  };
  convertModel(model, where, result);
  if (executor['replicas'] !== undefined && executor['replicas'] !== null) {
    result.setWithin('replicas', executor['replicas'], { min: 1, max: 256 }, `${where}.replicas`);
  }
  const env = {
    ...Object.fromEntries(entriesOf(flowEnv, 'with.env')),
    ...Object.fromEntries(entriesOf(executor['env'], `${where}.env`)),
  };
  const visible = env['CUDA_VISIBLE_DEVICES'] ?? fromProcess(machine.env);
  convertDevices({ where, device: model['device'], visible, isTensorRt: isTensorRt(uses), gpus: machine.gpus }, result);
  convertVariables(env, result);
  for (const [key, value] of Object.entries(executor)) {
    if (needless.has(key) || value === null || (key === 'shards' && value === 1)) continue;
    result.leave(`${where}.${key}`, lookUp(executorReasons, key) ?? 'there is nothing like it here');
  }
}

function convertModel(model: Readonly<Record<string, Placed>>, where: string, result: Conversion): void {
  const name = textOf(model['name']?.value);
  if (name === undefined || !/^\S+$/.test(name)) {
    result.set('model', modelDefault, `${where}: no name, which the Python server takes for this model`);
  } else result.set('model', modelNameOf(name), model['name']?.where ?? where);
  for (const [key, { value, where: place }] of Object.entries(model)) {
    if (key === 'name' || key === 'device' || value === null) continue;
    if (key === 'minibatch_size') result.setWithin('batch_items_max', value, { min: 1, max: 1024 }, place);
    else if (!isPlain(key, value)) result.leave(place, lookUp(modelReasons, key) ?? 'there is nothing like it here');
  }
}

/** Whether it says what holds here anyway. */
function isPlain(key: string, value: unknown): boolean {
  if (key === 'jit') return value === false;
  return (key === 'access_paths' || key === 'traversal_paths') && value === '@r';
}

function convertVariables(env: Readonly<Record<string, Placed>>, result: Conversion): void {
  for (const [name, { value, where }] of Object.entries(env)) {
    if (name === 'CUDA_VISIBLE_DEVICES') continue;
    const level = name === 'JINA_LOG_LEVEL' ? lookUp(logLevels, String(textOf(value)).toUpperCase()) : undefined;
    if (level === undefined) result.leave(where, 'give variables to the process itself, where it knows them');
    else result.set('log_level', level, where);
  }
}

function fromProcess(env: NodeJS.ProcessEnv): Placed | undefined {
  const value = env['CUDA_VISIBLE_DEVICES'];
  return value === undefined ? undefined : { value, where: 'the variable CUDA_VISIBLE_DEVICES of this shell' };
}

function withOf(uses: unknown, where: string): [string, Placed][] {
  return entriesOf(treeOf(uses)['with'], where);
}

function entriesOf(value: unknown, where: string): [string, Placed][] {
  return Object.entries(treeOf(value)).map(([key, held]) => [key, { value: held, where: `${where}.${key}` }]);
}

/** Whether an executor encodes with CLIP, by its type or by the file of its code. */
export function isEncoder(executor: Tree): boolean {
  return typesOf(executor['uses']).some((type) => /clip/i.test(type));
}

function isTensorRt(uses: unknown): boolean {
  return typesOf(uses).some((type) => /tensorrt|clip_trt/i.test(type));
}

function typesOf(uses: unknown): string[] {
  if (!isTree(uses)) return [String(textOf(uses) ?? '')];
  const modules = [...listOf(treeOf(uses['metas'])['py_modules']), ...listOf(uses['py_modules'])];
  return [uses['jtype'], ...modules].map((type) => String(textOf(type) ?? ''));
}
