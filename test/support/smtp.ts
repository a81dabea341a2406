/** A mail server in this process, which takes, puts off and refuses mail as a test says. */
import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { SMTPServer, type SMTPServerOptions } from 'smtp-server';
import { parseMessage, type ParsedMessage } from './mime.ts';

export interface ReceivedMail extends ParsedMessage {
  /** The envelope: where it came from, and whom it is for. */
  readonly sender: string;
  readonly recipients: readonly string[];
  /** Whether it came over TLS, and who had signed in. */
  readonly secure: boolean;
  readonly user: string | undefined;
}

/** What a server answers a step with, instead of taking the mail; `undefined` takes it. */
type Refusal = { readonly code: number; readonly words: string } | undefined;

export interface Behaviour {
  /** Reply to a recipient, or to the whole message. */
  readonly recipient?: (address: string) => Refusal;
  readonly message?: (mail: ReceivedMail) => Refusal | Promise<Refusal>;
  /** The only user; without one, anybody may send. */
  readonly login?: { readonly user: string; readonly password: string };
  readonly options?: SMTPServerOptions;
}

export interface MailServer {
  readonly port: number;
  /** What it took, oldest first. */
  readonly received: readonly ReceivedMail[];
  readonly stop: () => Promise<void>;
}

export interface Certificate {
  /** Self-signed, and so its own authority, in PEM. */
  readonly cert: string;
  readonly key: string;
  readonly file: string;
  readonly remove: () => Promise<void>;
}

/** A certificate for localhost; `undefined` without openssl on the PATH. */
export async function makeCertificate(): Promise<Certificate | undefined> {
  const directory = await mkdtemp(path.join(tmpdir(), 'latchkey-certificate-'));
  const remove = () => rm(directory, { recursive: true });
  const [file, key] = [path.join(directory, 'cert.pem'), path.join(directory, 'key.pem')];
  const curve = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
  const names = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost'];
  try {
    await promisify(execFile)('openssl', [
      'req',
      '-x509',
      ...curve,
      '-days',
      '1',
      ...names,
      '-out',
      file,
      '-keyout',
      key,
    ]);
  } catch (error) {
    await remove();
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
  return { cert: await readFile(file, 'utf8'), key: await readFile(key, 'utf8'), file, remove };
}

export async function startMailServer(behaviour: Behaviour, port = 0): Promise<MailServer> {
  const { recipient, message, login, options } = behaviour;
  const received: ReceivedMail[] = [];
  const server = new SMTPServer({
    authOptional: login === undefined,
    // Without a certificate of the test's own there is no TLS.
    disabledCommands: options?.key === undefined ? ['STARTTLS'] : [],
    allowInsecureAuth: true,
    closeTimeout: 100,
    onAuth({ username, password }, _session, callback) {
      if (username === login?.user && password === login?.password) callback(null, { user: username });
      else callback(refused({ code: 535, words: '5.7.8 Authentication credentials invalid' }));
    },
    onRcptTo({ address }, _session, callback) {
      callback(refused(recipient?.(address)));
    },
    onData(stream, { envelope, secure, user }, callback) {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => void chunks.push(chunk));
      stream.on('end', () => {
        const mail: ReceivedMail = {
          ...parseMessage(Buffer.concat(chunks).toString()),
          sender: envelope.mailFrom === false ? '' : envelope.mailFrom.address,
          recipients: envelope.rcptTo.map(({ address }) => address),
          secure,
          user: user as string | undefined,
        };
        void Promise.resolve(message?.(mail)).then((refusal) => {
          if (!refusal) received.push(mail);
          callback(refused(refusal));
        });
      });
    },
    ...options,
  });
  // A client that is killed, or that refuses the certificate, is no fault of the server.
  server.on('error', () => {});
  const listener = server.listen(port, '127.0.0.1');
  await once(listener, 'listening');
  return {
    port: (listener.address() as AddressInfo).port,
    received,
    stop: () => new Promise((resolve) => server.close(resolve)),
  };
}

function refused(refusal: Refusal): Error | null {
  return refusal ? Object.assign(new Error(refusal.words), { responseCode: refusal.code }) : null;
}
