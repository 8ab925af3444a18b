import { afterAll, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { createIsolation } from '../isolation/index.ts';
import { StagewrightError } from '../errors/stagewright-error.ts';
import { approve, beginLetter, decide, form, goOn, replayOf, sendBack } from './letter-run.ts';
import type { Step } from './letter-run.ts';
import type { AiScript, ScriptedAnswer } from '../testing/scripted-ai-provider.ts';
import type { RunView } from '../run/view.ts';

const isolation = createIsolation();
afterAll(() => isolation.close());

/** What may be asked of the run now; `pick` chooses among several. */
function possible(run: RunView, pick: number): Step[] {
  const steps = run.waitingFor.flatMap((wait): Step[] => {
    if (wait.kind === 'approval') {
      const tasks = run.stages.find(({ id }) => id === wait.stage)?.tasks.map(({ id }) => id) ?? [];
      const some = tasks.length > 1 ? { tasks: [tasks[pick % tasks.length]] } : {};
      return [
        approve(wait.stage, wait.round),
        sendBack(wait.stage, wait.round),
        sendBack(wait.stage, wait.round, some),
      ];
    }
    if (wait.kind === 'input') return [form];
    return wait.kind === 'advance' ? [goOn] : [];
  });
  if (run.state === 'failed') steps.push({ type: 'retry' });
  if (run.state !== 'cancelled') {
    const begun = run.stages.filter(({ state }) => state !== 'pending' && state !== 'ready');
    steps.push({ type: 'rerun', from: begun[pick % begun.length]?.id } as Step);
  }
  return steps;
}

it('whatever people decide and whatever fails, the case goes as the run went', async () => {
  const faults = fc.array(fc.constantFrom('', '', '', 'retryable', 'final'), { maxLength: 12 });
  const choices = fc.array(fc.nat({ max: 60 }), { maxLength: 9 });
  await fc.assert(
    fc.asyncProperty(faults, choices, fc.boolean(), async (fails, picks, polished) => {
      let asked = 0;
      const ai: AiScript = (request): ScriptedAnswer => {
        const fault = fails[asked++] ?? '';
        if (fault !== '')
          return { error: new StagewrightError('FAULT', 'No.', { retryable: fault === 'retryable' }) };
        return request.contract === null
          ? `Text ${asked}`
          : { json: { parts: ['Leaf', 'Cup', `${asked}`].slice(asked % 3) } };
      };
      const live = await beginLetter({ isolation, ai, inputs: { polished } });
      for (const pick of picks) {
        const steps = possible(await live.engine.get('w', live.id), pick);
        const step = steps[pick % steps.length];
        if (step === undefined) break;
        // A round too many, or a rerun of what has not begun, is refused: that changes nothing.
        await decide(live, step).catch((error: unknown) =>
          expect(error).toMatchObject({ code: expect.any(String) }),
        );
      }
      const { problems, asItWent, asRecorded } = await replayOf(live);
      expect(problems).toEqual([]);
      expect(asRecorded).toEqual(asItWent);
    }),
    { numRuns: 50 },
  );
});
