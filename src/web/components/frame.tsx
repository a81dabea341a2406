import { useLocation } from 'preact-iso';
import type { ComponentChildren } from 'preact';
import { english } from '../english.ts';
import { useServices } from '../services.ts';

const footerLinks = ['terms', 'privacy', 'support'] as const;

/** What surrounds every page: the service's name on top, its links at the foot. */
export function Frame({ children }: { readonly children: ComponentChildren }) {
  const { configuration } = useServices();
  const { service_name: service, has_logo: hasLogo, links } = configuration;
  const { path } = useLocation();
  const shown = footerLinks.flatMap((name) => (links[name] === undefined ? [] : [{ name, href: links[name] }]));
  return (
    <div class="frame">
      {/* Low before the console's own styles are loaded, so that nothing jumps. */}
      <header class={/^\/console(\/|$)/.test(path) ? 'masthead low' : 'masthead'}>
        <a class="brand" href="/">
          {hasLogo ? <img src="/pages/logo" alt="" /> : <Key />}
          {service}
        </a>
      </header>
      {children}
      {shown.length > 0 && (
        <footer class="footer">
          {shown.map(({ name, href }) => (
            <a key={name} href={href}>
              {english.links[name]}
            </a>
          ))}
        </footer>
      )}
    </div>
  );
}

function Key() {
  return (
    <svg viewBox="0 0 32 32" width="32" height="32" aria-hidden="true">
      <rect width="32" height="32" rx="9" />
      <path d="M16 8a4.5 4.5 0 0 0-2.2 8.4L12.6 23h6.8l-1.2-6.6A4.5 4.5 0 0 0 16 8Z" />
    </svg>
  );
}
