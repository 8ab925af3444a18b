import type { AiRouter } from '@stagewright/engine';

import { loadHermeticSettings } from '../config/index.ts';
import type { SettingsSource } from '../config/index.ts';
import { createAiRouter } from '../providers/index.ts';

/** The AI services that the environment names, as the server would use them; the offline provider when it names none. */
export function openAiRouter(source: Pick<SettingsSource, 'cwd' | 'environment'>): AiRouter {
  return createAiRouter(loadHermeticSettings(source).ai);
}
