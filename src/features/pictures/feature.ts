import { pictureEntityTag } from '../../http/entity-tags.ts';
import type { Handlers } from '../../http/operation.ts';
import type { Platform } from '../../platform/platform.ts';
import type { Feature } from '../feature.ts';
import type { UsersService } from '../users/users.service.ts';
import { personalData } from './personal-data.ts';
import * as repository from './pictures.repository.ts';
import { createPicturesService } from './pictures.service.ts';
import { shown } from './pictures.wire.ts';

interface Needs {
  readonly users: { readonly service: UsersService };
}

/** Pictures of users. */
export function createPictures({ database }: Platform, { users }: Needs) {
  const service = createPicturesService({ database, users: users.service, pictures: repository });
  const handlers: Pick<Handlers, 'getPicture' | 'setPicture' | 'removePicture' | 'getUserPicture'> = {
    getPicture: async ({ principal }) => shown(await service.getOwn(principal.user)),

    async setPicture({ principal, body, client }) {
      const tag = await service.set(principal.user.id, body, { actorId: principal.id, client });
      return { status: 204, headers: { ETag: pictureEntityTag(tag) }, body: undefined };
    },

    async removePicture({ principal, client }) {
      await service.remove(principal.user.id, { actorId: principal.id, client });
      return { status: 204, headers: {}, body: undefined };
    },

    getUserPicture: async ({ principal, params }) => shown(await service.get(params.user_id, principal.user)),
  };
  return {
    handlers,
    personalData,
    indexes: { pictures_pkey: `select * from pictures where user_id = '${nobody}'` },
  } satisfies Feature;
}

const nobody = '00000000-0000-0000-0000-000000000000';
