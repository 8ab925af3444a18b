/**
 * What the offline provider's text is made of. Every sentence is true of nearly any subject and claims no fact: no
 * names, figures, studies or addresses, so that placeholder text misleads nobody.
 */
type Bank = readonly [string, ...string[]];

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

export const OPENING: Bank = [
  'This part is about {focus}.',
  'Anyone who takes up {topic} meets {focus} sooner or later.',
  'For {audience}, {focus} is a good place to look at {topic} from close by.',
  'There is more than one way into {topic}, and {focus} is one of the plainest.',
  'Before going further into {topic}, it is worth staying with {focus} for a while.',
];

export const PROMISES: Bank = [
  'It shows {audience} what {focus} means in practice.',
  'The reader sees which decisions come first and which can wait.',
  'Each step in {topic} builds on the one before it.',
  'It names the usual difficulties and a way around each of them.',
  'Afterwards {audience} can take the next step in {topic} without a guide.',
  'The examples stay close to everyday work.',
];

export const BODY: Bank = [
  'Start with what you can see for yourself, because {focus} shows first in small decisions.',
  'Write down what you expect before you begin, and compare it with what happens.',
  'A short list on paper is often enough to keep {focus} in view.',
  'What looks like one question about {focus} is usually two, and they are easier to answer apart.',
  'The simplest arrangement that works is the right one to begin with.',
  'It helps to say aloud what {focus} is for.',
  'Nobody gets {focus} right at the first attempt, and nobody needs to.',
  'Take one step, look at the result, and only then decide on the next.',
  'When two ways seem equally good, choose the one that is easier to undo.',
  'The details differ from place to place, but the order of the steps stays much the same.',
  'If something about {focus} stays unclear, that is worth a note of its own.',
  'Good preparation for {focus} takes less time than repairing what was rushed.',
  'A second pair of eyes finds what the first has stopped seeing.',
  'Keep what worked, and write down why you think it did.',
  'Ask what would have to change before {focus} no longer mattered.',
  'People who have done this for years still check the basics.',
  'There is a difference between knowing about {focus} and having tried it.',
  'The effort goes into the beginning; after that, {focus} mostly needs attention.',
  'Leave room for surprises, since {topic} rarely follows a plan to the letter.',
  'For {audience}, the useful question is not what is possible but what is needed.',
  'A clear name for each part makes {focus} easier to talk about.',
  'Compare like with like, or the comparison says nothing about {focus}.',
  'Some of this can be learned from others, and some of it only by doing.',
  'When in doubt, return to the purpose that brought you to {topic}.',
];

export const CLOSING: Bank = [
  'With this, {focus} has its place in the larger picture of {topic}.',
  'What was said about {focus} will be needed again later.',
  'It is enough, for now, to have seen how {focus} and {topic} belong together.',
  'Whoever has come this far can try {focus} without waiting for the rest.',
];

export const REMARK = 'This version takes up the remark “{remark}”.';
