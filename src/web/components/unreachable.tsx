import { useEffect } from 'preact/hooks';
import { english } from '../english.ts';
import { Button } from './button.tsx';

const retryMs = 5000;

/** Stands for a page whose data could not be loaded, and tries again by itself. */
export function Unreachable({ service, retry }: { readonly service: string; readonly retry: () => void }) {
  useEffect(() => {
    const timer = setInterval(retry, retryMs);
    addEventListener('online', retry);
    return () => {
      clearInterval(timer);
      removeEventListener('online', retry);
    };
  }, [retry]);
  return (
    <main class="page">
      <div class="stack" role="alert">
        <div class="heading">
          <h1>{english.unreachable(service)}</h1>
          <p class="lead">{english.unreachableHint}</p>
        </div>
        <Button onClick={retry}>{english.form.tryNow}</Button>
      </div>
    </main>
  );
}
