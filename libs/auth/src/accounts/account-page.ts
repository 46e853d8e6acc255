import { Brackets } from 'typeorm';
import { AccountEntity, containing, type AccountRole, type Database } from '#database';
import { accountOf, type Account } from './account.js';

/** Which accounts a page is of; what is left out does not narrow. */
export interface AccountPageQuery {
  /** A part of the e-mail address or the name, in either case. */
  readonly search?: string | undefined;
  readonly role?: AccountRole | undefined;
  readonly limit: number;
  /** The e-mail address of the last account of the page before. */
  readonly after?: string | undefined;
}

export interface AccountPage {
  readonly accounts: readonly Account[];
  /** Undefined at the end. */
  readonly next: string | undefined;
  /** How many there are on all pages together. */
  readonly total: number;
}

/** One page of accounts by e-mail address: two statements, whatever their number. */
export async function pageOfAccounts(
  database: Pick<Database, 'read'>,
  { search, role, limit, after }: AccountPageQuery,
): Promise<AccountPage> {
  return database.read(async (manager) => {
    const matching = manager.createQueryBuilder(AccountEntity, 'account').where('1 = 1');
    if (role !== undefined) matching.andWhere('account.role = :role', { role });
    if (search !== undefined && search.trim() !== '') {
      const text = containing(search.trim());
      const has = (column: string): string => `LOWER(account.${column}) LIKE LOWER(:text) ESCAPE '!'`;
      matching.andWhere(new Brackets((where) => where.where(has('email'), { text }).orWhere(has('name'), { text })));
    }
    const total = await matching.getCount();
    if (after !== undefined) matching.andWhere('account.email > :after', { after });
    const found = await matching
      .orderBy('account.email', 'ASC')
      .limit(limit + 1)
      .getMany();
    const shown = found.slice(0, limit);
    const next = found.length > limit ? shown.at(-1)?.email : undefined;
    return { accounts: shown.map(accountOf), next, total };
  });
}
