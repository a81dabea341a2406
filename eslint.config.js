import js from '@eslint/js';
import { importX } from 'eslint-plugin-import-x';
import tseslint from 'typescript-eslint';

/** Imports run one way: main -> app -> http -> handlers -> services -> repositories -> models. */
const forbid = (files, ignores, regex, message) => ({
  files,
  ignores,
  rules: { 'no-restricted-imports': ['error', { patterns: [{ regex, message }] }] },
});

const features = '(users|auth|sessions|health|idempotency)';

export default tseslint.config(
  { ignores: ['dist/', 'coverage/', 'generated/', '.data/'] },
  js.configs.recommended,
  {
    files: ['**/*.ts'],
    extends: [...tseslint.configs.strictTypeChecked, ...tseslint.configs.stylisticTypeChecked],
    plugins: { 'import-x': importX },
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    settings: {
      'import-x/extensions': ['.ts'],
      'import-x/parsers': { '@typescript-eslint/parser': ['.ts'] },
      'import-x/resolver': { node: { extensions: ['.ts'] } },
    },
    rules: {
      'import-x/no-cycle': 'error',
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_' }],
      // Handlers and services promise an answer whether or not they wait for one.
      '@typescript-eslint/require-await': 'off',
      '@typescript-eslint/no-empty-function': 'off',
      '@typescript-eslint/no-confusing-void-expression': 'off',
    },
  },
  {
    files: ['src/**/*.ts'],
    ignores: ['src/config/env.ts', 'src/main.ts'],
    rules: {
      'no-restricted-properties': [
        'error',
        { object: 'process', property: 'env', message: 'src/config/env.ts reads the environment.' },
      ],
    },
  },
  forbid(['src/http/**'], ['src/http/handlers.ts'], `/${features}/|/context`, 'http/ knows no feature.'),
  forbid(['src/**/*.handlers.ts'], [], '\\.(repository|model)|/database/|^(knex|objection)', 'Handlers call services.'),
  forbid(
    ['src/**/*.service.ts'],
    [],
    '\\.(handlers|model)|/http/|/app|/context|/(metrics|tracing|faults)/|^(express|knex|objection)',
    'Services know no HTTP, no rows and no metrics.',
  ),
  forbid(
    ['src/**/*.repository.ts'],
    [],
    '\\.(handlers|service)|/http/|/app|/context|^express',
    'Repositories only query.',
  ),
  forbid(
    ['src/**/*.model.ts'],
    [],
    '\\.(handlers|service|repository)|/http/|/app|/context',
    'Models only describe rows.',
  ),
  forbid(
    ['src/{crypto,database,identity,config}/**'],
    [],
    `/${features}/|/http/|/app|/context`,
    'What all features use knows none of them.',
  ),
  forbid(
    ['src/doctor/**'],
    [],
    '\\.(handlers|service|model)|/(http|commands|metrics|tracing|faults)/|/app|/context|^express',
    'The doctor asks the machine, the servers and the repositories.',
  ),
  {
    files: ['test/**/*.ts'],
    // Chai's assertions are expressions, and the bodies of answers are looked into freely.
    rules: {
      '@typescript-eslint/no-unused-expressions': 'off',
      '@typescript-eslint/no-non-null-assertion': 'off',
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unsafe-argument': 'off',
      '@typescript-eslint/no-unsafe-member-access': 'off',
    },
  },
);
