/**
 * The media type of a picture by its first bytes, since the name of a file, from which browsers take a Blob's type, is often wrong; the
 * Blob's own if they tell none.
 */
export async function mediaTypeOf(blob: Blob): Promise<string> {
  try {
    const first = String.fromCharCode(...new Uint8Array(await blob.slice(0, 12).arrayBuffer()));
    if (first.startsWith('\x89PNG')) return 'image/png';
    if (first.startsWith('\xff\xd8\xff')) return 'image/jpeg';
    if (/^RIFF[^]{4}WEBP/.test(first)) return 'image/webp';
  } catch {
    // React Native's Blob can't be read.
  }
  return blob.type || 'application/octet-stream';
}
