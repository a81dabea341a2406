import { addressOf } from '../../../../components/console/address.ts';

/** The address of the list of deleted users, perhaps only of those whom a text finds. */
export const addressOfDeleted = (search: string) => addressOf('/console/users/deleted', { search });
