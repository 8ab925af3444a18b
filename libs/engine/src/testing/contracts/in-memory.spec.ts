import { describe, expect, it } from '@jest/globals';
import { aiProviderContract } from './ai-provider.contract.ts';
import { artifactStoreContract } from './artifact-store.contract.ts';
import { clockContract } from './clock.contract.ts';
import { runStoreContract } from './run-store.contract.ts';
import { stageQueueContract } from './stage-queue.contract.ts';
import { InProcessStageQueue } from '../../execution/in-process-stage-queue.ts';
import { ProviderError } from '../../ports/provider-error.ts';
import { ManualClock } from '../manual-clock.ts';
import { MemoryArtifactStore } from '../memory-artifact-store.ts';
import { MemoryRunStore } from '../memory-run-store.ts';
import { ScriptedAiProvider } from '../scripted-ai-provider.ts';
import type { ServiceFault } from './ai-provider.contract.ts';
import type { TestRunner } from './test-runner.ts';
import type { ScriptedAnswer } from '../scripted-ai-provider.ts';

const runner: TestRunner = { describe, it, expect };

runStoreContract(runner, 'MemoryRunStore', () => {
  const living = new Set<string>();
  const lease = (worker: string, lives: boolean) => void (lives ? living.add(worker) : living.delete(worker));
  return { store: new MemoryRunStore((holder) => !living.has(holder)), lease };
});
stageQueueContract(runner, 'InProcessStageQueue', () => ({ queue: new InProcessStageQueue() }));
artifactStoreContract(runner, 'MemoryArtifactStore', () => ({ store: new MemoryArtifactStore() }));
clockContract(runner, 'ManualClock', () => {
  const clock = new ManualClock();
  return { clock, pass: (ms) => Promise.resolve(clock.advance(ms)) };
});
aiProviderContract(runner, 'ScriptedAiProvider', () => {
  const script: ScriptedAnswer[] = [];
  return {
    provider: new ScriptedAiProvider(script),
    model: 'scripted',
    willAnswer: (text) => void script.push(text),
    willCall: (call) => void script.push({ toolCalls: [call] }),
    willFail: (fault) => void script.push({ error: errorFor(fault) }),
  };
});

/** The script says errors in the words of the port: it has no wire between. */
function errorFor(fault: ServiceFault): ProviderError {
  if (fault.kind === 'garbage')
    return new ProviderError('PROVIDER_PROTOCOL', 'No JSON.', { retryable: true });
  if (fault.kind !== 'status') return new ProviderError('STREAM_TRUNCATED', 'Cut.', { retryable: true });
  if (fault.status === 401) return new ProviderError('PROVIDER_AUTH', 'Wrong key.');
  if (fault.status === 500) return new ProviderError('PROVIDER_UNAVAILABLE', 'Down.', { retryable: true });
  const retryAfterMs = (fault.retryAfterSeconds ?? 0) * 1_000;
  return new ProviderError('PROVIDER_RATE_LIMITED', 'Slow down.', { retryable: true, retryAfterMs });
}
