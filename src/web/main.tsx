import { render } from 'preact';
import { createClient } from '../../openapi/clients/typescript/index.ts';
import { App } from './app.tsx';
import { loadConfiguration } from './configuration.ts';
import { Unreachable } from './components/unreachable.tsx';
import { createProofs } from './proofs.ts';

const place = document.getElementById('app');
if (!place) throw new Error('the page has no place for the app');

async function start(into: HTMLElement): Promise<void> {
  try {
    const configuration = await loadConfiguration();
    const proofs = createProofs();
    const client = createClient({ baseUrl: '', session: 'cookie', proveAgain: () => proofs.ask('proof') });
    const kept = new Map<string, unknown>();
    client.onChange(() => kept.clear());
    render(<App services={{ client, configuration, proofs, kept, typed: { email: '' } }} />, into);
  } catch {
    render(<Unreachable service={document.title} retry={() => void start(into)} />, into);
  }
}

// A page that the Back button brings back as it was may show who has signed out since.
addEventListener('pageshow', ({ persisted }) => {
  if (persisted) location.reload();
});
await start(place);
