import type { PersonalData } from '../personal-data/personal-data.ts';
import * as repository from './pictures.repository.ts';
import { toKeptPicture } from './pictures.wire.ts';

export const personalData: PersonalData[] = [
  {
    table: 'pictures',
    async read(db, { id }) {
      const picture = await repository.findPicture(db, id);
      return { pictures: picture ? [toKeptPicture(picture)] : [] };
    },
    erase: (db, { id }) => repository.deletePicture(db, id),
  },
];
