import { Conversion } from './conversion.js';
import { convertEncoder, isEncoder, type Encoder, type Machine } from './encoder-settings.js';
import { convertGateway } from './gateway-settings.js';
import { isTree, listOf, shown, textOf, treeOf, type Tree } from './tree.js';
import { expandVariables } from './variables.js';

/** What need not be told: it says that the file is a Flow, and of which form. */
const ownKeys = new Set(['jtype', 'version', 'with', 'gateway', 'executors', 'deployments', 'name']);

/**
 * The settings that serve what a Flow serves, and everything of it that they cannot say.
 *
 * @param folder where the Flow file lies: relative paths in it start there
 */
export function convertFlow(read: Tree, folder: string, machine: Machine): Conversion {
  const result = new Conversion();
  const flow = treeOf(expandVariables(read, machine.env, result));
  convertGateway(flow, folder, result);
  const list = flow['executors'] === undefined ? 'deployments' : 'executors';
  const executors = listOf(flow[list]).map((executor, at) => ({ where: `${list}[${at}]`, executor }));
  const encoders: Encoder[] = [];
  for (const { where, executor } of executors) {
    if (!isTree(executor)) result.leave(where, 'it names another file; import that one by hand');
    else if (isEncoder(executor)) encoders.push({ where, executor });
    else
      result.leave(`${where} (${nameOf(executor)})`, 'only CLIP models run here; /index and /search answer as /encode');
  }
  const [first, ...others] = encoders;
  if (first) convertEncoder(first, flowEnv(flow), machine, result);
  else result.leave(list, 'none of them is a CLIP encoder; model keeps its default');
  for (const { where, executor } of others) {
    result.leave(`${where} (${nameOf(executor)})`, 'the settings name one model; it is the first encoder’s');
  }
  for (const key of Object.keys(flow).filter((candidate) => !ownKeys.has(candidate))) {
    result.leave(key, 'there is nothing like it here');
  }
  return result;
}

function flowEnv(flow: Tree): Tree {
  return treeOf(treeOf(flow['with'])['env']);
}

function nameOf(executor: Tree): string {
  const uses = executor['uses'];
  const type = isTree(uses) ? textOf(uses['jtype']) : textOf(uses);
  return shown(type ?? textOf(executor['name']) ?? 'no name');
}
