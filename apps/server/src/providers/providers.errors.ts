import { ProviderError, StagewrightError } from '@stagewright/engine';

/** What an adapter knows about its service when it words an error. */
export interface ServiceFacts {
  /** `openai`: as in aliases. */
  provider: string;
  /** Setting that holds the key, for hints. */
  keySetting: string;
}

export const providerErrors = {
  notConfigured: (alias: string, provider: string, settings: string): ProviderError =>
    new ProviderError(
      'PROVIDER_NOT_CONFIGURED',
      `The model alias "${alias}" needs the provider ${provider}, which is not set up.`,
      {
        hint: `Set ${settings}, or use the alias "offline".`,
      },
    ),
  unknownAlias: (alias: string, known: readonly string[]): ProviderError =>
    new ProviderError('PROVIDER_NOT_CONFIGURED', `No provider serves the model alias "${alias}".`, {
      hint: `Use "default", "offline", a provider (${known.join(', ')}) or "<provider>:<model>".`,
    }),
  modelMissing: (alias: string, provider: string, setting: string): ProviderError =>
    new ProviderError(
      'PROVIDER_NOT_CONFIGURED',
      `The alias "${alias}" names no model, and ${provider} has no default one.`,
      {
        hint: `Set ${setting}, or write "${provider}:<model>".`,
      },
    ),
  auth: (service: ServiceFacts, status: number): ProviderError =>
    new ProviderError('PROVIDER_AUTH', `${service.provider} refused the key (${status}).`, {
      hint: `Check ${service.keySetting}: the key is wrong, expired, or may not use this model.`,
    }),
  rateLimited: (service: ServiceFacts, retryAfterMs: number | undefined): ProviderError =>
    new ProviderError('PROVIDER_RATE_LIMITED', `${service.provider} takes no more requests for now (429).`, {
      retryable: true,
      retryAfterMs,
    }),
  quotaUsedUp: (service: ServiceFacts): ProviderError =>
    new ProviderError(
      'PROVIDER_RATE_LIMITED',
      `The credit of the ${service.provider} account is used up (429).`,
      {
        hint: 'Add credit to the account: waiting does not help.',
      },
    ),
  rejected: (service: ServiceFacts, status: number | string, said: string): ProviderError =>
    new ProviderError(
      'PROVIDER_REJECTED',
      `${service.provider} refused the request (${status})${quote(said)}.`,
      {
        hint:
          status === 404
            ? 'Check the name of the model and the base URL.'
            : 'Change the stage or the model settings: the same request is refused again.',
      },
    ),
  redirected: (service: ServiceFacts, status: number): ProviderError =>
    new ProviderError(
      'PROVIDER_REJECTED',
      `${service.provider} answered with a redirect (${status}), which is not followed.`,
      {
        hint: 'Give the address that it points to as the base URL.',
      },
    ),
  unavailable: (service: ServiceFacts, why: string, retryAfterMs?: number): ProviderError =>
    new ProviderError('PROVIDER_UNAVAILABLE', `${service.provider} cannot be used at the moment: ${why}.`, {
      retryable: true,
      retryAfterMs,
    }),
  timeout: (service: ServiceFacts): ProviderError =>
    new ProviderError('PROVIDER_TIMEOUT', `${service.provider} did not answer in time.`, { retryable: true }),
  truncated: (service: ServiceFacts, what: string): ProviderError =>
    new ProviderError('STREAM_TRUNCATED', `The answer of ${service.provider} ended early: ${what}.`, {
      retryable: true,
    }),
  protocol: (service: ServiceFacts, what: string): ProviderError =>
    new ProviderError(
      'PROVIDER_PROTOCOL',
      `The answer of ${service.provider} cannot be understood: ${what}.`,
      { retryable: true },
    ),
  offlineContractUnsupported: (why: string): StagewrightError =>
    new StagewrightError(
      'OFFLINE_CONTRACT_UNSUPPORTED',
      `The offline provider cannot fill this contract: ${why}.`,
      {
        hint: 'Simplify the output schema of the stage, or run it with a real model.',
      },
    ),
};

function quote(said: string): string {
  return said === '' ? '' : `: ${said.replace(/[.\s]+$/u, '')}`;
}
