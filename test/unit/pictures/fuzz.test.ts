/** Made-up and mutated pictures are accepted or refused, never a fault, in linear time; what is accepted holds nothing to remove. */
import { expect } from 'chai';
import fc, { type Arbitrary } from 'fast-check';
import { readPicture } from '../../../src/features/pictures/containers/container.ts';
import { RefusedPicture, type MediaType } from '../../../src/features/pictures/picture.ts';
import { fuzzRuns, fuzzSeed, fuzzTitle } from '../../support/fuzz.ts';
import { aPng, jpegSegment, pictures, pngChunk, pngSignature, webpChunk, webpOf } from '../../support/pictures.ts';
import { processorTime } from '../../support/processor-time.ts';

const samples: readonly (readonly [MediaType, Buffer])[] = [
  ['image/png', aPng({ more: [pngChunk('tEXt', 'secret'), pngChunk('eXIf', 'MM\0*\0\0\0\x08\0\0')] })],
  ['image/png', pictures.apng],
  ['image/jpeg', pictures.jpeg],
  ['image/jpeg', pictures.progressive],
  ['image/webp', pictures.webpLossy],
  ['image/webp', pictures.webpLossless],
  ['image/webp', pictures.webpAlpha],
  ['image/webp', pictures.webpAnimated],
];

interface Made {
  readonly mediaType: MediaType;
  readonly bytes: Buffer;
}

/** A picture with some bytes replaced, removed or added, anywhere. */
const mutated: Arbitrary<Made> = fc
  .tuple(
    fc.constantFrom(...samples),
    fc.array(fc.tuple(fc.nat({ max: 700 }), fc.nat({ max: 8 }), fc.uint8Array({ maxLength: 8 })), { maxLength: 4 }),
  )
  .map(([[mediaType, sample], changes]) => {
    const bytes = changes.reduce<Buffer>((before, [at, removed, added]) => {
      const place = at % before.length;
      return Buffer.concat([before.subarray(0, place), added, before.subarray(place + removed)]);
    }, sample);
    return { mediaType, bytes };
  });

const text = fc.uint8Array({ maxLength: 30 }).map((bytes) => Buffer.from(bytes));

/** Pictures of parts that a format defines, in any order. */
const assembled: Arbitrary<Made> = fc.oneof(
  fc
    .array(fc.tuple(fc.constantFrom('IHDR', 'PLTE', 'tRNS', 'IDAT', 'IEND', 'eXIf', 'acTL', 'tEXt', '\0\0\0\0'), text))
    .map((chunks) => ({
      mediaType: 'image/png' as const,
      bytes: Buffer.concat([pngSignature, ...chunks.map(([type, data]) => pngChunk(type, data))]),
    })),
  fc.array(fc.tuple(fc.nat({ max: 0x3f }), text)).map((segments) => ({
    mediaType: 'image/jpeg' as const,
    bytes: Buffer.concat([
      Buffer.from([0xff, 0xd8]),
      ...segments.map(([code, data]) => jpegSegment(0xc0 + code, data)),
    ]),
  })),
  fc
    .array(fc.tuple(fc.constantFrom('VP8 ', 'VP8L', 'VP8X', 'ALPH', 'ANIM', 'EXIF', 'XMP ', 'ICCP'), text))
    .map((chunks) => ({
      mediaType: 'image/webp' as const,
      bytes: webpOf(...chunks.map(([type, data]) => webpChunk(type, data))),
    })),
);

function accepted({ mediaType, bytes }: Made) {
  try {
    return readPicture(bytes, mediaType);
  } catch (error) {
    expect(error).to.be.instanceOf(RefusedPicture);
    return undefined;
  }
}

describe(`pictures that were made up ${fuzzTitle}`, () => {
  for (const [name, made] of Object.entries({ mutated, assembled })) {
    it(`are accepted or refused, and hold nothing to remove once they are accepted: ${name}`, () => {
      const property = fc.property(made, (one) => {
        const picture = accepted(one);
        if (picture) expect(readPicture(picture.bytes, one.mediaType)).to.deep.equal(picture);
      });
      fc.assert(property, { seed: fuzzSeed, numRuns: fuzzRuns * 10 });
    });
  }

  it('are sometimes accepted, or this would show little', () => {
    const found = fc.sample(mutated, { numRuns: 300, seed: 1 }).filter((one) => accepted(one) !== undefined);
    expect(found.length).to.be.above(20);
  });
});

describe('the time of reading a picture', () => {
  const soi = Buffer.from([0xff, 0xd8]);
  const filled = (parts: readonly Buffer[], part: Buffer, length: number) =>
    Buffer.concat([...parts, ...Array<Buffer>(Math.floor(length / part.length)).fill(part)]);
  const frame = jpegSegment(0xc2, '\x08\0\x01\0\x01\x01\x01\x11\0');
  const scan = jpegSegment(0xda, '\x01\x01\0\0\x3f\0');
  const slow: Record<string, readonly [MediaType, (length: number) => Buffer]> = {
    'empty chunks of a PNG': ['image/png', (length) => filled([aPng().subarray(0, 33)], pngChunk('prVt'), length)],
    'image chunks of a PNG': ['image/png', (length) => filled([aPng().subarray(0, 33)], pngChunk('IDAT'), length)],
    'empty segments of a JPEG': ['image/jpeg', (length) => filled([soi], jpegSegment(0xfe), length)],
    'a JPEG of fill bytes': ['image/jpeg', (length) => filled([soi], Buffer.from([0xff]), length)],
    'a scan of stuffed bytes': ['image/jpeg', (length) => filled([soi, frame, scan], Buffer.from([0xff, 0]), length)],
    'a scan of fill bytes': ['image/jpeg', (length) => filled([soi, frame, scan], Buffer.from([0xff]), length)],
    'empty chunks of a WebP': [
      'image/webp',
      (length) => webpOf(filled([pictures.webpAlpha.subarray(12, 30)], webpChunk('XMP '), length)),
    ],
    'entries of Exif': [
      'image/png',
      (length) =>
        aPng({
          more: [
            pngChunk('eXIf', filled([Buffer.from('MM\0*\0\0\0\x08\xff\xff', 'latin1')], Buffer.alloc(12), length)),
          ],
        }),
    ],
  };

  for (const [what, [mediaType, make]] of Object.entries(slow)) {
    it(`is a few milliseconds at most, and linear, for ${what}`, async () => {
      const time = async (length: number) => {
        const bytes = make(length);
        const times: number[] = [];
        while (times.length < 5) times.push(await processorTime(() => accepted({ mediaType, bytes })));
        return Math.min(...times);
      };
      const [half, whole] = [await time(256 * 1024), await time(512 * 1024)];
      // Doubling the length should double the time; below this, nobody waits.
      if (whole > 100) expect(whole / half, `${half} ms, then ${whole} ms`).to.be.below(3);
    });
  }
});
