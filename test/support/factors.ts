/** Second factors of test persons: an authenticator app, and codes as it shows them. */
import { expect } from 'chai';
import { contextOf } from '../../src/features/factors/totp.service.ts';
import { codeAt, stepAt } from '../../src/features/factors/totp.ts';
import { createSealing } from '../../src/platform/sealing.ts';
import type { SignedIn, TestApp } from './app.ts';

type Owner = Pick<SignedIn, 'accessToken'>;

/** An authenticator app with the secret that it was given. */
export interface Authenticator {
  readonly factorId: string;
  readonly secret: string;
  /** What it shows now, or so many steps later; a code works once, so the next takes a later step. */
  code(steps?: number): string;
}

/** One that was confirmed, with the recovery codes that came with it. */
export interface Confirmed extends Authenticator {
  readonly recoveryCodes: readonly string[];
}

/** Adds an authenticator app that is not confirmed yet. */
export async function enrolTotp(app: TestApp, { accessToken: token }: Owner, name = 'Phone'): Promise<Authenticator> {
  const { status, body } = await app.send('post', '/auth/factors/totp', { token, json: { name } });
  expect(status, JSON.stringify(body)).to.equal(201);
  const secret = body.secret as string;
  const seed = readBase32(secret);
  return { factorId: body.factor_id as string, secret, code: (steps = 0) => codeAt(seed, stepAt(Date.now()) + steps) };
}

/** Adds an authenticator app and confirms it by its current code. */
export async function addTotp(app: TestApp, owner: Owner, name = 'Phone'): Promise<Confirmed> {
  const authenticator = await enrolTotp(app, owner, name);
  const { status, body } = await confirmTotp(app, owner, authenticator, authenticator.code());
  expect(status, JSON.stringify(body)).to.equal(200);
  return { ...authenticator, recoveryCodes: body.recovery_codes as string[] };
}

export function confirmTotp(
  app: TestApp,
  { accessToken: token }: Owner,
  { factorId }: Pick<Authenticator, 'factorId'>,
  code: string,
) {
  return app.send('post', `/auth/factors/${factorId}/confirm`, { token, json: { code } });
}

/** What the app shows that was enrolled last and is not confirmed, as inputs of a workflow; nothing if there is none. */
export async function shownCode({ context }: TestApp): Promise<Record<string, string>> {
  const rows = context.database.pool('factors').join('totp_seeds', 'factor_id', 'id').whereNull('confirmed_at');
  const row = (await rows.orderBy('created_at', 'desc').first()) as PendingSeed | undefined;
  if (!row) return {};
  const seed = createSealing(context.keys.factorSeeds).open(row.seed, contextOf(row.id, row.user_id))!;
  return { factor_id: row.id, code: codeAt(seed, stepAt(Date.now())) };
}

interface PendingSeed {
  readonly id: string;
  readonly user_id: string;
  readonly seed: Buffer;
}

/** Lets the app's codes be used again, so that a test need not wait for the next step. */
export async function forgetSteps(app: TestApp, { factorId }: Pick<Authenticator, 'factorId'>): Promise<void> {
  await app.context.database.pool('totp_seeds').where({ factor_id: factorId }).update({ last_step: 0 });
}

/** The bytes of a text in base32 (RFC 4648), bit by bit. */
export function readBase32(text: string): Buffer {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
  const bits = Array.from(text, (letter) => alphabet.indexOf(letter).toString(2).padStart(5, '0')).join('');
  return Buffer.from((bits.match(/.{8}/g) ?? []).map((byte) => parseInt(byte, 2)));
}
