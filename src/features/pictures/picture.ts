import { createHash } from 'node:crypto';
import { violation, type ViolationRule } from '../../platform/violations.ts';

/** The contract's bound, in pixels. */
export const mostPixelsASide = 4096;

/** What a picture may be. */
export type MediaType = 'image/jpeg' | 'image/png' | 'image/webp';

/** A still picture, without anything that is not needed to show it. */
export interface Picture {
  readonly mediaType: MediaType;
  /** In pixels, before it is turned. */
  readonly width: number;
  readonly height: number;
  readonly bytes: Buffer;
}

/** A picture as it is stored. */
export interface StoredPicture extends Picture {
  readonly tag: string;
  readonly changedAt: Date;
}

/** The tag of a picture: its hash, so that equal pictures have equal tags. */
export function tagOf({ mediaType, bytes }: Picture): string {
  return createHash('sha256').update(`${mediaType}\n`).update(bytes).digest('base64url').slice(0, 22);
}

type PictureRule = Extract<ViolationRule, `picture_${string}`>;

/** Why a picture is refused. */
export class RefusedPicture extends Error {
  readonly rule: PictureRule;

  constructor(rule: PictureRule, message: string) {
    super(message);
    this.rule = rule;
  }

  /** The violation that tells whoever sent it. */
  violation() {
    return violation(['body'], this.rule);
  }
}

/** What a parser throws where the bytes end too early, or are not what the format says. */
export function damaged(message: string): RefusedPicture {
  return new RefusedPicture('picture_damaged', message);
}
