import { readFileSync } from 'node:fs';
import { registerHooks } from 'node:module';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';

const folders = ['../', '../../libs/'].map((path) => new URL(path, import.meta.url).href);
const isSource = (url: string | undefined): boolean => folders.some((folder) => url?.startsWith(folder));

/**
 * Lets plain Node run the TypeScript of `test/`, and what it names by path of `libs/`, from source; `#core` and its
 * like still lead to the build in `dist/`.
 */
registerHooks({
  resolve(specifier, context, next) {
    const isOurs = specifier.startsWith('.') && isSource(context.parentURL);
    return next(isOurs ? specifier.replace(/\.js$/, '.ts') : specifier, context);
  },
  load(url, context, next) {
    if (!isSource(url) || !url.endsWith('.ts')) return next(url, context);
    const { outputText } = ts.transpileModule(readFileSync(fileURLToPath(url), 'utf8'), {
      compilerOptions: { module: ts.ModuleKind.ESNext, target: ts.ScriptTarget.ES2024, inlineSourceMap: true },
      fileName: fileURLToPath(url),
    });
    return { format: 'module', source: outputText, shortCircuit: true };
  },
});
