import { Download, Pencil, ShieldCheck, X } from 'lucide-react';
import { Fragment, type ReactNode } from 'react';
import { formatShort } from '../../../format/format.js';
import { Button } from '../../../ui/button.js';
import { Drawer } from '../../../ui/dialog.js';
import { Problem } from '../../../ui/problem.js';
import type { CatalogueModel } from '../queries.js';
import { useModelsSearch } from '../use-models-search.js';
import { sizeText } from '../words.js';
import styles from './catalogue.module.css';
import { OnPod } from './on-pod.js';
import { useFileCommands } from './use-file-commands.js';
import { FactList } from '../../../ui/fact-list.js';

/** All that is known of one model, its files on each pod, and what can be done with them. */
export function ModelDrawer({
  model,
  podCount,
  canChange,
  onClose,
}: {
  readonly model: CatalogueModel | undefined;
  readonly podCount: number;
  readonly canChange: boolean;
  readonly onClose: () => void;
}): ReactNode {
  return (
    <Drawer isOpen={model !== undefined} onClose={onClose} title={model?.name ?? ''}>
      {model && <Details key={model.name} model={model} podCount={podCount} canChange={canChange} />}
    </Drawer>
  );
}

function Details({
  model,
  podCount,
  canChange,
}: {
  readonly model: CatalogueModel;
  readonly podCount: number;
  readonly canChange: boolean;
}): ReactNode {
  const [, change] = useModelsSearch();
  const { pull, cancel, verify } = useFileCommands(model.name);
  const running = model.pods.filter((pod) => pod.pull?.endedAtMs === null && pod.pull.isAsked);
  const cached = model.pods.filter(({ place }) => place === 'cache');
  const isHere = model.pods.some(({ place }) => place !== null);
  const error = pull.error ?? cancel.error ?? verify.error;
  return (
    <div className={styles['details']}>
      {model.note !== null && <p>{model.note}</p>}
      <FactList>
        {factsOf(model).map(([label, value]) => (
          <Fragment key={label}>
            <dt>{label}</dt>
            <dd>{value}</dd>
          </Fragment>
        ))}
      </FactList>
      {error && <Problem what="It was not done" error={error} />}
      {canChange && (
        <div className={styles['buttons']}>
          {!model.isDesired && (isHere || model.repository !== null) && (
            <Button
              kind={isHere ? 'primary' : 'plain'}
              onClick={() => change({ model: undefined, tab: undefined, edit: true, add: model.name })}
            >
              <Pencil size={14} aria-hidden /> Serve it…
            </Button>
          )}
          {running.length === 0 && model.repository !== null && podCount > 0 && (
            <Button kind={isHere ? 'plain' : 'primary'} isBusy={pull.isPending} onClick={() => pull.mutate(undefined)}>
              <Download size={14} aria-hidden /> {isHere ? 'Pull to every pod, and mend' : 'Pull to every pod'}
            </Button>
          )}
          {running.length > 0 && (
            <Button isBusy={cancel.isPending} onClick={() => cancel.mutate(undefined)}>
              <X size={14} aria-hidden /> Cancel the download
            </Button>
          )}
          {cached.length > 0 && (
            <Button isBusy={verify.isPending} onClick={() => verify.mutate(undefined)}>
              <ShieldCheck size={14} aria-hidden /> Verify the files
            </Button>
          )}
        </div>
      )}
      <h3>On the pods</h3>
      {model.pods.length === 0 ? (
        <p className={styles['muted']}>
          {podCount === 0 ? 'There is no pod that serves models.' : 'No pod has its files.'}
        </p>
      ) : (
        <ul className={styles['pods']}>
          {model.pods.map((pod) => (
            <OnPod key={pod.pod} model={model.name} pod={pod} canChange={canChange} />
          ))}
        </ul>
      )}
    </div>
  );
}

function factsOf(model: CatalogueModel): [label: string, value: ReactNode][] {
  const { dimension, imageSize, contextLength, tokenizer, bytes, isEstimate, licence, page, aliases, variants } = model;
  const { textsPerSecond, imagesPerSecond, replicas, reason } = model.speed;
  const speeds = [
    textsPerSecond !== null && `${formatShort(textsPerSecond)} texts/s`,
    imagesPerSecond !== null && `${formatShort(imagesPerSecond)} images/s`,
  ].filter((speed) => speed !== false);
  const link = page !== null && (
    <a href={page} target="_blank" rel="noreferrer">
      {model.repository}
    </a>
  );
  const facts: [label: string, value: ReactNode][] = [
    ['Vectors', dimension === null ? 'Not known before it is here' : `${dimension} dimensions`],
    ['Images', imageSize === null ? 'Not known before it is here' : `${imageSize} × ${imageSize} pixels`],
    [
      'Texts',
      [contextLength === null ? undefined : `at most ${contextLength} tokens`, tokenizer].filter(Boolean).join(', ') ||
        'Not known before it is here',
    ],
    ['Size', bytes === null ? 'Not known' : `${isEstimate ? 'about ' : ''}${sizeText(bytes)}`],
    ['Licence', licence ?? (page === null ? 'Nobody says here; ask whoever made it' : 'See the model’s page')],
    [
      'Speed measured here',
      reason ?? `${speeds.join(', ')}, ${replicas} ${replicas === 1 ? 'replica' : 'replicas'} when busy`,
    ],
    ['From', link],
    ['Also called', aliases.join(', ')],
    ['Variants', variants.map((variant) => `${model.name}@${variant}`).join(', ')],
  ];
  return facts.filter(([, value]) => value !== '' && value !== false);
}
