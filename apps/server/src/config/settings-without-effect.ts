import type { Settings } from './settings.ts';

/** Settings that are checked and change nothing in this release, with what holds instead. */
export const SETTINGS_WITHOUT_EFFECT = {
  STAGEWRIGHT_PLUGINS: 'the plugins are those of the product',
} as const;

/** A sentence for each of them that is given: nobody shall believe that it works. */
export function warningsOfSettings(settings: Pick<Settings, 'plugins'>): string[] {
  const given: Record<keyof typeof SETTINGS_WITHOUT_EFFECT, boolean> = {
    STAGEWRIGHT_PLUGINS: settings.plugins.length > 0,
  };
  return Object.entries(SETTINGS_WITHOUT_EFFECT)
    .filter(([name]) => given[name as keyof typeof given])
    .map(([name, instead]) => `${name} is set and has no effect in this release: ${instead}.`);
}
