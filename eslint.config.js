import js from '@eslint/js';
import { importX } from 'eslint-plugin-import-x';
import tseslint from 'typescript-eslint';

/** Forbids imports by path. Where two walls cover the same file, the later one replaces the earlier, so it must include its patterns. */
const wall = (files, ...patterns) => ({
  files,
  rules: {
    'no-restricted-imports': [
      'error',
      { patterns: [...patterns, aroundWeb].map(([regex, message]) => ({ regex, message })) },
    ],
  },
});

const aroundWeb = ['/web/', 'The server sends the built pages, and imports nothing of them.'];

const aroundFeature = [
  '/(doctor|process|commands)/|/features\\.ts$|^\\.\\./(\\.\\./)?[\\w-]+/.*\\.(repository|model)\\.ts$',
  "A feature calls another feature's service, never its repository or model, and must not know what runs it.",
];

export default tseslint.config(
  { ignores: ['dist/', 'coverage/', 'generated/', '.data/'] },
  js.configs.recommended,
  {
    files: ['**/*.ts', '**/*.tsx'],
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
    ignores: ['src/platform/config/env.ts', 'src/main.ts'],
    rules: {
      'no-restricted-properties': [
        'error',
        { object: 'process', property: 'env', message: 'src/platform/config/env.ts reads the environment.' },
      ],
    },
  },
  // The rooms: main -> commands -> process -> doctor -> features -> http -> access -> platform.
  wall(['src/platform/**'], ['/(access|http|features|doctor|process|commands)/', 'platform/ imports no other room.']),
  wall(['src/access/**'], ['/(http|features|doctor|process|commands)/', 'access/ imports only platform/.']),
  wall(['src/http/**'], ['/(features|doctor|process|commands)/', 'http/ must not know features.']),
  wall(['src/features/**'], aroundFeature),
  wall(['src/features/**/*.service.ts'], aroundFeature, [
    '\\.(model|wire)\\.ts$|/operations/|/metrics/|/http/(?!idempotency)|^(express|knex|objection)',
    'Services must not know HTTP, rows or metrics.',
  ]),
  wall(['src/features/**/operations/**'], aroundFeature, [
    '\\.(repository|model)\\.ts$|/database/|^(knex|objection)',
    'Handlers call services, not the database.',
  ]),
  wall(['src/features/**/*.repository.ts'], aroundFeature, [
    '\\.(service|wire)\\.ts$|/operations/|/http/|^express',
    'Repositories only query.',
  ]),
  wall(['src/features/**/*.model.ts'], aroundFeature, [
    '\\.(service|repository|wire)\\.ts$|/http/',
    'Models only describe rows.',
  ]),
  wall(
    ['src/doctor/**'],
    [
      '/(process|commands|http)/|^express',
      'The doctor checks the machine, servers and features, not HTTP or commands.',
    ],
  ),
  wall(
    ['src/web/**'],
    [
      '/(platform|access|http|features|doctor|process|commands)/|generated/(?!client/)|^node:',
      'Pages run in a browser: they import the TypeScript client, and nothing of the server.',
    ],
  ),
  wall(['src/commands/**', 'src/main.ts']),
  wall(['src/process/**'], ['/commands/', 'A command starts processes, not the other way round.']),
  {
    files: ['test/**/*.ts'],
    // Chai's assertions are expressions, and tests read response bodies freely.
    rules: {
      '@typescript-eslint/no-unused-expressions': 'off',
      '@typescript-eslint/no-non-null-assertion': 'off',
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unsafe-argument': 'off',
      '@typescript-eslint/no-unsafe-member-access': 'off',
    },
  },
);
