import { createHash } from 'node:crypto';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';
import type { Request, RequestHandler } from 'express';

type Encoding = 'br' | 'gzip' | 'identity';

// Brotli's level 5 is a tenth larger than its best, and thirty times as fast.
const encoders: Record<Encoding, (content: Buffer) => Promise<Buffer>> = {
  br: (content) => promisify(brotliCompress)(content, { params: { [constants.BROTLI_PARAM_QUALITY]: 5 } }),
  gzip: promisify(gzip),
  identity: async (content) => content,
};

/** Reads a text that does not change. */
export type ReadText = () => Promise<Buffer>;

/**
 * Serves a constant, public text in the best encoding that the client accepts. Each is read and compressed once, on demand, off the
 * main thread, and has its own entity tag (RFC 9110, section 8.8.3.3), from which Express answers 304.
 */
export function serveText(read: ReadText, type: string, cacheControl = 'no-cache'): RequestHandler {
  const encoded = new Map<Encoding, Promise<EncodedText>>();

  async function encode(encoding: Encoding): Promise<EncodedText> {
    try {
      const content = await read();
      const digest = createHash('sha256').update(content).digest('base64url').slice(0, 22);
      return { bytes: await encoders[encoding](content), tag: `"${digest}-${encoding}"` };
    } catch (error) {
      encoded.delete(encoding);
      throw error;
    }
  }

  return async (request, response) => {
    const encoding = chooseEncoding(request);
    const text = encoded.get(encoding) ?? encode(encoding);
    encoded.set(encoding, text);
    const { bytes, tag } = await text;
    response.vary('Accept-Encoding');
    response.setHeader('Content-Type', type);
    response.setHeader('Cache-Control', cacheControl);
    response.setHeader('ETag', tag);
    if (encoding !== 'identity') response.setHeader('Content-Encoding', encoding);
    response.send(bytes);
  };
}

interface EncodedText {
  readonly bytes: Buffer;
  readonly tag: string;
}

function chooseEncoding(request: Request): Encoding {
  return (['br', 'gzip'] as const).find((encoding) => request.acceptsEncodings(encoding) === encoding) ?? 'identity';
}
