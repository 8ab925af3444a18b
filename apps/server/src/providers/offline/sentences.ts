/**
 * What the offline provider's text is made of. Every sentence is true of nearly any subject and claims no fact: no
 * names, figures, studies or addresses, so that placeholder text misleads nobody.
 */
export type Bank = readonly [string, ...string[]];

export const BOOK_TITLES: Bank = [
  '{topic}, step by step',
  'A practical introduction to {topic}',
  'Understanding {topic}',
  '{topic} in practice',
  'A plain guide to {topic}',
];

export const TITLES: Bank = [
  'What {topic} is about',
  'First steps with {topic}',
  'The parts of {topic}',
  'Choosing what matters in {topic}',
  'An ordinary day with {topic}',
  'Common mistakes with {topic}',
  '{topic} together with others',
  'When {topic} does not go to plan',
  'Keeping {topic} simple',
  'Getting better at {topic}',
  'The tools of {topic}',
  'Preparing for {topic}',
  'Questions people ask about {topic}',
  '{topic} step by step',
  'Looking closely at {topic}',
  'The language of {topic}',
  'Habits that help with {topic}',
  'Planning ahead for {topic}',
  'Explaining {topic} to somebody else',
  'Small experiments in {topic}',
  'What to leave out of {topic}',
  'Checking your work in {topic}',
  'Where {topic} leads next',
  '{topic} at a glance',
];

export const KEYWORDS: Bank = [
  '{topic}',
  '{topic} for beginners',
  'practical guide to {topic}',
  'introduction to {topic}',
  'working with {topic}',
  'understanding {topic}',
  '{topic} basics',
  '{topic} step by step',
  'learning {topic}',
  'everyday {topic}',
];

export const TONES: Bank = ['Calm, plain and practical', 'Friendly and exact', 'Clear, patient and concrete'];

export const POINTS: Bank = [
  'choosing a place to begin',
  'the words that people use for it',
  'keeping notes as you go',
  'what can wait until later',
  'telling the parts from the whole',
  'asking somebody who has done it before',
  'the first thing to try',
  'signs that something is going well',
  'noticing trouble early',
  'what to do when time is short',
  'making room for practice',
  'comparing two ways of doing it',
  'the purpose behind each step',
  'checking the result',
  'undoing a step that went wrong',
  'keeping what worked',
  'explaining it in one sentence',
  'the limits of a good plan',
  'sharing the work',
  'what experience changes',
  'preparing the next attempt',
  'small changes and their effect',
  'leaving out what is not needed',
  'looking back at the end',
];

export const OPENING: Bank = [
  'This part is about {focus}.',
  'Anyone who takes up {topic} meets {focus} sooner or later.',
  'For {audience}, {focus} is a good way to look at {topic} from close by.',
  'There is more than one way into {topic}, and {focus} is one of the plainest.',
  'Before going further into {topic}, it is worth staying with {focus} for a while.',
];

export const PROMISES: Bank = [
  'It shows {audience} what to look for in {focus}.',
  'The reader sees which decisions come first and which can wait.',
  'Each step builds on the one before it.',
  'It names the usual difficulties with {topic} and a way around each of them.',
  'Afterwards {audience} can take the next step without a guide.',
  'The examples stay close to everyday work.',
  'It begins with {focus} and goes no further than it has to.',
  'What is needed is explained where it is needed.',
  'It puts {topic} into an order that can be followed.',
  'Nothing is taken for granted but curiosity about {topic}.',
  'It closes with a few questions that {audience} can put to their own work.',
];

export const BODY: Bank = [
  'Start with what you can see for yourself, because {focus} shows first in small decisions.',
  'Write down what you expect before you begin, and compare it with what happens.',
  'A short list on paper is often enough to keep {focus} in view.',
  'What looks like one question about {topic} is usually two, and they are easier to answer apart.',
  'The simplest arrangement that works is the right one to begin with.',
  'It helps to say aloud why {focus} matters.',
  'Nobody gets everything right at the first attempt, and nobody needs to.',
  'Take one step, look at the result, and only then decide on the next.',
  'When two ways seem equally good, choose the one that is easier to undo.',
  'The details differ from place to place, but the order of the steps stays much the same.',
  'If something about {focus} stays unclear, that is worth a note of its own.',
  'Good preparation takes less time than repairing what was rushed.',
  'A second pair of eyes finds what the first has stopped seeing.',
  'Keep a record of what you did, and add why you think it worked.',
  'Ask what would have to change before {focus} no longer mattered.',
  'People who have done this for years still check the basics.',
  'There is a difference between knowing about {topic} and having tried it.',
  'The effort goes into the beginning; after that, {topic} mostly needs attention.',
  'Leave room for surprises, since {topic} rarely follows a plan to the letter.',
  'For {audience}, the useful question is not what is possible but what is needed.',
  'A clear name for each part makes {topic} easier to talk about.',
  'Compare like with like, or the comparison says nothing.',
  'Some of this can be learned from others, and some of it only by doing.',
  'When in doubt, return to the purpose that brought you to {topic}.',
  'It is tempting to skip {focus}, and the cost of that shows only later.',
  'A quiet hour is worth more here than a busy day.',
  'What is obvious to one person may be news to the next.',
  'Try it on a small scale first, where a mistake costs little.',
  'The order matters less than the habit of finishing one thing before the next.',
  'With {focus} it is the same as with the rest of {topic}: practice settles most questions.',
  'Look for the one change that makes the others easier.',
  'Stop when the result is good enough for its purpose.',
  'Much of {topic} becomes plain once its parts have been laid side by side.',
  'A question that keeps coming back deserves a proper answer.',
  'Whatever surprised you is a good place to look again.',
  'Others will do {focus} differently, and their reasons are worth hearing.',
  'It takes a little patience before the pieces fit together.',
  'Describe the result before you describe the way to it.',
  'Rest is part of the work, because tired eyes pass over the details.',
  'Once a routine is in place, {audience} can give their attention to the exceptions.',
  'The best time to ask for advice is before the decision, not after it.',
  'Keep the old version until the new one has proved itself.',
];

export const CLOSING: Bank = [
  'With this, {focus} has its place in the larger picture of {topic}.',
  'What was said here will be needed again later.',
  'It is enough, for now, to have seen how this belongs to {topic} as a whole.',
  'Whoever has come this far can try it without waiting for the rest.',
];

export const REMARK = 'This version takes up the remark “{remark}”.';
