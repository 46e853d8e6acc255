import type { Conversion, Placed } from './conversion.js';
import { convertDevices } from './device-settings.js';
import { convertModel } from './model-settings.js';
import { isTree, listOf, textOf, treeOf, type Tree } from './tree.js';
import type { Variables } from './variables.js';

/** An executor of the Flow that encodes. */
export interface Encoder {
  /** Where it stands in the Flow: `executors[0]`. */
  readonly where: string;
  readonly executor: Tree;
}

/** The machine and the environment that ran the Flow. */
export interface Machine {
  readonly env: NodeJS.ProcessEnv;
  /** 0 = not known. */
  readonly gpus: number;
}

/** Why keys of an executor, of its `uses` and of its `metas` are left out. */
const reasons: Readonly<Record<string, string>> = {
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
  requests: 'the endpoints are fixed',
  dynamic_batching: 'batches form by themselves, of all callers, without a wait',
  with: 'arguments of the model are read in uses.with and uses_with',
  workspace: 'nothing is stored but the database, in data_dir',
};

/** What needs no setting and loses nothing. */
const needless = new Set([
  ...['name', 'uses', 'uses_with', 'uses_metas', 'py_modules', 'env', 'replicas'],
  ...['timeout_ready', 'monitoring', 'exit_on_exceptions', 'quiet_error'],
]);
const needlessInUses = new Set(['jtype', 'version', 'with', 'metas', 'py_modules']);
const needlessInMetas = new Set(['name', 'description', 'url', 'keywords', 'version', 'py_modules']);

/**
 * Converts the one executor that encodes.
 *
 * @param folder the folder of the Flow file
 * @param variables the variables that the Flow sets for it, the strongest part first
 */
export function convertEncoder(
  { where, executor }: Encoder,
  folder: string,
  variables: readonly Variables[],
  machine: Machine,
  result: Conversion,
): void {
  const uses = executor['uses'];
  const model = {
    ...result.entries(treeOf(uses)['with'], `${where}.uses.with`),
    ...result.entries(executor['uses_with'], `${where}.uses_with`),
  };
  convertModel(model, { where, folder, isOnnx: isOnnx(executor) }, result);
  if (executor['replicas'] !== undefined && executor['replicas'] !== null) {
    result.setWithin('replicas', executor['replicas'], { min: 1, max: 256 }, `${where}.replicas`);
  }
  const visible = variables.find((part) => part['CUDA_VISIBLE_DEVICES'])?.['CUDA_VISIBLE_DEVICES'];
  const request = { where, device: model['device'], isTensorRt: isTensorRt(executor), gpus: machine.gpus };
  convertDevices({ ...request, visible: visible ?? fromProcess(machine.env) }, result);
  leaveRest({ where, executor }, result);
}

/** Whether an executor encodes with CLIP, by its type or the file of its code. */
export function isEncoder(executor: Tree): boolean {
  return typesOf(executor).some((type) => /clip/i.test(type));
}

function leaveRest({ where, executor }: Encoder, result: Conversion): void {
  const { shards, ...rest } = executor;
  result.leaveRest(textOf(shards) === '1' ? rest : executor, where, needless, reasons);
  const { uses, uses_metas: usesMetas } = executor;
  if (isTree(uses)) {
    result.leaveRest(uses, `${where}.uses`, needlessInUses, reasons);
    result.leaveRest(treeOf(uses['metas']), `${where}.uses.metas`, needlessInMetas, reasons);
  } else if (/\.ya?ml$/i.test(textOf(uses) ?? '')) {
    result.leave(`${where}.uses`, 'it names another file, and nothing of that is read; put its with here');
  }
  result.leaveRest(treeOf(usesMetas), `${where}.uses_metas`, needlessInMetas, reasons);
}

function fromProcess(env: NodeJS.ProcessEnv): Placed | undefined {
  const value = env['CUDA_VISIBLE_DEVICES'];
  return value === undefined ? undefined : { value, where: 'the variable CUDA_VISIBLE_DEVICES of this shell' };
}

function isTensorRt(executor: Tree): boolean {
  return typesOf(executor).some((type) => /tensorrt|clip_trt/i.test(type));
}

function isOnnx(executor: Tree): boolean {
  return typesOf(executor).some((type) => /onnx/i.test(type));
}

/** The type of an executor, and the modules of its code from every place that may name them. */
function typesOf(executor: Tree): string[] {
  const uses = executor['uses'];
  const type = isTree(uses) ? uses['jtype'] : uses;
  const holders = [executor, treeOf(executor['uses_metas']), treeOf(uses), treeOf(treeOf(uses)['metas'])];
  const modules = holders.flatMap((holder) => listOf(holder['py_modules']));
  return [type, ...modules].map((name) => textOf(name) ?? '');
}
