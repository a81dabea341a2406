import { useEffect, useRef, useState } from 'preact/hooks';
import { Button } from '../../components/button.tsx';
import { download } from '../../download.ts';
import { english } from '../../english.ts';
import { useServices } from '../../services.ts';

const text = english.recoveryCodes;

export interface RecoveryCodesProps {
  readonly codes: readonly string[];
  readonly done: () => void;
}

/** Shows recovery codes, this once. The browser asks back before it leaves the page, until somebody says that they are kept. */
export function RecoveryCodes({ codes, done }: RecoveryCodesProps) {
  const { configuration } = useServices();
  const [isKept, setKept] = useState(false);
  const [isCopied, setCopied] = useState(false);
  const [isAsked, setAsked] = useState(false);
  const title = useRef<HTMLHeadingElement>(null);
  const lines = codes.join('\n');

  useEffect(() => title.current?.focus(), []);
  useEffect(() => {
    if (isKept) return undefined;
    const stay = (event: BeforeUnloadEvent) => event.preventDefault();
    addEventListener('beforeunload', stay);
    return () => removeEventListener('beforeunload', stay);
  }, [isKept]);

  return (
    <div class="stack">
      <div class="notice stack tight">
        <h3 tabIndex={-1} ref={title}>
          {text.title}
        </h3>
        <p>{text.lead}</p>
      </div>
      <ul class="account-codes" aria-label={text.name}>
        {codes.map((code) => (
          <li key={code}>{code}</li>
        ))}
      </ul>
      <div class="actions">
        <Button look="secondary" onClick={() => void navigator.clipboard.writeText(lines).then(() => setCopied(true))}>
          <span role="status">{isCopied ? text.copied : text.copy}</span>
        </Button>
        <Button
          look="secondary"
          onClick={() => download(`${lines}\n`, text.file(configuration.service_name), 'text/plain')}
        >
          {text.download}
        </Button>
        <Button look="secondary" onClick={() => print()}>
          {text.print}
        </Button>
      </div>
      <div class="stack tight">
        <label class="tick">
          <input
            type="checkbox"
            checked={isKept}
            aria-describedby={isAsked && !isKept ? 'keep-first' : undefined}
            onChange={({ currentTarget }) => setKept(currentTarget.checked)}
          />
          {text.kept}
        </label>
        <p class="hint" role="status" id="keep-first">
          {isAsked && !isKept && text.keepFirst}
        </p>
        <div>
          <Button onClick={() => (isKept ? done() : setAsked(true))}>{text.done}</Button>
        </div>
      </div>
    </div>
  );
}
