export { ConfigModule } from './config.module.ts';
export { keptSecret } from './kept-secret.ts';
export { loadHermeticSettings, loadSettings } from './load-settings.ts';
export type { SettingsSource } from './load-settings.ts';
export { aiSecrets, basicLogin, REDACTED_PATHS, redact, secretValues } from './redaction.ts';
export { warningsOfSettings } from './settings-without-effect.ts';
export { absoluteSearchPath, searchPath } from './search-path.ts';
export { LOG_LEVELS, SETTINGS } from './settings.ts';
export type {
  CommandSetting,
  Environment,
  HttpSettings,
  LogLevel,
  RegistryAccess,
  RegistrySettings,
  Settings,
} from './settings.ts';
