import type { PodView } from '#pods';
import type { PodSettingsView, SettingDifferenceView } from './settings.dto.js';

/** Differences that are told of one pod. */
const DIFFERENCES_MAX = 50;

/**
 * How the settings of a pod differ from those of this process.
 *
 * @param changedHere what does not have its default here, by name
 */
export function settingsOfPod(
  { name, answers, reason, report: { settings } }: PodView,
  changedHere: Readonly<Record<string, string | null>>,
): PodSettingsView {
  const differences = settings ? differencesOf(changedHere, settings.changed) : [];
  return { ...{ name, answers, reason }, fingerprint: settings?.fingerprint ?? null, differences };
}

function differencesOf(
  here: Readonly<Record<string, string | null>>,
  there: Readonly<Record<string, string | null>>,
): SettingDifferenceView[] {
  const names = [...new Set([...Object.keys(here), ...Object.keys(there)])].toSorted();
  return names
    .map((name) => ({ name, here: wordsFor(here[name]), there: wordsFor(there[name]) }))
    .filter((difference) => difference.here !== difference.there)
    .slice(0, DIFFERENCES_MAX);
}

/** A value; null for a default. */
function wordsFor(value: string | null | undefined): string | null {
  if (value === undefined) return null;
  return value ?? '(unset)';
}
