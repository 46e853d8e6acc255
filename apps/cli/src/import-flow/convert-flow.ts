import { Conversion } from './conversion.js';
import { convertEncoder, isEncoder, type Encoder, type Machine } from './encoder-settings.js';
import { convertGateway } from './gateway-settings.js';
import { isTree, listOf, shown, textOf, treeOf, type Tree } from './tree.js';
import { convertVariables, expandVariables } from './variables.js';

/** Keys that need no report: they say that the file is a Flow, and of which form, or are read. */
const ownKeys = new Set(['jtype', 'version', 'with', 'gateway', 'executors', 'deployments', 'name']);

/**
 * Converts a Flow into the settings that serve the same, and lists everything that settings cannot express.
 *
 * @param folder the folder of the Flow file, where its relative paths start
 */
export function convertFlow(read: Tree, folder: string, machine: Machine): Conversion {
  const result = new Conversion();
  const flow = treeOf(expandVariables(read, machine.env, result));
  convertGateway(flow, folder, result);
  const [first, ...others] = encodersOf(flow, result);
  const ofFlow = result.entries(treeOf(flow['with'])['env'], 'with.env');
  const ofEncoder = first ? result.entries(first.executor['env'], `${first.where}.env`) : {};
  if (first) convertEncoder(first, folder, [ofEncoder, ofFlow], machine, result);
  else
    result.leave('executors', 'none of them is a CLIP encoder; the embedded model is served until model names another');
  for (const { where, executor } of others) {
    const why = 'the settings name one model, the first encoder’s; add others by the admin API (docs/pools.md)';
    result.leave(`${where} (${nameOf(executor)})`, why);
  }
  const ofGateway = result.entries(treeOf(flow['gateway'])['env'], 'gateway.env');
  convertVariables([ofEncoder, ofFlow, ofGateway], result);
  for (const key of Object.keys(flow).filter((candidate) => !ownKeys.has(candidate))) {
    result.leave(key, 'there is nothing like it here');
  }
  return result;
}

/** The executors that encode; the others are reported as left out. */
function encodersOf(flow: Tree, result: Conversion): Encoder[] {
  const list = flow['executors'] === undefined ? 'deployments' : 'executors';
  if (list === 'executors' && flow['deployments'] !== undefined) {
    result.leave('deployments', 'the Python server does not read it beside executors');
  }
  return listOf(flow[list]).flatMap((entry, at) => {
    const { where, executor } = asExecutor(entry, `${list}[${at}]`);
    if (!isTree(executor)) result.leave(where, 'it names another file; import that one by hand');
    else if (isEncoder(executor)) return [{ where, executor }];
    else
      result.leave(`${where} (${nameOf(executor)})`, 'only CLIP models run here; /index and /search answer as /encode');
    return [];
  });
}

/** A Deployment in the list has its executor under `with`. */
function asExecutor(entry: unknown, where: string): { where: string; executor: unknown } {
  const isDeployment = isTree(entry) && entry['jtype'] === 'Deployment';
  return isDeployment ? { where: `${where}.with`, executor: treeOf(entry['with']) } : { where, executor: entry };
}

function nameOf(executor: Tree): string {
  const uses = executor['uses'];
  const type = isTree(uses) ? textOf(uses['jtype']) : textOf(uses);
  return shown(type ?? textOf(executor['name']) ?? 'no name');
}
