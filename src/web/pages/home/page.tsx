import { useState } from 'preact/hooks';
import { Button } from '../../components/button.tsx';
import { Page } from '../../components/page.tsx';
import { english } from '../../english.ts';
import { useServices } from '../../services.ts';
import './home.css';

const text = english.home;

/** What runs here, and where to go. */
export default function Home() {
  const { configuration } = useServices();
  const { service_name: service, registration, production } = configuration;
  return (
    <Page title={text.title(service)} lead={text.lead} isWide>
      <div class="home-ways">
        <a class="button" href="/sign-in">
          {text.signIn}
        </a>
        {registration !== 'closed' && (
          <a class="button secondary" href="/register">
            {text.register}
          </a>
        )}
      </div>
      <nav class="home-places" aria-label={text.places}>
        <Place href="/account" name={text.account} hint={text.accountHint} />
        <Place href="/console" name={text.console} hint={text.consoleHint} />
        <Place href="/docs" name={text.docs} hint={text.docsHint} />
        <Place href="/docs/try" name={text.tryOut} hint={text.tryOutHint} />
        <Place href="/openapi.json" name={text.contract} hint={text.contractHint} />
      </nav>
      {!production && <FirstAdministrator />}
    </Page>
  );
}

function Place({ href, name, hint }: { readonly href: string; readonly name: string; readonly hint: string }) {
  return (
    <a class="home-place" href={href}>
      <strong>{name}</strong>
      <span>{hint}</span>
    </a>
  );
}

function FirstAdministrator() {
  const [isCopied, setCopied] = useState(false);
  const command = text.administratorCommand.join(' ');
  return (
    <section class="home-administrator" aria-labelledby="administrator">
      <h2 id="administrator">{text.administrator}</h2>
      <p class="note">{text.administratorHint}</p>
      <div class="home-command">
        <pre>
          <code>
            {text.administratorCommand.map((part, index) => (
              <span key={part}>
                {index > 0 && ' '}
                <span class="home-part">{part}</span>
              </span>
            ))}
          </code>
        </pre>
        <Button
          look="secondary"
          onClick={() => void navigator.clipboard.writeText(command).then(() => setCopied(true))}
        >
          <span role="status">{isCopied ? text.copied : text.copy}</span>
        </Button>
      </div>
      <p class="note small">{text.administratorImage}</p>
    </section>
  );
}
