import { Undo2 } from 'lucide-react';
import { useState, type ReactNode } from 'react';
import { Button } from '../../../ui/button.js';
import { Confirm } from '../../../ui/dialog.js';
import { PlanSteps } from '../plan-steps.js';
import type { DesiredModel } from '../queries.js';
import { useChangeModels } from '../use-change-models.js';

/** A button that asks for the models of an older version again, after showing what that does. */
export function RollBack({
  to,
  inForce,
  models,
  label,
  kind = 'plain',
}: {
  readonly to: number;
  readonly inForce: number;
  readonly models: readonly DesiredModel[];
  readonly label: string;
  readonly kind?: 'plain' | 'quiet';
}): ReactNode {
  const [isOpen, setOpen] = useState(false);
  const { rollBack } = useChangeModels();
  return (
    <>
      <Button kind={kind} onClick={() => setOpen(true)}>
        <Undo2 size={15} aria-hidden /> {label}
      </Button>
      <Confirm
        isOpen={isOpen}
        onClose={() => setOpen(false)}
        title={`Roll back to version ${to}?`}
        action="Roll back"
        onConfirm={() => rollBack.mutateAsync({ version: to, basedOn: inForce })}
      >
        <p>
          Its models are asked for again, as a new version. Version {inForce} stays in the list: rolling back to it
          undoes this.
        </p>
        {isOpen && <PlanSteps models={models} />}
      </Confirm>
    </>
  );
}
