import { expect } from 'chai';
import { readForeignHash } from '../../../src/features/passwords/foreign/foreign-hash.ts';
import { portableHash, storedHash } from '../../../src/features/passwords/foreign/portable-hash.ts';
import { passwordsAt } from './watched-passwords.ts';

const password = 'seven green kites, Zürich';
const passwords = passwordsAt(4);

/** Made of this password by Python's hashlib and bcrypt, argon2-cffi, passlib and Django. */
const hashes: Readonly<Record<string, string>> = {
  'bcrypt 2a': '$2a$05$gm/9XMlTCGiC7vO4.cVQ5eBoBy2OPQeXFj5e1MUiedzYCV2IGpqAq',
  'bcrypt 2b': '$2b$05$f9Ob8ZxoRR1/78DUHgnZP.sPSdNrSd9A//YM4u8A4O.1Lw.LFbCLe',
  'bcrypt 2y': '$2y$05$wE7mzSVsycQuHnUI9HSv4.aJJOe10Q0SUtrV9VU65A3RvdCCwoGIC',
  argon2id: '$argon2id$v=19$m=1024,t=2,p=2$MDEyMzQ1Njc4OWFiY2RlZg$yDAZBrXpL6M1KUQ7Ak4RfwcKDSmpJOtmGB/BBbCczMY',
  argon2i: '$argon2i$v=19$m=512,t=3,p=1$MDEyMzQ1Njc4OWFiY2RlZg$NuZcDzGYWYBujbyx6RzL1T2rhyTm2YFK',
  'argon2i without a version': '$argon2i$m=512,t=3,p=1$MDEyMzQ1Njc4OWFiY2RlZg$t2C4Lav9eZi9sxgSLo6gk0kizhT6DFje',
  "passlib's Argon2":
    '$argon2id$v=19$m=2048,t=2,p=4$qLUWQmgthfC+N4YQorSWMg$147YxeF23g3YFqeoa/ToGZ9kpPXitv8ObrSc/RmbcsA',
  scrypt: '$scrypt$ln=11,r=8,p=2$c2FsdHNhbHRzYWx0$Q+FogUzZJbaH8Nk+H1j70pUgEfNenxH21tA0JWKr9CM',
  "passlib's scrypt": '$scrypt$ln=10,r=8,p=1$7f2/V6qVcu5dSwkhJORcyw$7efp/F2wtEt90iw4G5V5LCURr49AIZlpdLpJSj85UfA',
  "Better Auth's scrypt":
    '$better-auth$8f14e45fceea167a5a36dedd4bea2543:f91fac2fbc2e1ff5d8f4f66fff6c93a53538e1f413c887bd8bb8c5cf7ed8e607' +
    '8f41894972c3104f223e423e264c6b55748a78ea95ca086703015049bd9471fe',
  'PBKDF2 with twice the output of SHA-256, as Keycloak has it':
    '$pbkdf2-sha256$i=1500,l=64$c2FsdHNhbHRzYWx0c2FsdA$7z7hpqAE/Msb5oCsGvak/BiSVnpyrVzGtMobaU7iEUMXYF5XGeTwxOjDE8/' +
    'U90OejwKbl0MyoGRH2uobQHaoIA',
  'PBKDF2 of SHA-512':
    '$pbkdf2-sha512$i=2100$c2FsdHNhbHRzYWx0c2FsdA$t+uuZrBXcUlvokFdRUOVubz4+l5RbkK9xd9L6R+hro/s+69ZrL/8B1w+eUdDImwJ' +
    'UDayP8LgYVpqigF0mrse2Q',
  "passlib's PBKDF2 of SHA-1": '$pbkdf2$1000$D4EwBoAQQujde2/N.b83xg$65tUKaWjqqC36ktVRUtKcgYjU2E',
  "passlib's PBKDF2 of SHA-256":
    '$pbkdf2-sha256$1000$ZGztHaMUgpAyZqx1jnEuhQ$u/6u1gKoCdizqwrRysdputknPv9hTT4HReiZYOPL6jw',
  "passlib's PBKDF2 of SHA-512":
    '$pbkdf2-sha512$1000$hbA2ZixlLKVUipGyNuZ8zw$VKgCwI0UhiLwOY.WPKwqBhUCirAhUoy8/0xsFcjwXIEqMWqTMDvaGgq5G0uX70Tuz' +
    'Rgt.FTDb5KvZCVE4F8glQ',
  "Django's PBKDF2": 'pbkdf2_sha256$2000$SodiumChloride42$GT6q+CpLgeqwp5SbFDKe0X8PZrGHnfFVraklZ8+MWDA=',
  "Django's PBKDF2 of SHA-1": 'pbkdf2_sha1$2000$SodiumChloride42$qpZLNQSMXiUKmDGEtXNSWEiser0=',
  "Django's Argon2":
    'argon2$argon2id$v=19$m=1024,t=2,p=8$U29kaXVtQ2hsb3JpZGU0Mg$xDUZD8axr1nRNfGdmw8E5gP6tqNjIhghJcP021rj7QI',
  "Django's bcrypt of SHA-256": 'bcrypt_sha256$$2b$05$5dbVqlFF4hmmUGQG69aLmedYqlXUpdEhsRnIWQvJvjR1QlKGDLFCu',
  "Django's bcrypt": 'bcrypt$$2b$05$gYd/Ti9kc7Lb1Mjt1Wj/CeLYKUmSrMnhKlAp/bD417Y79wyhpr.7e',
  "Django's scrypt":
    'scrypt$1024$SodiumChloride42$8$3$S2I8aOKGKWbfnEIeYNj5m7RxyCSw0YdTf3gnIB1ad9vheEkP142iPvwQW3pkUZZHlYNFjsAf8gHK' +
    'p770p5BOyQ==',
};

/** The example that Firebase publishes with its own implementation, of another password. */
const firebase =
  '$fbscrypt$v=1,n=14,r=8,p=1,ss=Bw==,sk=jxspr8Ki0RYycVU8zykbdLGjFQ3McFUH0uiiTvC8pVMXAn210wjLNmdZJzxUECKbm0QsEmYUSDzZv' +
  'pjeJ9WmXA==$42xEC+ixf3L2lw==$lSrfV15cpx95/sZS2W9c9Kp6i/LVgQNDNC/qzrCnh1SAyZvqmZqAjTdn3aoItz+VHjoZilo78198JAdRuid5lQ==';

function stored(hash: string): string {
  const result = storedHash(hash);
  if (typeof result === 'string') throw new Error(`${hash} is ${result}`);
  return result.stored;
}

describe('hashes of other systems', () => {
  for (const [what, hash] of Object.entries(hashes)) {
    it(`match their password and no other: ${what}`, async () => {
      expect(await passwords.verify(password, stored(hash))).to.equal('outdated');
      expect(await passwords.verify(`${password}!`, stored(hash))).to.equal(undefined);
      expect(await passwords.verify('', stored(hash))).to.equal(undefined);
    });

    it(`are exported as they came: ${what}`, () => {
      expect(portableHash(stored(hash))).to.equal(hash);
    });
  }

  it("match their password and no other: Firebase's scrypt", async () => {
    expect(await passwords.verify('user1password', stored(firebase))).to.equal('outdated');
    expect(await passwords.verify('user2password', stored(firebase))).to.equal(undefined);
    expect(portableHash(stored(firebase))).to.equal(firebase);
  });

  it('match as typed or normalised, since some systems normalise and some do not', async () => {
    const [composed, decomposed] = [password.normalize('NFC'), password.normalize('NFD')];
    const ofDecomposed = 'pbkdf2_sha256$2000$SodiumChloride42$Gmclb8/nsHEQ08lEwXg2/cuAcutPOp0j+B+m1FHkl2Q=';
    const ofComposed = hashes["Django's PBKDF2"]!;

    expect(await passwords.verify(decomposed, ofDecomposed)).to.equal('outdated');
    expect(await passwords.verify(composed, ofDecomposed)).to.equal(undefined);
    expect(await passwords.verify(decomposed, ofComposed)).to.equal('outdated');
  });

  it('of bcrypt end at 72 bytes, as in the systems they come from', async () => {
    const long = 'x'.repeat(72);
    const hash = stored('$2b$04$8uRl2mR21CTvQzUFpVUFPuTfui1CPohi.L4QAdDbvEYgNZb8Uu4am');

    expect(await passwords.verify(`${long} and more`, hash)).to.equal('outdated');
    expect(await passwords.verify(long.slice(1), hash)).to.equal(undefined);
  });

  it('are not mistaken for our own, and ours not for theirs', async () => {
    const own = await passwords.hash(password);

    expect(portableHash(own)).to.equal(`$latchkey${own}`);
    expect(stored(`$latchkey${own}`)).to.equal(own);
    expect(await passwords.verify(password, own)).to.equal('current');
    expect(await passwords.verify(password, stored(own))).to.equal(undefined);
    expect(await passwords.verify(password, hashes['bcrypt 2b'])).to.equal(undefined);
  });

  it('are not exported where there is no password', () => {
    for (const none of ['', '!', '$2b$05$short']) expect(portableHash(none)).to.equal(undefined);
  });

  const salt = 'c2FsdHNhbHRzYWx0c2FsdA';
  const digest = 'GT6q+CpLgeqwp5SbFDKe0X8PZrGHnfFVraklZ8+MWDA';
  const refused: [string, string, string][] = [
    ['too_costly', 'bcrypt of a minute', `$2b$20$${'.'.repeat(53)}`],
    ['too_costly', 'our own of a minute', `$latchkey$2b$20$${'.'.repeat(53)}`],
    ['too_costly', 'Argon2 in 4 GiB', `$argon2id$v=19$m=4194304,t=1,p=1$${salt}$${digest}`],
    ['too_costly', 'Argon2 in 100 passes', `$argon2id$v=19$m=65536,t=100,p=1$${salt}$${digest}`],
    ['too_costly', 'Argon2 on 200 lanes', `$argon2id$v=19$m=65536,t=1,p=200$${salt}$${digest}`],
    ['too_costly', 'scrypt in 1 GiB', `$scrypt$ln=20,r=8,p=1$${salt}$${digest}`],
    ['too_costly', 'scrypt with large blocks', `$scrypt$ln=4,r=9999,p=9999$${salt}$${digest}`],
    ['too_costly', 'scrypt a hundred times', `$scrypt$ln=16,r=8,p=100$${salt}$${digest}`],
    ['too_costly', "Firebase's scrypt in 1 GiB", firebase.replace('n=14', 'n=20')],
    ['too_costly', 'PBKDF2 of a billion iterations', `$pbkdf2-sha256$i=1000000000$${salt}$${digest}`],
    ['too_costly', 'PBKDF2 of more iterations than a number of 32 bits', `pbkdf2_sha256$99999999999$salt$${digest}`],
    ['too_costly', 'scrypt a million times', `$scrypt$ln=10,r=8,p=1000000$${salt}$${digest}`],
    ['too_costly', 'PBKDF2 of many blocks', `pbkdf2_sha1$2000000$salt$${'A'.repeat(160)}`],
    ['malformed', 'bcrypt that was cut', '$2b$12$f9Ob8ZxoRR1/78DUHgnZP.sPSdNrSd9A'],
    ['malformed', 'bcrypt of a faulty kind', hashes['bcrypt 2a']!.replace('2a', '2x')],
    ['malformed', 'bcrypt below its least cost', `$2b$03$${'.'.repeat(53)}`],
    ['malformed', 'our own that was cut', '$latchkey$2b$12$f9Ob8ZxoRR1'],
    ['malformed', 'Argon2 without lanes', `$argon2id$v=19$m=1024,t=2,p=0$${salt}$${digest}`],
    ['malformed', 'Argon2 without a salt', `$argon2id$v=19$m=1024,t=2,p=1$$${digest}`],
    ['malformed', 'a digest of four bytes', `$pbkdf2-sha256$i=1000$${salt}$AAAAAA`],
    ['malformed', 'a digest of another length than it says', `$pbkdf2-sha256$i=1000,l=64$${salt}$${digest}`],
    ['malformed', 'a digest that is no base64', `$pbkdf2-sha256$i=1000$${salt}$${digest.slice(1)}!`],
    ['malformed', 'no iterations', `$pbkdf2-sha256$i=0$${salt}$${digest}`],
    ['malformed', 'an N that is no power of two', `scrypt$1000$salt$8$1$${digest}`],
    ['malformed', 'a signer key of another length', firebase.replace('sk=jxspr8Ki', 'sk=')],
    ['malformed', 'a hash of a page', `$argon2id$${'A'.repeat(5000)}`],
    ['unknown', 'MD5', '5f4dcc3b5aa765d61d8327deb882cf99'],
    ['unknown', 'Argon2d', `$argon2d$v=19$m=1024,t=2,p=1$${salt}$${digest}`],
    ['unknown', 'the mark that hashes have where they are stored', '$bcrypt$2b$05$' + '.'.repeat(53)],
    ['unknown', 'no password', '!'],
    ['unknown', 'nothing', ''],
  ];
  for (const [fault, what, hash] of refused) {
    it(`are refused as ${fault.replace('_', ' ')}: ${what}`, async () => {
      expect(storedHash(hash)).to.equal(fault);
      // Nor do they cost more than no hash if somebody wrote them into the table.
      if (!hash.startsWith('$2') && !hash.startsWith('$latchkey') && !hash.startsWith('$bcrypt')) {
        expect(readForeignHash(hash)).to.be.a('string');
        expect(await passwords.verify(password, hash)).to.equal(undefined);
      }
    });
  }

  it('never fail at a sign-in if they were accepted, whatever their parameters', async () => {
    const numbers = [0, 1, 2, 3, 7, 8, 16, 17, 64, 255];
    let accepted = 0;
    for (const a of numbers) {
      for (const b of numbers) {
        for (const hash of [
          `$argon2id$v=19$m=${a * 8},t=1,p=${b}$${salt}$${digest}`,
          `$argon2i$m=64,t=${a},p=1$${'A'.repeat(b)}$${digest}`,
          `$argon2id$v=19$m=64,t=1,p=1$${salt}$${'A'.repeat(b)}`,
          `$scrypt$ln=${a},r=${b},p=1$${salt}$${digest}`,
          `scrypt$${2 ** Math.min(a, 10)}$salt$${b}$2$${digest}`,
          `$pbkdf2-sha1$${a}$${'A'.repeat(b)}$${digest}`,
        ]) {
          const foreign = readForeignHash(hash);
          if (typeof foreign === 'string') continue;
          accepted += 1;
          expect(await foreign.matches(password), hash).to.equal(false);
        }
      }
    }
    expect(accepted).to.be.greaterThan(100);
  });

  for (const [what, hash] of [
    ['bcrypt of a lower cost', hashes['bcrypt 2b']],
    ["Django's PBKDF2", hashes["Django's PBKDF2"]],
    ['Argon2', hashes['argon2id']],
  ] as [string, string][]) {
    it(`take no less time to reject than an unknown account: ${what}`, async () => {
      const slow = passwordsAt(10);
      const duration = async (asked: string | undefined) => {
        const started = performance.now();
        expect(await slow.verify('seven green kites', asked)).to.equal(undefined);
        return performance.now() - started;
      };

      const ratios: number[] = [];
      for (let time = 0; time < 9; time++) ratios.push((await duration(stored(hash))) / (await duration(undefined)));

      expect(ratios.sort((one, other) => one - other)[4]).to.be.within(0.5, 2);
    });
  }
});
