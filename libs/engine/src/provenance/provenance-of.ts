import { digestOf } from '../template/canonical.ts';
import { BUILD_TYPE, PREDICATE_TYPE, STATEMENT_TYPE } from './statement.ts';
import { decisionsOf } from './decisions.ts';
import { stepsOf } from './steps.ts';
import type { Origin, ProvenanceStatement, ResourceDescriptor } from './statement.ts';
import type { JournalEntry, RunFact } from '../run/fact.ts';
import type { ArtifactRef, Instant, JsonObject, RunId, RunLock, StageId, TaskId } from '../vocabulary.ts';

export interface ProvenanceQuestion {
  artifact: Pick<ArtifactRef, 'name' | 'digest'>;
  /** The try that wrote the file. */
  origin: { stage: StageId; task: TaskId; attempt: number };
  run: RunId;
  /** The whole journal of the run. */
  entries: JournalEntry[];
  /** Which service and model answered a try; undefined when none did. */
  answeredBy(task: TaskId, attempt: number): { provider: string; model: string } | undefined;
  /** Version of the product. */
  version: string;
}

/** How a file came to be, as its run's journal tells it. */
export function provenanceOf(question: ProvenanceQuestion): ProvenanceStatement {
  const told = upToEnd(question);
  const made = told.slice(0, positionOf(told, question) + 1);
  const { inputs, lock } = askedFor(made);
  return {
    _type: STATEMENT_TYPE,
    subject: [{ name: question.artifact.name, digest: { sha256: question.artifact.digest } }],
    predicateType: PREDICATE_TYPE,
    predicate: {
      buildDefinition: {
        buildType: BUILD_TYPE,
        externalParameters: {
          template: lock.revision.template,
          version: lock.revision.version,
          inputs: { sha256: digestOf(inputs) },
        },
        internalParameters: { models: lock.models, placeholder: lock.placeholder },
        resolvedDependencies: dependenciesOf(lock),
      },
      runDetails: {
        builder: { id: 'urn:stagewright:engine', version: { stagewright: question.version } },
        metadata: {
          invocationId: question.run,
          startedOn: instantOf(told, 'run.started'),
          finishedOn: instantOf(told, 'run.completed'),
        },
      },
      origin: originOf(made, question),
      steps: stepsOf(made, question),
      decisions: decisionsOf(told),
    },
  };
}

/** A fact with its instant. */
export interface Told {
  at: Instant;
  fact: RunFact;
}

/** The facts up to the end that the file led to: what a run does after that, in another round, is about other files. */
function upToEnd({ entries, origin }: ProvenanceQuestion): Told[] {
  const told = entries.flatMap(({ at, facts }) => facts.map((fact) => ({ at, fact })));
  const end = told.findIndex(
    ({ fact }, index) => fact.type === 'run.completed' && index > firstOf(told, origin),
  );
  return end === -1 ? told : told.slice(0, end + 1);
}

function firstOf(told: Told[], { task, attempt }: ProvenanceQuestion['origin']): number {
  return told.findIndex(
    ({ fact }) => 'attempt' in fact && 'task' in fact && fact.task === task && fact.attempt === attempt,
  );
}

/** Where the try that wrote the file ended; the last fact while it goes on. */
function positionOf(told: Told[], { origin }: ProvenanceQuestion): number {
  const position = told.findIndex(({ fact }) => isEndOf(fact, origin));
  return position === -1 ? told.length - 1 : position;
}

function isEndOf(fact: RunFact, { task, attempt }: ProvenanceQuestion['origin']): boolean {
  if (fact.type !== 'task.completed' && fact.type !== 'task.failed' && fact.type !== 'task.cancelled')
    return false;
  return fact.task === task && fact.attempt === attempt;
}

function askedFor(told: Told[]): { inputs: JsonObject; lock: RunLock } {
  const [first] = told;
  if (first?.fact.type !== 'run.created') throw new Error('A journal begins with the creation of its run.');
  const locks = told.flatMap(({ fact }) =>
    fact.type === 'run.created' || fact.type === 'run.upgraded' ? [fact.lock] : [],
  );
  return { inputs: first.fact.inputs, lock: locks.at(-1) ?? first.fact.lock };
}

function originOf(made: Told[], { origin }: ProvenanceQuestion): Origin {
  const own = made.flatMap(({ fact }) =>
    'task' in fact && 'attempt' in fact && fact.task === origin.task && fact.attempt === origin.attempt
      ? [fact]
      : [],
  );
  const completed = own.find((fact) => fact.type === 'task.completed');
  const { stage, task, attempt } = origin;
  return { stage, task, attempt, round: own[0]?.round ?? 1, inputDigest: completed?.inputDigest ?? null };
}

function dependenciesOf({ revision, files, plugins }: RunLock): ResourceDescriptor[] {
  const commit = /^[0-9a-f]{40}$/.test(revision.commit) ? { gitCommit: revision.commit } : {};
  return [
    { name: `template:${revision.template}`, digest: { sha256: revision.digest, ...commit } },
    ...sorted(files).map(([path, sha256]) => ({ name: path, digest: { sha256 } })),
    ...sorted(plugins).map(([name, version]) => ({ name: `plugin:${name}`, annotations: { version } })),
  ];
}

function sorted<T>(record: Record<string, T>): Array<[string, T]> {
  return Object.entries(record).sort(([a], [b]) => (a < b ? -1 : 1));
}

function instantOf(told: Told[], type: RunFact['type']): Instant | null {
  return told.find(({ fact }) => fact.type === type)?.at ?? null;
}
