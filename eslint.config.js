import js from '@eslint/js';
import { importX } from 'eslint-plugin-import-x';
import tseslint from 'typescript-eslint';

/** Refuses imports by the path that they are written with. Where two walls have a file in common, the later one must hold both. */
const wall = (files, ...patterns) => ({
  files,
  rules: { 'no-restricted-imports': ['error', { patterns: patterns.map(([regex, message]) => ({ regex, message })) }] },
});

const aroundFeature = [
  '/(doctor|process|commands)/|/features\\.ts$|^\\.\\./(\\.\\./)?[\\w-]+/.*\\.(repository|model)\\.ts$',
  "A feature calls another's service, never its repository or model, and knows nothing of who runs it.",
];

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
    ignores: ['src/platform/config/env.ts', 'src/main.ts'],
    rules: {
      'no-restricted-properties': [
        'error',
        { object: 'process', property: 'env', message: 'src/platform/config/env.ts reads the environment.' },
      ],
    },
  },
  // The rooms: main -> commands -> process -> doctor -> features -> http -> access -> platform.
  wall(
    ['src/platform/**'],
    ['/(access|http|features|doctor|process|commands)/', 'platform/ is what every other room stands on.'],
  ),
  wall(['src/access/**'], ['/(http|features|doctor|process|commands)/', 'access/ stands on platform/ alone.']),
  wall(['src/http/**'], ['/(features|doctor|process|commands)/', 'http/ knows no feature.']),
  wall(['src/features/**'], aroundFeature),
  wall(['src/features/**/*.service.ts'], aroundFeature, [
    '\\.(model|wire)\\.ts$|/operations/|/metrics/|/http/(?!idempotency)|^(express|knex|objection)',
    'Services know no HTTP, no rows and no metrics.',
  ]),
  wall(['src/features/**/operations/**'], aroundFeature, [
    '\\.(repository|model)\\.ts$|/database/|^(knex|objection)',
    'Handlers call services.',
  ]),
  wall(['src/features/**/*.repository.ts'], aroundFeature, [
    '\\.(service|wire)\\.ts$|/operations/|/http/|^express',
    'Repositories only query.',
  ]),
  wall(['src/features/**/*.model.ts'], aroundFeature, [
    '\\.(service|repository|wire)\\.ts$|/http/',
    'Models only describe rows.',
  ]),
  wall(['src/doctor/**'], ['/(process|commands|http)/|^express', 'The doctor asks the machine, servers and features.']),
  wall(['src/process/**'], ['/commands/', 'A command starts processes, not the other way round.']),
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
