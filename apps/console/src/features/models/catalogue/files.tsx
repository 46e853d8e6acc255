import { Download } from 'lucide-react';
import type { ReactNode } from 'react';
import { Button } from '../../../ui/button.js';
import { Progress } from '../../../ui/progress.js';
import { Status } from '../../../ui/status.js';
import type { CatalogueModel } from '../queries.js';
import { progressOf } from './pull-progress.js';
import { useFileCommands } from './use-file-commands.js';
import styles from './catalogue.module.css';

/** Where the files of a model are, in one line: served, here, on their way with how far they are, or to be pulled. */
export function Files({
  model,
  canChange,
}: {
  readonly model: CatalogueModel;
  readonly canChange: boolean;
}): ReactNode {
  const { pull } = useFileCommands(model.name);
  const running = progressOf(model);
  if (running) {
    return (
      <Progress label={`Download of ${model.name}`} value={running.bytesDone} max={running.bytes} text={running.text} />
    );
  }
  const served = model.pods.filter((pod) => pod.served !== null);
  if (served.length > 0) return <Status tone="good">Served</Status>;
  if (model.pods.some(({ place }) => place !== null)) return <Status tone="neutral">Here</Status>;
  if (model.pods.some((pod) => pod.pull?.state === 'failed')) return <Status tone="problem">Pull failed</Status>;
  if (model.repository === null) return <span className={styles['muted']}>Not published</span>;
  if (!canChange) return <span className={styles['muted']}>Not here</span>;
  return (
    <Button
      kind="quiet"
      isBusy={pull.isPending}
      onClick={() => pull.mutate(undefined)}
      aria-label={`Pull ${model.name}`}
    >
      <Download size={14} aria-hidden /> Pull
    </Button>
  );
}
