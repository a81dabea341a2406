/** The page at /docs/try: every operation of the contract, and a session to send them with. */
import { offeredContract, openPaths, ownRefreshToken, type Contract } from './offered.ts';
import { resolving } from './resolving.ts';
import {
  accessToken,
  forget,
  isSignedIn,
  keep,
  openSession,
  refreshToken,
  renew,
  signIn,
  SignInError,
  signOut,
  whoAmI,
  type TokenPair,
} from './session.ts';

interface SentRequest {
  url: string;
  headers: Record<string, string>;
  body?: string;
}

interface ReceivedResponse {
  readonly url: string;
  readonly status: number;
  readonly text: string;
}

declare const SwaggerUIBundle: (options: object) => void;

const [signInForm, signedInForm, who, notice] = ['sign-in', 'signed-in', 'who', 'notice'].map((id) =>
  document.getElementById(id),
) as [HTMLFormElement, HTMLFormElement, HTMLElement, HTMLElement];

const contract = (await (await fetch('/openapi.json')).json()) as Contract;
const basePath = new URL(contract.servers[0]?.url ?? '', document.baseURI).pathname;
const open = openPaths(contract, basePath);

openSession(basePath, (reason = '') => {
  notice.textContent = reason;
  void showSession();
});
followColourScheme();
signInForm.addEventListener('submit', (event) => {
  event.preventDefault();
  void submitSignIn();
});
signedInForm.addEventListener('submit', (event) => {
  event.preventDefault();
  void signOut();
});
await showSession();

SwaggerUIBundle({
  spec: offeredContract(contract, basePath),
  dom_id: '#operations',
  deepLinking: true,
  tryItOutEnabled: true,
  defaultModelsExpandDepth: -1,
  displayRequestDuration: true,
  plugins: [{ wrapComponents: { InfoContainer: () => () => null } }, resolving],
  requestInterceptor: authorize,
  responseInterceptor: followSession,
  validatorUrl: null,
});

async function submitSignIn(): Promise<void> {
  const { email, password } = Object.fromEntries(new FormData(signInForm)) as Record<string, string>;
  notice.textContent = 'Signing in …';
  try {
    await signIn(email ?? '', password ?? '');
    signInForm.reset();
  } catch (error) {
    notice.textContent = error instanceof SignInError ? error.message : 'The server cannot be reached.';
    signInForm.querySelector<HTMLInputElement>('[name=password]')?.select();
  }
}

async function showSession(): Promise<void> {
  signInForm.hidden = isSignedIn();
  signedInForm.hidden = !isSignedIn();
  if (!isSignedIn()) return;
  const person = await whoAmI().catch(() => undefined);
  who.textContent = person ? `${person.email} (${person.role})` : '…';
}

async function authorize(request: SentRequest): Promise<SentRequest> {
  const token = await accessToken();
  const { pathname } = new URL(request.url, document.baseURI);
  if (token && !open.has(pathname)) request.headers['Authorization'] = `Bearer ${token}`;
  const own = refreshToken();
  if (own && request.body) request.body = request.body.replace(ownRefreshToken, own);
  return request;
}

/** Signing in and out by hand also changes the page's session. */
async function followSession(response: ReceivedResponse): Promise<ReceivedResponse> {
  const { url, status, text } = response;
  if (status === 200 && /\/auth\/(login|refresh)$/.test(url)) keep(JSON.parse(text) as TokenPair);
  if (status === 204 && url.endsWith('/auth/logout')) forget();
  if (status === 401 && text.includes('"invalid_token"')) await renew();
  return response;
}

function followColourScheme(): void {
  const dark = matchMedia('(prefers-color-scheme: dark)');
  const follow = () => document.documentElement.classList.toggle('dark-mode', dark.matches);
  dark.addEventListener('change', follow);
  follow();
}
