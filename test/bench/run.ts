/**
 * `npm run bench` and, with `--gpu`, `npm run bench:gpu`. The hooks come first: Node strips types by itself, but
 * follows neither the `.js` names of our imports nor parameter properties. Their name is no literal, since the compiler
 * allows no import of a `.ts` file.
 */
await import(new URL('typescript-hooks.ts', import.meta.url).href);
const args = process.argv.slice(2);
const { main } = await (args.includes('--gpu') ? import('./gpu/main.js') : import('./main.js'));
await main(args);

export {};
