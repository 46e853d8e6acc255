import { isTree, listOf, textOf, treeOf, type Tree } from './tree.js';

/** Whether an executor encodes with CLIP, by its type or by the file of its code. */
export function isEncoder(executor: Tree): boolean {
  return typesOf(executor).some((type) => /clip/i.test(type));
}

export function isTensorRt(executor: Tree): boolean {
  return typesOf(executor).some((type) => /tensorrt|clip_trt/i.test(type));
}

export function isOnnx(executor: Tree): boolean {
  return typesOf(executor).some((type) => /onnx/i.test(type));
}

/** What tells the kind of an executor: its type, and the modules of its code in every place where they may be named. */
function typesOf(executor: Tree): string[] {
  const uses = executor['uses'];
  const type = isTree(uses) ? uses['jtype'] : uses;
  const holders = [executor, treeOf(executor['uses_metas']), treeOf(uses), treeOf(treeOf(uses)['metas'])];
  const modules = holders.flatMap((holder) => listOf(holder['py_modules']));
  return [type, ...modules].map((name) => textOf(name) ?? '');
}
