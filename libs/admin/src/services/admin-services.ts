import type { Provider } from '@nestjs/common';
import {
  AccountCredentials,
  AccountService,
  LogIn,
  PlaygroundTokens,
  SessionService,
  SingleSignOn,
  TokenVerifier,
  TokenService,
  TokenUses,
  type AccountServices,
} from '#auth';
import type { ExplainedSetting } from '#config';
import type { Clock } from '#core';
import { Database } from '#database';
import { UsageRecorder } from '#metering';
import { PodCommands, PodDirectory } from '#pods';
import { ModelAdministration, type CatalogueModel } from '#serving';
import { LogLevels, type StoredInputs, TraceSearch } from '#telemetry';
import { ChangeFeed } from '../changes/change-feed.js';

/** Single sign-on as the log-in page offers it. */
export class OfferedSignOn {
  constructor(
    readonly service: SingleSignOn,
    /** What the button calls the provider, such as the host of its issuer. */
    readonly name: string,
  ) {}
}

/** The models that are known by name. */
export class ModelCatalogue {
  constructor(readonly models: readonly CatalogueModel[]) {}
}

/** What the console tells callers of the inference API. */
export interface InferenceFacts {
  /** Where callers reach it, as the operator has said. */
  readonly url?: string | undefined;
  /** The port of this process, where it serves requests itself. `host` is what it listens on. */
  readonly listening?: { readonly host: string; readonly port: number; readonly tls: boolean } | undefined;
  /** Undefined where this process cannot know it. */
  readonly tokensRequired?: boolean | undefined;
}

/** The injection token of InferenceFacts, which is no class. */
export const INFERENCE_FACTS = Symbol('inference facts');

/** The injection token of the Clock, which is no class. */
export const CLOCK = Symbol('clock');

/** The injection token of `AdminServices.inferenceTarget`. */
export const INFERENCE_TARGET = Symbol('inference target');

/**
 * Where the admin API reaches the inference API; `problem` says in words why it does not, and what to set.
 */
export type InferenceTarget =
  | {
      /** Without a slash at the end. */
      readonly url: string;
      /** PEM of the one certificate that the server must show; undefined where authorities vouch for it. */
      readonly certificate?: string;
    }
  | { readonly problem: string };

/** What requests sent, where their tokens have that stored. */
export interface InputStore {
  readonly store: StoredInputs;
  /** How long it is kept; 0 = nothing is stored. */
  readonly hours: number;
  readonly bytesMax: number;
}

/** The injection token of InputStore, which is no class. */
export const INPUT_STORE = Symbol('input store');

/** What the admin API works on. Whoever makes it starts and stops it, since the inference API may use it, too. */
export interface AdminServices extends AccountServices {
  readonly database: Database;
  readonly clock: Clock;
  readonly verifier: Pick<TokenVerifier, 'verify'>;
  /** Hears of every use of a token. */
  readonly uses: Pick<TokenUses, 'note'>;
  /** Undefined where the operator has set up none. */
  readonly signOn: OfferedSignOn | undefined;
  readonly usage: Pick<UsageRecorder, 'queryBy' | 'days' | 'oftenTurnedAway'>;
  readonly models: ModelAdministration;
  readonly catalogue: readonly CatalogueModel[];
  readonly logLevels: LogLevels;
  /** The settings of this process, as they were read at its start. */
  readonly settings: readonly ExplainedSetting[];
  readonly traces: TraceSearch;
  readonly inputs: InputStore;
  readonly inference: InferenceFacts;
  /** Every process of the service, and what each says of itself. */
  readonly pods: PodDirectory;
  readonly podCommands: PodCommands;
  /** Notices what has changed, for pages that are open. */
  readonly changes: ChangeFeed;
  /** Asked for each call: a port may be known only later, and a certificate may change. */
  readonly inferenceTarget: () => InferenceTarget;
}

/** Each service under its own class, so that a controller asks for what it uses and no more. */
export function providersOf(services: AdminServices): Provider[] {
  const { signOn } = services;
  return [
    { provide: Database, useValue: services.database },
    { provide: CLOCK, useValue: services.clock },
    { provide: INPUT_STORE, useValue: services.inputs },
    { provide: INFERENCE_FACTS, useValue: services.inference },
    { provide: TokenService, useValue: services.tokens },
    { provide: TokenVerifier, useValue: services.verifier },
    { provide: TokenUses, useValue: services.uses },
    { provide: AccountService, useValue: services.accounts },
    { provide: AccountCredentials, useValue: services.credentials },
    { provide: SessionService, useValue: services.sessions },
    { provide: LogIn, useValue: services.logIn },
    { provide: PlaygroundTokens, useValue: services.playgroundTokens },
    { provide: INFERENCE_TARGET, useValue: services.inferenceTarget },
    { provide: UsageRecorder, useValue: services.usage },
    { provide: ModelAdministration, useValue: services.models },
    { provide: ModelCatalogue, useValue: new ModelCatalogue(services.catalogue) },
    { provide: LogLevels, useValue: services.logLevels },
    { provide: PodDirectory, useValue: services.pods },
    { provide: ChangeFeed, useValue: services.changes },
    { provide: PodCommands, useValue: services.podCommands },
    { provide: TraceSearch, useValue: services.traces },
    ...(signOn === undefined ? [] : [{ provide: OfferedSignOn, useValue: signOn }]),
  ];
}
