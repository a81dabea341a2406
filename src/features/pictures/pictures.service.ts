import type { User } from '../../access/user.ts';
import type { Database } from '../../platform/database/database.ts';
import { ServiceError } from '../../platform/errors.ts';
import type { Actor } from '../audit/audit-event.ts';
import type { UsersService } from '../users/users.service.ts';
import { readPicture } from './containers/container.ts';
import { RefusedPicture, tagOf, type MediaType, type Picture, type StoredPicture } from './picture.ts';
import type * as picturesRepository from './pictures.repository.ts';

export interface PicturesServiceParts {
  readonly database: Pick<Database, 'pool' | 'transaction'>;
  readonly users: Pick<UsersService, 'get' | 'changePicture'>;
  readonly pictures: typeof picturesRepository;
}

export type PicturesService = ReturnType<typeof createPicturesService>;

/** Pictures that users set of themselves. */
export function createPicturesService({ database, users, pictures }: PicturesServiceParts) {
  async function find({ id, pictureTag }: User): Promise<StoredPicture | undefined> {
    return pictureTag === undefined ? undefined : pictures.findPicture(database.pool, id);
  }

  return {
    /** Sets or replaces a user's picture, without what isn't needed to show it. Returns its tag. Throws `validation_failed`. */
    async set(userId: string, sent: { mediaType: MediaType; bytes: Buffer }, actor: Actor): Promise<string> {
      const picture = accepted(sent.bytes, sent.mediaType);
      const tag = tagOf(picture);
      await database.transaction(async (db) => {
        if (await users.changePicture(db, userId, tag, actor)) await pictures.putPicture(db, userId, tag, picture);
      });
      return tag;
    },

    /** Removes a user's picture, if there is one. */
    async remove(userId: string, actor: Actor): Promise<void> {
      await database.transaction(async (db) => {
        if (await users.changePicture(db, userId, undefined, actor)) await pictures.deletePicture(db, userId);
      });
    },

    /** The picture of whoever asks. Throws `not_found`. */
    async getOwn(user: User): Promise<StoredPicture> {
      return (await find(user)) ?? none('You have no picture.');
    },

    /** The picture of a user, for whoever may see the user. Throws `forbidden` and `not_found`. */
    async get(id: string, reader: User): Promise<StoredPicture> {
      return (await find(await users.get(id, reader))) ?? none('This user has no picture.');
    },
  };
}

function accepted(bytes: Buffer, mediaType: MediaType): Picture {
  try {
    return readPicture(bytes, mediaType);
  } catch (error) {
    throw error instanceof RefusedPicture ? error.violation() : error;
  }
}

function none(detail: string): never {
  throw new ServiceError('not_found', { detail });
}
