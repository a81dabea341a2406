import { Model } from 'objection';
import type { MediaType } from './picture.ts';

/** A row of `pictures`: the picture of a user, whose row has its tag too, so that whoever reads the user needn't look here. */
export class PictureModel extends Model {
  static override readonly tableName = 'pictures';
  static override readonly idColumn = 'user_id';

  declare user_id: string;
  declare tag: string;
  declare media_type: MediaType;
  declare width: number;
  declare height: number;
  declare bytes: Buffer;
  declare changed_at: Date;
}
