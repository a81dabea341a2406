import { expect } from 'chai';
import { readPicture } from '../../../src/features/pictures/containers/container.ts';
import { orientationOf, tiffOf } from '../../../src/features/pictures/containers/orientation.ts';
import { RefusedPicture, type MediaType } from '../../../src/features/pictures/picture.ts';
import {
  aPng,
  jpegSegment,
  pictures,
  pngChunk,
  pngHeader,
  pngSignature,
  webpChunk,
  webpOf,
} from '../../support/pictures.ts';

const { jpeg, progressive, webpLossy, webpLossless, webpAlpha, webpAnimated, apng } = pictures;
const png = aPng();

/** The rule that a picture breaks; undefined if it is accepted. */
function ruleOf(bytes: Buffer, mediaType: MediaType): string | undefined {
  try {
    readPicture(bytes, mediaType);
    return undefined;
  } catch (error) {
    if (error instanceof RefusedPicture) return error.rule;
    throw error;
  }
}

const whole: [string, MediaType, Buffer][] = [
  ['PNG', 'image/png', png],
  ['JPEG', 'image/jpeg', jpeg],
  ['progressive JPEG', 'image/jpeg', progressive],
  ['lossy WebP', 'image/webp', webpLossy],
  ['lossless WebP', 'image/webp', webpLossless],
  ['transparent WebP', 'image/webp', webpAlpha],
];

describe('containers of pictures', () => {
  for (const [name, mediaType, bytes] of whole) {
    it(`${name}: are read, and rewritten so that nothing more can be removed`, () => {
      const picture = readPicture(bytes, mediaType);

      expect(picture).to.include({ mediaType, width: 3, height: 2 });
      expect(readPicture(picture.bytes, mediaType)).to.deep.equal(picture);
    });

    it(`${name}: are refused wherever they are cut off`, () => {
      for (let length = 0; length < bytes.length; length += 1) {
        expect(ruleOf(bytes.subarray(0, length), mediaType), `${length} bytes`).to.be.oneOf([
          'picture_type',
          'picture_damaged',
        ]);
      }
    });

    for (const [what, more] of Object.entries({
      page: '<script>alert(1)</script>',
      'ZIP archive': 'PK\x03\x04',
      byte: '\0',
    })) {
      it(`${name}: are refused with a ${what} behind them`, () => {
        expect(ruleOf(Buffer.concat([bytes, Buffer.from(more, 'latin1')]), mediaType)).to.equal('picture_damaged');
      });
    }

    it(`${name}: are refused under the name of another type`, () => {
      for (const other of ['image/png', 'image/jpeg', 'image/webp'] as const) {
        if (other !== mediaType) expect(ruleOf(bytes, other)).to.equal('picture_type');
      }
    });
  }

  for (const [what, text] of Object.entries({
    'an SVG': '<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>',
    'a page': '<!doctype html><script>alert(1)</script>',
    'a GIF': 'GIF89a\x01\0\x01\0\0\0\0;',
    'a page that begins like a PNG': '\x89PNG<script>alert(1)</script>',
    'a RIFF of another kind': 'RIFF\x04\0\0\0WAVE',
    nothing: '',
  })) {
    it(`refuse ${what}, whatever it calls itself`, () => {
      for (const mediaType of ['image/png', 'image/jpeg', 'image/webp'] as const) {
        expect(ruleOf(Buffer.from(text, 'latin1'), mediaType)).to.equal('picture_type');
      }
    });
  }

  it('lose what says where, when and with what a picture was taken', () => {
    const secrets = /secret|Marker|Exif|http|xmp|<x:/;
    const told = aPng({
      more: [
        pngChunk('tEXt', 'Comment\0secret'),
        pngChunk('zTXt', 'secret'),
        pngChunk('iTXt', 'XML:com.adobe.xmp\0secret'),
        pngChunk('iCCP', 'secret'),
        pngChunk('tIME', 'secret!'),
        pngChunk('prVt', 'secret'),
        pngChunk('eXIf', 'MM\0*secret'),
      ],
    });
    const webp = webpOf(
      webpChunk('VP8X', Buffer.from([0x2c, 0, 0, 0, 2, 0, 0, 1, 0, 0])),
      webpChunk('ICCP', 'secret'),
      webpLossless.subarray(12),
      webpChunk('XMP ', 'secret'),
      webpChunk('xtra', 'secret'),
    );

    expect(readPicture(told, 'image/png').bytes).to.deep.equal(png);
    expect(readPicture(webp, 'image/webp').bytes).to.deep.equal(webpLossless);
    expect(readPicture(webpLossy, 'image/webp').bytes.toString('latin1')).not.to.match(/secret|Marker|http|xmp/);
    expect(readPicture(jpeg, 'image/jpeg').bytes.toString('latin1').replace('Exif\0\0', '')).not.to.match(secrets);
  });

  it('lose the thumbnail of a JPEG', () => {
    const thumbnail = jpegSegment(0xe0, 'JFIF\0\x01\x02\x01\0\x48\0\x48\x01\x01secret');
    const jfxx = jpegSegment(0xe0, 'JFXX\0\x10secret');
    const clean = readPicture(progressive, 'image/jpeg').bytes;
    const bytes = Buffer.concat([clean.subarray(0, 2), thumbnail, jfxx, clean.subarray(20)]);

    expect(readPicture(bytes, 'image/jpeg').bytes).to.deep.equal(clean);
  });

  it('keep what Adobe says about the colours of a JPEG, or they would be wrong', () => {
    const adobe = jpegSegment(0xee, 'Adobe\0\x64\0\0\0\0\x02');
    const clean = readPicture(progressive, 'image/jpeg').bytes;
    const bytes = Buffer.concat([clean.subarray(0, 20), adobe, clean.subarray(20)]);

    expect(readPicture(bytes, 'image/jpeg').bytes).to.deep.equal(bytes);
  });

  it('keep how the camera was held, and nothing else of Exif', () => {
    const turned = [
      readPicture(jpeg, 'image/jpeg').bytes,
      readPicture(webpLossy, 'image/webp').bytes,
      readPicture(aPng({ more: [pngChunk('eXIf', tiffOf(6))] }), 'image/png').bytes,
    ];

    for (const bytes of turned) expect(bytes.includes(tiffOf(6))).to.equal(true);
    expect(readPicture(aPng({ more: [pngChunk('eXIf', tiffOf(1))] }), 'image/png').bytes).to.deep.equal(png);
  });

  it('read the orientation in either byte order, and take what is no orientation for upright', () => {
    const little = Buffer.from('49492a0008000000010012010300010000000800000000000000', 'hex');
    const big = tiffOf(3);
    const wild = Buffer.from(big);
    wild.writeUInt16BE(9, 18);
    const far = Buffer.from(big);
    far.writeUInt32BE(0xffffffff, 4);

    expect([little, big, wild, far, big.subarray(0, 20), Buffer.alloc(0)].map(orientationOf)).to.deep.equal([
      8, 3, 1, 1, 1, 1,
    ]);
  });

  it('are refused if they are animated', () => {
    expect(ruleOf(apng, 'image/png')).to.equal('picture_animated');
    expect(ruleOf(webpAnimated, 'image/webp')).to.equal('picture_animated');
  });

  it('may have 4,096 pixels a side, and no more', () => {
    const sized = (width: number, height: number) =>
      Buffer.concat([pngSignature, pngHeader(width, height), pngChunk('IDAT', 'x'), pngChunk('IEND')]);
    const frame = progressive.indexOf(Buffer.from([0xff, 0xc2])) + 5;
    const largeJpeg = Buffer.from(progressive);
    largeJpeg.writeUInt16BE(4097, frame);
    const largeWebp = Buffer.from(webpLossless);
    largeWebp.writeUInt32LE(0x3fff, 21);

    expect(ruleOf(sized(4096, 4096), 'image/png')).to.equal(undefined);
    // A few bytes that would be 64 GB of pixels.
    for (const [width, height] of [
      [4097, 1],
      [1, 4097],
      [0x7fffffff, 0x7fffffff],
    ] as const) {
      expect(ruleOf(sized(width, height), 'image/png')).to.equal('picture_dimensions');
    }
    expect(ruleOf(largeJpeg, 'image/jpeg')).to.equal('picture_dimensions');
    expect(ruleOf(largeWebp, 'image/webp')).to.equal('picture_dimensions');
  });

  describe('are refused as damaged:', () => {
    const image = pngChunk('IDAT', 'x');
    const end = pngChunk('IEND');
    const broken = Buffer.from(png);
    broken[png.length - 20] = (broken[png.length - 20] ?? 0) ^ 1;
    const pngs: Record<string, Buffer[]> = {
      'a PNG without pixels': [pngHeader(0, 1), image, end],
      'a PNG without image data': [pngHeader(1, 1), end],
      'a PNG without a header': [image, end],
      'a PNG with two headers': [pngHeader(1, 1), pngHeader(1, 1), image, end],
      'a PNG with a palette behind its image': [pngHeader(1, 1), image, pngChunk('PLTE', 'abc'), end],
      'a PNG with a chunk that is critical and unknown': [pngHeader(1, 1), pngChunk('CgBI'), image, end],
      'a PNG of a depth that there is not': [pngChunk('IHDR', '\0\0\0\x01\0\0\0\x01\x03\0\0\0\0'), image, end],
    };
    for (const [name, chunks] of Object.entries(pngs)) {
      it(name, () => {
        expect(ruleOf(Buffer.concat([pngSignature, ...chunks]), 'image/png')).to.equal('picture_damaged');
      });
    }

    it('a PNG with a wrong checksum', () => {
      expect(ruleOf(broken, 'image/png')).to.equal('picture_damaged');
    });

    const soi = Buffer.from([0xff, 0xd8]);
    const eoi = Buffer.from([0xff, 0xd9]);
    const frame = jpegSegment(0xc0, '\x08\0\x01\0\x01\x01\x01\x11\0');
    const scan = Buffer.concat([jpegSegment(0xda, '\x01\x01\0\0\x3f\0'), Buffer.from([0x12, 0xff, 0x00, 0xff, 0xd0])]);
    const jpegs: Record<string, Buffer[]> = {
      'a JPEG without a frame': [scan],
      'a JPEG without a scan': [frame],
      'a JPEG with two frames': [frame, frame, scan],
      'a JPEG of a kind that browsers do not show': [jpegSegment(0xc9, '\x08\0\x01\0\x01\x01\x01\x11\0'), scan],
      'a JPEG with a second beginning': [soi, frame, scan],
      'a JPEG with text between its segments': [frame, Buffer.from('<script>'), scan],
      'a JPEG whose scans a viewer would draw for minutes': [frame, ...Array<Buffer>(65).fill(scan)],
    };
    it('no JPEG that is whole', () => {
      expect(ruleOf(Buffer.concat([soi, jpegSegment(0xfe), frame, scan, eoi]), 'image/jpeg')).to.equal(undefined);
    });
    for (const [name, segments] of Object.entries(jpegs)) {
      it(name, () => {
        expect(ruleOf(Buffer.concat([soi, jpegSegment(0xfe), ...segments, eoi]), 'image/jpeg')).to.equal(
          'picture_damaged',
        );
      });
    }

    const simple = webpLossless.subarray(12);
    const extended = webpAlpha.subarray(12, 30);
    const [alpha, lossy] = [webpAlpha.subarray(30, 46), webpAlpha.subarray(46)];
    const webps: Record<string, Buffer[]> = {
      'a WebP without a chunk': [],
      'a WebP that begins with metadata': [webpChunk('EXIF'), simple],
      'a simple WebP with a second chunk': [simple, webpChunk('XMP ')],
      'a WebP with two images': [extended, lossy, lossy],
      'a WebP with its transparency behind its image': [extended, lossy, alpha],
      'a WebP with a canvas of another size': [webpChunk('VP8X', '\0'.repeat(10)), alpha, lossy],
      'a WebP without an image': [extended, alpha],
      'a WebP whose image is no key frame': [webpChunk('VP8 ', `\x01${'\0'.repeat(20)}`)],
    };
    it('no WebP that is whole', () => {
      expect(ruleOf(webpOf(extended, alpha, lossy), 'image/webp')).to.equal(undefined);
    });
    for (const [name, chunks] of Object.entries(webps)) {
      it(name, () => {
        expect(ruleOf(webpOf(...chunks), 'image/webp')).to.equal('picture_damaged');
      });
    }
  });
});
