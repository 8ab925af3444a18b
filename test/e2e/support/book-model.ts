import { startModelService } from './model-service.ts';
import type { ModelService, Question } from './model-service.ts';

type Answer = Record<string, unknown>;
/** What becomes of an answer before it is given. */
export type Edit = (name: string, answer: Answer) => Answer;

/**
 * Answers the prompts of the shipped `ebook` template by their contracts: `discovery`, `outline`, `chapter 1` ... Always the same text, unless
 * it is edited.
 */
export function startBookModel(
  chapters: number,
  edit: Edit = (_name, answer) => answer,
): Promise<ModelService> {
  return startModelService((prompt) => {
    const { name, answer } = understand(prompt, chapters);
    return { name, answer: answer === null ? null : edit(name, answer) };
  });
}

interface Understood extends Question {
  answer: Answer | null;
}

function understand(prompt: string, chapters: number): Understood {
  const chapter = /^Write chapter (\d+) of the book/.exec(prompt)?.[1];
  if (chapter !== undefined) return { name: `chapter ${chapter}`, answer: chapterOf(Number(chapter)) };
  if (prompt.startsWith('Plan the chapters')) return { name: 'outline', answer: outlineOf(chapters) };
  if (prompt.includes('Write the brief for')) return { name: 'discovery', answer: BRIEF };
  return { name: `unknown: ${prompt.slice(0, 80)}`, answer: null };
}

const BRIEF = {
  title: 'Keeping Bees',
  subtitle: 'A first year beside the hive',
  promise: 'After reading, you can keep one hive through its first year and know when to ask for help.',
  tone: 'calm and practical',
  keywords: ['bees', 'garden', 'honey'],
};

function outlineOf(chapters: number): Answer {
  const plan = (number: number) => ({
    title: `Chapter number ${number}`,
    summary: `What the keeper does in month ${number}.`,
    points: ['What to look at', 'What to leave alone'],
  });
  return { chapters: Array.from({ length: chapters }, (_, index) => plan(index + 1)) };
}

function chapterOf(number: number): Answer {
  const text = `In month ${number} the keeper looks at the hive once a week and writes down what there is to see.\n\n`;
  return { title: `Chapter number ${number}`, text: `## What to look at\n\n${text.repeat(3)}` };
}
