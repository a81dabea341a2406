/** How Vite builds the pages of src/web/, and serves them while one works on them (`npm run dev:pages`). */
import { existsSync } from 'node:fs';
import path from 'node:path';
import type { ConfigEnv, Plugin, UserConfig } from 'vite';
import { root } from '../project.ts';

const halves = ['openapi/clients/typescript', 'generated/client'].map((folder) => path.join(root, folder));

/** The client is in two folders, whose files import each other as if they were in one. */
const joinClient: Plugin = {
  name: 'join-client',
  enforce: 'pre',
  resolveId(source, importer) {
    if (!source.startsWith('./') || importer === undefined || !halves.includes(path.dirname(importer))) return null;
    return halves.map((half) => path.join(half, source)).find((file) => existsSync(file)) ?? null;
  },
};

const server = 'http://127.0.0.1:8000';

const config: UserConfig = {
  root: path.join(root, 'src', 'web'),
  publicDir: false,
  plugins: [joinClient],
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  build: {
    outDir: path.join(root, 'dist', 'web'),
    emptyOutDir: false,
    target: 'es2022',
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
  },
  optimizeDeps: {
    noDiscovery: true,
    include: ['preact', 'preact/hooks', 'preact/jsx-runtime', 'preact/jsx-dev-runtime', 'preact-iso'],
  },
  server: {
    port: 5173,
    strictPort: true,
    proxy: Object.fromEntries(
      ['/api', '/docs', '/openapi', '/problems', '/pages/config.json', '/pages/theme.css', '/pages/logo'].map(
        (place) => [place, { target: server, changeOrigin: false }],
      ),
    ),
  },
};

/** In development, pages are at their own paths; once built, all files are under /pages/. */
export default ({ command }: Pick<ConfigEnv, 'command'>): UserConfig =>
  command === 'build' ? { ...config, base: '/pages/' } : config;
