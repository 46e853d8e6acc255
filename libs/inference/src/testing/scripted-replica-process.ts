import { runAsReplica } from '../worker/replica-main.js';
import { openScriptedModel } from './scripted-model.js';

/** A real replica process with a scripted model: what tests of death and hanging run. */
runAsReplica(openScriptedModel);
