import { useQuery } from '@tanstack/react-query';
import { Check, Minus } from 'lucide-react';
import type { ReactNode } from 'react';
import { Card } from '../../ui/page.js';
import styles from './accounts.module.css';
import { rolesQuery } from './queries.js';
import { PlainTable } from '../../ui/plain-table.js';

/** What each role may do, from the one table behind every check of the server. */
export function RolesCard(): ReactNode {
  const { data } = useQuery(rolesQuery);
  if (!data) return null;
  const { roles } = data;
  const permissions = roles[0]?.permissions ?? [];
  return (
    <Card title="What each role may do">
      <PlainTable label="What each role may do" className={styles['roles']}>
        <thead>
          <tr>
            <th scope="col">Permission</th>
            {roles.map(({ role }) => (
              <th key={role} scope="col">
                {role}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {permissions.map(({ permission, words }) => (
            <tr key={permission}>
              <th scope="row">{words}</th>
              {roles.map(({ role, permissions: own }) => (
                <td key={role}>
                  <Mark isAllowed={own.some((one) => one.permission === permission)} />
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </PlainTable>
    </Card>
  );
}

function Mark({ isAllowed }: { readonly isAllowed: boolean }): ReactNode {
  return (
    <>
      {isAllowed ? <Check size={15} aria-hidden /> : <Minus size={15} aria-hidden />}
      <span className="unseen">{isAllowed ? 'yes' : 'no'}</span>
    </>
  );
}
