import { expect } from 'chai';
import { createHash, randomBytes } from 'node:crypto';
import { v7 as createId } from 'uuid';
import { createRefreshTokens } from '../../../src/features/sessions/refresh-tokens.ts';
import { deriveKeys } from '../../../src/platform/keys.ts';

const oldKey = 'Vf3kP0zQmXw7RyT2LbNc9HsJd5GaEu81';
const newKey = 'mH6tZ1sWqYv4NxB8KcRj0LpDf3GaEo29';
const tokensOf = (...secrets: string[]) => createRefreshTokens(deriveKeys(secrets));
const aSession = (generation = 0) => ({ id: createId(), generation, secret: randomBytes(32) });

describe('refresh tokens', () => {
  const tokens = tokensOf(oldKey);
  const isGenuine = (text: string, secret: Buffer, by = tokens) => {
    const token = by.read(text);
    return token !== undefined && by.isGenuine(token, secret);
  };

  it('name their session and its generation', () => {
    const session = aSession(1_000_000);

    const text = tokens.make(session);

    expect(text).to.match(/^lkr_[\w-]{72}$/);
    expect(tokens.read(text)).to.include({ sessionId: session.id, generation: 1_000_000 });
    expect(isGenuine(text, session.secret)).to.equal(true);
  });

  it('are the same on every server', () => {
    const session = aSession(3);

    expect(tokensOf(oldKey).make(session)).to.equal(tokens.make(session));
  });

  it('differ by session, generation, secret and key', () => {
    const session = aSession();
    const made = [
      tokens.make(session),
      tokens.make({ ...session, id: createId() }),
      tokens.make({ ...session, generation: 1 }),
      tokens.make({ ...session, secret: randomBytes(32) }),
      tokensOf(newKey).make(session),
    ];

    expect(new Set(made).size).to.equal(5);
    expect(new Set(made.map((text) => Buffer.from(text.slice(4), 'base64url').toString('hex', 22))).size).to.equal(5);
  });

  it('are made with the newest key and accepted with any', () => {
    const session = aSession();
    const rotated = tokensOf(newKey, oldKey);

    expect(rotated.make(session)).to.equal(tokensOf(newKey).make(session));
    expect(isGenuine(tokens.make(session), session.secret, rotated)).to.equal(true);
    expect(isGenuine(tokens.make(session), session.secret, tokensOf(newKey))).to.equal(false);
  });

  it("can't be computed from the stored data without the key, nor from the key without the stored data", () => {
    const session = aSession();
    const { proofs } = tokens.read(tokens.make(session))!;
    const named = Buffer.from(tokens.make(session).slice(4), 'base64url').subarray(0, 22);
    const tag = (...parts: Buffer[]) => createHash('sha256').update(Buffer.concat(parts)).digest();
    const forged = [
      tag(session.secret),
      tag(named, session.secret),
      tag(session.secret, named),
      tag(proofs[0]!),
      tag(proofs[0]!, Buffer.alloc(32)),
      proofs[0]!,
    ].map((each) => `lkr_${Buffer.concat([named, each]).toString('base64url')}`);

    for (const text of forged) expect(isGenuine(text, session.secret), text).to.equal(false);
  });

  it('are invalid if any bit is changed', () => {
    const session = aSession();
    const bytes = Buffer.from(tokens.make(session).slice(4), 'base64url');

    for (let bit = 0; bit < bytes.length * 8; bit++) {
      const changed = Buffer.from(bytes);
      changed[bit >> 3]! ^= 1 << (bit & 7);
      const text = `lkr_${changed.toString('base64url')}`;
      expect(isGenuine(text, session.secret), `bit ${bit}`).to.equal(false);
    }
  });

  it('have only one spelling', () => {
    const text = tokens.make(aSession());
    const others = [
      text.slice(0, -1),
      `${text}A`,
      `${text}=`,
      ` ${text}`,
      text.replace('lkr_', 'LKR_'),
      text.slice(4),
      '',
    ];

    for (const other of [...others, text.replace(/.$/, '+'), text.replace(/.$/, '\n')]) {
      expect(tokens.read(other), other).to.equal(undefined);
    }
  });

  it("have no generation beyond PostgreSQL's integers", () => {
    const last = 2 ** 31 - 2;

    expect(tokens.read(tokens.make(aSession(last)))).to.have.property('generation', last);
    expect(tokens.read(tokens.make(aSession(last + 1)))).to.equal(undefined);
    expect(tokens.read(tokens.make(aSession(2 ** 48 - 1)))).to.equal(undefined);
  });
});
