import type { ComponentType } from 'preact';
import { ErrorBoundary, lazy, LocationProvider, Route, Router } from 'preact-iso';
import { Frame } from './components/frame.tsx';
import { Page } from './components/page.tsx';
import { english } from './english.ts';
import { ServicesProvider, type Services } from './services.ts';

// One folder for each page. It is loaded when somebody opens it.
const pages = Object.entries(import.meta.glob<{ default: ComponentType }>('./pages/**/page.tsx'))
  .map(([file, load]) => ({ path: pathOf(file), component: lazy(load) }))
  // A fixed name, such as /console/users/new, is no id: the router takes the first path that fits.
  .sort((one, other) => Number(one.path.includes(':')) - Number(other.path.includes(':')));

// Links to anything else, such as the docs, leave the pages.
const ours = new RegExp(`^(${pages.map(({ path }) => path.replaceAll(/:\w+/g, '[^/?#]+')).join('|')})([?#]|$)`);

/** All pages, of which the address chooses one. */
export function App({ services }: { readonly services: Services }) {
  return (
    <ServicesProvider value={services}>
      <LocationProvider scope={ours}>
        <Frame>
          <ErrorBoundary>
            <Router>
              {pages.map(({ path, component }) => (
                <Route key={path} path={path} component={component} />
              ))}
              <Route default component={NotFound} />
            </Router>
          </ErrorBoundary>
        </Frame>
      </LocationProvider>
    </ServicesProvider>
  );
}

/** `./pages/account/page.tsx` is at /account, `./pages/home/page.tsx` at /; a folder `[id]` is any name. */
function pathOf(file: string): string {
  const folder = file.replace('./pages/', '').replace('/page.tsx', '');
  return folder === 'home' ? '/' : `/${folder.replaceAll(/\[(\w+)\]/g, ':$1')}`;
}

function NotFound() {
  return (
    <Page title={english.notFound.title} lead={english.notFound.lead}>
      <a href="/">{english.notFound.home}</a>
    </Page>
  );
}
