import { randomBytes } from 'node:crypto';
import { expect } from 'chai';
import { createSecretKey } from 'node:crypto';
import { createSealing } from '../../../src/platform/sealing.ts';

const aKey = () => createSecretKey(randomBytes(32));

describe('sealing', () => {
  const value = Buffer.from('twenty bytes of seed');

  it('gives back what was sealed, and shows nothing of it', () => {
    const sealing = createSealing([aKey()]);

    const sealed = sealing.seal(value, 'of ada');

    expect(sealing.open(sealed, 'of ada')).to.deep.equal(value);
    expect(sealed.toString('latin1')).not.to.include(value.toString('latin1'));
    expect(sealing.seal(value, 'of ada')).not.to.deep.equal(sealed);
  });

  it('opens nothing in another context', () => {
    const sealing = createSealing([aKey()]);
    expect(sealing.open(sealing.seal(value, 'of ada'), 'of grace')).to.be.undefined;
  });

  it('opens nothing that was changed in any byte, cut or lengthened', () => {
    const sealing = createSealing([aKey()]);
    const sealed = sealing.seal(value, 'of ada');

    for (let place = 0; place < sealed.length; place += 1) {
      const changed = Buffer.from(sealed);
      changed.writeUInt8(sealed.readUInt8(place) ^ 1, place);
      expect(sealing.open(changed, 'of ada'), String(place)).to.be.undefined;
    }
    for (let length = 0; length < sealed.length; length += 1)
      expect(sealing.open(sealed.subarray(0, length), 'of ada'), String(length)).to.be.undefined;
    expect(sealing.open(Buffer.concat([sealed, Buffer.from([0])]), 'of ada')).to.be.undefined;
  });

  it('seals under the newest key, and opens what older ones sealed', () => {
    const [old, recent] = [aKey(), aKey()];
    const sealed = createSealing([old]).seal(value, 'of ada');
    const sealing = createSealing([recent, old]);

    expect(sealing.open(sealed, 'of ada')).to.deep.equal(value);
    expect(createSealing([old]).open(sealing.seal(value, 'of ada'), 'of ada')).to.be.undefined;
    expect(createSealing([recent]).open(sealed, 'of ada')).to.be.undefined;
  });

  it('shows by the first bytes which key it was', () => {
    const [old, recent] = [aKey(), aKey()];
    const sealing = createSealing([recent, old]);
    const [ofRecent, ofOld] = sealing.prefixes;

    expect(sealing.seal(value, '').subarray(0, ofRecent.length)).to.deep.equal(ofRecent);
    expect(createSealing([old]).prefixes).to.deep.equal([ofOld]);
    expect(ofOld).not.to.deep.equal(ofRecent);
    expect(old.export().includes(ofOld!.subarray(1))).to.be.false;
  });
});
