import { raw } from 'objection';
import type { Db } from '../../platform/database/database.ts';
import type { Picture, StoredPicture } from './picture.ts';
import { PictureModel } from './pictures.model.ts';

/** Stores a user's picture in place of the one before. */
export async function putPicture(db: Db, userId: string, tag: string, picture: Picture): Promise<void> {
  const { mediaType: media_type, width, height, bytes } = picture;
  await PictureModel.query(db)
    .insert({ user_id: userId, tag, media_type, width, height, bytes, changed_at: raw('now()') })
    .onConflict('user_id')
    .merge();
}

export async function findPicture(db: Db, userId: string): Promise<StoredPicture | undefined> {
  const row = await PictureModel.query(db).findById(userId);
  return (
    row && {
      tag: row.tag,
      mediaType: row.media_type,
      width: row.width,
      height: row.height,
      bytes: row.bytes,
      changedAt: row.changed_at,
    }
  );
}

export async function deletePicture(db: Db, userId: string): Promise<void> {
  await PictureModel.query(db).deleteById(userId);
}
