/** Red, green and blue, from 0 to 255. */
export type Colour = readonly [red: number, green: number, blue: number];

/** What WCAG 2.2 asks of text against its background (1.4.3). */
export const leastContrast = 4.5;

/** Reads `#rrggbb`; `undefined` for anything else. */
export function parseColour(text: string): Colour | undefined {
  if (!/^#[0-9a-f]{6}$/i.test(text)) return undefined;
  const [red, green, blue] = [1, 3, 5].map((start) => parseInt(text.slice(start, start + 2), 16));
  return [red ?? 0, green ?? 0, blue ?? 0];
}

/** Writes `#rrggbb`. */
export function writeColour(colour: Colour): string {
  return `#${colour.map((part) => part.toString(16).padStart(2, '0')).join('')}`;
}

/** The contrast of two colours, from 1 to 21 (WCAG 2.2, "contrast ratio"). */
export function contrastOf(one: Colour, other: Colour): number {
  const [darker = 0, lighter = 0] = [luminanceOf(one), luminanceOf(other)].sort((a, b) => a - b);
  return (lighter + 0.05) / (darker + 0.05);
}

/** The nearest shade of a colour, mixed with black or white, that can be read on a background; itself if it can. */
export function readableOn(background: Colour, colour: Colour): Colour {
  const towards = luminanceOf(background) > 0.18 ? 0 : 255;
  for (let share = 0; share < 100; share += 1) {
    const mixed = colour.map((part) => Math.round(part + ((towards - part) * share) / 100)) as [number, number, number];
    if (contrastOf(background, mixed) >= leastContrast) return mixed;
  }
  return [towards, towards, towards];
}

function luminanceOf(colour: Colour): number {
  const [red = 0, green = 0, blue = 0] = colour.map((part) => {
    const share = part / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}
