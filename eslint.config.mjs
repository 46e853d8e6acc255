import js from '@eslint/js';
import { defineConfig, globalIgnores } from 'eslint/config';
import reactHooks from 'eslint-plugin-react-hooks';
import tseslint from 'typescript-eslint';
import { commentWidth } from './tools/eslint/comment-width.mjs';
import { reasonForDisable } from './tools/eslint/reason-for-disable.mjs';

const TESTS = ['**/*.spec.{ts,tsx}', 'libs/*/src/testing/**/*.ts', 'test/**/*.ts'];
const PLAIN_LIBS = ['core', 'clip', 'models', 'inference', 'dataset'].map((lib) => `libs/${lib}/src/**/*.ts`);

/** The one file that may load ONNX Runtime: it turns telemetry off first. */
const ONNX_RUNTIME = 'libs/clip/src/session/onnx-runtime.ts';
const NO_ONNX_RUNTIME = {
  name: 'onnxruntime-node',
  message: `It sends telemetry unless ${ONNX_RUNTIME} loads it.`,
};

/** Time reaches core, clip, models, inference and dataset as a Clock, so that tests can turn it by hand. */
const CLOCKS = ['setTimeout', 'setInterval', 'setImmediate', 'performance'].map((name) => ({
  name,
  message: 'Take a Clock (libs/core/src/clock.ts).',
}));

export default defineConfig(
  globalIgnores([
    ...['dist/', 'node_modules/', 'coverage/', '.cache/', 'data/', '**/.venv*/'],
    // Made by `npm run console:api`.
    'apps/console/src/api/schema.ts',
  ]),
  { linterOptions: { reportUnusedDisableDirectives: 'error' } },
  {
    plugins: { local: { rules: { 'comment-width': commentWidth, 'reason-for-disable': reasonForDisable } } },
    rules: { 'local/comment-width': 'error', 'local/reason-for-disable': 'error' },
  },
  {
    files: ['**/*.{js,mjs,cjs,ts,tsx}'],
    extends: [js.configs.recommended],
    rules: {
      eqeqeq: ['error', 'smart'],
      'max-lines': ['error', { max: 300 }],
      'no-console': 'error',
      // Image formats are told by their first bytes.
      'no-control-regex': 'off',
      'object-shorthand': 'error',
      'prefer-const': 'error',
      'preserve-caught-error': 'off',
    },
  },
  {
    files: ['**/*.{ts,tsx}'],
    extends: [tseslint.configs.strict],
    languageOptions: {
      parserOptions: {
        projectService: { allowDefaultProject: ['tools/*.spec.ts'] },
        tsconfigRootDir: import.meta.dirname,
      },
    },
    rules: {
      '@typescript-eslint/await-thenable': 'error',
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-misused-promises': 'error',
      '@typescript-eslint/only-throw-error': 'error',
      '@typescript-eslint/prefer-promise-reject-errors': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      '@typescript-eslint/consistent-type-assertions': ['error', { assertionStyle: 'never' }],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      // Keys of parsed JSON may go.
      '@typescript-eslint/no-dynamic-delete': 'off',
      // `Thing | void` is what a handler may answer.
      '@typescript-eslint/no-invalid-void-type': 'off',
      // A Nest module is an empty class under a decorator.
      '@typescript-eslint/no-extraneous-class': ['error', { allowWithDecorator: true }],
      'max-lines-per-function': ['error', { max: 60 }],
    },
  },
  {
    files: ['apps/console/**/*.{ts,tsx}'],
    extends: [reactHooks.configs.flat.recommended],
    // A component is markup: as long as what it shows.
    rules: {
      'max-lines-per-function': ['error', { max: 120 }],
      // The compiler of React, which this is about, is not used.
      'react-hooks/incompatible-library': 'off',
    },
  },
  {
    files: ['**/*.{js,mjs,cjs,ts,tsx}'],
    ignores: [ONNX_RUNTIME],
    rules: { 'no-restricted-imports': ['error', { paths: [NO_ONNX_RUNTIME] }] },
  },
  {
    files: PLAIN_LIBS,
    ignores: [...TESTS, ONNX_RUNTIME],
    rules: {
      'no-restricted-imports': [
        'error',
        {
          paths: [NO_ONNX_RUNTIME],
          patterns: [
            { group: ['@nestjs/*'], message: 'core, clip, models, inference and dataset are plain TypeScript.' },
            { group: ['node:timers', 'node:timers/*', 'timers', 'timers/*'], message: 'Take a Clock.' },
          ],
        },
      ],
    },
  },
  {
    files: PLAIN_LIBS,
    ignores: [...TESTS, '**/clock.ts', '**/turns.ts'],
    rules: {
      'no-restricted-globals': ['error', ...CLOCKS],
      'no-restricted-properties': ['error', { object: 'Date', property: 'now', message: 'Take a Clock.' }],
    },
  },
  {
    files: TESTS,
    rules: {
      '@typescript-eslint/consistent-type-assertions': 'off',
      '@typescript-eslint/no-non-null-assertion': 'off',
      '@typescript-eslint/no-extraneous-class': 'off',
      'max-lines-per-function': 'off',
    },
  },
  {
    files: ['test/**', 'tools/**'],
    rules: { 'no-console': 'off' },
  },
  {
    files: ['**/*.{js,mjs,cjs}'],
    languageOptions: {
      globals: {
        module: 'writable',
        performance: 'readonly',
        URL: 'readonly',
        console: 'readonly',
        process: 'readonly',
      },
    },
  },
);
